"""A process of Amicable: its parts put together."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial
from typing import TypeVar

import sqlalchemy as sa
from slack_bolt import App
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette

from bot.app import BoltDesk, Office
from bot.bolt import build_bolt
from bot.bootstrap.adapters import Adapters
from bot.bootstrap.features import clients, home
from bot.bootstrap.features.feature import Feature
from bot.bootstrap.figures import figures
from bot.bootstrap.jobs import checked
from bot.bootstrap.parts import parts
from bot.bootstrap.services import Services
from bot.bootstrap.socket import SocketDoor
from bot.calls import EventCall
from bot.services.nudges.nudges import NudgeService
from bot.settings import Settings
from bot.web import Door, Exposition, build_web
from integrations.engine.readiness import fault, problem
from integrations.engine.worker import Worker
from integrations.metrics import CONTENT_TYPE, Metrics
from integrations.trackers import build_webhooks
from rules.errors import AmicableError, UnavailableError
from rules.ports import Workflow
from rules.sentences import Sentence

TURN_SECONDS = 0.0005  # Python's own 5 ms, times a dozen threads that compute, made a note wait half a second

Name = TypeVar("Name", bound=str)
Entry = TypeVar("Entry")


class House:
    """One process's parts, and what it does with them."""

    def __init__(self, settings: Settings, *, serves_web: bool) -> None:
        self.settings = settings
        self.outside = Adapters(settings, serves_web=serves_web)

    @cached_property
    def services(self) -> Services:
        return Services(self.outside.kit, self.settings)

    @cached_property
    def bolt(self) -> App:
        return build_bolt(self.outside.slack, self.settings.slack.signing_secret.get_secret_value())

    @cached_property
    def desk(self) -> BoltDesk:
        office = Office(
            announcer=self.outside.announcer,
            directory=self.outside.directory,
            reception=self.services.workspaces,
            clock=self.outside.clock,
        )
        desk = BoltDesk(self.bolt, office)
        for feature in self.features:
            feature.register(desk)
        return desk

    @cached_property
    def nudges(self) -> NudgeService:
        return NudgeService(
            self.outside.units, self.outside.clock, _together(feature.truths for feature in self._parts)
        )

    @cached_property
    def features(self) -> list[Feature]:
        """Everything that Amicable does; the last two look at all the others."""
        return [
            *self._parts,
            clients.build(
                self.outside.kit,
                clients.ClientNeeds(
                    clients=self.services.clients,
                    listing=self.services.listing,
                    client_settings=self.services.client_settings,
                    merges=self.services.merges,
                    explanations=self.services.explanations,
                    decisions=self.services.decisions,
                    lessons=self.services.lessons,
                ),
                opens=_together(feature.opens for feature in self._parts),
                reserved=_together(feature.reserved for feature in self._parts),
            ),
            home.build(
                self.outside.kit, self.services.briefs, self.nudges, self.services.wishes, self.services.first_hour
            ),
        ]

    @cached_property
    def _parts(self) -> list[Feature]:
        return parts(self.outside.kit, self.services, self.outside.jobs, self.handle_event)

    def handle_event(self, workspace_id: str, event_id: str) -> None:
        """The worker's side of the inbox."""
        self.services.workspaces.know(workspace_id)
        stored = self.services.workspaces.event(workspace_id, event_id)
        if stored.handled_at is None:
            self.desk.handle(
                EventCall(
                    workspace_id=workspace_id,
                    event_id=event_id,
                    event=json.loads(stored.payload),
                    now=self.outside.clock.now(),
                )
            )

    @cached_property
    def metrics(self) -> Metrics:
        return Metrics(partial(figures, self.outside, self.services))

    def web(self) -> Starlette:
        self._learn()
        settings = self.settings
        webhooks = build_webhooks(settings.jira, settings.trello, settings.web.public_url)
        verifier = SignatureVerifier(settings.slack.signing_secret.get_secret_value())
        door = Door(self.desk.bolt, verifier, self.metrics.acknowledged)
        token = settings.metrics.token.get_secret_value()
        told = partial(_measured, self.metrics.exposition)
        exposition = Exposition(token=token, told=told, content_type=CONTENT_TYPE) if token else None
        return build_web(door, self._readiness, webhooks, self.services.news.take, exposition=exposition)

    def socket(self) -> SocketDoor:
        """Needs an app token."""
        self._learn()
        return SocketDoor(self.desk.bolt, self.settings.slack.app_token.get_secret_value())

    def _learn(self) -> None:
        """Whoever is written to guesses types from words, and reads how before the first ones come."""
        self.outside.catalogue.taught.read()

    def worker(self) -> Worker:
        """From now on threads take shorter turns: SQLite's one writer waits for one at each statement."""
        sys.setswitchinterval(TURN_SECONDS)
        return Worker(self.outside.engine, self._workflows(), self.outside.clock, self.settings.engine)

    def _workflows(self) -> list[Workflow]:
        return checked(workflow for feature in self.features for workflow in feature.workflows)

    def lead(self, person_id: str = "") -> None:
        """Through the first hour, where nothing is there yet. Slack may be away: then the next start does it."""
        with self.outside.units.house() as keeping:
            known = keeping.workspaces()
        if known and known[0].guide:
            return
        try:
            workspace_id = known[0].id if known else self.outside.directory.identity().workspace_id
            self.services.workspaces.welcome(workspace_id)
        except AmicableError:
            return
        self.services.first_hour.begin(workspace_id, person_id)

    def fault(self) -> str:
        """Why no process may start on this database; empty when all is well."""
        return fault(self.outside.engine, self.outside.clock.real(), self.settings.engine)

    def storage_problem(self) -> str:
        """The same for `amicable doctor`, which hears of a database that is away, too."""
        return problem(self.outside.engine, self.outside.clock.real(), self.settings.engine)

    def figures(self) -> str:
        """What waits, for monitoring."""
        return _measured(self.metrics.shared).decode()

    def close(self) -> None:
        self.outside.jobs.close()
        self.outside.engine.dispose()

    def _readiness(self) -> dict[str, bool]:
        """The worker's heartbeat is a row of our database, so one look answers for both."""
        try:
            return {"database": True, "worker": self.outside.jobs.beats(self.outside.clock.real())}
        except sa.exc.SQLAlchemyError:
            return {"database": False, "worker": False}


def _together(tables: Iterable[Mapping[Name, Entry]]) -> dict[Name, Entry]:
    """One table of several; a word that two features claim would be answered by either."""
    found: dict[Name, Entry] = {}
    for table in tables:
        if taken := found.keys() & table.keys():
            raise ValueError(Sentence("Two features claim {words}.", words=", ".join(sorted(taken))))
        found |= table
    return found


def _measured(told: Callable[[], bytes]) -> bytes:
    try:
        return told()
    except sa.exc.SQLAlchemyError as error:
        raise UnavailableError("The database can't be reached. Look again when it is back.") from error
