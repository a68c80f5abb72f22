"""A process of Amicable: its parts put together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeVar

import sqlalchemy as sa
from slack_bolt import App
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette

from bot.app import BoltDesk, Office, build_bolt
from bot.bootstrap.features import (
    agreements,
    capture,
    channels,
    clients,
    decisions,
    digests,
    health,
    home,
    partings,
    privacy,
    workspaces,
)
from bot.bootstrap.features.feature import Feature
from bot.bootstrap.jobs import checked
from bot.bootstrap.services import Services
from bot.bootstrap.socket import SocketDoor
from bot.calls import EventCall
from bot.services.nudges.nudges import NudgeService
from bot.web import Door, build_web
from integrations.charts.trend import PillowCharts
from integrations.engine.readiness import fault, problem
from integrations.engine.worker import Worker
from integrations.mail.message import draft_file
from integrations.trackers import build_webhooks
from rules.ports import Workflow
from rules.sentences import Sentence

Name = TypeVar("Name", bound=str)
Entry = TypeVar("Entry")


class House(Services):
    """One process's parts, and what it does with them."""

    @cached_property
    def bolt(self) -> App:
        return build_bolt(self.slack, self.settings.slack.signing_secret.get_secret_value())

    @cached_property
    def desk(self) -> BoltDesk:
        office = Office(announcer=self.announcer, directory=self.directory, reception=self.workspaces, clock=self.clock)
        desk = BoltDesk(self.bolt, office)
        for feature in self.features:
            feature.register(desk)
        return desk

    @cached_property
    def nudges(self) -> NudgeService:
        return NudgeService(self.units, self.clock, _together(feature.truths for feature in self._parts))

    @cached_property
    def features(self) -> list[Feature]:
        """Everything that Amicable does; the last two look at all the others."""
        return [
            *self._parts,
            clients.build(
                self.kit,
                clients.ClientNeeds(
                    clients=self.clients,
                    listing=self.listing,
                    client_settings=self.client_settings,
                    merges=self.merges,
                    explanations=self.explanations,
                    decisions=self.decisions,
                    lessons=self.lessons,
                ),
                opens=_together(feature.opens for feature in self._parts),
                reserved=_together(feature.reserved for feature in self._parts),
            ),
            home.build(
                self.kit,
                self.health,
                self.nudges,
                self.wishes,
            ),
        ]

    @cached_property
    def _parts(self) -> list[Feature]:
        kit = self.kit
        return [
            workspaces.build(kit, self.workspaces, self.merges, self.tickets, self.handle_event),
            health.build(
                kit,
                health.HealthNeeds(
                    health=self.health,
                    explanations=self.explanations,
                    pictures=self.pictures,
                    appraisals=self.appraisals,
                    attention=self.attention,
                    needs=self.needs,
                    pulses=self.pulses,
                    welcomes=self.welcomes,
                    money=self.money,
                    records=self.records,
                ),
                PillowCharts(),
            ),
            self._capture(),
            self._channels(),
            self._agreements(),
            decisions.build(
                kit,
                decisions.DecisionNeeds(
                    plans=self.plans,
                    revisions=self.plan_revisions,
                    action_reminders=self.action_reminders,
                    considerations=self.considerations,
                    decisions=self.decisions,
                    replies=self.replies,
                ),
            ),
            self._partings(),
            digests.build(kit, self.digests, self.people, self.clients),
            privacy.build(self.retention, self.exports, self.erasure, self.privacy, self.jobs),
        ]

    def _agreements(self) -> Feature:
        return agreements.build(
            self.kit,
            agreements.AgreementNeeds(
                agreements=self.agreements,
                accords=self.accords,
                page_files=self.page_files,
                money=self.money,
                replies=self.replies,
                hearing=self.hearing,
                clients=self.clients,
            ),
            draft_file,
        )

    def _capture(self) -> Feature:
        return capture.build(
            self.kit,
            capture.CaptureNeeds(
                capture=self.capture,
                clients=self.clients,
                evidence=self.evidence,
                reaction_notes=self.reactions,
                own_emoji=self.emoji,
                ledger=self.ledger,
                receipts=self.receipts,
                replies=self.replies,
            ),
        )

    def _channels(self) -> Feature:
        return channels.build(
            self.kit,
            channels.ChannelNeeds(
                places=self.places,
                followed=self.watches,
                clients=self.clients,
                evidence=self.evidence,
                reactions=self.reactions,
                roles=self.roles,
                visibility=self.visibility,
                log=self.log,
            ),
        )

    def _partings(self) -> Feature:
        return partings.build(
            self.kit,
            partings.PartingNeeds(
                partings=self.partings,
                previews=self.previews,
                destinations=self.destinations,
                notices=self.notices,
                particulars=self.particulars,
                last_days=self.last_days,
                letter_files=self.letter_files,
                task_list=self.task_list,
                deliverables=self.deliverables,
                settlements=self.settlements,
                talks=self.talks,
                closings=self.closings,
                lessons=self.lessons,
                tickets=self.tickets,
                news=self.news,
            ),
            draft_file,
        )

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

    def socket(self) -> SocketDoor:
        """Needs an app token."""
        return SocketDoor(self.desk.bolt, self.settings.slack.app_token.get_secret_value())

    def worker(self) -> Worker:
        return Worker(self.engine, self._workflows(), self.clock, self.settings.engine)

    def _workflows(self) -> list[Workflow]:
        return checked(workflow for feature in self.features for workflow in feature.workflows)

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


def _together(tables: Iterable[Mapping[Name, Entry]]) -> dict[Name, Entry]:
    """One table of several; a word that two features claim would be answered by either."""
    found: dict[Name, Entry] = {}
    for table in tables:
        if taken := found.keys() & table.keys():
            raise ValueError(Sentence("Two features claim {words}.", words=", ".join(sorted(taken))))
        found |= table
    return found
