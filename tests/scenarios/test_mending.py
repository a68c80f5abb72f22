"""A plan and a decision, click by click, through the real app and its worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, BIRCH, OLIVIA
from rules.clients.client import Client
from rules.clients.stages import Stage

pytestmark = pytest.mark.both_ways


@pytest.fixture
def amirs(app: Any) -> Client:
    """A client that Amir looks after; Olivia decides too, as an admin, Dana does not."""
    client: Client = app.add_client("Birch & Barrow", BIRCH, owner=AMIR)
    app.sweep(timedelta(minutes=1))  # reads the team
    return client


def stage(app: Any, client: Client) -> Stage:
    found: Stage = app.web.services.clients.get(app.team_id, app.member(OLIVIA), client.id).stage
    return found


def test_a_plan_heals_from_the_form_to_the_last_checkpoint(app: Any, amirs: Client) -> None:
    """RP01-RP12: started by a form, reminded of on the day, held from the reminder, finished; the client is active."""
    amir = app.agency.amir
    amir.command("/client", "Birch & Barrow plan")
    amir.submit({"ours": "We answer late", "owed": "A call", "they_say": "They have no time"})
    started = amir.submit(
        {
            "goal": "Answers within a day",
            "concerns": "They answer late",
            "text": "Bundle our questions on Mondays",
            "benchmark": "Two of three within a day",
        }
    )
    assert started.outcome == "updated"
    assert stage(app, amirs) is Stage.AMENDING

    app.sweep(app.until_noon(14))
    app.tell()
    reminders = [message for message in amir.dms() if "checkpoint" in message.text]
    app.press(amir, reminders[0], "checkpoint")
    held = amir.submit({"response": "good", "done": ["a1"]})
    amir.click(held.view, "finish_plan")
    amir.submit({"outcome": "keep", "note": "Mondays work"})

    app.sweep(app.until_noon(14))
    app.tell()
    assert stage(app, amirs) is Stage.ACTIVE
    assert [message for message in amir.dms() if "checkpoint" in message.text] == reminders


def test_a_decision_takes_two_people_and_48_hours(app: Any, amirs: Client) -> None:
    """FG01-FG19: all is answered, and still 48 hours pass; then two decide, and whoever doesn't decide sees nothing."""
    amir, olivia, dana = app.agency.amir, app.agency.olivia, app.agency.dana
    dana.command("/redflag", "paid three weeks late", channel=BIRCH)
    app.sweep(timedelta(days=1))
    amir.command("/redflag", "rude to Dana in the review", channel=BIRCH)
    amir.command("/client", "Birch & Barrow consider")
    amir.submit({"origin": "ours", "thought": "We dread every call."})
    answer_everything(amir)
    fresh = amir.submit({"reason": "Two plans failed last year."})
    assert "decide" not in actions(fresh.view)

    app.sweep(timedelta(hours=47))
    amir.command("/client", "Birch & Barrow end")
    assert "decide" not in actions(amir.view)
    app.sweep(timedelta(hours=2))
    amir.command("/client", "Birch & Barrow end")
    amir.click(amir.view, "decide")
    waiting = amir.submit(
        {"reason": "Respect is gone.", "name": "birch & barrow", "confirmer": app.agency.olivia.who.id}
    )
    assert "It waits for a confirmation." in str(waiting.view)

    app.settle()
    app.tell()
    app.press(olivia, olivia.dms()[-1], "consider")
    olivia.click(olivia.view, "confirm")
    assert "Decided on" in str(olivia.submit().view)

    app.settle()
    assert stage(app, amirs) is Stage.DECIDED
    assert "is confirmed" in amir.dms()[-1].text
    assert dana.dms() == []
    assert "for those who decide" in dana.command("/client", "Birch & Barrow consider").text


def answer_everything(person: Any) -> None:
    """All but the reason for skipping the plan, whose form is left open."""
    person.command("/client", "Birch & Barrow end")
    person.click(person.view, "perspective.perspective")
    person.submit({"perspective": "They are short of cash.", "our_part": "We never said no.", "owed": "A call."})
    person.click(person.view, "impact.impact")
    person.submit({"on_work": "Evenings come back.", "on_business": "A tenth of the income goes."})
    person.click(person.view, "contract.contract")
    person.submit({"answer": "reviewed", "notice_length": "30"})
    person.click(person.view, "skip_plan.plan")


def actions(view: Any) -> set[str]:
    elements = [element for block in view["blocks"] for element in block.get("elements", [])]
    return {element["action_id"].partition(".")[0] for element in elements if element["type"] == "button"}


def test_a_reminder_finds_somebody_when_the_owner_has_left(app: Any, amirs: Client) -> None:
    """RP07: then whoever started the plan is told, once, instead of nobody for ever."""
    agency = app.agency
    agency.dana.command("/client", "Birch & Barrow plan")
    agency.dana.submit({"ours": "We answer late", "owed": "A call", "they_say": "They have no time"})
    agency.dana.submit(
        {"goal": "Answers within a day", "concerns": "They answer late", "text": "Bundle", "benchmark": "Two of three"}
    )
    app.world.slack.change_person(AMIR, is_guest=True)
    app.settle()

    app.sweep(app.until_noon(14))
    app.tell()

    assert sum("checkpoint" in message.text for message in agency.dana.dms()) == 1
    assert agency.amir.dms() == []
