"""Gathers receipts in one thread a person and day, each once, and keeps them true in place."""

from __future__ import annotations

from bot.agenda import SEND_RECEIPTS
from bot.announcer import Announcer
from bot.services.capture.receipts import DayOfNotes, ReceiptService, Slip
from bot.views.capture.receipts import day_message, slip_message
from rules.clients.people import Member
from rules.health.catalogue import Catalogue
from rules.nudges.kinds import AtOnce
from rules.ports import Directory, Post, Units, Workflow
from rules.words import Words


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
        person = self._directory.member(workspace_id, person_id)
        behind = self._receipts.undrawn(workspace_id, person_id)
        for each in self._receipts.days(workspace_id, person):
            if each.slips:
                self._draw(person, each)
        self._receipts.drawn(workspace_id, person_id, behind)

    def _draw(self, person: Member, each: DayOfNotes) -> None:
        head, counted = f"receipts:{person.id}:{each.day}", day_message(each.day, each.count)
        known = self._posted(person.workspace_id, head)
        if known:  # where somebody has deleted it, it is forgotten now, and the thread begins anew
            self._announcer.update(known, counted)
        thread = self._announcer.whisper(person.workspace_id, person.id, counted, key=head, at_once=AtOnce.RECEIPT)
        for slip in each.slips:
            self._show(person, slip, thread.ts)

    def _show(self, person: Member, slip: Slip, thread_ts: str) -> None:
        key, shown = f"receipt:{slip.row.id}", slip_message(slip, self._catalogue, self._words)
        known = self._posted(person.workspace_id, key)
        if known:
            self._announcer.update(known, shown)
        else:
            self._announcer.whisper(
                person.workspace_id, person.id, shown, key=key, at_once=AtOnce.RECEIPT, thread_ts=thread_ts
            )

    def _posted(self, workspace_id: str, key: str) -> Post | None:
        with self._units.read(workspace_id) as unit:
            known = unit.posts.find(key)
        return known if known and known.ts else None


def workflows(receipts: ReceiptBulletin) -> list[Workflow]:
    return [SEND_RECEIPTS.does(receipts.send)]
