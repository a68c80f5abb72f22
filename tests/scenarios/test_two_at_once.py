"""Two people save at once: the second one reads who was quicker, when, and what it says; their own words stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import BIRCH
from tests.scenarios.parting_office import Office


@pytest.fixture
def office(app: Any) -> Office:
    made = Office(app)
    made.tell()
    made.amir.click(made.show(made.amir), "deliverables")
    made.amir.click(made.amir.view, "add_deliverable")
    day = made.app.world.now().date() + timedelta(days=30)
    made.amir.submit({"title": "Spring campaign", "due_on": day.isoformat()})
    made.amir.click(made.show(made.amir), "settlement")
    made.amir.click(made.amir.view, "add_sum")
    made.amir.submit({"what": "Invoice 2041", "amount": "900"})
    return made


def item(office: Office) -> str:
    return f"change_deliverable.{office.sheet().parting.items[0].code}"


def owed(office: Office) -> str:
    return f"change_sum.{office.sheet().parting.sums[0].code}"


@pytest.mark.parametrize(
    ("place", "way", "first", "second", "field"),
    [
        ("deliverables", item, {"title": "Summer campaign"}, {"title": "Autumn campaign"}, "title"),
        ("settlement", owed, {"what": "Invoice 2041, by June"}, {"what": "Invoice 2041, by July"}, "what"),
        ("", lambda _: "terms", {"referrals": "Studio Lund"}, {"referrals": "Studio Berg"}, "referrals"),
    ],
    ids=["deliverables", "money", "terms"],
)
def test_a_save_that_began_with_an_older_state_is_refused(
    office: Office, place: str, way: Callable[[Office], str], first: dict[str, str], second: dict[str, str], field: str
) -> None:
    """Nothing is overwritten: theirs in the refusal, one's own still in the form; opened anew it goes through."""
    amir, olivia = office.amir, office.olivia

    def reach(person: Any) -> None:
        view = office.show(person)
        if place:
            person.click(view, place)
        person.click(person.view, way(office))

    reach(amir)
    reach(olivia)
    assert olivia.submit(first).outcome == "updated"
    refused = amir.submit(second)
    said = " ".join(refused.errors.values())
    mine = amir.view["state"]["values"][field]["value"]["value"]
    reach(amir)

    assert (refused.outcome, mine) == ("errors", second[field])
    assert said.startswith("Olivia Marsh changed this on ")
    assert (first[field] in said, f"{office.app.world.now():%b %Y}" in said) == (True, True)
    assert amir.submit(second).outcome == "updated"
    assert second[field] in str(office.sheet().parting)


def test_another_last_day_and_another_preview_are_not_overwritten(office: Office) -> None:
    """Who chose from an older day or older tasks is shown the newer ones first."""
    amir, olivia = office.amir, office.olivia
    for person in (amir, olivia):
        person.click(office.show(person), "last_day")
        person.click(person.view, "choose_last_day")
    later = [(office.app.world.now() + timedelta(days=days)).date().isoformat() for days in (200, 300)]
    assert olivia.submit({"kind": "another", "day": later[0]}).outcome == "updated"
    amir.submit({"kind": "another", "day": later[1]})
    told = str(amir.view) + str(amir.find(BIRCH, "Meanwhile")) + str([each.text for each in amir.dms()])
    kept = office.sheet().parting.last_day.isoformat()

    for person in (amir, olivia):
        person.click(office.show(person), "preview")
    assert olivia.submit({"tracker": "checklist"}).outcome == "updated"
    revision = office.sheet().parting.preview.revision
    late = amir.submit({"tracker": "trello"})

    assert ("Meanwhile the last day became" in told, kept) == (True, later[0])
    assert office.sheet().parting.preview.revision == revision
    assert "Olivia Marsh has changed the tasks on" in str(late.errors) + str(amir.view) + str(amir.dms())
