"""The parts of a letter, held against its facts: whom it greets, clause, reason, thanks, who signs (NE03, NE08, NE11).

Days and sums are compared in `figures`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rules.notices.checks.masks import masked
from rules.notices.checks.promises import stems_of
from rules.notices.draft import one_line
from rules.notices.finding import Finding, Level
from rules.notices.notice import NoticeFacts
from rules.notices.sentences import our_sentences
from rules.sentences import Sentence

_NUMBERS = r"\d{1,4}(?:\.\d{1,4}){0,4}"
_NAME_LETTERS = re.compile(r"[^\W\d_]+")
_GREETING_LENGTH = 80
_SIGNATURE_LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWords:
    """The words by which a language's letters show their parts; stems where words have endings."""

    greetings: re.Pattern[str]
    titles: frozenset[str]
    thanks: re.Pattern[str]
    confirm: re.Pattern[str]
    clause: str
    because: re.Pattern[str]
    common: tuple[str, ...]


def part_findings(body: str, sentences: Sequence[str], facts: NoticeFacts, words: PartWords) -> Iterator[Finding]:
    """`sentences` are the body's and the subject's."""
    text = "\n".join(masked(sentences, facts)).lower()
    if not words.thanks.search(text):
        yield _heavy("thanks_left_out", "The thanks are missing. NE08, TN02")
    if not words.confirm.search(_besides(sentences, facts)):
        sentence = "Ask the client to confirm, so that both are on the same page. NE03"
        yield Finding(code="no_confirmation", level=Level.LOW, sentence=sentence)
    yield from _greeting(body, facts, words)
    yield from _signature(body, facts)
    if not (facts.acknowledgement or facts.thank_you):
        yield from _clause("\n".join(sentences), facts, words)
        yield from _reason(_of_the_reason(sentences, facts), facts, words)


def _besides(sentences: Sequence[str], facts: NoticeFacts) -> str:
    """Without the list of what the client does: to be asked for a receipt one day is not to be asked for an answer."""
    theirs = tuple(one_line(name) for name, _ in facts.their_tasks)
    return "\n".join(masked([each for each in sentences if not each.startswith(theirs)], facts)).lower()


def _of_the_reason(sentences: Sequence[str], facts: NoticeFacts) -> str:
    """Without what we would write anyway: "our work" and "all the best" give no reason."""
    others = our_sentences(replace(facts, reason=""))
    return "\n".join(masked([each for each in sentences if each not in others], facts)).lower()


def _greeting(body: str, facts: NoticeFacts, words: PartWords) -> Iterator[Finding]:
    """A first name, a title, a team and a company are fine; somebody else's name is not."""
    line = next((line.strip() for line in body.splitlines() if line.strip()), "")[:_GREETING_LENGTH]
    greeting = words.greetings.match(line.lower())
    if not greeting:
        return
    rest = re.split(r"[,:!.;]\s*$|[!:;\N{EM DASH}]|,\s+[a-z]", line[greeting.end() :].lstrip(" ,"))[0]
    greeted = {_bare(each) for each in _NAME_LETTERS.findall(rest)} - words.titles
    known = _parts(facts.contact_name) | _parts(facts.client_name) | _parts(facts.first_name) | _parts(facts.title)
    is_sentence = len(greeted) > len(("title", "first", "middle", "last", "company"))
    if greeted and not greeted & known and not is_sentence:
        expected = one_line(facts.contact_name or facts.client_name)
        yield _heavy(
            "wrong_name", Sentence("The letter is for {expected}, but greets somebody else.", expected=expected), line
        )


def _signature(body: str, facts: NoticeFacts) -> Iterator[Finding]:
    sender = one_line(facts.sender_name)
    if not sender or sender.casefold() in one_line(body).casefold():
        return
    last = "\n".join([line for line in body.splitlines() if line.strip()][-_SIGNATURE_LINES:])
    if not _parts(sender) & _parts(last):
        yield _heavy("wrong_sender", Sentence("The letter is not signed by {sender}.", sender=sender))


def _clause(text: str, facts: NoticeFacts, words: PartWords) -> Iterator[Finding]:
    """Cited by its number, or in its own words."""
    wanted = one_line(facts.clause)
    if not wanted:
        return
    cited = re.compile(rf"(?:{words.clause})\W{{0,3}}({_NUMBERS})", re.IGNORECASE)
    ours, theirs = set(cited.findall(wanted)), set(cited.findall(text))
    stems = stems_of(wanted)
    said = sum(stem in text.lower() for stem in stems)
    if ours & theirs or wanted.casefold() in text.casefold():
        return
    if theirs and ours:
        yield _heavy(
            "wrong_clause", Sentence("The facts name another clause: {clause}. NE11", clause=wanted), min(theirs)
        )
    elif not stems or said * 2 < len(stems):
        yield _heavy("clause_left_out", Sentence("The letter does not name the clause: {clause}. NE11", clause=wanted))


def _reason(text: str, facts: NoticeFacts, words: PartWords) -> Iterator[Finding]:
    """Some of its words are there, in whatever form; where none is, a "because" may say it in others."""
    (wanted,) = masked([facts.reason], facts)
    stems = [stem for stem in stems_of(wanted) if not stem.startswith(words.common)]
    said = sum(stem in text for stem in stems)
    if not stems or said * 4 >= len(stems):
        return
    reason = one_line(facts.reason)
    if said or words.because.search(text):
        sentence = Sentence("Does the letter give the reason that you noted? “{reason}” NE12", reason=reason)
        yield Finding(code="reason_unclear", level=Level.LOW, sentence=sentence)
    else:
        yield _heavy("reason_left_out", Sentence("The letter does not give the reason: “{reason}” NE12", reason=reason))


def _parts(name: str) -> set[str]:
    return {_bare(each) for each in _NAME_LETTERS.findall(name)}


def _bare(word: str) -> str:
    """Without case and accents: "Muñoz" and "MUNOZ" are the same person."""
    return unicodedata.normalize("NFKD", word.casefold()).encode("ascii", "ignore").decode() or word.casefold()


def _heavy(code: str, sentence: str, excerpt: str = "") -> Finding:
    return Finding(code=code, level=Level.HIGH, sentence=sentence, excerpt=excerpt)
