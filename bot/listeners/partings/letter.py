"""The letter that ends it: draft, edit, review, approve, hand over. Nothing is sent from here (BR10, BR11)."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import Call, ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show, View
from bot.services.partings.letter_files import LetterFileService
from bot.services.partings.notices import NoticeService, NoticeSheet
from bot.views.blocks import notice_view
from bot.views.partings import letter as views
from bot.views.partings import letter_file
from rules.clients.people import Member
from rules.notices.notice import Notice

Act = Callable[[str, Member, str], NoticeSheet]
Ask = Callable[[NoticeSheet, Notice], View]


class LetterDesk:
    """What can be done with a letter in Slack."""

    def __init__(self, notices: NoticeService, files: LetterFileService) -> None:
        self._notices = notices
        self._files = files

    def open(self, call: Call, client_id: str) -> Reply:
        return _shown(self._notices.of_client(call.workspace_id, call.member, client_id))

    def open_clicked(self, call: ClickCall) -> Reply:
        return self.open(call, call.value)

    def acting(self, act: Act) -> Callable[[ClickCall], Reply]:
        """A button that does one thing with the letter (or the parting) it carries."""
        return lambda call: _shown(act(call.workspace_id, call.member, call.value))

    def asking(self, ask: Ask) -> Callable[[ClickCall], Reply]:
        """A button that opens a form about its letter."""

        def asked(call: ClickCall) -> Reply:
            sheet = self._notices.sheet(call.workspace_id, call.member, call.value)
            return Show(ask(sheet, sheet.notice)) if sheet.notice and sheet.may_decide else _shown(sheet)

        return asked

    def take_file(self, call: ClickCall) -> Reply:
        sheet = self._files.ask(call.workspace_id, call.member, call.value)
        return Show(notice_view(letter_file.on_its_way(sheet)))

    def edit(self, call: FormCall) -> Reply:
        subject, body = views.read_letter(call.values)
        return _shown(self._notices.edit(call.workspace_id, call.member, call.memo["letter"], subject, body))

    def override(self, call: FormCall) -> Reply:
        finding, reason = str(call.values.get("finding") or ""), str(call.values.get("reason") or "")
        return _shown(self._notices.override(call.workspace_id, call.member, call.memo["letter"], finding, reason))

    def sent(self, call: FormCall) -> Reply:
        on, late = views.read_sent(call.values)
        return _shown(
            self._notices.mark_sent(call.workspace_id, call.member, call.memo["letter"], on, although_late=late)
        )

    def received(self, call: FormCall) -> Reply:
        on = views.read_day(call.values, "received_on")
        return _shown(self._notices.mark_received(call.workspace_id, call.member, call.memo["letter"], on))


def _shown(sheet: NoticeSheet) -> Reply:
    return Show(views.letter_dialog(sheet))


def register(desk: Desk, notices: NoticeService, files: LetterFileService) -> None:
    letter = LetterDesk(notices, files)
    desk.click(Action.LETTER_FILE, letter.take_file)
    desk.click(Action.LETTER, letter.open_clicked)
    desk.click(Action.DRAFT_LETTER, letter.acting(notices.draft))
    desk.click(Action.SUBMIT_LETTER, letter.acting(notices.submit))
    desk.click(Action.APPROVE_LETTER, letter.acting(notices.approve))
    desk.click(Action.EDIT_LETTER, letter.asking(views.edit_form))
    desk.form(Form.LETTER, letter.edit)
    desk.click(Action.OVERRIDE, letter.asking(views.override_form))
    desk.form(Form.OVERRIDE, letter.override)
    desk.click(Action.LETTER_SENT, letter.asking(views.sent_form))
    desk.form(Form.LETTER_SENT, letter.sent)
    desk.click(Action.LETTER_RECEIVED, letter.asking(views.received_form))
    desk.form(Form.LETTER_RECEIVED, letter.received)


def opens(notices: NoticeService, files: LetterFileService) -> dict[str, Callable[[Call, str], Reply]]:
    """The verb of `/client NAME letter`."""
    return {"letter": LetterDesk(notices, files).open}
