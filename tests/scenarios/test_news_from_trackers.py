"""News from trackers as they send it: once we asked for it, twice, late, or not at all until we ask anew (HO10)."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from integrations.sandbox.bells import PUBLIC_URL
from rules.clients.client import Client
from rules.partings.parting import TaskState, Ticket
from tests.scenarios.parting_office import Office
from tests.scenarios.test_asking_trackers import words
from tests.scenarios.test_doctor import Doctor
from tests.scenarios.test_webhooks import Hooks, known_ticket

ROUND = timedelta(minutes=11)
PATIENCE_SECONDS = 60


def state_of(app: Any, ticket: Ticket) -> TaskState:
    with app.web.outside.units.read(app.team_id) as unit:
        state: TaskState = unit.partings.ticket(ticket.id).task_state
    return state


def examined() -> str:
    doctor = Doctor()
    doctor.ask()
    return doctor.everything


def test_trello_tells_us_because_we_asked_and_again_after_it_gave_up(app: Any, birch: Client) -> None:
    """The first round registers the webhook; each word comes twice; switched off by Trello, the next round mends it."""
    trello, bells = app.world.trello, app.world.bells
    app.sweep()
    before = (trello.hooks.described(), examined())
    bells.app_url = app.url
    app.sweep(ROUND)
    registered = trello.hooks.described()
    after = examined()
    task, place = known_ticket(app, birch, "trello")

    trello.hooks.repeated_after, trello.hooks.switched_off_after = (), 1
    bells.app_url = "http://127.0.0.1:9"
    trello.hooks.ring("updateCard", place.ref)
    given_up = trello.hooks.described()[0]["active"]
    bells.app_url = app.url
    app.sweep(ROUND)
    trello.hooks.copies = 2
    trello.finish(place.ref)
    app.settle()

    assert before[0] == []
    assert ("webhook is not on" in before[1], "webhook is not on" in after) == (True, False)
    assert [(hook["callbackURL"], hook["active"]) for hook in registered] == [(f"{PUBLIC_URL}/webhooks/trello", True)]
    assert (given_up, len(trello.hooks.described()), trello.hooks.described()[0]["active"]) == (False, 1, True)
    assert (state_of(app, task), Hooks(app).jobs()) == (TaskState.DONE, 1)


def test_a_parting_lives_on_a_board_of_states(app: Any) -> None:
    """No list of its own; a card that somebody drags to the list called Done is a task that is done."""
    trello = app.world.trello
    done = {name: trello.board.add_list({"name": name, "pos": "bottom"}).id for name in ("To do", "Doing", "Done")}[
        "Done"
    ]
    office = Office(app)
    office.tell()
    office.choose("trello")
    office.confirm()
    office.open()
    cards = trello.cards
    for card in cards:
        trello.move(card.id, done)
    app.sweep(ROUND)

    assert [each.name for each in trello.lists] == ["To do", "Doing", "Done"]
    assert {card.label_ids for card in cards} == {tuple(trello.board.labels)}
    assert [task.task_state for task in office.sheet().tasks] == [TaskState.DONE] * len(cards)


def test_jira_repeats_what_nobody_took_and_sends_things_twice(app: Any, birch: Client) -> None:
    """We were away when it rang: the repeat is heard, and read once."""
    bells = app.world.bells
    task, place = known_ticket(app, birch)
    bells.copies, bells.repeated_after = 2, (0.2,) * 200
    bells.app_url = "http://127.0.0.1:9"
    app.world.jira.finish(place.key)
    missed = state_of(app, task)
    bells.app_url = app.url
    end = time.monotonic() + PATIENCE_SECONDS
    while state_of(app, task) is not TaskState.DONE and time.monotonic() < end:
        time.sleep(0.1)
    app.settle()

    assert (missed, state_of(app, task), Hooks(app).jobs()) == (TaskState.OPEN, TaskState.DONE, 1)


def test_a_list_of_an_earlier_parting_is_no_question(app: Any) -> None:
    """Its name is a client's, and whoever reads the question may know nothing of that one: only what we did not make
    is asked about.
    """
    trello = app.world.trello
    office = Office(app)
    office.tell()
    office.choose("trello")
    office.confirm()
    office.open()
    [parent] = trello.lists
    parent.name = parent.name.rpartition(" ")[0]
    for name in ("To do", "Waiting room"):
        trello.board.add_list({"name": name, "pos": "bottom"})
    office.olivia.click(office.show(office.olivia), "audience", value=office.parting.id, forge=True)
    office.idle()
    told = words(office.olivia.view)
    office.olivia.click(office.olivia.view, "endings")
    office.idle()

    assert parent.name == "Wrap-up and handoff: Birch & Barrow"
    assert [
        ("Waiting room" in said, parent.name in said) for said in (told, words(office.olivia.view), examined())
    ] == [(True, False)] * 3
