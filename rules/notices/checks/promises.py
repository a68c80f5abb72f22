"""What we still finish and hand over, as a letter speaks of it: by its name, in other words, or not at all (NE04)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.notices.draft import one_line
from rules.notices.notice import NoticeFacts

_WORD = re.compile(r"[^\W_]{4,}")
# Ends of words differ with number and article: "campaign", "campaigns", "kampanjen".
_STEM = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Something that the client gets, and until when."""

    name: str
    day: date

    def place_in(self, sentence: str) -> int | None:
        """Where the sentence names it: as a whole, or all its words in another order ("the files of the design")."""
        lowered, name = sentence.lower(), self.name.lower()
        if name in lowered:
            return lowered.index(name)
        stems = stems_of(name)
        places = [lowered.find(stem) for stem in stems]
        return min(places) if len(places) > 1 and min(places) >= 0 else None

    def is_hinted_at(self, sentences: Sequence[str]) -> bool:
        """Whether a word of its name stands somewhere."""
        return any(stem in sentence.lower() for stem in stems_of(self.name) for sentence in sentences)


def promises_of(facts: NoticeFacts) -> tuple[Promise, ...]:
    listed = (*facts.deliverables, *facts.handovers)
    return tuple(Promise(name=one_line(name), day=day) for name, day in listed if one_line(name))


def stems_of(text: str) -> tuple[str, ...]:
    """The beginnings of its words, each once; short words say nothing."""
    return tuple(dict.fromkeys(word[:_STEM] for word in _WORD.findall(text.lower())))
