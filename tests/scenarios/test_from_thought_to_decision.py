"""From the first thought of ending to the decision, in Slack: what is asked, of whom, and what opens nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, BIRCH, DANA, OLIVIA
from rules.clients.client import Client
from rules.clients.stages import Stage

CLIENT = "Birch & Barrow"
REASON = "The work has moved away from what we do best."
MET, NOT_YET, WAIVED = "met", "not yet", "waived"
LATE, RUDE, HUNCH = "They paid three weeks late", "They were rude to Dana in the review", "I have a bad feeling"
PERSPECTIVE = {"perspective": "They are short of cash.", "our_part": "We never said no.", "owed": "The June draft."}
IMPACT = {"on_work": "Evenings and ideas come back.", "on_business": "A tenth of the income goes."}
SKIPPED = "Two plans have failed in the last year."


class Case:
    """Amir's client, and what people do on the way to a decision about it."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.people = {AMIR: app.agency.amir, OLIVIA: app.agency.olivia, DANA: app.agency.dana}
        self.client: Client = app.add_client(CLIENT, BIRCH, owner=AMIR)
        app.sweep(timedelta(minutes=1))  # reads the team

    def note(self, words: str, who: str = AMIR) -> str:
        return str(self.people[who].command("/redflag", f"{CLIENT} {words}").text)

    def wait(self, **span: float) -> None:
        self.app.sweep(timedelta(**span))

    def consider(self, who: str = AMIR, **thought: Any) -> None:
        """Opens the case; with a thought it begins there."""
        self.people[who].command("/client", f"{CLIENT} consider")
        if thought:
            self.people[who].submit(thought)

    def checks(self, who: str = AMIR) -> dict[str, str]:
        """Label -> met, not yet or waived, as the checklist shows it."""
        self.consider(who)
        rows = [text for text in sections(self.people[who].view) if "* (" in text and not text.startswith("*")]
        return {row.split("*")[1]: row.split("* (")[1].split(")")[0] for row in rows}

    def says(self, label: str) -> str:
        self.consider()
        return next(text for text in sections(self.people[AMIR].view) if f"*{label}*" in text)

    def answer(self, button: str, who: str = AMIR, **answers: Any) -> Any:
        self.consider(who)
        self.people[who].click(self.people[who].view, button)
        return self.people[who].submit(answers)

    def answer_all(self) -> None:
        self.answer("perspective.perspective", **PERSPECTIVE)
        self.answer("skip_plan.plan", reason=SKIPPED)
        self.answer("contract.contract", answer="none_written")
        self.answer("impact.impact", **IMPACT)

    def decide(self, **said: str) -> Any:
        return self.answer("decide", **{"reason": REASON, "name": CLIENT, **said})

    def confirm(self, who: str = OLIVIA) -> Any:
        return self.answer("confirm", who)

    def offers(self, button: str, who: str = AMIR) -> bool:
        self.consider(who)
        return f'"{button}"' in words(self.people[who].view)

    def stage(self) -> Stage:
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            found: Stage = unit.clients.get(self.client.id).stage
        return found


def sections(view: Any) -> list[str]:
    return [block["text"]["text"] for block in view["blocks"] if block["type"] == "section" and "text" in block]


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


@pytest.fixture
def case(app: Any) -> Case:
    return Case(app)


@pytest.fixture
def troubled(case: Case) -> Case:
    """Two kinds of trouble on two days, seen by two people."""
    case.note(LATE, DANA)
    case.wait(hours=24)
    case.note(RUDE)
    return case


def test_the_thought_is_made_visible_at_any_time_and_decides_nothing(case: Case) -> None:
    """DC09, FG17: on the first day, without a note; those who decide see what is missing, the others nothing."""
    case.consider(origin="ours", thought="I keep thinking about cutting ties.")
    amir, dana = case.people[AMIR], case.people[DANA]
    seen, checks = words(amir.view), case.checks()
    refused = dana.command("/client", f"{CLIENT} consider")
    card = words(dana.command("/client", CLIENT).messages[-1].blocks)

    assert ("I keep thinking about cutting ties." in seen, "This decides nothing yet" in seen) == (True, True)
    assert {label for label, state in checks.items() if state == MET} <= {"More than small warnings"}
    assert (case.offers("decide"), case.stage()) == (False, Stage.CONSIDERING)
    assert "those who decide" in f"{refused.text} {words(dana.view)}"
    assert ("cutting ties" in card, "onsidering" in card) == (False, False)
    assert "There is no parting" in amir.command("/client", f"{CLIENT} parting").text

    assert case.answer("drop_decision", reason="They said sorry.").outcome == "updated"
    assert case.stage() is Stage.ACTIVE


def test_neither_one_event_nor_one_day_nor_one_person_nor_a_hunch_is_enough(case: Case) -> None:
    """FG09, FG11, RF41: each is named on the checklist; a hunch is called one, and stands for no kind of trouble."""
    logged = case.note(LATE, DANA)
    case.note(HUNCH, DANA)
    case.consider(origin="ours", thought="We dread every call.")
    one_day = case.checks()
    kinds = case.says("More than one kind of trouble")
    case.wait(hours=30)
    hunch = case.note(HUNCH, DANA)
    one_person = case.checks()
    case.note(RUDE)
    all_four = case.checks()
    case.people[DANA].command("/client", f"{CLIENT} history")
    ledger = sections(case.people[DANA].view)
    case.people[DANA].click(case.people[DANA].view, "withdraw_note.1")
    case.people[DANA].submit({"reason": "I take it back"})

    seen = ["More than one bad day", "Not written in one go", "More than one kind of trouble", "More than one pair"]
    found = [[next(v for k, v in each.items() if k.startswith(label)) for label in seen]
             for each in (one_day, one_person, all_four)]  # fmt: skip
    assert found == [[NOT_YET] * 4, [MET, MET, NOT_YET, NOT_YET], [MET] * 4]
    assert ("Paid late" in logged, "Gut feeling" in hunch) == (True, True)
    assert "They are of 1 kind (money); 2 are needed." in kinds
    assert ["Gut feeling* · red flag, pink" in text for text in ledger] == [False, True, True, False]
    assert case.checks()["More than one bad day"] == MET  # without that hunch there are two days all the same


def test_whoever_decides_answers_for_both_sides_and_looks_at_the_cost(troubled: Case) -> None:
    """FG01, FG03, FG12, FG13, FG18, HS13: our part, work and ideas, income and name; toll and income side by side."""
    amir = troubled.people[AMIR]
    amir.command("/client", f"{CLIENT} why")
    amir.click(amir.view, "value")
    amir.submit({"share": "30", "hours": "12"})
    amir.close()
    troubled.consider(origin="ours", thought="We dread every call.")
    amir.click(amir.view, "perspective.perspective")
    both_sides = words(amir.view)
    amir.close()
    troubled.answer("perspective.perspective", **{**PERSPECTIVE, "our_part": "..."})
    dots = troubled.checks()["Both sides"]
    troubled.answer("perspective.perspective", **PERSPECTIVE)
    troubled.consider()
    amir.click(amir.view, "impact.impact")
    beside = next(block["fields"] for block in amir.view["blocks"] if "fields" in block)
    asked = {block["block_id"]: words(block) for block in amir.view["blocks"] if block["type"] == "input"}
    amir.submit({**IMPACT, "on_business": " "})
    before = troubled.checks()["Toll and benefit"]
    troubled.answer("impact.impact", **IMPACT)

    assert ("What is ours in this?" in both_sides, "rarely all the client's fault" in both_sides) == (True, True)
    assert (dots, troubled.checks()["Both sides"]) == (NOT_YET, MET)
    bring, take = (field["text"] for field in beside)
    assert ("30 % of our revenue" in bring, "much hangs on this one client" in bring) == (True, True)
    assert ("12 hours a week" in take, "paid late 1 of 1" in take) == (True, True)
    assert ("ideas" in asked["on_work"], "Income, pipeline, reputation" in asked["on_business"]) == (True, True)
    assert before == NOT_YET
    shown = troubled.says("Toll and benefit")
    assert [said in shown for said in ("(met)", *IMPACT.values())] == [True, True, True]


def test_the_contract_is_not_passed_over_in_silence(troubled: Case) -> None:
    """CN01, CN02: it is looked at or said to be none; the form advises nobody and names counsel."""
    troubled.consider(origin="ours", thought="We dread every call.")
    amir = troubled.people[AMIR]
    amir.click(amir.view, "contract.contract")
    form = words(amir.view)
    silent = amir.submit({})
    amir.close()
    before = troubled.checks()["The contract"]
    troubled.answer("contract.contract", answer="none_written")
    none = troubled.says("The contract")
    troubled.answer("contract.contract", answer="reviewed", notice_length="30", clause="Clause 7: thirty days.")
    with troubled.app.web.outside.units.read(troubled.app.team_id) as unit:
        contract = unit.clients.get(troubled.client.id).contract

    assert "ask counsel first" in form
    assert (silent.outcome, before) != ("updated", MET)
    assert ("(met)" in none, "There is no written contract" in none) == (True, True)
    assert (contract.reviewed, contract.notice_length, contract.clause) == (True, 30, "Clause 7: thirty days.")


def test_a_plan_comes_first_or_a_reason_that_the_second_person_accepts(troubled: Case) -> None:
    """FG16, FG17, DC02, DC03: no plan, no reason, no decision; once confirmed it is locked, and only then talked of."""
    amir, olivia = troubled.people[AMIR], troubled.people[OLIVIA]
    troubled.consider(origin="ours", thought="We dread every call.")
    untried = troubled.says("A plan was tried")
    troubled.answer_all()
    skipped = troubled.says("A plan was tried")
    early = troubled.offers("decide")
    troubled.wait(hours=49)
    refused = troubled.decide(reason=" ")
    amir.close()
    troubled.decide()
    pending = amir.command("/client", f"{CLIENT} parting").text
    troubled.consider(OLIVIA)
    olivia.click(olivia.view, "confirm")
    accepted = words(olivia.view)
    olivia.submit({})
    locked, kept = troubled.offers("drop_decision"), troubled.stage()
    troubled.consider()
    amir.click(amir.view, "ask_to_reopen")
    guilt = amir.submit({"fact": REASON, "owner": AMIR})
    amir.command("/client", f"{CLIENT} parting")

    assert ("not yet" in untried, "No plan was tried" in untried) == (True, True)
    assert ("waived" in skipped, SKIPPED in skipped, early) == (True, True, False)
    assert list(refused.errors) == ["reason"]
    assert "There is no parting" in pending
    assert f"You accept that no plan was tried: {SKIPPED}" in accepted
    assert (locked, kept, list(guilt.errors)) == (False, Stage.DECIDED, ["fact"])
    assert (REASON in words(amir.view), '"talk"' in words(amir.view)) == (True, True)


def test_what_we_have_outgrown_is_nobodys_fault(case: Case) -> None:
    """RF40: a note about us that costs them nothing, and a way to part that asks for no flags and no plan."""
    logged = case.note("we have outgrown them, our business has moved on")
    note = case.app.notes(case.client)[0]
    amir = case.people[AMIR]
    amir.command("/client", f"{CLIENT} why")
    why = sections(amir.view)
    amir.close()
    case.consider(origin="nobodys_fault", thought="We have grown into something else.")
    asked = case.checks()
    case.answer("perspective.perspective", **PERSPECTIVE)
    case.answer("contract.contract", answer="none_written")
    case.answer("impact.impact", **IMPACT)
    case.wait(hours=49)
    case.decide(reason="Our business has moved on.")
    case.confirm()

    assert ("We have outgrown them" in logged, note.type, note.side.value) == (True, "outgrown", "ours")
    assert ["`0.0`" in text for text in why if "We have outgrown them" in text] == [True]
    assert set(asked) == {"Both sides", "The contract", "Toll and benefit", "Time to think", "The reason"}
    assert case.stage() is Stage.DECIDED


def test_a_team_of_one_goes_the_whole_way_alone(app: Any) -> None:
    """BR13: one pair of eyes, one's own second look a day later, and one's own reading of the letter."""
    slack = app.world.slack
    for person in (OLIVIA, DANA):
        slack.change_person(person, deleted=True)
    slack.settle(retries=True)
    amir = app.agency.amir
    amir.home()
    case = Case(app)
    case.note(LATE)
    case.wait(hours=24)
    case.note(RUDE)
    case.consider(origin="ours", thought="I dread every call.")
    case.answer_all()
    case.wait(hours=49)
    eyes = case.says("More than one pair of eyes")
    case.decide()
    too_soon = case.offers("confirm")
    case.wait(hours=25)
    case.confirm(AMIR)

    assert "Noted by 1 person; 1 needed in a team of 1." in eyes
    assert (too_soon, case.stage()) == (False, Stage.DECIDED)
