"""Leads whoever installed Amicable to the first client, its channel, the first note, who decides and the digest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.access import may_see
from bot.agenda import TEND_GUIDE, begin
from bot.services.people import team
from rules.clients.client import Client
from rules.clients.people import Member
from rules.errors import NotFoundError, RefusedError
from rules.nudges.first_hour import FirstStep, Guide, concerns, left
from rules.ports import Clock, Directory, UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstHour:
    """The steps that are left, and a client that has no channel yet. `is_news`: the message shows other ones."""

    person: Member
    steps: tuple[FirstStep, ...]
    without_channel: Client | None
    is_news: bool = True


class FirstHourService:
    """Begun once; over when every step is done or skipped."""

    def __init__(self, units: Units, clock: Clock, directory: Directory) -> None:
        self._units = units
        self._clock = clock
        self._directory = directory

    def begin(self, workspace_id: str, person_id: str = "") -> None:
        """Where nothing is there yet; `person_id` installed Amicable, if that is known."""
        with self._units.begin(workspace_id) as unit:
            workspace = unit.lock_workspace()
            if workspace.guide or unit.clients.all(archived=True):
                return
            unit.save_workspace(replace(workspace, guide=Guide(person_id=person_id)))
            unit.dues.set(TEND_GUIDE.at(self._clock.now(), workspace_id, workspace_id))

    def skip(self, workspace_id: str, actor: Member, steps: Sequence[FirstStep]) -> None:
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            workspace = unit.lock_workspace()
            guide = workspace.guide
            if guide is None or guide.is_over:
                return
            if not concerns(guide, actor.id, is_admin=actor.is_admin):
                raise RefusedError("Ask whoever installed Amicable, or a workspace admin: these steps are theirs.")
            skipped = tuple(dict.fromkeys([*guide.skipped, *steps]))
            unit.save_workspace(replace(workspace, guide=replace(guide, skipped=skipped)))
            begin(unit, TEND_GUIDE, workspace_id, now, once=f"{TEND_GUIDE.kind}:{workspace_id}:{now.isoformat()}")

    def now(self, workspace_id: str) -> FirstHour | None:
        """For the message to whoever installed it; None where the first hour is over."""
        with self._units.read(workspace_id) as unit:
            guide = unit.workspace().guide
            person = _installer(unit, guide) if guide else None
        if guide is None or guide.is_over:
            return None
        if person is None:
            self._directory.refresh_members(workspace_id)
        with self._units.read(workspace_id) as unit:
            person = person or _installer(unit, guide)
            if person is None:
                raise NotFoundError(
                    "Nobody here is an admin, so nobody is shown the first steps. Make somebody an admin in Slack."
                )
            seen = [client for client in unit.clients.all() if may_see(person, client)]
            hour = first_hour(unit, person, seen)
        return replace(hour, is_news=hour.steps != guide.shown)

    def shown(self, workspace_id: str, steps: tuple[FirstStep, ...]) -> None:
        """The message shows these; with none it was the last time."""
        with self._units.begin(workspace_id) as unit:
            workspace = unit.lock_workspace()
            if workspace.guide:
                guide = replace(workspace.guide, shown=steps, is_over=not steps)
                unit.save_workspace(replace(workspace, guide=guide))
            if not steps:
                unit.dues.drop(TEND_GUIDE, workspace_id)


def first_hour(unit: UnitOfWork, reader: Member, clients: Sequence[Client]) -> FirstHour:
    """What is left for this reader, who sees these clients; for nobody but the installer and the admins is anything."""
    guide = unit.workspace().guide
    nothing = guide is None or guide.is_over or not concerns(guide, reader.id, is_admin=reader.is_admin)
    steps = () if nothing else left(guide, set(_done(unit, clients, reader)))
    bare = [client for client in clients if not client.channel_ids]
    return FirstHour(person=reader, steps=steps, without_channel=bare[0] if bare else None)


def _done(unit: UnitOfWork, clients: Sequence[Client], reader: Member) -> Iterator[FirstStep]:
    if clients:
        yield FirstStep.CLIENT
    if any(client.channel_ids for client in clients):
        yield FirstStep.CHANNEL
    if unit.signals.count_live():
        yield FirstStep.NOTE
    if not reader.is_admin or any(member.is_decider or member.is_named_admin for member in team(unit)):
        yield FirstStep.DECIDERS  # which admins alone can say
    if unit.digests.channels():
        yield FirstStep.DIGEST


def _installer(unit: UnitOfWork, guide: Guide) -> Member | None:
    """Slack does not say who installed an app with a pasted token: then it is the workspace's owner."""
    ours = sorted(team(unit), key=lambda each: (each.id != guide.person_id, not each.is_primary_owner, each.id))
    return next((each for each in ours if each.is_admin or each.id == guide.person_id), None)
