"""An agency of four, one client, and a desk on which clicks and forms are tried as Slack would bring them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.calls import ClickCall, CommandCall, EventCall, FormCall, MessageCall, SearchCall
from bot.ids import Action, Command, Form, Shortcut
from bot.listeners.decisions import decide, plan, revise
from bot.replies import Option, Reply, Show
from bot.services.decisions.cases import CaseFiles, CaseSheet
from bot.services.decisions.considerations import ConsiderationService, Thought
from bot.services.decisions.decisions import DecisionService, Verdict
from bot.services.decisions.plan_files import PlanFiles, PlanSheet
from bot.services.decisions.plans import PlanDraft, PlanService
from bot.services.decisions.revisions import PlanRevisionService
from bot.services.health.briefs import BriefService
from bot.services.health.scorecards import HealthService
from bot.services.needs.needs import needs_of
from bot.services.needs.scene import Scene
from bot.services.nudges.nudges import NudgeService, Truth
from bot.services.waiting import Need
from bot.views.nudges.nudges import nudge_message
from integrations.sandbox.slack.blockkit.limits import check_view
from rules.clients.client import Client, Contract
from rules.clients.people import Member
from rules.clients.stages import Origin
from rules.decisions.decision import Decision
from rules.decisions.perspective import Perspective
from rules.decisions.plan import Action as PlanAction
from rules.decisions.plan import ActionSide, Concern
from rules.health.catalogue import load_catalogue
from rules.health.signal import Severity, Side, Signal, Source
from rules.nudges.kinds import NudgeKind
from rules.nudges.need import theirs
from rules.partings.parting import Parting, PartingState, Preview, Ticket
from rules.ports import Event, UnitOfWork, Units, Workspace
from tests.clocks import StandingClock

WORKSPACE = "T1"
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class BareStarter:
    """Begins a parting without tasks: what it holds is tested where partings are."""

    def begin(self, unit: UnitOfWork, decision: Decision, client: Client, by: str, now: datetime) -> Parting:
        parting = Parting(
            id=f"pt-{decision.id}",
            workspace_id=unit.workspace_id,
            client_id=client.id,
            decision_id=decision.id,
            origin=decision.origin,
            last_day=now.date() + timedelta(days=14),
            last_day_arithmetic=(),
            preview=Preview(revision=1, tracker="checklist", tasks=()),
            created_at=now,
            created_by=by,
        )
        unit.partings.save(parting)
        return parting

    def stop(self, unit: UnitOfWork, decision: Decision) -> tuple[Ticket, ...]:
        parting = unit.partings.get(f"pt-{decision.id}")
        unit.partings.save(replace(parting, state=PartingState.STOPPED))
        return ()


@dataclass
class TriedDesk:
    """Keeps the listeners and calls them as the Slack edge does; what they show has to be what Slack can show."""

    clock: StandingClock
    clicks: dict[Action, Callable[[ClickCall], Reply]] = field(default_factory=dict)
    forms: dict[Form, Callable[[FormCall], Reply]] = field(default_factory=dict)

    def command(self, command: Command, listener: Callable[[CommandCall], Reply]) -> None:
        raise NotImplementedError

    def shortcut(self, shortcut: Shortcut, listener: Callable[[MessageCall], Reply]) -> None:
        raise NotImplementedError

    def click(self, action: Action, listener: Callable[[ClickCall], Reply]) -> None:
        self.clicks[action] = listener

    def form(self, form: Form, listener: Callable[[FormCall], Reply]) -> None:
        self.forms[form] = listener

    def search(self, action: Action, listener: Callable[[SearchCall], list[Option]]) -> None:
        raise NotImplementedError

    def event(self, event: Event, listener: Callable[[EventCall], Reply]) -> None:
        raise NotImplementedError

    def press(self, member: Member, action: Action, value: str) -> Reply:
        call = ClickCall(workspace_id=WORKSPACE, member=member, now=self.clock.now(), value=value)
        return _showable(self.clicks[action](call))

    def submit(self, member: Member, form: Form, values: Mapping[str, Any], **memo: str) -> Reply:
        call = FormCall(workspace_id=WORKSPACE, member=member, now=self.clock.now(), values=values, memo=memo)
        return _showable(self.forms[form](call))


@dataclass
class Agency:
    """The services, and four people: Olivia owns the client, Ada is an admin, Dan is named a decider, Tom is not."""

    units: Units
    clock: StandingClock
    plans: PlanService
    considerations: ConsiderationService
    decisions: DecisionService
    desk: TriedDesk
    olivia: Member
    ada: Member
    dan: Member
    tom: Member

    def needs(self, unit: UnitOfWork, member: Member) -> list[Need]:
        """What stands on their Home."""
        cards = BriefService(self.clock, load_catalogue()).everyone(unit, member)
        return theirs(needs_of(Scene(unit, self.clock.now(), cards)), member.id)

    def told(self, *people: Member) -> dict[str, str]:
        """What would be said unasked to each of these people now, by id."""
        truths: dict[NudgeKind, Truth] = {
            NudgeKind.CHECKPOINT: self.plans.due_checkpoint,
            NudgeKind.CONFIRMATION: self.decisions.to_confirm,
        }
        nudges = NudgeService(self.units, self.clock, truths)
        bundles = {person.id: nudges.open_bundle(WORKSPACE, person) for person in people}
        return {person_id: nudge_message(bundle).text for person_id, bundle in bundles.items() if bundle}

    @property
    def client(self) -> Client:
        with self.units.read(WORKSPACE) as unit:
            return unit.clients.get("cl-acme")

    @property
    def parting(self) -> Parting | None:
        with self.units.read(WORKSPACE) as unit:
            return unit.partings.of_client("cl-acme")

    def draft(self, **changes: Any) -> PlanDraft:
        today = self.clock.now().date()
        return replace(
            PlanDraft(
                goal="Answers within a day",
                concerns=(Concern(id="c1", text="They answer late", raised_by_client=False),),
                first=PlanAction(
                    concern_id="c1",
                    text="Bundle our questions on Mondays",
                    side=ActionSide.OURS,
                    owner_id=self.tom.id,
                    due_on=today + timedelta(days=7),
                    benchmark="Two of three answers within a day",
                ),
                own_days=(today + timedelta(days=14), today + timedelta(days=28)),
            ),
            **changes,
        )

    def look_at_ourselves(self, **answers: Any) -> None:
        """What comes before any plan."""
        blank = Perspective(
            id="",
            workspace_id=WORKSPACE,
            client_id="",
            ours="We ask in bits",
            owed="An answer",
            they_say="Short of staff",
            by_id="",
            at=self.clock.now(),
        )
        self.plans.assess(WORKSPACE, self.tom, "cl-acme", replace(blank, **answers))

    def start_plan(self) -> PlanSheet:
        self.look_at_ourselves()
        return self.plans.start(WORKSPACE, self.tom, "cl-acme", self.draft())

    def log(self, *notes: Signal) -> None:
        with self.units.begin(WORKSPACE) as unit:
            for note in notes:
                unit.signals.add(note)

    def flag(self, type_code: str, reporter: Member, *, days_ago: int) -> Signal:
        moment = self.clock.now() - timedelta(days=days_ago)
        return Signal(
            id=f"sg-{type_code}-{reporter.id}-{days_ago}",
            workspace_id=WORKSPACE,
            client_id="cl-acme",
            type=type_code,
            side=Side.THEIRS,
            severity=Severity.RED,
            source=Source.COMMAND,
            reporter_id=reporter.id,
            happened_at=moment,
            happened_on=moment.date(),
            logged_at=moment,
            logged_on=moment.date(),
        )

    def consider(self, origin: Origin = Origin.OURS) -> Decision:
        thought = Thought(origin=origin, thought="We dread every call.")
        return decision_of(self.considerations.consider(WORKSPACE, self.olivia, "cl-acme", thought))

    def make_ready(self, origin: Origin = Origin.OURS) -> Decision:
        """A case whose checklist is complete but for the reason."""
        self.log(self.flag("late_payment", self.tom, days_ago=20), self.flag("disrespect", self.dan, days_ago=6))
        decision = self.consider(origin)
        self.clock.move(hours=49)
        answer = self.considerations
        answer.see_both_sides(
            WORKSPACE, self.olivia, decision.id, "They are short of cash.", "We never said no.", "A call."
        )
        answer.see_impact(WORKSPACE, self.olivia, decision.id, "Evenings come back.", "A tenth of the income goes.")
        answer.skip_plan(WORKSPACE, self.olivia, decision.id, "Two plans failed last year.")
        contract = Contract(reviewed=True, notice_length=14)
        return decision_of(answer.review_contract(WORKSPACE, self.olivia, decision.id, contract))

    def decide(self, by: Member, decision_id: str, *, confirmer: Member | None = None) -> CaseSheet:
        verdict = Verdict(reason="Respect is gone.", typed_name="acme", confirmer_id=confirmer.id if confirmer else "")
        return self.decisions.decide(WORKSPACE, by, decision_id, verdict)

    def settle(self) -> Decision:
        """Decided by Olivia and confirmed by Dan."""
        decision = self.make_ready()
        self.decide(self.olivia, decision.id, confirmer=self.dan)
        return decision_of(self.decisions.confirm(WORKSPACE, self.dan, decision.id))


def _showable(reply: Reply) -> Reply:
    if isinstance(reply, Show):
        check_view(reply.view, home=False)
    return reply


def decision_of(sheet: CaseSheet) -> Decision:
    assert sheet.decision is not None
    return sheet.decision


def member(member_id: str, name: str, **facts: bool) -> Member:
    return Member(
        id=member_id,
        workspace_id=WORKSPACE,
        team_id=WORKSPACE,
        name=name,
        is_admin=facts.get("is_admin", False),
        is_decider=facts.get("is_decider", False),
        fetched_at=MONDAY,
    )


def settle_in(units: Units, people: Iterable[Member]) -> None:
    workspace = Workspace(id=WORKSPACE, name="Agency", timezone="Europe/Amsterdam", created_at=MONDAY)
    with units.house() as house:
        house.add_workspace(workspace)
    with units.begin(WORKSPACE) as unit:
        for each in people:
            unit.people.save_member(each)
        acme = Client(
            id="cl-acme", workspace_id=WORKSPACE, name="Acme", owner_id="UOLIVIA", stage_since=MONDAY,
            revenue_share_percent=12,
        )  # fmt: skip
        unit.clients.add(acme)


@pytest.fixture
def agency(units: Units) -> Agency:
    clock = StandingClock(MONDAY)
    olivia, ada = member("UOLIVIA", "Olivia"), member("UADA", "Ada", is_admin=True)
    dan, tom = member("UDAN", "Dan", is_decider=True), member("UTOM", "Tom")
    settle_in(units, (olivia, ada, dan, tom))
    files = CaseFiles(load_catalogue())
    catalogue = load_catalogue()
    plan_files = PlanFiles(clock, HealthService(units, clock, catalogue), catalogue)
    plans = PlanService(units, clock, plan_files)
    considerations = ConsiderationService(units, clock, files)
    decisions = DecisionService(units, clock, files, BareStarter())
    desk = TriedDesk(clock)
    plan.register(desk, plans)
    revise.register(desk, plans, PlanRevisionService(units, clock, plan_files))
    decide.register(desk, considerations, decisions)
    return Agency(
        units=units,
        clock=clock,
        plans=plans,
        considerations=considerations,
        decisions=decisions,
        desk=desk,
        olivia=olivia,
        ada=ada,
        dan=dan,
        tom=tom,
    )
