"""What is wrong with our account in a tracker: told to the admins once, kept until it is over (facts/trackers 8.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.people import team
from bot.services.waiting import WayOn
from rules.clients.people import Member
from rules.local_days import local_day
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.partings.parting import OVER, Parting
from rules.ports import UnitOfWork, Units, Workspace
from rules.sentences import Sentence
from rules.workdays import day_name

EXPIRES = "expires"
REMINDED_BEFORE = (30, 7, 1)


def note_fault(unit: UnitOfWork, tracker: str, sentence: str, now: datetime) -> None:
    """Nothing goes through until a person does something."""
    _note(unit, tracker, sentence, now)


def note_hidden(unit: UnitOfWork, tracker: str, parting_id: str, now: datetime) -> None:
    """All tickets of a parting are out of sight at once; whichever parting comes next belongs to the same fault."""
    known = _hidden(unit.workspace(), tracker)
    _note(unit, f"{tracker}/hidden", " ".join(dict.fromkeys((*known, parting_id))), now)


def note_expiry(unit: UnitOfWork, tracker: str, expires_on: date, now: datetime) -> None:
    """Each admin is reminded 30, 7 and 1 days before our access ends, and once it has; each once."""
    left = (expires_on - local_day(now, unit.workspace().timezone)).days
    stage = next((days for days in sorted(REMINDED_BEFORE) if left <= days), None)
    if stage is None:
        return
    fault = f"{tracker}/{EXPIRES}/{expires_on}"
    for admin in team(unit):
        if admin.is_admin:
            nudge(unit, NudgeKind.TRACKER_FAULT, admin.id, subject=f"{fault}:{stage}", now=now, details=fault)


def expiry_sentence(tracker: str, expires_on: date, today: date) -> str:
    left = (expires_on - today).days
    if left < 0:
        return Sentence(
            "Our access to {tracker} has ended. Make a new token and put it into the settings.", tracker=tracker
        )
    return Sentence(
        "Our access to {tracker} ends in {count} day, on {day}. Make a new token and put it into the settings.",
        "Our access to {tracker} ends in {count} days, on {day}. Make a new token and put it into the settings.",
        count=left,
        tracker=tracker,
        day=day_name(expires_on),
    )


def over(units: Units, workspace_id: str, trackers: Iterable[str], parting_id: str = "") -> None:
    """These trackers answer again, and show the tickets of the parting. Nothing is written where nothing was wrong."""
    with units.read(workspace_id) as unit:
        before = unit.workspace().tracker_faults
    if not before or _without(before, trackers, parting_id) == before:
        return
    with units.begin(workspace_id) as unit:
        workspace = unit.lock_workspace()
        left = _without(workspace.tracker_faults, trackers, parting_id)
        unit.save_workspace(replace(workspace, tracker_faults=left))


def tracker_fault(unit: UnitOfWork, _reader: Member, known: Nudge, now: datetime) -> Told | None:
    """`known.details` names the fault; None once it is over."""
    if f"/{EXPIRES}/" in known.details:
        tracker, _, until = known.details.split("/")
        today = local_day(now, unit.workspace().timezone)
        what = expiry_sentence(tracker.capitalize(), date.fromisoformat(until), today)
        return Told(about=tracker.capitalize(), what=what, ways=(Way(WayOn.SETTINGS, ""),))
    sentence = unit.workspace().tracker_faults.get(known.details)
    running = [parting for parting in unit.partings.all() if parting.state not in OVER]
    if sentence is None or not running:
        return None
    tracker, _, is_hidden = known.details.partition("/")
    affected = _hidden(unit.workspace(), tracker) if is_hidden else []
    what = hidden_sentence(tracker, len(affected)) if is_hidden else sentence
    return Told(about=tracker.capitalize(), what=what, ways=(_way(running, affected),))


def hidden_sentence(tracker: str, partings: int) -> str:
    return Sentence(
        "{tracker} shows us no ticket of {count} parting any more, all at once. They may still be there, so nothing "
        "counts as deleted. Check what our account may see there; if somebody did delete them, say so in the parting.",
        "{tracker} shows us no ticket of {count} partings any more, all at once. They may still be there, so nothing "
        "counts as deleted. Check what our account may see there; if somebody did delete them, say so in each parting.",
        count=partings,
        tracker=tracker.capitalize(),
    )


def _note(unit: UnitOfWork, fault: str, words: str, now: datetime) -> None:
    workspace = unit.lock_workspace()
    before = workspace.tracker_faults.get(fault)
    if before == words:
        return
    unit.save_workspace(replace(workspace, tracker_faults={**workspace.tracker_faults, fault: words}))
    for admin in team(unit) if before is None else []:
        if admin.is_admin:
            nudge(unit, NudgeKind.TRACKER_FAULT, admin.id, subject=f"{fault}:{now.isoformat()}", now=now, details=fault)


def _without(faults: Mapping[str, str], trackers: Iterable[str], parting_id: str) -> dict[str, str]:
    names = set(trackers)
    left = {fault: words for fault, words in faults.items() if fault not in names}
    for hidden in (f"{name}/hidden" for name in names):
        others = [each for each in left.pop(hidden, "").split() if each != parting_id]
        left |= {hidden: " ".join(others)} if others else {}
    return left


def _hidden(workspace: Workspace, tracker: str) -> list[str]:
    return workspace.tracker_faults.get(f"{tracker}/hidden", "").split()


def _way(running: list[Parting], affected: list[str]) -> Way:
    first = next((parting for parting in running if parting.id in affected), running[0])
    return Way(WayOn.PARTING, first.client_id)
