"""What made this number, what moved it, and what comes of it: the lines add up to the number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from bot.ids import Action
from bot.replies import Block, View
from bot.services.health.explanations import Explanation
from bot.services.health.scorecards import Scorecard
from bot.views.blocks import (
    Marked,
    actions,
    at_first,
    button,
    clip,
    context,
    day,
    dialog,
    divider,
    lines,
    link,
    marked,
    person,
    section,
)
from bot.views.health.lines import limit_words
from bot.views.health.scorecard import (
    banners,
    card_line,
    judging_buttons,
    override_reason,
    score_words,
    step_line,
)
from bot.views.health.toll import toll_block
from bot.views.health.trend import silence_words, trend_line, way_words
from rules.health.catalogue import Catalogue
from rules.health.days.course import RANK
from rules.health.score import Band, Health, Line, LineKind, band_of
from rules.health.signal import Signal, State
from rules.health.why.change import Cause, Move
from rules.health.why.outlook import Fading, Outlook
from rules.local_days import sunday_of
from rules.sentences import Sentence
from rules.words import Words

# A modal holds 100 blocks and a section 3,000 characters: what matters most comes first, the rest is said to be there.
SHOWN_LINES = 40
SHOWN_MOVES = 8
SHOWN_MISSES = 10
SHOWN_PROMISES = 5
PERCENT = 100
SAID = 120
AROUND_DAYS = 7
SHOWN_AROUND = 4
_HELD = (
    "The number alone would be {alone}. A band that fell rises on news, and with 3 points to spare: a kind word, a "
    "checkpoint that went well, an answer in time{calm}."
)


class WhyView:
    """Draws the account of one client for one reader."""

    def __init__(self, catalogue: Catalogue, words: Words) -> None:
        self._catalogue = catalogue
        self._words = words

    def dialog(self, explained: Explanation) -> View:
        card = explained.card
        client = card.client
        blocks: list[Block] = [
            *banners(card),
            section(lines(card_line(card, self._words), *override_reason(card))),
            section(
                trend_line(explained.points),
                button("Trend", Action.TREND, client.id, name=Sentence("Trend of {name}", name=client.name)),
            ),
            *self._turn(card),
            section(lines(*self._since_last_week(explained))),
            divider(),
            *self._account(card),
            divider(),
            section(lines(Marked("*What comes of it*"), *self._outlook(card, explained.outlook))),
            section(Marked("*Our side* (stands beside, costs the client nothing)")),
            *(section(said) for said in self._ours(explained)),
        ]
        if explained.toll:
            blocks.append(toll_block(explained.toll))
        history = button("History", Action.HISTORY, client.id, name=Sentence("Notes about {name}", name=client.name))
        blocks += [
            context(step_line(card, self._words), self._formula(card)),
            actions(history, *judging_buttons(card)),
        ]
        return dialog(Sentence("Why: {name}", name=client.name), blocks)

    def _formula(self, card: Scorecard) -> Marked:
        said = marked("formula {version}", version=card.health.version)
        own = Marked(": the weights and limits are this agency's own") if self._catalogue.own else Marked("")
        return Marked(f"{said}{own}")

    # --- since last week ---------------------------------------------------------------------------------------

    def _since_last_week(self, explained: Explanation) -> Iterator[Marked]:
        """Adds up from the old total to the new one."""
        before, now = explained.total_week_ago_tenths, explained.card.health.total_tenths
        if not explained.moves:
            yield Marked("*Since last week* nothing moved the number.")
            return
        yield marked(
            "*Since last week* `{points}`: from {before} to {now}",
            points=Marked(signed(now - before)),
            before=tenths(before),
            now=tenths(now),
        )
        for move in explained.moves[:SHOWN_MOVES]:
            yield marked(
                "`{points}` · {what}",
                points=Marked(signed(move.points_tenths)),
                what=self._move(move, explained.card.signals),
            )
        rest = explained.moves[SHOWN_MOVES:]
        if rest:
            points = signed(sum(move.points_tenths for move in rest))
            yield marked("`{points}` · {count} more", points=Marked(points), count=len(rest))

    def _move(self, move: Move, signals: Mapping[str, Signal]) -> str:
        named = signals.get(move.signal_ids[0]) if len(move.signal_ids) == 1 else None
        if move.cause is Cause.LIMIT and move.limit:
            return self._words.line(move.limit)
        if named:
            return f"{self._words.cause(move.cause)}: {self._label(named)}, {day(named.happened_on)}"
        if move.signal_ids:
            notes = Sentence("{count} note", "{count} notes", count=len(move.signal_ids))
            return f"{self._words.cause(move.cause)}: {notes}"
        return self._words.cause(move.cause)

    # --- the account -------------------------------------------------------------------------------------------

    def _account(self, card: Scorecard) -> Iterator[Block]:
        """Week by week, the newest first: what it cost, what its limits gave back, and its notes."""
        weeks: dict[date, list[Line]] = defaultdict(list)
        others = []
        for line in card.health.lines:
            if line.on:
                weeks[sunday_of(line.on) - timedelta(days=6)].append(line)
            else:
                others.append(line)
        told = [part for monday in sorted(weeks, reverse=True) for part in self._week(monday, weeks[monday], card)]
        yield from (section(said) for said, _ in told[:SHOWN_LINES])
        rest = told[SHOWN_LINES:]
        if rest:
            points = Marked(signed(sum(points for _, points in rest)))
            earlier = Sentence("{count} line of earlier weeks", "{count} lines of earlier weeks", count=len(rest))
            yield section(marked("`{points}` · {earlier}", points=points, earlier=earlier))
        yield section(lines(*(self._line(line, card) for line in others)))
        yield section(self._sum(card.health))

    def _week(self, monday: date, account: list[Line], card: Scorecard) -> Iterator[tuple[Marked, int]]:
        """The head of a week, with its limits and their points; then its notes, each with its own."""
        total = sum(line.points_tenths for line in account)
        head = marked("*Week of {monday}* `{points}`", monday=day(monday), points=Marked(signed(total)))
        limits = [line for line in account if not line.signal_id]
        again = sum(line.kind is LineKind.JOINED for line in account)
        same = Sentence("{count} more note tells of the same", "{count} more notes tell of the same", count=again)
        said = lines(head, *(self._line(line, card) for line in limits), same if again else "")
        yield said, sum(line.points_tenths for line in limits)
        for line in account:
            if line.signal_id and line.kind is not LineKind.JOINED:
                yield self._line(line, card), line.points_tenths

    def _turn(self, card: Scorecard) -> list[Block]:
        """Since when, with the notes of the week before and the week itself: what happened then."""
        since = card.trend.since
        if silent := silence_words(card):
            return [section(marked("*{said}.* No trend is told from that.", said=at_first(silent)))]
        if since is None:
            return []
        around = [
            signal
            for signal in card.signals.values()
            if abs((signal.happened_on - since).days) <= AROUND_DAYS and signal.state is State.LIVE
        ]
        named = sorted(around, key=lambda signal: (abs((signal.happened_on - since).days), signal.id))[:SHOWN_AROUND]
        told = ", ".join(f"{self._label(signal)} ({day(signal.happened_on)})" for signal in named)
        said = way_words(card.trend, self._words)
        if not told:
            return [section(marked("*{said}*. Nothing was noted around that week.", said=said))]
        return [section(marked("*{said}*. Noted around that week: {told}.", said=said, told=told))]

    def _line(self, line: Line, card: Scorecard) -> Marked:
        points = marked("`{points}`", points=Marked(tenths(line.points_tenths)))
        signal = card.signals.get(line.signal_id)
        if signal is None:
            who = person(line.person_id) if line.person_id else ""
            what = Marked(limit_words(line, self._catalogue.limits, self._words, who))
            return marked("{points} · {what}", points=Marked(f"`{signed(line.points_tenths)}`"), what=what)
        said = signal.note or signal.excerpt
        struck = line.kind in {LineKind.WITHDRAWN, LineKind.EXCUSED}
        return marked(
            "{points} · *{label}*{repeat}{struck} · {on} · {who}{said} {evidence}",
            points=points,
            label=self._label(signal),
            repeat=Sentence(" (again: x{repeat_percent:g})", repeat_percent=line.repeat_percent / PERCENT)
            if line.repeat_percent > PERCENT
            else "",
            struck=f" ({self._words.line(line.kind)})" if struck else "",
            on=day(signal.happened_on),
            who=person(signal.reporter_id),
            said=f": “{clip(said, SAID)}”" if said else "",
            evidence=link(signal.link, "message") if signal.link else Marked(""),
        )

    def _sum(self, health: Health) -> Marked:
        if health.score_tenths is None:
            return marked(
                "*{sum}* by the lines, but *{early}*: a number needs 3 notes on 2 days within 90 days.",
                sum=tenths(health.total_tenths),
                early=score_words(health, self._words),
            )
        said = marked(
            "*= {sum}, shown as {number}* · {band}",
            sum=tenths(health.score_tenths),
            number=health.number,
            band=self._words.band(health.band),
        )
        alone = band_of(health.total_tenths)
        if RANK[alone] <= RANK.get(health.calm_band, RANK[alone]):
            return said
        calm = ", or four weeks without a red flag" if health.calm_band is Band.WATCH else ""
        return lines(said, marked("_{held}_", held=Sentence(_HELD, alone=self._words.band(alone), calm=calm)))

    # --- what comes of it --------------------------------------------------------------------------------------

    def _outlook(self, card: Scorecard, outlook: Outlook) -> Iterator[Marked]:
        for fading in outlook.fading:
            yield self._fading(fading, card.signals[fading.signal_id])
        if outlook.missing_signals or outlook.missing_dates:
            yield Marked(
                Sentence(
                    "A number needs {notes} and {days} with notes within 90 days.",
                    notes=Sentence("{count} more note", "{count} more notes", count=outlook.missing_signals),
                    days=Sentence("{count} more day", "{count} more days", count=outlook.missing_dates),
                )
            )
        yield marked(
            "With nothing new it is {sum} on {on} ({band}).",
            sum=tenths(outlook.quiet_tenths),
            on=day(outlook.quiet_on),
            band=self._words.band(outlook.quiet_band),
        )
        yield marked("*What would raise it:* {ways}", ways="; ".join(self._ways_up(card, outlook)) + ".")

    def _fading(self, fading: Fading, signal: Signal) -> Marked:
        return marked(
            "`{points}` · {label}, {on}: {when}",
            points=Marked(tenths(fading.points_tenths)),
            label=self._label(signal),
            on=day(signal.happened_on),
            when=Sentence("half of it is gone by {day}", day=day(fading.half_on))
            if fading.half_on
            else "stays until a decider reviews it",
        )

    def _ways_up(self, card: Scorecard, outlook: Outlook) -> Iterator[str]:
        if outlook.praise_room_tenths:
            yield Sentence("praise that is due, up to {tenths} more", tenths=tenths(outlook.praise_room_tenths))
        if outlook.fading:
            yield "time without further flags"
            yield "excusing what was an emergency or agreed"
        if card.health.banners:
            yield "a review of what a decider has to look at"
        if not outlook.fading and not outlook.praise_room_tenths:
            yield "nothing, it is as good as it gets"

    # --- our side ----------------------------------------------------------------------------------------------

    def _ours(self, explained: Explanation) -> Iterator[Marked]:
        misses = explained.card.health.our_side
        for line in misses[-SHOWN_MISSES:]:
            yield self._line(line, explained.card)
        if len(misses) > SHOWN_MISSES:
            yield marked("and {count} before: the history has them", count=len(misses) - SHOWN_MISSES)
        for action in explained.promises[:SHOWN_PROMISES]:
            yield marked(
                "Promised: {text} · {who}, by {due}{late}",
                text=clip(action.text, SAID),
                who=person(action.owner_id),
                due=day(action.due_on),
                late=Marked(" · :alarm_clock: overdue") if action.due_on < explained.today else "",
            )
        if not explained.card.health.our_side and not explained.promises:
            yield Marked("We owe them nothing that is written down.")

    def _label(self, signal: Signal) -> str:
        return self._catalogue.type(signal.type).label


def tenths(points: int) -> str:
    """`-4.2`, with the sign that the account needs."""
    return f"{'-' if points < 0 else ''}{abs(points) // 10}.{abs(points) % 10}"


def signed(points: int) -> str:
    return f"+{tenths(points)}" if points > 0 else tenths(points)
