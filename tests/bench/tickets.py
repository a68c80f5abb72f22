"""Partings with many tickets, opened through the services by real workers, and what became of each ticket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.bootstrap.house import House
from bot.services.clients.clients import NewClient
from integrations.sandbox.agency import OLIVIA, Agency
from integrations.sandbox.faults import Faults
from integrations.sandbox.jira import DataCenterStandIn
from integrations.sandbox.slack.screen import NotThereError
from integrations.sandbox.world import World
from rules.clients.stages import Origin, Stage
from rules.decisions.decision import Decision
from rules.errors import UnavailableError
from rules.partings.parting import PartingState, PlannedTask, Preview, Ticket, TicketState
from tests.bench.processes import settings_of
from tests.clocks import SLACK_SECONDS, STARTS_AT

QUICK = {
    "AMICABLE_ENGINE__POLL_SECONDS": "0.1",
    "AMICABLE_ENGINE__EVENTS_POLL_SECONDS": "0.2",
    "AMICABLE_ENGINE__BEAT_SECONDS": "0.3",
    "AMICABLE_ENGINE__DEAD_AFTER_SECONDS": "2",
    "AMICABLE_ENGINE__DRAIN_SECONDS": "1",
    "AMICABLE_ENGINE__TRELLO_STARTS_PER_10_SECONDS": "300",
    "AMICABLE_LOG_LEVEL": "WARNING",
}


@dataclass(frozen=True)
class Outcome:
    """How many tickets were wanted, are missing in the tracker, are there more than once, and point nowhere."""

    wanted: int
    lost: int
    doubled: int
    astray: int

    @property
    def is_exact(self) -> bool:
        return self.lost == self.doubled == self.astray == 0


class Partings:
    """Clients that are decided and told. The wire is the world's; the workers are somebody else's."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        tracker: str,
        *,
        quiet_seconds: int | None,
        lag: float = 0.0,
        starts_at: datetime = STARTS_AT,
    ) -> None:
        """`tracker` may be "datacenter" as well: Jira's other kind. No `quiet_seconds`: all settings as shipped."""
        self.tracker = "trello" if tracker == "trello" else "jira"
        self.world = World(
            folder / "clock",
            starts_at=starts_at,
            slack_seconds=SLACK_SECONDS,
            jira=DataCenterStandIn() if tracker == "datacenter" else None,
        )
        self.world.jira.index.lag = lag
        self._agency = Agency(self.world)
        self.world.serve()
        quiet = {f"AMICABLE_{name}__QUIET_PERIOD": f"PT{quiet_seconds}S" for name in ("JIRA", "TRELLO")}
        hurried = {} if quiet_seconds is None else {**QUICK, **quiet}
        self.environment = {**self.world.app_environment(), **hurried, "AMICABLE_DATABASE_URL": database_url}
        self.house = House(settings_of(self.environment), serves_web=False)
        self.house.web()  # from it the engine's client learns the queues
        self.team = self.world.slack.workspace.team_id
        self.house.services.workspaces.welcome(self.team)
        self._owner = self.house.outside.directory.member(self.team, OLIVIA)
        self._confirm_destination()
        self._partings: dict[str, str] = {}

    @property
    def faults(self) -> Faults:
        return self.world.jira.faults if self.tracker == "jira" else self.world.trello.faults

    def open(self, tasks: int) -> None:
        """One more parting with so many tasks, as if somebody had clicked "Open"."""
        self.open_decided(self.decide(tasks))

    def open_decided(self, name: str) -> None:
        """As often as it is drawn anew meanwhile, as a person clicks again."""
        open_ = partial(self.house.services.previews.open, self.team, self._owner, self._partings[name])
        sheet = open_(revision=1)
        while sheet.parting.state is PartingState.PREPARING:
            sheet = open_(revision=sheet.parting.preview.revision)

    def decide(self, tasks: int) -> str:
        """One more parting with so many tasks, which nobody has opened yet; the client's name."""
        name = f"Client {len(self._partings) + 1}"
        self._partings[name] = self._told(name, tasks)
        return name

    def click_open(self, name: str, port: int) -> bool:
        """Olivia opens the tasks through the web process on this port; whether they are on their way by now."""
        olivia = self._agency.olivia
        self.world.slack.deliveries.target_url = f"http://127.0.0.1:{port}/slack/events"
        while olivia.view:
            olivia.close()
        olivia.command("/client", f"{name} parting")
        with suppress(NotThereError):  # the dialog did not come, or its button is gone because it was clicked before
            olivia.click(olivia.view or {}, "open_tickets")
        with suppress(UnavailableError), self.house.outside.units.read(self.team) as unit:
            return unit.partings.get(self._partings[name]).state is not PartingState.PREPARING
        return False

    def tickets(self) -> list[Ticket]:
        with self.house.outside.units.read(self.team) as unit:
            return [ticket for parting_id in self._partings.values() for ticket in unit.partings.tickets(parting_id)]

    def are_open(self) -> bool:
        """Whether every parting has its tickets, and each of them is there."""
        tickets = self.tickets()
        whole = {ticket.parting_id for ticket in tickets} == set(self._partings.values())
        return whole and all(ticket.state is TicketState.OPENED for ticket in tickets)

    def made(self) -> int:
        """How many tickets the tracker holds, parents included."""
        jira, trello = self.world.jira, self.world.trello
        return len(jira.issues) if self.tracker == "jira" else len(trello.lists) + len(trello.cards)

    def outcome(self) -> Outcome:
        """By what the tracker made, task by task and parent by parent: a double that we have marked is still one."""
        tasks = self.tickets()
        there = self._there()
        copies = Counter(there.values())
        return Outcome(
            wanted=len(tasks),
            lost=sum(copies[task.marker] == 0 for task in tasks),
            doubled=sum(copies[task.marker] > 1 for task in tasks),
            astray=sum(there.get(task.ref) != task.marker for task in tasks),
        )

    def close(self) -> None:
        self.house.close()
        self.world.stop()

    def _there(self) -> Mapping[str, str]:
        """The marker of everything that was ever made, by the tracker's own id."""
        cards = {card.id: card.born_as for card in self.world.trello.cards}
        cards |= {f"list:{each.id}": each.born_as for each in self.world.trello.lists}
        return {issue.id: issue.marker for issue in self.world.jira.issues} if self.tracker == "jira" else cards

    def _confirm_destination(self) -> None:
        place = self.house.outside.trackers[self.tracker].destination()
        people = [person.id for person in place.people]
        self.house.services.previews.confirm_destination(self.team, self._owner, place.id, people)

    def _told(self, name: str, tasks: int) -> str:
        client = self.house.services.clients.add(self.team, self._owner, NewClient(name=name, owner_id=OLIVIA))
        now = self.house.outside.clock.now()
        with self.house.outside.units.begin(self.team) as unit:
            client = replace(client, stage=Stage.TOLD)
            unit.clients.save(client)
            decision = Decision(
                id=f"de-{client.id}",
                workspace_id=self.team,
                client_id=client.id,
                origin=Origin.OURS,
                opened_at=now,
                opened_by=OLIVIA,
                confirmed_at=now,
            )
            unit.decisions.save(decision)
            parting = self.house.services.partings.begin(unit, decision, client, OLIVIA, now)
            preview = Preview(revision=1, tracker=self.tracker, tasks=_ticked(parting.preview.tasks, tasks))
            unit.partings.save(replace(parting, preview=preview, told_at=now, told_by=OLIVIA))
        return parting.id


def _ticked(proposed: Sequence[PlannedTask], count: int) -> tuple[PlannedTask, ...]:
    """So many of the proposed tasks: whatever else stood there would be gone at the click that opens them."""
    return tuple(replace(task, ticked=number < count) for number, task in enumerate(proposed))
