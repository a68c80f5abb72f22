"""The one message to whoever installed Amicable, kept true until nothing is left of it."""

from __future__ import annotations

from bot.agenda import TEND_GUIDE
from bot.announcer import Announcer
from bot.services.first_hour import FirstHourService
from bot.views.first_hour import first_hour_message
from rules.nudges.kinds import AtOnce
from rules.ports import Units, Workflow
from rules.sentences import Sentence


class FirstHourBulletin:
    """Posted once; whatever was done elsewhere in the meantime goes from it."""

    def __init__(self, announcer: Announcer, first_hour: FirstHourService, units: Units) -> None:
        self._announcer = announcer
        self._first_hour = first_hour
        self._units = units

    def tend(self, workspace_id: str, _workspace_id: str) -> None:
        hour = self._first_hour.now(workspace_id)
        if hour is None:
            self._first_hour.shown(workspace_id, ())
            return
        key = Sentence("first-hour:{workspace}", workspace=workspace_id)
        with self._units.read(workspace_id) as unit:
            post = unit.posts.find(key)
        if post and post.ts and hour.is_news:
            self._announcer.update(post, first_hour_message(hour))
        elif not post or not post.ts:
            self._announcer.whisper(
                workspace_id, hour.person.id, first_hour_message(hour), key=key, at_once=AtOnce.INSTALLED
            )
        self._first_hour.shown(workspace_id, hour.steps)


def workflows(first_hour: FirstHourBulletin) -> list[Workflow]:
    return [TEND_GUIDE.does(first_hour.tend)]
