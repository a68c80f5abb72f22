"""What every list of one import is taken with."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from bot.services.imports.register import Register
from rules.clients.people import Member
from rules.local_days import local_day
from rules.ports import Clock, UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportDesk:
    """In whose name, whom the names mean, and in which time zone days are counted."""

    units: Units
    clock: Clock
    actor: Member
    register: Register
    timezone: str

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        return self.units.begin(self.actor.workspace_id)

    def read(self) -> AbstractContextManager[UnitOfWork]:
        return self.units.read(self.actor.workspace_id)

    def now(self) -> datetime:
        return self.clock.now()

    def today(self) -> date:
        return local_day(self.now(), self.timezone)
