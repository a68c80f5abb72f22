"""What somebody is told of a note that was logged where no answer could be shown: one message a person and day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReceipt:
    """`day` is the person's own; its receipts stand in one message, drawn anew while `drawn` is behind `version`."""

    id: str
    workspace_id: str
    person_id: str
    signal_id: str
    day: date
    version: int = 1
    drawn: int = 0


def message_key(person_id: str, day: date) -> str:
    """Of the message that holds a day's receipts."""
    return f"receipts:{person_id}:{day}"


def versions(receipts: Iterable[NoteReceipt]) -> frozenset[tuple[str, int]]:
    """Equal where nothing has come and nothing has changed."""
    return frozenset((receipt.id, receipt.version) for receipt in receipts)


def receipt_id(signal_id: str, person_id: str) -> str:
    return f"rp-{hashlib.sha256(f'{signal_id}|{person_id}'.encode()).hexdigest()[:20]}"
