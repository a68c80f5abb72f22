"""What type the words of a note suggest, in four languages (`guess` in `catalogue.toml`); people see it as a guess.

A longer phrase takes its words from the shorter ones in it, whatever side they are on: "has never paid late" is no late
payment. What is said not to have happened suggests nothing. What we did is ours: `when_ours` names what a red flag is
then, and for what no phrase knows of us there is the plain mistake.
"""

from __future__ import annotations

from collections import Counter, defaultdict
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
    is_native: bool

    @property
    def rank(self) -> tuple[bool, bool, bool, int, int, int, int, int]:
        """Strong signs in the text's own language first, then what says most, then what is said first."""
        match, phrase = self.match, self.match.phrase
        is_meant = phrase.code == self.type.code
        says = phrase.telling, phrase.parts
        return not phrase.weak, self.is_native, is_meant, *says, -match.start, match.start - match.end, -phrase.order


def guess_type(
    catalogue: Catalogue, text: str, side: Side, *, was_tried: bool = False, is_quote: bool = False
) -> SignalType | None:
    """The type that typed words suggest; None where they say nothing that we know.

    `side` is where they were typed: what stands behind `/redflag` is `theirs`, and may turn out to be our own miss.
    `was_tried`: a plan was tried with this client, without which some types don't count yet. `is_quote`: the words are
    somebody else's, whose "we" is not us. A lasting type (abuse) counts and alarms only once its reporter has said so:
    `Catalogue.counted`.
    """
    said = read(text)
    reading = _Reading(catalogue, said, side, is_quote=is_quote)
    candidates = [each for each in reading.candidates() if was_tried or not each.type.after_plan]
    if candidates:
        return max(candidates, key=lambda each: each.rank).type
    is_ours = side is not Side.PRAISE and not is_quote and reading.is_about_us()
    return catalogue.type(catalogue.our_default) if is_ours else None


class _Reading:
    """One text, read for one side."""

    def __init__(self, catalogue: Catalogue, said: Said, side: Side, *, is_quote: bool) -> None:
        self._catalogue = catalogue
        self._said = said
        self._side = side
        self._is_quote = is_quote
        self._languages = self._likeliest_languages()

    def candidates(self) -> Iterator[_Candidate]:
        every = self._catalogue.phrases.find(self._said)
        matches = self._longest([match for match in every if not self._is_others_miss(match)])
        spoken_for = {at for match in matches if match.phrase.negations for at in range(match.start, match.end + 1)}
        for match in matches:
            if not self._is_negated(match, spoken_for):
                found = self._meant(self._catalogue.types[match.phrase.code], match)
                is_native = match.phrase.language in self._languages
                if found is not None and (is_native or match.phrase.parts > 1):
                    yield _Candidate(found, match, is_native)

    def is_about_us(self) -> bool:
        """Whether the text begins with what we did, and nobody else does anything in it."""
        words = self._said.words
        for language in self._languages:
            if not words or not self._is(language, "we", words[0]):
                continue
            after = words[1 : 1 + PASSIVE_WITHIN]
            others = any(self._is(language, "they", word) for word in words)
            return bool(after) and not others and not any(self._is(language, "receive", word) for word in after)
        return False

    def _likeliest_languages(self) -> frozenset[str]:
        """Those in which most of the text's little words are at home; all of them where it has none."""
        known = Counter({each: sum(self._is(each, "common", word) for word in self._said.words) for each in LANGUAGES})
        most = max(known.values())
        return frozenset(each for each in LANGUAGES if known[each] == most)

    def _is_others_miss(self, match: Match) -> bool:
        """Words for a miss of ours that are said of them: they take no words from what is meant."""
        entry = self._catalogue.types[match.phrase.code]
        return entry.side is Side.OURS and self._meant(entry, match) is None

    def _longest(self, matches: Sequence[Match]) -> list[Match]:
        """Without those that a longer one covers, of the same side or with a "not" in it."""
        by_start: dict[int, list[Match]] = defaultdict(list)
        for match in matches:
            by_start[match.start].append(match)
        return [
            match
            for match in matches
            if not any(
                self._covers(other, match)
                for start in range(match.start - _LONGEST, match.start + 1)
                for other in by_start.get(start, ())
            )
        ]

    def _covers(self, longer: Match, match: Match) -> bool:
        side, other = (self._catalogue.types[each.phrase.code].side for each in (longer, match))
        is_about_it = side is other or longer.phrase.negations > 0
        return is_about_it and longer.covers(match)

    def _meant(self, entry: SignalType, match: Match) -> SignalType | None:
        """The type that a match stands for on the side that was asked for."""
        if self._side is Side.PRAISE or entry.side is Side.PRAISE:
            return entry if entry.side is self._side else None
        ours = self._side is Side.OURS or (not self._is_quote and self._is_ours(match, entry))
        if entry.side is Side.OURS:
            return entry if ours or (match.phrase.own and not self._is_quote) else None
        if ours and entry.when_ours and not match.phrase.weak:
            return self._catalogue.type(entry.when_ours)
        return entry if self._side is Side.THEIRS else None

    def _is_negated(self, match: Match, spoken_for: set[int]) -> bool:
        """Whether a "not" that is no part of any phrase takes the match back."""
        language, words, clause = match.phrase.language, self._said.words, self._said.clause
        inside = sum(self._is(language, "not", word) for word in words[match.start : match.end + 1])
        if inside > match.phrase.negations:
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

    def _is_ours(self, match: Match, entry: SignalType) -> bool:
        """Whether we are who does it: the nearest subject before it, where we are not its target."""
        language, words, sentence = match.phrase.language, self._said.words, self._said.sentence
        for at in range(match.end, max(-1, match.start - 1 - SUBJECT_WITHIN), -1):
            if sentence[at] != sentence[match.start]:
                return False
            if self._is(language, "they", words[at]) and at < match.start:
                return False
            if self._is(language, "we", words[at]) and not self._is_embedded(language, at):
                return not self._is_done_to_us(match, at, entry)
        return False

    def _is_done_to_us(self, match: Match, at: int, entry: SignalType) -> bool:
        """Whether it happens to us, who are named at `at`: "we were yelled at", "we have to wait for an answer".

        What is our miss anyhow may hold such a word itself: "we did not get back to them".
        """
        language, before = match.phrase.language, self._said.words[at + 1 : match.start]
        matched = self._said.words[max(at + 1, match.start) : match.end + 1]
        if any(self._is(language, "receive", word) for word in before):
            return True
        if entry.side is not Side.OURS and any(self._is(language, "receive", word) for word in matched):
            return True
        is_passive = any(self._is(language, "be", word) for word in before)
        return is_passive and any(self._is(language, "done", word) for word in matched)

    def _is_embedded(self, language: str, at: int) -> bool:
        """Whether it is as in "the logo that we made", where somebody else is the subject."""
        if at == 0 or self._said.clause[at] != self._said.clause[at - 1]:
            return False
        before, book = self._said.words[at - 1], self._catalogue.phrases
        leads = book.classes(language, "leads_to_we")
        return before in book.classes(language, "leads_off") or (bool(leads) and before not in leads)

    def _is(self, language: str, name: str, word: str) -> bool:
        return word in self._catalogue.phrases.classes(language, name)
