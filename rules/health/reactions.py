"""Who stands behind a note that was made by a reaction; duplicates, delays and any order come to the same answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rules.health.signal import Reaction, Signal, Source, State


@dataclass(frozen=True, slots=True)
class Settled:
    """`person_ids` are those whose reaction is there, oldest first: the reporter, then the witnesses."""

    person_ids: tuple[str, ...]

    @property
    def state(self) -> State:
        """The last one to remove the reaction withdraws the note; whoever adds it again brings the same note back."""
        return State.LIVE if self.person_ids else State.WITHDRAWN

    @property
    def reporter_id(self) -> str:
        return self.person_ids[0] if self.person_ids else ""

    @property
    def witness_ids(self) -> tuple[str, ...]:
        return self.person_ids[1:]


def settle(reactions: Iterable[Reaction]) -> Settled:
    """Judges the words of everybody about one type on one message; per person and emoji the newest word counts.

    Whoever takes one of two emoji off still stands behind the note.
    """
    newest: dict[tuple[str, str], Reaction] = {}
    for reaction in reactions:
        known = newest.get((reaction.person_id, reaction.emoji))
        if known is None or _age(reaction) > _age(known):
            newest[reaction.person_id, reaction.emoji] = reaction
    standing = (reaction for reaction in newest.values() if reaction.present and not _is_outdated(reaction, newest))
    present = sorted(standing, key=_seniority)
    return Settled(tuple(dict.fromkeys(reaction.person_id for reaction in present)))


def everybody(known: Signal, settled: Settled, words: Iterable[Reaction]) -> Settled:
    """With those who logged the same thing in another way: no reaction takes their note over or away."""
    if known.state is State.WITHDRAWN:
        return settled
    reacted = {word.person_id for word in words}
    by_hand = tuple(each for each in (known.reporter_id, *known.witness_ids) if each not in reacted)
    return Settled(
        (*settled.person_ids, *by_hand) if known.source is Source.REACTION else (*by_hand, *settled.person_ids)
    )


def with_people(known: Signal, settled: Settled, now: datetime) -> Signal:
    """A note that was excused stays so, and one that was corrected lives on in another row."""
    if not settled.person_ids:
        if known.state is State.WITHDRAWN:
            return known
        return replace(known, state=settled.state, state_reason="the reaction was removed", settled_at=now)
    people = replace(known, reporter_id=settled.reporter_id, witness_ids=settled.witness_ids)
    if known.state is State.EXCUSED or known.corrected_by:
        return people
    return replace(people, state=settled.state, state_reason="", settled_at=None)


def _is_outdated(reaction: Reaction, newest: Mapping[tuple[str, str], Reaction]) -> bool:
    """Emoji were not always told apart: a row without one is outdated by any later word of the same person."""
    later = (other for (person_id, _), other in newest.items() if person_id == reaction.person_id)
    return not reaction.emoji and any(_age(other) > _age(reaction) for other in later)


def _age(reaction: Reaction) -> tuple[int, int, bool]:
    """Of an add and a removal with the same time the removal counts: in doubt nobody is held to a note."""
    return (*_moment(reaction.event_ts), not reaction.present)


def _seniority(reaction: Reaction) -> tuple[int, int, str]:
    return (*_moment(reaction.event_ts), reaction.person_id)


def _moment(event_ts: str) -> tuple[int, int]:
    """Slack's `seconds.microseconds`, compared as numbers."""
    seconds, _, fraction = event_ts.partition(".")
    return int(seconds), int(fraction.ljust(6, "0")[:6] or 0)
