"""`amicable metrics`: what `GET /metrics` says of the database, where no door is open."""

from __future__ import annotations

import sys

from bot.bootstrap.house import House
from bot.bootstrap.opening import checked
from bot.bootstrap.reading import read_settings
from rules.errors import AmicableError


def metrics() -> None:
    """Prints what waits (events, jobs, tickets, digests) and how large the database is, in Prometheus' format."""
    house = checked(House(read_settings(without_slack=True), serves_web=True))
    try:
        sys.stdout.write(house.figures())
    except AmicableError as error:
        sys.stderr.write(f"{error.sentence}\n")
        raise SystemExit(1) from None
    finally:
        house.close()
