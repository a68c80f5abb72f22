"""The weekly digest on one screen, and the form that says where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Message, Option, View
from bot.services.digests import Issue
from bot.services.waiting import WayOn
from bot.views.blocks import (
    Marked,
    button,
    channel_input,
    context,
    day,
    form,
    header,
    marked,
    message,
    person,
    section,
    select_input,
    text_input,
)
from bot.views.health.scorecard import ICONS, overridden
from bot.views.partings.progress import count_line
from bot.views.ways import way_button
from rules.errors import InvalidError
from rules.health.days.turn import Way
from rules.health.digest import SAID_AGAIN, Digest, Entry, Section, Timing
from rules.health.score import Band, rounded
from rules.local_days import is_timezone
from rules.nudges.need import NeedKind
from rules.ports import DigestChannel
from rules.sentences import Sentence
from rules.words import Words

# What anybody of the team may settle has its own button; the rest begins with the client.
_SETTLES = frozenset(
    {
        NeedKind.UNPLANNED,
        NeedKind.CHECKPOINT,
        NeedKind.OUTCOME,
        NeedKind.NOTICE_DAY,
        NeedKind.TERM_OVER,
        NeedKind.SILENT,
    }
)
MOST_CAUSES = 2  # types of notes that a line about a moved band names
_RANKS = {Band.CONSIDER: 0, Band.AMEND: 1, Band.WATCH: 2, Band.HEALTHY: 3}
_NOTHING_NEEDED = "Nothing needs anybody now. Notes make it speak: `/redflag` and `/praise`, or a reaction."
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
    is_quiet = digest.clients and not digest.sections
    blocks = _blocks(digest, words) + ([context(Marked(_NOTHING_NEEDED))] if is_quiet else [])
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
    if not is_timezone(timezone):
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
    return Sentence(
        "Weekly digest of {clients}. {what}. {notes} this week",
        clients=clients,
        what=", ".join(counts) or "Nothing needs anybody",
        notes=notes,
    )


def _blocks(digest: Digest, words: Words) -> list[Block]:
    """One screen; the rest is a click away."""
    notes = Sentence("{count} note", "{count} notes", count=digest.notes_this_week)
    clients = Sentence("{count} client", "{count} clients", count=digest.clients)
    blocks: list[Block] = [
        header("Client health"),
        context(marked("{clients} · {notes} this week", clients=clients, notes=notes)),
    ]
    for part in digest.sections:
        more = marked(" · and {count} more", count=part.more) if part.more else Marked("")
        blocks.append(section(marked("*{title}*{more}", title=words.section(part.section), more=more)))
        blocks += [_entry(entry, words) for entry in part.entries]
    if digest.is_first_week:
        blocks.append(section(_FIRST_WEEK))
    return [*blocks, context(_rest(digest))]


_FIRST_WEEK = Marked(
    "*To make week 2 worth reading:* three notes on two days give a client a number. Put :sunflower: or "
    ":money_with_wings: on a message in a client's internal channel, or type `/praise` and `/redflag`."
)


def _rest(digest: Digest) -> Marked:
    """One line of counts for all who need nobody."""
    if not digest.clients:
        return Marked("There is no client to speak of yet: `/client add` adds one.")
    if digest.too_early == digest.clients:
        return Marked("No client has a number yet: that takes three notes on two days. `/client list` shows all.")
    steady = Sentence("{count} client needs nobody now", "{count} clients need nobody now", count=digest.steady)
    few = Sentence(
        "{count} client has too few notes for a number",
        "{count} clients have too few notes for a number",
        count=digest.too_early,
    )
    told = "; ".join([*([steady] if digest.steady else []), *([few] if digest.too_early else [])])
    return marked("{told}. `/client list` shows all.", told=told) if told else Marked("`/client list` shows all.")


def _entry(entry: Entry, words: Words) -> Block:
    """Name, band and number, why, whose, how long, and the button that settles it or opens the client."""
    suffix, need = entry.client_id, entry.need  # a client has one line
    if need and need.kind in _SETTLES:
        return section(_line(entry, words), way_button(WayOn(need.way), need.value, suffix=suffix))
    name = Sentence("Open {name}", name=entry.name)
    shown = button("Open", Action.OPEN_CLIENT, entry.client_id, suffix=suffix, name=name)
    return section(_line(entry, words), shown)


def _line(entry: Entry, words: Words) -> Marked:
    number = "" if entry.score_tenths is None else f"{rounded(entry.score_tenths)} "
    computed = f"{number}{words.band(entry.computed_band)}"
    again = marked(" _Said {weeks} weeks in a row._", weeks=entry.weeks) if entry.weeks >= SAID_AGAIN else Marked("")
    more = Sentence("{count} more thing waits there.", "{count} more things wait there.", count=entry.further)
    further = marked(" _{more}_", more=more) if entry.further else Marked("")
    return marked(
        "{icon} *{name}* · {number}{band}{override}\n{why}{further}{again}",
        icon=Marked(ICONS[Band.ACT_NOW if entry.acts_now else Band(entry.band)]),
        name=entry.name,
        number="" if entry.override else number,
        band=words.band(entry.band),
        override=marked(" ({word})", word=overridden(entry.override, computed)) if entry.override else Marked(""),
        why=_why(entry, words),
        further=further,
        again=again,
    )


def _why(entry: Entry, words: Words) -> Marked:
    match entry.section:
        case Section.MOVED:
            return _moved(entry, words)
        case Section.COMING:
            return _coming(entry)
        case Section.GOOD_NEWS:
            return _praised(entry)
        case Section.PARTING if entry.parting:
            known = entry.parting
            count = Marked(count_line(known.origin, known.finished, known.tasks, known.late, known.last_day))
            return marked("{count}\n{left}", count=count, left=_pressing(entry)) if entry.need else count
        case _:
            return _pressing(entry)


def _pressing(entry: Entry) -> Marked:
    """The sentence of what needs somebody, and whom: those who have left it are named with the day."""
    need = entry.need
    if need is None:
        return marked("{what} {who}", what=_poor(entry), who=_for(entry))
    presses_by_itself = need.kind in {NeedKind.ACT_NOW, NeedKind.UNPLANNED}
    what = need.what if presses_by_itself else f"{_trouble(entry)}{need.what}"
    if need.due_on and (need.reach or (need.is_late and not presses_by_itself)):
        since = f"{need.due_on:%a} {need.due_on.day} {need.due_on:%b}"
        return marked("{what} Overdue since {since}, for {who}.", what=what, since=since, who=_whose(entry))
    return marked("{what} {who}", what=what, who=_for(entry))


def _trouble(entry: Entry) -> str:
    """A client that is mended says for how long it has been bad all the same."""
    days = entry.poor_days
    return Sentence("In trouble for {count} day. ", "In trouble for {count} days. ", count=days) if days else ""


def _for(entry: Entry) -> Marked:
    return marked("For {who}.", who=_whose(entry))


def _whose(entry: Entry) -> Marked:
    named = entry.need.turn.named if entry.need else ()
    return Marked(Marked(", ").join(person(each) for each in named) or person(entry.owner_id))


def _praised(entry: Entry) -> Marked:
    """What somebody noted, where everybody may read it."""
    rising = " It is rising." if entry.trend.way is Way.UP else ""
    if not entry.praises:
        return marked("Praised this week.{rising}", rising=rising)
    newest, more = entry.praises[0], len(entry.praises) - 1
    count = Sentence(", and {count} more kind word", ", and {count} more kind words", count=more) if more else ""
    return marked(
        "{label}, says {who}{count}.{rising}", label=newest.label, who=person(newest.by_id), count=count, rising=rising
    )


def _poor(entry: Entry) -> str:
    if entry.poor_days is None:
        return "Somebody has to look at it."
    if not entry.poor_days:
        return "In trouble since today: no plan yet."
    return Sentence(
        "In trouble for {count} day, and no plan runs.",
        "In trouble for {count} days, and no plan runs.",
        count=entry.poor_days,
    )


def _moved(entry: Entry, words: Words) -> Marked:
    """The band's way, and what was noted this week that goes with it."""
    fell = _RANKS[Band(entry.previous_band)] > _RANKS[entry.band]
    labels = entry.flags if fell else tuple(dict.fromkeys(each.label for each in entry.praises))
    noted = f" {', '.join(labels[:MOST_CAUSES])};" if labels else ""
    notes = Sentence("{count} note this week.", "{count} notes this week.", count=entry.notes_this_week)
    plan = " A plan runs." if entry.plan_runs else ""
    return marked(
        "{way} from {was} to {now};{noted} {notes}{plan} {who}",
        way="Fell" if fell else "Rose",
        was=words.band(entry.previous_band),
        now=words.band(entry.band),
        noted=noted,
        notes=notes,
        plan=plan,
        who=_for(entry),
    )


def _coming(entry: Entry) -> Marked:
    if entry.need:
        return _pressing(entry)
    when = day(entry.coming_on) if entry.coming_on else ""
    return marked(
        "{trouble}The plan has a checkpoint on {when}. {who}", trouble=_trouble(entry), when=when, who=_for(entry)
    )
