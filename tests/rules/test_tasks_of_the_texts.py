"""Every task that the source texts ask for is in the preview of a parting, as the kind that they mean."""

from __future__ import annotations

from datetime import date

import pytest

from rules.partings.parting import TaskKind
from rules.partings.tasks import PartingFacts, inside_steps, propose

DAY = date(2026, 12, 31)
EVERYTHING = PartingFacts(
    last_day=DAY, today=date(2026, 11, 23), owner_id="U1", subcontractors=True, tenure_months=60, country="NL"
)
WRAP_UP, HANDOFF, INSIDE = TaskKind.WRAP_UP, TaskKind.HANDOFF, TaskKind.INSIDE


@pytest.mark.parametrize(
    ("requirement", "code", "kind"),
    [
        ("WU02", "open_work", WRAP_UP),
        ("WU05", "quality_check", WRAP_UP),
        ("WU07", "open_work", WRAP_UP),
        ("WU11", "outstanding_invoices", WRAP_UP),
        ("WU11", "confirm_paid", WRAP_UP),
        ("HO04", "next_help", HANDOFF),
        ("HO05", "help_interview", HANDOFF),
        ("HO06", "interim_tools", HANDOFF),
        ("HO07", "final_files", HANDOFF),
        ("HO07", "credentials", HANDOFF),
        ("HO08", "brief_replacement", HANDOFF),
        ("AF05", "look_back", WRAP_UP),
        ("CV03", "talking_points", INSIDE),
        ("CV01", "conversation", INSIDE),
        ("CN01", "contract_review", INSIDE),
    ],
)
def test_what_the_texts_ask_for_is_proposed(requirement: str, code: str, kind: TaskKind) -> None:
    """Somebody who parts for the first time forgets nothing that the texts know of."""
    kinds = {task.code: task.kind for task in (*propose(EVERYTHING), *inside_steps(EVERYTHING))}
    assert kinds.get(code) is kind, requirement


def test_each_task_has_somebody_and_a_day() -> None:
    """WU04: no task is nobody's, and none is for some day."""
    tasks = (*propose(EVERYTHING), *inside_steps(EVERYTHING))
    assert [task.code for task in tasks if not (task.owner_id and task.arithmetic)] == []
    assert all(task.due_on >= EVERYTHING.today for task in tasks)


def test_talking_comes_before_writing() -> None:
    """CV01, NE01: the letter is due no earlier than the conversation."""
    days = {step.code: step.due_on for step in inside_steps(EVERYTHING)}
    assert days["talking_points"] <= days["conversation"] <= days["letter"]
