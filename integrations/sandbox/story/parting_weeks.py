"""Weeks 3 to 6: the talks are held, each task becomes one ticket, a letter waits for review, and a quiet good-bye."""

from __future__ import annotations

from integrations.sandbox.agency import LEADS
from integrations.sandbox.faults import Fault
from integrations.sandbox.slack.screen import Screen
from integrations.sandbox.slack.workspace import Json
from integrations.sandbox.story.first_weeks import COBALT_NAME, NORTHWIND_NAME, VOLT_NAME
from integrations.sandbox.story.stage import Scene, Stage, buttons, press

FIRST_FEW = 3
MONDAYS = 5


def tell_northwind(stage: Stage) -> None:
    stage.at(3, 5, "15:00")
    olivia = stage.agency.olivia
    _set_terms(
        stage,
        olivia,
        NORTHWIND_NAME,
        "2026-10-09 Autumn campaign",
        "Invoice 2041 of 2,400 euros, due 30 September 2026",
    )
    _tell(stage, olivia, NORTHWIND_NAME, "2026-09-25")


def open_in_jira(stage: Stage) -> None:
    """The answer to one creation is lost, and the worker is killed in the middle."""
    olivia, jira = stage.agency.olivia, stage.world.jira
    wanted = _prepare(stage, olivia, NORTHWIND_NAME, "jira")
    jira.faults.next(Fault.LOSE_ANSWER, method="POST", path="/rest/api/3/issue")
    press(olivia, _parting(olivia, NORTHWIND_NAME), "open_tickets")
    stage.wait_for(lambda: len(jira.issues) >= FIRST_FEW, "the first tickets are in Jira")
    stage.app.kill_worker()
    stage.app.start_worker()
    stage.wait_for(lambda: len(jira.issues) >= wanted + 1, f"{wanted} tasks and their parent are in Jira")
    stage.wait_for(lambda: "still" not in _summary(olivia, NORTHWIND_NAME), "every ticket is accounted for")
    stage.settle()
    markers = [issue.marker for issue in jira.issues]
    stage.expect(
        len(set(markers)) == len(markers) == wanted + 1, f"no ticket is lost or doubled: {len(markers)} of {wanted + 1}"
    )


def draft_letter(stage: Stage) -> None:
    olivia = stage.agency.olivia
    letter = olivia.command("/client", f"{NORTHWIND_NAME} letter").view or {}
    press(olivia, letter, "draft_letter")
    letter = olivia.command("/client", f"{NORTHWIND_NAME} letter").view or {}
    stage.expect("submit_letter" in buttons(letter), f"the letter can go to review: {letter}")
    press(olivia, letter, "submit_letter")


def open_in_trello(stage: Stage) -> None:
    stage.at(4, 5, "14:00")
    olivia, trello = stage.agency.olivia, stage.world.trello
    _set_terms(stage, olivia, VOLT_NAME, "2026-10-16 Brand guide", "none")
    _tell(stage, olivia, VOLT_NAME, "2026-10-02")
    wanted = _prepare(stage, olivia, VOLT_NAME, "trello")
    trello.faults.next(Fault.LOSE_REQUEST, method="POST", path="/1/cards")
    press(olivia, _parting(olivia, VOLT_NAME), "open_tickets")
    stage.wait_for(lambda: len(trello.cards) >= wanted, f"{wanted} tasks are in Trello")
    stage.settle()
    markers = [card.marker for card in trello.cards]
    stage.expect(len(set(markers)) == len(markers) == wanted, f"no card is lost or doubled: {len(markers)} of {wanted}")


def tickets_come_back(stage: Stage) -> None:
    """What is done in Jira is done here."""
    stage.at(5, 2, "10:00")
    jira, olivia = stage.world.jira, stage.agency.olivia
    for issue in jira.issues[1:4]:
        jira.finish(issue.key)
    stage.at(5, 2, "11:00")
    stage.expect("3 done" in _summary(olivia, NORTHWIND_NAME), "three tasks that were done in Jira count as done")


def say_goodbye(stage: Stage) -> None:
    stage.at(5, 4, "10:00")
    olivia = stage.agency.olivia
    _set_terms(stage, olivia, COBALT_NAME, "", "none")
    _tell(stage, olivia, COBALT_NAME, "2026-10-08", last_day="2026-10-09")
    _prepare(stage, olivia, COBALT_NAME, "checklist", only=2)
    press(olivia, _parting(olivia, COBALT_NAME), "open_tickets")
    stage.settle()
    while "task_done" in buttons(_parting(olivia, COBALT_NAME)):
        press(olivia, _parting(olivia, COBALT_NAME), "task_done")
    press(olivia, olivia.command("/client", f"{COBALT_NAME} close").view or {}, "no_letter")
    noted = olivia.submit({"reason": "They answered our last mail with thanks; nothing is left to write."})
    stage.expect(noted.outcome == "updated", f"why there is no letter is noted: {noted.errors}")


def last_digest(stage: Stage) -> None:
    stage.at(6, 1, "09:01")
    posted = [message for message in stage.agency.amir.sees(LEADS) if "digest" in message.text.casefold()]
    stage.expect(len(posted) == MONDAYS, f"five Mondays, five digests: {len(posted)}")
    stage.at(6, 5, "17:00")
    olivia = stage.agency.olivia
    press(olivia, olivia.command("/client", f"{COBALT_NAME} close").view or {}, "close_now")
    closed = olivia.submit({"way": "mail"})
    stage.expect(closed.outcome == "updated", f"the parting from Cobalt Kitchens is closed: {closed.errors}")


def _set_terms(stage: Stage, who: Screen, name: str, deliverables: str, owed: str) -> None:
    press(who, _parting(who, name), "terms")
    nothing = {} if deliverables else {"nothing_to_finish": ["nothing"]}
    kept = who.submit({"deliverables": deliverables, "amounts_owed": owed, **nothing})
    stage.expect(kept.outcome == "updated", f"what is left and owed with {name} is written down: {kept.errors}")


def _tell(stage: Stage, who: Screen, name: str, held_on: str, last_day: str = "") -> None:
    """With the last day that was agreed on, where it is another."""
    press(who, _parting(who, name), "told")
    told = who.submit({"held_on": held_on} | ({"last_day": last_day} if last_day else {}))
    stage.expect(told.outcome == "updated", f"the talk with {name} is recorded: {told.errors}")


def _prepare(stage: Stage, who: Screen, name: str, tracker: str, only: int = 0) -> int:
    """Chooses the tracker and the tasks, has the audience confirmed; gives the number of tasks."""
    press(who, _parting(who, name), "preview")
    groups = [block for block in (who.view or {})["blocks"] if str(block.get("block_id", "")).startswith("tasks_")]
    ticked = {block["block_id"]: [o["value"] for o in block["element"].get("initial_options", ())] for block in groups}
    if only:
        first = groups[0]
        ticked = {block_id: [] for block_id in ticked} | {first["block_id"]: ticked[first["block_id"]][:only]}
    revised = who.submit({"tracker": tracker, **ticked})
    stage.expect(revised.outcome == "updated", f"the tasks of {name} are chosen: {revised.errors}")
    press(who, _parting(who, name), "audience")
    stage.wait_for(lambda: "Asking" not in str(who.view), "the tracker says who sees the tickets")
    if "confirm_destination" in buttons(who.view or {}):
        press(who, who.view or {}, "confirm_destination")
    return sum(len(codes) for block_id, codes in ticked.items() if not block_id.startswith("tasks_theirs"))


def _parting(who: Screen, name: str) -> Json:
    return who.command("/client", f"{name} parting").view or {}


def _summary(who: Screen, name: str) -> str:
    return str(_parting(who, name))


SCENES = {
    "told": Scene("Olivia has held the talk with Northwind; now the team may know.", tell_northwind),
    "jira": Scene(
        "Each task becomes one issue in Jira, although an answer is lost and the worker is killed.", open_in_jira
    ),
    "letter": Scene("The letter is drafted from the facts and waits for a second pair of eyes.", draft_letter),
    "trello": Scene(
        "Volt Studio is told; its tasks become cards in Trello, although a request is lost.", open_in_trello
    ),
    "back": Scene("What is finished in Jira comes back by itself.", tickets_come_back),
    "goodbye": Scene("Cobalt Kitchens gets a thank-you, and the parting is closed.", say_goodbye),
    "digest": Scene("The last Monday's digest.", last_digest),
}
