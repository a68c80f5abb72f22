"""Weeks 2 to 5: a plan that heals, and three partings that are thought over before anything is decided."""

from __future__ import annotations

from integrations.sandbox.slack.screen import Screen
from integrations.sandbox.slack.workspace import Json
from integrations.sandbox.story.first_weeks import BIRCH_NAME, COBALT_NAME, NORTHWIND_NAME, VOLT_NAME
from integrations.sandbox.story.stage import Scene, Stage, buttons, press


def start_plan(stage: Stage) -> None:
    stage.at(2, 5, "15:00")
    amir = stage.agency.amir
    amir.command("/client", f"{BIRCH_NAME} plan")
    looked = amir.submit(
        {
            "ours": "We offer a fixed call every Tuesday and answer mail within a day",
            "owed": "An answer to their question about the menu cards",
            "they_say": "They opened a second shop and nobody tells them where we are",
        }
    )
    stage.expect(looked.outcome == "updated", f"a look at ourselves comes first: {looked.errors}")
    started = amir.submit(
        {
            "goal": "One call a week, and changes only in writing",
            "concerns": "Calls at all hours",
            "text": "We offer a fixed call every Tuesday and answer mail within a day",
            "benchmark": "No call outside the fixed one for two weeks",
            "first_checkpoint": "2026-09-24",
            "checkpoints": "2026-10-01",
        }
    )
    stage.expect(started.outcome == "updated", f"the plan with Birch & Barrow starts: {started.errors}")


def first_checkpoint(stage: Stage) -> None:
    stage.at(3, 4)
    stage.expect(
        "checkpoint" in stage.texts(stage.agency.amir.dms()).casefold(), "the owner is reminded of the checkpoint"
    )
    _hold_checkpoint(stage, "some")
    praised = stage.agency.dana.command("/praise", f'"{BIRCH_NAME}" sent a clear brief and said thanks')
    stage.expect("Logged" in praised.text, "praise for Birch & Barrow is logged")


def plan_heals(stage: Stage) -> None:
    stage.at(4, 4)
    _hold_checkpoint(stage, "good")
    amir = stage.agency.amir
    plan = amir.command("/client", f"{BIRCH_NAME} plan")
    press(amir, plan.view or {}, "finish_plan")
    finished = amir.submit({"outcome": "keep", "note": "The weekly call did it"})
    stage.expect(finished.outcome == "updated", "the plan ends well")
    amir.command("/praise", f'"{BIRCH_NAME}" thanked the team')


def consider_northwind(stage: Stage) -> None:
    stage.at(3, 1, "09:05")
    olivia, dana = stage.agency.olivia, stage.agency.dana
    _consider(stage, olivia, NORTHWIND_NAME, "ours", "Late money, rushed work, and nobody enjoys it any more")
    seen = dana.command("/client", NORTHWIND_NAME)
    stage.expect("considered" not in seen.text, "that it is considered is seen by deciders only")
    _answer_both_sides(stage, olivia, NORTHWIND_NAME)
    _answer_contract(stage, olivia, NORTHWIND_NAME, weeks="2")
    case = _case(olivia, NORTHWIND_NAME)
    press(olivia, case, "skip_plan")
    olivia.submit({"reason": "Two talks about payment changed nothing"})
    stage.expect("decide" not in buttons(_case(olivia, NORTHWIND_NAME)), "nothing is decided within 48 hours")


def decide_northwind(stage: Stage) -> None:
    stage.at(3, 3, "11:00")
    _decide(stage, NORTHWIND_NAME, "The work no longer fits us, and we are not paid for it in time")


def consider_volt(stage: Stage) -> None:
    stage.at(4, 1, "10:00")
    olivia = stage.agency.olivia
    _consider(stage, olivia, VOLT_NAME, "ours", "The contract means little to them")
    _answer_both_sides(stage, olivia, VOLT_NAME)
    _answer_contract(stage, olivia, VOLT_NAME, weeks="4")
    press(olivia, _case(olivia, VOLT_NAME), "skip_plan")
    olivia.submit({"reason": "They declined a talk about how we work"})


def decide_volt(stage: Stage) -> None:
    stage.at(4, 3, "11:00")
    _decide(stage, VOLT_NAME, "What was agreed does not hold, and that will not change")


def cobalt_fades(stage: Stage) -> None:
    stage.at(5, 1, "10:00")
    olivia = stage.agency.olivia
    _consider(stage, olivia, COBALT_NAME, "natural_fade", "All work is done and nothing new has come")
    _answer_contract(stage, olivia, COBALT_NAME, weeks="2")
    press(olivia, _case(olivia, COBALT_NAME), "fade")
    olivia.submit({"stated": ["work_finished", "all_paid"]})


def decide_cobalt(stage: Stage) -> None:
    stage.at(5, 3, "11:00")
    _decide(stage, COBALT_NAME, "The work is done; a thank-you and an open door")


def _hold_checkpoint(stage: Stage, response: str) -> None:
    amir = stage.agency.amir
    plan = amir.command("/client", f"{BIRCH_NAME} plan")
    press(amir, plan.view or {}, "checkpoint")
    held = amir.submit({"response": response, "note": "They kept to the call"})
    stage.expect(held.outcome == "updated", f"a checkpoint is held ({response})")


def _consider(stage: Stage, who: Screen, name: str, origin: str, thought: str) -> None:
    who.command("/client", f"{name} consider")
    considered = who.submit({"origin": origin, "thought": thought})
    stage.expect(considered.outcome == "updated", f"{name} is considered: {considered.errors}")


def _answer_both_sides(stage: Stage, who: Screen, name: str) -> None:
    """FG01, FG03, FG12: their view, our part, and what it would change."""
    press(who, _case(who, name), "perspective")
    seen = who.submit(
        {"perspective": "They are short of cash and under pressure", "our_part": "We never said no", "owed": "Nothing"}
    )
    stage.expect(seen.outcome == "updated", f"the perspective on {name} is answered")
    press(who, _case(who, name), "impact")
    who.submit({"on_work": "Room for two other projects", "on_business": "12 percent less for a while"})


def _answer_contract(stage: Stage, who: Screen, name: str, *, weeks: str) -> None:
    press(who, _case(who, name), "contract")
    reviewed = who.submit(
        {
            "answer": "reviewed",
            "notice_length": weeks,
            "notice_unit": "weeks",
            "clause": "Either party may end this agreement in writing.",
            "country": "NL",
        }
    )
    stage.expect(reviewed.outcome == "updated", f"the contract with {name} is reviewed: {reviewed.errors}")


def _decide(stage: Stage, name: str, reason: str) -> None:
    """One person decides, another confirms (FG19)."""
    olivia, amir = stage.agency.olivia, stage.agency.amir
    case = _case(olivia, name)
    if "decide" not in buttons(case):
        stage.expect(None, f"the checklist for {name} is complete: {case}")
        return
    press(olivia, case, "decide")
    decided = olivia.submit({"reason": reason, "name": name, "confirmer": amir.who.id})
    stage.expect(decided.outcome == "updated", f"{name} is decided: {decided.errors}")
    stage.settle()
    press(amir, _case(amir, name), "confirm")
    confirmed = amir.submit({})
    stage.expect(confirmed.outcome == "updated", f"{name} is confirmed by a second person: {confirmed.errors}")
    stage.settle()


def _case(who: Screen, name: str) -> Json:
    return who.command("/client", f"{name} consider").view or {}


SCENES = {
    "plan": Scene("Friday. Amir starts a plan with Birch & Barrow: a fixed call, and our part in it.", start_plan),
    "northwind": Scene("Olivia considers ending with Northwind. For 48 hours nothing is decided.", consider_northwind),
    "northwind decided": Scene("Two days later she decides, and Amir confirms.", decide_northwind),
    "checkpoint": Scene("The first checkpoint with Birch & Barrow: some change.", first_checkpoint),
    "volt": Scene("Olivia considers ending with Volt Studio.", consider_volt),
    "volt decided": Scene("The checklist is complete; it is decided and confirmed.", decide_volt),
    "healed": Scene("The second checkpoint is good. The plan has healed it.", plan_heals),
    "cobalt": Scene("Cobalt Kitchens needs nothing more. Nobody's fault, no drama.", cobalt_fades),
    "cobalt decided": Scene("A natural end is decided calmly, too.", decide_cobalt),
}
