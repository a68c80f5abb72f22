"""The lines of an account in plain words: what each limit gives back, or takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rules.health.limits import TENTHS, Limits
from rules.health.score import Line, LineKind
from rules.sentences import Sentence
from rules.words import Words


def limit_words(line: Line, limits: Limits, words: Words, who: str = "") -> str:
    """What a line that is no note's says; `who` is the name of the one whose voice is limited."""
    most = _points(_MOST[line.kind](limits)) if line.kind in _MOST else ""
    said = {
        LineKind.DATE_CAP: Sentence("one day costs at most {most}", most=most),
        LineKind.WEEK_CAP: Sentence("one week costs at most {most}", most=most),
        LineKind.GUT_CAP: Sentence("gut feelings cost at most {most} together", most=most),
        LineKind.VOICE: Sentence("only {name} says so: at most {most}", name=who, most=most),
        LineKind.PRAISE_VOICE: Sentence("praise of {name} alone gives at most {most}", name=who, most=most),
        LineKind.PRAISE_CAP: Sentence("praise gives at most {most} together", most=most),
        LineKind.LADDER: Sentence(
            "one note in one week weighs less", "{count} notes in one week weigh less", count=len(line.members)
        ),
    }
    return said.get(line.kind) or words.line(line.kind)


_MOST: Mapping[LineKind, Callable[[Limits], int]] = {
    LineKind.DATE_CAP: lambda limits: limits.date,
    LineKind.WEEK_CAP: lambda limits: limits.week,
    LineKind.GUT_CAP: lambda limits: limits.gut,
    LineKind.VOICE: lambda limits: limits.voice,
    LineKind.PRAISE_VOICE: lambda limits: limits.praise_voice,
    LineKind.PRAISE_CAP: lambda limits: limits.praise,
}


def _points(tenths: int) -> str:
    return f"{tenths / TENTHS:g}"
