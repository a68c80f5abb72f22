"""The composition root: the one place that knows every adapter and puts the parts together."""

from __future__ import annotations

import json
import ssl
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa
from slack_bolt import App
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.web import WebClient
from starlette.applications import Starlette

from bot.announcer import Announcer
from bot.app import BoltDesk, Office, build_bolt
from bot.bulletins.decisions import DecisionBulletins
from bot.bulletins.digest import DigestBulletin
from bot.bulletins.progress import ProgressBulletin
from bot.bulletins.reminders import CheckpointReminders
from bot.bulletins.replies import ReplyBulletin
from bot.bulletins.trend import TrendBulletin
from bot.calls import EventCall
from bot.directory import SlackDirectory
from bot.listeners import (
    agreement,
    capture,
    channels,
    clients,
    decide,
    digest,
    home,
    letter,
    parting,
    plan,
    reactions,
    replies,
)
from bot.listeners.health import appraise, explain, history
from bot.services.capture import CaptureService
from bot.services.clients import ClientService
from bot.services.decisions.cases import CaseFiles
from bot.services.decisions.considerations import ConsiderationService
from bot.services.decisions.decisions import DecisionService
from bot.services.decisions.plans import PlanService
from bot.services.digests import DigestService
from bot.services.exits.news import NewsService
from bot.services.exits.notices import NoticeService
from bot.services.exits.partings import PartingService
from bot.services.exits.tickets import TicketService
from bot.services.health.appraisals import AppraisalService
from bot.services.health.explanations import ExplanationService
from bot.services.health.ledger import LedgerService
from bot.services.health.pictures import PictureService
from bot.services.health.scorecards import HealthService
from bot.services.home import HomeService
from bot.services.people import PeopleService, PlaceService
from bot.services.reactions import ReactionService
from bot.services.sensors.agreements import AgreementService
from bot.services.sensors.ledger import SensorLedger
from bot.services.sensors.money import MoneyService
from bot.services.sensors.replies import ReplyService
from bot.services.sweep import SweepService
from bot.services.workspaces import WorkspaceService
from bot.settings import Settings
from bot.web import build_web
from bot.workflows import checkpoints as checkpoint_workflows
from bot.workflows import decisions as decision_workflows
from bot.workflows import digests as digest_workflows
from bot.workflows import house as house_workflows
from bot.workflows import pictures as picture_workflows
from bot.workflows import replies as reply_workflows
from bot.workflows import tickets as ticket_workflows
from integrations.charts.trend import MatplotlibCharts
from integrations.clock import FileClock, SystemClock
from integrations.database.connect import WEB_WAIT_SECONDS, WORKER_WAIT_SECONDS, open_database
from integrations.database.unit_of_work import SqlUnits
from integrations.engine.client import EngineClient
from integrations.engine.readiness import fault
from integrations.engine.worker import Worker
from integrations.trackers import build_trackers, build_webhooks
from rules.health.catalogue import Catalogue, load_catalogue
from rules.ports import Clock, Tracker, Units, Workflow
from rules.words import Words, load_words

SLACK_TIMEOUT_SECONDS = 8
WAITS_FOR_SLACK = 2


class House:
    """One process's parts, each made once and when it is first asked for."""

    def __init__(self, settings: Settings, *, serves_web: bool) -> None:
        """The web process must answer within 3 seconds, so it waits neither for the database nor for Slack's limits."""
        self.settings = settings
        self.serves_web = serves_web
        self._workflows: list[Workflow] = []

    # --- adapters ----------------------------------------------------------------------------------------------

    @cached_property
    def clock(self) -> Clock:
        return FileClock(Path(self.settings.clock_file)) if self.settings.clock_file else SystemClock()

    @cached_property
    def engine(self) -> sa.Engine:
        return open_database(self.settings.database_url, WEB_WAIT_SECONDS if self.serves_web else WORKER_WAIT_SECONDS)

    @cached_property
    def jobs(self) -> EngineClient:
        return EngineClient(self.engine, self._workflows, self.settings.engine)

    @cached_property
    def units(self) -> Units:
        return SqlUnits(self.engine, self.jobs)

    @cached_property
    def slack(self) -> WebClient:
        # Building an SSL context costs 27 ms of CPU a call; this one is shared (design section 4).
        client = WebClient(
            token=self.settings.slack.bot_token.get_secret_value(),
            base_url=self.settings.slack.api_url,
            ssl=ssl.create_default_context(),
            timeout=SLACK_TIMEOUT_SECONDS,
            retry_handlers=[],  # the SDK's own one posts again when an answer is lost
        )
        if not self.serves_web:
            client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=WAITS_FOR_SLACK))
        return client

    @cached_property
    def trackers(self) -> dict[str, Tracker]:
        return build_trackers(self.settings.jira, self.settings.trello)

    @cached_property
    def directory(self) -> SlackDirectory:
        return SlackDirectory(self.slack, self.units, self.clock)

    @cached_property
    def announcer(self) -> Announcer:
        return Announcer(self.slack, self.units, self.directory, self.clock, self.settings.slack.answer_hosts())

    @cached_property
    def catalogue(self) -> Catalogue:
        return load_catalogue()

    @cached_property
    def words(self) -> Words:
        return load_words("en")

    # --- services ----------------------------------------------------------------------------------------------

    @cached_property
    def workspaces(self) -> WorkspaceService:
        return WorkspaceService(self.units, self.clock, self.directory.identity, self.settings.timezone)

    @cached_property
    def people(self) -> PeopleService:
        return PeopleService(self.units)

    @cached_property
    def clients(self) -> ClientService:
        return ClientService(self.units, self.clock)

    @cached_property
    def health(self) -> HealthService:
        return HealthService(self.units, self.clock, self.catalogue)

    @cached_property
    def explanations(self) -> ExplanationService:
        return ExplanationService(self.units, self.clock, self.catalogue, self.health)

    @cached_property
    def pictures(self) -> PictureService:
        return PictureService(self.units, self.clock, self.explanations)

    @cached_property
    def ledger(self) -> LedgerService:
        return LedgerService(self.units, self.clock, self.catalogue, self.health)

    @cached_property
    def appraisals(self) -> AppraisalService:
        return AppraisalService(self.units, self.clock)

    @cached_property
    def capture(self) -> CaptureService:
        return CaptureService(self.units, self.clock, self.catalogue, self.health)

    @cached_property
    def reactions(self) -> ReactionService:
        return ReactionService(self.units, self.clock, self.catalogue, self.directory, self.health)

    @cached_property
    def agreements(self) -> AgreementService:
        return AgreementService(self.units, self.clock)

    @cached_property
    def money(self) -> MoneyService:
        return MoneyService(self.units, self.clock, SensorLedger(self.capture, self.health, self.catalogue))

    @cached_property
    def replies(self) -> ReplyService:
        ledger = SensorLedger(self.capture, self.health, self.catalogue)
        return ReplyService(self.units, self.clock, self.directory, self.capture, ledger)

    @cached_property
    def digests(self) -> DigestService:
        return DigestService(self.units, self.clock, self.directory, self.health)

    @cached_property
    def plans(self) -> PlanService:
        return PlanService(self.units, self.clock)

    @cached_property
    def considerations(self) -> ConsiderationService:
        return ConsiderationService(self.units, self.clock, CaseFiles(self.catalogue))

    @cached_property
    def decisions(self) -> DecisionService:
        return DecisionService(self.units, self.clock, CaseFiles(self.catalogue), self.partings)

    @cached_property
    def partings(self) -> PartingService:
        return PartingService(self.units, self.clock, self.trackers)

    @cached_property
    def tickets(self) -> TicketService:
        return TicketService(self.units, self.clock, self.trackers)

    @cached_property
    def news(self) -> NewsService:
        return NewsService(self.units, self.clock, self.trackers)

    @cached_property
    def notices(self) -> NoticeService:
        return NoticeService(self.units, self.clock)

    # --- Slack -------------------------------------------------------------------------------------------------

    @cached_property
    def bolt(self) -> App:
        return build_bolt(self.slack, self.settings.slack.signing_secret.get_secret_value())

    @cached_property
    def desk(self) -> BoltDesk:
        """The desk with every listener registered: an explicit table, no discovery."""
        office = Office(announcer=self.announcer, directory=self.directory, reception=self.workspaces, clock=self.clock)
        desk = BoltDesk(self.bolt, office)
        here = explain.ExplainDesk(self.explanations, self.pictures, self.catalogue, self.words)
        notes = history.HistoryDesk(self.ledger, self.capture, self.catalogue, self.words)
        digests = digest.DigestDesk(
            digests=self.digests, clients=self.clients, trackers=tuple(self.trackers), words=self.words
        )
        openers = {
            **here.opens(),
            **notes.opens(),
            **plan.opens(self.plans),
            **decide.opens(self.considerations),
            **parting.opens(self.partings, self.words),
            **letter.opens(self.notices),
        }
        capture.register(desk, self.capture, self.clients, self.catalogue, self.words)
        clients.register(
            desk,
            clients.ClientDesk(self.clients, self.health, self.explanations, self.words, openers, digests.reserved()),
        )
        explain.register(desk, here)
        history.register(desk, notes)
        appraise.register(desk, appraise.AppraiseDesk(self.appraisals, here, self.words))
        digest.register(desk, digests)
        plan.register(desk, self.plans)
        decide.register(desk, self.considerations, self.decisions)
        parting.register(desk, self.partings, self.words)
        letter.register(desk, self.notices)
        clocks = replies.ReplyDesk(self.replies, self.clients)
        replies.register(desk, clocks)
        reactions.register(desk, self.reactions, clocks)
        agreement.register(desk, agreement.AgreementDesk(self.agreements, self.money))
        places = PlaceService(self.units, self.directory, self.people, self.announcer.take_back)
        channels.register(desk, channels.ChannelDesk(places))
        waiters = [
            self.replies.waiting,
            self.plans.waiting,
            self.decisions.waiting,
            self.partings.waiting,
            self.notices.waiting,
        ]
        homes = HomeService(self.units, self.clock, self.health, waiters)
        home.register(desk, home.HomeDesk(homes, self.directory, self.words))
        return desk

    # --- processes ---------------------------------------------------------------------------------------------

    def _list_workflows(self) -> None:
        """Everything that workers do. The engine's client, made before, learns the queues from the same list."""
        progress = ProgressBulletin(self.announcer, self.partings, self.units, self.directory, self.clock)
        drawing = TrendBulletin(
            self.explanations, self.pictures, self.announcer, self.directory, MatplotlibCharts(), self.words
        )
        posts = DigestBulletin(self.digests, self.people, self.announcer, self.clock, self.words)
        self._workflows.extend(
            [
                *house_workflows.workflows(
                    self.handle_event,
                    self.workspaces,
                    self.health,
                    SweepService(self.units, self.clock),
                    self.directory,
                    self.reactions,
                    money=self.money,
                ),
                *digest_workflows.workflows(posts),
                *reply_workflows.workflows(self.replies, ReplyBulletin(self.announcer, self.replies)),
                *picture_workflows.workflows(drawing),
                *checkpoint_workflows.workflows(CheckpointReminders(self.announcer, self.plans), self.plans),
                *decision_workflows.workflows(DecisionBulletins(self.announcer, self.decisions), self.decisions),
                *ticket_workflows.workflows(self.tickets, self.news, progress),
            ]
        )

    def handle_event(self, workspace_id: str, event_id: str) -> None:
        """The worker's side of the inbox."""
        self.workspaces.welcome(workspace_id)
        stored = self.workspaces.event(workspace_id, event_id)
        if stored.handled_at is None:
            self.desk.handle(
                EventCall(
                    workspace_id=workspace_id, event_id=event_id, event=json.loads(stored.payload), now=self.clock.now()
                )
            )

    def web(self) -> Starlette:
        self._list_workflows()
        settings = self.settings
        webhooks = build_webhooks(settings.jira, settings.trello, settings.web.public_url)
        return build_web(self.desk.bolt, self._readiness, webhooks, self.news.take)

    def worker(self) -> Worker:
        self._list_workflows()
        return Worker(self.engine, self._workflows, self.clock, self.settings.engine)

    def fault(self) -> str:
        """Why no process may start on this database; empty when all is well."""
        return fault(self.engine, self.clock.real(), self.settings.engine)

    def close(self) -> None:
        self.jobs.close()
        self.engine.dispose()

    def _readiness(self) -> dict[str, bool]:
        """The worker's heartbeat is a row of our database, so one look answers for both."""
        try:
            return {"database": True, "worker": self.jobs.beats(self.clock.real())}
        except sa.exc.SQLAlchemyError:
            return {"database": False, "worker": False}
