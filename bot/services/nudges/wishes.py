"""What a person wishes of messages that nobody asked for: quiet hours, kinds, clients, receipts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.access import may_see
from bot.agenda import SEND_NUDGES
from bot.services.audit import record
from rules.clients.client import Client
from rules.clients.people import Member
from rules.errors import NotFoundError
from rules.nudges.nudge import Wishes
from rules.ports import Clock, UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class WishSheet:
    """One person's wishes; `muted` are the muted clients that this person may see."""

    wishes: Wishes
    muted: tuple[Client, ...]
    timezone: str


class WishService:
    """Everybody sets their own."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def sheet(self, workspace_id: str, person: Member) -> WishSheet:
        with self._units.read(workspace_id) as unit:
            wishes = unit.nudges.recipient(person.id).wishes
            known = (_find(unit, client_id) for client_id in wishes.muted_clients)
            muted = tuple(client for client in known if client and may_see(person, client))
        return WishSheet(wishes=wishes, muted=muted, timezone=person.timezone)

    def save(self, workspace_id: str, actor: Member, wishes: Wishes) -> None:
        """What waits is looked at again at once: perhaps it may go out now."""
        with self._units.begin(workspace_id) as unit:
            unit.nudges.lock_recipient(actor.id)
            self._keep(unit, actor, wishes)

    def mute_client(self, workspace_id: str, actor: Member, client_id: str) -> None:
        """Nothing unasked about this client any more; on Home it stands all the same."""
        with self._units.begin(workspace_id) as unit:
            wishes = unit.nudges.lock_recipient(actor.id).wishes
            if client_id not in wishes.muted_clients:
                self._keep(unit, actor, replace(wishes, muted_clients=(*wishes.muted_clients, client_id)))

    def _keep(self, unit: UnitOfWork, actor: Member, wishes: Wishes) -> None:
        now = self._clock.now()
        unit.nudges.save_recipient(replace(unit.nudges.recipient(actor.id), wishes=wishes))
        record(unit, actor, now, "messages to me set", actor.id)
        if unit.nudges.unsettled(actor.id):
            unit.dues.set(SEND_NUDGES.at(now, unit.workspace_id, actor.id))


def _find(unit: UnitOfWork, client_id: str) -> Client | None:
    try:
        return unit.clients.get(client_id)
    except NotFoundError:
        return None
