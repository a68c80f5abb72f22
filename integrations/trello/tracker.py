from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from integrations.http import require_in_time
from integrations.trello import wire
from integrations.trello.client import LABEL, BoardClient
from integrations.trello.parents import Parents, is_parent
from integrations.trello.settings import TrelloSettings
from rules.errors import NeedsHumanError
from rules.partings.tickets.outcomes import ClosedAs, meaning, tells_a_state
from rules.ports import Account, Destination, Onlooker, TicketChange, TicketOrder, TicketRef, TicketStatus
from rules.sentences import Sentence

CLOCK_SLACK = timedelta(minutes=2)
"""How far Trello's clock may be behind ours when we look for what came after a request (facts/trackers.md 3.4)."""

LOOK_FIELDS = "id,name,desc,shortUrl,idList,idLabels"
STATUS_FIELDS = "id,name,closed,due,dueComplete,idList,shortUrl"
WEBHOOK = "Amicable"


class TrelloTracker:
    """Tickets as cards: the parent is a list of the board with the tasks in it, or a label that the tasks bear."""

    name = "trello"
    label = LABEL
    is_inside = False
    expires_on: date | None = None

    def __init__(self, settings: TrelloSettings, callback: str = "", client: BoardClient | None = None) -> None:
        """`callback` is where Trello can tell us of changes; blank where it can't."""
        self.quiet_period = settings.quiet_period
        self._callback = callback
        self._client = client or BoardClient(settings)
        self._parents = Parents(settings, self._client)

    def watermark(self) -> str:
        """None is needed: a board's cards are read from the data, not from an index."""
        return ""

    def create(self, order: TicketOrder) -> TicketRef:
        with self._client.at_once():
            return self._create(order)

    def _create(self, order: TicketOrder) -> TicketRef:
        began = time.monotonic()
        if order.is_parent:
            send = self._parents.prepare(order)
            require_in_time(LABEL, began, self.quiet_period)
            return send()
        place = self._parents.place_of_card(order.parent_ref)
        require_in_time(LABEL, began, self.quiet_period)
        try:
            card = self._client.create_card(wire.card_payload(order, place))
        except NeedsHumanError:
            self._parents.forget()
            raise
        return wire.card_ref(card)

    def find(self, orders: Sequence[TicketOrder], attempt_at: datetime, watermark: str) -> dict[str, list[TicketRef]]:
        """Read from the data and not from an index; a board that our account can't see refuses to be read."""
        del watermark
        since, markers = attempt_at - CLOCK_SLACK, {order.marker for order in orders}
        found = self._parents.find([order.marker for order in orders if order.is_parent])
        if set(found) == markers:
            return found
        cards = self._client.cards_since(wire.instant(since), LOOK_FIELDS)
        tidied = [order for order in orders if order.is_parent and order.marker not in found]
        found |= {order.marker: refs for order in tidied if (refs := self._tidied(order, cards, since))}
        marked: dict[str, list[wire.Json]] = defaultdict(list)
        for card in cards:
            if (marker := wire.marks_of(card)[0]) in markers:
                marked[marker].append(card)
        return found | {marker: _refs(group) for marker, group in marked.items()}

    def _tidied(self, parent: TicketOrder, cards: Sequence[wire.Json], since: datetime) -> list[TicketRef]:
        """A parent whose name gave its marker away, which a copy of the database does not know: its cards tell."""
        of_run = [card for card in cards if wire.marks_of(card)[1] == parent.run_marker]
        return self._parents.of_cards(of_run, since, wire.one_line(parent.title))

    def glance(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        """None is needed: a board's cards are read from the data, a thousand in a request."""
        del refs
        return {}

    def status(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        cards = [ref for ref in refs if not is_parent(ref)]
        return {**self._status_of_cards(cards), **self._parents.status([ref for ref in refs if is_parent(ref)])}

    def identify(self, ref: str) -> tuple[str, TicketRef] | None:
        if is_parent(ref):
            return self._parents.identify(ref)
        card = self._client.card(ref, LOOK_FIELDS)
        marker = wire.marks_of(card)[0] if card else ""
        return (marker, wire.card_ref(card)) if card and marker else None

    def update(self, ref: str, change: TicketChange) -> None:
        """A list has no day and is never finished by us: archived, it would hide its cards. A label has neither."""
        if not is_parent(ref):
            self._client.change_card(ref, wire.card_change(change))

    def doubles(self, run_marker: str, parent_marker: str, parent_ref: str) -> dict[str, list[TicketRef]]:
        """Cards of the run, and the parent with whatever carries its marker."""
        if not parent_ref:
            return {}
        parent_id = parent_ref.rpartition(":")[2]
        by_marker: dict[str, list[wire.Json]] = defaultdict(list)
        for card in self._client.cards_since(_just_before([parent_id]), LOOK_FIELDS):
            marker, run = wire.marks_of(card)
            if run == run_marker:
                by_marker[marker].append(card)
        found = {marker: _refs(cards) for marker, cards in by_marker.items()}
        return found | self._parents.like(parent_marker, parent_ref)

    def tidy(self, parent_ref: str) -> None:
        self._parents.tidy(parent_ref)

    def mark_double(self, ref: str, original: TicketRef) -> None:
        if is_parent(ref):
            self._parents.mark_double(ref)
        elif (card := self._client.card(ref, LOOK_FIELDS)) and wire.marks_of(card)[0]:
            self._client.change_card(ref, wire.double_card(card, original))

    def destination(self) -> Destination:
        board, lists = self._client.board(), self._client.lists()
        people = [Onlooker(id=each["id"], name=_name(each)) for each in board.get("members", [])]
        seen_by = {"private": "", "board": "", "org": " and everybody in its Trello workspace"}
        level = board.get("prefs", {}).get("permissionLevel")
        are_labels = self._parents.are_labels(lists)
        known, asked = _endings(lists, are_labels=are_labels)
        return Destination(
            id=f"trello:{board['id']}",
            name=board["name"],
            url=board["url"],
            audience=f"{', '.join(each.name for each in people) or 'Members of the board'}{seen_by.get(level, '')}.",
            people=tuple(people),
            problem=_problem(board, shared_wider=level not in seen_by),
            endings=tuple(dict.fromkeys((*known, *asked.values()))),
            endings_by_ref=asked,
            layout=self._layout(lists, are_labels=are_labels),
        )

    def accounts(self) -> list[Account]:
        return [Account(id=each["id"], name=_name(each)) for each in self._client.board().get("members", [])]

    def keep_webhook(self) -> None:
        """Trello switches a webhook off when nobody answered for long, and forgets it with its token."""
        if not self._callback:
            return
        board_id = self._client.board()["id"]
        ours = self._webhooks(board_id)
        if not ours:
            wanted = {"callbackURL": self._callback, "idModel": board_id, "description": WEBHOOK}
            self._client.create_webhook(wanted)
        elif not any(each.get("active") for each in ours):
            self._client.change_webhook(ours[0]["id"], {"active": True})

    def webhook_fault(self) -> str:
        if not self._callback or any(each.get("active") for each in self._webhooks(self._client.board()["id"])):
            return ""
        return Sentence(
            "Trello's webhook is not on, so its news takes up to ten minutes. A worker switches it on by itself once "
            "Trello reaches {url}.",
            url=self._callback,
        )

    def _webhooks(self, board_id: str) -> list[wire.Json]:
        """Known by what it tells whom, whoever registered it: another address belongs to another installation."""
        wanted = (board_id, self._callback)
        return [each for each in self._client.webhooks() if (each.get("idModel"), each.get("callbackURL")) == wanted]

    def _layout(self, lists: Sequence[wire.Json], *, are_labels: bool) -> str:
        if not are_labels:
            return Sentence("Each parting gets a list of its own on this board.")
        return Sentence(
            "The lists of this board are states, so each parting gets a label, and its cards begin in “{name}”.",
            name=self._parents.begins_in(lists)["name"],
        )

    def _status_of_cards(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        """One scan for all; a single card, and one that went to another board, is read by itself.

        The lists tell where a card lies, and that our account sees the board: then what is not there is gone.
        """
        if not refs:
            return {}
        lists = {found["id"]: found for found in self._client.lists()}
        scan = self._client.cards_since(_just_before(refs), STATUS_FIELDS) if len(refs) > 1 else []
        scanned = {card["id"]: card for card in scan}
        return {
            ref: wire.card_status(scanned[ref], lists) if ref in scanned else self._status_of_card(ref, lists)
            for ref in refs
        }

    def _status_of_card(self, ref: str, lists: Mapping[str, wire.Json]) -> TicketStatus:
        presence, card = self._client.look_at_card(ref, STATUS_FIELDS)
        return wire.card_status(card, lists) if card else TicketStatus(presence=presence)


def _endings(lists: Sequence[wire.Json], *, are_labels: bool) -> tuple[list[str], dict[str, str]]:
    """Names of open lists in which work is over, and by ref those in which it may be.

    A list that bears a marker is a parent; one that lost it can only be known by its ref.
    """
    open_ones = [each for each in lists if not each.get("closed")]
    known = [each["name"] for each in open_ones if meaning(each["name"], {}) is not ClosedAs.UNKNOWN]
    asked = [each for each in open_ones if not tells_a_state(each["name"]) and not wire.bears_marker(each)]
    return known, {f"{wire.LIST}{each['id']}": each["name"] for each in asked if are_labels}


def _name(member: wire.Json) -> str:
    return member.get("fullName") or member.get("username") or "somebody"


def _refs(cards: Iterable[wire.Json]) -> list[TicketRef]:
    return [wire.card_ref(card) for card in wire.oldest_first(cards)]


def _just_before(ids: Sequence[str]) -> str:
    return wire.instant(min(wire.created_at(each) for each in ids) - timedelta(seconds=1))


def _problem(board: wire.Json, *, shared_wider: bool) -> str:
    if board.get("closed"):
        return Sentence("The Trello board {board} is closed. Open it again or choose another one.", board=board["name"])
    if shared_wider:
        return Sentence(
            "The Trello board {board} is public or open to a whole company. Make it private, then try again.",
            board=board["name"],
        )
    return ""
