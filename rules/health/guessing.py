"""What type the words of a note suggest, in four languages (`guess` in `catalogue.toml`); people see it as a guess.

A longer phrase takes its words from the shorter ones in it, whatever side they are on: "has never paid late" is no late
payment. What is said not to have happened suggests nothing. What we did is ours: `when_ours` names what a red flag is
then, and for what no phrase knows of us there is the plain mistake.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rules.health.catalogue import LANGUAGES, UNSORTED, Catalogue, SignalType
from rules.health.phrases import GAP, Match, Said, read
from rules.health.signal import Side

NEGATED_WITHIN: Final = 2  # telling words before a phrase from which "not" or "never" takes it back
NONE_WITHIN: Final = 1  # the same for "no" and "without", which belong to the next word
LEAST_SAYS: Final = 0.6  # below it a phrase is nothing but little words, and tells nothing
DENIES_FROM: Final = 1.5  # from here on the "not" in a phrase is taken to belong to it
WEAK_SAYS: Final = 0.3  # of what it would say as a strong sign
FOREIGN_SAYS: Final = 0.4  # in a text of another language
TURNED_SAYS: Final = 0.95  # where it is our own doing, against words that are for our own doing
LIKENESS_SAYS: Final = 0.3  # of what a phrase says, for each unit of the logarithm
MOST_UNLIKE: Final = 16  # a phrase that is sure outweighs it
SUBJECT_WITHIN: Final = 12
PASSIVE_WITHIN: Final = 4
CLAIMED_WITHIN: Final = 4
_LONGEST: Final = 8 * (GAP + 1)  # words that a phrase can stretch over


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A type that the text may mean, and the phrase that says so."""

    type: SignalType
    match: Match
    is_native: bool

    @property
    def says(self) -> float:
        """How much it tells: strong signs, and those of the text's own language, before others."""
        phrase = self.match.phrase
        lesser = (
            (phrase.weak, WEAK_SAYS),
            (not self.is_native, FOREIGN_SAYS),
            (phrase.code != self.type.code, TURNED_SAYS),
        )
        return phrase.says * math.prod(part for is_lesser, part in lesser if is_lesser)

    @property
    def place(self) -> tuple[int, int, int]:
        """Of what tells the same, what is said first."""
        match = self.match
        return -match.start, match.start - match.end, -match.phrase.order


def guess_type(
    catalogue: Catalogue, text: str, side: Side, *, was_tried: bool = False, is_quote: bool = False
) -> SignalType | None:
    """The type that typed words suggest; None where they say nothing that we know.

    `side` is where they were typed: what stands behind `/redflag` is `theirs`, and may turn out to be our own miss.
    `was_tried`: a plan was tried with this client, without which some types don't count yet. `is_quote`: the words are
    somebody else's, whose "we" is not us. A lasting type (abuse) counts and alarms only once its reporter has said so:
    `Catalogue.counted`.
    """
    reading = _Reading(catalogue, read(text), side, is_quote=is_quote)
    candidates = [each for each in reading.candidates() if was_tried or not each.type.after_plan]
    if not candidates and side is not Side.PRAISE and not is_quote and reading.is_about_us():
        return reading.likeliest((), {Side.OURS}) or catalogue.type(catalogue.our_default)
    return None if not candidates and reading.takes_back else reading.likeliest(candidates, reading.sides(candidates))


class _Reading:
    """One text, read for one side."""

    def __init__(self, catalogue: Catalogue, said: Said, side: Side, *, is_quote: bool) -> None:
        self._catalogue = catalogue
        self._said = said
        self._side = side
        self._is_quote = is_quote
        self._languages = self._likeliest_languages()
        self.takes_back = False

    def candidates(self) -> Iterator[_Candidate]:
        every = self._catalogue.taught.phrases.find(self._said)
        matches = self._longest([match for match in every if not self._is_others_miss(match)])
        near = _by_start(matches)
        matches = [each for each in matches if not any(_denies_only(each, other) for other in _near(near, each))]
        spoken_for = _SpokenFor(each for each in matches if each.phrase.negations and each.phrase.says >= DENIES_FROM)
        for match in matches:
            if self._is_negated(match, spoken_for):
                self.takes_back = True
            else:
                found = self._meant(self._catalogue.types[match.phrase.code], match)
                if any(_says_of_them(other, match) for other in _near(near, match)):
                    found = self._of_them(self._catalogue.types[match.phrase.code])
                is_native = match.phrase.language in self._languages
                is_telling = match.phrase.says >= LEAST_SAYS and (is_native or match.phrase.parts > 1)
                self.takes_back |= found is None and match.phrase.negations > 0
                if found is not None and is_telling:
                    yield _Candidate(found, match, is_native)

    def sides(self, candidates: Sequence[_Candidate]) -> set[Side]:
        """Those that the text may be about. Where nobody but us is named it is about us if we are who does it."""
        if self._side is not Side.THEIRS or self._is_quote:
            return {self._side}
        if self._names("they", "claims"):
            return {self._side, *(each.type.side for each in candidates)}
        strongest = max(candidates, key=lambda each: (each.says, *each.place), default=None)
        if strongest is not None and strongest.type.side is Side.OURS:
            return {Side.OURS}
        return {self._side, Side.OURS} if self._names("we") else {self._side}

    def _names(self, *kinds: str) -> bool:
        words = self._said.words
        return any(self._is(each, kind, word) for each in self._languages for kind in kinds for word in words)

    def likeliest(self, candidates: Sequence[_Candidate], sides: set[Side]) -> SignalType | None:
        """The type that phrases and likeness together speak for; None where that is nothing of the kind."""
        alike = self._catalogue.taught.likeness.of(self._said, sorted(self._languages))
        if not candidates and not alike.stands_out:
            return None
        likeness = alike.by_code
        says: dict[str, float] = {}
        for each in candidates:
            says[each.type.code] = max(each.says, says.get(each.type.code, 0))
        rivals = {*sides, Side.PRAISE} if self._side in sides else sides  # what we did is no good news of theirs
        entries = [
            each
            for each in self._catalogue.types.values()
            if each.side in rivals or (each.code == UNSORTED and self._side in sides)
        ]
        codes = [each.code for each in entries if each.code in says or not each.after_plan]
        most = max((likeness[code] for code in codes if code in likeness), default=0)

        def weighed(code: str) -> float:
            unlike = most - likeness.get(code, -math.inf) if likeness else 0
            return says.get(code, 0) - LIKENESS_SAYS * min(unlike, MOST_UNLIKE)

        found = self._catalogue.type(max(codes, key=weighed))
        return found if found.code != UNSORTED and found.side in sides else None

    def is_about_us(self) -> bool:
        """Whether the text begins with what we did, and nobody else does anything in it."""
        words = self._said.words
        for language in self._languages:
            start = next((at for at in range(min(2, len(words))) if self._is_we(language, at)), None)
            if start is None or (start and not self._is(language, "our", words[start])):
                continue
            after = words[start + 1 : start + 1 + PASSIVE_WITHIN]
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
        near = _by_start(matches)
        return [match for match in matches if not any(self._covers(other, match) for other in _near(near, match))]

    def _covers(self, longer: Match, match: Match) -> bool:
        """Whether the longer phrase is meant and not the other: "never paid late" leaves nothing of "has not paid"."""
        side, other = (self._catalogue.types[each.phrase.code].side for each in (longer, match))
        if longer.phrase.negations and side is not other:
            overlaps = longer.start <= match.end and match.start <= longer.end
            return overlaps and longer.phrase.parts > match.phrase.parts
        return (side is other or longer.phrase.negations > 0) and longer.covers(match)

    def _meant(self, entry: SignalType, match: Match) -> SignalType | None:
        """The type that a match stands for on the side that was asked for."""
        if self._side is Side.PRAISE or entry.side is Side.PRAISE:
            return entry if entry.side is self._side else None
        is_of_them = match.phrase.own and entry.side is Side.THEIRS  # "used our designs", "though we had warned them"
        ours = self._side is Side.OURS or (not (self._is_quote or is_of_them) and self._is_ours(match, entry))
        if entry.side is Side.OURS and self._is_claimed(match):
            return None
        if entry.side is Side.OURS:
            return entry if ours or (match.phrase.own and not self._is_quote) else None
        if ours and entry.when_ours and not match.phrase.weak:
            return self._catalogue.type(entry.when_ours)
        return entry if self._side is Side.THEIRS else None

    def _of_them(self, entry: SignalType) -> SignalType | None:
        return entry if self._side is Side.THEIRS is entry.side else None

    def _is_negated(self, match: Match, spoken_for: _SpokenFor) -> bool:
        """Whether a "not" that is no part of any phrase takes the match back."""
        language, words, clause = match.phrase.language, self._said.words, self._said.clause
        inside = sum(self._is(language, "not", word) for word in words[match.start : match.end + 1])
        is_one = match.phrase.negations and bool(self._catalogue.taught.phrases.classes(language, "concord"))
        if inside > match.phrase.negations and not is_one:
            return True
        between = 0
        for at in range(match.start - 1, -1, -1):
            is_end = clause[at] != clause[match.start] or between >= NEGATED_WITHIN
            if is_end or self._is(language, "unless", words[at]) or self._is(language, "joins", words[at]):
                break
            near = match.start - at <= NONE_WITHIN or not self._is(language, "none", words[at])
            if self._is(language, "not", words[at]) and near and not spoken_for.before(at, match):
                return True
            between += not self._is(language, "common", words[at])
        if self._catalogue.taught.phrases.classes(language, "not_after"):
            after = range(match.end + 1, min(match.end + 4, len(words)))
            return any(
                self._is(language, "not_after", words[at])
                and clause[at] == clause[match.end]
                and not spoken_for.behind(at, match)
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
            follows_ours = at > 1 and not self._is(language, "we", words[at - 2]) and self._is_we(language, at - 2)
            if self._is(language, "they", words[at]) and at <= match.start and not follows_ours:
                return False
            if self._is_we(language, at) and not self._is_embedded(language, at):
                return not self._is_done_to_us(match, at, entry)
        return False

    def _is_claimed(self, match: Match) -> bool:
        """Whether somebody else says so: "claims that we promised it"."""
        language, words, sentence = match.phrase.language, self._said.words, self._said.sentence
        return any(
            self._is(language, "claims", words[at])
            and sentence[at] == sentence[match.start]
            and not (at and self._is_we(language, at - 1))
            for at in range(max(0, match.start - CLAIMED_WITHIN), match.start)
        )

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

    def _is_we(self, language: str, at: int) -> bool:
        """Whether we are named at `at`: "we", or one of ours who begins the sentence, as in "our designer forgot"."""
        words, clause = self._said.words, self._said.clause
        if self._is(language, "we", words[at]):
            return True
        is_one_of_ours = at + 1 < len(words) and self._is(language, "crew", words[at + 1])
        if not is_one_of_ours or not self._is(language, "our", words[at]):
            return False
        start = at - (at > 0 and clause[at - 1] == clause[at] and self._is(language, "common", words[at - 1]))
        return start == 0 or clause[start - 1] != clause[start]

    def _is_embedded(self, language: str, at: int) -> bool:
        """Whether it is as in "the logo that we made", where somebody else is the subject."""
        if at == 0 or self._said.clause[at] != self._said.clause[at - 1]:
            return False
        before, book = self._said.words[at - 1], self._catalogue.taught.phrases
        leads = book.classes(language, "leads_to_we")
        return before in book.classes(language, "leads_off") or (bool(leads) and before not in leads)

    def _is(self, language: str, name: str, word: str) -> bool:
        return word in self._catalogue.taught.phrases.classes(language, name)


class _SpokenFor:
    """The words of phrases with a "not" of their own: it takes back no other phrase, but for one that it runs into."""

    def __init__(self, matches: Iterable[Match]) -> None:
        self._ends: dict[int, int] = {}
        self._starts: dict[int, int] = {}
        for match in matches:
            for at in range(match.start, match.end + 1):
                self._ends[at] = min(match.end, self._ends.get(at, match.end))
                self._starts[at] = max(match.start, self._starts.get(at, match.start))

    def before(self, at: int, match: Match) -> bool:
        """Whether the word at `at` belongs to one that ends before the match."""
        return self._ends.get(at, match.start) < match.start

    def behind(self, at: int, match: Match) -> bool:
        """Whether it belongs to one that begins behind the match."""
        return self._starts.get(at, match.end) > match.end


def _by_start(matches: Iterable[Match]) -> dict[int, list[Match]]:
    by_start: dict[int, list[Match]] = defaultdict(list)
    for match in matches:
        by_start[match.start].append(match)
    return by_start


def _near(by_start: Mapping[int, Sequence[Match]], match: Match) -> Iterator[Match]:
    """Those that may overlap a match, itself among them."""
    return (other for at in range(match.start - _LONGEST, match.end + 1) for other in by_start.get(at, ()))


def _denies_only(match: Match, other: Match) -> bool:
    """Whether what a "not" reaches over is what it denies: "not late with the payment" is no "not ... payment"."""
    if match.phrase.negations != 1 or match.phrase.parts != len(("not", "payment")) or other.phrase.negations:
        return False
    return match.phrase.code == other.phrase.code and match.start < other.start < match.end <= other.end


def _says_of_them(match: Match, other: Match) -> bool:
    """Whether our own doing in `match` is what one does with them: "we chased the payment" is about who pays late."""
    overlaps = match.start <= other.end and other.start <= match.end
    return match.phrase.own and not other.phrase.own and overlaps and match.phrase.code == other.phrase.code
