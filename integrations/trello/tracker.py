from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from integrations.trello import wire
from integrations.trello.client import LABEL, BoardClient
from integrations.trello.settings import TrelloSettings
from rules.ports import Account, Destination, Onlooker, Presence, TicketChange, TicketOrder, TicketRef, TicketStatus
from rules.sentences import Sentence

CLOCK_SLACK = timedelta(minutes=2)
"""How far Trello's clock may be behind ours when we look for what came after a request (facts/trackers.md 3.4)."""

LOOK_FIELDS = "id,name,desc,shortUrl"
STATUS_FIELDS = "id,name,closed,due,dueComplete,idList,shortUrl"


class TrelloTracker:
    """Tickets as cards: the parent is a list of the board, tasks are cards in it.

    The list's name ends with its marker until all are accounted for: a list has nothing else to carry one.
    """

    name = "trello"
    label = LABEL
    is_inside = False
    expires_on: date | None = None

    def __init__(self, settings: TrelloSettings, client: BoardClient | None = None) -> None:
        self.quiet_period = settings.quiet_period
        self._board_url = ""
        self._client = client or BoardClient(settings)

    def watermark(self) -> str:
        """None is needed: a board's cards are read from the data, not from an index."""
        return ""

    def create(self, order: TicketOrder) -> TicketRef:
        if order.is_parent:
            board_url = self._find_board_url()
            return wire.list_ref(self._client.create_list(wire.list_payload(order)), board_url)
        list_id = order.parent_ref.removeprefix(wire.LIST)
        return wire.card_ref(self._client.create_card(wire.card_payload(order, list_id)))

    def find(self, orders: Sequence[TicketOrder], attempt_at: datetime, watermark: str) -> dict[str, list[TicketRef]]:
        """Read from the data and not from an index; a board that our account can't see refuses to be read."""
        del watermark
        found: dict[str, list[TicketRef]] = {}
        parents = [order.marker for order in orders if order.is_parent]
        if parents:
            lists = self._client.lists()
            found |= {marker: refs for marker in parents if (refs := self._list_refs(marker, lists))}
        wanted = {order.marker for order in orders if not order.is_parent}
        if wanted:
            cards: dict[str, list[wire.Json]] = defaultdict(list)
            for card in self._client.cards_since(wire.instant(attempt_at - CLOCK_SLACK), LOOK_FIELDS):
                if (marker := wire.marks_of(card)[0]) in wanted:
                    cards[marker].append(card)
            found |= {marker: _refs(marked) for marker, marked in cards.items()}
        return found

    def status(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        cards = [ref for ref in refs if not ref.startswith(wire.LIST)]
        lists = [ref for ref in refs if ref.startswith(wire.LIST)]
        return {**self._status_of_cards(cards), **self._status_of_lists(lists)}

    def identify(self, ref: str) -> tuple[str, TicketRef] | None:
        if ref.startswith(wire.LIST):
            lists = [found for found in self._client.lists() if f"{wire.LIST}{found['id']}" == ref]
            marked = [(wire.marker_of_list(found), found) for found in lists]
            return next(
                ((marker, wire.list_ref(found, self._find_board_url())) for marker, found in marked if marker), None
            )
        card = self._client.card(ref, LOOK_FIELDS)
        marker = wire.marks_of(card)[0] if card else ""
        return (marker, wire.card_ref(card)) if card and marker else None

    def update(self, ref: str, change: TicketChange) -> None:
        """A list has no day and is never finished by us: archived, it would hide its cards."""
        if not ref.startswith(wire.LIST):
            self._client.change_card(ref, wire.card_change(change))

    def doubles(self, run_marker: str, parent_marker: str, parent_ref: str) -> dict[str, list[TicketRef]]:
        """Cards of the run, and the parent's list with those that carry its marker."""
        if not parent_ref:
            return {}
        parent_id = parent_ref.removeprefix(wire.LIST)
        by_marker: dict[str, list[wire.Json]] = defaultdict(list)
        for card in self._client.cards_since(_just_before([parent_id]), LOOK_FIELDS):
            marker, run = wire.marks_of(card)
            if run == run_marker:
                by_marker[marker].append(card)
        return {marker: _refs(cards) for marker, cards in by_marker.items()} | self._lists_like(
            parent_marker, parent_id
        )

    def tidy(self, parent_ref: str) -> None:
        """A marker was needed in the name for as long as only the name could find the list; its id can now."""
        list_id = parent_ref.removeprefix(wire.LIST)
        found = next((found for found in self._client.lists() if found["id"] == list_id), None)
        if found and wire.marker_of_list(found):
            self._client.change_list(list_id, {"name": wire.bare_name(found)})

    def mark_double(self, ref: str, original: TicketRef) -> None:
        if ref.startswith(wire.LIST):
            self._mark_double_list(ref.removeprefix(wire.LIST))
        elif (card := self._client.card(ref, LOOK_FIELDS)) and wire.marks_of(card)[0]:
            self._client.change_card(ref, wire.double_card(card, original))

    def destination(self) -> Destination:
        board = self._client.board()
        people = [Onlooker(id=each["id"], name=_name(each)) for each in board.get("members", [])]
        seen_by = {"private": "", "board": "", "org": " and everybody in its Trello workspace"}
        level = board.get("prefs", {}).get("permissionLevel")
        return Destination(
            id=f"trello:{board['id']}",
            name=board["name"],
            url=board["url"],
            audience=f"{', '.join(each.name for each in people) or 'Members of the board'}{seen_by.get(level, '')}.",
            people=tuple(people),
            problem=_problem(board, shared_wider=level not in seen_by),
        )

    def accounts(self) -> list[Account]:
        return [Account(id=each["id"], name=_name(each)) for each in self._client.board().get("members", [])]

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

    def _status_of_lists(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        if not refs:
            return {}
        known = {f"{wire.LIST}{found['id']}": wire.list_status(found) for found in self._client.lists()}
        return {ref: known.get(ref, TicketStatus(presence=Presence.GONE)) for ref in refs}

    def _lists_like(self, marker: str, parent_id: str) -> dict[str, list[TicketRef]]:
        """The parent's own list may have lost its marker; it is known by its id."""
        board_url = self._find_board_url()
        ours = [each for each in self._client.lists() if each["id"] == parent_id or wire.marker_of_list(each) == marker]
        return {marker: [wire.list_ref(found, board_url) for found in wire.oldest_first(ours)]}

    def _mark_double_list(self, list_id: str) -> None:
        found = next((found for found in self._client.lists() if found["id"] == list_id), None)
        if found and wire.marker_of_list(found):
            self._client.change_list(list_id, wire.double_list(found))

    def _list_refs(self, marker: str, lists: Iterable[wire.Json]) -> list[TicketRef]:
        board_url = self._find_board_url()
        marked = [found for found in lists if wire.marker_of_list(found) == marker]
        return [wire.list_ref(found, board_url) for found in wire.oldest_first(marked)]

    def _find_board_url(self) -> str:
        """Asked once: a board's address never changes. Asked before anything is sent, so that no answer is lost."""
        if not self._board_url:
            self._board_url = str(self._client.board()["url"])
        return self._board_url


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
