"""The letter: drafted from facts, checked, reviewed by a second person, handed to that person's mail program.

Nothing here sends anything (BR10, BR11). The facts are read anew each time, so an approval of other facts is void.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot import access
from bot.access import may_decide, require_decider, require_ours, seen_client
from bot.services.audit import record
from bot.services.calendars import country_of
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.partings.letter_facts import letter_facts
from bot.services.partings.planning import moment, move_last_day
from bot.services.partings.sheets import may_see
from bot.services.partings.times import contract_of, require_days, why_days_fail
from bot.services.people import team
from bot.services.waiting import WayOn
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.decisions.deciding import SILENT_WORKING_DAYS
from rules.errors import ConflictError, InvalidError, NotFoundError
from rules.local_days import local_day
from rules.notices import review, second_reading
from rules.notices.blind import BlindQuestion
from rules.notices.finding import Finding
from rules.notices.mailing import Mail, compose_link
from rules.notices.notice import Notice, NoticeFacts, NoticeStatus
from rules.notices.second_reading import SecondReading
from rules.notices.turns import LetterTurn, Readers, turn_of
from rules.nudges.kinds import NudgeKind
from rules.nudges.need import OTHERWISE, NeedKind, working_days_left
from rules.nudges.nudge import Nudge
from rules.partings.dates import after_receipt
from rules.partings.parting import Parting, PartingState
from rules.partings.terms import runs_from_receipt
from rules.partings.timeline import why_talk_first
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Somebody's words for a letter; `seen` is `review.wording_digest` of the words that they began with."""

    subject: str
    body: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSheet:
    """A letter as it stands, for whoever may see it; without a `notice` there is only a parting to write about.

    `why_days_fail` says which of its days can't be kept if it goes out today.
    `added` are the sentences that no fact of ours wrote. `misread` and `unsaved` are what came of a reading or a save
    that failed: answers that the facts do not give, and words written over others that somebody had saved meanwhile.
    """

    client: Client
    parting: Parting
    notice: Notice | None
    facts: NoticeFacts
    findings: tuple[Finding, ...] = ()
    blocking: tuple[Finding, ...] = ()
    is_approved: bool = False
    why_not_approve: str = ""
    why_days_fail: str = ""
    may_decide: bool = False
    today: date
    timezone: str = "UTC"
    added: tuple[str, ...] = ()
    misread: Mapping[BlindQuestion, str] = field(default_factory=dict)
    unsaved: Wording | None = None

    @property
    def why_talk_first(self) -> str:
        return why_talk_first(self.parting)

    @property
    def compose_link(self) -> str:
        """Opens the letter in the reader's own mail program; empty unless it may leave us."""
        return compose_link(self.mail) if self.mail else ""

    @property
    def mail(self) -> Mail | None:
        """The letter as it leaves us; None unless exactly this text is approved, and nothing comes first."""
        if self.notice is None or not self.is_approved or self.why_talk_first:
            return None
        return Mail(
            to=(self.client.contact_name, self.client.contact_email),
            copies=tuple(("", address) for address in self.client.contact_copies),
            subject=self.notice.subject,
            body=self.notice.body,
            language=self.notice.language,
        )


class NoticeService:
    """Everything about the letter but the mail program."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def of_client(self, workspace_id: str, reader: Member, client_id: str) -> NoticeSheet:
        require_ours(reader)
        with self._units.read(workspace_id) as unit:
            client = seen_client(unit, reader, client_id)
            parting = unit.partings.of_client(client.id)
            if parting is None or parting.state is PartingState.STOPPED or not may_see(reader, client, parting):
                raise NotFoundError(
                    Sentence(
                        "There is no parting from {name}, so no letter either. Open the client to see how it is.",
                        name=client.name,
                    )
                )
            return self._sheet(unit, reader, client, parting, unit.notices.of_parting(parting.id))

    def sheet(self, workspace_id: str, reader: Member, notice_id: str) -> NoticeSheet:
        with self._units.read(workspace_id) as unit:
            notice = unit.notices.get(notice_id)
            parting = unit.partings.get(notice.parting_id)
            client = unit.clients.get(parting.client_id)
            if not may_see(reader, client, parting):
                raise NotFoundError("This letter is not here any more. Please open the parting again.")
            return self._sheet(unit, reader, client, parting, notice)

    def draft(self, workspace_id: str, actor: Member, parting_id: str) -> NoticeSheet:
        """A fresh draft from today's facts; one that is out already stays as it is."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, parting = _locked(unit, actor, parting_id)
            known = unit.notices.of_parting(parting_id)
            if known and known.status in review.OUT:
                raise ConflictError("The letter was sent; it stays as it is.")
            require_days(unit, client, parting, local_day(now, unit.workspace().timezone))
            blank = Notice(
                id=known.id if known else f"no-{secrets.token_hex(8)}",
                workspace_id=workspace_id,
                client_id=client.id,
                parting_id=parting_id,
                language=client.language,
                subject="",
                body="",
                facts_digest="",
                drafted_by=actor.id,
                drafted_at=now,
            )
            return self._kept(unit, actor, "letter drafted", review.start(blank, letter_facts(unit, client, parting)))

    def edit(self, workspace_id: str, actor: Member, notice_id: str, words: Wording) -> NoticeSheet:
        """Other words: a draft again, and whoever changed it is its drafter now.

        What was written from older words is not saved, but stands in the answer as `unsaved`: nothing gets lost.
        """
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, parting, notice = _locked_notice(unit, actor, notice_id)
            require_decider(actor, client)
            facts = letter_facts(unit, client, parting)
            edited = review.edit(notice, words.subject, words.body, facts, actor.id, now)
            is_overtaken = words.seen != review.wording_digest(notice)
            if is_overtaken and review.wording_digest(edited) != review.wording_digest(notice):
                return replace(self._sheet(unit, actor, client, parting, notice), unsaved=words)
            return self._kept(unit, actor, "letter edited", edited)

    def submit(self, workspace_id: str, actor: Member, notice_id: str) -> NoticeSheet:
        return self._change(
            (workspace_id, notice_id, "letter submitted"),
            actor,
            lambda notice, facts, _today: review.submit(notice, facts),
            keeps_days=True,
        )

    def ask(self, workspace_id: str, actor: Member, notice_id: str, reviewer_id: str) -> NoticeSheet:
        """Has somebody in particular review it, or whoever decides; may be changed while it waits."""
        with self._units.begin(workspace_id) as unit:
            client, parting, notice = _locked_notice(unit, actor, notice_id)
            require_decider(actor, client)
            require_days(unit, client, parting, local_day(self._clock.now(), unit.workspace().timezone))
            able = _team_ids(unit, client, parting)
            asked = review.ask(notice, letter_facts(unit, client, parting), reviewer_id, able)
            return self._kept(unit, actor, "reviewer chosen", asked)

    def override(self, workspace_id: str, actor: Member, notice_id: str, finding: str, reason: str) -> NoticeSheet:
        """Lets a finding stand, with a reason; what is missing can't be left out."""
        return self._change(
            (workspace_id, notice_id, "finding let stand"),
            actor,
            lambda notice, facts, _today: review.override(notice, facts, finding, reason, actor.id),
        )

    def read(self, workspace_id: str, actor: Member, notice_id: str, reading: SecondReading) -> NoticeSheet:
        """A second reading by somebody else than the drafter: it approves exactly this text and these facts, or not."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client, parting, notice = _locked_notice(unit, actor, notice_id)
            team_ids = _team_ids(unit, client, parting)
            require_days(unit, client, parting, local_day(now, unit.workspace().timezone))
            outcome = second_reading.read(notice, letter_facts(unit, client, parting), reading, actor.id, team_ids, now)
            what = "letter approved" if outcome.notice.status is NoticeStatus.APPROVED else "letter read"
            return replace(self._kept(unit, actor, what, outcome.notice), misread=outcome.misread)

    def mark_sent(
        self, workspace_id: str, actor: Member, notice_id: str, on: date, *, although_late: bool = False
    ) -> NoticeSheet:
        """`although_late`: it has gone out with days that can't be kept; its receipt will move them."""
        with self._units.begin(workspace_id) as unit:
            client, parting, notice = _locked_notice(unit, actor, notice_id)
            require_decider(actor, client)
            _require_past(on, local_day(self._clock.now(), unit.workspace().timezone), "sent_on")
            if too_early := why_talk_first(parting):
                raise ConflictError(too_early)
            sent = review.mark_sent(notice, letter_facts(unit, client, parting), on)
            fault = "" if although_late else why_days_fail(unit, client, parting, on)
            if fault:
                sentence = Sentence(
                    "{fault} If it has gone out all the same, tick that; else choose days that can be kept.",
                    fault=fault,
                )
                raise InvalidError(sentence, {"sent_on": sentence})
            return self._kept(unit, actor, "letter sent", sent)

    def mark_received(self, workspace_id: str, actor: Member, notice_id: str, on: date) -> NoticeSheet:
        """The notice period runs from this day: a last day that lies within it moves, and what is counted from it."""
        with self._units.begin(workspace_id) as unit:
            client, parting, notice = _locked_notice(unit, actor, notice_id)
            require_decider(actor, client)
            today = local_day(self._clock.now(), unit.workspace().timezone)
            _require_past(on, today, "received_on")
            received = review.mark_received(notice, on)
            later = (
                after_receipt(contract_of(unit, client), parting.last_day, on) if runs_from_receipt(parting) else None
            )
            if later:
                held = replace(parting, agreed_last_day=None)
                unit.partings.save(move_last_day(unit, client, held, later, moment(unit, self._clock, actor.id)))
            return self._kept(unit, actor, "letter received", received)

    def letter_turn(self, unit: UnitOfWork, reader: Member, known: Nudge, now: datetime) -> Told | None:
        """What is said to whoever has the letter now, until they have done their part."""
        client, parting = unit.clients.get(known.client_id), unit.partings.of_client(known.client_id)
        turn = turn_of_letter(unit, client, parting, now) if parting else None
        if parting is None or turn is None or turn.key != known.subject or not may_see(reader, client, parting):
            return None
        ways, otherwise = (Way(WayOn.LETTER, client.id),), OTHERWISE[NeedKind.LETTER]
        return Told(about=client.name, what=turn.what, ways=ways, otherwise=otherwise)

    # --- parts -----------------------------------------------------------------------------------------------------

    def _change(
        self,
        what: tuple[str, str, str],
        actor: Member,
        change: Callable[[Notice, NoticeFacts, date], Notice],
        *,
        keeps_days: bool = False,
    ) -> NoticeSheet:
        """Changes a letter under the lock of its parting; `what` is workspace, letter and the audit log's word."""
        workspace_id, notice_id, action = what
        with self._units.begin(workspace_id) as unit:
            client, parting, notice = _locked_notice(unit, actor, notice_id)
            require_decider(actor, client)
            today = local_day(self._clock.now(), unit.workspace().timezone)
            if keeps_days:
                require_days(unit, client, parting, today)
            return self._kept(unit, actor, action, change(notice, letter_facts(unit, client, parting), today))

    def _kept(self, unit: UnitOfWork, actor: Member, action: str, notice: Notice) -> NoticeSheet:
        """Whoever's turn it is now is told, once the letter has come into other hands."""
        now, known = self._clock.now(), unit.notices.of_parting(notice.parting_id)
        moved = known is None or _in_whose_hands(known) != _in_whose_hands(notice)
        notice = replace(notice, moved_at=now) if moved else notice
        unit.notices.save(notice)
        record(unit, actor, now, action, notice.id)
        parting = unit.partings.get(notice.parting_id)
        client = unit.clients.get(notice.client_id)
        sheet = self._sheet(unit, actor, client, parting, notice)
        turn = _turn(unit, client, parting, notice, sheet.blocking, now)
        if turn is None or not turn.is_news:
            return sheet
        for person_id in sorted(turn.person_ids):
            nudge(unit, NudgeKind.LETTER, person_id, subject=turn.key, now=now, client_id=client.id)
        return sheet

    def _sheet(
        self, unit: UnitOfWork, reader: Member, client: Client, parting: Parting, notice: Notice | None
    ) -> NoticeSheet:
        now = self._clock.now()
        facts = letter_facts(unit, client, parting)
        today = local_day(now, unit.workspace().timezone)
        decides = may_decide(reader, client)
        if notice is None:
            return NoticeSheet(
                client=client,
                parting=parting,
                notice=None,
                facts=facts,
                why_days_fail=why_days_fail(unit, client, parting, today),
                may_decide=decides,
                today=today,
            )
        found, able = review.all_findings(notice, facts), _team_ids(unit, client, parting)
        blocks = review.blocking(notice, found)
        return NoticeSheet(
            client=client,
            parting=parting,
            notice=notice,
            facts=facts,
            findings=found,
            blocking=blocks,
            is_approved=review.is_approved(notice, facts),
            why_not_approve=review.why_not_approve(notice, facts, blocks, reader.id, able, now),
            why_days_fail="" if notice.status in review.OUT else why_days_fail(unit, client, parting, today),
            may_decide=decides,
            today=today,
            timezone=unit.workspace().timezone,
            added=review.added(notice, facts),
        )


def _locked(unit: UnitOfWork, actor: Member, parting_id: str) -> tuple[Client, Parting]:
    require_ours(actor)
    parting = unit.partings.lock(parting_id)
    client = unit.clients.get(parting.client_id)
    require_decider(actor, client)
    return client, parting


def _locked_notice(unit: UnitOfWork, actor: Member, notice_id: str) -> tuple[Client, Parting, Notice]:
    """The letter as it is once nobody else can change it any more."""
    parting = unit.partings.lock(unit.notices.get(notice_id).parting_id)
    client = unit.clients.get(parting.client_id)
    if not may_see(actor, client, parting):
        raise NotFoundError("This letter is not here any more. Please open the parting again.")
    return client, parting, unit.notices.get(notice_id)


def _in_whose_hands(notice: Notice) -> tuple[object, ...]:
    return notice.status, notice.readings, notice.reviewer_id


def _team_ids(unit: UnitOfWork, client: Client, parting: Parting) -> frozenset[str]:
    """Who may see the letter, and so review it: until the client has been told only those who decide."""
    ours = [member for member in unit.people.members() if is_ours(member, unit.workspace_id)]
    readers = [member for member in ours if access.may_see(member, client)]
    return frozenset(member.id for member in readers if parting.told_at or may_decide(member, client))


def turn_of_letter(unit: UnitOfWork, client: Client, parting: Parting, now: datetime) -> LetterTurn | None:
    notice = unit.notices.of_parting(parting.id)
    blocks: Sequence[Finding] = ()
    if notice:
        blocks = review.blocking(notice, review.all_findings(notice, letter_facts(unit, client, parting)))
    return _turn(unit, client, parting, notice, blocks, now)


def _turn(
    unit: UnitOfWork, client: Client, parting: Parting, notice: Notice | None, blocks: Sequence[Finding], now: datetime
) -> LetterTurn | None:
    able = _team_ids(unit, client, parting)
    deciders = frozenset(each.id for each in team(unit) if each.id in able and may_decide(each, client))
    zone = unit.workspace().timezone
    asked_on, today = local_day(notice.moved_at or notice.drafted_at, zone) if notice else None, local_day(now, zone)
    is_left = (
        asked_on is not None and working_days_left(asked_on, today, country_of(unit, client)) > SILENT_WORKING_DAYS
    )
    return turn_of(parting, notice, blocks, Readers(deciders=deciders, others=able, is_left=is_left), now)


def follow_letter(unit: UnitOfWork, before: NoticeFacts, client: Client, parting: Parting) -> None:
    """Our own words in the letter follow its facts, which were those of `before`; what a person wrote stays."""
    notice = unit.notices.of_parting(parting.id)
    if notice:
        unit.notices.save(review.redraft(notice, before, letter_facts(unit, client, parting)))


def _require_past(on: date, today: date, field: str) -> None:
    if on > today:
        raise InvalidError("That day is still to come.", {field: "Choose today or an earlier day."})
