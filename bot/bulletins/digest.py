"""Posts the weekly digest once a channel and week, also when Slack's answer was lost."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.announcer import Announcer
from bot.replies import Message
from bot.services.digests import DigestService, Issue
from bot.services.people import PeopleService
from bot.views.blocks import channel, escape, marked, message, section
from bot.views.digest import posted
from rules.errors import RefusedError
from rules.health.digest import Timing
from rules.ports import Clock, Post
from rules.words import Words

log = structlog.get_logger()


class DigestBulletin:
    """Composes, posts, remembers."""

    def __init__(
        self, digests: DigestService, people: PeopleService, announcer: Announcer, clock: Clock, words: Words
    ) -> None:
        self._digests = digests
        self._people = people
        self._announcer = announcer
        self._clock = clock
        self._words = words

    def post(self, workspace_id: str, channel_id: str, due_at: str) -> None:
        """The digest that was due then; a channel that must not get it is reported to the admins instead."""
        issue = self._digests.issue(workspace_id, channel_id, datetime.fromisoformat(due_at))
        if issue.timing is Timing.SKIPPED:
            log.info("digest_skipped", key=issue.key)
            return
        try:
            self._announcer.post_once(self._draft(issue), posted(issue, self._words))
        except RefusedError as refused:
            self._report(issue, refused)
            return
        self._digests.remember(issue)

    def _draft(self, issue: Issue) -> Post:
        return Post(
            key=issue.key,
            workspace_id=issue.channel.workspace_id,
            channel_id=issue.channel.channel_id,
            kind="digest",
            subject=issue.key,
            created_at=self._clock.now(),
        )

    def _report(self, issue: Issue, refused: RefusedError) -> None:
        workspace_id = issue.channel.workspace_id
        for admin in self._people.admins(workspace_id):
            told = _undelivered(issue.channel.channel_id, refused)
            self._announcer.whisper(workspace_id, admin.id, told, key=f"{issue.key}:refused:{admin.id}")


def _undelivered(channel_id: str, refused: RefusedError) -> Message:
    text = "This week's digest was not posted. Choose another channel with /client settings."
    return message(
        text,
        section(
            marked(
                "This week's digest was not posted in {channel}. {why}\n`/client settings` chooses another channel.",
                channel=channel(channel_id),
                why=escape(refused.sentence),
            )
        ),
    )
