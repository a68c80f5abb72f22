"""A workspace's own tasks, its language and who is overdue, over Slack (BR07, WU08)."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, DANA
from rules.partings.parting import PartingState
from tests.scenarios.parting_office import Office

FRIDAY = 4


@pytest.fixture
def office(app: Any) -> Office:
    return Office(app)


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def open_list(office: Office) -> None:
    office.olivia.click(office.olivia.command("/client", "settings").messages[-1], "task_list")


def add_keys(office: Office) -> None:
    open_list(office)
    office.olivia.click(office.olivia.view, "add_task")
    keys = {"title": "Bring back the <keys>", "details": "Both.", "section": "handover", "owner": "ops", "days": "-1"}
    frozen = office.olivia.submit(keys)
    answer = office.olivia.submit({"because": "They asked for them in the talk"})
    assert (list(frozen.errors), answer.outcome) == (["because"], "updated")


def preview(office: Office) -> dict[str, Any]:
    office.amir.click(office.show(office.amir), "preview")
    office.amir.submit({})
    return {task.code: task for task in office.sheet().parting.preview.tasks}


def test_an_admin_adds_changes_switches_off_and_takes_out_a_task(office: Office) -> None:
    """It stands beside the built-in ones, with its owner, page and day, and goes again; DC05: it says why now."""
    add_keys(office)
    assert "New since a decision: They asked for them in the talk" in words(office.olivia.view)
    assert "Bring back the &lt;keys&gt;, " not in words(office.olivia.view)
    assert "1 working day before the last day" in words(office.olivia.view)
    own = next(task for code, task in preview(office).items() if code.startswith("own_"))
    open_list(office)
    office.olivia.click(office.olivia.view, f"change_task.{own.code}")
    office.olivia.submit({"title": "Bring back all keys"})
    changed = preview(office)[own.code]
    open_list(office)
    office.olivia.click(office.olivia.view, "switch_tasks")
    boxes = [b for b in office.olivia.view["blocks"] if b.get("block_id", "").startswith("on_money")]
    office.olivia.submit({boxes[0]["block_id"]: ["final_invoice"]})
    money = {code for code, task in preview(office).items() if task.section == "money"}
    open_list(office)
    office.olivia.click(office.olivia.view, f"drop_task.{own.code}")

    assert (own.title, own.section, own.ticked) == ("Bring back the <keys>", "handover", True)
    assert (changed.title, money) == ("Bring back all keys", {"final_invoice"})
    assert own.code not in preview(office)


def test_tasks_are_in_our_language_and_go_to_whoever_has_the_role(office: Office) -> None:
    """The client's language is the letter's; tickets are for our own people."""
    open_list(office)
    office.olivia.click(office.olivia.view, "task_people")
    assert office.olivia.submit({"language": "sv", "finance": DANA}).outcome == "updated"
    tasks = preview(office)

    assert tasks["final_invoice"].title == "Skicka slutfakturan"
    begun = office.app.web.services.partings
    with office.app.web.outside.units.begin(office.team) as unit:
        client = unit.clients.get(office.client.id)
        fresh = begun.begin(unit, unit.decisions.get("de-1"), client, AMIR, office.app.world.now())
    owners = {task.code: task.owner_id for task in fresh.preview.tasks}
    assert (owners["final_invoice"], owners["open_work"]) == (DANA, AMIR)


def test_nobody_but_an_admin_changes_the_list(office: Office) -> None:
    """Amir learns whom to ask."""
    open_list(office)
    office.amir.click(office.olivia.view, "add_task", forge=True)

    assert "for workspace admins" in words(office.amir.view)


def test_rubbish_is_said_beside_its_field(office: Office) -> None:
    """A year is far enough."""
    open_list(office)
    office.olivia.click(office.olivia.view, "add_task")
    answer = office.olivia.submit({"title": "x", "section": "work", "owner": "ops", "days": "9999", "because": "y"})

    assert list(answer.errors) == ["days"]


def test_a_task_keeps_each_of_its_conditions(office: Office) -> None:
    """More of them than Slack takes in one group of boxes: both groups are read, shown and read again."""
    open_list(office)
    office.olivia.click(office.olivia.view, "add_task")
    task = {"title": "Hand over the map", "section": "work", "owner": "ops", "days": "-1", "because": "Found late"}
    added = office.olivia.submit({**task, "applies_0": ["shared_accounts"], "applies_10": ["mailboxes"]})
    with office.app.web.outside.units.read(office.team) as unit:
        (own,) = unit.workspace().own_tasks
    office.olivia.click(office.olivia.view, f"change_task.{own.code}")
    office.olivia.submit({"title": "Hand over the site map"})

    assert added.outcome == "updated"
    assert own.applies == {"shared_accounts", "mailboxes"}
    with office.app.web.outside.units.read(office.team) as unit:
        (changed,) = unit.workspace().own_tasks
    assert (changed.title, changed.applies) == ("Hand over the site map", own.applies)


def test_an_overdue_task_reaches_its_owner_once_and_then_whoever_decides(office: Office) -> None:
    """WU08: quietly, in working hours, and no second time."""
    office.tell()
    office.choose("checklist")
    office.set_page(office.amir, "access", owner_credentials=DANA)
    office.open()
    assert office.sheet().parting.state is PartingState.OPEN
    due_on = office.sheet().tasks[0].due_on
    counts = []
    for days in (1, 2, 8, 15):
        go_to(office, working_day(due_on + timedelta(days=days)))
        counts.append(tuple(late_words(each) for each in (office.dana, office.amir, office.olivia)))

    assert (counts[0], counts[-1]) == ((1, 0, 0), (1, 1, 0))


def working_day(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > FRIDAY else 0)


def go_to(office: Office, day: date) -> None:
    """Half past ten on that day, and long enough for whoever is told in turn."""
    now = office.app.web.outside.clock.now()
    office.app.sweep(datetime.combine(day, time(10, 30), tzinfo=now.tzinfo) - now)
    office.app.sweep(timedelta(minutes=20))


def late_words(screen: Any) -> int:
    return sum("days late" in message.text or "day late" in message.text for message in screen.dms())
