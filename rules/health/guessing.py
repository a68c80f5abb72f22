"""What type the words of a note suggest, in four languages (`guess` in `catalogue.toml`); people see it as a guess.

A longer phrase takes its words from the shorter ones in it, whatever side they are on: "has never paid late" is no late
payment. What is said not to have happened suggests nothing. What we did is ours: `when_ours` names what a red flag is
then, and for what no phrase knows of us there is the plain mistake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rules.health.catalogue import LANGUAGES, Catalogue, SignalType
from rules.health.phrases import GAP, Match, Said, read
from rules.health.signal import Side

NEGATED_WITHIN: Final = 3  # words before a phrase from which "not" or "never" takes it back
NONE_WITHIN: Final = 1  # the same for "no" and "without", which belong to the next word
SUBJECT_WITHIN: Final = 12
PASSIVE_WITHIN: Final = 4
_LONGEST: Final = 8 * (GAP + 1)  # words that a phrase can stretch over


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A type that the text may mean, and the phrase that says so."""

    type: SignalType
    match: Match

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """Strong signs first, then the longest, the tightest, and the order of the file."""
        match = self.match
        return not match.weak, match.parts, match.start - match.end, -match.order


def guess_type(catalogue: Catalogue, text: str, side: Side, *, was_tried: bool = False) -> SignalType | None:
    """The type that typed words suggest; None where they say nothing that we know.

    `side` is where they were typed: what stands behind `/redflag` is `theirs`, and may turn out to be our own miss.
    `was_tried`: a plan was tried with this client, without which some types don't count yet. A lasting type (abuse)
    counts and alarms only once its reporter has said so: `Catalogue.counted`.
    """
    said = read(text)
    reading = _Reading(catalogue, said, side)
    candidates = [each for each in reading.candidates() if was_tried or not each.type.after_plan]
    if candidates:
        return max(candidates, key=lambda each: each.rank).type
    return catalogue.type(catalogue.our_default) if side is not Side.PRAISE and reading.is_about_us() else None


class _Reading:
    """One text, read for one side."""

    def __init__(self, catalogue: Catalogue, said: Said, side: Side) -> None:
        self._catalogue = catalogue
        self._said = said
        self._side = side

    def candidates(self) -> Iterator[_Candidate]:
        matches = _longest(self._catalogue.phrases.find(self._said))
        spoken_for = {at for match in matches if match.negations for at in range(match.start, match.end + 1)}
        for match in matches:
            if not self._is_negated(match, spoken_for):
                found = self._meant(self._catalogue.types[match.code], match)
                if found is not None:
                    yield _Candidate(found, match)

    def is_about_us(self) -> bool:
        """Whether the text begins with what we did, and nobody else does anything in it."""
        words = self._said.words
        for language in LANGUAGES:
            at = next((at for at, word in enumerate(words[:2]) if self._is(language, "we", word)), None)
            if at is None or any(self._is(language, "they", word) for word in words):
                continue
            after = words[at + 1 : at + 1 + PASSIVE_WITHIN]
            return bool(after) and not any(self._is(language, "receive", word) for word in after)
        return False

    def _meant(self, entry: SignalType, match: Match) -> SignalType | None:
        """The type that a match stands for on the side that was asked for."""
        if self._side is Side.PRAISE or entry.side is Side.PRAISE:
            return entry if entry.side is self._side else None
        ours = self._side is Side.OURS or self._is_ours(match)
        if entry.side is Side.OURS:
            return entry if ours or match.own else None
        if ours and entry.when_ours:
            return self._catalogue.type(entry.when_ours)
        return entry if self._side is Side.THEIRS else None

    def _is_negated(self, match: Match, spoken_for: set[int]) -> bool:
        """Whether a "not" that is no part of any phrase takes the match back."""
        language, words, clause = match.language, self._said.words, self._said.clause
        inside = sum(self._is(language, "not", word) for word in words[match.start : match.end + 1])
        if inside > match.negations:
            return True
        for at in range(match.start - 1, max(-1, match.start - 1 - NEGATED_WITHIN), -1):
            if clause[at] != clause[match.start] or self._is(language, "unless", words[at]):
                return False
            near = match.start - at <= NONE_WITHIN or not self._is(language, "none", words[at])
            if self._is(language, "not", words[at]) and at not in spoken_for and near:
                return True
        if self._catalogue.phrases.classes(language, "not_after"):
            after = range(match.end + 1, min(match.end + 3, len(words)))
            return any(
                self._is(language, "not_after", words[at])
                and clause[at] == clause[match.end]
                and at not in spoken_for
                and not (at + 1 < len(words) and self._is(language, "unless", words[at + 1]))
                for at in after
            )
        return False

    def _is_ours(self, match: Match) -> bool:
        """Whether we are who does it: the nearest subject before it, where we are not only its target."""
        language, words, sentence = match.language, self._said.words, self._said.sentence
        for at in range(match.end, max(-1, match.start - 1 - SUBJECT_WITHIN), -1):
            if sentence[at] != sentence[match.start]:
                return False
            if self._is(language, "they", words[at]) and at < match.start:
                return False
            if self._is(language, "we", words[at]) and not self._is_embedded(language, at):
                return not any(self._is(language, "receive", word) for word in words[at + 1 : match.start + 1])
        return False

    def _is_embedded(self, language: str, at: int) -> bool:
        """Whether it is as in "the logo that we made", where somebody else is the subject."""
        if at == 0 or self._said.clause[at] != self._said.clause[at - 1]:
            return False
        leads = self._catalogue.phrases.classes(language, "leads_to_we")
        return bool(leads) and not self._is(language, "leads_to_we", self._said.words[at - 1])

    def _is(self, language: str, name: str, word: str) -> bool:
        return word in self._catalogue.phrases.classes(language, name)


def _longest(matches: Sequence[Match]) -> list[Match]:
    """Without those that a longer one covers."""
    by_start: dict[int, list[Match]] = defaultdict(list)
    for match in matches:
        by_start[match.start].append(match)
    return [
        match
        for match in matches
        if not any(
            other.covers(match)
            for start in range(match.start - _LONGEST, match.start + 1)
            for other in by_start.get(start, ())
        )
    ]
