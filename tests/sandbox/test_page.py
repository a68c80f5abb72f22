"""The sandbox's page over HTTP: who may use it, what it shows to whom, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations.database.connect import open_database
from integrations.engine.client import EngineClient
from integrations.sandbox.agency import AMIR, BIRCH, CARLA, DANA, OLIVIA, SHARED, Agency
from integrations.sandbox.page.live import Watch
from integrations.sandbox.page.routes import front
from integrations.sandbox.play import RealCredentialsError, refuse_real_credentials
from integrations.sandbox.processes import AppProcesses
from integrations.sandbox.server import RunningServer
from integrations.sandbox.story.stage import Stage
from integrations.sandbox.theatre import Theatre
from integrations.sandbox.world import World
from tests.clocks import SLACK_SECONDS

PAGE = {"X-Sandbox-Page": "1"}


class Browser:
    """What the page asks and does, without a browser."""

    def __init__(self, theatre: Theatre, url: str) -> None:
        assert theatre.stage
        self.theatre, self.stage, self.url = theatre, theatre.stage, url

    def state(self, who: str, view: str = "channel", place: str = BIRCH) -> Any:
        asked = {"as": who, "view": view, "id": place}
        return requests.get(f"{self.url}/page/state", params=asked, timeout=60).json()

    def do(self, what: str, **body: object) -> requests.Response:
        return requests.post(f"{self.url}/page/do/{what}", json=body, headers=PAGE, timeout=60)


@pytest.fixture
def browser(tmp_path: Path, starts_at: datetime) -> Iterator[Browser]:
    """The page in front of a world whose app is not started."""
    theatre = Theatre(tmp_path)
    watch = Watch(theatre)
    server = RunningServer(front(theatre, watch)).start()
    theatre.world = World(tmp_path / "clock", starts_at=starts_at, slack_seconds=SLACK_SECONDS)
    theatre.world.stand_at(server.url)
    database = open_database(f"sqlite:///{tmp_path}/amicable.db")
    app = AppProcesses({"AMICABLE_DATABASE_URL": "sqlite://"}, tmp_path)
    jobs = EngineClient(database)
    theatre.stage = Stage(world=theatre.world, agency=Agency(theatre.world), app=app, jobs=jobs)
    watch.start()
    yield Browser(theatre, server.url)
    watch.stop()
    server.stop()
    jobs.close()
    database.dispose()
    theatre.world.stop()


def test_the_page_runs_no_foreign_script(browser: Browser) -> None:
    """Scripts and styles come from the sandbox itself and nothing is sent anywhere else."""
    policy = requests.get(browser.url, timeout=60).headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy


@pytest.mark.parametrize("path", ["/", "/page/state", "/static/app.js", "/api/auth.test"])
def test_a_foreign_name_for_this_machine_opens_nothing(browser: Browser, path: str) -> None:
    """A web site whose name is pointed at this machine reads nothing here."""
    answer = requests.get(f"{browser.url}{path}", headers={"Host": "evil.example"}, timeout=60)
    assert answer.status_code == 421


@pytest.mark.parametrize("headers", [{}, {"X-Sandbox-Page": "1", "Origin": "https://evil.example"}])
def test_only_the_page_itself_changes_anything(browser: Browser, headers: dict[str, str]) -> None:
    """Another page of the same browser can't speak here in somebody's name."""
    body = {"as": OLIVIA, "channel": BIRCH, "text": "forged"}
    answer = requests.post(f"{browser.url}/page/do/say", json=body, headers=headers, timeout=60)
    assert (answer.status_code, browser.stage.agency.olivia.sees(BIRCH)) == (403, [])


@pytest.mark.parametrize("path", ["/api/auth.test", "/response/abc", "/jira/rest/api/3/issue", "/trello/1/cards"])
def test_other_sites_post_nothing_to_the_stand_ins(browser: Browser, path: str) -> None:
    """A page elsewhere that knows an address is refused before it is heard; apps, which name no page, are heard."""
    posted = [
        requests.post(f"{browser.url}{path}", data={"text": "forged"}, headers=headers, timeout=60).status_code
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {})
    ]
    assert (posted[:2], posted[2] == 403) == ([403, 403], False)


def test_what_is_said_is_read_by_the_others_as_unread(browser: Browser) -> None:
    """A message of Dana's waits for Amir until he has seen it."""
    said = browser.do("say", **{"as": DANA, "channel": BIRCH, "text": "New brief"}).json()
    before = next(each["unread"] for each in browser.state(AMIR)["channels"] if each["id"] == BIRCH)
    browser.do("read", **{"as": AMIR, "channel": BIRCH, "ts": said["ts"]})
    after = next(each["unread"] for each in browser.state(AMIR)["channels"] if each["id"] == BIRCH)
    assert (before, after) == (1, 0)


def test_ones_own_messages_are_edited_and_deleted(browser: Browser) -> None:
    """As in Slack; nobody lays hands on what others said."""
    ts = browser.do("say", **{"as": AMIR}, channel=BIRCH, text="They pay on Friday").json()["ts"]
    refused = browser.do("delete", **{"as": DANA}, channel=BIRCH, ts=ts).status_code
    browser.do("edit", **{"as": AMIR}, channel=BIRCH, ts=ts, text="They pay on Monday")
    edited = [(each["text"], each["edited"]) for each in browser.state(DANA)["shown"]["messages"]]
    browser.do("delete", **{"as": AMIR}, channel=BIRCH, ts=ts)

    assert (refused, edited) == (409, [("They pay on Monday", True)])
    assert browser.state(DANA)["shown"]["messages"] == []


def test_a_client_sees_what_a_client_sees(browser: Browser) -> None:
    """Carla has the shared channel and nothing else: no commands, no shortcuts, no messages of the app."""
    state = browser.state(CARLA)
    shown = ([each["id"] for each in state["channels"]], state["commands"], state["shortcuts"]["message"])
    assert (shown, state["shown"]["messages"]) == (([SHARED], [], []), [])


def test_the_catalogues_emoji_are_offered(browser: Browser) -> None:
    """The picker begins with what can be logged."""
    assert {"snail", "sunflower", "turtle"} <= {each["name"] for each in browser.state(OLIVIA)["catalogue"]}


def test_a_private_reply_is_shown_to_one_person(browser: Browser) -> None:
    """Nobody else's page gets it at all."""
    browser.stage.world.slack.api("chat.postEphemeral", channel=BIRCH, user=DANA, text="just for you")
    seen = [len(browser.state(who)["shown"]["messages"]) for who in (DANA, AMIR)]
    assert seen == [1, 0]


def test_what_slack_refuses_is_a_sentence(browser: Browser) -> None:
    """A click on something that is gone is answered, not lost."""
    answer = browser.do("click", **{"as": DANA, "place": {"message": [BIRCH, "1.0"]}, "action": "undo_note"})
    assert (answer.status_code, answer.json()["error"]) == (409, "This message is gone.")


def test_time_stands_while_the_worker_is_dead(browser: Browser) -> None:
    """What is due could not be done: the page says so instead of waiting for ever."""
    assert "start it again" in browser.do("clock", to="day").json()["error"]


def test_a_letter_opens_as_a_draft_and_is_downloaded_unsent(browser: Browser) -> None:
    """The file opens in a mail program as a draft, with its text as it is."""
    browser.do("open_letter", link="mailto:kim%40birch.example?subject=Thank%20you&body=Dear%20Kim%0D%0A%C3%A9")
    letter = message_from_bytes(requests.get(f"{browser.url}/page/draft.eml?n=0", timeout=60).content)
    drafts = browser.state(OLIVIA, "mail")["shown"]["drafts"]
    assert (letter["X-Unsent"], letter["To"], drafts[0]["body"]) == ("1", "kim@birch.example", "Dear Kim\né")


def test_a_ticket_that_is_dragged_is_done(browser: Browser) -> None:
    """The board is the tracker's own."""
    card = browser.stage.world.trello.board.add_list({"name": "Parting"})
    made = browser.stage.world.trello.board.add_card({"idList": card.id, "name": "Hand over"})
    browser.do("finish", tracker="trello", id=made.id)
    assert browser.state(OLIVIA, "boards")["shown"]["trello"]["cards"][0]["done"]


def test_the_inspector_shows_each_signed_request(browser: Browser) -> None:
    """What was sent, how it was signed and what came back."""
    browser.do("command", **{"as": DANA, "name": "/redflag", "text": "paid late", "channel": BIRCH})
    listed = browser.state(DANA, "inspector")["shown"]["requests"][0]
    found = requests.get(f"{browser.url}/page/request?n={listed['n']}", timeout=60).json()
    assert (listed["about"], found["body"]["text"], found["headers"]["X-Slack-Signature"][:3]) == (
        "/redflag paid late",
        "paid late",
        "v0=",
    )


def test_a_change_is_told_at_once(browser: Browser) -> None:
    """An open page hears of news without asking."""
    with requests.get(f"{browser.url}/page/events", stream=True, timeout=60) as events:
        lines = (line for line in events.iter_lines(chunk_size=1) if line)
        before = next(lines)
        browser.do("say", **{"as": DANA, "channel": BIRCH, "text": "News"})
        after = next(lines)
    assert before != after


def test_no_sandbox_beside_real_credentials() -> None:
    """A sentence names what is set, and where it came from does not matter."""
    with pytest.raises(RealCredentialsError, match=r"AMICABLE_JIRA__TOKEN.*Unset"):
        refuse_real_credentials({"HOME": "/"}, {"amicable_jira__token": "real"})


def test_a_sandbox_needs_no_credentials() -> None:
    """Blank values are no credentials."""
    refuse_real_credentials({"AMICABLE_SLACK__BOT_TOKEN": ""}, {})
