"""The last eight weeks: a line of signs in the text itself, week by week in words, and a picture where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import dropwhile, pairwise

from bot.replies import Block, View
from bot.services.health.briefs import Brief
from bot.services.health.explanations import Explanation
from bot.views.blocks import Marked, at_first, context, day, dialog, lines, marked, picture, section
from rules.clients.stages import Stage
from rules.health.days.turn import Way
from rules.health.score import Band, band_of, rounded
from rules.health.trend import Point, Trend
from rules.sentences import Sentence
from rules.words import Words

_BARS = "▁▂▃▄▅▆▇█"
_NO_NUMBER = "·"
_TOP_TENTHS = 1000


def way_words(trend: Trend, words: Words) -> str:
    """`falling since the week of Mon 9 Mar 2026`, `falling slowly for 9 weeks`, or that it did not turn."""
    word = words.trend(trend.way)
    if trend.since is None:
        return word
    if trend.way is Way.SLOW:
        return Sentence("{word} for {count} week", "{word} for {count} weeks", word=word, count=trend.weeks)
    return Sentence("{word} since the week of {monday}", word=word, monday=day(trend.since))


def silence_words(card: Brief) -> str:
    """What stands in the place of a trend where nobody has logged; empty where somebody has, or all is over."""
    if not card.silent_weeks or card.stage not in {Stage.ACTIVE, Stage.AMENDING}:
        return ""
    return Sentence(
        "nobody has logged for {count} week", "nobody has logged for {count} weeks", count=card.silent_weeks
    )


def sparkline(points: Sequence[Point]) -> str:
    """`▇▇▅▃`: one sign a week from 0 to 100, `·` where there was no number, `|` where the formula changed."""
    signs = [_sign(points[0])] if points else []
    for before, point in pairwise(points):
        signs.append(f"{'|' if before.version != point.version else ''}{_sign(point)}")
    return "".join(signs)


def trend_words(points: Sequence[Point]) -> str:
    """`Last 8 weeks: 92, 92, none, 62.`, for whoever can't see the signs."""
    return Sentence(
        "Last {count} week: {numbers}.",
        "Last {count} weeks: {numbers}.",
        count=len(points),
        numbers=_numbers(points),
    )


def trend_line(points: Sequence[Point]) -> Marked:
    bars = Marked(f"`{sparkline(points)}`")
    return marked("*Last {count} weeks* {bars}\n{numbers}", count=len(points), bars=bars, numbers=_numbers(points))


def _numbers(points: Sequence[Point]) -> str:
    """Weeks before the first number are only counted."""
    known = list(dropwhile(lambda point: point.score_tenths is None, points))
    before = len(points) - len(known)
    if not known:
        return "no number yet"
    numbers = ", ".join(_number(point) for point in known)
    return Sentence("{before} without a number, then {numbers}", before=before, numbers=numbers) if before else numbers


def trend_dialog(explained: Explanation, words: Words, *, file_id: str = "", name: str = "") -> View:
    """`name` is how a worker finds this dialog again once the picture is drawn; the words hold all of it anyway."""
    client = explained.card.client
    silent = silence_words(explained.card)
    blocks: list[Block] = [section(trend_line(explained.points))]
    if silent:
        why = "What rises meanwhile is old notes fading: it says nothing about today."
        blocks.insert(0, section(marked("*{silent}.* {why}", silent=at_first(silent), why=why)))
    if file_id:
        blocks.append(picture(file_id, alt_text(client.name, explained.points, words)))
    blocks.append(section(lines(*_weeks(explained.points, words))))
    if name:
        blocks.append(context(Marked("A picture appears here in a moment. The words say the same.")))
    blocks.append(context(Marked("Each week by when things happened.")))
    shown = dialog(Sentence("Trend: {name}", name=client.name), blocks)
    return {**shown, "external_id": name} if name else shown


def alt_text(client_name: str, points: Sequence[Point], words: Words) -> str:
    """The picture in words."""
    said = ", ".join(f"{day(point.on)} {_score(point, words)}" for point in points)
    return Sentence(
        "Health of {client_name} over {count} week, from 0 to 100: {said}.",
        "Health of {client_name} over {count} weeks, from 0 to 100: {said}.",
        count=len(points),
        client_name=client_name,
        said=said,
    )


def _weeks(points: Sequence[Point], words: Words) -> Iterator[Marked]:
    version = points[0].version if points else ""
    for point in points:
        changed = (
            Sentence(" · formula {version} from here on", version=point.version) if point.version != version else ""
        )
        version = point.version
        yield marked(
            "{sign} {on}: *{score}*{changed}",
            sign=Marked(f"`{_sign(point)}`"),
            on=day(point.on),
            score=_score(point, words),
            changed=changed,
        )


def _score(point: Point, words: Words) -> str:
    if point.score_tenths is None:
        return words.band(Band.TOO_EARLY)
    return f"{rounded(point.score_tenths)} {words.band(band_of(point.score_tenths))}"


def _number(point: Point) -> str:
    return "none" if point.score_tenths is None else str(rounded(point.score_tenths))


def _sign(point: Point) -> str:
    if point.score_tenths is None:
        return _NO_NUMBER
    return _BARS[min(point.score_tenths * len(_BARS) // _TOP_TENTHS, len(_BARS) - 1)]
