"""The client and what was agreed with them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from rules.clients.stages import Origin, Stage
from rules.errors import ConflictError
from rules.sentences import Sentence

# There is at most one demo in a workspace: the row's key itself sees to that.
DEMO_ID = "cl-demo"


class NoticeUnit(StrEnum):
    """The unit in which a contract counts its notice period."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How we agreed to work together (AM01, AM02): hours are the response windows, both ways.

    `monthly_hours` is what a month of our work may take.
    """

    primary_channel: str = ""
    their_reply_hours: int | None = None
    our_reply_hours: int | None = None
    monthly_hours: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What the contract says about ending it. `none_written` is an answer, not a gap (CN01); so is `clause_silent`.

    `country` has the holidays that count, with its region where that has its own: "NL", "ES-CT".
    """

    reviewed: bool = False
    none_written: bool = False
    starts_on: date | None = None
    ends_on: date | None = None
    notice_length: int | None = None
    notice_unit: NoticeUnit = NoticeUnit.DAYS
    to_month_end: bool = False
    clause: str = ""
    clause_silent: bool = False
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """How pleased the client said to be, from 1 to 5: heard by somebody on a day, `source` says where. No score."""

    stars: int
    heard_on: date
    source: str
    by_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BandOverride:
    """Somebody's word against the computed band: it stands beside it with a name and a reason, and ends by itself.

    `until` is the end of `last_day` in the workspace's time zone.
    """

    band: str
    reason: str
    by_id: str
    made_at: datetime
    last_day: date
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed:
    """A client that was found to be the same one. Its notes came along; what hangs on messages still knows its id."""

    client_id: str
    name: str
    at: datetime
    by_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A company or person we work for. `language` is a BCP 47 code; `owner_id` and channels are Slack ids.

    `contact_copies` are the e-mail addresses of others who get the letter too.
    `address` is the form of address in what we write (`rules.notices.address`; empty: the usual one of the language).
    `open_since` is when it began or came back, unlike `stage_since` the same whatever is considered in secret (BR14);
    None until it first moves on.
    `visible_to` are the people who see it beside its owner and the admins; empty: everyone of ours.
    `team_ids` are those of ours who work with it; empty: whoever is in its internal channels.
    An archived client leaves the lists; one that was `merged_into` another lives on there, which has it `absorbed`.
    """

    id: str
    workspace_id: str
    name: str
    aliases: tuple[str, ...] = ()
    channel_ids: tuple[str, ...] = ()
    owner_id: str
    language: str = "en"
    contact_name: str = ""
    contact_first_name: str = ""
    contact_title: str = ""
    contact_email: str = ""
    contact_copies: tuple[str, ...] = ()
    address: str = ""
    client_since: date | None = None
    revenue_share_percent: int | None = None
    stage: Stage = Stage.ACTIVE
    stage_since: datetime
    open_since: datetime | None = None
    origin: Origin | None = None
    agreement: Agreement = field(default_factory=Agreement)
    contract: Contract = field(default_factory=Contract)
    hours_a_week: int | None = None
    margin_percent: int | None = None
    override: BandOverride | None = None
    satisfactions: tuple[Satisfaction, ...] = ()
    tracker: str = ""
    erased_at: datetime | None = None
    visible_to: tuple[str, ...] = ()
    archived_at: datetime | None = None
    merged_into: str = ""
    absorbed: tuple[Absorbed, ...] = ()
    team_ids: tuple[str, ...] = ()

    @property
    def is_demo(self) -> bool:
        """Made up to look at: no list or sum holds it, and nothing of it changes but that it goes."""
        return self.id == DEMO_ID

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id that its notes may have been made with."""
        return (self.id, *(each.client_id for each in self.absorbed))

    @property
    def opened_at(self) -> datetime:
        return self.open_since or self.stage_since

    def moved_to(self, stage: Stage, now: datetime) -> Client:
        """In another stage since now, and no less long open."""
        return replace(self, stage=stage, stage_since=now, open_since=self.opened_at)

    @property
    def satisfaction(self) -> Satisfaction | None:
        """The client's newest word; of two from one day the one that was typed last."""
        return max(reversed(self.satisfactions), key=lambda each: each.heard_on, default=None)

    def require_real(self) -> None:
        """A demo is only looked at."""
        if self.is_demo:
            raise ConflictError(
                "This is a demo: nothing of it is real, so nothing of it changes. “Remove the demo”, on Home and on "
                "its card, takes it away."
            )

    def require_in_use(self) -> None:
        """Nothing new is noted about an archived client, lest it stay unseen."""
        if self.archived_at:
            raise ConflictError(
                Sentence(
                    "{name} is archived, so nothing was logged. Whoever decides about it can bring it "
                    "back: /client {name}",
                    name=self.name,
                )
            )

    def override_at(self, now: datetime) -> BandOverride | None:
        """The override that is in force then."""
        return self.override if self.override and now < self.override.until else None


def what_changed(before: Client, after: Client) -> list[str]:
    """What the log says of a change; never what it was or is."""
    said = {
        "renamed": before.name != after.name,
        "given other names": before.aliases != after.aliases,
        "given to another owner": before.owner_id != after.owner_id,
        "language set": before.language != after.language,
        "team set": set(before.team_ids) != set(after.team_ids),
        "channels set": set(before.channel_ids) != set(after.channel_ids),
    }
    return [what for what, is_new in said.items() if is_new]
