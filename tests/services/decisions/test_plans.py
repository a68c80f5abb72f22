"""Plans as people of the team meet them (RP01-RP12)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.agenda import REMIND_CHECKPOINT
from bot.ids import Action, Form
from bot.replies import Show
from bot.services.decisions.plans import Meeting
from bot.services.waiting import WayOn
from bot.views.blocks import escape
from bot.views.decisions.plan_start import plan_form, read_plan
from rules.clients.stages import Stage
from rules.decisions.plan import Coaching, Level, Outcome, Response
from rules.errors import ConflictError, InvalidError, RefusedError
from rules.nudges.need import NeedKind

if TYPE_CHECKING:
    from tests.services.decisions.conftest import Agency

WORKSPACE = "T1"
FIRST, SECOND = date(2026, 11, 16), date(2026, 11, 30)
FILLED = {
    "goal": "Answers within a day",
    "concerns": "They answer late",
    "marks": [],
    "text": "Bundle our questions",
    "actions": "ours",
    "owner": "UTOM",
    "due": "2026-11-09",
    "benchmark": "Two of three",
    "first_checkpoint": "2026-11-16",
    "checkpoints": "2026-11-30",
}


def meeting(on: date = FIRST, **facts: Any) -> Meeting:
    return replace(Meeting(on=on, response=Response.SOME, note="Better on Mondays"), **facts)


def shown(reply: object) -> str:
    """All that a dialog says, as one text."""
    assert isinstance(reply, Show)
    return json.dumps(reply.view, ensure_ascii=False)


def due_at(agency: Agency, plan_id: str) -> date | None:
    with agency.units.read(WORKSPACE) as unit:
        due = unit.dues.find(REMIND_CHECKPOINT, plan_id)
    return due.due_at.date() if due else None


def test_a_plan_moves_the_client_to_amending(agency: Agency) -> None:
    """A form that says what, who, until when and how we know it starts a plan."""
    agency.look_at_ourselves()
    reply = agency.desk.submit(agency.tom, Form.PLAN, FILLED, client="cl-acme")
    assert "Bundle our questions" in shown(reply)
    assert agency.client.stage is Stage.AMENDING


def test_a_plan_needs_an_action_of_ours(agency: Agency) -> None:
    """RP11: a plan in which only the client acts comes back with a question beside the field."""
    agency.look_at_ourselves()
    with pytest.raises(InvalidError) as error:
        agency.desk.submit(agency.tom, Form.PLAN, FILLED | {"actions": "theirs"}, client="cl-acme")
    assert list(error.value.fields) == ["actions"]


def test_what_is_missing_comes_back_beside_its_field() -> None:
    """RP03, RP05: an action and a way to know that it worked are asked for where they belong."""
    with pytest.raises(InvalidError) as error:
        read_plan(FILLED | {"text": "", "benchmark": "", "checkpoints": None})
    assert sorted(error.value.fields) == ["benchmark", "checkpoints", "text"]


def test_complaints_of_the_rules_stand_beside_a_field_of_the_form(agency: Agency) -> None:
    """Whatever keeps a plan from starting is said at a field that is on screen."""
    sheet = agency.plans.sheet(WORKSPACE, agency.tom, "cl-acme")
    blocks = plan_form(sheet, "UTOM")["blocks"]
    assert {"goal", "concerns", "actions", "checkpoints"} <= {block.get("block_id") for block in blocks}


def test_checkpoints_in_the_wrong_order_come_back(agency: Agency) -> None:
    """RP07: two days on which we look at it, one after the other."""
    agency.look_at_ourselves()
    with pytest.raises(InvalidError) as error:
        agency.desk.submit(agency.tom, Form.PLAN, FILLED | {"checkpoints": "2026-11-16"}, client="cl-acme")
    assert list(error.value.fields) == ["checkpoints"]


def test_a_second_plan_beside_a_running_one_is_refused(agency: Agency) -> None:
    """A double click starts one plan."""
    agency.start_plan()
    with pytest.raises(ConflictError):
        agency.start_plan()


@pytest.mark.both_databases
def test_two_people_who_start_a_plan_at_once_get_one(agency: Agency) -> None:
    """Whoever comes second is told, on both databases."""
    agency.look_at_ourselves()

    def start(_: int) -> str:
        try:
            agency.plans.start(WORKSPACE, agency.tom, "cl-acme", agency.draft())
        except ConflictError:
            return "refused"
        return "started"

    with ThreadPoolExecutor(4) as people:
        outcomes = sorted(people.map(start, range(4)))
    assert outcomes == ["refused", "refused", "refused", "started"]


def test_guests_of_the_client_never_touch_a_plan(agency: Agency) -> None:
    """A forged form of somebody who is not ours changes nothing."""
    guest = replace(agency.tom, id="UGUEST", is_guest=True)
    with pytest.raises(RefusedError):
        agency.desk.submit(guest, Form.PLAN, FILLED, client="cl-acme")
    assert agency.client.stage is Stage.ACTIVE


def test_a_held_checkpoint_stays_with_its_answer(agency: Agency) -> None:
    """RP08: how the client responded is kept, and what is done by now is ticked off."""
    plan = agency.start_plan().plan
    assert plan
    agency.clock.move(days=14)
    agency.desk.press(agency.tom, Action.CHECKPOINT, plan.id)
    values = {"response": "some", "note": "Better on Mondays", "done": ["a1"]}
    agency.desk.submit(agency.tom, Form.CHECKPOINT, values, plan=plan.id, on=FIRST.isoformat())
    sheet = agency.plans.sheet(WORKSPACE, agency.tom, "cl-acme")
    assert sheet.plan
    assert (sheet.plan.checkpoints[0].response, sheet.plan.actions[0].done_on) == (Response.SOME, FIRST)


def test_a_checkpoint_is_held_once(agency: Agency) -> None:
    """A form that lay open while somebody else held the checkpoint is refused."""
    plan = agency.start_plan().plan
    assert plan
    agency.clock.move(days=14)
    agency.plans.hold(WORKSPACE, agency.tom, plan.id, meeting())
    with pytest.raises(ConflictError):
        agency.plans.hold(WORKSPACE, agency.olivia, plan.id, meeting(response=Response.NONE))


def test_the_next_checkpoint_is_due_after_one_was_held(agency: Agency) -> None:
    """The reminder follows the plan: first, second, and on in its rhythm while it runs (AM11)."""
    plan = agency.start_plan().plan
    assert plan
    seen = [due_at(agency, plan.id)]
    for on in (FIRST, SECOND):
        agency.clock.move(days=14)
        agency.plans.hold(WORKSPACE, agency.tom, plan.id, meeting(on))
        seen.append(due_at(agency, plan.id))
    assert seen == [FIRST, SECOND, SECOND + timedelta(days=14)]


def test_a_missed_checkpoint_does_not_hide_the_next(agency: Agency) -> None:
    """Nobody held the first one: it is reminded of once, and then the second."""
    plan = agency.start_plan().plan
    assert plan
    agency.clock.move(days=14)
    agency.plans.remind(WORKSPACE, plan.id)
    agency.plans.remind_next(WORKSPACE, plan.id)
    assert "checkpoint due Mon 16 Nov" in agency.told(agency.olivia)["UOLIVIA"]
    assert due_at(agency, plan.id) == SECOND


def test_nobody_is_reminded_of_a_checkpoint_that_was_held(agency: Agency) -> None:
    """The sweep came late, somebody was faster."""
    plan = agency.start_plan().plan
    assert plan
    agency.clock.move(days=13)
    agency.plans.hold(WORKSPACE, agency.tom, plan.id, meeting())
    agency.clock.move(days=1)
    agency.plans.remind(WORKSPACE, plan.id)
    assert agency.told(agency.olivia, agency.tom) == {}


def test_the_reminder_says_what_it_is_about_in_its_text(agency: Agency) -> None:
    """Screen readers and notifications get the client, the day and the goal."""
    plan = agency.start_plan().plan
    assert plan
    agency.clock.move(days=14)
    agency.plans.remind(WORKSPACE, plan.id)
    said = agency.told(agency.olivia)["UOLIVIA"]
    assert said == "Acme: The plan has a checkpoint due Mon 16 Nov 2026: Answers within a day"


def test_a_plan_that_helped_brings_the_client_back(agency: Agency) -> None:
    """RP09: keep ends the plan and the amending."""
    plan = agency.start_plan().plan
    assert plan
    agency.clock.move(days=14)
    agency.plans.hold(WORKSPACE, agency.tom, plan.id, meeting())
    agency.desk.press(agency.tom, Action.FINISH_PLAN, plan.id)
    agency.desk.submit(agency.tom, Form.FINISH_PLAN, {"outcome": "keep", "note": "Good"}, plan=plan.id)
    assert (agency.client.stage, due_at(agency, plan.id)) == (Stage.ACTIVE, None)


def test_an_extended_plan_runs_on_with_two_more_checkpoints(agency: Agency) -> None:
    """RP09: more time means more looks at it, and no end."""
    plan = agency.start_plan().plan
    assert plan
    agency.clock.move(days=14)
    agency.plans.hold(WORKSPACE, agency.tom, plan.id, meeting())
    sheet = agency.plans.finish(WORKSPACE, agency.tom, plan.id, Outcome.EXTEND, "Give it time")
    assert sheet.plan
    assert (sheet.is_running, len(sheet.plan.checkpoints), agency.client.stage) == (True, 4, Stage.AMENDING)


def test_a_plan_can_not_have_helped_before_a_checkpoint(agency: Agency) -> None:
    """RP07: results are looked at before they are judged."""
    plan = agency.start_plan().plan
    assert plan
    with pytest.raises(InvalidError):
        agency.plans.finish(WORKSPACE, agency.tom, plan.id, Outcome.KEEP, "")


@pytest.mark.parametrize(("person", "offered"), [("olivia", True), ("tom", False)])
def test_a_plan_that_did_not_help_offers_deciders_to_consider(agency: Agency, person: str, *, offered: bool) -> None:
    """RP12: the way on is shown to those who decide, and to nobody else."""
    plan = agency.start_plan().plan
    assert plan
    agency.clock.move(days=14)
    agency.plans.hold(WORKSPACE, agency.tom, plan.id, meeting())
    values = {"outcome": "not_helped", "note": ""}
    reply = agency.desk.submit(getattr(agency, person), Form.FINISH_PLAN, values, plan=plan.id)
    assert (offered, Stage.AMENDING) == ("Consider parting" in shown(reply), agency.client.stage)


def test_a_plan_for_a_secretly_considered_client_starts_as_ever(agency: Agency) -> None:
    """A refusal would tell a colleague what only deciders know."""
    agency.consider()
    agency.look_at_ourselves()
    text = shown(agency.desk.submit(agency.tom, Form.PLAN, FILLED, client="cl-acme"))
    assert ("consider" in text.casefold(), agency.client.stage) == (False, Stage.CONSIDERING)


def test_a_plan_that_helped_leaves_a_consideration_to_the_deciders(agency: Agency) -> None:
    """A plan's outcome moves no secret stage."""
    plan = agency.start_plan().plan
    assert plan
    agency.consider()
    agency.clock.move(days=14)
    agency.plans.hold(WORKSPACE, agency.tom, plan.id, meeting())
    agency.plans.finish(WORKSPACE, agency.tom, plan.id, Outcome.KEEP, "")
    assert agency.client.stage is Stage.CONSIDERING


def test_due_checkpoints_wait_for_the_owner(agency: Agency) -> None:
    """Home shows what is due to the client's owner and whoever started the plan, with the button that leads there."""
    plan = agency.start_plan().plan
    assert plan
    agency.clock.move(days=14)
    with agency.units.read(WORKSPACE) as unit:
        found = [agency.needs(unit, person) for person in (agency.olivia, agency.dan)]
    checkpoints = [[(w.way, w.value) for w in each if w.kind is NeedKind.CHECKPOINT] for each in found]
    assert checkpoints == [[(WayOn.CHECKPOINT, plan.id)], []]


def test_the_client_has_the_floor_first(agency: Agency) -> None:
    """FG08: concerns that the client raised stand above ours."""
    values = FILLED | {"raised": "- Invoices are unclear\n\n- Nobody calls back"}
    agency.look_at_ourselves()
    text = shown(agency.desk.submit(agency.tom, Form.PLAN, values, client="cl-acme"))
    found = [text.index(said) for said in ("Invoices are unclear", "Nobody calls back", "They answer late")]
    assert found == sorted(found)


def test_a_plan_says_how_bad_it_is_and_what_else_was_thought_of(agency: Agency) -> None:
    """RP01, RP02, RP04: severity on two axes, whether coaching helps, and the other ways stand on the plan."""
    agency.look_at_ourselves(on_business=Level.LOW, on_team=Level.HIGH, coaching=Coaching.NO)
    values = FILLED | {"alternatives": "A new contact"}
    text = shown(agency.desk.submit(agency.tom, Form.PLAN, values, client="cl-acme"))
    assert "Hurts the business: a little. Hurts the team: badly. Can coaching solve it: no" in text
    assert "Also thought of: A new contact" in text


def test_what_happens_behind_the_scenes_is_marked(agency: Agency) -> None:
    """RP10: nobody speaks to the client of what is done without them."""
    agency.look_at_ourselves()
    text = shown(agency.desk.submit(agency.tom, Form.PLAN, FILLED | {"marks": ["internal"]}, client="cl-acme"))
    assert "ours alone" in text.partition("Bundle our questions")[2]


def test_what_people_type_is_disarmed(agency: Agency) -> None:
    """A goal with a mention pings nobody."""
    agency.look_at_ourselves()
    text = shown(agency.desk.submit(agency.tom, Form.PLAN, FILLED | {"goal": "<!channel> *now*"}, client="cl-acme"))
    assert escape("<!channel> *now*") in text


def test_a_running_plan_opens_instead_of_a_new_form(agency: Agency) -> None:
    """`/client Acme plan` shows what is there."""
    empty = shown(agency.desk.press(agency.tom, Action.PLAN, "cl-acme"))
    agency.start_plan()
    running = shown(agency.desk.press(agency.tom, Action.PLAN, "cl-acme"))
    assert (Form.LOOK_AT_OURSELVES in empty, "Hold checkpoint" in running) == (True, True)


def test_checkpoints_are_not_held_weeks_ahead(agency: Agency) -> None:
    """The plan needs time to work."""
    plan = agency.start_plan().plan
    assert plan
    agency.clock.move(days=1)
    with pytest.raises(ConflictError):
        agency.plans.hold(WORKSPACE, agency.tom, plan.id, meeting(FIRST))
