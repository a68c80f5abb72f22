"""What became of a ticket, from the names that its tracker gives: closed is not always done (facts/trackers.md 8.3)."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Protocol

PLAIN_LIMIT = 150
"""What an option of Slack's takes as its value (facts/slack.md)."""

_SIGNS = re.compile(r"[^\w\s]|_")


class Outcome(StrEnum):
    """What the tracker says of a task: under way, finished, or closed without being done."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class ClosedAs(StrEnum):
    """What a name says by itself."""

    DONE = "done"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


class Closing(Protocol):
    """How a tracker describes where a ticket stands; see `rules.ports.TicketStatus`."""

    @property
    def complete(self) -> bool: ...
    @property
    def closed(self) -> bool: ...
    @property
    def names(self) -> tuple[str, ...]: ...


Said = Mapping[str, bool]
"""By plain name: what an admin said once of names that tell nothing by themselves; True: it means done."""


def plain(name: str) -> str:
    """`Won't  Do!` -> `wont do`: the name as it is compared and remembered; one of signs alone, `✅`, stays as it is.

    No longer than `PLAIN_LIMIT`: a very long name is cut, and told apart by a digest of the whole.
    """
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    worded = " ".join(_SIGNS.sub("", folded.replace("-", " ")).split())
    known = worded or folded
    if len(known) <= PLAIN_LIMIT:
        return known
    digest = hashlib.sha256(known.encode()).hexdigest()[:12]
    return f"{worded[: PLAIN_LIMIT - len(digest) - 1].rstrip()} {digest}".lstrip()


def meaning(name: str, said: Said) -> ClosedAs:
    """What is known of a name counts before what somebody said: "Won't do" is never done."""
    asked = plain(name)
    if asked in _names("dropped"):
        return ClosedAs.DROPPED
    if asked in _names("done") or said.get(asked):
        return ClosedAs.DONE
    return ClosedAs.DROPPED if asked in said else ClosedAs.UNKNOWN


def outcome(word: Closing, said: Said) -> Outcome:
    """The first name is the most particular one: a resolution before a status. What nobody can read is not done."""
    if word.complete:
        return Outcome.DONE
    # Where nothing is closed, "that does not mean done" says no more than that the work goes on.
    believed = said if word.closed else {name: means_done for name, means_done in said.items() if means_done}
    meanings = [meaning(name, believed) for name in word.names]
    if ClosedAs.DROPPED in meanings:
        return Outcome.DROPPED
    if meanings[:1] == [ClosedAs.DONE]:
        return Outcome.DONE
    return Outcome.DROPPED if word.closed else Outcome.OPEN


def untold(names: Iterable[str], said: Said) -> list[str]:
    """Those of which somebody has to be asked whether they mean done."""
    return [name for name in names if meaning(name, said) is ClosedAs.UNKNOWN and plain(name) not in said]


def begins(name: str) -> bool:
    """Whether new work goes there, by the name of it."""
    return plain(name) in _names("begins")


def tells_a_state(name: str) -> bool:
    """Whether the name says how far work is: not begun, under way, done, given up."""
    return meaning(name, {}) is not ClosedAs.UNKNOWN or begins(name) or plain(name) in _names("under_way")


@cache
def _names(kind: str) -> frozenset[str]:
    read = tomllib.loads(files(__package__).joinpath("outcomes.toml").read_text(encoding="utf-8"))
    return frozenset(map(plain, read[kind]))
