"""All that a client or a successor reads of us: lists, days and numbers. Notes, reasons and thoughts have no way in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from rules.clients.accord import Accord, Expectation, Milestone, MilestoneState, Party
from rules.clients.client import Client
from rules.decisions.plan import Plan
from rules.decisions.ways import in_words_of
from rules.notices.draft import language_for


def page_facts(client: Client, accord: Accord, plan: Plan | None) -> dict[str, Any]:
    """All that a client or a successor reads of us."""
    agreement, language = client.agreement, language_for(client.language)
    seen = [each for each in plan.live_actions if each.is_open and not each.is_internal] if plan else []
    steps = [(in_words_of(language, each.text, each.way, each.ready), each.due_on) for each in seen]
    return {
        "goal": accord.goal or (plan.goal if plan else ""),
        "ours": _points(accord.lines, Party.OURS),
        "theirs": _points(accord.lines, Party.THEIRS),
        "both": _points(accord.lines, Party.BOTH),
        "main_channel": agreement.primary_channel,
        "their_hours": agreement.their_reply_hours,
        "our_hours": agreement.our_reply_hours,
        "monthly_hours": agreement.monthly_hours,
        "steps": steps,
    }


def _points(lines: Iterable[Expectation], party: Party) -> list[dict[str, Any]]:
    """What was missed or dropped is no line of a page that looks ahead."""
    shown = {MilestoneState.WAITING, MilestoneState.KEPT}
    return [
        {
            "text": line.text,
            "milestones": [
                (each.text or line.text, _day_of(each), each.state is MilestoneState.KEPT)
                for each in line.milestones
                if each.state in shown
            ],
        }
        for line in lines
        if line.party is party
    ]


def _day_of(milestone: Milestone) -> date:
    kept = milestone.state is MilestoneState.KEPT and milestone.settled_on
    return kept or milestone.due_on
