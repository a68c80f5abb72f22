"""What people say about a client beside the notes: what the client is worth, and a band against the computed one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.access import require_decider
from bot.services.audit import record
from rules.clients.client import BandOverride, Client
from rules.clients.people import Member
from rules.errors import ConflictError
from rules.health.days.standing import Objection, require_good_objection
from rules.local_days import at_local_time, local_day
from rules.ports import Clock, Units
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Typed numbers; None where nobody knows."""

    revenue_share_percent: int | None
    margin_percent: int | None
    hours_a_week: int | None


class AppraisalService:
    """For those who decide about the client."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def client(self, workspace_id: str, actor: Member, client_id: str) -> tuple[Client, date]:
        """The client and today's date, for the forms; refused to whoever may not use them."""
        with self._units.read(workspace_id) as unit:
            client = unit.clients.get(client_id)
            require_decider(actor, client)
            return client, local_day(self._clock.now(), unit.workspace().timezone)

    def set_value(self, workspace_id: str, actor: Member, client_id: str, value: Value) -> Client:
        """HS03: two numbers are enough."""
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(client_id)
            require_decider(actor, client)
            valued = replace(
                client,
                revenue_share_percent=value.revenue_share_percent,
                margin_percent=value.margin_percent,
                hours_a_week=value.hours_a_week,
            )
            unit.clients.save(valued)
            record(unit, actor, self._clock.now(), "value set", client.id)
            return valued

    def override(self, workspace_id: str, actor: Member, client_id: str, objection: Objection) -> Client:
        """Stands beside the computed band until the end of its last day, whatever is computed meanwhile."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(client_id)
            require_decider(actor, client)
            zone = unit.workspace().timezone
            require_good_objection(objection, local_day(now, zone))
            override = BandOverride(
                band=objection.band.value,
                reason=objection.reason,
                by_id=actor.id,
                made_at=now,
                last_day=objection.last_day,
                until=at_local_time(objection.last_day + timedelta(days=1), zone, time()),
            )
            overridden = replace(client, override=override)
            unit.clients.save(overridden)
            details = Sentence(
                "{value} until {last_day}", value=objection.band.value, last_day=objection.last_day.isoformat()
            )
            record(unit, actor, now, "band overridden", client.id, details)
            return overridden

    def end_override(self, workspace_id: str, actor: Member, client_id: str) -> Client:
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(client_id)
            require_decider(actor, client)
            if client.override_at(now) is None:
                raise ConflictError("There is no override any more: the computed band counts. Nothing is left to do.")
            computed = replace(client, override=None)
            unit.clients.save(computed)
            record(unit, actor, now, "band override ended", client.id)
            return computed
