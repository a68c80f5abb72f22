"""Who of ours is there to see tickets, and what in a tracker we made ourselves; `rules/trackers.py` judges it."""

from __future__ import annotations

from dataclasses import replace

from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.ports import Destination, UnitOfWork, Units


def team_of(unit: UnitOfWork) -> list[Member]:
    return [member for member in unit.people.members() if is_ours(member, unit.workspace_id)]


def without_ours(units: Units, destination: Destination) -> Destination:
    """Of what we made for a parting nobody is asked whether it means done: its name tells of a client."""
    if not destination.endings_by_ref:
        return destination
    with units.house() as house:
        made = {name for ref, name in destination.endings_by_ref.items() if house.concerned(ref, is_new=False)}
    return replace(destination, endings=tuple(name for name in destination.endings if name not in made))
