"""Whatever Slack does with its events - late, twice, in any order, lost and repeated - the ledger comes out the same.

The real services before a real database; the workplace shows its messages as they are at the moment of asking.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bot.services.agreements.hearing import Heard, HearingService
from bot.services.agreements.noting import Noting
from bot.services.agreements.replies import ReplyService
from bot.services.capture.evidence import EvidenceService
from bot.services.capture.notes import CaptureService
from bot.services.capture.reactions import Reacted, ReactionService
from bot.services.health.scorecards import HealthService
from rules.clients.client import Agreement, Client
from rules.clients.people import Member, Place, PlaceKind
from rules.clients.watch import Watch
from rules.errors import UnavailableError
from rules.health.catalogue import load_catalogue
from rules.health.measures import ClockState, ResponseClock
from rules.health.signal import Evidence, Signal, State
from rules.ports import FoundMessage, Units, Workspace
from tests.examples import examples

pytestmark = pytest.mark.both_databases

WORKSPACE, AMIR, DANA, CARLA = "T1", "UAMIR", "UDANA", "UCARLA"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TOGETHER_SECONDS = 0.5
HOURGLASS = "hourglass_flowing_sand"


def ts(tick: int) -> str:
    """Slack's time, a second for each tick."""
    return f"{(START + timedelta(seconds=tick)).timestamp():.6f}"


@dataclass(frozen=True)
class Act:
    """What somebody did in the channel at a tick: `kind` is react, unreact, edit, delete or say."""

    kind: str
    person: str = AMIR
    word: str = ""


@dataclass(frozen=True)
class Delivery:
    """An act's event reaches us at a tick, perhaps again; `fails` is a try that the workplace spoils."""

    act: int
    at: int
    fails: bool = False


@dataclass
class Workplace:
    """Slack as it is at a tick: the directory of the services. It knows the whole history of one message."""

    acts: Sequence[Act] = ()
    tick: int = 0
    is_away: bool = False
    known: Mapping[str, Member] = field(default_factory=dict)
    meeting: Barrier | None = None

    def now(self) -> datetime:
        """Whoever looks at the clock waits for whoever else may come so far: inside a lock that is nobody."""
        if self.meeting:
            with suppress(BrokenBarrierError):
                self.meeting.wait(TOGETHER_SECONDS)
        return START + timedelta(seconds=self.tick)

    def real(self) -> datetime:
        return self.now()

    def member(self, _workspace_id: str, member_id: str) -> Member:
        return self.known[member_id]

    def people(self, _workspace_id: str, member_ids: Collection[str]) -> list[Member]:
        return [self.known[each] for each in member_ids]

    def place(self, _workspace_id: str, channel_id: str) -> Place:
        if self.is_away:
            raise UnavailableError("Slack did not answer.")
        kind = PlaceKind.PUBLIC
        return Place(id=channel_id, workspace_id=WORKSPACE, name="acme", kind=kind, guest_ids=(), fetched_at=self.now())

    def message(self, _channel_id: str, _message_ts: str) -> FoundMessage:
        if self.deleted_at <= self.tick:
            return FoundMessage(is_gone=True)
        edits = [n for n, act in enumerate(self.acts, 1) if act.kind == "edit" and n <= self.tick]
        return FoundMessage(text=self.text_at(self.tick), edited_ts=ts(edits[-1]) if edits else "")

    def link(self, _channel_id: str, _message_ts: str) -> str:
        return "https://slack.example/m"

    @property
    def deleted_at(self) -> float:
        return next((n for n, act in enumerate(self.acts, 1) if act.kind == "delete"), float("inf"))

    def text_at(self, tick: float) -> str:
        words = [act.word for n, act in enumerate(self.acts, 1) if act.kind == "edit" and n <= tick]
        return words[-1] if words else "as it was"


class Desk:
    """The services that take events in, before the given database."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.slack = Workplace(known={each.id: each for each in (member(AMIR), member(DANA), member(CARLA, "T2"))})
        slack: Any = self.slack
        catalogue = load_catalogue()
        health = HealthService(units, slack, catalogue)
        capture = CaptureService(units, slack, catalogue, health)
        evidence = EvidenceService(units, slack, slack)
        replies = ReplyService(units, slack, slack, capture, Noting(capture, health, catalogue))
        self.replies = replies
        self.reactions = ReactionService(units, slack, catalogue, slack, health)
        self.hearing = HearingService(units, slack, slack, evidence, replies)
        self._runs = 0
        with units.house() as house:
            house.add_workspace(Workspace(id=WORKSPACE, name="Agency", created_at=START))
        with units.begin(WORKSPACE) as unit:
            for each in self.slack.known.values():
                unit.people.save_member(each)

    def run(self, acts: Sequence[Act], deliveries: Sequence[Delivery]) -> str:
        """A channel of its own for each history; its id. Failed tries come again at the end, as the engine does it."""
        self._runs += 1
        channel_id = f"C{self._runs}"
        client = Client(
            id=f"cl-{self._runs}",
            workspace_id=WORKSPACE,
            name=f"Client {self._runs}",
            owner_id=AMIR,
            channel_ids=(channel_id,),
            agreement=Agreement(their_reply_hours=24),
            stage_since=START,
        )
        with self.units.begin(WORKSPACE) as unit:
            unit.clients.add(client)
            unit.watches.save(Watch(workspace_id=WORKSPACE, channel_id=channel_id, listens=True))
        self.slack.acts = acts
        again = []
        for delivery in sorted(deliveries, key=lambda each: each.at):
            self.slack.tick, self.slack.is_away = delivery.at, delivery.fails
            if not self.take(channel_id, delivery.act):
                again.append(delivery)
        self.slack.tick, self.slack.is_away = max((each.at for each in deliveries), default=0) + 1, False
        for delivery in again:
            self.take(channel_id, delivery.act)
        return channel_id

    def counting(self, channel_id: str) -> list[Signal]:
        with self.units.read(WORKSPACE) as unit:
            notes = unit.signals.on_message(channel_id, ts(0))
        return sorted((note for note in notes if note.state is State.LIVE), key=lambda note: note.type)

    def clock(self, channel_id: str) -> ResponseClock | None:
        with self.units.read(WORKSPACE) as unit:
            client = unit.clients.of_channel(channel_id)
            found = unit.agreements.clocks_ending_after(client.id, START) if client else []
        return found[0] if found else None

    def take(self, channel_id: str, number: int) -> bool:
        act = self.slack.acts[number]
        try:
            if act.kind in {"react", "unreact"}:
                self._reacted(channel_id, number, act)
            else:
                self._heard(channel_id, number, act)
        except UnavailableError:
            return False
        return True

    def _reacted(self, channel_id: str, number: int, act: Act) -> None:
        reacted = Reacted(
            workspace_id=WORKSPACE,
            person_id=act.person,
            emoji=act.word,
            channel_id=channel_id,
            message_ts=ts(0),
            event_ts=ts(number + 1),
            present=act.kind == "react",
            author_id=AMIR,
        )
        if act.word == HOURGLASS:
            self.replies.follow(reacted)
        else:
            self.reactions.follow(reacted)

    def _heard(self, channel_id: str, number: int, act: Act) -> None:
        """As the web process takes it in; what it lets go is gone."""
        kept = self.hearing.reduced(WORKSPACE, self._event(channel_id, number, act))
        if kept:
            self.hearing.hear(WORKSPACE, Heard(**kept))

    def _event(self, channel_id: str, number: int, act: Act) -> dict[str, Any]:
        event: dict[str, Any] = {"type": "message", "channel": channel_id, "channel_type": "channel"}
        if act.kind == "say":
            return event | {"user": act.person, "ts": ts(number + 1), "text": "words"}
        before = {"user": AMIR, "ts": ts(0), "text": self.slack.text_at(number)}
        if act.kind == "delete":
            return event | {"subtype": "message_deleted", "deleted_ts": ts(0), "previous_message": before}
        after = before | {"text": act.word}
        return event | {"subtype": "message_changed", "message": after, "previous_message": before}


def member(member_id: str, team_id: str = WORKSPACE) -> Member:
    return Member(id=member_id, workspace_id=WORKSPACE, team_id=team_id, name=member_id.title(), fetched_at=START)


@pytest.fixture
def desk(units: Units) -> Desk:
    return Desk(units)


def in_order(acts: Sequence[Act]) -> list[Delivery]:
    """Each event at once, as on a good day."""
    return [Delivery(act=number, at=number + 1) for number in range(len(acts))]


# The database is the same for all examples of a test: each history has its own channel and client.
often = examples(40, suppress_health_check=list(HealthCheck))


@st.composite
def histories(draw: st.DrawFn, emoji: Sequence[str], others: Sequence[Act]) -> list[Act]:
    """What people can really do: nobody takes off what is not there, nothing happens to a deleted message."""
    there: set[tuple[str, str]] = set()
    acts: list[Act] = []
    for _ in range(draw(st.integers(1, 9))):
        person, word = draw(st.sampled_from([AMIR, DANA])), draw(st.sampled_from(emoji))
        act = draw(st.sampled_from([Act("toggle", person, word), *others]))
        if act.kind == "toggle":
            act = Act("unreact" if (person, word) in there else "react", person, word)
            there ^= {(person, word)}
        acts.append(act)
        if act.kind == "delete":
            break
    return acts


@st.composite
def deliveries(draw: st.DrawFn, acts: Sequence[Act]) -> list[Delivery]:
    """Every event reaches us at last, some twice, none before it happened; some tries are spoiled."""
    numbers = [*range(len(acts)), *draw(st.lists(st.integers(0, len(acts) - 1), max_size=4))]
    made = [
        Delivery(act=number, at=number + 1 + draw(st.integers(0, len(acts) + 2)), fails=draw(st.integers(0, 4)) == 0)
        for number in numbers
    ]
    return draw(st.permutations(made))


NOTED = histories(
    ["money_with_wings", "triangular_flag_on_post", "red_flag"],
    [Act("edit", word="other words"), Act("edit", word="as it was"), Act("delete")],
)
WAITED = histories([HOURGLASS], [Act("say", CARLA), Act("say", DANA)])


@often
@given(acts=NOTED, data=st.data())
def test_reactions_edits_and_deletions_come_to_the_same_ledger(
    desk: Desk, acts: list[Act], data: st.DataObject
) -> None:
    """BR02: who stands behind which note is the same; no note shows words that are gone, or stale ones unmarked."""
    straight = desk.counting(desk.run(acts, in_order(acts)))
    crooked = desk.counting(desk.run(acts, data.draw(deliveries(acts))))

    assert [people(note) for note in crooked] == [people(note) for note in straight]
    for note in (*straight, *crooked):
        deleted, edited = desk.slack.deleted_at < float("inf"), any(act.kind == "edit" for act in acts)
        now = "" if deleted else desk.slack.text_at(float("inf"))
        assert (note.evidence is Evidence.DELETED) == deleted
        assert note.excerpt == now or (note.evidence is Evidence.EDITED and edited)


@often
@given(acts=WAITED, data=st.data())
def test_hourglasses_and_answers_come_to_the_same_clock(desk: Desk, acts: list[Act], data: st.DataObject) -> None:
    """RF06: whether somebody still waits, and since when, does not depend on how we heard of it."""
    straight = desk.clock(desk.run(acts, in_order(acts)))
    crooked = desk.clock(desk.run(acts, data.draw(deliveries(acts))))

    assert waits(crooked) == waits(straight)


def test_one_takes_off_what_another_puts_on_in_the_same_moment(desk: Desk) -> None:
    """Neither reads the message without the other's word: the note stays, and is the one's who reacts there now."""
    acts = [Act("react", AMIR, "snail"), Act("unreact", AMIR, "snail"), Act("react", DANA, "snail")]
    channel_id = desk.run(acts, [Delivery(act=0, at=1)])
    desk.slack.meeting = Barrier(2)
    with ThreadPoolExecutor() as both:
        for done in [both.submit(desk.take, channel_id, number) for number in (1, 2)]:
            assert done.result()
    desk.slack.meeting = None

    assert [people(note) for note in desk.counting(channel_id)] == [("slow_reply", DANA, ())]


def people(note: Signal) -> tuple[str, str, tuple[str, ...]]:
    return note.type, note.reporter_id, note.witness_ids


def waits(clock: ResponseClock | None) -> datetime | None:
    """Since when somebody waits; None when nobody does."""
    return clock.asked_at if clock and clock.state is ClockState.RUNNING else None
