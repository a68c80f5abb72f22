"""BR14: whoever holds an id, an old button or an old form learns nothing by it, and changes nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.ids import Action, Command, Form
from integrations.sandbox.agency import AMIR, CARLA, DANA, GUS, OLIVIA
from integrations.sandbox.slack import payloads
from integrations.sandbox.slack.api.views import stack
from integrations.sandbox.slack.workspace import View
from rules.clients.commands import Verb
from tests.redteam.conftest import FREYA
from tests.redteam.places import OURS
from tests.redteam.readers import Readers, canary
from tests.redteam.secrets import DECIDERS, Archive, Case
from tests.redteam.ways import WORDS
from tests.scenarios.conftest import App

LISTENERS = Path(__file__).parents[2] / "bot"
ASKED = re.compile(r'values(?:\[|\.get\()"([a-z_]+)"')
DATES = re.compile(r"_on$|_day$|_since$|^when$|^first_checkpoint$")
PEOPLE = re.compile(r"^(?:owner|person|people|who|by)$")


class Intruder:
    """Sends what Slack would never let this person send."""

    def __init__(self, app: App, person_id: str) -> None:
        self._slack = app.world.slack
        self._person = self._slack.workspace.people[person_id]

    def click(self, action: str, value: str, memo: dict[str, str]) -> None:
        """A button in a dialog that was opened for these ids."""
        view = self._view("form_shown", memo)
        pressed = {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.1"}
        self._send(payloads.view_click(self._slack.workspace, self._person, view, pressed))

    def choose(self, action: str, value: str) -> None:
        """The same from a message, as a choice."""
        payload = payloads.view_click(self._slack.workspace, self._person, self._view("form_shown", {}), {})
        chosen = {"type": "static_select", "action_id": action, "block_id": "b", "selected_option": {"value": value}}
        self._send({**payload, "view": None, "container": {"type": "message"}, "actions": [chosen]})

    def submit(self, form: str, memo: dict[str, str], answers: dict[str, Any]) -> None:
        view = self._view(form, memo)
        payload = payloads.submission(self._slack.workspace, self._person, view)
        payload["view"]["state"] = {"values": {name: {"value": answer} for name, answer in answers.items()}}
        self._send(payload)

    def search(self, action: str, typed: str) -> None:
        view = self._view("form_shown", {})
        self._send(payloads.suggestion(self._slack.workspace, self._person, view, ("b", action), typed))

    def _view(self, form: str, memo: dict[str, str]) -> View:
        workspace = self._slack.workspace
        workspace.dialogs[self._person.id] = []
        text = {"type": "mrkdwn", "text": "An old dialog"}
        body = {
            "type": "modal",
            "callback_id": form,
            "title": {"type": "plain_text", "text": "Old"},
            "private_metadata": json.dumps(memo),
            "blocks": [{"type": "section", "block_id": "b", "text": text}],
        }
        return stack(workspace, self._person.id, body)

    def _send(self, payload: dict[str, Any]) -> None:
        self._slack.deliveries.interaction(payload)


def answers(case: Case) -> dict[str, Any]:
    """Something for every field that any form of ours has."""
    names = {name for file in LISTENERS.rglob("*.py") for name in ASKED.findall(file.read_text(encoding="utf-8"))}
    return {name: _answer(name, case) for name in sorted(names)}


def _answer(name: str, case: Case) -> dict[str, Any]:
    if name == "client":
        return {"type": "external_select", "selected_option": {"value": case.client.id}}
    if name == "type":
        return {"type": "static_select", "selected_option": {"value": "late_payment"}}
    if DATES.search(name):
        return {"type": "datepicker", "selected_date": "2030-01-01"}
    if PEOPLE.search(name):
        return {"type": "users_select", "selected_user": DANA}
    return {"type": "plain_text_input", "value": "7"}


def attempt(intruder: Intruder, case: Case, ids: list[str]) -> None:
    """Every action with every id, every form with answers and without, every search."""
    filled = answers(case)
    for action in Action:
        for value in ids:
            intruder.click(action.value, value, case.ids)
        intruder.choose(action.value, case.client.id)
    for form in Form:
        intruder.submit(form.value, case.ids, filled)
        intruder.submit(form.value, case.ids, {})
    for search in (Action.PICK_CLIENT, Action.CHOOSE_CLIENT, Action.FIND_CLIENT):
        for typed in ("", "zq", case.client.name):
            intruder.search(search.value, typed)


@pytest.mark.timeout(900)  # it walks through thousands of clicks, which a busy machine takes its time for
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_ids_open_nothing_for_whoever_may_not_see_it(app: App, readers: Readers) -> None:
    """A colleague, a contractor, a guest and a client with every id at hand: no word, and nothing is changed."""
    archive = Archive(app, readers)
    hidden, decided = archive.hidden(), archive.decided()
    app.settle()
    before = [archive.state(hidden, whole=True), archive.state(decided, whole=False)]
    secret = [decided.ids[kind] for kind in ("client", "decision", "parting", "letter")]
    for case, person, ids in (
        (hidden, DANA, [*hidden.ids.values()]),
        (hidden, FREYA, [hidden.client.id]),
        (decided, DANA, secret),
        (decided, GUS, [decided.client.id]),
        (decided, CARLA, [decided.client.id]),
    ):
        attempt(Intruder(app, person), case, ids)
        readers.look()
    app.settle()
    readers.look()
    after = [archive.state(hidden, whole=True), archive.state(decided, whole=False)]
    wanted = {canary("hidden", part) for part in ("client", "note", "goal", "reason", "letter")}
    for action in (Action.OPEN_CLIENT, Action.HISTORY, Action.PLAN, Action.CONSIDER, Action.LETTER, *Action):
        if wanted <= shown_to(AMIR, readers):
            break
        for value in hidden.ids.values():
            Intruder(app, AMIR).click(action.value, value, hidden.ids)
        readers.look()

    assert sorted(set(readers.leaks)) == []
    assert readers.elsewhere() == []
    assert after == before
    assert wanted <= shown_to(AMIR, readers)


def shown_to(person_id: str, readers: Readers) -> set[str]:
    return {word for word, people in readers.read_by.items() if person_id in people}


@pytest.mark.parametrize("app", ["sqlite", "postgresql"], indirect=True)
def test_a_secret_is_shown_to_those_who_decide_and_to_nobody_else(app: App, readers: Readers) -> None:
    """Commands and Home: who may know reads it (silence would be no proof), to others it is as if it were not."""
    archive = Archive(app, readers)
    hidden, decided = archive.hidden(), archive.decided()
    names = [decided.client.name, decided.client.aliases[0]]
    for person_id in (OLIVIA, AMIR, DANA, FREYA, GUS, CARLA):
        person = app.world.slack.person(person_id)
        known = [hidden.client.name, hidden.client.aliases[0]] if person_id in DECIDERS else []
        for text in (*WORDS, *(f"{name} {verb}".strip() for name in names + known for verb in ("", *Verb))):
            person.command(Command.CLIENT, text, forge=True)
        person.home(wait=1 if person_id in OURS else 0)
        app.settle()
        readers.look()
    dana = app.agency.dana
    unknown = [dana.command(Command.CLIENT, f"{name} why").text for name in (hidden.client.name, "zq-nobody-client")]
    logged = [dana.command(Command.REDFLAG, f"{name} paid").text for name in (hidden.client.name, "zq-nobody-client")]
    told = {word: readers.read_by.get(word, set()) for word in ("zq-hidden-client", "zq-decided-reason")}

    assert sorted(set(readers.leaks)) == []
    assert told == {word: {AMIR, OLIVIA} for word in told}
    assert [unknown[0], logged[0]] == [
        each[1].replace("zq-nobody-client", hidden.client.name) for each in (unknown, logged)
    ]
