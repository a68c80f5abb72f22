"""What became of the lines of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from rules.errors import AmicableError


@dataclass(slots=True, kw_only=True)
class Tally:
    """`there`: the same was in the database, or further up in the file. `unsorted` counts unknown types by their word.

    `tell(line number, sentence)` hears of each line that can't be taken, as it is met.
    """

    tell: Callable[[int, str], None]
    added: int = 0
    filled: int = 0
    there: int = 0
    bad: int = 0
    unsorted: Counter[str] = field(default_factory=Counter)
    _foreseen: set[str] = field(default_factory=set)

    def count(self, changed: bool) -> None:  # noqa: FBT001 - read as "count: changed or not"
        if changed:
            self.filled += 1
        else:
            self.there += 1

    def foresee(self, key: str) -> None:
        """A dry run adds nothing, so that it has to remember what it would have added."""
        if key in self._foreseen:
            self.there += 1
        else:
            self._foreseen.add(key)
            self.added += 1

    def refuse(self, line: int, error: AmicableError) -> None:
        self.bad += 1
        self.tell(line, error.sentence)
