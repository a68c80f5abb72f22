"""How right the score was, by the clients whose story has an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.access import require_admin
from rules.clients.client import Client
from rules.clients.people import Member
from rules.health.catalogue import Catalogue
from rules.health.days.standing import first_standing
from rules.health.formula import v1, v2
from rules.health.why.track_record import BEFORE, LEAST, Fated, Foresight, verdicts
from rules.partings.closing import fates
from rules.ports import Clock, UnitOfWork, Units


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """`foresights` are empty where there are fewer outcomes than a number needs; `versions` are the newest first."""

    outcomes: int
    foresights: Sequence[Foresight]
    versions: tuple[str, ...]

    @property
    def is_enough(self) -> bool:
        return self.outcomes >= LEAST


class TrackRecordService:
    """For admins: it speaks of every client."""

    def __init__(self, units: Units, clock: Clock, catalogue: Catalogue) -> None:
        self._units = units
        self._clock = clock
        self._catalogue = catalogue
        self._horizon = max(v2.horizon(catalogue), v1.horizon(catalogue))

    def record(self, workspace_id: str, reader: Member) -> TrackRecord:
        """Archived and closed clients are in it; those that were erased are not."""
        require_admin(reader)
        versions = (v2.version(self._catalogue), v1.VERSION)
        with self._units.read(workspace_id) as unit:
            timezone = unit.workspace().timezone
            partings = unit.partings.all()
            ended = [
                (client, each)
                for client in unit.clients.all(archived=True)
                for each in fates(
                    unit.plans.of_client(client.id),
                    [parting for parting in partings if parting.client_id == client.id],
                    timezone,
                )
            ]
            if len(ended) < LEAST:
                return TrackRecord(len(ended), (), versions)
            seen = [self._foresight(unit, client, each, timezone) for client, each in ended]
        return TrackRecord(len(ended), sorted(seen, key=lambda each: each.ended.on, reverse=True), versions)

    def _foresight(self, unit: UnitOfWork, client: Client, ended: Fated, timezone: str) -> Foresight:
        on = ended.on - BEFORE
        standing = unit.standings.find(client.id) or first_standing(client.id, unit.workspace_id, self._clock.now())
        since = self._clock.now() - self._horizon - (self._clock.now().date() - on)
        signals = unit.signals.scoring(client.id, since, self._catalogue.lasting_types())
        return Foresight(
            client_id=client.id,
            client_name=client.name,
            ended=ended,
            on=on,
            verdicts=verdicts(
                signals,
                standing.good_news,
                on,
                timezone=timezone,
                catalogue=self._catalogue,
                team=standing.team_on(on),
            ),
        )
