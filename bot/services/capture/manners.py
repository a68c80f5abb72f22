"""Asking once whether somebody would be fine if the client read their note (FG05, TN04). It is stored already."""

from __future__ import annotations

from dataclasses import replace

from rules.health.signal import Signal
from rules.notices.manner import MannerQuestion, question
from rules.ports import UnitOfWork


def ask_once(unit: UnitOfWork, signal: Signal, said: str) -> tuple[Signal, MannerQuestion | None]:
    """The question that what was just said brings, at most one for a note; the note remembers that it was asked."""
    if signal.asked_kindly or question(said) is None:
        return signal, None
    asked = replace(signal, asked_kindly=True)
    unit.signals.save(asked)
    return asked, question(signal.note)
