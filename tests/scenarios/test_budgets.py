"""How often each everyday thing asks the database: what a page or a click costs stays small, whoever builds on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.calls import EventCall
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, GENERAL
from rules.clients.client import BandOverride, Client

pytestmark = pytest.mark.both_databases

WORK = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass
class Asked:
    """The statements that did work, and how many transactions were committed."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    def __str__(self) -> str:
        return "\n".join(f"{number}. {' '.join(each.split())[:150]}" for number, each in enumerate(self.statements, 1))


@pytest.fixture
def counted(front: Any) -> Callable[[], Any]:
    """`with counted() as asked`: what the web process asks its database meanwhile."""
    engine = front.web.outside.engine

    @contextmanager
    def counting() -> Iterator[Asked]:
        asked = Asked()

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.lstrip().upper().startswith(WORK):
                asked.statements.append(statement)

        def committed(_connection: Any) -> None:
            asked.commits += 1

        listened = (("before_cursor_execute", note), ("commit", committed))
        for event, listener in listened:
            sa.event.listen(engine, event, listener)
        try:
            yield asked
        finally:
            for event, listener in listened:
                sa.event.remove(engine, event, listener)

    return counting


def test_a_flag_takes_six_statements_and_one_commit(front: Any, birch: Client, counted: Callable[[], Any]) -> None:
    """Whoever asks, which client, its standing, the note and the score: one of each.

    Names are looked up where none was typed, and the ledger where this process does not remember it.
    """
    del birch
    amir, took = front.agency.amir, []
    for words in ("B&B paid three weeks late", "B&B paid late again", "they never answer", "B&B was rude today"):
        with counted() as asked:
            answer = amir.command("/redflag", words, channel=BIRCH)
        took.append((len(asked.statements), asked.commits, "Logged" in answer.text))
    assert took[1:] == [(6, 1, True), (6, 1, True), (5, 1, True)], str(asked)


def test_an_event_takes_three_statements_and_one_commit(front: Any, birch: Client, counted: Callable[[], Any]) -> None:
    """A reaction is in the inbox with its job before it is acknowledged; all else is the worker's."""
    del birch
    said = front.agency.dana.say(BIRCH, "We need it tomorrow.")
    front.world.slack.settle()
    with counted() as asked:
        front.agency.amir.react(BIRCH, said, "triangular_flag_on_post")
        front.world.slack.settle()
    assert (len(asked.statements), asked.commits) == (3, 1), str(asked)


def test_a_message_that_nobody_asked_about_takes_one_statement(
    front: Any, birch: Client, counted: Callable[[], Any]
) -> None:
    """Is anybody listening there? No: nothing is written."""
    del birch
    front.agency.dana.say(COBALT, "Good morning.")
    front.world.slack.settle()
    with counted() as asked:
        front.agency.dana.say(COBALT, "Shall we meet at ten?")
        front.world.slack.settle()
    assert (len(asked.statements), asked.commits) == (1, 0), str(asked)


def test_home_takes_nine_statements(front: Any, birch: Client, counted: Callable[[], Any]) -> None:
    """However many clients and notes there are, nothing is asked once for each of them."""
    del birch
    amir = front.agency.amir
    for number in range(3):
        front.add_client(f"Client {number}")
        amir.command("/redflag", f"Client {number} paid three weeks late", channel=GENERAL)
    _open_home(front)
    with counted() as asked:
        _open_home(front)
    assert amir.published_home is not None
    assert len(asked.statements) <= 9, str(asked)


@pytest.mark.parametrize("back_after", [timedelta(), timedelta(days=9)], ids=["every day", "after a week"])
def test_home_asks_nothing_for_each_client(front: Any, counted: Callable[[], Any], back_after: timedelta) -> None:
    """Three clients in trouble or thirty, with what changed while somebody was away: the same statements."""
    amir, asked_of = front.agency.amir, []
    front.web.services.workspaces.welcome(front.team_id)
    _open_home(front)
    for number in (3, 9):
        for name in [f"Client {number}-{each}" for each in range(number)]:
            client = front.add_client(name)
            front.agency.dana.command("/redflag", f"{name} paid three weeks late", channel=GENERAL)
            front.agency.dana.command("/redflag", f"{name} rude on the phone", channel=GENERAL)
            if not name.endswith("0"):  # of whose own fall Home tells
                with front.web.outside.units.begin(front.team_id) as unit:
                    unit.clients.save(replace(unit.clients.lock(client.id), override=_word(front)))
        front.world.move_clock(back_after)
        _open_home(front)  # whoever Slack has to be asked about after days is asked now
        with counted() as asked:
            _open_home(front)
        asked_of.append(len(asked.statements))
    assert ("Since you were away" in str(amir.published_home)) == bool(back_after)
    assert asked_of[0] == asked_of[1], str(asked)


def _word(front: Any) -> BandOverride:
    """Somebody's, that they are doing badly."""
    now = front.web.outside.clock.now()
    until = now + timedelta(days=60)
    return BandOverride(band="amend", reason="They shout.", by_id=AMIR, made_at=now, last_day=until.date(), until=until)


def _open_home(front: Any) -> None:
    event = {"type": "app_home_opened", "user": AMIR, "tab": "home"}
    opened = EventCall(workspace_id=front.team_id, event_id="Ev1", event=event, now=front.web.outside.clock.now())
    front.web.desk.handle(opened)
