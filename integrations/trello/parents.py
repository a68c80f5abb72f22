"""What stands for a whole parting on a board: a list of its own or, where the lists are states, a label."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from integrations.trello import wire
from integrations.trello.client import BoardClient
from integrations.trello.settings import TrelloSettings
from rules.errors import NeedsHumanError
from rules.partings.tickets.outcomes import ClosedAs, begins, meaning, plain, tells_a_state
from rules.ports import Presence, TicketOrder, TicketRef, TicketStatus
from rules.sentences import Sentence

PREFIXES = (wire.LIST, wire.LABEL)
LISTS_KEPT_SECONDS = 15.0


def is_parent(ref: str) -> bool:
    return ref.startswith(PREFIXES)


class Parents:
    """Lists and labels that we made. The name ends with the marker until all are accounted for: nothing else can.

    Which of the two it is says the ref, so that a board may change its ways while a parting is under way.
    """

    def __init__(self, settings: TrelloSettings, client: BoardClient) -> None:
        self._settings = settings
        self._client = client
        self._board_url = ""
        self._known_lists: list[wire.Json] = []
        self._lists_read_at = -LISTS_KEPT_SECONDS

    def prepare(self, order: TicketOrder) -> Callable[[], TicketRef]:
        """What sends the one request; everything that has to be read for it is read by now."""
        self._find_board_url()
        if self.are_labels(self._lists()):
            return lambda: self._ref(wire.LABEL, self._client.create_label(wire.label_payload(order)))
        return lambda: self._ref(wire.LIST, self._client.create_list(wire.list_payload(order)))

    def are_labels(self, lists: Sequence[wire.Json]) -> bool:
        """A board that keeps its states as lists gets no list for each parting unless somebody chose so."""
        if self._settings.partings == "auto":
            return bool(self._settings.cards_begin_in) or any(tells_a_state(each["name"]) for each in _open(lists))
        return self._settings.partings == "label"

    def place_of_card(self, parent_ref: str) -> wire.Json:
        """Where a card of this parting begins."""
        if parent_ref.startswith(wire.LIST):
            return {"idList": parent_ref.removeprefix(wire.LIST)}
        begins_in = self.begins_in(self._lists())
        return {"idList": begins_in["id"], "idLabels": parent_ref.removeprefix(wire.LABEL)}

    def begins_in(self, lists: Sequence[wire.Json]) -> wire.Json:
        """The open list that was chosen; else one that is called so; else the first whose cards are not over."""
        wanted = self._settings.cards_begin_in
        going = [each for each in _open(lists) if meaning(each["name"], {}) is ClosedAs.UNKNOWN]
        chosen = [each for each in _open(lists) if wanted == each["id"] or plain(wanted) == plain(each["name"])]
        found = chosen if wanted else [*(each for each in going if begins(each["name"])), *going]
        if not found:
            raise NeedsHumanError(
                Sentence(
                    "The Trello board has no list “{name}” where new cards begin. Make it, or name another one in "
                    "AMICABLE_TRELLO__CARDS_BEGIN_IN.",
                    name=wanted or "To do",
                ),
                everything=True,
            )
        return found[0]

    def find(self, markers: Sequence[str]) -> dict[str, list[TicketRef]]:
        if not markers:
            return {}
        found: dict[str, list[TicketRef]] = {}
        for prefix in PREFIXES:
            for named in wire.oldest_first(self._all(prefix)):
                if (marker := wire.marker_in_name(named)) in markers:
                    found.setdefault(marker, []).append(self._ref(prefix, named))
        return found

    def of_cards(self, cards: Sequence[wire.Json], since: datetime, title: str) -> list[TicketRef]:
        """The parent of these cards of one run: made since then, before any of them, and without a marker by now.

        A state is no parent, and a label goes before a list; what still bears the `title` before anything else.
        """
        if not cards:
            return []
        first = min(wire.created_at(card["id"]) for card in cards)
        held = {f"{wire.LIST}{card['idList']}" for card in cards}
        held |= {f"{wire.LABEL}{label_id}" for card in cards for label_id in card["idLabels"]}
        fitting = [
            (prefix, named)
            for prefix in reversed(PREFIXES)
            for named in wire.oldest_first(self._all(prefix))
            if f"{prefix}{named['id']}" in held
            and since <= wire.created_at(named["id"]) <= first
            and not (wire.bears_marker(named) or tells_a_state(named["name"]))
        ]
        fitting.sort(key=lambda pair: not (pair[1]["name"] and title.startswith(pair[1]["name"])))
        return [self._ref(prefix, named) for prefix, named in fitting[:1]]

    def identify(self, ref: str) -> tuple[str, TicketRef] | None:
        named = self._named(ref)
        marker = wire.marker_in_name(named) if named else ""
        return (marker, self._ref(_prefix(ref), named)) if named and marker else None

    def status(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        known = {
            f"{prefix}{named['id']}": wire.parent_status(named)
            for prefix in {_prefix(ref) for ref in refs}
            for named in self._all(prefix)
        }
        return {ref: known.get(ref, TicketStatus(presence=Presence.GONE)) for ref in refs}

    def like(self, marker: str, ref: str) -> dict[str, list[TicketRef]]:
        """The parent, which may have lost its marker and is known by its id, and whatever else bears that marker."""
        found = [
            (named["id"], self._ref(prefix, named))
            for prefix in PREFIXES
            for named in self._all(prefix)
            if f"{prefix}{named['id']}" == ref or wire.marker_in_name(named) == marker
        ]
        return {marker: [each for _, each in sorted(found, key=lambda pair: str(pair[0]))]}

    def tidy(self, ref: str) -> None:
        """A marker was needed in the name for as long as only the name could find it; its id can now."""
        if (named := self._named(ref)) and wire.marker_in_name(named):
            self._change(ref, {"name": wire.bare_name(named)})

    def mark_double(self, ref: str) -> None:
        if (named := self._named(ref)) and wire.marker_in_name(named):
            self._change(ref, wire.double_name(named))

    def forget(self) -> None:
        """Trello refused something: perhaps the board is not any more what it was."""
        self._lists_read_at = -LISTS_KEPT_SECONDS

    def _lists(self) -> list[wire.Json]:
        """Kept for some seconds, in which a whole parting opens: a read for each card would halve what Trello takes."""
        if time.monotonic() >= self._lists_read_at + LISTS_KEPT_SECONDS:
            self._known_lists, self._lists_read_at = self._client.lists(), time.monotonic()
        return self._known_lists

    def _all(self, prefix: str) -> list[wire.Json]:
        return self._client.lists() if prefix == wire.LIST else self._client.labels()

    def _named(self, ref: str) -> wire.Json | None:
        prefix = _prefix(ref)
        return next((named for named in self._all(prefix) if f"{prefix}{named['id']}" == ref), None)

    def _change(self, ref: str, change: wire.Json) -> None:
        prefix = _prefix(ref)
        write = self._client.change_list if prefix == wire.LIST else self._client.change_label
        write(ref.removeprefix(prefix), change)

    def _ref(self, prefix: str, named: wire.Json) -> TicketRef:
        return wire.parent_ref(prefix, named, self._find_board_url())

    def _find_board_url(self) -> str:
        """Asked once: a board's address never changes. Asked before anything is sent, so that no answer is lost."""
        if not self._board_url:
            self._board_url = str(self._client.board()["url"])
        return self._board_url


def _open(lists: Sequence[wire.Json]) -> list[wire.Json]:
    return [each for each in lists if not each.get("closed")]


def _prefix(ref: str) -> str:
    return next(prefix for prefix in PREFIXES if ref.startswith(prefix))
