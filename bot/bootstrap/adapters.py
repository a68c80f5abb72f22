"""The outside world, as the settings name it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.web import WebClient

from bot.announcer import Announcer
from bot.answering import Answering
from bot.bootstrap.features.feature import Kit
from bot.directory import SlackDirectory
from bot.settings import Settings, read_weights
from integrations.clock import FileClock, SystemClock
from integrations.database.connect import WEB_WAIT_SECONDS, WORKER_WAIT_SECONDS, open_database
from integrations.database.unit_of_work import SqlUnits
from integrations.engine.client import EngineClient
from integrations.http import AnswerPost, trusted
from integrations.trackers import build_trackers
from rules.health.catalogue import Catalogue, load_catalogue
from rules.ports import Clock, Tracker, Units
from rules.words import Words, load_words

SLACK_TIMEOUT_SECONDS = 8
WAITS_FOR_SLACK = 2


class Adapters:
    """One process's connections, each made once and when it is first asked for."""

    def __init__(self, settings: Settings, *, serves_web: bool) -> None:
        """The web process must answer within 3 seconds, so it waits neither for the database nor for Slack's limits."""
        self.settings = settings
        self.serves_web = serves_web

    @cached_property
    def clock(self) -> Clock:
        return FileClock(Path(self.settings.clock_file)) if self.settings.clock_file else SystemClock()

    @cached_property
    def engine(self) -> sa.Engine:
        return open_database(self.settings.database_url, WEB_WAIT_SECONDS if self.serves_web else WORKER_WAIT_SECONDS)

    @cached_property
    def jobs(self) -> EngineClient:
        return EngineClient(self.engine, self.settings.engine)

    @cached_property
    def units(self) -> Units:
        return SqlUnits(self.engine, self.jobs)

    @cached_property
    def slack(self) -> WebClient:
        client = WebClient(
            token=self.settings.slack.bot_token.get_secret_value(),
            base_url=self.settings.slack.api_url,
            ssl=trusted(),
            timeout=SLACK_TIMEOUT_SECONDS,
            retry_handlers=[],  # the SDK's own one posts again when an answer is lost
        )
        if not self.serves_web:
            client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=WAITS_FOR_SLACK))
        return client

    @cached_property
    def trackers(self) -> dict[str, Tracker]:
        return build_trackers(self.settings.jira, self.settings.trello, self.settings.web.public_url)

    @cached_property
    def directory(self) -> SlackDirectory:
        return SlackDirectory(self.slack, self.units, self.clock)

    @cached_property
    def announcer(self) -> Announcer:
        hosts = self.settings.slack.answer_hosts()
        return Announcer(self.slack, self.units, self.directory, self.clock, Answering(hosts, AnswerPost()))

    @cached_property
    def catalogue(self) -> Catalogue:
        own = self.settings.weights_file
        return read_weights(own) if own else load_catalogue()

    @cached_property
    def kit(self) -> Kit:
        return Kit(
            units=self.units,
            clock=self.clock,
            directory=self.directory,
            announcer=self.announcer,
            trackers=self.trackers,
            catalogue=self.catalogue,
            words=self.words,
        )

    @cached_property
    def words(self) -> Words:
        return load_words("en")
