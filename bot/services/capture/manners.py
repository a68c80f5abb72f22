"""Asking once whether somebody would be fine if the client read their note (FG05, TN04). It is stored already."""

from __future__ import annotations

from dataclasses import replace

from rules.errors import ConflictError
from rules.health.signal import Signal
from rules.notices.manner import Question, question
from rules.ports import UnitOfWork


def ask_once(unit: UnitOfWork, signal: Signal, said: str) -> tuple[Signal, Question | None]:
    """The question that what was just said brings, at most one for a note; the note remembers that it was asked."""
    if signal.asked_kindly or question(said) is None:
        return signal, None
    asked = replace(signal, asked_kindly=True)
    unit.signals.save(asked)
    return asked, question(signal.note)


def gentler_words(signal: Signal) -> str:
    """The words that were offered for this note."""
    found = question(signal.note)
    if found is None or not found.gentler:
        raise ConflictError("This note has changed since, and there are no gentler words for it. Use Change instead.")
    return found.gentler
