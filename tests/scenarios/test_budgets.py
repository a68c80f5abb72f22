"""How often each everyday thing asks the database: what a page or a click costs stays small, whoever builds on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from bot.calls import EventCall
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, GENERAL
from rules.clients.client import Client

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


def test_a_flag_takes_seven_statements_and_one_commit(front: Any, birch: Client, counted: Callable[[], Any]) -> None:
    """Whoever asks, which client, its standing, the note, the score and what may be due: one of each."""
    del birch
    amir = front.agency.amir
    amir.command("/redflag", "B&B paid three weeks late", channel=GENERAL)
    for words in ("B&B paid three weeks late again", "they never answer our questions", "rude on the phone today"):
        with counted() as asked:
            answer = amir.command("/redflag", words, channel=BIRCH)
        assert "Logged" in answer.text
        assert (len(asked.statements) <= 7, asked.commits) == (True, 1), str(asked)


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


def test_home_takes_twelve_statements(front: Any, birch: Client, counted: Callable[[], Any]) -> None:
    """However many clients and notes there are, nothing is asked once for each of them."""
    del birch
    amir = front.agency.amir
    for number in range(3):
        front.add_client(f"Client {number}")
        amir.command("/redflag", f"Client {number} paid three weeks late", channel=GENERAL)
    opened = EventCall(
        workspace_id=front.team_id,
        event_id="Ev1",
        event={"type": "app_home_opened", "user": AMIR, "tab": "home"},
        now=front.web.outside.clock.now(),
    )
    front.web.desk.handle(opened)
    with counted() as asked:
        front.web.desk.handle(opened)
    assert amir.published_home is not None
    assert len(asked.statements) <= 12, str(asked)
