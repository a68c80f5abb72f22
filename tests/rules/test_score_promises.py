"""What formula v2 promises for every ledger that anybody could write, on the function that judges."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.health.catalogue import load_catalogue
from rules.health.days.course import Course, Good, GoodNews, Ledger
from rules.health.formula.entries import Entry
from rules.health.formula.v2 import Reading, health, horizon
from rules.health.score import Health, LineKind, as_seen
from rules.health.signal import Severity, Side, State

TODAY = date(2026, 11, 23)
CATALOGUE = load_catalogue()
LIMITS = CATALOGUE.limits

# A few types again and again, so that dates, weeks and voices meet; and all of them.
codes = st.one_of(
    st.sampled_from(["late_payment", "slow_reply", "negative_vibe", "disrespect", "gut", "abuse", "great_feedback"]),
    st.sampled_from(sorted(CATALOGUE.types)),
)
ages = st.one_of(st.integers(0, 20), st.integers(0, 200), st.integers(0, 900))
severities = st.sampled_from(Severity)
people = st.sampled_from(["dana", "amir", "olivia", "gus"])
teams = st.sampled_from([1, 2, 4, 40])


@st.composite
def impressions(draw: st.DrawFn) -> Entry:
    """What somebody noted; `id` is given when it stands in a ledger."""
    kind = CATALOGUE.type(draw(codes))
    on = TODAY - timedelta(days=draw(ages))
    reviewed = draw(st.none() | st.integers(0, 60)) if kind.lasting else None
    return Entry(
        id="",
        type=kind.code,
        side=kind.side,
        severity=draw(severities),
        on=on,
        people=draw(st.frozensets(people, min_size=1, max_size=2)),
        reviewed_on=None if reviewed is None else min(TODAY, on + timedelta(days=reviewed)),
    )


@st.composite
def facts(draw: st.DrawFn) -> Entry:
    """An invoice that is or was late, or hours, or an answer that came too late."""
    code = draw(st.sampled_from(["late_payment", "late_payment", "slow_reply", "time_sink"]))
    on = TODAY - timedelta(days=draw(ages))
    due = on - timedelta(days=1) if code == "late_payment" else None
    paid = draw(st.none() | st.integers(0, 90)) if due else None
    return Entry(
        id="",
        type=code,
        side=Side.THEIRS,
        severity=draw(severities),
        on=on,
        people=frozenset({"olivia"}),
        is_fact=True,
        due_on=due,
        paid_on=None if paid is None else on + timedelta(days=paid),
    )


def ledger_of(drawn: Iterable[Entry]) -> list[Entry]:
    return [entry._replace(id=f"n{place:03}") for place, entry in enumerate(drawn)]


ledgers = st.lists(st.one_of(impressions(), impressions(), impressions(), facts()), max_size=30).map(ledger_of)
flags = impressions().map(lambda entry: entry._replace(id="extra", side=Side.THEIRS))


def judged(entries: Sequence[Entry], today: date = TODAY, team: int = 4) -> Health:
    return health(entries, today=today, catalogue=CATALOGUE, team=team)


def band(entries: Sequence[Entry], today: date = TODAY, team: int = 4) -> Course:
    return Ledger(entries, (), catalogue=CATALOGUE, team=team).replayed(today)


def quickly(entries: Sequence[Entry], team: int) -> Reading:
    return Ledger(entries, (), catalogue=CATALOGUE, team=team).reading(TODAY)


def placed(ledger: list[Entry], place: int, **changed: object) -> list[Entry]:
    return [entry._replace(**changed) if index == place else entry for index, entry in enumerate(ledger)]  # type: ignore[arg-type]  # the caller names fields of an entry


@given(ledger=ledgers, team=teams)
def test_the_lines_add_up_to_the_score(ledger: list[Entry], team: int) -> None:
    """Whoever adds up the lines of "why" gets the number, always; the quick reading finds the same."""
    found, quick = judged(ledger, team=team), quickly(ledger, team)
    assert 0 <= found.total_tenths <= 1000
    assert found.score_tenths in {None, found.total_tenths}
    assert found.total_tenths == sum(line.points_tenths for line in found.lines) == quick.total_tenths
    assert {line.signal_id for line in (*found.lines, *found.our_side) if line.signal_id} == {
        each.id for each in ledger
    }


@given(ledger=ledgers, further=flags, team=teams)
def test_a_further_impression_never_raises_the_number(ledger: list[Entry], further: Entry, team: int) -> None:
    """A bad day can't be diluted by a milder note about it, nor by one of somebody else."""
    assert judged([*ledger, further], team=team).total_tenths <= judged(ledger, team=team).total_tenths


@given(ledger=ledgers.filter(bool), place=st.integers(0, 29), team=teams)
def test_a_higher_severity_never_raises_the_number(ledger: list[Entry], place: int, team: int) -> None:
    """Who calls it red where another called it pink makes nothing better."""
    place %= len(ledger)
    pink, red = (placed(ledger, place, severity=each) for each in (Severity.PINK, Severity.RED))
    assert judged(red, team=team).total_tenths <= judged(pink, team=team).total_tenths


@given(ledger=ledgers, further=flags, person=people, team=teams)
def test_a_further_witness_never_raises_the_number(ledger: list[Entry], further: Entry, person: str, team: int) -> None:
    """What two people say is said no less than by one."""
    seen = further._replace(people=further.people | {person})
    assert judged([*ledger, seen], team=team).total_tenths <= judged([*ledger, further], team=team).total_tenths


@given(ledger=ledgers, later=st.integers(0, 500), team=teams)
def test_without_praise_and_open_invoices_time_alone_never_lowers_the_number(
    ledger: list[Entry], later: int, team: int
) -> None:
    """A client about whom nothing is noted only gets better, until it is too early to say."""
    settled = [entry for entry in ledger if entry.side is not Side.PRAISE and not _is_open(entry)]
    then = TODAY + timedelta(days=later)
    assert judged(settled, then, team).total_tenths >= judged(settled, team=team).total_tenths


def _is_open(entry: Entry) -> bool:
    return entry.due_on is not None and (entry.paid_on is None or entry.paid_on > TODAY)


@given(ledger=ledgers, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_logging_does_not_matter(ledger: list[Entry], shuffled: random.Random) -> None:
    """Two people who log the same weeks in another order read the same account and the same band."""
    other = list(ledger)
    shuffled.shuffle(other)
    by_line = [sorted(judged(each).lines, key=repr) for each in (ledger, other)]
    assert by_line[0] == by_line[1]
    assert band(ledger) == band(other)


@given(ledger=ledgers, further=impressions() | facts(), state=st.sampled_from([State.WITHDRAWN, State.EXCUSED]))
def test_what_is_taken_back_never_was(ledger: list[Entry], further: Entry, state: State) -> None:
    """Number, evidence, banners and the band that people see are those without the note; its line says 0."""
    struck = further._replace(id="extra", state=state)
    never, taken = judged(ledger), judged([*ledger, struck])
    lines = tuple(line for line in taken.lines if line.signal_id != "extra")
    assert replace(never, our_side=()) == replace(taken, lines=lines, our_side=())
    assert all(line.points_tenths == 0 for line in taken.lines if line.signal_id == "extra")
    assert band(ledger) == band([*ledger, struck])


@given(ledger=ledgers, many=st.sampled_from([5, 40]))
def test_the_same_events_noted_by_many_are_the_same(ledger: list[Entry], many: int) -> None:
    """One who works alone with a client, a team of five that all note it, forty: one number and one band."""
    crowd = [f"p{number}" for number in range(many)]
    one = [entry._replace(people=frozenset({"me"})) for entry in ledger]
    all_of_them = [
        entry._replace(id=f"{entry.id}-{name}", people=frozenset({name}))
        for entry in ledger
        for name in (crowd if not entry.is_fact else crowd[:1])
    ]
    alone = judged(one, team=1)
    together = judged(all_of_them, team=many)
    assert (alone.total_tenths, alone.evidence_signals) == (together.total_tenths, together.evidence_signals)
    assert band(one, team=1) == band(all_of_them, team=many)


@given(ledger=ledgers, further=flags)
def test_one_event_counts_once(ledger: list[Entry], further: Entry) -> None:
    """The same note again, by the same person or a witness of it, changes nothing."""
    told = [*ledger, further]
    assert judged(told).total_tenths == judged([*told, further._replace(id="again")]).total_tenths


@given(ledger=ledgers, person=people)
def test_what_one_person_alone_says_costs_at_most_30(ledger: list[Entry], person: str) -> None:
    """One furious designer can't end it: without those notes the client costs at most 30 points less."""
    alone = [entry for entry in ledger if entry.is_fact or entry.people == {person}]
    others = [entry for entry in alone if entry.is_fact]
    kinds = {entry.type for entry in others}
    own = [entry for entry in alone if entry.side is Side.THEIRS and not entry.is_fact and entry.type not in kinds]
    without, beside = (quickly(each, 2) for each in (others, [*others, *own]))
    assert beside.cost_tenths - without.cost_tenths <= LIMITS.voice + LIMITS.gut


@given(ledger=ledgers)
def test_no_date_costs_more_than_20_no_week_more_than_30_and_the_gut_no_more_than_5(ledger: list[Entry]) -> None:
    """FG09, FG11: no verdict over one bad day, and none by gut alone."""
    flagged = [entry for entry in ledger if entry.side is Side.THEIRS]
    days = {entry.on for entry in flagged}
    weeks = {on - timedelta(days=on.weekday()) for on in days}
    cost = quickly(flagged, 4).cost_tenths
    assert cost <= min(LIMITS.date * len(days), LIMITS.week * len(weeks))
    gut = quickly([entry for entry in ledger if entry.type == "gut"], 4)
    assert gut.cost_tenths <= LIMITS.gut


@given(ledger=ledgers, team=teams)
def test_praise_adds_at_most_10_and_covers_small_things_only(ledger: list[Entry], team: int) -> None:
    """Praise can't hide what is wrong: facts and red flags cost the same beside it."""
    firm = [entry._replace(severity=Severity.RED) for entry in ledger]
    praised = quickly(firm, team)
    without = [entry for entry in firm if entry.side is not Side.PRAISE]
    assert 0 <= praised.praise_tenths <= LIMITS.praise
    assert praised.cost_tenths == quickly(without, team).cost_tenths


@given(ledger=ledgers)
def test_our_misses_never_change_the_clients_score(ledger: list[Entry]) -> None:
    """HS18: they stand beside it."""
    assert judged(ledger).total_tenths == judged([e for e in ledger if e.side is not Side.OURS]).total_tenths


@given(ledger=ledgers, later=st.integers(0, 30))
def test_what_lies_beyond_the_horizon_makes_no_difference(ledger: list[Entry], later: int) -> None:
    """The ledger is asked only for what can matter, so that years of history cost nothing."""
    then = TODAY + timedelta(days=later)
    since = then - horizon(CATALOGUE)
    asked = [each for each in ledger if each.on >= since or each.type in CATALOGUE.lasting_types()]
    assert judged(ledger, then).total_tenths == judged(asked, then).total_tenths


news = st.lists(
    st.builds(GoodNews, st.integers(0, 300).map(lambda ago: TODAY - timedelta(days=ago)), st.sampled_from(Good)),
    max_size=4,
)


@settings(max_examples=30)
@given(ledger=ledgers, good=news, team=teams)
def test_the_days_that_are_passed_over_change_no_band(ledger: list[Entry], good: list[GoodNews], team: int) -> None:
    """Read on every single day, and only where something can turn: the same band, since the same day."""
    known = Ledger(ledger, good, catalogue=CATALOGUE, team=team)
    start = max(known.first_day or TODAY, TODAY - timedelta(days=400))
    recent = Ledger([e for e in ledger if e.on >= start], good, catalogue=CATALOGUE, team=team)
    course, day = None, recent.first_day or TODAY
    first = day
    while day <= TODAY:
        course = recent.replayed(day, course, day) if course else recent.replayed(day)
        day += timedelta(days=1)
    assert course == recent.replayed(TODAY)
    assert first <= TODAY


@given(ledger=ledgers, hidden_places=st.sets(st.integers(0, 29)))
def test_hidden_notes_become_one_line_and_the_sum_stays(ledger: list[Entry], hidden_places: set[int]) -> None:
    """BR14: "notes that you can't see: -4.2" keeps the account true and says nothing about them."""
    hidden = {entry.id for place, entry in enumerate(ledger) if place in hidden_places}
    found = judged(ledger)
    seen = as_seen(found, hidden)
    named = {line.signal_id for line in (*seen.lines, *seen.our_side)} | {m for x in seen.lines for m in x.members}
    assert not hidden & (named | {banner.signal_id for banner in seen.banners})
    assert sum(line.kind is LineKind.HIDDEN for line in seen.lines) <= 1
    assert found.total_tenths == sum(line.points_tenths for line in seen.lines)
