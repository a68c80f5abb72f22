"""What went before a note: plans that were tried, corrections that it has been through."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.clients.people import Member
from rules.health.signal import Revision, Signal, State
from rules.ports import UnitOfWork


def was_tried(unit: UnitOfWork, client_id: str) -> bool:
    """RF34: whether a plan has run with this client, far enough to be looked at."""
    plans = unit.plans.of_client(client_id)
    return any(plan.outcome is not None or any(each.held_on for each in plan.checkpoints) for plan in plans)


def newest(unit: UnitOfWork, signal_id: str) -> str:
    """What became of a note that was corrected: an old receipt still leads to the right row."""
    seen: set[str] = set()
    signal = unit.signals.get(signal_id)
    while signal.corrected_by and signal.id not in seen:
        seen.add(signal.id)
        signal = unit.signals.get(signal.corrected_by)
    return signal.id


def revised(old: Signal, corrected: Signal, actor: Member, now: datetime) -> Signal:
    """Changing an excused note leaves it excused; changing one that was taken back brings it back."""
    was = Revision(at=now, by_id=actor.id, severity=old.severity)
    kept = old if old.state is State.EXCUSED else replace(old, state=State.LIVE, state_reason="", settled_at=None)
    return replace(
        kept,
        severity=corrected.severity,
        note=corrected.note,
        link=corrected.link,
        answers=corrected.answers,
        guessed=corrected.guessed,
        happened_at=corrected.happened_at,
        happened_on=corrected.happened_on,
        revisions=old.revisions if corrected.severity is old.severity else (*old.revisions, was),
    )
