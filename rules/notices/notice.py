"""A letter, as stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from rules.clients.stages import Origin
from rules.notices.address import Voice
from rules.partings.last_steps import Snapshot


class NoticeStatus(StrEnum):
    """Where a letter is between us and the client."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    APPROVED = "approved"
    SENT = "sent"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What a letter must say (NE04-NE09). Dates are dates, words are shown as they are.

    `deliverables` and `handovers` are (what, until when); `nothing_to_finish` says that none is an answer.
    `amounts_owed` is "none" when nothing is. `left_out` is what we no longer finish; `unanswered` what waits for the
    client's answer; `their_tasks` is what the client does (what, until when; HO02). `told_on` is the day of the talk,
    None while nobody has noted one. `address` is the form of address (`rules.notices.address`; empty: the usual one of
    the language), `first_name` and `title` ("Ms", "mevrouw") are how the contact is greeted. A `team_of_one` says "I".
    """

    client_name: str
    contact_name: str
    sender_name: str
    company_name: str
    language: str
    last_day: date | None
    reason: str
    clause: str
    clause_answered: bool
    deliverables: tuple[tuple[str, date], ...]
    handovers: tuple[tuple[str, date], ...]
    amounts_owed: str
    referrals: str
    since_year: int | None
    origin: Origin = Origin.OURS
    told_on: date | None = None
    address: str = ""
    first_name: str = ""
    title: str = ""
    team_of_one: bool = False
    nothing_to_finish: bool = False
    left_out: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    their_tasks: tuple[tuple[str, date], ...] = ()

    @property
    def voice(self) -> Voice:
        """Who writes to whom, and how."""
        return Voice(
            language=self.language,
            address=self.address,
            client_name=self.client_name,
            contact_name=self.contact_name,
            first_name=self.first_name,
            title=self.title,
            sender_name=self.sender_name,
            company_name=self.company_name,
            team_of_one=self.team_of_one,
        )

    @property
    def acknowledgement(self) -> bool:
        """Whether the letter answers the client's own notice."""
        return self.origin is Origin.THEIRS

    @property
    def thank_you(self) -> bool:
        """Whether the letter closes what faded by itself."""
        return self.origin is Origin.NATURAL_FADE


class ReadAs(StrEnum):
    """How a second reader reads a sentence that no fact of ours wrote; `misled` is one that was taken wrongly."""

    FACT = "fact"
    THANKS = "thanks"
    JUDGEMENT = "judgement"
    MISLED = "misled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a second reader made of a sentence. `sentence` is empty where no sentence said what was asked."""

    sentence: str
    read_as: ReadAs
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A finding that a person let stand, with the reason."""

    finding: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A letter of one parting. `approved_digest` binds an approval to subject, body and facts; any change voids it.

    `moved_at` is when it last came into other hands. `reviewer_id` was asked to review it; empty: all who decide.
    """

    id: str
    workspace_id: str
    client_id: str
    parting_id: str
    language: str
    subject: str
    body: str
    facts_digest: str
    status: NoticeStatus = NoticeStatus.DRAFT
    drafted_by: str
    drafted_at: datetime
    overrides: tuple[Override, ...] = ()
    readings: tuple[Reading, ...] = ()
    reviewer_id: str = ""
    approved_by: str = ""
    approved_at: datetime | None = None
    approved_digest: str = ""
    sent_on: date | None = None
    received_on: date | None = None
    moved_at: datetime | None = None


def with_letter(frozen: Snapshot, notice: Notice | None) -> Snapshot:
    if notice is None:
        return frozen
    return replace(
        frozen,
        letter=notice.status,
        letter_language=notice.language,
        letter_sent_on=notice.sent_on,
        letter_received_on=notice.received_on,
    )
