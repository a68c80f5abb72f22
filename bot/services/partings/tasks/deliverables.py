"""The list of what is still open, the question to the client, and their answers (D11, WU01-WU10).

Nothing is sent from here: somebody of ours copies the question, and types the answers in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.access import may_decide
from bot.agenda import TAKE_DEFAULT_ANSWERS
from bot.services.audit import record
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.partings.doors import open_parting, seen_parting
from bot.services.partings.overtaken import require_as_seen
from bot.services.partings.planning import moment
from bot.services.partings.sheets import position_of
from bot.services.partings.tasks.items import new_item_code, settle_items
from bot.services.voices import voice_of
from bot.services.waiting import WayOn
from rules.clients.client import Client
from rules.clients.people import Member
from rules.decisions.plan import ActionSide
from rules.errors import InvalidError
from rules.local_days import at_local_time, local_day
from rules.notices.draft import written
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.partings import deliverables, terms
from rules.partings.belongings import seen
from rules.partings.deliverables import Answer, ClientQuestion, Deliverable, Said, Source, Work
from rules.partings.parting import OVER, Parting, Ticket, TicketState, stamped, with_items
from rules.partings.ticket_progress import FINISHED, unwanted
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence
from rules.workdays import day_name

NAMED = 5
SAID = {Answer.FINISH: "finish it", Answer.HAND_OVER: "hand it over as it is", Answer.DROP: "drop it"}


SCOPE_IS_FROZEN = "After the decision nothing new is taken on. Say why this goes in all the same, or leave it out."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What the form asks for; everything but title and day stays with us. `seen` is what somebody began with."""

    title: str
    due_on: date
    work: Work = Work.NOT_BEGUN
    owner_id: str = ""
    note: str = ""
    is_new_scope: bool = False
    added_because: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The client's word on one deliverable; by their new day where they named one."""

    answer: Answer
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverableSheet:
    """The list as it stands. `question_text` is ours to copy, in the client's language; empty until it was asked.

    `suggestions` are milestones of plans that are not on the list yet.
    """

    client: Client
    parting: Parting
    tickets: Mapping[str, Ticket]
    question_text: str
    suggestions: tuple[tuple[str, date], ...]
    may_decide: bool
    today: date
    position: str = ""

    @property
    def items(self) -> tuple[Deliverable, ...]:
        return self.parting.items

    @property
    def is_over(self) -> bool:
        return self.parting.state in OVER

    @property
    def has_open_tickets(self) -> bool:
        """Whether an answer could leave a ticket in the tracker that nobody wants any more."""
        return any(
            each.state is TicketState.OPENED and each.task_state not in FINISHED for each in self.tickets.values()
        )

    def ticket_of(self, item: Deliverable) -> Ticket | None:
        return self.tickets.get(item.task_code)


class DeliverableService:
    """Keeps the list; each change brings tickets, days and the letter along."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def sheet(self, workspace_id: str, reader: Member, parting_id: str) -> DeliverableSheet:
        with self._units.read(workspace_id) as unit:
            client, parting = seen_parting(unit, reader, parting_id)
            return self._sheet(unit, reader, client, parting)

    def add(self, workspace_id: str, actor: Member, parting_id: str, new: NewItem) -> DeliverableSheet:
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            if new.is_new_scope and not new.added_because.strip():
                raise InvalidError(SCOPE_IS_FROZEN, {"because": SCOPE_IS_FROZEN})  # DC05
            item = Deliverable(
                code=new_item_code(),
                title=new.title,
                due_on=new.due_on,
                work=new.work,
                owner_id=new.owner_id,
                note=new.note.strip(),
                added_because=new.added_because.strip() if new.is_new_scope else "",
            )
            changed = with_items(parting, deliverables.listed(parting.items, item))
            return self._settled(unit, actor, client, parting, changed, "deliverable listed")

    def change(self, workspace_id: str, actor: Member, parting_id: str, code: str, new: NewItem) -> DeliverableSheet:
        """Our own words about it, and its day: another day of what was accepted moves its ticket too."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            known = deliverables.found(parting.items, code)
            reads = Sentence("{title}, {day}", title=known.title, day=day_name(known.due_on))
            require_as_seen(unit, parting.work_stamp, seen(known), new.seen, reads, "title")
            item = replace(
                known, title=new.title, work=new.work, owner_id=new.owner_id, note=new.note.strip(), due_on=new.due_on
            )
            if known.said and new.due_on != known.due_on:
                said = replace(known.said[-1], due_on=new.due_on, on=self._today(unit), by_id=actor.id)
                item = deliverables.answered(item, said)
            changed = with_items(parting, deliverables.replaced(parting.items, item))
            return self._settled(unit, actor, client, parting, changed, "deliverable changed")

    def take_promised(self, workspace_id: str, actor: Member, parting_id: str) -> DeliverableSheet:
        """Puts on the list what the newest plan still promises."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            items = parting.items
            for title, due_on in _milestones(unit, client, parting):
                items = deliverables.listed(items, Deliverable(code=new_item_code(), title=title, due_on=due_on))
            return self._settled(unit, actor, client, parting, with_items(parting, items), "deliverable listed")

    def remove(self, workspace_id: str, actor: Member, parting_id: str, code: str) -> DeliverableSheet:
        """Takes back what was put on the list by mistake."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            changed = with_items(parting, deliverables.without(parting.items, code))
            return self._settled(unit, actor, client, parting, changed, "deliverable taken off")

    def ask(self, workspace_id: str, actor: Member, parting_id: str, until: date, default: Answer) -> DeliverableSheet:
        """Notes that the client is asked, until when, and what silence will mean. Only after the talk."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            today = self._today(unit)
            terms.require_askable(client, parting, until, today)
            question = ClientQuestion(asked_on=today, until=until, default=default, asked_by=actor.id)
            asked = replace(parting, question=question)
            unit.partings.save(asked)
            # The day is theirs to its end.
            due_at = at_local_time(until + timedelta(days=1), unit.workspace().timezone, time())
            unit.dues.set(TAKE_DEFAULT_ANSWERS.at(due_at, workspace_id, parting_id))
            record(
                unit, actor, self._clock.now(), "answers asked for", parting_id, Sentence("until {until}", until=until)
            )
            return self._sheet(unit, actor, client, asked)

    def answer(
        self,
        workspace_id: str,
        actor: Member,
        parting_id: str,
        replies: Mapping[str, Reply],
        *,
        close_opened: bool | None = None,
    ) -> DeliverableSheet:
        """What the client said, by item: one commit with tickets, last day, days counted from it, and the letter.

        `close_opened` says what happens to open tickets that nobody wants any more; None: not asked yet.
        """
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            terms.require_told(client, parting)
            today, items = self._today(unit), parting.items
            for code, reply in replies.items():
                item = deliverables.found(items, code)
                due_on = reply.due_on or item.due_on
                said = Said(answer=reply.answer, source=Source.CLIENT, due_on=due_on, on=today, by_id=actor.id)
                items = deliverables.replaced(items, deliverables.answered(item, said))
            changed = with_items(parting, items)
            if close_opened is None:
                _require_nothing_left_open(unit, changed)
            return self._settled(
                unit, actor, client, parting, changed, "answers recorded", close_opened=bool(close_opened)
            )

    def take_default(self, workspace_id: str, parting_id: str) -> bool:
        """The day has passed: silence becomes our default, marked as that, and the owner hears of it once."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(unit.partings.get(parting_id).client_id)
            parting = unit.partings.lock(parting_id)
            today, question = self._today(unit), parting.question
            if question and today <= question.until:
                return False  # asked again meanwhile, with more time
            unit.dues.drop(TAKE_DEFAULT_ANSWERS, parting_id)
            if question is None or parting.state in OVER:
                return False
            items = deliverables.defaulted(parting.items, question, today)
            if items == parting.items:
                return False
            at = moment(unit, self._clock)
            settle_items(unit, client, parting, with_items(parting, items), at, close_opened=False)
            subject = f"{parting_id}:{question.until}"
            nudge(unit, NudgeKind.ANSWERS_DEFAULT, client.owner_id, subject=subject, now=now, client_id=client.id,
                  details=parting_id)  # fmt: skip
            return True

    def default_taken(self, unit: UnitOfWork, _reader: Member, known: Nudge, _now: datetime) -> Told | None:
        """What the owner is told, as long as nobody has typed in other answers."""
        parting = unit.partings.get(known.details)
        items = [item for item in parting.items if item.is_default]
        if not items or parting.state in OVER:
            return None
        client = unit.clients.get(parting.client_id)
        named = ", ".join(item.title for item in items[:NAMED])
        more = Sentence(" and {number} more", number=len(items) - NAMED) if len(items) > NAMED else ""
        answer = SAID[items[0].answer or Answer.FINISH]
        return Told(
            about=client.name,
            what=Sentence(
                "No answer came in time, so our default holds: {answer}. It concerns {named}{more}.",
                answer=answer,
                named=named,
                more=more,
            ),
            ways=(Way(WayOn.DELIVERABLES, parting.id),),
        )

    # --- parts -----------------------------------------------------------------------------------------------------

    def _settled(
        self,
        unit: UnitOfWork,
        actor: Member,
        client: Client,
        before: Parting,
        changed: Parting,
        action: str,
        *,
        close_opened: bool = False,
    ) -> DeliverableSheet:
        at = moment(unit, self._clock, actor.id)
        stamped_by = replace(changed, work_stamp=stamped(before.work_stamp, actor.id, self._clock.now()))
        settled = settle_items(unit, client, before, stamped_by, at, close_opened=close_opened)
        record(unit, actor, self._clock.now(), action, before.id)
        return self._sheet(unit, actor, client, settled)

    def _sheet(self, unit: UnitOfWork, reader: Member | None, client: Client, parting: Parting) -> DeliverableSheet:
        tickets = unit.partings.tickets(parting.id)
        return DeliverableSheet(
            client=client,
            parting=parting,
            tickets={each.task_code: each for each in tickets if deliverables.is_of_deliverable(each.task_code)},
            question_text=_question_text(unit, client, parting),
            suggestions=tuple(_milestones(unit, client, parting)),
            may_decide=reader is not None and may_decide(reader, client),
            today=self._today(unit),
            position=position_of(unit, reader, client, parting),
        )

    def _today(self, unit: UnitOfWork) -> date:
        return local_day(self._clock.now(), unit.workspace().timezone)


def _question_text(unit: UnitOfWork, client: Client, parting: Parting) -> str:
    """Titles and days, and nothing else of our list."""
    open_items = deliverables.unanswered(parting.items)
    if parting.question is None or not open_items:
        return ""
    return written(
        voice_of(unit, client),
        "question",
        items=[(item.title, item.due_on) for item in open_items],
        default=parting.question.default.value,
        until=parting.question.until,
    )


def _milestones(unit: UnitOfWork, client: Client, parting: Parting) -> Sequence[tuple[str, date]]:
    """What the newest plan still promises to the client and is not on the list yet."""
    known = {item.title.casefold() for item in parting.items}
    plans = unit.plans.of_client(client.id)[:1]
    actions = [action for plan in plans for action in plan.actions if action.side is not ActionSide.THEIRS]
    promised = [each for each in actions if each.is_open and not each.is_internal]
    return [(each.text, each.due_on) for each in promised if each.text.casefold() not in known]


def _require_nothing_left_open(unit: UnitOfWork, changed: Parting) -> None:
    """Nobody's ticket is closed in a tracker without somebody having said so."""
    wanted = {item.task_code for item in deliverables.kept(changed.items)}
    left = unwanted(unit.partings.tickets(changed.id), wanted)
    opened = next((ticket for ticket in left if ticket.state is TicketState.OPENED), None)
    if opened:
        sentence = Sentence("A ticket is open for this: {title}. Say what should happen to it.", title=opened.title)
        raise InvalidError(sentence, {"close_opened": sentence})
