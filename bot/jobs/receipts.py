"""Gathers receipts in one message a person and day, and keeps it true in place."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

from bot.agenda import SEND_RECEIPTS
from bot.announcer import Announcer
from bot.services.capture.receipts import DayOfNotes, ReceiptService
from bot.views.capture.receipts import day_message
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.health.catalogue import Catalogue
from rules.nudges.kinds import AtOnce
from rules.ports import Directory, Units, Workflow
from rules.words import Words

REDRAWN_AFTER_SECONDS: Final = 1.2  # a message may be changed 50 times a minute (facts/slack.md 2.5, tier 3)


class ReceiptBulletin:
    """What is behind is drawn; while Slack is away this fails, and the sweep comes back to it."""

    def __init__(
        self,
        announcer: Announcer,
        receipts: ReceiptService,
        units: Units,
        directory: Directory,
        catalogue: Catalogue,
        words: Words,
    ) -> None:
        self._announcer = announcer
        self._receipts = receipts
        self._units = units
        self._directory = directory
        self._catalogue = catalogue
        self._words = words

    def send(self, workspace_id: str, person_id: str) -> None:
        """Whoever is not one of us any more is told nothing; their notes wait for nothing either."""
        person = self._directory.member(workspace_id, person_id)
        is_true = False
        while not is_true:
            days = self._receipts.days(workspace_id, person)
            for each in days if is_ours(person, workspace_id) else ():
                self._draw(person, each)
            is_true = self._receipts.drawn(workspace_id, person_id, days)
            if not is_true:
                time.sleep(REDRAWN_AFTER_SECONDS)

    def _draw(self, person: Member, each: DayOfNotes) -> None:
        """Slack may have taken an earlier one without our hearing of it; what somebody has deleted comes anew."""
        shown = day_message(each, self._catalogue, self._words)
        with self._units.read(person.workspace_id) as unit:
            was_begun = unit.posts.find(each.key)
        stands = was_begun is not None and bool(was_begun.ts)
        if (each.is_muted or not each.slips) and not stands:
            return
        post_once = partial(
            self._announcer.whisper, person.workspace_id, person.id, shown, key=each.key, at_once=AtOnce.RECEIPT
        )
        post = post_once()
        if was_begun:
            self._announcer.update(post, shown)
            if not each.is_muted:
                post_once()


def workflows(receipts: ReceiptBulletin) -> list[Workflow]:
    return [SEND_RECEIPTS.does(receipts.send)]
