"""Talk, letter, receipt, notice and last day on one line of time (CN05, NE01).

The notice period runs from the receipt of the letter, not from today: days are planned backwards from the receipt that
the last day needs, and forwards from today once one of them has slipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.clients.client import Contract
from rules.clients.stages import Origin
from rules.partings.dates import latest_receipt, notice_end
from rules.partings.parting import Parting, TalkWay
from rules.sentences import Sentence
from rules.workdays import count_back, count_forward, day_name

# In working days. A mail counts as received on the next one.
TALK_TO_LETTER = 1
LETTER_TO_RECEIPT = 1
# So long before the last day the client knows, where nothing but the handover asks for it.
HANDOVER = 20
WE_GIVE_NOTICE = frozenset({Origin.OURS, Origin.NOBODYS_FAULT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What has happened already: the talk, the letter, its receipt. `agreed`: the client agreed to the last day.

    `not_before` holds the letter back, while something that it names is still being asked for.
    """

    talk_on: date | None = None
    sent_on: date | None = None
    received_on: date | None = None
    agreed: bool = False
    not_before: date | None = None


NOTHING_YET = Happened()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """One line of time. `notice_ends_on` is None where no notice of ours runs; `slip` says what is late, and its cost.

    Days that have happened are known, the others are plans and lie today or later.
    """

    talk_on: date
    letter_on: date
    received_on: date
    notice_ends_on: date | None
    last_day: date
    slip: str = ""


def earliest_receipt(today: date, country: str, known: Happened = NOTHING_YET) -> date:
    """When the client can have the letter at the earliest: the talk, then the letter, then its receipt."""
    talk_on = known.talk_on or count_forward(today, 0, country).day
    return known.received_on or _receipt_after(_letter_after(talk_on, today, country, known), country)


def plan(origin: Origin, contract: Contract, last_day: date, today: date, known: Happened = NOTHING_YET) -> Timeline:
    """The line of time for that last day. `contract` holds the country, too."""
    country = contract.country
    runs = origin in WE_GIVE_NOTICE and not known.agreed
    needed_on = latest_receipt(contract, last_day) if runs else last_day
    # Nothing is received on a day off.
    letter_by = count_back(count_back(needed_on, 0, country).day, LETTER_TO_RECEIPT, country).day
    talk_by = min(count_back(letter_by, TALK_TO_LETTER, country).day, count_back(last_day, HANDOVER, country).day)
    talk_on = known.talk_on or max(talk_by, count_forward(today, 0, country).day)
    letter_on = _letter_after(talk_on, today, country, known)
    received_on = known.received_on or _receipt_after(letter_on, country)
    line = Timeline(
        talk_on=talk_on,
        letter_on=letter_on,
        received_on=received_on,
        notice_ends_on=notice_end(contract, received_on)[0] if runs else None,
        last_day=last_day,
    )
    return replace(line, slip=_slip(line, known, needed_on if runs else None))


def why_not_keep(origin: Origin, contract: Contract, last_day: date, received_on: date, known: Happened) -> str:
    """Why a letter that is received on that day can't name this last day; empty when it can."""
    if origin not in WE_GIVE_NOTICE or known.agreed:
        return ""
    ends, steps = notice_end(contract, received_on)
    if ends <= last_day:
        return ""
    return Sentence(
        "The letter names {day} as the last day, which can't be kept any more. {step}",
        day=day_name(last_day),
        step=steps[0],
    )


def why_talk_first(parting: Parting) -> str:
    """Why our notice stays here; empty when it may go (CV01, NE01): talk first, unless somebody chose to write."""
    is_written = parting.talk is not None and parting.talk.way is TalkWay.MAIL
    if parting.origin not in WE_GIVE_NOTICE or parting.told_at or is_written:
        return ""
    return (
        "Talk to them first, and note that the talk was held; then the letter can go. "
        "If it has to be by e-mail, choose that where the talk is prepared."
    )


def passed(promised: Sequence[tuple[str, date]], today: date) -> tuple[str, ...]:
    """What the letter promises for a day that is over."""
    return tuple(
        Sentence("{name} was promised for {day}.", name=name, day=day_name(due_on))
        for name, due_on in promised
        if due_on < today
    )


def _letter_after(talk_on: date, today: date, country: str, known: Happened) -> date:
    if known.sent_on:
        return known.sent_on
    after_talk = count_forward(talk_on, TALK_TO_LETTER, country).day
    return count_forward(max(after_talk, today, known.not_before or today), 0, country).day


def _receipt_after(letter_on: date, country: str) -> date:
    return count_forward(letter_on, LETTER_TO_RECEIPT, country).day


def _slip(line: Timeline, known: Happened, needed_on: date | None) -> str:
    if needed_on is None or line.notice_ends_on is None or line.received_on <= needed_on:
        return ""
    late = (line.notice_ends_on - line.last_day).days
    why = Sentence(
        "For {last_day} the letter had to be received by {needed_on}; it was received on {received_on}."
        if known.received_on
        else "For {last_day} the letter had to be received by {needed_on}; it can be received at the earliest on "
        "{received_on}.",
        last_day=day_name(line.last_day),
        needed_on=day_name(needed_on),
        received_on=day_name(line.received_on),
    )
    return Sentence(
        "{why} The notice then runs until {ends_on}, {count} day later: choose another last day.",
        "{why} The notice then runs until {ends_on}, {count} days later: choose another last day.",
        count=late,
        why=why,
        ends_on=day_name(line.notice_ends_on),
    )
