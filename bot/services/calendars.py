"""Whose holidays count: those of the client's contract or, where it names no country, those of the workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from rules.clients.client import Client
from rules.ports import UnitOfWork
from rules.workdays import is_working


def country_of(unit: UnitOfWork, client: Client) -> str:
    return client.contract.country or unit.workspace().country


def working_days(unit: UnitOfWork, client: Client) -> Callable[[date], bool]:
    """Whether somebody is there on a day."""
    country = country_of(unit, client)
    return lambda day: is_working(day, country)
