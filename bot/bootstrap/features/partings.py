"""Everything after the decision: talk, tasks, tickets, letter, close."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.app import BoltDesk
from bot.bootstrap.features.feature import Feature, Kit
from bot.calls import clicking
from bot.jobs import destinations as asked
from bot.jobs import letters, tickets
from bot.jobs import partings as parting_jobs
from bot.listeners.partings import (
    closing,
    deliverables,
    destinations,
    letter,
    particulars,
    parting,
    settlement,
    talk,
    tasklist,
)
from bot.services.partings import reminders
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
from bot.services.partings.tickets import faults
from bot.services.partings.tickets.destinations import DestinationService
from bot.services.partings.tickets.news import NewsService
from bot.services.partings.tickets.tickets import TicketService
from rules.notices.mailing import Mail
from rules.nudges.kinds import NudgeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PartingNeeds:
    """Use cases of a parting."""

    partings: PartingService
    previews: PreviewService
    destinations: DestinationService
    notices: NoticeService
    particulars: ParticularsService
    last_days: LastDayService
    letter_files: LetterFileService
    task_list: TaskListService
    deliverables: DeliverableService
    settlements: SettlementService
    talks: TalkService
    closings: ClosingService
    lessons: LessonService
    tickets: TicketService
    news: NewsService


def build(kit: Kit, of: PartingNeeds, draft_file: Callable[[Mail], bytes]) -> Feature:
    ends = closing.ClosingDesk(of.closings, of.lessons)
    details = particulars.ParticularsDesk(of.particulars, of.notices)

    def register(desk: BoltDesk) -> None:
        parting.register(desk, of.partings, of.previews, kit.words)
        destinations.register(desk, destinations.DestinationDesk(of.destinations, of.partings, of.previews, kit.words))
        letter.register(desk, of.notices, of.letter_files)
        tasklist.register(desk, of.task_list)
        deliverables.register(desk, of.deliverables)
        settlement.register(desk, of.settlements)
        talk.register(desk, of.talks)
        particulars.register(desk, details, particulars.LastDayDesk(of.last_days))
        closing.register(desk, ends)

    progress = tickets.ProgressBulletin(kit.announcer, of.partings, kit.units, kit.directory, kit.clock)
    letter_bulletin = letters.LetterBulletin(kit.announcer, kit.directory, of.letter_files, draft_file)
    answers = asked.DestinationBulletin(
        kit.announcer, kit.directory, of.destinations, of.partings, of.previews, kit.words
    )
    calendars = parting_jobs.CalendarBulletin(kit.announcer, kit.directory, of.last_days)
    return Feature(
        register=register,
        workflows=[
            *tickets.workflows(of.tickets, of.news, of.partings, progress),
            *asked.workflows(answers),
            *letters.workflows(letter_bulletin),
            *parting_jobs.workflows(of.deliverables, of.closings, of.lessons, calendars),
        ],
        truths={
            NudgeKind.ANSWERS_DEFAULT: of.deliverables.default_taken,
            NudgeKind.RECEIPT_DEFAULT: of.closings.default_taken,
            NudgeKind.LETTER: of.notices.letter_turn,
            NudgeKind.LOOK_BACK: of.lessons.to_look_back,
            NudgeKind.OVERDUE_TASK: reminders.overdue_task,
            NudgeKind.TICKET_REFUSED: reminders.refused_tickets,
            NudgeKind.DOUBLES: reminders.doubles,
            NudgeKind.TRACKER_FAULT: faults.tracker_fault,
        },
        opens={
            **parting.opens(of.partings, of.previews, kit.words),
            **letter.opens(of.notices, of.letter_files),
            **closing.opens(ends),
            "contacts": clicking(details.ask_contacts),
            "contract": clicking(details.ask_contract),
            "deliverables": parting.of_parting(of.partings, deliverables.DeliverableDesk(of.deliverables).open),
            "money": parting.of_parting(of.partings, settlement.SettlementDesk(of.settlements).open),
        },
    )
