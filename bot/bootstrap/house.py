"""A process of Amicable: its parts put together."""

from __future__ import annotations

import json
from functools import cached_property

import sqlalchemy as sa
from slack_bolt import App
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette

from bot.app import BoltDesk, Office, build_bolt
from bot.bootstrap.desk import register_listeners
from bot.bootstrap.jobs import list_workflows
from bot.bootstrap.services import Services
from bot.calls import EventCall
from bot.web import Door, build_web
from integrations.engine.readiness import fault, problem
from integrations.engine.worker import Worker
from integrations.trackers import build_webhooks


class House(Services):
    """One process's parts, and what it does with them."""

    @cached_property
    def bolt(self) -> App:
        return build_bolt(self.slack, self.settings.slack.signing_secret.get_secret_value())

    @cached_property
    def desk(self) -> BoltDesk:
        office = Office(announcer=self.announcer, directory=self.directory, reception=self.workspaces, clock=self.clock)
        desk = BoltDesk(self.bolt, office)
        register_listeners(desk, self)
        return desk

    def handle_event(self, workspace_id: str, event_id: str) -> None:
        """The worker's side of the inbox."""
        self.workspaces.know(workspace_id)
        stored = self.workspaces.event(workspace_id, event_id)
        if stored.handled_at is None:
            self.desk.handle(
                EventCall(
                    workspace_id=workspace_id, event_id=event_id, event=json.loads(stored.payload), now=self.clock.now()
                )
            )

    def web(self) -> Starlette:
        settings = self.settings
        webhooks = build_webhooks(settings.jira, settings.trello, settings.web.public_url)
        verifier = SignatureVerifier(settings.slack.signing_secret.get_secret_value())
        return build_web(Door(self.desk.bolt, verifier), self._readiness, webhooks, self.news.take)

    def worker(self) -> Worker:
        return Worker(self.engine, list_workflows(self, self.handle_event), self.clock, self.settings.engine)

    def fault(self) -> str:
        """Why no process may start on this database; empty when all is well."""
        return fault(self.engine, self.clock.real(), self.settings.engine)

    def storage_problem(self) -> str:
        """The same for `amicable doctor`, which hears of a database that is away, too."""
        return problem(self.engine, self.clock.real(), self.settings.engine)

    def close(self) -> None:
        self.jobs.close()
        self.engine.dispose()

    def _readiness(self) -> dict[str, bool]:
        """The worker's heartbeat is a row of our database, so one look answers for both."""
        try:
            return {"database": True, "worker": self.jobs.beats(self.clock.real())}
        except sa.exc.SQLAlchemyError:
            return {"database": False, "worker": False}
