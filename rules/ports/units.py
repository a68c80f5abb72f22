"""Units of work: one transaction each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from rules.clients.client import Client
from rules.clients.people import Member
from rules.health.days.standing import Standing
from rules.ports.archive import Archive, Tombstones
from rules.ports.records import Due, Listed, Workspace
from rules.ports.repositories import (
    Accords,
    Agreements,
    Audit,
    Clients,
    Decisions,
    Digests,
    Dues,
    Inbox,
    Jobs,
    Notices,
    Nudges,
    Partings,
    People,
    Perspectives,
    Plans,
    Posts,
    Pulses,
    Receipts,
    Signals,
    Standings,
    Watches,
)


class UnitOfWork(Protocol):
    """One transaction of one workspace: committed when the block ends, rolled back when it raises."""

    workspace_id: str
    clients: Clients
    signals: Signals
    agreements: Agreements
    standings: Standings
    people: People
    watches: Watches
    plans: Plans
    perspectives: Perspectives
    accords: Accords
    pulses: Pulses
    decisions: Decisions
    partings: Partings
    notices: Notices
    nudges: Nudges
    posts: Posts
    receipts: Receipts
    digests: Digests
    dues: Dues
    inbox: Inbox
    jobs: Jobs
    audit: Audit
    archive: Archive
    tombstones: Tombstones

    def workspace(self) -> Workspace: ...
    def lock_client(self, client_id: str) -> tuple[Client, Standing | None]:
        """As `clients.lock`, with the client's standing, and with the workspace: one statement for all three."""

    def list_clients(self, since: datetime) -> Iterator[list[Listed]]:
        """Every client in use and the demo, by id and some hundreds at a time, with what was noted since.

        One statement for each of these pages, which has the workspace with it.
        """

    def look_at_reader(self, member_id: str) -> tuple[Member | None, list[Client]]:
        """Somebody and the clients in use: what they may see, as it is at this moment; one statement."""

    def lock_workspace(self) -> Workspace:
        """The workspace, locked against other writers until the unit ends: its settings change under it."""

    def save_workspace(self, workspace: Workspace) -> None: ...


class HouseKeeping(Protocol):
    """One transaction over all workspaces, for the sweep and retention."""

    jobs: Jobs

    def workspaces(self) -> list[Workspace]: ...
    def find_workspace(self, workspace_id: str) -> Workspace | None: ...
    def add_workspace(self, workspace: Workspace) -> bool:
        """False where it is there already, and stays as it is."""

    def due(self, now: datetime, limit: int) -> list[Due]:
        """What is due, earliest first."""

    def move(self, due: Due, due_at: datetime | None) -> None:
        """Moves a due time, or drops it when there is no next one."""

    def concerned(self, ref: str, *, is_new: bool) -> list[str]:
        """Workspaces that hold the ticket with this ref or, when it is a new one, wait for a ticket."""

    def erase_payloads(self, before: datetime) -> int: ...
    def drop_events(self, before: datetime) -> int:
        """Forgets handled events received before this time, when nobody repeats them any more; how many."""

    def unhandled_events(self, before: datetime, limit: int) -> list[tuple[str, str]]:
        """(workspace id, event id) of events received before this time and not handled yet, oldest first."""


class Units(Protocol):
    """Opens units of work. A database that can't be reached raises `UnavailableError`."""

    def begin(self, workspace_id: str) -> AbstractContextManager[UnitOfWork]:
        """A unit that may write."""

    def read(self, workspace_id: str) -> AbstractContextManager[UnitOfWork]:
        """A unit that only reads: it never waits for a writer."""

    def scrub(self) -> None:
        """After words were erased: makes the database's files let go of what they still hold of them."""

    def house(self) -> AbstractContextManager[HouseKeeping]: ...
