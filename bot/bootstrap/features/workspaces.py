"""The workspace itself: installation, events from the inbox, the sweep."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bot.bootstrap.features.feature import Feature, Kit
from bot.jobs import events
from bot.jobs.sweep import Sweep, Waiting
from bot.listeners import installation
from bot.services.clients.merging import MergeService
from bot.services.partings.tickets.tickets import TicketService
from bot.services.workspaces import WorkspaceService


def build(
    kit: Kit,
    workspaces: WorkspaceService,
    merges: MergeService,
    tickets: TicketService,
    handle_event: Callable[[str, str], None],
    waiting: Waiting,
) -> Feature:
    return Feature(
        register=partial(installation.register, here=installation.InstallationDesk(workspaces)),
        workflows=events.workflows(handle_event, workspaces, merges, Sweep(kit.units, kit.clock, waiting), tickets),
    )
