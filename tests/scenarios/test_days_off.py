"""Whose days count: the timezone of the setting; holidays of the contract, an admin's choice, else the setting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.bootstrap.house import House
from bot.settings import Settings
from integrations.sandbox.server import RunningServer
from rules.clients.client import Client, Contract
from rules.workdays import day_name
from tests.scenarios.parting_office import Office

QUARTER = timedelta(days=91)
WEEKEND = (5, 6)


def settings_of(app: Any, person: Any) -> Any:
    return person.command("/client", "settings").messages[-1]


def chosen(app: Any) -> str:
    return str(app.web.services.clients.country(app.team_id))


def choose(app: Any, country: str) -> Any:
    olivia = app.agency.olivia
    olivia.click(settings_of(app, olivia), "set_country")
    return olivia.submit({"country": country})


def test_an_admin_chooses_country_and_region(app: Any) -> None:
    """Filled in, left empty, and with a country that nobody knows; nobody else is offered it."""
    answers = [choose(app, typed) for typed in ("XX", "es-ct", "")]
    outcomes = [(each.outcome, "two letters" in str(each.errors)) for each in answers]
    after = [str(answers[1].view).count("the holidays of ES-CT"), str(answers[2].view).count("weekends only")]

    assert outcomes == [("errors", True), ("updated", False), ("updated", False)]
    assert (after, chosen(app)) == ([1, 1], "")
    assert "Country and region" not in str(settings_of(app, app.agency.dana).blocks)
    assert "chose whose holidays count" in str(audit(app))


def audit(app: Any) -> Any:
    olivia = app.agency.olivia
    olivia.click(settings_of(app, olivia), "audit_log")
    return olivia.view


def test_the_days_of_a_parting_and_of_money_follow(app: Any) -> None:
    """CN05: a last day on a holiday of Catalonia is pointed out; a contract that names a country has its own."""
    office, today = Office(app), app.world.now().date()
    coming = [date(today.year + years, 6, 24) for years in range(8)]
    saint_john = next(day for day in coming if day > today + QUARTER and day.weekday() not in WEEKEND)
    said = []
    for country, own in (("", ""), ("ES-CT", ""), ("ES-CT", "GB-SCT")):
        assert choose(app, country).outcome == "updated"
        with app.web.outside.units.begin(app.team_id) as unit:
            client: Client = unit.clients.lock(office.client.id)
            unit.clients.save(replace(client, contract=Contract(none_written=True, country=own)))
        office.amir.click(office.show(office.amir), "last_day")
        office.amir.click(office.amir.view, "choose_last_day")
        office.amir.submit({"kind": "another", "day": saint_john.isoformat()})
        said.append(f"{day_name(saint_john)} is Saint John the Baptist" in str(office.amir.view))
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


def test_the_timezone_counts_whenever_the_setting_changes(front: Any, settings: Settings, birch: Client) -> None:
    """Late in the evening in UTC it is tomorrow in Auckland: the same hour, another day, and the log says so."""
    dana = front.agency.dana
    today = front.world.now().date() + timedelta(days=1)
    front.world.move_clock(datetime.combine(today, time(21, 30), UTC) - front.world.now())
    dana.command("/redflag", "B&B paid three weeks late")
    moved = House(settings.model_copy(update={"timezone": "Pacific/Auckland"}), serves_web=True)
    server = RunningServer(moved.web()).start()
    front.world.slack.deliveries.target_url = f"{server.url}/slack/events"
    dana.command("/redflag", "B&B were rude to Dana")
    server.stop()
    moved.close()

    newer, older = front.notes(birch)
    with front.web.outside.units.read(front.team_id) as unit:
        changes = [entry.action for entry in unit.audit.newest(20)].count("timezone changed")
    assert (older.happened_on, newer.happened_on - older.happened_on, changes) == (today, timedelta(days=1), 1)
