"""Sends what the quiet rules let through, in one message, and keeps that message true."""

from __future__ import annotations

from bot.agenda import SEND_NUDGES, SHOW_NUDGES
from bot.announcer import Announcer
from bot.services.nudges.nudges import NudgeService
from bot.views.nudges.nudges import nudge_message
from rules.nudges.kinds import AtOnce
from rules.ports import Directory, Units, Workflow


class NudgeBulletin:
    """One message at a time to each person."""

    def __init__(self, announcer: Announcer, nudges: NudgeService, units: Units, directory: Directory) -> None:
        self._announcer = announcer
        self._nudges = nudges
        self._units = units
        self._directory = directory

    def send(self, workspace_id: str, person_id: str) -> None:
        """Where nothing may go out now, the row of its due time says when to come back."""
        person = self._directory.member(workspace_id, person_id)
        bundle = self._nudges.open_bundle(workspace_id, person)
        if bundle:
            self._announcer.whisper(
                workspace_id, person_id, nudge_message(bundle), key=bundle.key, at_once=AtOnce.COUNTED
            )
            self._nudges.sent(workspace_id, person, bundle.key)

    def show(self, workspace_id: str, person_id: str, key: str) -> None:
        """Something of it was snoozed or settled."""
        person = self._directory.member(workspace_id, person_id)
        with self._units.read(workspace_id) as unit:
            post = unit.posts.find(key)
        if post and post.ts:
            self._announcer.update(post, nudge_message(self._nudges.bundle(workspace_id, person, key)))


def workflows(nudges: NudgeBulletin) -> list[Workflow]:
    return [SEND_NUDGES.does(nudges.send), SHOW_NUDGES.does(nudges.show)]
