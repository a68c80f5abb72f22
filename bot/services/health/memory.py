"""The ledgers that were read last, so that a further note of a client does not ask for all of its notes again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from rules.health.formula.entries import Entry
from rules.health.signal import Outline

MOST_NOTES = 10_000  # some 7 MB


class CountedNotes(NamedTuple):
    """A client's notes that count, in outline and as the formula reads them."""

    outlines: Sequence[Outline]
    entries: Sequence[Entry]

    def without(self, signal_id: str) -> CountedNotes:
        return CountedNotes(
            [each for each in self.outlines if each.id != signal_id],
            [each for each in self.entries if each.id != signal_id],
        )

    def beside(self, others: CountedNotes) -> CountedNotes:
        return CountedNotes([*self.outlines, *others.outlines], [*self.entries, *others.entries])


class LedgerMemory:
    """Of one process. What is kept counts for the mark under which it was read and no other.

    The mark comes with the client's standing out of the database, in the statement that locks the client; whatever
    writes a note ends it, in any process and any release. So nothing here can be out of date: at worst it is not asked.
    """

    def __init__(self, most_notes: int = MOST_NOTES) -> None:
        self._guard = threading.Lock()
        self._most = most_notes
        self._held = 0
        self._kept: OrderedDict[tuple[str, str], tuple[object, CountedNotes]] = OrderedDict()

    def recall(self, client: tuple[str, str], mark: object) -> CountedNotes | None:
        """`client` is its workspace and its id, `mark` whatever has to be the same."""
        with self._guard:
            found = self._kept.get(client)
            if found is None or found[0] != mark:
                return None
            self._kept.move_to_end(client)
            return found[1]

    def keep(self, client: tuple[str, str], mark: object, told: CountedNotes) -> None:
        """Instead of what was kept of the client; those that were asked for longest ago make room."""
        with self._guard:
            self._forget(client)
            self._kept[client] = mark, told
            self._held += len(told.outlines) + 1
            while self._held > self._most:
                self._forget(next(iter(self._kept)))

    def _forget(self, client: tuple[str, str]) -> None:
        gone = self._kept.pop(client, None)
        if gone:
            self._held -= len(gone[1].outlines) + 1
