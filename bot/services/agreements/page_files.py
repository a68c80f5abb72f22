"""The page "what we agreed" as a file, for whoever sends it from their own mail program (AM18)."""

from __future__ import annotations

from bot.agenda import SEND_PAGE_FILE
from bot.services.agreements.accords import AccordService, AccordSheet
from bot.services.audit import record
from rules.clients.people import Member
from rules.ports import Clock, Post, Units
from rules.ports.records import PAGE_FILE


class PageFileService:
    """To whoever asked, alone, as the page is by then."""

    def __init__(self, accords: AccordService, units: Units, clock: Clock) -> None:
        self._accords = accords
        self._units = units
        self._clock = clock

    def ask(self, workspace_id: str, actor: Member, client_id: str) -> AccordSheet:
        sheet = self._accords.sheet(workspace_id, actor, client_id)
        key = f"{PAGE_FILE}:{sheet.client.id}:{actor.id}:{self._clock.real().isoformat(timespec='seconds')}"
        with self._units.begin(workspace_id) as unit:
            unit.jobs.add(SEND_PAGE_FILE(workspace_id, actor.id, sheet.client.id, key, once=key))
            record(unit, actor, self._clock.now(), "page taken as a file", sheet.client.id)
        return sheet

    def draft(self, workspace_id: str, reader: Member, client_id: str, key: str) -> tuple[Post, AccordSheet]:
        """The row that remembers the file, and the page; who may not see the client any more gets neither."""
        sheet = self._accords.sheet(workspace_id, reader, client_id)
        post = Post(
            key=key,
            workspace_id=workspace_id,
            channel_id="",
            kind=PAGE_FILE,
            subject=sheet.client.id,
            created_at=self._clock.real(),
        )
        return post, sheet
