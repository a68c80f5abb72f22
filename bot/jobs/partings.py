"""What becomes due while a parting ends, and after it."""

from __future__ import annotations

from bot.agenda import RAISE_LOOK_BACK, TAKE_DEFAULT_ANSWERS, TAKE_DEFAULT_RECEIPT
from bot.services.partings.closing.closings import ClosingService
from bot.services.partings.closing.lessons import LessonService
from bot.services.partings.tasks.deliverables import DeliverableService
from rules.ports import Workflow


def workflows(deliverables: DeliverableService, closings: ClosingService, lessons: LessonService) -> list[Workflow]:
    return [
        TAKE_DEFAULT_ANSWERS.does(deliverables.take_default),
        TAKE_DEFAULT_RECEIPT.does(closings.take_default),
        RAISE_LOOK_BACK.does(lessons.raise_look_back),
    ]
