"""Trello's JSON, both ways. Pure: no call is made here (REST 1, texts as Markdown)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from rules.ports import TicketChange, TicketOrder, TicketRef, TicketStatus
from rules.sentences import Sentence

Json = dict[str, Any]

LIST, LABEL = "list:", "label:"
"""Begin the `ref` of a list and of a label; a card's is its bare id."""

NAME_LIMIT = 500
LABEL_LIMIT = 100
LABEL_COLOR = "sky"
DESC_LIMIT = 16_000
"""Trello takes 16,384 characters; the marker line needs some of them."""

DUE_TIME = time(17, 0)

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")
_MARKER = re.compile(r"\bwu-[0-9a-f]{12}\b")
_MARKED_NAME = re.compile(r" (wu-[0-9a-f]{12})$")
_MARKER_LINE = re.compile(r"^Wrap-up task (?P<marker>\S+) of (?P<run>\S+)$", re.MULTILINE)


def card_payload(order: TicketOrder, place: Json) -> Json:
    """A card; whom it is for stands in its text too, since not everybody has an account there."""
    card: Json = {
        **place,
        "name": one_line(order.title),
        "desc": f"{_plain(order.details)[:DESC_LIMIT]}\n\n{marker_line(order.marker, order.run_marker)}",
        "pos": "bottom",
    }
    if order.due_on:
        card["due"] = due_at(order.due_on, order.timezone)
    if order.assignee:
        card["idMembers"] = order.assignee
    return card


def card_change(change: TicketChange) -> Json:
    """What is not needed goes to the archive: ticked as complete it would look done."""
    wanted: Json = {"due": due_at(change.due_on, change.timezone)} if change.due_on else {}
    return wanted | ({"dueComplete": True} if change.done else {}) | ({"closed": True} if change.dropped else {})


def due_at(day: date, timezone: str) -> str:
    """Trello's due is an instant: late in the afternoon of that day where the workspace is (facts/trackers.md 8.4)."""
    return instant(datetime.combine(day, DUE_TIME, ZoneInfo(timezone)))


def list_payload(order: TicketOrder) -> Json:
    return {"name": f"{one_line(order.title)} {order.marker}", "pos": "bottom"}


def label_payload(order: TicketOrder) -> Json:
    return {"name": f"{one_line(order.title)[:LABEL_LIMIT]} {order.marker}", "color": LABEL_COLOR}


def marker_line(marker: str, run_marker: str) -> str:
    return Sentence("Wrap-up task {marker} of {run_marker}", marker=marker, run_marker=run_marker)


def marks_of(card: Json) -> tuple[str, str]:
    """The (marker, run marker) of a card, the last of them; blanks when it is none of ours or marked as a double."""
    lines = _MARKER_LINE.findall(card.get("desc") or "")
    return lines[-1] if lines else ("", "")


def marker_in_name(named: Json) -> str:
    """The marker that ends the name of a list or a label; blank when it is none of ours or marked as a double."""
    found = _MARKED_NAME.search(named["name"])
    return found[1] if found else ""


def bears_marker(named: Json) -> bool:
    """A parent whose marker was not taken away yet, or a double of one."""
    return bool(_MARKER.search(named["name"]))


def bare_name(named: Json) -> str:
    return _MARKED_NAME.sub("", named["name"]) or "Tasks"


def double_card(card: Json, original: TicketRef) -> Json:
    """The change that says on a card that it is a double, and takes its marker away from later looks."""
    desc = _MARKER_LINE.sub(
        Sentence("Double of wrap-up task \\g<marker>: {url}", url=original.url), card.get("desc") or ""
    )
    return {"name": Sentence("Double: {card}", card=card["name"]), "desc": desc}


def double_name(named: Json) -> Json:
    return {"name": Sentence("Double: {name} (not used)", name=named["name"])}


def card_ref(card: Json) -> TicketRef:
    url = card["shortUrl"]
    return TicketRef(ref=card["id"], key=url.rpartition("/")[2], url=url)


def parent_ref(prefix: str, named: Json, board_url: str) -> TicketRef:
    """Neither a list nor a label has an address of its own: its board's is given."""
    return TicketRef(ref=f"{prefix}{named['id']}", key="List" if prefix == LIST else "Label", url=board_url)


def card_status(card: Json, lists: Mapping[str, Json]) -> TicketStatus:
    """Done is what is ticked as complete or lies in a list that says so; a card in the archive is merely away."""
    due, where = card.get("due"), lists.get(card.get("idList", ""), {})
    archived = bool(card.get("closed") or where.get("closed"))
    name = bare_name(where) if where else ""
    return TicketStatus(
        complete=bool(card.get("dueComplete")),
        closed=archived,
        names=(name,) if name else (),
        closed_as="archived" if archived else name,
        title=card["name"],
        due_at=datetime.fromisoformat(due) if due else None,
    )


def parent_status(named: Json) -> TicketStatus:
    """Only people archive a list; a label can't be archived."""
    archived = bool(named.get("closed"))
    return TicketStatus(closed=archived, closed_as="archived" if archived else "", title=bare_name(named))


def created_at(object_id: str) -> datetime:
    """Trello's ids begin with their time of birth (facts/trackers.md 3.3)."""
    return datetime.fromtimestamp(int(object_id[:8], 16), tz=UTC)


def oldest_first(things: Iterable[Json]) -> list[Json]:
    return sorted(things, key=lambda thing: str(thing["id"]))


def instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def complaint_fields(text: str) -> dict[str, str]:
    """Trello complains in plain text, `invalid value for idList`."""
    found = re.match(r"invalid value for (\w+)", text)
    return {found[1]: text} if found else {}


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", text)


def one_line(title: str) -> str:
    return " ".join(title.split())[:NAME_LIMIT] or "Task"
