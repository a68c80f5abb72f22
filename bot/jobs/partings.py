"""What becomes due while a parting ends, and after it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.agenda import RAISE_LOOK_BACK, SEND_CALENDAR, TAKE_DEFAULT_ANSWERS, TAKE_DEFAULT_RECEIPT
from bot.announcer import Announcer
from bot.services.partings.closing.closings import ClosingService
from bot.services.partings.closing.lessons import LessonService
from bot.services.partings.last_days import LastDayService
from bot.services.partings.tasks.deliverables import DeliverableService
from bot.views.partings.last_day import calendar_comment
from rules.partings.calendar import FILE_NAME
from rules.ports import Directory, Workflow


class CalendarBulletin:
    """The days of a parting, for the calendar of one of ours."""

    def __init__(self, announcer: Announcer, directory: Directory, last_days: LastDayService) -> None:
        self._announcer = announcer
        self._directory = directory
        self._last_days = last_days

    def send(self, workspace_id: str, actor_id: str, parting_id: str, key: str) -> None:
        actor = self._directory.member(workspace_id, actor_id)
        draft, content = self._last_days.calendar(workspace_id, actor, parting_id, key)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / FILE_NAME
            path.write_bytes(content)
            self._announcer.send_file(draft, actor, path, calendar_comment())


def workflows(
    deliverables: DeliverableService, closings: ClosingService, lessons: LessonService, calendars: CalendarBulletin
) -> list[Workflow]:
    return [
        SEND_CALENDAR.does(calendars.send),
        TAKE_DEFAULT_ANSWERS.does(deliverables.take_default),
        TAKE_DEFAULT_RECEIPT.does(closings.take_default),
        RAISE_LOOK_BACK.does(lessons.raise_look_back),
    ]
