"""What both sides expect of each other in one term, the page that says so, and how it is shared (AM16-AM19, FG07).

Notes, reasons and thoughts of our own have no field that the page is built from: `page_lines` is all that it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.clients.client import Agreement
from rules.errors import ConflictError, InvalidError, NotFoundError

OBJECTION_DAYS = 5  # working days after the page was shared (AM19)
MOST_EXPECTATIONS = 20
GONE = "This is not in the agreement any more. Open the agreement again."

IsWorking = Callable[[date], bool]


class Party(StrEnum):
    """Who is expected to do it: both sides have a list (FG07)."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


class MilestoneState(StrEnum):
    """What became of a milestone. A changed one got another day by consent and counts against nobody."""

    WAITING = "waiting"
    KEPT = "kept"
    MISSED = "missed"
    DROPPED = "dropped"


class LineState(StrEnum):
    """Where a line of the page stands with the client; silence is recorded, never called a signature (AM19)."""

    NOT_SHARED = "not_shared"
    OPEN_FOR_OBJECTION = "open_for_objection"
    NO_OBJECTION = "no_objection"
    OBJECTED = "objected"


class Ending(StrEnum):
    """How a term ended (AM12)."""

    RENEWED = "renewed"
    NOT_RENEWED = "not_renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A step of an expectation with a day that can be met (AM17). `signal_id` is the note that it led to."""

    id: str
    text: str
    due_on: date
    state: MilestoneState = MilestoneState.WAITING
    settled_on: date | None = None
    moved_from: tuple[date, ...] = ()
    signal_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One expectation in a sentence; `changed_at` is when its words or milestones last changed."""

    id: str
    text: str
    party: Party
    milestones: tuple[Milestone, ...] = ()
    changed_at: datetime
    dropped_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """The client's word against one line; `said` is theirs, as we heard it, and stays with us."""

    line_id: str
    heard_on: date
    heard_at: datetime
    by_id: str
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The page as it went to the client on a day; `line_ids` are what it held, objections are awaited `until` a day."""

    shared_at: datetime
    shared_on: date
    until: date
    by_id: str
    language: str
    line_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementChange:
    """How it was agreed to reach each other before somebody changed it (AM05)."""

    at: datetime
    by_id: str
    agreement: Agreement
    habits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accord:
    """One term with one client. `habits` is how the client likes to be reached, for our eyes.

    Of a term that ended, `agreement` and `term_end` are what held then.
    """

    id: str
    workspace_id: str
    client_id: str
    begun_at: datetime
    goal: str = ""
    expectations: tuple[Expectation, ...] = ()
    shares: tuple[Share, ...] = ()
    objections: tuple[Objection, ...] = ()
    habits: str = ""
    changes: tuple[AgreementChange, ...] = ()
    agreement: Agreement | None = None
    term_end: date | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    ending: Ending | None = None

    @property
    def lines(self) -> tuple[Expectation, ...]:
        return tuple(each for each in self.expectations if each.dropped_on is None)


def expected(accord: Accord, expectation: Expectation) -> Accord:
    """With the expectation added or in the place of its former self."""
    _require_running(accord)
    if not expectation.text.strip():
        raise InvalidError("Say what is expected, in a sentence.", {"text": "Say what is expected, in a sentence."})
    known = {each.id for each in accord.expectations}
    if expectation.id not in known and len(accord.lines) >= MOST_EXPECTATIONS:
        raise InvalidError("That is more than anybody can keep in mind. First drop one that is not needed any more.")
    changed = tuple(expectation if each.id == expectation.id else each for each in accord.expectations)
    return replace(accord, expectations=changed if expectation.id in known else (*changed, expectation))


def line_of(accord: Accord, line_id: str) -> Expectation:
    found = next((each for each in accord.lines if each.id == line_id), None)
    if found is None:
        raise NotFoundError(GONE)
    return found


def milestone_of(accord: Accord, milestone_id: str) -> tuple[Expectation, Milestone]:
    for line in accord.lines:
        for each in line.milestones:
            if each.id == milestone_id:
                return line, each
    raise NotFoundError(GONE)


def settled(accord: Accord, milestone_id: str, state: MilestoneState, on: date, signal_id: str = "") -> Accord:
    """Kept or missed: a fact that happened once."""
    _require_running(accord)
    line, known = milestone_of(accord, milestone_id)
    if known.state is not MilestoneState.WAITING:
        raise ConflictError("Somebody has settled this milestone already. Open the agreement to see it.")
    return _put(accord, line, replace(known, state=state, settled_on=on, signal_id=signal_id))


def with_note(accord: Accord, milestone_id: str, signal_id: str) -> Accord:
    """The note that a settled milestone led to."""
    line, known = milestone_of(accord, milestone_id)
    return _put(accord, line, replace(known, signal_id=signal_id))


def moved(accord: Accord, milestone_id: str, to: date, at: datetime) -> Accord:
    """Another day by consent: it counts against nobody, and the page has to be shared again."""
    _require_running(accord)
    line, known = milestone_of(accord, milestone_id)
    if known.state is not MilestoneState.WAITING:
        raise ConflictError("Somebody has settled this milestone already. Open the agreement to see it.")
    if to == known.due_on:
        return accord
    changed = replace(known, due_on=to, moved_from=(*known.moved_from, known.due_on))
    return _put(accord, replace(line, changed_at=at), changed)


def shared(accord: Accord, share: Share) -> Accord:
    """On day D; from then on the clock of five working days runs (AM19)."""
    _require_running(accord)
    if not share.line_ids:
        raise InvalidError("There is nothing on the page yet. Write down what each side expects first.")
    return replace(accord, shares=(*accord.shares, share))


def objected(accord: Accord, objection: Objection) -> Accord:
    """Reopens exactly that line; the others stand as they stood."""
    _require_running(accord)
    line = line_of(accord, objection.line_id)
    if _share_of(accord, line) is None:
        raise ConflictError(
            "This line has not been shared as it stands now. Share the page first, then note what they say."
        )
    return replace(accord, objections=(*accord.objections, objection))


def line_state(accord: Accord, line: Expectation, today: date) -> LineState:
    share = _share_of(accord, line)
    if share is None:
        return LineState.NOT_SHARED
    if any(each.line_id == line.id and each.heard_at > share.shared_at for each in accord.objections):
        return LineState.OBJECTED
    return LineState.OPEN_FOR_OBJECTION if today <= share.until else LineState.NO_OBJECTION


def objection_until(accord: Accord, line: Expectation) -> date | None:
    share = _share_of(accord, line)
    return share.until if share else None


def ends_objections(shared_on: date, is_working: IsWorking) -> date:
    """The fifth working day after the day on which it was shared."""
    day, left = shared_on, OBJECTION_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working(day)
    return day


def ended(
    accord: Accord, ending: Ending, by_id: str, at: datetime, agreement: Agreement, term_end: date | None
) -> Accord:
    """Closed with what held in it; it stays readable."""
    _require_running(accord)
    return replace(accord, ended_at=at, ended_by=by_id, ending=ending, agreement=agreement, term_end=term_end)


def carried_over(accord: Accord, line_ids: frozenset[str], at: datetime) -> Iterator[Expectation]:
    """What goes on into the next term: the words, and the milestones that are still to come."""
    for line in accord.lines:
        if line.id in line_ids:
            waiting = tuple(each for each in line.milestones if each.state is MilestoneState.WAITING)
            yield replace(line, milestones=waiting, changed_at=at)


def due_milestones(accord: Accord, today: date) -> list[tuple[Expectation, Milestone]]:
    """Those whose day has come and of which nobody has said what became."""
    return [
        (line, each)
        for line in accord.lines
        for each in line.milestones
        if each.state is MilestoneState.WAITING and each.due_on <= today
    ]


def next_look(accord: Accord, today: date) -> date | None:
    """The next day on which somebody has to be told: a milestone's, or the one after objections end."""
    days = [each.due_on for line in accord.lines for each in line.milestones if each.state is MilestoneState.WAITING]
    days += [share.until + timedelta(days=1) for share in accord.shares]
    return min((each for each in days if each > today), default=None)


def _share_of(accord: Accord, line: Expectation) -> Share | None:
    """The newest page that held the line as it stands; an objection is answered by sharing it again."""
    fitting = [each for each in accord.shares if line.id in each.line_ids and each.shared_at >= line.changed_at]
    return fitting[-1] if fitting else None


def _put(accord: Accord, line: Expectation, milestone: Milestone) -> Accord:
    milestones = tuple(milestone if each.id == milestone.id else each for each in line.milestones)
    return expected(accord, replace(line, milestones=milestones))


def _require_running(accord: Accord) -> None:
    if accord.ended_at:
        raise ConflictError("This term is over, so nothing in it changes any more. Open the agreement of today.")
