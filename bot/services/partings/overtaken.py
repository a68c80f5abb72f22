"""Two who save at once: the second one, who began with an older state, reads who was quicker, when, and what it says.

What they wrote themselves is still in their form, so both texts are there.
"""

from __future__ import annotations

from rules.errors import InvalidError
from rules.local_days import local_time
from rules.partings.parting import Stamp
from rules.ports import UnitOfWork
from rules.sentences import Sentence
from rules.workdays import day_name


def changed_by(unit: UnitOfWork, stamp: Stamp, reads: str) -> str:
    member = unit.people.find_member(stamp.by_id)
    at = local_time(stamp.at, unit.workspace().timezone) if stamp.at else None
    return Sentence(
        "{who} changed this{at} while you looked at it. It reads now: {reads}. Open the list again to change that.",
        who=member.name if member else "Somebody",
        at=Sentence(" on {day} at {time:%H:%M}", day=day_name(at.date()), time=at) if at else "",
        reads=reads,
    )


def require_as_seen(unit: UnitOfWork, stamp: Stamp, now: str, looked_at: str, reads: str, field: str) -> None:
    """`now` and `looked_at` are what `belongings.seen` gives; `field` is where the form says it."""
    if looked_at and now != looked_at:
        sentence = changed_by(unit, stamp, reads)
        raise InvalidError(sentence, {field: sentence})
