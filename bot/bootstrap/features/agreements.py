"""What was agreed with a client, and what is measured against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.app import BoltDesk
from bot.bootstrap.features.feature import Feature, Kit
from bot.jobs import agreements as agreement_jobs
from bot.listeners.agreements import accord, agreement, messages
from bot.listeners.agreements import replies as reply_listeners
from bot.services.agreements import reminders
from bot.services.agreements.accords import AccordService
from bot.services.agreements.agreements import AgreementService
from bot.services.agreements.hearing import HearingService
from bot.services.agreements.money import MoneyService
from bot.services.agreements.page_files import PageFileService
from bot.services.agreements.replies import ReplyService
from bot.services.clients.clients import ClientService
from rules.notices.mailing import Mail
from rules.nudges.kinds import NudgeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementNeeds:
    """Use cases of agreements."""

    agreements: AgreementService
    accords: AccordService
    page_files: PageFileService
    money: MoneyService
    replies: ReplyService
    hearing: HearingService
    clients: ClientService


def build(kit: Kit, of: AgreementNeeds, draft_file: Callable[[Mail], bytes]) -> Feature:
    agreed = agreement.AgreementDesk(of.agreements, of.money)

    def register(desk: BoltDesk) -> None:
        agreement.register(desk, agreed)
        accord.register(desk, of.accords, of.page_files)
        reply_listeners.register(desk, reply_listeners.ReplyDesk(of.replies, of.clients))
        messages.register(desk, messages.HearingDesk(of.hearing))

    pages = agreement_jobs.PageBulletin(kit.announcer, kit.directory, of.page_files, draft_file)

    return Feature(
        register=register,
        workflows=agreement_jobs.workflows(of.accords, pages),
        truths={
            NudgeKind.MISSED_REPLY: reminders.no_answer,
            NudgeKind.CHECK_IN: reminders.check_in,
            NudgeKind.NO_WINDOW: reminders.no_window,
            NudgeKind.MILESTONE: of.accords.due_milestone,
            NudgeKind.OBJECTIONS_OVER: of.accords.no_objection,
        },
        opens={"agreement": agreed.show},
    )
