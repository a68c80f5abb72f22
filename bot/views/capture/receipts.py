"""A day's receipts: one message that counts, and one a note in its thread."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.replies import Message
from bot.services.capture.receipts import Slip
from bot.views.blocks import Marked, context, day, escape, link, marked, message, section
from bot.views.capture.notes import receipt
from bot.views.health.scorecard import score_words
from rules.health.catalogue import Catalogue
from rules.health.signal import State
from rules.sentences import Sentence
from rules.words import Words

_OVER = {State.WITHDRAWN: "Taken back", State.EXCUSED: "Excused"}


def day_message(on: date, count: int) -> Message:
    """Names nobody: it may light up on a screen that a client can see."""
    notes = "One note" if count == 1 else Sentence("{count} note", "{count} notes", count=count)
    what = "The thread says what each did, and takes it back."
    text = Sentence("Your notes of {day}: {notes}. {what}", day=day(on), notes=notes, what=what)
    return message(text, section(marked("*Your notes of {on}:* {notes}\n{what}", on=day(on), notes=notes, what=what)))


def slip_message(slip: Slip, catalogue: Catalogue, words: Words) -> Message:
    """Without the words of the message that was flagged: they stay where they were said."""
    done, signal = slip.receipt, slip.receipt.signal
    where = context(link(signal.link, "To the message")) if signal.link else None
    if signal.state in _OVER:
        about = f"{_OVER[signal.state]}: {catalogue.type(signal.type).label} · {done.client.name}"
        text = Sentence(
            "{about}. {name} is at {score_words}.",
            about=about,
            name=done.client.name,
            score_words=score_words(done.after, words),
        )
        shown = (section(escape(text)), context(Marked("The note stays in the history at 0 points.")))
        return message(text, *shown, *([where] if where else []))
    bare = replace(done, signal=replace(signal, excerpt=""))
    drawn = receipt(bare, catalogue, words, may_undo=slip.may_undo)
    return Message(drawn.text, (*drawn.blocks, *([where] if where else [])))
