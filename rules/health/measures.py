"""What is measured rather than felt: unpaid invoices, hours over budget, answers outside the agreed window.

A sensor logs by itself and says so in the note. It never guesses: without an agreement there is nothing to measure
against (RF06, RF11), and an emergency excuses what it logged (HS10).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from rules.clients.client import Agreement
from rules.errors import ConflictError, InvalidError
from rules.health.signal import Side
from rules.sentences import Sentence
from rules.workdays import is_working

# Words of accounting programs for what asks for no money, in the languages of the app.
_NO_CLAIM: Final = frozenset(
    {
        *("void", "voided", "draft", "cancelled", "canceled", "credit", "credited", "refunded", "deleted"),
        *("concept", "vervallen", "geannuleerd", "gecrediteerd"),
        *("esborrany", "anul·lada", "anul·lat", "abonament"),
        *("utkast", "makulerad", "krediterad"),
    }
)
_NUMBER: Final = re.compile(r"\d")
_MINUS: Final = re.compile(r"[-\u2212(]\s*+(?:[^\d\s]{1,3}\s*+)?\d|\d[.,' ]*+-\s*$")


class Sensor(StrEnum):
    """What logs by itself; the catalogue says which type of note each one makes."""

    INVOICE = "invoice"
    HOURS = "hours"
    THEIR_REPLY = "their_reply"
    OUR_REPLY = "our_reply"
    THEIR_MILESTONE = "their_milestone"
    OUR_MILESTONE = "our_milestone"
    KEPT_MILESTONE = "kept_milestone"


REPLY_SENSORS: Final = {Side.THEIRS: Sensor.THEIR_REPLY, Side.OURS: Sensor.OUR_REPLY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice as somebody typed it. `amount` is shown, never counted. `signal_id` is the note that it led to.

    `asks_nothing`: a credit, a zero, void or draft invoice, which accuses nobody.
    """

    id: str
    workspace_id: str
    client_id: str
    number: str
    amount: str
    due_on: date
    paid_on: date | None = None
    signal_id: str = ""
    typed_by: str
    typed_at: datetime
    asks_nothing: bool = False

    @property
    def is_open(self) -> bool:
        """Whether money is still waited for."""
        return self.paid_on is None and not self.asks_nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyHours:
    """What a month took. `month` is its first day; `budget` is the one agreed when the hours were typed."""

    workspace_id: str
    client_id: str
    month: date
    hours: int
    budget: int
    signal_id: str = ""
    typed_by: str


class ClockState(StrEnum):
    """How a response clock stands."""

    RUNNING = "running"
    ANSWERED = "answered"
    MISSED = "missed"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseClock:
    """Somebody waits for an answer to a message. `side` is who owes it: theirs, or ours (AM02 goes both ways).

    The window runs from the message, `started_at`; only what is said after `asked_at` is an answer.
    """

    id: str
    workspace_id: str
    client_id: str
    side: Side
    channel_id: str
    message_ts: str
    link: str = ""
    started_by: str
    started_at: datetime
    asked_at: datetime | None = None
    hours: int
    ends_at: datetime
    state: ClockState = ClockState.RUNNING
    settled_at: datetime | None = None
    signal_id: str = ""


def last_day_in_time(due_on: date, country: str) -> date:
    """The day itself or, where banks are closed on it, the next on which they work. Empty country: weekends only."""
    day = due_on
    while not is_working(day, country):
        day += timedelta(days=1)
    return day


def first_late_day(due_on: date, country: str) -> date:
    """The day on which the note of an unpaid invoice happened."""
    return last_day_in_time(due_on, country) + timedelta(days=1)


def is_accusing(amount: str, status: str = "") -> bool:
    """Credits, zero, void and draft invoices ask nobody for money. `amount` is what somebody typed, in any notation."""
    if not _NO_CLAIM.isdisjoint(re.findall(r"[^\W\d_·]+(?:·[^\W\d_]+)?", status.casefold())):
        return False
    digits = _NUMBER.findall(amount)
    return not digits or (any(digit != "0" for digit in digits) and not _MINUS.search(amount))


def is_late(invoice: Invoice, today: date, country: str) -> bool:
    """RF35: unpaid after the last working day in time, or paid later than that."""
    in_time = last_day_in_time(invoice.due_on, country)
    return not invoice.asks_nothing and (invoice.paid_on or today) > in_time


def is_overdue(invoice: Invoice, today: date, country: str) -> bool:
    return invoice.paid_on is None and is_late(invoice, today, country)


def was_late(invoice: Invoice, country: str) -> bool:
    """A payment that was typed too late takes its note back."""
    return invoice.paid_on is not None and is_late(invoice, invoice.paid_on, country)


def is_over_budget(month: MonthlyHours) -> bool:
    return month.hours > month.budget


def agreed_hours(agreement: Agreement, side: Side) -> int | None:
    """The window for an answer of this side; None where nothing was agreed."""
    return agreement.their_reply_hours if side is Side.THEIRS else agreement.our_reply_hours


def window_hours(agreement: Agreement, side: Side) -> int:
    """The same, or a sentence that says what to do."""
    hours = agreed_hours(agreement, side)
    if not hours:
        raise InvalidError(
            "No reply window is agreed yet, so there is nothing to measure. Fill in the agreement first."
        )
    return hours


def window_end(started_at: datetime, hours: int, timezone: str, country: str) -> datetime:
    """When the window ends; weekends and holidays of the client's country don't count against anybody.

    Days begin and end in `timezone`, the workspace's. Empty country: weekends only.
    """
    zone = ZoneInfo(timezone)
    left, at = timedelta(hours=hours), started_at
    while True:
        local = at.astimezone(zone)
        next_day = datetime.combine(local.date() + timedelta(days=1), time(), zone).astimezone(started_at.tzinfo)
        if is_working(local.date(), country):
            if at + left <= next_day:
                return at + left
            left -= next_day - at
        at = next_day


def settled(clock: ResponseClock, state: ClockState, at: datetime | None) -> ResponseClock:
    """An answer or an emergency stops the clock; it also puts right what the end of the window has logged.

    `at` is None where there was no answer, but nobody waits for one any more.
    """
    if clock.state in {ClockState.ANSWERED, ClockState.EXCUSED}:
        raise ConflictError("This clock is stopped already. Nothing is left to do.")
    return replace(clock, state=state, settled_at=at)


def missed(clock: ResponseClock, signal_id: str, now: datetime) -> ResponseClock:
    return replace(clock, state=ClockState.MISSED, settled_at=now, signal_id=signal_id)


def has_run_out(clock: ResponseClock, now: datetime) -> bool:
    return clock.state is ClockState.RUNNING and clock.ends_at <= now


def is_answered_by(clock: ResponseClock, at: datetime) -> bool:
    """Whether a word of the client's at this time is the answer that they owed, and came in time."""
    owed = clock.side is Side.THEIRS and clock.state in {ClockState.RUNNING, ClockState.MISSED}
    return owed and max(clock.started_at, clock.asked_at or clock.started_at) < at <= clock.ends_at


def invoice_said(invoice: Invoice) -> str:
    if invoice.paid_on:
        return Sentence(
            "Invoice {number} ({amount}) was due on {due} and was paid on {paid}.",
            number=invoice.number,
            amount=invoice.amount,
            due=invoice.due_on,
            paid=invoice.paid_on,
        )
    return Sentence(
        "Invoice {number} ({amount}) was due on {due} and is not paid.",
        number=invoice.number,
        amount=invoice.amount,
        due=invoice.due_on,
    )


def miss_said(clock: ResponseClock) -> str:
    who = "They" if clock.side is Side.THEIRS else "We"
    return Sentence(
        "{who} did not answer within the agreed {count} hour.",
        "{who} did not answer within the agreed {count} hours.",
        count=clock.hours,
        who=who,
    )


def is_asked_anew(known: ResponseClock, asked_at: datetime) -> bool:
    """Once it was answered only an hourglass that was put on later starts it again."""
    match known.state:
        case ClockState.RUNNING:
            return known.asked_at is not None and known.asked_at != asked_at
        case ClockState.ANSWERED:
            return known.settled_at is None or asked_at > known.settled_at
        case _:
            return False
