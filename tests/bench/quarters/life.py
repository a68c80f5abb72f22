"""Thirteen weeks of the agency, lived through the real app over signed HTTP, with a clock that leaps twice a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.bootstrap.house import House
from bot.services.agreements.money import NewInvoice
from bot.services.clients.clients import NewClient
from bot.services.decisions.plans import Meeting
from bot.services.needs.scene import Scene
from integrations.logs import configure_logs
from integrations.sandbox.server import RunningServer
from integrations.sandbox.slack.screen import Screen
from integrations.sandbox.world import World
from rules.clients.client import Client, Contract, NoticeUnit
from rules.clients.people import Member
from rules.clients.stages import Origin, Stage
from rules.decisions.decision import Decision
from rules.decisions.plan import Outcome, Plan, Response
from rules.decisions.planning import next_checkpoint
from rules.health.score import Band
from rules.partings.terms import Talk, Terms
from rules.ports import DigestChannel
from tests.bench.processes import settings_of
from tests.bench.quarters.told import Ledger, as_text
from tests.bench.quarters.truth import (
    AMSTERDAM,
    OPERATIONS,
    OWNER,
    Colleague,
    Happening,
    Neglect,
    Relation,
    colleagues,
    happenings,
    invoices,
    relations,
)
from tests.bench.tickets import QUICK
from tests.clocks import SLACK_SECONDS

GENERAL = "C0GENERAL"
MORNING, AFTERNOON = time(9, 5), time(15, 30)  # in Amsterdam; then it is a quarter past nine and half past nine there
PATIENCE_SECONDS = 240.0
NEVER = "0 0 29 2 *"
POOR = frozenset({Band.AMEND, Band.CONSIDER, Band.ACT_NOW})
PLANS_AFTER = 3  # working days after an owner has seen that a client is in trouble
LETTER_ON = timedelta(days=27)
TERM_ENDS, NOTICE_BY = timedelta(days=161), timedelta(days=69)  # 15 June, and three months before it


class Quarter:
    """The agency, its clients, and the days that pass."""

    def __init__(self, folder: Path, database_url: str, starts_on: date) -> None:
        zone = ZoneInfo(AMSTERDAM)
        begins = datetime.combine(starts_on, time(8), zone).astimezone(UTC)
        self.world = World(folder / "clock", starts_at=begins, slack_seconds=SLACK_SECONDS)
        self.people = colleagues(starts_on)
        self.relations = relations(self.people)
        self._settle_in()
        self.world.serve()
        environment = {
            **self.world.app_environment(),
            **QUICK,
            "AMICABLE_ENGINE__POLL_SECONDS": "0.05",
            "AMICABLE_ENGINE__EVENTS_POLL_SECONDS": "0.05",
            "AMICABLE_ENGINE__DEAD_AFTER_SECONDS": "60",  # nobody dies here, however busy the machine is
            "AMICABLE_ENGINE__SWEEP_CRON": NEVER,
            "AMICABLE_DATABASE_URL": database_url,
            "AMICABLE_TIMEZONE": AMSTERDAM,
            "AMICABLE_COUNTRY": "NL",
        }
        settings = settings_of(environment)
        configure_logs(settings.log_level, settings.log_format)
        self.house = House(settings, serves_web=True)
        self._server = RunningServer(self.house.web()).start()
        self.world.slack.deliveries.target_url = f"{self._server.url}/slack/events"
        self._working = House(settings, serves_web=False)
        self._worker = self._working.worker()
        self._worker.start()
        self.team = self.world.slack.workspace.team_id
        self.today = starts_on
        self._zone = zone
        self.ledger = Ledger(self.world.slack, self.people, GENERAL)
        self.bands: dict[date, dict[str, Band]] = {}
        self.began: dict[Neglect, date] = {}
        self.home_of_week_10 = ""
        self._unpaid: dict[tuple[str, date], str] = {}
        self._poor_days: dict[str, int] = defaultdict(int)
        self.clients = self._open()

    def live(self, days: int, watch: Callable[[date], None]) -> None:
        """`watch` hears of each day that begins."""
        for _ in range(days):
            self.today += timedelta(days=1)
            watch(self.today)
            self._go_to(MORNING)
            self._look_at_bands()
            if self.today.weekday() < 5:
                self._keep_books()
                self._work()
                self._go_to(AFTERNOON)
                self._log()
                self._sweep()
                self._look_at_homes()

    def close(self) -> None:
        self.house.outside.jobs.idle(timeout_seconds=PATIENCE_SECONDS)
        self._worker.stop()
        self._working.close()
        self._server.stop()
        self.house.close()
        self.world.stop()

    def neglected(self, neglect: Neglect) -> Relation:
        return next(each for each in self.relations if each.neglect is neglect)

    # --- the agency ---

    def _settle_in(self) -> None:
        slack = self.world.slack
        for each in self.people:
            details = {"is_admin": each.id in {OWNER, OPERATIONS}, "is_owner": each.id == OWNER, "timezone": each.zone}
            slack.add_person(each.id, each.name.split()[0].lower(), each.name, **details)
        slack.add_channel(GENERAL, "general", [each.id for each in self.people])
        for one in self.relations:
            slack.add_channel(one.channel_id, one.name.lower().replace(" ", "-"), [each.id for each in one.team])

    def _open(self) -> dict[str, Client]:
        self.house.services.workspaces.welcome(self.team)
        olivia = self._member(OWNER)
        self.house.services.digests.configure(
            self.team, olivia, DigestChannel(workspace_id=self.team, channel_id=GENERAL, timezone=AMSTERDAM)
        )
        clients = {}
        for each in self.relations:
            asked = NewClient(name=each.name, channel_id=each.channel_id, owner_id=each.owner.id,
                              contact_name="Jo Client", contact_email="jo@client.example")  # fmt: skip
            self.house.outside.directory.place(self.team, each.channel_id, fresh=True)  # as the form does
            clients[each.name] = self.house.services.clients.add(self.team, olivia, asked)
        self._sign_term(clients[self.neglected(Neglect.SILENT_TERM).name])
        self.began[Neglect.SILENT_TERM] = self.today + NOTICE_BY - timedelta(days=30)
        self.began[Neglect.NOBODY_LOGS] = self.today + timedelta(weeks=6)
        self._sweep()
        return clients

    def _sign_term(self, client: Client) -> None:
        terms = Contract(
            reviewed=True, ends_on=self.today + TERM_ENDS, notice_length=3, notice_unit=NoticeUnit.MONTHS, country="NL"
        )
        with self.house.outside.units.begin(self.team) as unit:
            unit.clients.save(replace(unit.clients.lock(client.id), contract=terms))

    # --- a day ---

    def _go_to(self, at: time) -> None:
        there = datetime.combine(self.today, at, self._zone).astimezone(UTC)
        self.world.move_clock(there - self.world.now())
        self._sweep()

    def _sweep(self) -> None:
        for _ in range(2):  # what a job makes due at once comes with the next minute's sweep
            self.house.outside.jobs.run_sweep(self.world.now(), timeout_seconds=PATIENCE_SECONDS)
            self.house.outside.jobs.idle(timeout_seconds=PATIENCE_SECONDS)

    def _look_at_bands(self) -> None:
        with self.house.outside.units.read(self.team) as unit:
            scene = Scene(unit, self.house.outside.clock.now(), self.house.services.briefs.everyone(unit))
            self.bands[self.today] = {card.client.name: scene.band(card) for card in scene.cards.values()}

    def _keep_books(self) -> None:
        """Marc enters what is due within two weeks, and what was paid since he last looked."""
        marc = self._member(OPERATIONS)
        for each in self.relations:
            for due_on, paid_on in invoices(each, min(self.bands)):
                key, client_id = (each.name, due_on), self.clients[each.name].id
                if key not in self._unpaid and due_on <= self.today + timedelta(days=14):
                    new = NewInvoice(number=f"{due_on:%Y-%m}", amount="EUR 2000.00", due_on=due_on)
                    self._unpaid[key] = self.house.services.money.add(self.team, marc, client_id, new).id
                if self._unpaid.get(key) and paid_on < self.today:
                    self.house.services.money.pay(self.team, marc, self._unpaid[key], paid_on)
                    self._unpaid[key] = ""

    def _work(self) -> None:
        """Owners look after clients in trouble and hold checkpoints, but for what somebody leaves undone."""
        for each in self.relations:
            if not each.owner.works_on(self.today):
                continue
            plan = self._plan_of(each)
            poor = self.bands[self.today].get(each.name) in POOR
            self._poor_days[each.name] += poor
            if each.neglect is Neglect.NOBODY_ACTS and poor:
                self.began.setdefault(each.neglect, self.today)
            elif plan is not None:
                self._mend(each, plan)
            elif self._poor_days[each.name] > PLANS_AFTER and poor:
                self._start_plan(each)
            if each.neglect is Neglect.STUCK_LETTER and self.today - min(self.bands) >= LETTER_ON:
                self._write_letter(each)

    def _log(self) -> None:
        for relation in self.relations:
            for each in happenings(relation, self.today):
                self._log_one(each)
        self.world.slack.settle(retries=True)
        self.house.outside.jobs.idle(timeout_seconds=PATIENCE_SECONDS)

    def _log_one(self, what: Happening) -> None:
        first, *others = what.by
        where, screen = what.relation.channel_id, self._screen(first)
        if what.is_said:
            ts = screen.say(where, what.words)
            for each in what.by:
                self._screen(each).react(where, ts, what.emoji)
            return
        command = "/praise" if what.kind == "praise" else "/redflag"
        for each in (first, *others[:1]):  # whoever reads the answer of another seldom types it again
            self._screen(each).command(command, f"{what.relation.name} {what.words}", channel=where)

    def _look_at_homes(self) -> None:
        """Whoever could act on something that is left undone looks on Mondays and Thursdays."""
        week = (self.today - min(self.bands)).days // 7 + 1
        if self.today.weekday() == 3 and week == 10:
            self.home_of_week_10 = self._home(OWNER)
        if self.today.weekday() not in {0, 3}:
            return
        planted = [each.owner.id for each in self.relations if each.neglect is not Neglect.NONE]
        for person_id in dict.fromkeys([OWNER, *planted]):
            needs, _, _ = self._home(person_id).partition("Find a client")
            self.ledger.homes.append((self.today, person_id, needs))

    def _home(self, person_id: str) -> str:
        names = {each.id: each.name.split()[0] for each in self.people}
        shown = self.world.slack.person(person_id).home() or {}
        return as_text(shown.get("blocks", ()), names)

    # --- plans, and a letter ---

    def _plan_of(self, relation: Relation) -> Plan | None:
        with self.house.outside.units.read(self.team) as unit:
            plans = unit.plans.of_client(self.clients[relation.name].id)
        return next((plan for plan in plans if plan.ended_at is None), None)

    def _start_plan(self, relation: Relation) -> None:
        """In Slack's own forms."""
        screen = self._screen(relation.owner)
        screen.command("/client", f"{relation.name} plan", channel=relation.channel_id)
        if screen.view is None or "they_say" not in str(screen.view):
            return
        screen.submit({"ours": "We answer late", "owed": "A call", "they_say": "They are short of people"})
        maker = relation.team[1]
        words = {"goal": "Calm weeks", "concerns": "Late and rude", "text": "Weekly call", "benchmark": "Two in three"}
        answer = screen.submit(words)
        if answer.outcome not in {"closed", "updated"}:
            raise RuntimeError(f"No plan for {relation.name}: {answer.errors or answer.error}")
        while screen.view:
            screen.close()
        plan = self._plan_of(relation)
        if plan is None:
            raise RuntimeError(f"No plan for {relation.name}")
        if relation.neglect is Neglect.FORGOTTEN_PLAN:
            self.began[relation.neglect] = plan.checkpoints[0].due_on
        elif relation.neglect is Neglect.MISSED_PROMISE:
            self._hand_over(plan, maker)
            self.began[relation.neglect] = plan.actions[0].due_on

    def _hand_over(self, plan: Plan, maker: Colleague) -> None:
        """The first action is the maker's, who does nothing."""
        with self.house.outside.units.begin(self.team) as unit:
            known = unit.plans.get(plan.id)
            first, *others = known.actions
            unit.plans.save(replace(known, actions=(replace(first, owner_id=maker.id), *others)))

    def _mend(self, relation: Relation, plan: Plan) -> None:
        if relation.neglect is Neglect.FORGOTTEN_PLAN:
            return
        owner = self._member(relation.owner.id)
        point = next_checkpoint(plan)
        done = [each.id for each in plan.live_actions if each.is_open]
        if relation.neglect is Neglect.MISSED_PROMISE:
            done = [each.id for each in plan.live_actions[1:] if each.is_open]
        if point is None:
            self.house.services.plans.finish(self.team, owner, plan.id, Outcome.EXTEND, "A little better")
        elif point.due_on <= self.today:
            is_last = point is plan.checkpoints[-1]
            meeting = Meeting(
                on=point.due_on, response=Response.SOME, done=tuple(done), then=Outcome.EXTEND if is_last else None
            )
            self.house.services.plans.hold(self.team, owner, plan.id, meeting)

    def _write_letter(self, relation: Relation) -> None:
        """The client gave notice; its letter is written and waits for a second reader, who never comes."""
        if relation.neglect in self.began:
            return
        owner, now = self._member(relation.owner.id), self.world.now()
        with self.house.outside.units.begin(self.team) as unit:
            known = unit.clients.lock(self.clients[relation.name].id)
            contract = Contract(reviewed=True, none_written=True)
            client = replace(known, stage=Stage.DECIDED, contract=contract, origin=Origin.THEIRS)
            unit.clients.save(client)
            decision = Decision(
                id="de-1", workspace_id=self.team, client_id=client.id, origin=Origin.THEIRS, opened_at=now,
                opened_by=owner.id, reason="They told us that they leave.", confirmed_at=now, told_us_on=self.today,
            )  # fmt: skip
            unit.decisions.save(decision)
            parting = self.house.services.partings.begin(unit, decision, client, owner.id, now)
        house = self.house.services
        house.partings.told(self.team, owner, parting.id, Talk(held_on=self.today, by=owner.id))
        sheet = house.partings.sheet(self.team, owner, parting.id)
        if not sheet.parting.amounts_owed:
            terms = Terms(deliverables=(), nothing_to_finish=True, amounts_owed="none", referrals="")
            house.partings.set_terms(self.team, owner, parting.id, terms)
        letter = house.notices.draft(self.team, owner, parting.id)
        if letter.notice is None:
            raise RuntimeError("There is no letter.")
        house.notices.submit(self.team, owner, letter.notice.id)
        self.began[relation.neglect] = self.today

    def _member(self, person_id: str) -> Member:
        return self.house.outside.directory.member(self.team, person_id)

    def _screen(self, who: Colleague) -> Screen:
        return self.world.slack.person(who.id)
