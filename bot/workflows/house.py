"""Events from the inbox, and what the sweep makes due for a whole workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from bot.services.capture.reactions import ReactionService
from bot.services.clients.merging import MergeService
from bot.services.health.scorecards import HealthService
from bot.services.workspaces import WorkspaceService
from rules.errors import NotFoundError
from rules.ports import Directory, Runner, Workflow


def workflows(  # noqa: PLR0913 - the services whose work is due for a whole workspace
    handle_event: Callable[[str, str], None],
    workspaces: WorkspaceService,
    health: HealthService,
    sweeps: Sequence[Callable[[], object]],
    directory: Directory,
    reactions: ReactionService,
    *,
    daily: Sequence[Callable[[str], int]],
    merges: MergeService,
) -> list[Workflow]:
    """`handle_event(workspace_id, event_id)` runs the listener of an event.

    `sweeps` are done every minute, `daily` at six, both in this order.
    """

    def handle(run: Runner, workspace_id: str, event_id: str) -> None:
        run.step(handle_event, workspace_id, event_id)
        run.step(workspaces.handled, workspace_id, event_id)

    def give_up_event(run: Runner, workspace_id: str, event_id: str) -> None:
        run.step(workspaces.give_up, workspace_id, event_id)

    def log_reactions(run: Runner, workspace_id: str, channel_id: str, _due_at: str = "") -> None:
        run.step(reactions.catch_up, workspace_id, channel_id)

    def read_all(run: Runner, workspace_id: str, _subject: str, _due_at: str) -> None:
        for work in daily:
            run.step(work, workspace_id)

    def read_one(run: Runner, workspace_id: str, client_id: str, _due_at: str) -> None:
        run.step(health.read_one, workspace_id, client_id)

    def refresh_people(run: Runner, workspace_id: str, _subject: str, _due_at: str) -> None:
        run.step(directory.refresh_members, workspace_id)

    def erase_payloads(run: Runner, _workspace_id: str, _subject: str, _due_at: str) -> None:
        run.step(workspaces.erase_payloads)

    return [
        Workflow(name="handle_event", queue="events", run=handle),
        Workflow(name="give_up_event", queue="events", run=give_up_event),
        Workflow(name="log_reactions", queue="flows", run=log_reactions),
        Workflow(name="look_at_place", queue="flows", run=_looking(directory)),
        Workflow(name="read_all", queue="flows", run=read_all),
        Workflow(name="read_one", queue="flows", run=read_one),
        Workflow(name="collect_merged", queue="flows", run=_collecting(merges)),
        Workflow(name="refresh_people", queue="flows", run=refresh_people),
        Workflow(name="erase_payloads", queue="flows", run=erase_payloads),
        Workflow(name="look_for_return", queue="flows", run=_returning(workspaces)),
        Workflow(name="sweep", queue="flows", run=_sweeping(sweeps)),
    ]


def _sweeping(sweeps: Sequence[Callable[[], object]]) -> Callable[[Runner, str], None]:
    def sweep_due(run: Runner, _scheduled_at: str) -> None:
        for sweep in sweeps:
            run.step(sweep)

    return sweep_due


def _looking(directory: Directory) -> Callable[[Runner, str, str], None]:
    def look(workspace_id: str, channel_id: str) -> None:
        """What Slack does not show us stays unknown, and its notes with their authors."""
        with suppress(NotFoundError):
            directory.place(workspace_id, channel_id)

    def look_at_place(run: Runner, workspace_id: str, channel_id: str) -> None:
        run.step(look, workspace_id, channel_id)

    return look_at_place


def _returning(workspaces: WorkspaceService) -> Callable[[Runner, str, str, str], None]:
    def look_for_return(run: Runner, workspace_id: str, _subject: str, _due_at: str) -> None:
        run.step(workspaces.look_for_return, workspace_id)

    return look_for_return


def _collecting(merges: MergeService) -> Callable[[Runner, str, str, str], None]:
    def collect_merged(run: Runner, workspace_id: str, gone_id: str, _due_at: str) -> None:
        run.step(merges.collect, workspace_id, gone_id)

    return collect_merged
