"""What remembers that somebody was erased without saying who: one-way marks of names and ids.

They keep an import, a late event or the daily reading of the team from bringing back what is gone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.clients.names import normal

_GONE = "gone-"

OPERATOR = "operator"  # stands for whoever sits at the command line


class Erased(StrEnum):
    """Who can be erased."""

    CLIENT = "client"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """`hash` is the mark of a client's name or of a person's id or address."""

    workspace_id: str
    kind: Erased
    hash: str
    erased_at: datetime


def mark(workspace_id: str, kind: Erased, text: str) -> str:
    """The same for every spelling of a name, and no way back to it."""
    said = normal(text) if kind is Erased.CLIENT else text.casefold()
    return hashlib.sha256(f"{workspace_id}|{kind}|{said}".encode()).hexdigest()


def pseudonym(workspace_id: str, person_id: str) -> str:
    """Stands for a person who is gone: always the same one, so that two reporters stay two."""
    return f"{_GONE}{hashlib.sha256(f'pseudonym|{workspace_id}|{person_id}'.encode()).hexdigest()[:12]}"


def is_gone(person_id: str) -> bool:
    return person_id.startswith(_GONE)
