"""Parting: the talk, the tasks, their tickets, the end (WU01-WU11, HO01-HO11)."""

from __future__ import annotations

from collections.abc import Callable

from bot.calls import Call, ClickCall, Desk, FormCall, clicking, read_memo
from bot.ids import Action, Form
from bot.replies import Private, Reply, Show, View
from bot.services.partings.partings import PartingService
from bot.services.partings.sheets import PartingSheet
from bot.services.partings.tasks.previews import PreviewService
from bot.views.blocks import notice_view
from bot.views.partings import choices, last_day, parting, preview
from rules.partings.ticket_progress import FINISHED
from rules.words import Words


class PartingDesk:
    """What can be done with a parting in Slack."""

    def __init__(self, partings: PartingService, previews: PreviewService, words: Words) -> None:
        self._partings = partings
        self._previews = previews
        self._words = words

    def open(self, call: Call, client_id: str) -> Reply:
        return self._shown(self._partings.of_client(call.workspace_id, call.member, client_id))

    def open_clicked(self, call: ClickCall) -> Reply:
        return self.open(call, call.value)

    def unfold(self, call: ClickCall) -> Reply:
        return Show(last_day.steps_dialog(self._partings.sheet(call.workspace_id, call.member, call.value)))

    def asking(self, ask: Callable[[PartingSheet], View]) -> Callable[[ClickCall], Reply]:
        """A button that opens a form about its parting, for those who decide."""

        def asked(call: ClickCall) -> Reply:
            sheet = self._partings.sheet(call.workspace_id, call.member, call.value)
            return Show(ask(sheet)) if sheet.may_decide else self._shown(sheet)

        return asked

    def ask_told(self, call: ClickCall) -> Reply:
        return self.asking(lambda sheet: choices.told_form(sheet, call.member.id))(call)

    def tell(self, call: FormCall) -> Reply:
        talk = choices.read_talk(call.values)
        return self._shown(self._partings.told(call.workspace_id, call.member, call.memo["parting"], talk))

    def set_terms(self, call: FormCall) -> Reply:
        terms = choices.read_terms(call.values, call.memo.get("seen", ""))
        return self._shown(self._partings.set_terms(call.workspace_id, call.member, call.memo["parting"], terms))

    # --- the preview -----------------------------------------------------------------------------------------------

    def revise(self, call: FormCall) -> Reply:
        choice, revision = preview.read_choice(call.values), int(call.memo["revision"])
        sheet = self._previews.revise(call.workspace_id, call.member, call.memo["parting"], revision, choice)
        return self._shown(sheet)

    def ask_page(self, call: ClickCall) -> Reply:
        asked = read_memo(call.value)
        sheet = self._partings.sheet(call.workspace_id, call.member, asked["parting"])
        return (
            Show(preview.page_form(sheet, asked["page"], int(asked.get("start", "0"))))
            if sheet.may_decide
            else self._shown(sheet)
        )

    def revise_page(self, call: FormCall) -> Reply:
        page, revision = preview.read_page(call.values), int(call.memo["revision"])
        return self._shown(
            self._previews.revise_page(call.workspace_id, call.member, call.memo["parting"], revision, page)
        )

    # --- the tasks -------------------------------------------------------------------------------------------------

    def tick(self, call: ClickCall) -> Reply:
        return self._shown(self._partings.task_done(call.workspace_id, call.member, call.value))

    def try_again(self, call: ClickCall) -> Reply:
        sheet = self._partings.try_again(call.workspace_id, call.member, call.value)
        return self._shown(sheet) if call.view_id else Private(parting.opened_again(sheet))

    def deleted_there(self, call: ClickCall) -> Reply:
        return self._shown(self._partings.deleted_there(call.workspace_id, call.member, call.value))

    def close_stopped(self, call: ClickCall) -> Reply:
        client, count = self._partings.close_stopped(call.workspace_id, call.member, call.value)
        told = parting.closed_there(client, count)
        return Show(notice_view(told)) if call.view_id else Private(told)

    def ask_not_needed(self, call: ClickCall) -> Reply:
        asked = read_memo(call.value)
        sheet = self._partings.sheet(call.workspace_id, call.member, asked["parting"])
        return Show(choices.waive_form(sheet, asked["task"])) if sheet.may_decide else self._shown(sheet)

    def ask_waive(self, call: ClickCall) -> Reply:
        """Of whichever task is left; nothing is asked where none is."""
        sheet = self._partings.sheet(call.workspace_id, call.member, call.value)
        left = any(task.task_state not in FINISHED for task in sheet.tasks)
        return Show(choices.waive_form(sheet)) if sheet.may_decide and left else self._shown(sheet)

    def waive(self, call: FormCall) -> Reply:
        task, reason = str(call.values.get("task") or ""), str(call.values.get("reason") or "")
        return self._shown(self._partings.waive(call.workspace_id, call.member, task, reason))

    def _shown(self, sheet: PartingSheet) -> Reply:
        return Show(parting.parting_dialog(sheet, self._words))


def register(desk: Desk, partings: PartingService, previews: PreviewService, words: Words) -> None:
    parts = PartingDesk(partings, previews, words)
    desk.click(Action.PARTING, parts.open_clicked)
    desk.click(Action.STEPS, parts.unfold)
    desk.click(Action.TOLD, parts.ask_told)
    desk.form(Form.TOLD, parts.tell)
    desk.click(Action.TERMS, parts.asking(choices.terms_form))
    desk.form(Form.TERMS, parts.set_terms)
    desk.click(Action.PREVIEW, parts.asking(preview.preview_form))
    desk.click(Action.PREVIEW_PAGE, parts.ask_page)
    desk.form(Form.PREVIEW_PAGE, parts.revise_page)
    desk.form(Form.PREVIEW, parts.revise)
    desk.click(Action.TASK_DONE, parts.tick)
    desk.click(Action.TRY_AGAIN, parts.try_again)
    desk.click(Action.WAIVE, parts.ask_waive)
    desk.click(Action.NOT_NEEDED, parts.ask_not_needed)
    desk.click(Action.DELETED_THERE, parts.deleted_there)
    desk.click(Action.CLOSE_STOPPED, parts.close_stopped)
    desk.form(Form.WAIVE, parts.waive)


def of_parting(partings: PartingService, listener: Callable[[ClickCall], Reply]) -> Callable[[Call, str], Reply]:
    """A button of the parting as what a word of `/client NAME …` opens."""

    def open_of_client(call: Call, client_id: str) -> Reply:
        sheet = partings.of_client(call.workspace_id, call.member, client_id)
        return clicking(listener)(call, sheet.parting.id)

    return open_of_client


def opens(partings: PartingService, previews: PreviewService, words: Words) -> dict[str, Callable[[Call, str], Reply]]:
    """The verb of `/client NAME parting`."""
    return {"parting": PartingDesk(partings, previews, words).open}
