"""A fault that no waiting mends is told apart from one that passes: to whoever asked in Slack, and by the doctor."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from bot.settings import Settings
from integrations.sandbox.faults import Fault
from integrations.sandbox.world import World
from tests.scenarios.conftest import QUICK
from tests.scenarios.parting_office import Office
from tests.scenarios.test_doctor import Doctor

SITE = "https://agency.example"
Broken = Callable[[World, pytest.MonkeyPatch], dict[str, str]]


def wrong_host(_world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A name that no server bears."""
    really = socket.getaddrinfo

    def looked_up(host: Any, *more: Any, **named: Any) -> Any:
        if str(host) == "agencyy.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return really(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return {"AMICABLE_JIRA__URL": "https://agencyy.invalid"}


def bad_certificate(_world: World, _monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    return {"AMICABLE_JIRA__URL": SITE}


def path_of_a_board(world: World, _monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    return {"AMICABLE_JIRA__URL": f"{world.url}/jira/software/c/projects/AMI/boards/3"}


def no_such_project(_world: World, _monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    return {"AMICABLE_JIRA__PROJECT": "NOPE"}


def away(world: World, _monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    world.jira.faults.sometimes(Fault.SERVER_ERROR, 1.0)
    return {}


# What is broken, and what is said in Slack and by the doctor.
FAULTS: dict[Broken, tuple[str, str]] = {
    wrong_host: ("There is no server named agencyy.invalid.", "There is no server named agencyy.invalid."),
    bad_certificate: ("The certificate of agency.example does not hold", "name its file in SSL_CERT_FILE"),
    path_of_a_board: ("there is no Jira", "no board, no project. Correct it there."),
    no_such_project: ("can't find the place for this ticket", "Check that it exists and that our account sees it."),
    away: ("We ask again in a moment", "Nothing is lost."),
}


@pytest.fixture(params=FAULTS, ids=lambda broken: broken.__name__)
def broken(request: pytest.FixtureRequest) -> Broken:
    return request.param  # type: ignore[no-any-return]  # pytest types no parameter


@pytest.fixture
def settings(world: World, broken: Broken, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Of an installation whose Jira is not as it should be."""
    told = {**world.app_environment(), **QUICK, **broken(world, monkeypatch), "AMICABLE_DATABASE_URL": database_url}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


@pytest.fixture(autouse=True)
def wire() -> Iterator[None]:
    """The one server whose certificate does not hold; everything else is real."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add_passthru("http://127.0.0.1")
        mock.add_passthru("https://agencyy.invalid")
        failure = requests.exceptions.SSLError("certificate verify failed: self-signed certificate")
        for method in ("GET", "POST"):
            mock.add(responses.Response(method, re.compile(f"{SITE}/.*"), body=failure))
        yield


def test_whoever_asks_reads_what_is_wrong_and_so_does_the_operator(
    app: Any, broken: Broken, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In the dialog that waited, with a button that asks again; by the doctor with its remedy."""
    monkeypatch.chdir(tmp_path)
    office = Office(app)
    office.tell()
    office.choose("jira")
    office.olivia.click(office.show(office.olivia), "audience")
    office.idle()
    shown = json.dumps(office.olivia.view, ensure_ascii=False)
    found = [" ".join(each) for each in Doctor().faults()]

    in_slack, by_doctor = FAULTS[broken]
    assert (in_slack in shown, "ask_again" in shown) == (True, True)
    assert [by_doctor for said in found if by_doctor in said] == [by_doctor]
