"""Reactions by the thousand while the database goes away and processes are killed; Slack repeats what was refused.

Over HTTP and over connections of our own, which are cut as well.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

import sqlalchemy as sa

from bot.bootstrap.house import House
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
from tests.bench.measures import Measure
from tests.bench.outages import away
from tests.bench.processes import answers, settings_of
from tests.bench.tickets import QUICK
from tests.bench.workers import Workers
from tests.clocks import STARTS_AT

CHANNELS = (BIRCH, COBALT, NORTHWIND, VOLT)
EMOJI = "money_with_wings"
LANES = 64  # deliveries that may be under way at once
OUTAGE_BEGINS_AT = 0.25  # shares of the storm
KILLS_AT = (0.1, 0.5, 0.8)
CUTS_AT = (0.2, 0.65, 0.9)
WORKER, SOCKET = 0, 1
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
    over_sockets: bool = False


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """`refused` deliveries were repeated; `kept` events and live `notes` are what the database holds in the end.

    `forgotten` events were acknowledged, and are not there.
    """

    refused: int
    forgotten: int
    kept: int
    notes: int
    doubled: int
    seconds: float


def storms(databases: Databases) -> Iterator[Measure]:
    """As hard as it gets, and with Slack's own pauses before it repeats."""
    for kind in KINDS:
        yield from _measured(Storm(), databases, kind, f"a storm, {kind}")


def socket_storms(databases: Databases) -> Iterator[Measure]:
    """The same over Socket Mode, on the database that can really be away."""
    yield from _measured(Storm(over_sockets=True), databases, "postgresql", "a storm over sockets, postgresql")


def _measured(storm: Storm, databases: Databases, kind: str, name: str) -> Iterator[Measure]:
    with databases.fresh(kind) as url, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        after = rage(storm, url, Path(folder))
    yield Measure(name=f"events lost in {name}", value=storm.events - after.kept, at_most=0, more=asdict(after))
    yield Measure(name=f"acknowledged events lost in {name}", value=after.forgotten, at_most=0)
    yield Measure(name=f"notes lost in {name}", value=storm.events - after.notes, at_most=0)
    yield Measure(name=f"notes doubled in {name}", value=after.doubled, at_most=0)
    yield Measure(name=f"deliveries refused and repeated in {name}", value=after.refused)


def rage(storm: Storm, database_url: str, folder: Path) -> Aftermath:
    """Over HTTP two web processes behind a balancer that does not look, one worker, and each is killed once.

    Over sockets the one process that holds the connections and the worker, and both are killed three times.
    """
    world = World(folder / "clock", starts_at=STARTS_AT, retry_waits=storm.retry_waits)
    ports = () if storm.over_sockets else (free_port(), free_port())
    lanes = _lanes(storm, world, ports)
    Agency(world)
    world.serve()
    environment = {**world.app_environment(), **QUICK, "AMICABLE_DATABASE_URL": database_url}
    if storm.over_sockets:
        environment["AMICABLE_SLACK__APP_TOKEN"] = world.slack.workspace.app_token
    house = House(settings_of(environment), serves_web=False)
    try:
        house.web()  # from it the engine's client learns the queues
        _add_clients(house, world)
        messages = [_said(world, number) for number in range(storm.events)]
        with Workers(environment, folder / "app.log", ports=ports, sockets=int(storm.over_sockets)) as running:
            running.wait_for(lambda: _is_open(world, ports), READY_SECONDS)
            began = time.monotonic()
            takes_turns = cycle(lanes)
            world.slack.workspace.emit = lambda event: next(takes_turns).event(event)
            _let_go(storm, world, messages, running, database_url)
            for lane in lanes:
                lane.settle(PATIENCE_SECONDS, retries=True)
            if not _all_there(storm, house, world, running):
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
    kills = [began + share * lasts for share in KILLS_AT]
    with ThreadPoolExecutor(3) as beside:
        disasters = [beside.submit(_cut_off, began + OUTAGE_BEGINS_AT * lasts, storm.outage_seconds, database_url)]
        if storm.over_sockets:
            cuts = [began + share * lasts for share in CUTS_AT]
            disasters.append(beside.submit(_kill, kills, [(SOCKET, WORKER)] * len(kills), running))
            disasters.append(beside.submit(_cut_lines, cuts, world))
        else:
            disasters.append(beside.submit(_kill, kills, [(number,) for number in range(len(kills))], running))
        for number, message in enumerate(messages):
            _sleep_until(began + number / storm.per_second)
            reactions.put(world.slack.workspace, message, AMIR, EMOJI)
        for disaster in disasters:
            disaster.result()


def _cut_off(begins_at: float, seconds: float, database_url: str) -> None:
    _sleep_until(begins_at)
    with away(database_url):
        time.sleep(seconds)


def _kill(moments: Sequence[float], victims: Sequence[Sequence[int]], running: Workers) -> None:
    for moment, numbers in zip(moments, victims, strict=True):
        _sleep_until(moment)
        for number in numbers:
            running.kill(number)
        for number in numbers:
            running.restart(number)


def _cut_lines(moments: Sequence[float], world: World) -> None:
    for moment in moments:
        _sleep_until(moment)
        world.slack.deliveries.sockets.cut()


def _sleep_until(moment: float) -> None:
    time.sleep(max(moment - time.monotonic(), 0))


def _lanes(storm: Storm, world: World, ports: Sequence[int]) -> list[Deliveries]:
    """Over HTTP one beside the other; over sockets the one at whose other end the app's connections are."""
    if storm.over_sockets:
        world.slack.deliveries.at_once = LANES
        return [world.slack.deliveries]
    workspace = world.slack.workspace
    urls = [f"http://127.0.0.1:{port}/slack/events" for port, _ in zip(cycle(ports), range(LANES), strict=False)]
    return [Deliveries(workspace, url, storm.retry_waits) for url in urls]


def _is_open(world: World, ports: Sequence[int]) -> bool:
    return all(answers(port, "/health") for port in ports) if ports else world.slack.deliveries.sockets.connected > 1


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


def _all_there(storm: Storm, house: House, world: World, running: Workers) -> bool:
    """Waits as long as notes still come, and a while longer."""
    before = -1
    while (now := _live(house, world)) > before:
        if running.wait_for(lambda: _live(house, world) >= storm.events, LEFT_ALONE_SECONDS):
            return True
        before = now
    return False


def _live(house: House, world: World) -> int:
    """How many notes count; none while nobody can say."""
    try:
        with house.outside.units.read(world.slack.workspace.team_id) as unit:
            return unit.signals.count_live()
    except UnavailableError:
        return 0


def _aftermath(house: House, world: World, lanes: Sequence[Deliveries], seconds: float) -> Aftermath:
    with house.outside.engine.connect() as connection:
        inbox = tables.inbox.c
        kept = {*connection.scalars(sa.select(inbox.event_id).where(inbox.type == "reaction_added"))}
        per_message = connection.scalars(sa.select(tables.signals.c.message_ts)).all()
    sent = [each for lane in lanes for each in lane.log]
    told = [json.loads(each.body) for each in sent if not each.ack.trouble]
    acknowledged = {each["event_id"] for each in told if each["event"]["type"] == "reaction_added"}
    return Aftermath(
        refused=sum(bool(each.ack.trouble) for each in sent),
        forgotten=len(acknowledged - kept),
        kept=len(kept),
        notes=_live(house, world),
        doubled=len(per_message) - len(set(per_message)),
        seconds=seconds,
    )
