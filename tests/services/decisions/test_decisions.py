"""Considering, deciding, confirming and reopening, as deciders meet them (FG01-FG19, DC01-DC09)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.agenda import REMIND_CONFIRMATION, TELL_DECIDED
from bot.ids import Action, Form
from bot.replies import Show
from bot.services.decisions.considerations import Plea, Thought
from bot.services.decisions.decisions import Verdict
from bot.services.waiting import WayOn
from bot.views.clients.contract import read_contract
from bot.views.decisions.answers import read_consider, read_exception
from bot.views.decisions.decide import settled_notice
from rules.clients.client import Contract, NoticeUnit
from rules.clients.stages import Origin, Stage
from rules.decisions.decision import ExceptionKind
from rules.errors import ConflictError, InvalidError, RefusedError
from rules.health.signal import State
from rules.partings.parting import PartingState

if TYPE_CHECKING:
    from tests.conftest import RecordedJobs
    from tests.services.decisions.conftest import Agency

WORKSPACE = "T1"
CONTRACT = {
    "answer": "reviewed",
    "notice_length": "3",
    "notice_unit": "months",
    "to_month_end": ["yes"],
    "ends_on": None,
    "clause": "Section 9",
    "country": "nl",
}


def shown(reply: object) -> str:
    """All that a dialog says, as one text."""
    assert isinstance(reply, Show)
    return json.dumps(reply.view, ensure_ascii=False)


def state_of(agency: Agency, code: str) -> str:
    sheet = agency.considerations.sheet(WORKSPACE, agency.olivia, "cl-acme")
    return next(check.state.value for check in sheet.checks if check.code == code)


# --- who sees it ---------------------------------------------------------------------------------------------------


def test_considering_decides_nothing(agency: Agency) -> None:
    """DC09: the thought is visible to deciders, the client is being considered, no parting exists."""
    values = {"origin": "ours", "thought": "We dread every call.", "ends_on": None}
    reply = agency.desk.submit(agency.olivia, Form.CONSIDER, values, client="cl-acme")
    assert "We dread every call." in shown(reply)
    assert (agency.client.stage, agency.parting) == (Stage.CONSIDERING, None)


@pytest.mark.parametrize(
    "form",
    [
        Form.PERSPECTIVE,
        Form.IMPACT,
        Form.SKIP_PLAN,
        Form.FADE,
        Form.DECIDE,
        Form.CONFIRM,
        Form.DROP_DECISION,
        Form.ASK_TO_REOPEN,
    ],
)
def test_forged_forms_of_somebody_who_does_not_decide_change_nothing(agency: Agency, form: Form) -> None:
    """Whoever submits is checked again, whatever the form says."""
    decision = agency.make_ready()
    values = {
        "reason": "No",
        "name": "Acme",
        "perspective": "x",
        "our_part": "x",
        "owed": "x",
        "fact": "x",
        "owner": "UTOM",
    }
    with pytest.raises(RefusedError):
        agency.desk.submit(agency.tom, form, values, decision=decision.id)
    after = agency.considerations.sheet(WORKSPACE, agency.olivia, "cl-acme")
    assert after.decision == decision


@pytest.mark.parametrize("action", [Action.CONSIDER, Action.DECIDE, Action.CONFIRM, Action.PERSPECTIVE, Action.REOPEN])
def test_forged_clicks_show_nothing_to_somebody_who_does_not_decide(agency: Agency, action: Action) -> None:
    """The refusal is the same whether or not anything is considered."""
    decision = agency.make_ready()
    with pytest.raises(RefusedError) as error:
        agency.desk.press(agency.tom, action, "cl-acme" if action is Action.CONSIDER else decision.id)
    assert "for those who decide" in str(error.value)


def test_a_decider_who_left_is_refused(agency: Agency) -> None:
    """A deactivated owner decides nothing any more."""
    gone = replace(agency.olivia, is_deleted=True)
    with pytest.raises(RefusedError):
        agency.desk.press(gone, Action.CONSIDER, "cl-acme")


@pytest.mark.both_databases
def test_a_client_is_considered_once(agency: Agency) -> None:
    """A double click opens one case."""

    def consider(_: int) -> str:
        try:
            agency.consider()
        except ConflictError:
            return "refused"
        return "opened"

    with ThreadPoolExecutor(4) as people:
        outcomes = sorted(people.map(consider, range(4)))
    assert outcomes == ["opened", "refused", "refused", "refused"]


# --- the checklist -------------------------------------------------------------------------------------------------


def test_a_fresh_case_offers_no_decision(agency: Agency) -> None:
    """FG09, FG10: the checklist names each thing that is missing; there is no button to decide."""
    agency.consider()
    text = shown(agency.desk.press(agency.dan, Action.CONSIDER, "cl-acme"))
    assert "Red flags happened on 0 dates; 2 are needed." in text
    assert f'"{Action.DECIDE}"' not in text


def test_a_complete_checklist_offers_the_decision(agency: Agency) -> None:
    """With all but the reason met, and only then, somebody can decide."""
    agency.make_ready()
    sheet = agency.considerations.sheet(WORKSPACE, agency.dan, "cl-acme")
    assert f'"{Action.DECIDE}"' in shown(agency.desk.press(agency.dan, Action.CONSIDER, "cl-acme"))
    assert [check.code for check in sheet.checks if check.state == "not_met"] == ["reason"]


def test_answers_stand_under_their_checks(agency: Agency) -> None:
    """Whoever confirms reads what was answered."""
    agency.make_ready()
    text = shown(agency.desk.press(agency.dan, Action.CONSIDER, "cl-acme"))
    answers = ("Our part: We never said no.", "On our work: Evenings come back.", "Two plans failed last year.")
    assert all(answer in text for answer in answers)


def test_deciding_before_the_checklist_is_complete_is_refused(agency: Agency) -> None:
    """A forged form reaches no decision."""
    decision = agency.consider()
    with pytest.raises(RefusedError):
        agency.decide(agency.olivia, decision.id)
    assert agency.client.stage is Stage.CONSIDERING


def test_the_income_stands_beside_the_toll(agency: Agency) -> None:
    """HS13, FG18: the form about impact shows what the client brings and takes, and what was noted, on both sides."""
    decision = agency.make_ready()
    text = shown(agency.desk.press(agency.olivia, Action.IMPACT, decision.id))
    assert "2 red flags, 0 praise, 0 misses of ours." in text
    assert "12 % of our revenue" in text
    assert "paid late 1 of 1 noted times in a year" in text
    assert "morale: strained (1 hard, 0 good for the team in 90 days)" in text


def test_abuse_needs_no_waiting_but_evidence(agency: Agency) -> None:
    """FG14: with a note and its evidence, days, plan and 48 hours are waived; both sides and contract are not."""
    agency.log(agency.flag("abuse", agency.tom, days_ago=0))
    decision = agency.consider()
    plea = Plea(kind=ExceptionKind.ABUSE, evidence="Call of Monday, recorded.")
    agency.considerations.plead(WORKSPACE, agency.olivia, decision.id, plea)
    seen = {code: state_of(agency, code) for code in ("dates", "plan", "cooling_off", "perspective", "contract")}
    assert seen == {
        "dates": "waived",
        "plan": "waived",
        "cooling_off": "waived",
        "perspective": "not_met",
        "contract": "not_met",
    }


def test_an_exception_without_a_note_says_why_it_does_not_hold(agency: Agency) -> None:
    """The dialog says what is missing instead of waiving anything."""
    decision = agency.consider()
    values = {"kind": "abuse", "evidence": "They shouted.", "reminded_on": None}
    text = shown(agency.desk.submit(agency.olivia, Form.EXCEPTION, values, decision=decision.id))
    assert "There is no live note about abuse or gaslighting. Log it first." in text


def test_an_exception_can_be_taken_back(agency: Agency) -> None:
    """Choosing that none applies clears kind and evidence."""
    assert read_exception({"kind": "none", "evidence": "left over"}) == Plea()


def test_an_exception_wants_evidence_beside_its_field() -> None:
    """FG14: still needs evidence."""
    with pytest.raises(InvalidError) as error:
        read_exception({"kind": "non_payment", "evidence": "  "})
    assert list(error.value.fields) == ["evidence"]


def test_the_contract_is_read_as_it_was_filled_in() -> None:
    """CN01: length, unit, month end, clause and country."""
    contract = read_contract(CONTRACT, Contract(starts_on=date(2025, 1, 1)))
    expected = Contract(
        reviewed=True,
        starts_on=date(2025, 1, 1),
        notice_length=3,
        notice_unit=NoticeUnit.MONTHS,
        to_month_end=True,
        clause="Section 9",
        country="NL",
    )
    assert expected == contract


def test_nothing_written_is_an_answer(agency: Agency) -> None:
    """CN01: without a written contract the check is met, and no clause is kept."""
    decision = agency.consider()
    values = CONTRACT | {"answer": "none_written"}
    agency.desk.submit(agency.olivia, Form.CONTRACT, values, decision=decision.id)
    assert (
        state_of(agency, "contract"),
        agency.client.contract.clause,
        agency.client.contract.notice_length,
    ) == ("met", "", None)


@pytest.mark.parametrize(("field", "value"), [("notice_length", "-1"), ("country", "ZZ"), ("answer", None)])
def test_a_wrong_contract_is_complained_about_beside_its_field(field: str, value: Any) -> None:
    """A slip is said where it happened."""
    with pytest.raises(InvalidError) as error:
        read_contract(CONTRACT | {field: value}, Contract())
    assert list(error.value.fields) == [field]


def test_going_on_leads_back_to_the_running_plan(agency: Agency) -> None:
    """Dropped with a reason: the plan goes on where it was."""
    agency.start_plan()
    decision = agency.consider()
    agency.desk.submit(agency.olivia, Form.DROP_DECISION, {"reason": "They apologised."}, decision=decision.id)
    assert agency.client.stage is Stage.AMENDING


def test_a_dropped_case_is_not_decided_by_an_old_form(agency: Agency) -> None:
    """The form lay open while somebody dropped the case."""
    decision = agency.make_ready()
    agency.considerations.drop(WORKSPACE, agency.dan, decision.id, "They apologised.")
    with pytest.raises(ConflictError):
        agency.decide(agency.olivia, decision.id)
    assert agency.client.stage is Stage.ACTIVE


def test_after_going_on_it_can_be_considered_anew(agency: Agency) -> None:
    """A dropped case is history; the 48 hours start again."""
    decision = agency.make_ready()
    agency.considerations.drop(WORKSPACE, agency.dan, decision.id, "They apologised.")
    agency.consider()
    assert state_of(agency, "cooling_off") == "not_met"


@pytest.mark.parametrize(
    "action",
    [
        Action.PERSPECTIVE,
        Action.IMPACT,
        Action.CONTRACT,
        Action.SKIP_PLAN,
        Action.EXCEPTION,
        Action.FADE,
        Action.DECIDE,
        Action.CONFIRM,
        Action.DROP_DECISION,
    ],
)
def test_every_question_opens_as_a_form_about_this_case(agency: Agency, action: Action) -> None:
    """Each button leads to a form that Slack can show and that knows its case."""
    decision = agency.make_ready()
    reply = agency.desk.press(agency.olivia, action, decision.id)
    assert isinstance(reply, Show)
    assert decision.id in reply.view["private_metadata"]


# --- deciding and confirming ---------------------------------------------------------------------------------------


def test_nobody_decides_by_a_slip_of_the_hand(agency: Agency) -> None:
    """Another client's name in the form is refused beside its field."""
    decision = agency.make_ready()
    with pytest.raises(InvalidError) as error:
        agency.desk.submit(agency.olivia, Form.DECIDE, {"reason": "Enough.", "name": "Apex"}, decision=decision.id)
    assert list(error.value.fields) == ["name"]


def test_a_decision_waits_for_another_person(agency: Agency, jobs: RecordedJobs) -> None:
    """FG19: it is decided but not settled, and those who may confirm are asked."""
    decision = agency.make_ready()
    values = {"reason": "Respect is gone.", "name": "ACME", "confirmer": "UDAN"}
    text = shown(agency.desk.submit(agency.olivia, Form.DECIDE, values, decision=decision.id))
    assert "It waits for a confirmation." in text
    assert (agency.client.stage, [job.name for job in jobs.added]) == (Stage.CONSIDERING, ["remind_confirmation"])


def test_only_a_decider_is_asked_to_confirm(agency: Agency) -> None:
    """A forged choice of a colleague who doesn't decide is refused."""
    decision = agency.make_ready()
    with pytest.raises(InvalidError) as error:
        agency.decide(agency.olivia, decision.id, confirmer=agency.tom)
    assert list(error.value.fields) == ["confirmer"]


def test_whoever_decided_does_not_confirm(agency: Agency) -> None:
    """Four eyes, at least while others are there."""
    decision = agency.make_ready()
    agency.decide(agency.olivia, decision.id)
    with pytest.raises(RefusedError):
        agency.desk.submit(agency.olivia, Form.CONFIRM, {}, decision=decision.id)
    assert agency.client.stage is Stage.CONSIDERING


def test_a_confirmed_decision_begins_the_parting(agency: Agency, jobs: RecordedJobs) -> None:
    """The stage, the frozen checklist and the parting come in one commit, and both people are told."""
    decision = agency.make_ready()
    agency.decide(agency.olivia, decision.id, confirmer=agency.dan)
    text = shown(agency.desk.submit(agency.dan, Form.CONFIRM, {}, decision=decision.id))
    parting, client = agency.parting, agency.client
    assert parting
    assert "Decided on Wed 4 Nov 2026:* Respect is gone." in text
    assert (decision.id, Stage.DECIDED, Origin.OURS) == (parting.decision_id, client.stage, client.origin)
    assert jobs.added[-1].name == "tell_decided"


@pytest.mark.both_databases
def test_two_people_who_confirm_at_once_begin_one_parting(agency: Agency, jobs: RecordedJobs) -> None:
    """The second one is told that it was done."""
    decision = agency.make_ready()
    agency.decide(agency.olivia, decision.id)

    def confirm(number: int) -> str:
        try:
            agency.decisions.confirm(WORKSPACE, (agency.dan, agency.ada)[number % 2], decision.id)
        except ConflictError:
            return "refused"
        return "confirmed"

    with ThreadPoolExecutor(4) as people:
        outcomes = sorted(people.map(confirm, range(4)))
    assert outcomes == ["confirmed", "refused", "refused", "refused"]
    assert [job.name for job in jobs.added].count("tell_decided") == 1


@pytest.mark.both_databases
def test_dropping_and_confirming_at_once_end_in_one_of_the_two(agency: Agency) -> None:
    """Never a dropped case with a parting, nor a decision without one."""
    decision = agency.make_ready()
    agency.decide(agency.olivia, decision.id)

    def act(number: int) -> None:
        try:
            if number:
                agency.decisions.confirm(WORKSPACE, agency.dan, decision.id)
            else:
                agency.considerations.drop(WORKSPACE, agency.ada, decision.id, "They apologised.")
        except ConflictError:
            return

    with ThreadPoolExecutor(2) as people:
        list(people.map(act, range(2)))
    assert (agency.client.stage is Stage.DECIDED) == (agency.parting is not None)


def test_answers_are_not_changed_between_decision_and_confirmation(agency: Agency) -> None:
    """What the confirmer reads is what was decided."""
    decision = agency.make_ready()
    agency.decide(agency.olivia, decision.id)
    with pytest.raises(ConflictError):
        agency.considerations.skip_plan(WORKSPACE, agency.olivia, decision.id, "Something else.")


def test_a_note_taken_back_before_the_confirmation_stops_it(agency: Agency) -> None:
    """The gate stands again when somebody confirms."""
    decision = agency.make_ready()
    agency.decide(agency.olivia, decision.id)
    with agency.units.begin(WORKSPACE) as unit:
        note = unit.signals.get("sg-disrespect-UDAN-6")
        unit.signals.save(replace(note, state=State.WITHDRAWN))
    with pytest.raises(RefusedError):
        agency.decisions.confirm(WORKSPACE, agency.dan, decision.id)
    assert agency.client.stage is Stage.CONSIDERING


def test_who_may_confirm_is_asked_and_later_the_next(agency: Agency) -> None:
    """The person who was named comes first; after three silent working days the others and a due time for them."""
    decision = agency.make_ready()
    agency.decide(agency.olivia, decision.id, confirmer=agency.dan)
    agency.decisions.request_next(WORKSPACE, decision.id)
    everybody = (agency.ada, agency.dan, agency.olivia, agency.tom)
    agency.decisions.request(WORKSPACE, decision.id)
    first = agency.told(*everybody)
    with agency.units.read(WORKSPACE) as unit:
        due = unit.dues.find(REMIND_CONFIRMATION, decision.id)
    assert due
    agency.clock.moment = due.due_at
    agency.decisions.request(WORKSPACE, decision.id)
    assert (list(first), list(agency.told(*everybody))) == (["UDAN"], ["UADA", "UDAN"])


def test_nobody_is_asked_about_a_settled_decision(agency: Agency) -> None:
    """The job came late: there is nothing left to confirm."""
    decision = agency.settle()
    agency.decisions.request(WORKSPACE, decision.id)
    assert agency.told(agency.ada, agency.dan, agency.olivia) == {}


def test_words_that_light_up_a_phone_tell_no_health(agency: Agency) -> None:
    """Notifications name the client and what to do, no reason and no flags."""
    decision = agency.make_ready()
    agency.decide(agency.olivia, decision.id, confirmer=agency.dan)
    agency.decisions.request(WORKSPACE, decision.id)
    asked = agency.told(agency.dan)["UDAN"]
    agency.decisions.confirm(WORKSPACE, agency.dan, decision.id)
    request = agency.decisions.settled(WORKSPACE, decision.id)
    text = (asked + settled_notice(request).text).casefold()
    assert [word for word in ("respect", "flag", "health", "score") if word in text] == []
    assert [member.id for member in request.members] == ["UDAN", "UOLIVIA"]


def test_their_own_notice_needs_their_day_and_no_gate(agency: Agency) -> None:
    """Origin `theirs`: the day they named, a reason, the name typed; then it is decided."""
    with pytest.raises(InvalidError) as error:
        agency.considerations.consider(
            WORKSPACE, agency.olivia, "cl-acme", Thought(origin=Origin.THEIRS, thought="They move in-house.")
        )
    assert list(error.value.fields) == ["ends_on"]
    thought = read_consider({"origin": "theirs", "thought": "They move in-house.", "ends_on": "2026-12-31"})
    sheet = agency.considerations.consider(WORKSPACE, agency.olivia, "cl-acme", thought)
    assert sheet.decision
    agency.decide(agency.olivia, sheet.decision.id)
    assert (agency.client.stage, agency.client.origin) == (Stage.DECIDED, Origin.THEIRS)
    assert agency.parting


def test_a_natural_fade_wants_no_work_and_no_debts(agency: Agency) -> None:
    """RF43: what a person states, and quiet weeks, stand in for flags and plan."""
    decision = agency.consider(Origin.NATURAL_FADE)
    agency.desk.submit(agency.olivia, Form.FADE, {"stated": ["work_finished"]}, decision=decision.id)
    assert [tuple(state_of(agency, code) for code in ("open_work", "debts", "quiet"))] == [("met", "not_met", "met")]


# --- holding to it, and reopening ----------------------------------------------------------------------------------


def test_a_decided_case_shows_what_was_decided_and_no_way_back_but_a_fact(agency: Agency) -> None:
    """DC03, DC06: reason and date, the frozen checklist, and the button for a new fact."""
    agency.settle()
    text = shown(agency.desk.press(agency.dan, Action.CONSIDER, "cl-acme"))
    assert ("Respect is gone." in text, "There is a new fact" in text, "Keep the client" in text) == (True, True, False)


def test_a_decided_case_is_not_dropped(agency: Agency) -> None:
    """DC03: an old form does not undo a decision."""
    decision = agency.settle()
    with pytest.raises(ConflictError):
        agency.considerations.drop(WORKSPACE, agency.olivia, decision.id, "We feel bad.")
    assert agency.client.stage is Stage.DECIDED


def test_a_plan_does_not_undo_a_decision(agency: Agency) -> None:
    """DC03: a decider is sent to reopening first."""
    agency.settle()
    with pytest.raises(ConflictError):
        agency.plans.start(WORKSPACE, agency.olivia, "cl-acme", agency.draft())


def test_the_old_reason_is_no_new_fact(agency: Agency) -> None:
    """DC04: what was known at the decision reopens nothing."""
    decision = agency.settle()
    values = {"fact": "Respect is gone.", "owner": "UDAN"}
    with pytest.raises(InvalidError) as error:
        agency.desk.submit(agency.dan, Form.ASK_TO_REOPEN, values, decision=decision.id)
    assert list(error.value.fields) == ["fact"]


def test_a_new_fact_reopens_after_a_day_by_whoever_stands_for_it(agency: Agency) -> None:
    """DC04: not at once, not by somebody else; then the work goes on and the parting stops."""
    decision = agency.settle()
    agency.desk.press(agency.olivia, Action.ASK_TO_REOPEN, decision.id)
    agency.desk.submit(
        agency.olivia, Form.ASK_TO_REOPEN, {"fact": "Their boss left.", "owner": "UDAN"}, decision=decision.id
    )
    with pytest.raises(ConflictError):
        agency.decisions.reopen(WORKSPACE, agency.dan, decision.id)
    agency.clock.move(hours=24)
    with pytest.raises(RefusedError):
        agency.decisions.reopen(WORKSPACE, agency.olivia, decision.id)
    agency.desk.press(agency.dan, Action.REOPEN, decision.id)
    parting = agency.parting
    assert parting
    assert (agency.client.stage, parting.state) == (Stage.ACTIVE, PartingState.STOPPED)


def test_a_wish_to_reopen_can_be_taken_back(agency: Agency) -> None:
    """DC03: the decision stands, and cannot be reopened by the old wish."""
    decision = agency.settle()
    agency.decisions.ask_to_reopen(WORKSPACE, agency.olivia, decision.id, "Their boss left.", "UDAN")
    agency.desk.press(agency.dan, Action.KEEP_DECISION, decision.id)
    agency.clock.move(hours=25)
    with pytest.raises(ConflictError):
        agency.decisions.reopen(WORKSPACE, agency.dan, decision.id)


def test_what_wants_a_deciders_word_waits_for_deciders_only(agency: Agency) -> None:
    """Home shows a confirmation to whoever may give it, to nobody else."""
    decision = agency.make_ready()
    agency.decide(agency.olivia, decision.id, confirmer=agency.dan)
    with agency.units.read(WORKSPACE) as unit:
        people = (agency.dan, agency.ada, agency.tom)
        found = [agency.needs(unit, each) for each in people]
    assert [[(each.way, each.value) for each in some] for some in found] == [
        [(WayOn.CONFIRM, decision.id)],
        [],
        [],
    ]


def test_alone_the_second_look_confirms_a_day_later(agency: Agency) -> None:
    """A team of one: never before 24 hours, then by the same person."""
    decision = agency.make_ready()
    with agency.units.begin(WORKSPACE) as unit:
        for each in (agency.ada, agency.dan, agency.tom):
            unit.people.save_member(replace(each, is_deleted=True))
    agency.decide(agency.olivia, decision.id)
    agency.clock.move(hours=23)
    with pytest.raises(RefusedError):
        agency.decisions.confirm(WORKSPACE, agency.olivia, decision.id)
    agency.clock.moment += timedelta(hours=1)
    agency.decisions.confirm(WORKSPACE, agency.olivia, decision.id)
    assert agency.client.stage is Stage.DECIDED


def test_a_case_without_words_is_not_decided(agency: Agency) -> None:
    """DC02: the reason is written down."""
    decision = agency.make_ready()
    with pytest.raises(InvalidError):
        agency.decisions.decide(WORKSPACE, agency.olivia, decision.id, Verdict(reason=" ", typed_name="Acme"))


def test_what_slack_did_not_take_is_brought_again(agency: Agency) -> None:
    """Slack is away when somebody decides: the request and the news come back until they went through."""
    decision = agency.make_ready()
    agency.decide(agency.olivia, decision.id, confirmer=agency.dan)
    waiting = due_times(agency, decision.id)
    agency.decisions.confirm(WORKSPACE, agency.dan, decision.id)
    settled = due_times(agency, decision.id)
    agency.decisions.told(WORKSPACE, decision.id)

    soon = agency.clock.now() + timedelta(minutes=10)
    assert (waiting, settled, due_times(agency, decision.id)) == ({"confirmation": soon}, {"decided": soon}, {})


def due_times(agency: Agency, decision_id: str) -> dict[str, datetime]:
    with agency.units.read(WORKSPACE) as unit:
        found = [unit.dues.find(kind, decision_id) for kind in (REMIND_CONFIRMATION, TELL_DECIDED)]
    return {due.kind: due.due_at for due in found if due}


def test_a_silent_confirmer_has_three_working_days_of_their_country(agency: Agency) -> None:
    """Decided on Wednesday before Christmas in the Netherlands: Christmas is no day on which somebody stays silent."""
    agency.clock.moment = datetime(2026, 12, 21, 9, 0, tzinfo=UTC)
    decision = agency.make_ready()
    with agency.units.begin(WORKSPACE) as unit:
        client = unit.clients.get("cl-acme")
        unit.clients.save(replace(client, contract=replace(client.contract, country="NL")))
    agency.decide(agency.olivia, decision.id, confirmer=agency.dan)
    agency.decisions.request_next(WORKSPACE, decision.id)
    with agency.units.read(WORKSPACE) as unit:
        due = unit.dues.find(REMIND_CONFIRMATION, decision.id)
    agency.clock.moment = datetime(2026, 12, 28, 12, 0, tzinfo=UTC)
    with pytest.raises(RefusedError):
        agency.decisions.confirm(WORKSPACE, agency.ada, decision.id)

    assert due
    assert due.due_at.date() == date(2026, 12, 29)
