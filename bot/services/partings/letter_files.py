"""The approved letter as a file, for whoever sends it from their own mail program (BR10, TN05)."""

from __future__ import annotations

from bot.access import require_decider
from bot.agenda import SEND_LETTER_FILE
from bot.services.audit import record
from bot.services.partings.notices import NoticeService, NoticeSheet
from rules.clients.people import Member
from rules.errors import ConflictError
from rules.ports import Clock, Post, Units
from rules.ports.records import LETTER_FILE

NOT_APPROVED = (
    "The letter has changed since it was approved. Have it reviewed again, then take it into your mail program."
)


class LetterFileService:
    """Gives the file to whoever asked, alone, and only while exactly this text is approved."""

    def __init__(self, notices: NoticeService, units: Units, clock: Clock) -> None:
        self._notices = notices
        self._units = units
        self._clock = clock

    def ask(self, workspace_id: str, actor: Member, notice_id: str) -> NoticeSheet:
        """A worker sends it; each time somebody asks, it comes once."""
        sheet = self._notices.sheet(workspace_id, actor, notice_id)
        require_decider(actor, sheet.client)
        if not sheet.is_approved:
            raise ConflictError(NOT_APPROVED)
        if sheet.why_talk_first:
            raise ConflictError(sheet.why_talk_first)
        key = f"{LETTER_FILE}:{notice_id}:{actor.id}:{self._clock.real().isoformat(timespec='seconds')}"
        with self._units.begin(workspace_id) as unit:
            unit.jobs.add(SEND_LETTER_FILE(workspace_id, actor.id, notice_id, key, once=key))
            record(unit, actor, self._clock.now(), "letter taken as a file", notice_id)
        return sheet

    def draft(self, workspace_id: str, reader: Member, notice_id: str, key: str) -> tuple[Post, NoticeSheet]:
        """The row that remembers the file, and the letter as it is now: it may have changed since it was asked for."""
        sheet = self._notices.sheet(workspace_id, reader, notice_id)
        post = Post(
            key=key,
            workspace_id=workspace_id,
            channel_id="",
            kind=LETTER_FILE,
            subject=sheet.client.id,
            created_at=self._clock.real(),
        )
        return post, sheet
