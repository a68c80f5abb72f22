"""The letter that ends it: draft, edit, review, approve, hand over. Nothing is sent from here (BR10, BR11)."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import Call, ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Reply, Show, View, Wrong
from bot.services.partings.letter_files import LetterFileService
from bot.services.partings.notices import NoticeService, NoticeSheet
from bot.views.blocks import notice_view
from bot.views.partings import letter as views
from bot.views.partings import letter_file
from bot.views.partings import second_reading as reading
from rules.clients.people import Member
from rules.notices.notice import Notice, NoticeStatus

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
        """Saved, or the form once more with both texts where somebody else was quicker."""
        words = views.read_letter(call.values, call.memo["seen"])
        sheet = self._notices.edit(call.workspace_id, call.member, call.memo["letter"], words)
        return Show(views.edit_form(sheet, sheet.notice)) if sheet.notice and sheet.unsaved else _shown(sheet)

    def read_clicked(self, call: ClickCall) -> Reply:
        sheet = self._notices.sheet(call.workspace_id, call.member, call.value)
        is_ready = not (sheet.why_not_approve or sheet.why_days_fail)
        return Show(reading.read_form(sheet, sheet.notice)) if sheet.notice and is_ready else _shown(sheet)

    def read(self, call: FormCall) -> Reply:
        """Approved, back with its drafter, or the answers that the facts do not give."""
        letter, seen = call.memo["letter"], call.memo["seen"]
        sheet = self._notices.sheet(call.workspace_id, call.member, letter)
        answers = reading.read_answers(call.values, sheet.facts, sheet.added, seen)
        read = self._notices.read(call.workspace_id, call.member, letter, answers)
        stays = read.notice is not None and read.notice.status is NoticeStatus.IN_REVIEW
        return Wrong(reading.what_misled(read)) if stays else _shown(read)

    def override(self, call: FormCall) -> Reply:
        finding, reason = str(call.values.get("finding") or ""), str(call.values.get("reason") or "")
        return _shown(self._notices.override(call.workspace_id, call.member, call.memo["letter"], finding, reason))

    def choose(self, call: FormCall) -> Reply:
        reviewer_id = views.read_reviewer(call.values)
        return _shown(self._notices.ask(call.workspace_id, call.member, call.memo["letter"], reviewer_id))

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
    desk.click(Action.CHOOSE_REVIEWER, letter.asking(views.reviewer_form))
    desk.form(Form.CHOOSE_REVIEWER, letter.choose)
    desk.click(Action.APPROVE_LETTER, letter.read_clicked)
    desk.form(Form.READ_LETTER, letter.read)
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
