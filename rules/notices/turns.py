"""Whose turn a letter is, since when, and for what: it lies with nobody for long (NE01-NE03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rules.notices.finding import Finding
from rules.notices.notice import Notice, NoticeStatus
from rules.notices.review import SECOND_LOOK
from rules.partings.parting import OVER, Parting
from rules.partings.timeline import why_talk_first
from rules.sentences import Sentence

_SEND_IT: Final = "The letter is approved: send it from your mail program, then note the day."
# Told the moment it becomes somebody's turn; whoever is drafting knows.
_NEWS: Final = frozenset({NoticeStatus.IN_REVIEW, NoticeStatus.APPROVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTurn:
    """Who has the letter now. `key` is this very turn; `is_news` to them at once. `others` could take it as well."""

    person_ids: tuple[str, ...]
    others: tuple[str, ...] = ()
    since: datetime
    what: str
    key: str
    is_news: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who may read a letter a second time: those who decide are asked, and the others where nobody else decides.

    `is_left`: whoever was chosen has left it for too long, so that all are asked.
    """

    deciders: frozenset[str]
    others: frozenset[str] = frozenset()
    is_left: bool = False

    def besides(self, drafter_id: str) -> tuple[str, ...]:
        return tuple(sorted(self.deciders - {drafter_id} or self.others - {drafter_id}))

    def asked(self, notice: Notice) -> tuple[str, ...]:
        """Somebody in particular, and all once they have left it; only all where nobody was chosen who still can."""
        others = self.besides(notice.drafted_by)
        if notice.reviewer_id not in (self.deciders | self.others) - {notice.drafted_by}:
            return others
        return tuple(dict.fromkeys((notice.reviewer_id, *others))) if self.is_left else (notice.reviewer_id,)


def turn_of(
    parting: Parting, notice: Notice | None, blocks: Sequence[Finding], readers: Readers, now: datetime
) -> LetterTurn | None:
    """None where nobody has to do anything about a letter. `blocks` keep it from being approved."""
    if parting.state in OVER or parting.no_letter:
        return None
    if notice is None:
        return _undrafted(parting)
    if notice.status is NoticeStatus.RECEIVED:
        return None
    since = notice.moved_at or notice.approved_at or notice.drafted_at
    is_read = notice.status is NoticeStatus.IN_REVIEW
    return LetterTurn(
        person_ids=_persons(notice, readers, now),
        others=readers.besides(notice.drafted_by) if is_read else (),
        since=since,
        what=_wanted(parting, notice, blocks),
        key=f"{notice.id}:{notice.status}:{since.isoformat()}",
        is_news=notice.status in _NEWS or bool(notice.readings),
    )


def _undrafted(parting: Parting) -> LetterTurn | None:
    if parting.told_at is None:
        return None
    return LetterTurn(
        person_ids=(parting.told_by or parting.created_by,),
        since=parting.told_at,
        what="The client has been told, and no letter is drafted yet.",
        key=f"{parting.id}:none:{parting.told_at.isoformat()}",
    )


def _persons(notice: Notice, readers: Readers, now: datetime) -> tuple[str, ...]:
    if notice.status is not NoticeStatus.IN_REVIEW:
        return (notice.drafted_by,)
    alone = (notice.drafted_by,) if now >= notice.drafted_at + SECOND_LOOK else ()
    return readers.asked(notice) or alone


def _wanted(parting: Parting, notice: Notice, blocks: Sequence[Finding]) -> str:
    match notice.status:
        case NoticeStatus.IN_REVIEW:
            return "A letter waits for its second reader."
        case NoticeStatus.APPROVED:
            waits = "The letter is approved and waits for the talk: hold it first, and note that it was held."
            return waits if why_talk_first(parting) else _SEND_IT
        case NoticeStatus.SENT:
            return "The letter is out: note the day on which it was received."
        case _ if notice.readings:
            return "Your letter came back from its second reader. See what they read in it, and mend it."
        case _ if blocks:
            return Sentence("Your letter can't be approved yet: {sentence}", sentence=blocks[0].sentence)
        case _:
            return "Your letter is ready: ask for its review."
