"""Events from the inbox, what becomes due for a whole workspace, and the sweep."""

from __future__ import annotations

from collections.abc import Callable

from bot.agenda import (
    COLLECT_MERGED,
    ERASE_PAYLOADS,
    GIVE_UP_EVENT,
    HANDLE_EVENT,
    LOOK_FOR_RETURN,
    SWEEP,
)
from bot.jobs.sweep import Sweep
from bot.services.clients.merging import MergeService
from bot.services.partings.tickets.tickets import TicketService
from bot.services.workspaces import WorkspaceService
from rules.ports import Runner, Workflow


def workflows(
    handle_event: Callable[[str, str], None],
    workspaces: WorkspaceService,
    merges: MergeService,
    sweep: Sweep,
    tickets: TicketService,
) -> list[Workflow]:
    """`handle_event(workspace_id, event_id)` runs the listener of an event."""

    def erase_payloads(run: Runner, _workspace_id: str, _subject: str, _due_at: str) -> None:
        run.step(workspaces.erase_payloads)

    def look_for_return(run: Runner, workspace_id: str, _subject: str, _due_at: str) -> None:
        run.step(workspaces.look_for_return, workspace_id)

    def every_minute(run: Runner, _scheduled_at: str) -> None:
        run.step(sweep.run)
        run.step(tickets.resume_all)

    return [
        HANDLE_EVENT.does(handle_event, workspaces.handled),
        GIVE_UP_EVENT.does(workspaces.give_up),
        ERASE_PAYLOADS.runs(erase_payloads),
        LOOK_FOR_RETURN.runs(look_for_return),
        COLLECT_MERGED.does(merges.collect),
        SWEEP.runs(every_minute),
    ]
