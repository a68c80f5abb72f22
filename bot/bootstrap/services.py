"""The use cases, each with the ports that it needs."""

from __future__ import annotations

import time
from functools import cached_property

from bot.bootstrap.features.feature import Kit
from bot.jobs.privacy import PrivacyBulletin
from bot.services.agreements.accords import AccordService
from bot.services.agreements.agreements import AgreementService
from bot.services.agreements.hearing import HearingService
from bot.services.agreements.money import MoneyService
from bot.services.agreements.noting import Noting
from bot.services.agreements.page_files import PageFileService
from bot.services.agreements.replies import ReplyService
from bot.services.capture.emoji import EmojiService
from bot.services.capture.evidence import EvidenceService
from bot.services.capture.ledger import LedgerService
from bot.services.capture.notes import CaptureService
from bot.services.capture.reactions import ReactionService
from bot.services.capture.receipts import ReceiptService
from bot.services.clients.clients import ClientService
from bot.services.clients.listing import ClientListService
from bot.services.clients.merging import MergeService
from bot.services.clients.settings import ClientSettingsService
from bot.services.clients.watches import WatchService
from bot.services.decisions import action_reminders as of_actions
from bot.services.decisions.cases import CaseFiles
from bot.services.decisions.considerations import ConsiderationService
from bot.services.decisions.decisions import DecisionService
from bot.services.decisions.plan_files import PlanFiles
from bot.services.decisions.plans import PlanService
from bot.services.decisions.revisions import PlanRevisionService
from bot.services.digests import DigestService
from bot.services.first_hour import FirstHourService
from bot.services.health.appraisals import AppraisalService
from bot.services.health.attention import AttentionService
from bot.services.health.briefs import BriefService
from bot.services.health.explanations import ExplanationService
from bot.services.health.pictures import PictureService
from bot.services.health.pulses import PulseService
from bot.services.health.scorecards import HealthService
from bot.services.health.track_record import TrackRecordService
from bot.services.imports.folder import FolderService
from bot.services.imports.imports import ImportService
from bot.services.needs.needs import NeedService
from bot.services.nudges.wishes import WishService
from bot.services.partings.closing.closings import ClosingService
from bot.services.partings.closing.lessons import LessonService
from bot.services.partings.closing.settlements import SettlementService
from bot.services.partings.last_days import LastDayService
from bot.services.partings.letter_files import LetterFileService
from bot.services.partings.notices import NoticeService
from bot.services.partings.particulars import ParticularsService
from bot.services.partings.partings import PartingService
from bot.services.partings.talks import TalkService
from bot.services.partings.tasks.deliverables import DeliverableService
from bot.services.partings.tasks.previews import PreviewService
from bot.services.partings.tasks.tasklist import TaskListService
from bot.services.partings.tickets.destinations import DestinationService
from bot.services.partings.tickets.news import NewsService
from bot.services.partings.tickets.tickets import TicketService
from bot.services.people import PeopleService, PlaceService
from bot.services.privacy.erasure import ErasureService
from bot.services.privacy.exports import ExportService
from bot.services.privacy.posts import PostsService
from bot.services.privacy.retention import RetentionService
from bot.services.team.log import LogService
from bot.services.team.roles import RoleService
from bot.services.team.visibility import VisibilityService
from bot.services.welcomes import WelcomeService
from bot.services.workspaces import WorkspaceService
from bot.settings import Settings


class Services:
    """One process's use cases, each made once and when it is first asked for."""

    def __init__(self, kit: Kit, settings: Settings) -> None:
        self._kit = kit
        self._settings = settings

    @cached_property
    def workspaces(self) -> WorkspaceService:
        return WorkspaceService(
            self._kit.units,
            self._kit.clock,
            self._kit.directory.identity,
            self.hearing.reduced,
            self._settings.timezone,
            self._settings.place,
        )

    @cached_property
    def welcomes(self) -> WelcomeService:
        return WelcomeService(self._kit.units, self._kit.clock, self._kit.catalogue)

    @cached_property
    def first_hour(self) -> FirstHourService:
        return FirstHourService(self._kit.units, self._kit.clock, self._kit.directory)

    @cached_property
    def people(self) -> PeopleService:
        return PeopleService(self._kit.units)

    @cached_property
    def places(self) -> PlaceService:
        return PlaceService(
            self._kit.units, self._kit.directory, self.people, self._kit.announcer.take_back, self._kit.announcer.leave
        )

    @cached_property
    def roles(self) -> RoleService:
        return RoleService(self._kit.units, self._kit.clock, self._kit.directory)

    @cached_property
    def visibility(self) -> VisibilityService:
        return VisibilityService(self._kit.units, self._kit.clock, self._kit.directory)

    @cached_property
    def log(self) -> LogService:
        return LogService(self._kit.units)

    @cached_property
    def clients(self) -> ClientService:
        return ClientService(self._kit.units, self._kit.clock, self._kit.directory)

    @cached_property
    def listing(self) -> ClientListService:
        return ClientListService(self._kit.units, self._kit.clock, self.health)

    @cached_property
    def client_settings(self) -> ClientSettingsService:
        return ClientSettingsService(self._kit.units, self._kit.clock, self._kit.directory, self.health)

    @cached_property
    def merges(self) -> MergeService:
        return MergeService(self._kit.units, self._kit.clock, self.health)

    @cached_property
    def briefs(self) -> BriefService:
        return BriefService(self._kit.clock, self._kit.catalogue)

    @cached_property
    def health(self) -> HealthService:
        return HealthService(self._kit.units, self._kit.clock, self._kit.catalogue)

    @cached_property
    def explanations(self) -> ExplanationService:
        return ExplanationService(self._kit.units, self._kit.clock, self._kit.catalogue, self.health)

    @cached_property
    def records(self) -> TrackRecordService:
        return TrackRecordService(self._kit.units, self._kit.clock, self._kit.catalogue)

    @cached_property
    def pictures(self) -> PictureService:
        return PictureService(self._kit.units, self._kit.clock, self.explanations)

    @cached_property
    def pulses(self) -> PulseService:
        return PulseService(self._kit.units, self._kit.clock)

    @cached_property
    def ledger(self) -> LedgerService:
        return LedgerService(self._kit.units, self._kit.clock, self._kit.catalogue, self.health)

    @cached_property
    def appraisals(self) -> AppraisalService:
        return AppraisalService(self._kit.units, self._kit.clock)

    @cached_property
    def capture(self) -> CaptureService:
        return CaptureService(self._kit.units, self._kit.clock, self._kit.catalogue, self.health)

    @cached_property
    def reactions(self) -> ReactionService:
        return ReactionService(self._kit.units, self._kit.clock, self._kit.catalogue, self._kit.directory, self.health)

    @cached_property
    def emoji(self) -> EmojiService:
        return EmojiService(self._kit.units, self._kit.clock, self._kit.catalogue, self._kit.directory)

    @cached_property
    def evidence(self) -> EvidenceService:
        return EvidenceService(self._kit.units, self._kit.clock, self._kit.directory)

    @cached_property
    def hearing(self) -> HearingService:
        return HearingService(self._kit.units, self._kit.clock, self._kit.directory, self.evidence, self.replies)

    @cached_property
    def watches(self) -> WatchService:
        return WatchService(self._kit.units, self._kit.clock)

    @cached_property
    def agreements(self) -> AgreementService:
        return AgreementService(self._kit.units, self._kit.clock)

    @cached_property
    def accords(self) -> AccordService:
        return AccordService(self._kit.units, self._kit.clock, Noting(self.capture, self.health, self._kit.catalogue))

    @cached_property
    def page_files(self) -> PageFileService:
        return PageFileService(self.accords, self._kit.units, self._kit.clock)

    @cached_property
    def money(self) -> MoneyService:
        return MoneyService(self._kit.units, self._kit.clock, Noting(self.capture, self.health, self._kit.catalogue))

    @cached_property
    def replies(self) -> ReplyService:
        ledger = Noting(self.capture, self.health, self._kit.catalogue)
        return ReplyService(self._kit.units, self._kit.clock, self._kit.directory, self.capture, ledger)

    @cached_property
    def digests(self) -> DigestService:
        kit = self._kit
        return DigestService(kit.units, kit.clock, kit.directory, self.briefs, kit.catalogue)

    @cached_property
    def imports(self) -> ImportService:
        pause = time.sleep if self._settings.database_url.startswith("sqlite") else _go_on
        return ImportService(
            self._kit.units, self._kit.clock, self._kit.catalogue, self.health, self.money, pause=pause
        )

    @cached_property
    def import_folder(self) -> FolderService:
        def channels(workspace_id: str) -> dict[str, str]:
            return {place.name.casefold(): place.id for place in self._kit.directory.channels(workspace_id)}

        folder = self._settings.imports.folder
        return FolderService(self.imports, self._kit.units, self._kit.clock, folder, channels)

    @cached_property
    def plans(self) -> PlanService:
        return PlanService(self._kit.units, self._kit.clock, self.plan_files)

    @cached_property
    def plan_files(self) -> PlanFiles:
        return PlanFiles(self._kit.clock, self.health, self._kit.catalogue)

    @cached_property
    def plan_revisions(self) -> PlanRevisionService:
        return PlanRevisionService(self._kit.units, self._kit.clock, self.plan_files)

    @cached_property
    def action_reminders(self) -> of_actions.ActionReminderService:
        return of_actions.ActionReminderService(self._kit.units, self._kit.clock)

    @cached_property
    def considerations(self) -> ConsiderationService:
        return ConsiderationService(self._kit.units, self._kit.clock, CaseFiles(self._kit.catalogue))

    @cached_property
    def decisions(self) -> DecisionService:
        return DecisionService(self._kit.units, self._kit.clock, CaseFiles(self._kit.catalogue), self.partings)

    @cached_property
    def partings(self) -> PartingService:
        return PartingService(self._kit.units, self._kit.clock, self._kit.trackers, self.previews)

    @cached_property
    def previews(self) -> PreviewService:
        return PreviewService(self._kit.units, self._kit.clock, self._kit.trackers)

    @cached_property
    def destinations(self) -> DestinationService:
        return DestinationService(self._kit.units, self._kit.clock, self._kit.trackers)

    @cached_property
    def deliverables(self) -> DeliverableService:
        return DeliverableService(self._kit.units, self._kit.clock)

    @cached_property
    def task_list(self) -> TaskListService:
        return TaskListService(self._kit.units, self._kit.clock)

    @cached_property
    def closings(self) -> ClosingService:
        return ClosingService(self._kit.units, self._kit.clock, self.health)

    @cached_property
    def settlements(self) -> SettlementService:
        return SettlementService(self._kit.units, self._kit.clock)

    @cached_property
    def talks(self) -> TalkService:
        return TalkService(self._kit.units, self._kit.clock)

    @cached_property
    def lessons(self) -> LessonService:
        return LessonService(self._kit.units, self._kit.clock)

    @cached_property
    def tickets(self) -> TicketService:
        return TicketService(self._kit.units, self._kit.clock, self._kit.trackers)

    @cached_property
    def news(self) -> NewsService:
        return NewsService(self._kit.units, self._kit.clock, self._kit.trackers)

    @cached_property
    def retention(self) -> RetentionService:
        return RetentionService(self._kit.units, self._kit.clock)

    @cached_property
    def exports(self) -> ExportService:
        return ExportService(self._kit.units, self._kit.clock)

    @cached_property
    def erasure(self) -> ErasureService:
        return ErasureService(self._kit.units, self._kit.clock)

    @cached_property
    def privacy(self) -> PrivacyBulletin:
        posts = PostsService(self._kit.units)
        return PrivacyBulletin(self._kit.announcer, self._kit.directory, self._kit.clock, posts, self.exports)

    @cached_property
    def last_days(self) -> LastDayService:
        return LastDayService(self._kit.units, self._kit.clock)

    @cached_property
    def particulars(self) -> ParticularsService:
        return ParticularsService(self._kit.units, self._kit.clock)

    @cached_property
    def notices(self) -> NoticeService:
        return NoticeService(self._kit.units, self._kit.clock)

    @cached_property
    def letter_files(self) -> LetterFileService:
        return LetterFileService(self.notices, self._kit.units, self._kit.clock)

    @cached_property
    def attention(self) -> AttentionService:
        return AttentionService(self._kit.units, self._kit.clock, self._kit.catalogue, self.health)

    @cached_property
    def needs(self) -> NeedService:
        return NeedService(self._kit.units, self._kit.clock, self.health, self.briefs)

    @cached_property
    def receipts(self) -> ReceiptService:
        return ReceiptService(self._kit.units, self._kit.clock, self.health, self.capture)

    @cached_property
    def wishes(self) -> WishService:
        return WishService(self._kit.units, self._kit.clock)


def _go_on(_seconds: float) -> None:
    """PostgreSQL lets many write at once."""
