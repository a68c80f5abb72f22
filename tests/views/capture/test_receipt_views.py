"""A day's receipts, however many there are and whatever they ask: Slack takes the message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.services.capture.notes import Receipt
from bot.services.capture.receipts import DayOfNotes, Slip
from bot.views.capture.receipts import day_message
from integrations.sandbox.slack.blockkit.limits import check_blocks
from rules.clients.client import Client
from rules.health.catalogue import load_catalogue
from rules.health.formula.v2 import health
from rules.health.signal import Signal, Source, State
from rules.words import load_words
from tests.examples import examples

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CATALOGUE, WORDS = load_catalogue(), load_words("en")
CLIENT = Client(id="cl-1", workspace_id="T1", name="&<>" * 26, owner_id="UTOM", stage_since=NOW)
NOTHING = health([], today=NOW.date(), catalogue=CATALOGUE).glance


@dataclass(frozen=True)
class Kind:
    """What a note can be as far as its receipt goes."""

    code: str
    guessed: bool
    joined: bool
    may_undo: bool
    state: State


KINDS = st.builds(
    Kind,
    code=st.sampled_from([*["unsorted"] * 20, *CATALOGUE.types]),
    guessed=st.booleans(),
    joined=st.booleans(),
    may_undo=st.sampled_from([True, True, True, False]),
    state=st.sampled_from([*[State.LIVE] * 5, *State]),
)


def slip(number: int, kind: Kind) -> Slip:
    entry = CATALOGUE.type(kind.code)
    at = NOW + timedelta(minutes=number)
    signal = Signal(
        id=f"nt-{number:020}",
        workspace_id="T1",
        client_id=CLIENT.id,
        type=entry.code,
        side=entry.side,
        source=Source.REACTION,
        reporter_id="UTOM",
        happened_at=at,
        happened_on=at.date(),
        logged_at=at,
        logged_on=at.date(),
        state=kind.state,
        guessed=kind.guessed,
        excerpt="They are late & loud <!channel> " * 9,
        link=f"https://example.slack.com/archives/C0BIRCH/p{number:016}?thread_ts={number}",
    )
    done = Receipt(client=CLIENT, signal=signal, before=NOTHING, after=NOTHING, joined=kind.joined)
    return Slip(receipt=done, may_undo=kind.may_undo)


@examples(60)
@given(st.lists(KINDS, min_size=1, max_size=60), st.integers(0, 3000))
@example([Kind("unsorted", guessed=False, joined=False, may_undo=True, state=State.LIVE)] * 40, 0)
@example([Kind("unprofitable", guessed=False, joined=False, may_undo=True, state=State.LIVE)] * 40, 7)
def test_slack_takes_a_day_of_any_notes(kinds: list[Kind], more: int) -> None:
    """No name stands in it twice, it is not too long, and what has no room is counted."""
    slips = tuple(slip(number, kind) for number, kind in enumerate(kinds))
    of = DayOfNotes(day=NOW.date(), is_muted=False, rows=(), slips=slips, earlier=(CLIENT,) * more)

    shown = day_message(of, CATALOGUE, WORDS)

    check_blocks(list(shown.blocks))
    assert f"{len(slips) + more} note" in shown.text
