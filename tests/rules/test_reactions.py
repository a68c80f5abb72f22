"""Reactions come late, twice and in any order; who stands behind a note is always the same in the end."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from rules.health.reactions import settle
from rules.health.signal import Reaction, State


def said(person: str, at: str, *, present: bool = True, emoji: str = "") -> Reaction:
    return Reaction(
        workspace_id="T1",
        channel_id="C1",
        message_ts="1.0",
        type="slow_reply",
        emoji=emoji,
        person_id=person,
        event_ts=at,
        present=present,
    )


words = st.lists(
    st.builds(
        said,
        st.sampled_from(["U1", "U2", "U3"]),
        st.integers(1, 40).map(lambda tick: f"1764000{tick // 10:03}.{tick % 10:06}"),
        present=st.booleans(),
        emoji=st.sampled_from(["", "snail", "sloth"]),
    ),
    max_size=20,
)


def test_the_first_is_the_reporter_and_the_others_are_witnesses() -> None:
    """Oldest first, by Slack's time and not by arrival."""
    settled = settle([said("U2", "20.5"), said("U3", "100.1"), said("U1", "9.0")])
    assert (settled.reporter_id, settled.witness_ids) == ("U1", ("U2", "U3"))


def test_authorship_passes_to_the_oldest_who_remains() -> None:
    """The note stays while somebody stands behind it."""
    settled = settle([said("U1", "1.0"), said("U2", "2.0"), said("U3", "3.0"), said("U1", "4.0", present=False)])
    assert (settled.state, settled.person_ids) == (State.LIVE, ("U2", "U3"))


def test_the_last_one_to_remove_withdraws() -> None:
    """Nobody behind it: the note is withdrawn."""
    settled = settle([said("U1", "1.0"), said("U1", "2.0", present=False)])
    assert (settled.state, settled.reporter_id, settled.witness_ids) == (State.WITHDRAWN, "", ())


def test_of_an_add_and_a_removal_at_one_time_the_removal_counts() -> None:
    """Whichever arrives first: in doubt nobody is held to a note."""
    both = [said("U1", "1.5"), said("U1", "1.5", present=False)]
    assert [settle(words).state for words in (both, both[::-1])] == [State.WITHDRAWN] * 2


def test_add_remove_add_is_one() -> None:
    """The newest word counts."""
    settled = settle([said("U1", "1.0"), said("U1", "2.0", present=False), said("U1", "3.0")])
    assert settled.person_ids == ("U1",)


def test_each_emoji_of_a_type_is_heard_apart() -> None:
    """Whoever takes one of two off still stands behind the note, by the one that is left."""
    settled = settle(
        [
            said("U1", "1.0", emoji="snail"),
            said("U2", "2.0", emoji="snail"),
            said("U1", "3.0", emoji="sloth"),
            said("U1", "4.0", emoji="snail", present=False),
        ]
    )
    assert settled.person_ids == ("U2", "U1")


def test_a_word_from_before_emoji_were_told_apart_is_outdated_by_any_later_one() -> None:
    """A reaction that an earlier version kept can be taken off all the same."""
    before = [said("U1", "1.0"), said("U2", "1.5")]
    settled = settle([*before, said("U1", "2.0", emoji="snail", present=False)])
    assert settled.person_ids == ("U2",)


@given(spoken=words, order=st.randoms(use_true_random=False), data=st.data())
def test_any_order_and_duplication_converge(spoken: list[Reaction], order: random.Random, data: st.DataObject) -> None:
    """Late, repeated and reordered deliveries end in the same note."""
    again = data.draw(st.lists(st.sampled_from(spoken), max_size=10)) if spoken else []
    delivered = [*spoken, *again]
    order.shuffle(delivered)
    assert settle(spoken) == settle(delivered)
