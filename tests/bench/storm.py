"""Reactions by the thousand while the database goes away and processes are killed; Slack repeats what was refused."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

import sqlalchemy as sa

from bot.bootstrap import House
from bot.jobs.sweep import HANDLED_AGAIN_AFTER
from bot.services.clients.clients import NewClient
from integrations.database import tables
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, NORTHWIND, OLIVIA, VOLT, Agency
from integrations.sandbox.processes import free_port
from integrations.sandbox.slack.api import reactions
from integrations.sandbox.slack.deliveries import RETRY_WAITS, Deliveries
from integrations.sandbox.slack.workspace import Message
from integrations.sandbox.world import World
from rules.errors import UnavailableError
from tests.bench.databases import KINDS, Databases
from tests.bench.exits import QUICK
from tests.bench.measures import Measure
from tests.bench.outages import away
from tests.bench.processes import answers, settings_of
from tests.bench.workers import Workers
from tests.clocks import STARTS_AT

CHANNELS = (BIRCH, COBALT, NORTHWIND, VOLT)
EMOJI = "money_with_wings"
LANES = 64  # deliveries that may be under way at once
OUTAGE_BEGINS_AT = 0.25  # shares of the storm
KILLS_AT = (0.1, 0.5, 0.8)
PATIENCE_SECONDS = 420.0
READY_SECONDS = 60.0
LEFT_ALONE_SECONDS = 20.0


@dataclass(frozen=True, kw_only=True)
class Storm:
    """What is thrown at the app."""

    events: int = 1000
    per_second: float = 50.0
    outage_seconds: float = 10.0
    retry_waits: Sequence[float] = RETRY_WAITS


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """`refused` deliveries were repeated; `kept` events and live `notes` are what the database holds in the end."""

    refused: int
    kept: int
    notes: int
    doubled: int
    seconds: float


def storms(databases: Databases) -> Iterator[Measure]:
    """As hard as it gets, and with Slack's own pauses before it repeats."""
    for kind in KINDS:
        with databases.fresh(kind) as url, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            after = rage(Storm(), url, Path(folder))
        more = asdict(after)
        yield Measure(name=f"events lost in a storm, {kind}", value=Storm.events - after.kept, at_most=0, more=more)
        yield Measure(name=f"notes lost in a storm, {kind}", value=Storm.events - after.notes, at_most=0)
        yield Measure(name=f"notes doubled in a storm, {kind}", value=after.doubled, at_most=0)
        yield Measure(name=f"deliveries refused and repeated, {kind}", value=after.refused)


def rage(storm: Storm, database_url: str, folder: Path) -> Aftermath:
    """Two web processes behind a balancer that does not look, one worker; every process is killed once."""
    world = World(folder / "clock", starts_at=STARTS_AT, retry_waits=storm.retry_waits)
    Agency(world)
    world.serve()
    ports = (free_port(), free_port())
    environment = {**world.app_environment(), **QUICK, "AMICABLE_DATABASE_URL": database_url}
    lanes = [_lane(world, port, storm.retry_waits) for port, _ in zip(cycle(ports), range(LANES), strict=False)]
    house = House(settings_of(environment), serves_web=False)
    try:
        house.web()  # from it the engine's client learns the queues
        _add_clients(house, world)
        messages = [_said(world, number) for number in range(storm.events)]
        with Workers(environment, folder / "app.log", count=1, ports=ports) as running:
            running.wait_for(lambda: all(answers(port, "/health") for port in ports), READY_SECONDS)
            began = time.monotonic()
            takes_turns = cycle(lanes)
            world.slack.workspace.emit = lambda event: next(takes_turns).event(event)
            _let_go(storm, world, messages, running, database_url)
            for lane in lanes:
                lane.settle(PATIENCE_SECONDS, retries=True)
            if not running.wait_for(lambda: _live(house, world) >= storm.events, LEFT_ALONE_SECONDS):
                # What the outage tore out of the worker's hands is handed out again some minutes later.
                world.move_clock(2 * HANDLED_AGAIN_AFTER)
                house.outside.jobs.run_sweep(house.outside.clock.now())
                running.wait_for(lambda: _live(house, world) >= storm.events, PATIENCE_SECONDS)
            seconds = time.monotonic() - began
        return _aftermath(house, world, lanes, seconds)
    finally:
        for lane in lanes:
            lane.stop()
        house.close()
        world.stop()


def _let_go(storm: Storm, world: World, messages: Sequence[Message], running: Workers, database_url: str) -> None:
    began, lasts = time.monotonic(), storm.events / storm.per_second
    with ThreadPoolExecutor(2) as beside:
        disasters = [
            beside.submit(_cut_off, began + OUTAGE_BEGINS_AT * lasts, storm.outage_seconds, database_url),
            beside.submit(_kill_each, [began + share * lasts for share in KILLS_AT], running),
        ]
        for number, message in enumerate(messages):
            _sleep_until(began + number / storm.per_second)
            reactions.put(world.slack.workspace, message, AMIR, EMOJI)
        for disaster in disasters:
            disaster.result()


def _cut_off(begins_at: float, seconds: float, database_url: str) -> None:
    _sleep_until(begins_at)
    with away(database_url):
        time.sleep(seconds)


def _kill_each(moments: Sequence[float], running: Workers) -> None:
    for number, moment in enumerate(moments):
        _sleep_until(moment)
        running.kill(number)
        running.restart(number)


def _sleep_until(moment: float) -> None:
    time.sleep(max(moment - time.monotonic(), 0))


def _lane(world: World, port: int, retry_waits: Sequence[float]) -> Deliveries:
    return Deliveries(world.slack.workspace, f"http://127.0.0.1:{port}/slack/events", retry_waits)


def _add_clients(house: House, world: World) -> None:
    team = world.slack.workspace.team_id
    house.services.workspaces.welcome(team)
    owner = house.outside.directory.member(team, OLIVIA)
    for channel in CHANNELS:
        house.services.clients.add(team, owner, NewClient(name=channel, channel_id=channel, owner_id=OLIVIA))


def _said(world: World, number: int) -> Message:
    workspace = world.slack.workspace
    channel = CHANNELS[number % len(CHANNELS)]
    return workspace.keep(Message(channel_id=channel, ts=workspace.new_ts(), user_id=AMIR, text=f"Message {number}"))


def _live(house: House, world: World) -> int:
    """How many notes count; none while nobody can say."""
    try:
        with house.outside.units.read(world.slack.workspace.team_id) as unit:
            return unit.signals.count_live()
    except UnavailableError:
        return 0


def _aftermath(house: House, world: World, lanes: Sequence[Deliveries], seconds: float) -> Aftermath:
    with house.outside.engine.connect() as connection:
        kept = connection.execute(sa.select(sa.func.count()).select_from(tables.inbox)).scalar_one()
        per_message = connection.scalars(sa.select(tables.signals.c.message_ts)).all()
    return Aftermath(
        refused=sum(bool(sent.ack.trouble) for lane in lanes for sent in lane.log),
        kept=kept,
        notes=_live(house, world),
        doubled=len(per_message) - len(set(per_message)),
        seconds=seconds,
    )
