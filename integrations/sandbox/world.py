"""The outside world when you have none: Slack, Jira, Trello and a mailbox behind one address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from integrations.clock import FileClock, SystemClock, write_offset
from integrations.sandbox.bells import PUBLIC_URL, SECRET, Bells
from integrations.sandbox.jira import JiraStandIn
from integrations.sandbox.mail import Mailbox
from integrations.sandbox.server import RunningServer
from integrations.sandbox.slack.deliveries import ACK_SECONDS, RETRY_WAITS
from integrations.sandbox.slack.endpoints import application
from integrations.sandbox.slack.standin import SlackStandIn
from integrations.sandbox.trello import TrelloStandIn

MOST_LETTER_BYTES = 1_000_000


class World:
    """All stand-ins with one movable clock. `clock_file` is shared with the app's processes."""

    def __init__(
        self,
        clock_file: Path | None = None,
        *,
        starts_at: datetime | None = None,
        slack_seconds: float = ACK_SECONDS,
        retry_waits: Sequence[float] = RETRY_WAITS,
        jira: JiraStandIn | None = None,
    ) -> None:
        """`starts_at` is what its clock shows, or else the real time; `jira` is Jira Cloud unless another is given.

        Slack waits `slack_seconds` for an answer: more than in real life only where a slow machine is no fault of ours.
        """
        self.clock_file = clock_file
        self.clock = FileClock(clock_file) if clock_file else SystemClock()
        if starts_at:
            self.move_clock(starts_at - self.clock.now())
        self.slack = SlackStandIn(now=self.clock.now, retry_waits=retry_waits)
        self.slack.workspace.trigger_seconds = self.slack.deliveries.ack_seconds = slack_seconds
        self.jira = jira or JiraStandIn()
        self.trello = TrelloStandIn()
        self.bells = Bells()
        self.jira.on_change = self.bells.jira
        self.trello.hooks.secret, self.trello.hooks.reach = SECRET, self.bells.reach
        self.mailbox = Mailbox()
        self.app = Starlette(routes=self._routes())
        self._server: RunningServer | None = None
        self._url = ""

    def serve(self, port: int = 0) -> RunningServer:
        """Serves everything on this machine; 0 takes a free port."""
        self._server = RunningServer(self.app, port).start()
        self.stand_at(self._server.url)
        return self._server

    def stand_at(self, url: str) -> None:
        """Somebody else serves `app` there."""
        self._url = url
        self.slack.workspace.public_url = url

    def stop(self) -> None:
        self.slack.stop()
        if self._server:
            self._server.stop()
            self._server = None

    @property
    def url(self) -> str:
        if not self._url:
            raise RuntimeError("The world is not served yet.")
        return self._url

    # --- time ---

    def now(self) -> datetime:
        return self.clock.now()

    def move_clock(self, by: timedelta) -> None:
        """Moves the product's time for this world and for every process that reads the clock file."""
        if self.clock_file is None:
            raise RuntimeError("A world without a clock file has only real time.")
        offset = self.clock.now() - self.clock.real()
        write_offset(self.clock_file, offset + by)

    # --- for the app ---

    def app_environment(self) -> dict[str, str]:
        """The settings that point the app at this world."""
        workspace = self.slack.workspace
        found = {
            "AMICABLE_SLACK__API_URL": f"{self.url}/api/",
            "AMICABLE_SLACK__BOT_TOKEN": workspace.bot_token,
            "AMICABLE_SLACK__SIGNING_SECRET": workspace.signing_secret,
            "AMICABLE_JIRA__KIND": self.jira.kind,
            "AMICABLE_JIRA__WEBHOOK_SECRET": SECRET,
            "AMICABLE_TRELLO__SECRET": SECRET,
            "AMICABLE_WEB__PUBLIC_URL": PUBLIC_URL,
            "AMICABLE_JIRA__URL": f"{self.url}/jira",
            "AMICABLE_JIRA__GATEWAY": f"{self.url}/atlassian",
            "AMICABLE_JIRA__EMAIL": self.jira.email,
            "AMICABLE_JIRA__TOKEN": self.jira.token,
            "AMICABLE_JIRA__PROJECT": self.jira.project.key,
            "AMICABLE_TRELLO__URL": f"{self.url}/trello",
            "AMICABLE_TRELLO__KEY": self.trello.key,
            "AMICABLE_TRELLO__TOKEN": self.trello.token,
            "AMICABLE_TRELLO__BOARD": self.trello.board.short_link,
        }
        return found | ({"AMICABLE_CLOCK_FILE": str(self.clock_file)} if self.clock_file else {})

    # --- judging ---

    def leaks(self, canaries: Iterable[str]) -> list[str]:
        """A line for each canary word that a client could see; tickets and letters must carry none either."""
        words = tuple(canaries)
        texts = [(f"issue {issue.key}", f"{issue.summary} {issue.text} {issue.labels}") for issue in self.jira.issues]
        texts += [(f"card {card.id}", f"{card.name} {card.desc}") for card in self.trello.cards]
        texts += [(f"list {each.id}", each.name) for each in self.trello.lists]
        texts += [(f"letter to {draft.to}", f"{draft.subject} {draft.body}") for draft in self.mailbox.drafts]
        elsewhere = [
            f"{word} in {place}" for place, text in texts for word in words if word.casefold() in text.casefold()
        ]
        return self.slack.leaks(words) + elsewhere

    # --- inside ---

    def _routes(self) -> list[Route | Mount]:
        return [
            Route("/mail/drafts", self._open_letter, methods=["POST"]),
            Mount("/jira", self.jira.app),
            Mount("/atlassian", self.jira.gateway),
            Mount("/trello", self.trello.app),
            Mount("/", application(self.slack)),
        ]

    async def _open_letter(self, request: Request) -> Response:
        letter = await request.body()
        if len(letter) > MOST_LETTER_BYTES:
            return PlainTextResponse("too large", 413)
        try:
            await run_in_threadpool(self.mailbox.open_file, letter)
        except ValueError as complaint:
            return PlainTextResponse(str(complaint), 400)
        return PlainTextResponse("opened as a draft", 201)
