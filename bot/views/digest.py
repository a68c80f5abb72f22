"""The weekly digest on one screen, and the form that says where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from bot.ids import Action, Form
from bot.replies import Block, Message, Option, View
from bot.services.digests import Issue
from bot.views.blocks import (
    Marked,
    button,
    channel_input,
    clip,
    context,
    day,
    divider,
    form,
    header,
    lines,
    marked,
    message,
    section,
    select_input,
    text_input,
)
from bot.views.health.scorecard import ICONS, overridden
from bot.views.health.trend import way_words
from bot.views.partings.progress import count_line
from rules.clients.stages import Stage
from rules.errors import InvalidError
from rules.health.digest import Digest, Entry, Section, Timing
from rules.health.score import Band, rounded
from rules.ports import DigestChannel
from rules.sentences import Sentence
from rules.words import Words

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def posted(issue: Issue, words: Words) -> Message:
    """For a channel. The notification names no client: it may light up on a screen that a client can see."""
    late = (
        [context(marked("Late: due {due}. The figures are today's.", due=day(issue.due_at)))]
        if issue.timing is Timing.LATE
        else []
    )
    if issue.unchanged:
        clients = Sentence("{count} client", "{count} clients", count=issue.digest.clients)
        notes = Sentence("{count} note", "{count} notes", count=issue.digest.notes_this_week)
        text = Sentence("Weekly digest: nothing changed. {clients}, {notes} this week.", clients=clients, notes=notes)
        return message(text, section(Marked(text)), *late)
    return message(f"{_headline(issue.digest, words)}.", *late, *_blocks(issue.digest, words))


def on_demand(digest: Digest, words: Words) -> Message:
    """For one person, only visible to them: the text holds the whole content for a screen reader."""
    said = [
        f"{words.section(part.section)}: {', '.join(entry.name for entry in part.entries)}" for part in digest.sections
    ]
    blocks = _blocks(digest, words) + ([] if digest.sections else [context(_first_step(digest))])
    return message(". ".join([_headline(digest, words), *said]), *blocks)


def digest_form(current: DigestChannel | None, timezone: str) -> View:
    """A new place, or another place or time for one that is there."""
    weekday = str(current.weekday) if current else "0"
    return form(
        Form.DIGEST,
        "Weekly digest",
        [
            channel_input(
                "channel",
                "Channel",
                initial=current.channel_id if current else "",
                hint="Internal channels only; invite Amicable there first",
            ),
            select_input(
                "weekday", "Day", [Option(name, str(place)) for place, name in enumerate(_DAYS)], initial=weekday
            ),
            select_input(
                "hour",
                "Hour",
                [Option(f"{hour:02}", str(hour)) for hour in range(24)],
                initial=str(current.hour if current else 9),
            ),
            select_input(
                "minute",
                "Minute",
                [Option(f"{minute:02}", str(minute)) for minute in range(0, 60, 5)],
                initial=str(current.minute if current else 0),
            ),
            text_input(
                "timezone",
                "Time zone",
                initial=current.timezone if current else timezone,
                hint="A name such as Europe/Amsterdam",
                limit=60,
            ),
        ],
        memo={"channel": current.channel_id} if current else {},
    )


def read_digest_form(workspace_id: str, values: Mapping[str, Any]) -> DigestChannel:
    timezone = str(values["timezone"]).strip()
    if timezone not in available_timezones():
        raise InvalidError("Please look at the time zone.", {"timezone": "Use a name such as Europe/Amsterdam."})
    return DigestChannel(
        workspace_id=workspace_id,
        channel_id=str(values["channel"]),
        weekday=int(values["weekday"]),
        hour=int(values["hour"]),
        minute=int(values["minute"]),
        timezone=timezone,
    )


def _headline(digest: Digest, words: Words) -> str:
    """All that a screen reader and a notification get of a posted digest: figures, and no client's name."""
    notes = Sentence("{count} note", "{count} notes", count=digest.notes_this_week)
    clients = Sentence("{count} client", "{count} clients", count=digest.clients)
    if digest.is_first_week:
        return Sentence("Week 1: {notes}", notes=notes)
    counts = [f"{words.section(part.section)}: {len(part.entries) + part.more}" for part in digest.sections]
    partings = len(digest.partings) + digest.more_partings
    leaving = [Sentence("Partings under way: {partings}", partings=partings)] if partings else []
    return Sentence(
        "Weekly digest of {clients}. {what}. {notes} this week",
        clients=clients,
        what=", ".join([*counts, Sentence("Steady: {steady}", steady=digest.steady), *leaving]),
        notes=notes,
    )


def _blocks(digest: Digest, words: Words) -> list[Block]:
    blocks: list[Block] = [header("Client health"), section(marked("{text}.", text=_headline(digest, words)))]
    for part in digest.sections:
        blocks += [divider(), section(marked("*{title}*", title=words.section(part.section)))]
        blocks += [_entry(entry, part.section, words) for entry in part.entries]
        if part.more:
            blocks.append(context(marked("and {count} more: `/client list`", count=part.more)))
    return [*blocks, *_partings(digest)]


def _partings(digest: Digest) -> list[Block]:
    """One block for all: a message holds fifty."""
    rows = [
        marked(
            "*{name}*: {line}",
            name=clip(name, 80),
            line=count_line(each.origin, each.finished, each.tasks, each.late, each.last_day),
        )
        for name, each in digest.partings
    ]
    more = marked("and {count} more: `/client list`", count=digest.more_partings) if digest.more_partings else ""
    return [section(lines(Marked("*Partings under way*"), *rows, more))] if rows else []


def _first_step(digest: Digest) -> Marked:
    if not digest.clients:
        return Marked("There is no client to speak of yet: `/client add` adds one.")
    return Marked("Nothing needs anybody now. Notes make it speak: `/redflag` and `/praise`, or a reaction.")


def _entry(entry: Entry, part: Section, words: Words) -> Block:
    shown = button(
        "Open",
        Action.OPEN_CLIENT,
        entry.client_id,
        suffix=f"{part.value}-{entry.client_id}",
        name=Sentence("Open {name}", name=entry.name),
    )
    return section(_line(entry, words), shown)


def _line(entry: Entry, words: Words) -> Marked:
    number = "" if entry.score_tenths is None else f"{rounded(entry.score_tenths)} "
    changed = (
        Sentence(", was {band}", band=words.band(entry.previous_band))
        if entry.previous_band not in {"", entry.band}
        else ""
    )
    checkpoint = Sentence(" · checkpoint {day}", day=day(entry.checkpoint_on)) if entry.checkpoint_on else ""
    computed = f"{number}{words.band(entry.computed_band)}"
    return marked(
        "{icon} *{name}* · {number}{band}{override}{changed} {arrow} {trend}{checkpoint}{now}\n{step}",
        icon=Marked(ICONS[Band.ACT_NOW if entry.acts_now else Band(entry.band)]),
        name=entry.name,
        number="" if entry.override else number,
        band=words.band(entry.band),
        override=marked(" ({word})", word=overridden(entry.override, computed)) if entry.override else Marked(""),
        changed=changed,
        arrow=words.arrow(entry.trend.way),
        trend=way_words(entry.trend, words),
        checkpoint=checkpoint,
        now=Marked(" · *act now*") if entry.acts_now else "",
        step=words.next_step(entry.band) if entry.stage is Stage.ACTIVE else words.stage_step(entry.stage),
    )
