"""Every registered thing to do x every kind of person: who may do it is declared, and that is what happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

import pytest
import sqlalchemy as sa
import structlog
from slack_bolt import BoltRequest

from bot.bootstrap.house import House
from bot.ids import Action, Command, Form, Shortcut
from bot.rights import RIGHTS, Right
from bot.services.team.roles import Naming
from integrations.sandbox.agency import AMIR, BIRCH, CARLA, DANA, GENERAL, GUS, OLIVIA
from integrations.sandbox.slack import payloads
from integrations.sandbox.slack.workspace import Workspace
from rules.clients.stages import Stage
from rules.nudges.first_hour import Guide
from tests.redteam.conftest import FREYA, LEFT, ROBOT, SILKE
from tests.redteam.readers import Readers
from tests.redteam.secrets import Archive, Case
from tests.redteam.test_forged import Intruder, answers
from tests.scenarios.conftest import App

PETRA, COLIN = "U0PETRA", "U0COLIN"
# Of the client in question Amir is the owner, Petra a decider and Colin a colleague who sees it; Dana doesn't.
# It was Colin who installed us, some time ago.
PEOPLE: Mapping[Right, tuple[str, ...]] = {
    Right.OURS: (OLIVIA, AMIR, PETRA, COLIN, DANA, FREYA),
    Right.SEES: (OLIVIA, AMIR, PETRA, COLIN),
    Right.DECIDES: (OLIVIA, AMIR, PETRA),
    Right.OWNS: (OLIVIA, AMIR),
    Right.INSTALLED: (OLIVIA, COLIN),
    Right.ADMIN: (OLIVIA,),
}
OTHERS = (GUS, CARLA, SILKE, ROBOT, LEFT)
# What Slack says of people and places is remembered whoever asks.
REMEMBERED = frozenset({"amicable_members", "amicable_places"})
WRITES = frozenset({"INSERT", "UPDATE", "DELETE"})


@contextmanager
def undone(engine: sa.Engine) -> Iterator[list[str]]:
    """Nothing that is written meanwhile stays; in the list stand the tables that were written to."""
    written: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        verb, *rest = statement.replace("(", " ").split()
        table = next((word for word in rest if word not in {"INTO", "FROM", "OR", "IGNORE"}), "")
        if verb in WRITES and table not in REMEMBERED:
            written.append(table)

    def undo(connection: sa.Connection) -> None:
        connection.connection.rollback()

    sa.event.listen(engine, "before_cursor_execute", see)
    sa.event.listen(engine, "commit", undo)
    yield written
    sa.event.remove(engine, "commit", undo)
    sa.event.remove(engine, "before_cursor_execute", see)


class Caller(Intruder):
    """Hands requests to the app in this process, and tells what came of the last one."""

    def __init__(self, app: App, written: list[str]) -> None:
        super().__init__(app, OLIVIA)
        self._desk, self._written, self.outcome = app.web.desk, written, ""

    def as_one(self, person_id: str) -> Caller:
        self._person = self.workspace.people[person_id]
        return self

    @property
    def workspace(self) -> Workspace:
        return self._slack.workspace

    def command(self, command: Command, text: str) -> None:
        channel = self.workspace.channels[GENERAL]
        self._send(payloads.command(self.workspace, self._person, command, text, channel))

    def shortcut(self, shortcut: Shortcut) -> None:
        self._send(payloads.shortcut(self.workspace, self._person, shortcut))

    def _send(self, payload: dict[str, Any]) -> None:
        self._written.clear()
        with structlog.testing.capture_logs() as logs:
            self._desk.bolt.dispatch(BoltRequest(body=payload, mode="socket_mode"))
        kinds = {each["sentence_of"] for each in logs if each["event"] == "refused"}
        if self._written:
            self.outcome = "wrote"
        elif kinds & {"RefusedError", "NotFoundError"}:
            self.outcome = "refused"
        else:
            self.outcome = "failed" if any(each["event"] == "failed" for each in logs) else "shown"


def cast_of(app: App, readers: Readers) -> Case:
    """A client shown to some, in the middle of its parting, of which it has been told."""
    for person_id in (PETRA, COLIN):
        app.world.slack.add_person(person_id, person_id.lower())
        app.member(person_id)
    nobody = Naming(drawn=frozenset(), chosen=frozenset())
    petra = Naming(drawn=frozenset(), chosen=frozenset({PETRA}))
    app.web.services.roles.name(app.team_id, app.member(OLIVIA), nobody, petra)
    case = Archive(app, readers).shown_to((AMIR, PETRA, COLIN), BIRCH)
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.save_workspace(replace(unit.lock_workspace(), guide=Guide(person_id=COLIN, is_over=True)))
        parting = unit.partings.get(case.ids["parting"])
        unit.partings.save(replace(parting, told_at=app.web.outside.clock.now(), told_by=AMIR))
        unit.clients.save(replace(unit.clients.get(case.client.id), stage=Stage.TOLD))
    app.settle()
    return case


def outcomes(caller: Caller, doing: Any, case: Case, ids: Sequence[str], filled: Mapping[str, Any]) -> Iterator[str]:
    """What comes of it with each id that somebody may have seen, of a form filled and empty."""
    if doing is Action.PICK_CLIENT:  # only ever searched
        caller.search(doing.value, "")
        yield caller.outcome
    elif isinstance(doing, Action):
        for value in ids:
            caller.click(doing.value, value, case.ids)
            yield caller.outcome
    elif isinstance(doing, Form):
        for answered in (filled, {}):
            caller.submit(doing.value, case.ids, dict(answered))
            yield caller.outcome
    elif isinstance(doing, Command):
        caller.command(doing, "list")
        yield caller.outcome
    else:
        caller.shortcut(doing)
        yield caller.outcome


def reached(caller: Caller, doing: Any, case: Case, person_id: str, filled: Mapping[str, Any]) -> str:
    """The furthest that this person gets: `wrote`, `shown`, or neither."""
    ids = [*case.ids.values()] if person_id in PEOPLE[Right.OURS] else [case.client.id]
    found = ""
    for outcome in outcomes(caller.as_one(person_id), doing, case, ids, filled):
        found = max(found, outcome if outcome in {"shown", "wrote"} else "")
        if found == "wrote" or (found and isinstance(doing, Action)):
            break
    return found


@pytest.mark.timeout(900)  # it walks through thousands of clicks, which a busy machine takes its time for
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_everybody_may_do_what_is_declared_and_nothing_else(app: App, readers: Readers) -> None:
    """A button shows nothing to whoever lacks its right, and no form of theirs changes anything."""
    case = cast_of(app, readers)
    filled, wrong, proven = answers(case), [], set()
    with undone(app.web.outside.engine) as written:
        caller = Caller(app, written)
        for doing, right in app.web.desk.rights.items():
            may = {each: reached(caller, doing, case, each, filled) for each in (*PEOPLE[Right.OURS], *OTHERS)}
            # What a form says of its fields says nothing of the client: there only a change counts.
            counts = {"wrote"} if isinstance(doing, Form) else {"wrote", "shown"}
            able = {person_id for person_id, furthest in may.items() if furthest in counts}
            wrong += [f"{person_id} may do {doing}" for person_id in able - {*PEOPLE[right]}]
            if able and not isinstance(doing, Form):
                wrong += [f"{person_id} may not do {doing}" for person_id in {*PEOPLE[right]} - able]
            if able:
                proven.add(doing)

    assert sorted(wrong) == []
    assert len(proven) > len(app.web.desk.rights) / 2


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_what_is_registered_is_what_is_declared(app: App) -> None:
    """A right for something that is gone, or something new without one, is noticed."""
    assert {*app.web.desk.rights} == {*RIGHTS}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_nothing_can_be_registered_of_which_nobody_said_who_may_do_it(app: App) -> None:
    """The app does not even start with it."""
    with pytest.raises(LookupError):
        app.web.desk.click(cast("Action", Form.SHOWN), lambda _call: pytest.fail("nobody may do it"))
    assert isinstance(app.web, House)
