"""Roles: admins and deciders by name, contractors until a day; the log of it for admins."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot.services.team.roles import Naming
from integrations.sandbox.agency import AMIR, BIRCH, DANA, GENERAL, GUS, OLIVIA
from rules.clients.client import Client
from rules.clients.people import Member


def settings(person: Any) -> Any:
    """This person's settings, as a private message."""
    return person.command("/client", "settings").messages[-1]


def open_roles(olivia: Any) -> None:
    olivia.click(settings(olivia), "roles")


def name(olivia: Any, **people: list[str]) -> Any:
    open_roles(olivia)
    olivia.click(olivia.view, "change_roles")
    return olivia.submit(people)


def hire(olivia: Any, person_id: str, last_day: date) -> Any:
    open_roles(olivia)
    olivia.click(olivia.view, "name_contractor")
    return olivia.submit({"person": person_id, "last_day": last_day.isoformat()})


def as_kept(app: Any, person_id: str) -> Member:
    with app.web.outside.units.read(app.team_id) as unit:
        found: Member = unit.people.find_member(person_id)
    return found


def test_an_admin_names_others_and_slack_changes_nothing_of_it(app: Any, birch: Client) -> None:
    """Named admins and deciders keep what was said of them when Slack is read again, and lose it only by an admin."""
    agency = app.agency
    assert "roles" not in str(settings(agency.amir).blocks)
    name(agency.olivia, admins=[AMIR], deciders=[DANA])
    app.web.outside.directory.refresh_members(app.team_id)
    app.world.slack.change_person(AMIR, real_name="Amir H.")
    app.settle()
    named = [as_kept(app, AMIR).is_admin, as_kept(app, DANA).is_decider]

    agency.dana.command("/client", "B&B consider")
    assert agency.dana.view
    name(agency.amir, admins=[], deciders=[])

    assert named == [True, True]
    assert [as_kept(app, AMIR).is_admin, as_kept(app, DANA).is_decider] == [False, False]
    assert as_kept(app, OLIVIA).is_admin
    assert "workspace admins" in forged(agency.amir, "roles")


def test_two_admins_at_once_lose_no_word_of_each_other(front: Any, birch: Client) -> None:
    """A form changes what its admin changed, not what another one said while it was open."""
    olivia = front.agency.olivia
    front.agency.amir.command("/client", "list")
    name(olivia, admins=[AMIR])
    amir = front.agency.amir
    for person in (olivia, amir):
        open_roles(person)
        person.click(person.view, "change_roles")
    front.agency.dana.command("/client", "list")
    olivia.submit({"deciders": [DANA]})
    amir.submit({"deciders": [OLIVIA]})

    roles = front.web.services.roles.roles(front.team_id, front.member(OLIVIA))
    assert {member.id for member in roles.deciders} == {DANA, OLIVIA}


def test_what_an_admin_says_while_slack_is_being_read_is_not_lost(front: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's answer about a person may be older than what was said of that person here meanwhile."""
    directory, roles = front.web.outside.directory, front.web.services.roles
    olivia = front.member(OLIVIA)
    front.member(DANA)
    ask = directory._read  # noqa: SLF001 - the wire, whose answer comes late
    nobody = Naming(drawn=frozenset(), chosen=frozenset())

    def answer_late(method: str, **arguments: Any) -> Any:
        answer = ask(method, **arguments)
        if method == "users.list":
            roles.name(front.team_id, olivia, nobody, Naming(drawn=frozenset(), chosen=frozenset({DANA})))
        return answer

    monkeypatch.setattr(directory, "_read", answer_late)
    directory.refresh_members(front.team_id)

    assert as_kept(front, DANA).is_decider


def test_guests_are_no_admins_and_colleagues_no_contractors(front: Any) -> None:
    """Each refusal stands beside its field; a contract has an end within a year."""
    olivia = front.agency.olivia
    today = front.web.outside.clock.now().date()
    errors = [
        name(olivia, admins=[GUS]).errors,
        name(olivia, deciders=[GUS]).errors,
        hire(olivia, AMIR, today).errors,
        hire(olivia, GUS, today - timedelta(days=1)).errors,
        hire(olivia, GUS, today + timedelta(days=400)).errors,
    ]
    assert [set(each) for each in errors] == [{"admins"}, {"deciders"}, {"person"}, {"last_day"}, {"last_day"}]
    assert "Gus Lind" in errors[0]["admins"]


def test_a_contractor_is_one_of_us_until_the_end_of_the_last_day(app: Any, birch: Client) -> None:
    """From the first minute of the day after a guest is a guest again, everywhere; what stood there is taken back."""
    refused = said_to_gus(app, "list")
    hire(app.agency.olivia, GUS, app.web.outside.clock.now().date() + timedelta(days=14))
    app.world.slack.invite(BIRCH, GUS)
    app.settle()
    app.set_digest(BIRCH)
    app.sweep(by=app.until_digest())
    posted, welcome = len(ours_in(app, BIRCH)), said_to_gus(app, "B&B")

    app.world.move_clock(timedelta(days=15))
    before_the_sweep = said_to_gus(app, "B&B")
    app.sweep()

    assert ["members of the team" in each for each in (refused, welcome, before_the_sweep)] == [True, False, True]
    assert (posted, ours_in(app, BIRCH)) == (1, [])
    assert as_kept(app, GUS).is_contractor is False


def test_ending_a_contract_takes_back_what_stands_there(app: Any, birch: Client) -> None:
    """An admin ends it at once: our posts in channels with this guest are deleted, and an admin is told."""
    agency = app.agency
    hire(agency.olivia, GUS, app.web.outside.clock.now().date() + timedelta(days=60))
    app.world.slack.invite(BIRCH, GUS)
    app.settle()
    app.set_digest(BIRCH)
    app.sweep(by=app.until_digest())
    before = len(ours_in(app, BIRCH))

    open_roles(agency.olivia)
    agency.olivia.click(agency.olivia.view, f"end_contract.{GUS}")
    app.settle()

    assert (before, ours_in(app, BIRCH)) == (1, [])
    assert any("deleted" in m.text for m in agency.olivia.dms())


def test_admins_read_what_was_done_and_nobody_else(app: Any, birch: Client) -> None:
    """The log is in words, newest first, paged, by kind; no note's text stands in it."""
    agency = app.agency
    for number in range(20):
        agency.amir.command("/redflag", f"B&B zanzibar {number}", channel=BIRCH)
    for _ in range(20):
        app.web.services.agreements.agree(app.team_id, app.member(AMIR), birch.id, birch.agreement)
    name(agency.olivia, deciders=[DANA])
    agency.olivia.click(settings(agency.olivia), "audit_log")
    first = str(agency.olivia.view)
    agency.olivia.click(agency.olivia.view, "audit_log.older")
    second = str(agency.olivia.view)
    agency.olivia.choose(agency.olivia.view, "audit_log.kind", "people")
    people = str(agency.olivia.view)

    assert "made a decider of" in first
    assert "added the client" in second
    assert "changed the agreement" not in people
    assert "made a decider of" in people
    assert "zanzibar" not in first + second + people
    assert "workspace admins" in forged(agency.amir, "audit_log")


def ours_in(app: Any, channel_id: str) -> list[Any]:
    """What we posted there."""
    return [m for m in app.world.slack.messages(channel_id) if m.by_app and not m.visible_to]


def said_to_gus(app: Any, typed: str) -> str:
    """The answer to a command of Gus."""
    app.agency.gus.command("/client", typed, channel=GENERAL, forge=True)
    return str([m.text for m in app.world.slack.messages(GENERAL) if m.visible_to == GUS][-1])


def forged(person: Any, action: str, value: str = "") -> str:
    """What is answered to a click that was never offered."""
    message = person.command("/client", "help").messages[-1]
    person.click(message, action, value, forge=True)
    shown = str(person.view) + " ".join(each.text for each in person.dms())
    return shown + str([m.text for m in person.sees(message.channel_id)])
