"""People who read a letter for its approval, in the form that Slack shows them."""

from __future__ import annotations

from typing import Any

from rules.notices import blind
from rules.notices.notice import NoticeFacts


def right_answers(view: Any, facts: NoticeFacts, read_as: str = "fact") -> dict[str, Any]:
    """What the facts say, typed and ticked; each sentence of somebody's own is read `read_as` this."""
    right = {name for name, _ in (*facts.deliverables, *facts.handovers)} | {facts.referrals}
    offered = {question.value: names for question, names in blind.options(facts).items()}
    answers: dict[str, Any] = {"last_day": f"{facts.last_day:%d/%m/%Y}", "sums": facts.amounts_owed}
    for block in view["blocks"]:
        kind = block.get("element", {}).get("type")
        if kind == "checkboxes":
            names = offered[block["block_id"].rpartition("_")[0]]
            places = [option["value"] for option in block["element"]["options"]]
            answers[block["block_id"]] = [place for place in places if names[int(place)] in right]
        elif kind == "radio_buttons":
            answers[block["block_id"]] = read_as
    return answers


def approve(person: Any, letter: Any, facts: NoticeFacts) -> Any:
    """Opens the reading from the letter's dialog, answers as the facts are, and is approved."""
    person.click(letter, "approve_letter")
    answer = person.submit(right_answers(person.view, facts))
    assert answer.outcome == "updated"
    return person.view
