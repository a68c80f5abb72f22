"""How a process begins: on a database that is fit for it."""

from __future__ import annotations

import sys

from bot.bootstrap.house import House
from bot.settings import Settings
from integrations.engine.migrate import migrate
from integrations.engine.readiness import AWAY
from rules.errors import RefusedError


def prepare_database(settings: Settings) -> None:
    """Brings a database that can be reached up to date; one that can't be is for the doctor to tell."""
    house = House(settings, serves_web=True)  # which does not wait for it
    away = house.storage_problem() == AWAY
    house.close()
    if not away:
        migrate(settings.database_url)


def lead(settings: Settings, person_id: str) -> None:
    """Whoever installed Amicable hears of its first steps, as soon as it runs; not where the database is away."""
    house = House(settings, serves_web=True)
    if not house.storage_problem():
        house.lead(person_id)
    house.close()


def checked(house: House) -> House:
    """A process does not start on a database that it could harm."""
    found = house.fault()
    if found:
        house.close()
        sys.stderr.write(f"{found}\n")
        raise SystemExit(1)
    return house


def bring_up_to_date(settings: Settings) -> None:
    """A database of a later version is left alone, and the process ends with a sentence."""
    try:
        migrate(settings.database_url)
    except RefusedError as refusal:
        sys.stderr.write(f"{refusal}\n")
        raise SystemExit(1) from None
