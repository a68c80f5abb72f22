"""Posts the weekly digest once a channel and week, also when Slack's answer was lost."""

from __future__ import annotations

import structlog

from bot.agenda import POST_DIGEST
from bot.announcer import Announcer
from bot.services.digests import DigestService, Issue, Twin
from bot.services.people import PeopleService
from bot.views.digest import posted
from rules.errors import NotFoundError, RefusedError
from rules.health.digest import Timing
from rules.ports import Clock, Post, Workflow
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

    def post(self, workspace_id: str, channel_id: str) -> None:
        """This week's digest; of a channel that must not or can't get it an admin is told once.

        While Slack is away this fails, and the sweep comes back to it.
        """
        issue = self._digests.issue(workspace_id, channel_id)
        if issue is None:
            self._digests.forget(workspace_id, channel_id)
            return
        if issue.timing is Timing.SKIPPED:
            log.info("digest_skipped", key=issue.key)
            self._digests.pass_over(issue)
            return
        if issue.twin is Twin.GETS_IT_NOW:
            return  # the sweep comes back when that is settled
        if issue.twin is Twin.HAS_IT:
            log.info("digest_told_elsewhere", key=issue.key)
            self._digests.pass_over(issue)
            return
        try:
            self._announcer.post_once(self._draft(issue), posted(issue, self._words))
        except (RefusedError, NotFoundError) as refused:
            self._report(issue, refused.sentence)
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

    def _report(self, issue: Issue, why: str) -> None:
        admin = next(iter(self._people.admins(issue.channel.workspace_id)), None)
        self._digests.pass_over(issue, why, told=admin.id if admin else "")


def workflows(digest: DigestBulletin) -> list[Workflow]:
    return [POST_DIGEST.does(digest.post)]
