"""A hundred notes of one person take one job, which stops when nothing of theirs is behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.services.capture.receipts_due import keep_receipt
from rules.clients.people import Member
from rules.ports import Units, Workspace

if TYPE_CHECKING:
    from tests.conftest import RecordedJobs

WORKSPACE = "T1"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
AMIR, DANA = (
    Member(id=id_, workspace_id=WORKSPACE, team_id=WORKSPACE, name=id_, fetched_at=NOW) for id_ in ("UAMIR", "UDANA")
)


def test_notes_that_come_while_one_waits_to_be_drawn_add_no_job(units: Units, jobs: RecordedJobs) -> None:
    """Each person has a job of their own; once all is drawn, the next note has one again."""
    with units.house() as house:
        house.add_workspace(Workspace(id=WORKSPACE, name="Agency", created_at=NOW))

    def log(person: Member, number: int) -> None:
        with units.begin(WORKSPACE) as unit:
            keep_receipt(unit, person, f"nt-{number}", NOW)

    for number in range(3):
        log(AMIR, number)
    log(DANA, 1)
    before = [job.args[1] for job in jobs.added]
    with units.begin(WORKSPACE) as unit:
        for row in unit.receipts.undrawn(AMIR.id):
            unit.receipts.save(replace(row, drawn=row.version))
    log(AMIR, 3)

    assert (before, [job.args[1] for job in jobs.added]) == ([AMIR.id, DANA.id], [AMIR.id, DANA.id, AMIR.id])
