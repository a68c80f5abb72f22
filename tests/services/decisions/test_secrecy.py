"""Until the client has been told, nobody but those who decide meets a sign of it (BR14, design section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.services.capture.notes import CaptureService, NewNote
from bot.services.decisions.plans import Meeting
from bot.services.health.briefs import BriefService
from bot.services.health.scorecards import HealthService
from rules.clients.stages import Stage
from rules.decisions.plan import Outcome, Response
from rules.errors import ConflictError
from rules.health.catalogue import load_catalogue
from rules.health.signal import Source, State

if TYPE_CHECKING:
    from tests.services.decisions.conftest import Agency

WORKSPACE, ACME = "T1", "cl-acme"


@pytest.fixture
def health(agency: Agency) -> HealthService:
    return HealthService(agency.units, agency.clock, load_catalogue())


@pytest.fixture
def capture(agency: Agency, health: HealthService) -> CaptureService:
    return CaptureService(agency.units, agency.clock, load_catalogue(), health)


def test_taking_a_note_back_does_not_tell_that_a_decision_was_made(agency: Agency, capture: CaptureService) -> None:
    """A refusal would: so whoever may not know takes their own note back as ever, and deciders are refused."""
    new = NewNote(
        client_id=ACME, type="late_payment", source=Source.COMMAND, happened_at=agency.clock.now(), once="typed"
    )
    note = capture.log(WORKSPACE, agency.tom, new).signal
    agency.settle()
    with pytest.raises(ConflictError, match="A decision rests on this note"):
        capture.withdraw(WORKSPACE, agency.olivia, note.id)

    taken_back = capture.withdraw(WORKSPACE, agency.tom, note.id)

    assert taken_back.signal.state is State.WITHDRAWN


@pytest.mark.parametrize("ended", [False, True])
def test_a_plan_that_runs_or_failed_looks_the_same_once_ending_is_considered(
    agency: Agency, health: HealthService, *, ended: bool
) -> None:
    """A colleague's list says "in a plan" as before; only those who decide see what changed."""
    plan = agency.start_plan().plan
    assert plan is not None
    if ended:
        agency.clock.move(days=14)
        point = plan.checkpoints[0].due_on
        agency.plans.hold(WORKSPACE, agency.tom, plan.id, Meeting(on=point, response=Response.NONE))
        agency.plans.finish(WORKSPACE, agency.tom, plan.id, Outcome.NOT_HELPED, "Nothing changed")
    before = health.scorecard(WORKSPACE, agency.tom, ACME).stage
    agency.consider()

    with agency.units.read(WORKSPACE) as unit:
        (in_list,) = BriefService(agency.clock, load_catalogue()).everyone(unit, agency.tom)
    seen = [before, in_list.stage, health.scorecard(WORKSPACE, agency.tom, ACME).stage]
    assert seen == [Stage.AMENDING] * 3
    assert health.scorecard(WORKSPACE, agency.olivia, ACME).stage is Stage.CONSIDERING
