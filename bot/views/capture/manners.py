"""The kind question after a harsh note, on its receipt."""

from __future__ import annotations

from bot.ids import Action
from bot.replies import Block
from bot.views.blocks import Marked, actions, button, clip, lines, marked, section
from rules.health.signal import Signal
from rules.notices.manner import MannerQuestion

SHOWN = 1000


def asking_kindly(signal: Signal, question: MannerQuestion | None, *, may_change: bool) -> list[Block]:
    """Nothing has to be answered: the note stays as it is unless somebody clicks."""
    if question is None:
        return []
    offered = marked("Gentler: “{words}”", words=clip(question.gentler, SHOWN)) if question.gentler else Marked("")
    asked = marked("*Would you be fine if they read this?* {why}", why=question.sentence)
    blocks = [section(lines(asked, offered))]
    if question.gentler and may_change:
        blocks.append(actions(button("Use the gentler words", Action.SOFTEN_NOTE, signal.id)))
    return blocks
