"""The database, and whether somebody works on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.bootstrap import House
from bot.commands.doctor.findings import Finding, fault, fine, off, told
from rules.sentences import Sentence

AREA: Final = "Database"


def look_at_database(house: House, *, before_start: bool) -> Iterator[Finding]:
    """`before_start`: nothing runs yet, and that is as it should be."""
    if problem := house.storage_problem():
        yield told(AREA, problem)
        return
    yield fine(
        AREA,
        Sentence("The database ({name}) is up to date and can be written.", name=house.outside.engine.dialect.name),
    )
    if house.outside.jobs.beats(house.outside.clock.real()):
        yield fine("Worker", "A worker is alive.")
    elif before_start:
        yield off("Worker", "No worker runs yet.", "Start one with amicable run, or with amicable worker beside web.")
    else:
        said = "No worker has been heard of for half a minute: nothing is posted and no ticket is opened."
        yield fault("Worker", said, "Start one with amicable run, or with amicable worker beside amicable web.")


def look_at_owner(house: House, workspace_id: str) -> Iterator[Finding]:
    """A database belongs to the workspace that began it."""
    with house.outside.units.house() as keeping:
        known = keeping.workspaces()
    if known and workspace_id not in {workspace.id for workspace in known}:
        names = ", ".join(workspace.name for workspace in known)
        said = Sentence(
            "The database holds what belongs to {names}, and the token is of another workspace.", names=names
        )
        yield fault(AREA, said, "Set that workspace's token, or another AMICABLE_DATABASE_URL.")
