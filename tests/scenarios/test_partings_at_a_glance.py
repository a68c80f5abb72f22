"""How the tasks of partings stand, on Home and in the digest (HO10, WU09)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from integrations.sandbox.agency import LEADS
from rules.clients.stages import Origin
from tests.scenarios.parting_office import Office


@pytest.fixture
def office(app: Any) -> Office:
    made = Office(app)
    made.tell()
    made.choose("checklist", few=False)
    made.open()
    return made


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def test_home_counts_the_tasks_in_words(office: Office) -> None:
    """Everybody who sees the client sees how far it has come, and opens it with one click."""
    total = office.sheet().progress.total
    first = next(task for task in office.sheet().tasks if not task.strict)
    office.dana.click(office.show(office.dana), f"task_done.{first.id}")
    home = office.dana.home()

    assert "Partings under way" in words(home)
    assert f". 1 of {total} tasks finished." in words(home)
    office.dana.click(home, "parting.parting-0")
    assert "Told" in words(office.dana.view) or "Handing off" in words(office.dana.view)


def test_each_origin_has_its_line(office: Office) -> None:
    """On Home and in the digest the team reads whose step it was, and nothing of why."""
    said = {
        Origin.OURS: "We end it",
        Origin.THEIRS: "They gave notice",
        Origin.NOBODYS_FAULT: "nobody is to blame",
        Origin.NATURAL_FADE: "The work is done",
    }
    office.app.set_digest(LEADS)
    for origin, line in said.items():
        with office.app.web.outside.units.begin(office.team) as unit:
            unit.partings.save(replace(unit.partings.lock(office.parting.id), origin=origin))
        office.app.sweep(office.app.until_digest())
        posted = [message for message in office.amir.sees(LEADS) if "Week" in message.text]
        screens = [words(office.dana.home()), words(posted[-1].blocks)]
        assert [(f"{line}, last day" in each, "moved away" in each) for each in screens] == [(True, False)] * 2


def test_the_digest_counts_them_too_and_is_new_when_a_task_is_done(office: Office) -> None:
    """A week in which tasks were finished is no week in which nothing changed."""
    office.app.set_digest(LEADS)
    office.app.sweep(office.app.until_digest())
    first = next(task for task in office.sheet().tasks if not task.strict)
    office.dana.click(office.show(office.dana), f"task_done.{first.id}")
    office.app.sweep(office.app.until_digest())
    posted = [message for message in office.amir.sees(LEADS) if "Week" in message.text]

    total = office.sheet().progress.total
    shown = [words(message.blocks) for message in posted]
    assert [f"{done} of {total} tasks finished" in each for done, each in enumerate(shown)] == [True, True]


def test_nobody_reads_of_a_parting_before_the_client_was_told(app: Any) -> None:
    """BR14: what is secret stands on no screen of those who don't decide."""
    office = Office(app)
    office.choose("checklist", few=False)
    office.open()

    assert "Partings under way" not in words(office.dana.home())


def test_nobody_who_sees_a_parting_is_sent_to_a_first_note(app: Any) -> None:
    """Without a single note; whoever may not know of it yet reads what they would read without it."""
    office = Office(app)
    asked = [["Log the first note" in words(person.home()) for person in (office.amir, office.dana)]]
    office.tell()
    asked.append(["Log the first note" in words(person.home()) for person in (office.amir, office.dana)])

    assert asked == [[False, True], [False, False]]
