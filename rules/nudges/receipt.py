"""What somebody is told of a note that was logged where no answer could be shown: one receipt a note and person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReceipt:
    """`day` is the person's own; its receipts stand in one thread. Drawn anew while `drawn` is behind `version`."""

    id: str
    workspace_id: str
    person_id: str
    signal_id: str
    day: date
    version: int = 1
    drawn: int = 0


def receipt_id(signal_id: str, person_id: str) -> str:
    return f"rp-{hashlib.sha256(f'{signal_id}|{person_id}'.encode()).hexdigest()[:20]}"
