"""Rights end everywhere at once: Home, old buttons, named roles; and the log says so."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.services.privacy.erasure import Subject
from bot.services.team.roles import Naming
from integrations.sandbox.agency import BIRCH, COBALT, DANA, GENERAL, GUS, OLIVIA
from rules.clients.client import Client
from rules.privacy.tombstones import Erased

NAME = "Birch & Barrow"
NOBODY = Naming(drawn=frozenset(), chosen=frozenset())


def hire(app: Any, person_id: str, days: int = 10) -> None:
    app.member(person_id)
    last_day = app.web.outside.clock.now().date() + timedelta(days=days)
    app.web.services.roles.name_contractor(app.team_id, app.member(OLIVIA), person_id, last_day)


def name(app: Any, person_id: str) -> None:
    """Admin and decider."""
    app.member(person_id)
    chosen = Naming(drawn=frozenset(), chosen=frozenset({person_id}))
    app.web.services.roles.name(app.team_id, app.member(OLIVIA), chosen, chosen)


def roles(app: Any, person_id: str) -> tuple[bool, bool, bool]:
    member = app.member(person_id)
    return member.is_admin, member.is_named_admin, member.is_decider


def logged(app: Any) -> list[tuple[str, str]]:
    """The newest first, as an admin reads it."""
    page = app.web.services.log.page(app.team_id, app.member(OLIVIA), "", "")
    return [(line.entry.action, line.entry.details) for line in page.lines]


def home(app: Any, person: Any) -> str:
    app.settle()
    return str(person.published_home)


def end_term(app: Any) -> None:
    app.web.services.roles.end_contract(app.team_id, app.member(OLIVIA), GUS)


def term_over(app: Any) -> None:
    app.sweep(by=timedelta(days=11))


def become_guest(app: Any) -> None:
    app.world.slack.change_person(DANA, is_guest=True)


def leave(app: Any) -> None:
    app.world.slack.change_person(DANA, deleted=True)


def become_guest_unheard(app: Any) -> None:
    app.world.slack.workspace.people[DANA].is_guest = True
    app.sweep(by=timedelta(hours=5))


def hide(app: Any) -> None:
    client = app.web.services.clients.of_channel(app.team_id, app.member(OLIVIA), BIRCH)
    app.web.services.visibility.show_to(app.team_id, app.member(OLIVIA), client.id, [OLIVIA])


def erase(app: Any) -> None:
    client = app.web.services.clients.of_channel(app.team_id, app.member(OLIVIA), BIRCH)
    subject = Subject(kind=Erased.CLIENT, id=client.id, actor_id=OLIVIA)
    app.web.services.erasure.start(app.team_id, app.member(OLIVIA), subject, NAME)


@pytest.mark.parametrize(
    ("person_id", "ends"),
    [
        (GUS, end_term),
        (GUS, term_over),
        (DANA, become_guest),
        (DANA, leave),
        (DANA, become_guest_unheard),
        (DANA, hide),
        (DANA, erase),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_home_is_emptied_of_what_somebody_may_not_see_any_more(
    app: Any, birch: Client, person_id: str, ends: Callable[[Any], None]
) -> None:
    """A tab that nobody opens again holds nothing of it either; for the others it stands as it did."""
    if person_id == GUS:
        hire(app, GUS)
    app.add_client("Cobalt", COBALT)
    person, amir = app.world.slack.person(person_id), app.agency.amir
    for each in (person, amir):
        each.home()
    before = home(app, person)
    ends(app)
    after = home(app, person)

    assert ["Birch" in before, "Birch" in after] == [True, False]
    assert ("Cobalt" in after) is (ends in {hide, erase})
    assert ("Birch" in home(app, amir)) is (ends not in {hide, erase})


def test_a_home_that_slack_did_not_take_is_emptied_later(app: Any, birch: Client) -> None:
    """While Slack is away the tab stands; it is tried again until it is gone."""
    dana = app.agency.dana
    dana.home()
    app.settle()
    app.world.slack.rate_limit("views.publish", times=20)
    become_guest(app)
    app.settle()
    app.world.slack.faults.clear()
    app.sweep(by=timedelta(minutes=11))

    assert "Birch" not in home(app, dana)


def open_it(_app: Any, person: Any) -> None:
    person.home(wait=0)


def turn_a_page(_app: Any, person: Any) -> None:
    person.click(person.published_home, "home_page", "0", forge=True)


def lose_another(app: Any, person: Any) -> None:
    """So that a worker draws it."""
    client = app.web.services.clients.of_channel(app.team_id, app.member(OLIVIA), COBALT)
    app.web.services.visibility.show_to(app.team_id, app.member(OLIVIA), client.id, [OLIVIA])


def open_it_first(app: Any, person: Any) -> None:
    open_it(app, person)


@pytest.mark.parametrize(
    ("person_id", "draws", "ends", "stood_there"),
    [
        (GUS, open_it, end_term, False),
        (GUS, open_it_first, end_term, True),
        (DANA, turn_a_page, hide, False),
        (DANA, lose_another, become_guest, True),
        (DANA, open_it, erase, False),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_a_home_that_was_being_drawn_while_a_right_ended_does_not_stay(
    app: Any,
    birch: Client,
    person_id: str,
    draws: Callable[[Any, Any], None],
    ends: Callable[[Any], None],
    *,
    stood_there: bool,
) -> None:
    """It is on its way to Slack when the emptied one overtakes it, and comes last.

    Slack refuses one that was drawn for what stood there before; the first that somebody opens and one that nobody
    asked for stand there until they are drawn anew.
    """
    if person_id == GUS:
        hire(app, GUS)
    app.add_client("Cobalt", COBALT)
    person, slack = app.world.slack.person(person_id), app.world.slack
    if draws is not open_it_first:
        person.home()
    app.settle()
    as_ever, first, before = slack.call, threading.Lock(), len(slack.calls_of("views.publish"))
    late: list[str] = []

    def call(method: str, token: str, arguments: Any) -> Any:
        if method != "views.publish" or not first.acquire(blocking=False):
            return as_ever(method, token, arguments)
        ends(app)
        deadline = time.monotonic() + 60
        while len(slack.calls_of("views.publish")) == before and time.monotonic() < deadline:
            time.sleep(0.02)
        answer = as_ever(method, token, arguments)
        late.append(str(person.published_home))
        return answer

    slack.call = call
    draws(app, person)
    after = home(app, person)

    assert ["Birch" in shown for shown in (*late, after)] == [stood_there, False]


@pytest.mark.parametrize("change", [{"is_guest": True}, {"deleted": True}], ids=["guest", "deactivated"])
def test_named_roles_fall_and_do_not_come_back(app: Any, birch: Client, change: dict[str, bool]) -> None:
    """Neither by a contract nor by coming back: an admin names them anew, and the log says what happened."""
    name(app, DANA)
    named = roles(app, DANA)
    app.world.slack.change_person(DANA, **change)
    app.settle()
    fallen, log = roles(app, DANA), logged(app)[:2]
    if "is_guest" in change:
        hire(app, DANA)
    else:
        app.world.slack.change_person(DANA, deleted=False)
        app.settle()

    why = "who is a guest now" if "is_guest" in change else "who left the workspace"
    assert (named, fallen) == ((True, True, True), (False, False, False))
    assert sorted(log) == [("admin no more", why), ("decider no more", why)]
    assert roles(app, DANA) == (False, False, False)
    assert "for workspace admins" in forged(app.agency.dana, "change_roles")


def test_an_old_private_answer_opens_nothing_for_whoever_lost_the_right(app: Any, birch: Client) -> None:
    """Its buttons stand in Slack for ever: each asks again who presses it."""
    dana = app.agency.dana
    answer = dana.command("/redflag", f"{NAME} paid late", channel=GENERAL).messages[-1]
    card = dana.command("/client", NAME, channel=GENERAL).messages[-1]
    become_guest(app)
    app.settle()
    notes, refused = app.notes(birch), []
    for message, action, value in [(answer, "undo_note", None), (card, "why", birch.id), (card, "history", birch.id)]:
        dana.click(message, action, value, forge=True)
        refused.append("members of the team only" in str(dana.view))
        dana.close()

    assert refused == [True, True, True]
    assert app.notes(birch) == notes


def forged(person: Any, action: str, value: str = "") -> str:
    message = person.command("/client", "help", forge=True).messages[-1]
    person.click(message, action, value, forge=True)
    return str(person.view) + " ".join(each.text for each in [*person.dms(), *person.sees(message.channel_id)])
