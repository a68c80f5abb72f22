"""Whose holidays count: the contract's, else what an admin chose for the workspace, else the operator's setting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.bootstrap import House
from rules.clients.client import Client, Contract
from tests.scenarios.parting_office import Office

SAINT_JOHN = date(2027, 6, 24)
SAID = "Thu 24 Jun 2027 is Saint John the Baptist"


def settings(app: Any, person: Any) -> Any:
    return person.command("/client", "settings").messages[-1]


def chosen(app: Any) -> str:
    return str(app.web.services.clients.country(app.team_id))


def choose(app: Any, country: str) -> Any:
    olivia = app.agency.olivia
    olivia.click(settings(app, olivia), "set_country")
    return olivia.submit({"country": country})


def test_an_admin_chooses_country_and_region(app: Any) -> None:
    """Filled in, left empty, and with a country that nobody knows; nobody else is offered it."""
    answers = [choose(app, typed) for typed in ("XX", "es-ct", "")]
    outcomes = [(each.outcome, "two letters" in str(each.errors)) for each in answers]
    after = [str(answers[1].view).count("the holidays of ES-CT"), str(answers[2].view).count("weekends only")]

    assert outcomes == [("errors", True), ("updated", False), ("updated", False)]
    assert (after, chosen(app)) == ([1, 1], "")
    assert "Country and region" not in str(settings(app, app.agency.dana).blocks)
    assert "chose whose holidays count" in str(audit(app))


def audit(app: Any) -> Any:
    olivia = app.agency.olivia
    olivia.click(settings(app, olivia), "audit_log")
    return olivia.view


def test_the_days_of_a_parting_and_of_money_follow(app: Any) -> None:
    """CN05: a last day on a holiday of Catalonia is pointed out; a contract that names a country has its own."""
    office = Office(app)
    said = []
    for country, own in (("", ""), ("ES-CT", ""), ("ES-CT", "GB-SCT")):
        assert choose(app, country).outcome == "updated"
        with app.web.outside.units.begin(app.team_id) as unit:
            client: Client = unit.clients.lock(office.client.id)
            unit.clients.save(replace(client, contract=Contract(none_written=True, country=own)))
        office.amir.click(office.show(office.amir), "last_day")
        office.amir.click(office.amir.view, "choose_last_day")
        office.amir.submit({"kind": "another", "day": SAINT_JOHN.isoformat()})
        said.append(SAID in str(office.amir.view))
    assert said == [False, True, False]


def test_the_operators_setting_holds_until_an_admin_chooses(app: Any, settings: Any) -> None:
    """COUNTRY and REGION count whenever they change, and no more once somebody has chosen in Slack."""
    app.web.services.workspaces.welcome(app.team_id)
    before = [restarted(settings, country, app.team_id) for country in ("NL", "SE")]
    choose(app, "GB-SCT")
    assert [*before, restarted(settings, "NL", app.team_id)] == ["NL", "SE", "GB-SCT"]


def restarted(settings: Any, country: str, team_id: str) -> str:
    house = House(settings.model_copy(update={"country": country}), serves_web=True)
    try:
        house.services.workspaces.welcome(team_id)
        return str(house.services.clients.country(team_id))
    finally:
        house.close()
