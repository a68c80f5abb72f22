"""Entries of the audit log: who did what, when; never the text of a note or a letter."""

from __future__ import annotations

from datetime import datetime

from rules.clients.people import Member
from rules.ports import AuditEntry, UnitOfWork


def record(unit: UnitOfWork, actor: Member, now: datetime, action: str, subject: str, details: str = "") -> None:
    record_by(unit, actor.id, now, action, subject, details)


def record_own(unit: UnitOfWork, now: datetime, action: str, subject: str, details: str = "") -> None:
    """What Amicable did by itself, because its time had come."""
    record_by(unit, "", now, action, subject, details)


def record_by(unit: UnitOfWork, actor_id: str, now: datetime, action: str, subject: str, details: str) -> None:
    """The same by id; without one Amicable did it by itself."""
    unit.audit.add(
        AuditEntry(
            at=now,
            workspace_id=unit.workspace_id,
            actor_id=actor_id,
            action=action,
            subject=subject,
            details=details,
        )
    )
