"""The trackers: a dry run of what is asked before tickets are opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.bootstrap.house import House
from bot.commands.doctor.findings import Finding, fault, fine, off, told
from bot.services.partings.tickets.audience import team_of, without_ours
from bot.services.partings.tickets.faults import REMINDED_BEFORE, expiry_sentence
from rules.clients.people import Member
from rules.errors import AgainLaterError, TrackerError
from rules.partings.tickets.outcomes import untold
from rules.ports import Destination, Tracker, Workspace
from rules.sentences import Sentence
from rules.trackers import destination_problem, endings_said, unanswered

AREA: Final = "Tracker"


def look_at_trackers(house: House, workspace_id: str) -> Iterator[Finding]:
    """Nothing is created: the project and its create screen are read."""
    with house.outside.units.read(workspace_id) as unit:
        workspace, team = unit.workspace(), team_of(unit)
    if workspace.tracker and workspace.tracker not in house.outside.trackers:
        said = Sentence("Tasks are meant to go to {tracker}, which is not set up.", tracker=workspace.tracker)
        yield fault(AREA, said, "Set it up again, or choose another place with /client settings.")
    for name, tracker in house.outside.trackers.items():
        yield from _look(house, name, tracker, workspace, team)


def _look(house: House, name: str, tracker: Tracker, workspace: Workspace, team: list[Member]) -> Iterator[Finding]:
    try:
        destination = without_ours(house.outside.units, tracker.destination())
        deaf = tracker.webhook_fault()
    except AgainLaterError:
        said = Sentence("{label} does not answer now.", label=tracker.label)
        yield fault(AREA, said, "See whether this machine reaches it, then run the doctor again. Nothing is lost.")
        return
    except TrackerError as error:
        yield fault(AREA, Sentence("{label} can't be used.", label=tracker.label), error.sentence)
        return
    if not destination.url:
        return
    yield fine(
        AREA,
        Sentence(
            "{label} answers. Who sees {name}: {audience}",
            label=tracker.label,
            name=destination.name,
            audience=destination.audience,
        ),
    )
    yield from _expiry(house, tracker)
    if destination.layout:
        yield fine(AREA, destination.layout)
    if deaf:
        yield off(AREA, deaf)
    for remark in destination.remarks:
        yield told(AREA, remark)
    if destination.problem:
        yield fault(AREA, Sentence("No ticket may be opened in {name}.", name=destination.name), destination.problem)
    elif problem := destination_problem(destination, workspace, team):
        yield off(AREA, problem)
    yield from _endings(name, destination, workspace)
    if asked := unanswered(destination, workspace, name):
        yield told(AREA, asked)


def _expiry(house: House, tracker: Tracker) -> Iterator[Finding]:
    if tracker.expires_on:
        today = house.outside.clock.now().date()
        known = expiry_sentence(tracker.label, tracker.expires_on, today)
        left = (tracker.expires_on - today).days
        if left <= REMINDED_BEFORE[-1]:
            yield fault(AREA, known, "The tasks wait from that day on.")
        else:
            yield fine(AREA, known) if left > REMINDED_BEFORE[0] else off(AREA, known)


def _endings(name: str, destination: Destination, workspace: Workspace) -> Iterator[Finding]:
    if unclear := untold(destination.endings, endings_said(workspace, name)):
        yield off(
            AREA,
            Sentence(
                "Nobody has said whether {names} in {name} means done; until then it does not.",
                names=", ".join(f"“{each}”" for each in unclear),
                name=destination.name,
            ),
            "A workspace admin can: open the parting, then “Who sees the tickets?”.",
        )
