"""Two entries that are one client: a look at what would move, and the merge. Nothing that hangs on either is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.access import locked_client, require_decider
from bot.agenda import COLLECT_MERGED
from bot.services.audit import record
from bot.services.health.scorecards import HealthService
from bot.services.people import redraw_homes
from rules.clients.client import Client
from rules.clients.merging import check_merge, merge
from rules.clients.people import Member
from rules.clients.stages import Stage
from rules.errors import InvalidError
from rules.health.joining import words_of_both
from rules.health.signal import CORRECTED, State
from rules.partings.parting import PartingState
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence

# What was begun before a merge and stored after it still bears the old id; by then it has long been stored.
COLLECTED_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePreview:
    """What would move from one client to the other. `counts` are by table; `hides`: fewer people see the whole."""

    keeper: Client
    gone: Client
    whole: Client
    counts: Mapping[str, int]
    doubles: int


class MergeService:
    """For those who decide about both clients."""

    def __init__(self, units: Units, clock: Clock, health: HealthService) -> None:
        self._units = units
        self._clock = clock
        self._health = health

    def preview(self, workspace_id: str, actor: Member, keeper_id: str, gone_id: str) -> MergePreview:
        """Changes nothing; refuses what the merge would refuse."""
        with self._units.read(workspace_id) as unit:
            keeper, gone = unit.clients.get(keeper_id), unit.clients.get(gone_id)
            whole, _ = self._merged(unit, actor, keeper, gone)
            return MergePreview(
                keeper=keeper,
                gone=gone,
                whole=whole,
                counts=unit.clients.belongings(gone.id),
                doubles=len(unit.signals.twins(keeper.id, gone.id)),
            )

    def merge(self, workspace_id: str, actor: Member, keeper_id: str, gone_id: str) -> Client:
        """In one commit. Notes keep their ids; a second click finds one client and says so."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            # Always in one order, so that two merges at once don't wait for each other.
            for client_id in sorted({keeper_id, gone_id}):
                locked_client(unit, actor, client_id)
            keeper, gone = unit.clients.get(keeper_id), unit.clients.get(gone_id)
            whole, left = self._merged(unit, actor, keeper, gone)
            for mine, theirs in unit.signals.twins(keeper.id, gone.id):
                _join(unit, mine, theirs, now)
            unit.clients.merge(whole, left)
            self._health.touched(unit, keeper.id)
            due_at = self._clock.now() + COLLECTED_AFTER
            unit.dues.set(COLLECT_MERGED.at(due_at, workspace_id, gone.id))
            record(unit, actor, now, "clients merged", keeper.id, gone.id)
            redraw_homes(unit, now)
            return whole

    def collect(self, workspace_id: str, gone_id: str) -> int:
        """What was stored under the old id while the merge was on its way; returns how many rows."""
        with self._units.begin(workspace_id) as unit:
            keeper = unit.clients.lock(gone_id)
            moved = unit.clients.move(gone_id, keeper.id) if keeper.id != gone_id else 0
            if moved:
                self._health.touched(unit, keeper.id)
            return moved

    def _merged(self, unit: UnitOfWork, actor: Member, keeper: Client, gone: Client) -> tuple[Client, Client]:
        for client in (keeper, gone):
            require_decider(actor, client)
        gone_is_busy = is_busy(unit, gone)
        check_merge(keeper, gone, keeper_is_busy=is_busy(unit, keeper), gone_is_busy=gone_is_busy)
        return merge(keeper, gone, gone_is_busy=gone_is_busy, by_id=actor.id, now=self._clock.now())


def is_busy(unit: UnitOfWork, client: Client) -> bool:
    """Whether a plan, a decision or a parting is open."""
    if client.stage not in {Stage.ACTIVE, Stage.CLOSED}:
        return True
    if any(plan.ended_at is None for plan in unit.plans.of_client(client.id)):
        return True
    parting = unit.partings.of_client(client.id)
    return client.stage is Stage.ACTIVE and (
        unit.decisions.current(client.id) is not None or bool(parting and parting.state is not PartingState.CLOSED)
    )


def require_idle(unit: UnitOfWork, client: Client) -> None:
    if is_busy(unit, client):
        raise InvalidError(
            Sentence(
                "{name} has an open plan, decision or parting. Finish that first, then archive the client.",
                name=client.name,
            )
        )


def _join(unit: UnitOfWork, mine_id: str, theirs_id: str, now: datetime) -> None:
    """One live note per message, client and type: whoever logged the other one is a witness of this one."""
    mine, theirs = unit.signals.get(mine_id), unit.signals.get(theirs_id)
    people = dict.fromkeys((*mine.witness_ids, theirs.reporter_id, *theirs.witness_ids))
    people.pop(mine.reporter_id, None)
    unit.signals.save(replace(mine, witness_ids=tuple(people), note=words_of_both(mine, theirs)))
    unit.signals.save(
        replace(theirs, state=State.WITHDRAWN, state_reason=CORRECTED, settled_at=now, corrected_by=mine.id)
    )
