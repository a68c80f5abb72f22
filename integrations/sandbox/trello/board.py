"""One board with its lists and cards, and what it refuses."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

TEXT_LIMIT = 16_384
POS_STEP = 16_384.0
COLORS = {"green", "yellow", "orange", "red", "purple", "blue", "sky", "lime", "pink", "black"}
OBJECT_ID = re.compile(r"^[0-9a-f]{24}$")


class RefusedError(ValueError):
    """What Trello answers with 400 and this text."""


@dataclass(slots=True, kw_only=True)
class BoardList:
    """A list of the board; the one with the lowest `pos` lies leftmost.

    `born_as` is the marker that it was made with, whatever became of it since.
    """

    id: str
    name: str
    pos: float
    closed: bool = False
    born_as: str = ""


@dataclass(slots=True, kw_only=True)
class Label:
    """A label of the board. `born_as` is the marker that it was made with, whatever became of it since."""

    id: str
    name: str
    color: str | None = None
    born_as: str = ""


@dataclass(slots=True, kw_only=True)
class Card:
    """A card as the board shows it. `born_as` is the marker that it was made with, whatever became of it since."""

    id: str
    short: int
    list_id: str
    name: str
    desc: str = ""
    due: str | None = None
    due_complete: bool = False
    closed: bool = False
    member_ids: tuple[str, ...] = ()
    label_ids: tuple[str, ...] = ()
    born_as: str = ""

    @property
    def short_link(self) -> str:
        return f"{self.id[:4]}{self.short:04d}"

    @property
    def marker(self) -> str:
        found = re.search(r"wrap-up task (wu-\w+) of", self.desc, re.IGNORECASE)
        return found[1] if found else ""


@dataclass(slots=True, kw_only=True)
class Member:
    """Somebody on the board."""

    id: str
    name: str
    username: str


@dataclass(slots=True, kw_only=True)
class Board:
    """The board; `level` is who sees it (`org`: its workspace, `public`: everybody)."""

    id: str = "5f0000000000000000000001"
    short_link: str = "AmiBoard"
    name: str = "Wrap-ups"
    level: str = "org"
    closed: bool = False
    members: list[Member] = field(
        default_factory=lambda: [Member(id="5f0000000000000000000011", name="Ada Agency", username="ada")]
    )
    lists: dict[str, BoardList] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    now: Callable[[], float] = time.time
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def new_id(self) -> str:
        """An id that begins with its time of birth, as MongoDB's do."""
        return f"{int(self.now()):08x}{next(self._numbers):016x}"

    def add_list(self, given: Json) -> BoardList:
        made = BoardList(id=self.new_id(), name=_text(given, "name", required=True), pos=self._place(given.get("pos")))
        made.born_as = made.name.rpartition(" ")[2]
        self.lists[made.id] = made
        return made

    def _place(self, wanted: Any) -> float:
        """On the left of all unless it says otherwise, as Trello puts a list that it is given no place for."""
        taken = [each.pos for each in self.lists.values()]
        if wanted == "bottom":
            return max(taken, default=0.0) + POS_STEP
        if wanted in {None, "top"}:
            return min(taken, default=2 * POS_STEP) / 2
        if not isinstance(wanted, int | float) or wanted <= 0:
            raise RefusedError("invalid value for pos")
        return float(wanted)

    def add_label(self, given: Json) -> Label:
        color = given.get("color")
        if color is not None and color not in COLORS:
            raise RefusedError("invalid value for color")
        made = Label(id=self.new_id(), name=_text(given, "name", required=True), color=color)
        made.born_as = made.name.rpartition(" ")[2]
        self.labels[made.id] = made
        return made

    def add_card(self, given: Json) -> Card:
        list_id = given.get("idList")
        if not isinstance(list_id, str) or not OBJECT_ID.match(list_id) or list_id not in self.lists:
            raise RefusedError("invalid value for idList")
        made = Card(
            id=self.new_id(),
            short=len(self.cards) + 1,
            list_id=list_id,
            name=_text(given, "name"),
            desc=_text(given, "desc"),
            due=_instant(given.get("due")),
            member_ids=self._known_members(given.get("idMembers", "")),
            label_ids=self._known_labels(given.get("idLabels", "")),
        )
        made.born_as = made.marker
        self.cards[made.id] = made
        return made

    def _known_members(self, given: str) -> tuple[str, ...]:
        """Ids with commas between; only members of the board can be put on a card."""
        asked = tuple(each for each in given.split(",") if each)
        if not set(asked) <= {member.id for member in self.members}:
            raise RefusedError("invalid value for idMembers")
        return asked

    def _known_labels(self, given: str) -> tuple[str, ...]:
        asked = tuple(each for each in given.split(",") if each)
        if not set(asked) <= set(self.labels):
            raise RefusedError("invalid value for idLabels")
        return asked

    def change_card(self, card: Card, given: Json) -> None:
        if "idList" in given and given["idList"] not in self.lists:
            raise RefusedError("invalid value for idList")
        card.name = _text({"name": card.name} | given, "name")
        card.desc = _text({"desc": card.desc} | given, "desc")
        card.due = _instant(given.get("due", card.due))
        card.list_id = given.get("idList", card.list_id)
        card.due_complete = bool(given.get("dueComplete", card.due_complete))
        card.closed = bool(given.get("closed", card.closed))

    def change_list(self, board_list: BoardList, given: Json) -> None:
        board_list.name = _text({"name": board_list.name} | given, "name", required=True)
        board_list.closed = bool(given.get("closed", board_list.closed))

    def find_card(self, id_or_link: str) -> Card | None:
        return next((card for card in self.cards.values() if id_or_link in (card.id, card.short_link)), None)


def _text(given: Json, name: str, *, required: bool = False) -> str:
    value = given.get(name, "")
    if not isinstance(value, str) or len(value) > TEXT_LIMIT or (required and not value.strip()):
        raise RefusedError(f"invalid value for {name}")
    return value


def _instant(value: Any) -> str | None:
    """An ISO instant as Trello gives it back, in UTC with milliseconds."""
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise RefusedError("invalid date") from error
    return (at.astimezone(UTC) if at.tzinfo else at).strftime("%Y-%m-%dT%H:%M:%S.000Z")
