"""Pictures of figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rules.health.trend import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG, and its words for whoever can't see it."""

    name: str
    png: bytes
    alt_text: str


class Charts(Protocol):
    """Draws."""

    def trend(self, title: str, points: Sequence[Point], band_words: Sequence[str]) -> bytes:
        """A PNG of the scores over the weeks; `band_words` name the four bands from the lowest up.

        Words of ours only: a name that somebody typed may need letters that the font does not have.
        """
