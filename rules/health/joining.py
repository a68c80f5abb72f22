"""What becomes of a note that is there already: what a second person adds, what a correction changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.clients.people import Member
from rules.health.evidence.excerpt import EXCERPT_LENGTH
from rules.health.signal import NOTE_LENGTH, Revision, Signal, State


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


def words_of_both(mine: Signal, theirs: Signal) -> str:
    """Of two notes that turn out to be one."""
    if not theirs.note or theirs.note in mine.note:
        return mine.note
    return "\n".join(filter(None, (mine.note, theirs.note)))[:NOTE_LENGTH]


def revised(old: Signal, corrected: Signal, actor: Member, now: datetime) -> Signal:
    """Changing an excused note leaves it excused; changing one that was taken back brings it back.

    A guess that is confirmed comes into its state now: that is when it is news.
    """
    was = Revision(at=now, by_id=actor.id, severity=old.severity)
    kept = old if old.state is State.EXCUSED else replace(old, state=State.LIVE, state_reason="", settled_at=None)
    settled = now if old.guessed and not corrected.guessed else kept.settled_at
    return replace(
        kept,
        settled_at=settled,
        severity=corrected.severity,
        note=corrected.note,
        link=corrected.link,
        answers=corrected.answers,
        guessed=corrected.guessed,
        happened_at=corrected.happened_at,
        happened_on=corrected.happened_on,
        revisions=old.revisions if corrected.severity is old.severity else (*old.revisions, was),
    )


def with_words(known: Signal, excerpt: str, fingerprint: str) -> Signal:
    """A note that was logged without the message's words gets them from whoever brings them."""
    if known.is_unread:
        return replace(known, excerpt=excerpt[:EXCERPT_LENGTH], fingerprint=fingerprint)
    return known
