"""What went before a note: plans that were tried, corrections that it has been through."""

from __future__ import annotations

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
