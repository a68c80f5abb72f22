"""What reached whom and when, read from Slack alone: nothing of the app under trial judges itself."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from integrations.sandbox.slack.standin import SlackStandIn
from integrations.sandbox.slack.workspace import Message
from tests.bench.quarters.truth import AMSTERDAM, Colleague

KINDS = ("nudge", "receipt", "whisper")


@dataclass(frozen=True, slots=True)
class Told:
    """A private message of the app that nobody's command asked for."""

    on: date
    person_id: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One client line of a digest."""

    week: int
    on: date
    section: str
    text: str


@dataclass(slots=True)
class Ledger:
    """Grows as the quarter is lived. `homes` holds (day, person, what the first part of their Home said)."""

    slack: SlackStandIn
    people: Sequence[Colleague]
    channel_id: str
    homes: list[tuple[date, str, str]] = field(default_factory=list)

    def words(self) -> Iterator[Told]:
        for person in self.people:
            for message in self.slack.person(person.id).dms():
                if message.by_app and not message.visible_to and not message.thread_ts:
                    yield Told(day_of(message), person.id, _kind(message), self.slack.text_of(message))

    def digests(self) -> list[Message]:
        return [message for message in self.slack.messages(self.channel_id) if message.by_app]

    def lines(self) -> list[Line]:
        found = []
        for week, message in enumerate(self.digests(), start=1):
            section = ""
            for block in message.blocks:
                text = said(block)
                if block["type"] == "section" and "accessory" in block:
                    found.append(Line(week, day_of(message), section, text))
                elif block["type"] == "section":
                    section = text.split("·")[0].strip("* ")
        return found

    def unasked(self) -> dict[str, Counter[tuple[str, int]]]:
        """By kind: how many in each person's week, which begins on a Monday; weeks without any count as none."""
        found: dict[str, Counter[tuple[str, int]]] = {kind: Counter() for kind in KINDS}
        for told in self.words():
            found[told.kind][told.person_id, told.on.isocalendar().week] += 1
        return found

    def first_word(self, name: str, person_ids: Iterable[str], since: date) -> date | None:
        """When one of these people was first told of the client by a private message, not a receipt of their own."""
        wanted = set(person_ids)
        days = [
            told.on
            for told in self.words()
            if told.person_id in wanted and told.kind != "receipt" and name in told.text and told.on >= since
        ]
        return min(days, default=None)

    def first_line(self, name: str, since: date, sections: Iterable[str] = ()) -> date | None:
        """When a digest first named the client, in one of these sections."""
        wanted = set(sections)
        days = [
            line.on
            for line in self.lines()
            if f"*{name}*" in line.text and line.on >= since and (not wanted or line.section in wanted)
        ]
        return min(days, default=None)

    def first_home(self, name: str, person_id: str, since: date) -> date | None:
        days = [on for on, whose, text in self.homes if whose == person_id and name in text and on >= since]
        return min(days, default=None)

    def unsaid_repeats(self) -> int:
        """Lines of a section that say the same in three digests in a row, but for days counted, and do not say so."""
        by_client: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in self.lines():
            name = re.search(r"\*(.+?)\*", line.text)
            what = re.sub(r"for \d+ days|_.*?_", "", line.text.partition("\n")[2]).strip()
            by_client[line.section, f"{name[1] if name else ''}: {what}"].append(line)
        count = 0
        for lines in by_client.values():
            row = 1
            for before, line in pairwise(lines):
                row = row + 1 if line.week == before.week + 1 else 1
                count += row >= 3 and "weeks in a row" not in line.text
        return count


def day_of(message: Message) -> date:
    return datetime.fromtimestamp(float(message.ts), UTC).astimezone(ZoneInfo(AMSTERDAM)).date()


def working_days(since: date, until: date | None) -> int | None:
    """How many working days of the Netherlands later; None for never."""
    if until is None:
        return None
    off = holidays.country_holidays("NL", years=(since.year, until.year))
    days = (since + timedelta(days=number) for number in range(1, (until - since).days + 1))
    return sum(day.weekday() < 5 and day not in off for day in days)


def said(block: dict[str, Any]) -> str:
    """The words of one block."""
    if block["type"] == "header" or (block["type"] == "section" and "text" in block):
        return str(block["text"]["text"])
    return " ".join(str(each.get("text", "")) for each in block.get("elements", ()) if block["type"] == "context")


def as_text(blocks: Iterable[dict[str, Any]], names: dict[str, str]) -> str:
    """A message or a Home as somebody reads it: people by name, buttons in brackets."""
    shown = []
    for block in blocks:
        buttons = [block["accessory"]] if "accessory" in block else []
        buttons += block.get("elements", ()) if block["type"] == "actions" else ()
        labels = [(each.get("text") or each.get("placeholder") or {}).get("text", "") for each in buttons]
        ends = "".join(f"  [{label}]" for label in labels if label)
        rule = "----" if block["type"] == "divider" else ""
        shown.append(f"{said(block) or rule}{ends}")
    text = "\n".join(shown)
    for person_id, name in names.items():
        text = text.replace(f"<@{person_id}>", f"@{name}")
    return text


def _kind(message: Message) -> str:
    key = str(((message.metadata or {}).get("event_payload") or {}).get("key", ""))
    return next((kind for kind in ("nudge", "receipt") if key.startswith(kind)), "whisper")
