"""What a second person adds to a note that is there already."""

from __future__ import annotations

from dataclasses import replace

from rules.clients.people import Member
from rules.health.signal import Signal, State


def joined(known: Signal, actor: Member, words: str, most: int) -> Signal:
    """Nobody's words are lost: what a second person writes stands under what is there, `most` signs in all."""
    if words and words not in known.note:
        told = f"{known.note}\n{actor.name}: {words}" if known.note else words
        known = replace(known, note=told[:most])
    if known.state is State.WITHDRAWN:
        back = replace(known, state=State.LIVE, state_reason="", settled_at=None, corrected_by="")
        return replace(back, reporter_id=actor.id, witness_ids=())
    if actor.id in (known.reporter_id, *known.witness_ids):
        return known
    return replace(known, witness_ids=(*known.witness_ids, actor.id))
