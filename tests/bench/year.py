"""A simulated year of digests: real workers, a clock that leaps, and everything that goes wrong on the way.

40 channels in 12 time zones, some of them at local times that a change of the clocks skips or repeats. Workers are
killed, Slack's answers get lost, everything is away for hours and for days, the clock is set back. Every digest has to
be there once, never early, and a late one has to say so; what an outage left no time for is skipped.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.bootstrap.house import House
from bot.services.capture.notes import NewNote
from bot.services.clients.clients import NewClient
from integrations.sandbox.agency import AMIR, BIRCH, DANA, OLIVIA, Agency
from integrations.sandbox.faults import Fault
from integrations.sandbox.world import World
from rules.clients.client import Client
from rules.health.digest import SKIPPED_BEFORE_NEXT, digest_key
from rules.health.signal import Severity, Source
from rules.ports import DigestChannel, Due
from tests.bench.databases import KINDS, Databases
from tests.bench.measures import Measure
from tests.bench.processes import settings_of
from tests.bench.tickets import QUICK
from tests.bench.workers import Workers

WORKERS = 3
PATIENCE_SECONDS = 240.0
CHANNELS = 40
ON_TIME = timedelta(hours=1)
HARD = timedelta(minutes=25)  # one more try, and the clock's leaps
ZONES = (
    "UTC",
    "Europe/Amsterdam",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Africa/Cairo",
)
MONDAY, FRIDAY, SUNDAY = 0, 4, 6
# Half past one and half past two on a Sunday are skipped or repeated where the clocks change.
TIMES = ((MONDAY, time(9)), (SUNDAY, time(2, 30)), (SUNDAY, time(1, 30)), (MONDAY, time(9)), (FRIDAY, time(16, 45)))
LONG_DECK = {"none": 180, "kill": 4, "lost answers": 9, "hours": 3, "days": 1, "clock back": 3, "slack away": 2}
SHORT_DECK = {"none": 10, "kill": 1, "lost answers": 1, "hours": 1, "days": 1, "clock back": 1, "slack away": 1}


@dataclass(frozen=True, slots=True)
class Posted:
    """A digest as it stands in Slack."""

    at: datetime
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`stale`: early, late without a word, or so late that the next one was near; `skipped` had no chance."""

    due: int
    posted: int
    late: int
    skipped: int
    missing: int
    doubled: int
    stale: int

    @property
    def is_exact(self) -> bool:
        return self.missing == self.doubled == self.stale == 0


class Year:
    """The agency, its channels, and a dice for the troubles."""

    def __init__(
        self, folder: Path, database_url: str, *, starts_on: date, channels: int, deck: Mapping[str, int]
    ) -> None:
        """`deck` is how many cards of each trouble are shuffled; one is drawn for each step."""
        self.world = World(folder / "clock", starts_at=datetime.combine(starts_on, time(8), UTC))
        self._dice = random.Random(5)  # noqa: S311 - repeatable chaos, not cryptography
        self._cards = deck
        self._agency = Agency(self.world)
        self.world.serve()
        self.environment = {**self.world.app_environment(), **QUICK, "AMICABLE_DATABASE_URL": database_url}
        self.house = House(settings_of(self.environment), serves_web=False)
        self.house.web()  # from it the engine's client learns the queues
        self.team = self.world.slack.workspace.team_id
        self.house.services.workspaces.welcome(self.team)
        self._owner = self.house.outside.directory.member(self.team, OLIVIA)
        self._clients = [self._add_client(number) for number in range(5)]
        self.channels = [self._add_channel(number) for number in range(channels)]
        self._began = self.world.now()
        self._calm: list[datetime] = []
        self._deck: list[str] = []
        self.troubles: Counter[str] = Counter()

    def live(self, workers: Workers, weeks: int) -> None:
        """Goes from one due digest to the next until the weeks are over."""
        end = self._began + timedelta(weeks=weeks)
        while self.world.now() < end:
            self._step(workers)
        self.end = self.world.now()

    def outcome(self) -> Outcome:
        posted = self._posted()
        counts: Counter[str] = Counter()
        for channel in self.channels:
            for due_at, next_at in pairwise(self._schedule(channel)):
                key = digest_key(self.team, channel.channel_id, due_at.astimezone(ZoneInfo(channel.timezone)).date())
                counts[self._judged(due_at, next_at, posted.pop(key, []))] += 1
                counts["due"] += 1
        stray = sum(not self._is_last(key) for key in posted)
        return Outcome(
            due=counts["due"],
            posted=counts["posted"] + counts["late"],
            late=counts["late"],
            skipped=counts["skipped"],
            missing=counts["missing"],
            doubled=counts["doubled"] + stray,
            stale=counts["stale"],
        )

    def close(self) -> None:
        self.house.close()
        self.world.stop()

    # --- one step ---

    def _step(self, workers: Workers) -> None:
        trouble = self._next_trouble()
        self.troubles[trouble] += 1
        self._leap(trouble)
        if trouble == "lost answers":
            self.world.slack.faults.sometimes(Fault.LOSE_ANSWER, 0.3)
        if trouble == "slack away":
            self.world.slack.faults.sometimes(Fault.RATE_LIMIT, 1)
        self.house.outside.jobs.run_sweep(self.world.now(), timeout_seconds=PATIENCE_SECONDS)
        if trouble == "kill":
            number = self._dice.randrange(WORKERS)
            workers.kill(number)
            workers.restart(number)
        self.house.outside.jobs.idle(timeout_seconds=PATIENCE_SECONDS)
        self.world.slack.faults.clear()
        if trouble in {"none", "hours", "days"}:
            self._calm.append(self.world.now())
        if self._dice.random() < 1 / CHANNELS:
            self._log_note()

    def _next_trouble(self) -> str:
        """From a shuffled deck, so that each trouble comes again and again."""
        if not self._deck:
            self._deck = [name for name, cards in self._cards.items() for _ in range(cards)]
            self._dice.shuffle(self._deck)
        return self._deck.pop()

    def _leap(self, trouble: str) -> None:
        """To the next due digest, a little late; an outage is time in which nobody sweeps."""
        late = timedelta(seconds=self._dice.uniform(1, 3300))
        outage = {
            "hours": timedelta(hours=self._dice.uniform(2, 30)),
            "days": timedelta(days=self._dice.uniform(1, 12)),
        }
        if trouble == "clock back":
            self.world.move_clock(-timedelta(minutes=20))
            return
        forward = max(self._next_due() - self.world.now(), timedelta()) + late
        self.world.move_clock(forward + outage.get(trouble, timedelta()))

    def _next_due(self) -> datetime:
        with self.house.outside.units.house() as house:
            dues: list[Due] = house.due(self.world.now() + timedelta(days=9), 500)
        return min(due.due_at for due in dues if due.kind == "digest")

    def _log_note(self) -> None:
        client = self._dice.choice(self._clients)
        new = self._new_note(client)
        self.house.services.capture.log(self.team, self._owner, new)

    def _new_note(self, client: Client) -> NewNote:
        types = self.house.outside.catalogue.types.values()
        type_ = self._dice.choice([each.code for each in types if not each.after_plan])
        return NewNote(
            client_id=client.id,
            type=type_,
            severity=self._dice.choice(list(Severity)),
            source=Source.COMMAND,
            happened_at=self.world.now(),
            note="Noted on the way.",
            once=f"{self.world.now().timestamp()}",
        )

    # --- judging ---

    def _judged(self, due_at: datetime, next_at: datetime, posted: list[Posted]) -> str:
        last_chance = next_at - SKIPPED_BEFORE_NEXT
        if not posted:
            had_time = any(due_at + HARD <= calm <= last_chance - HARD for calm in self._calm)
            return "missing" if had_time else "skipped"
        if len(posted) > 1:
            return "doubled"
        (only,) = posted
        too_late = only.at > last_chance + HARD
        unsaid = only.at > due_at + ON_TIME + HARD and not only.is_late
        if only.at < due_at - timedelta(seconds=1) or too_late or unsaid:
            return "stale"
        return "late" if only.is_late else "posted"

    def _posted(self) -> dict[str, list[Posted]]:
        found: dict[str, list[Posted]] = defaultdict(list)
        for channel in self.channels:
            for message in self.world.slack.messages(channel.channel_id):
                key = ((message.metadata or {}).get("event_payload") or {}).get("key", "")
                at = datetime.fromtimestamp(float(message.ts), UTC)
                found[key].append(Posted(at, "Late: due" in self.world.slack.text_of(message)))
        return found

    def _schedule(self, channel: DigestChannel) -> list[datetime]:
        """Reckoned by the calendar alone, so that nothing of the code under trial judges itself."""
        zone = ZoneInfo(channel.timezone)
        first = self._began.astimezone(zone).date()
        days = (first + timedelta(days=number) for number in range((self.end - self._began).days + 2))
        at = time(channel.hour, channel.minute)
        due = (datetime.combine(day, at, zone).astimezone(UTC) for day in days if day.weekday() == channel.weekday)
        return [moment for moment in due if self._began < moment <= self.end]

    def _is_last(self, key: str) -> bool:
        """The digest whose next one is not due before the end: it may or may not be there."""
        last = {
            digest_key(self.team, channel.channel_id, schedule[-1].astimezone(ZoneInfo(channel.timezone)).date())
            for channel in self.channels
            if (schedule := self._schedule(channel))
        }
        return key in last

    # --- the agency ---

    def _add_client(self, number: int) -> Client:
        asked = NewClient(name=f"Client {number}", channel_id=BIRCH if number == 0 else "", owner_id=OLIVIA)
        return self.house.services.clients.add(self.team, self._owner, asked)

    def _add_channel(self, number: int) -> DigestChannel:
        channel_id = f"C0YEAR{number:03}"
        reader = f"U0YEAR{number:03}"  # channels with the very same people would get one digest between them
        self.world.slack.add_person(reader, f"reader-{number}")
        self.world.slack.add_channel(channel_id, f"year-{number}", (OLIVIA, AMIR, DANA, reader))
        weekday, at = TIMES[number % len(TIMES)]
        weekly = DigestChannel(
            workspace_id=self.team,
            channel_id=channel_id,
            weekday=weekday,
            hour=at.hour,
            minute=at.minute,
            timezone=ZONES[number % len(ZONES)],
        )
        self.house.services.digests.configure(self.team, self._owner, weekly)
        return weekly


def year(databases: Databases, weeks: int) -> Iterator[Measure]:
    """On SQLite and on PostgreSQL, from a winter into the next."""
    for kind in KINDS:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="amicable-year-")))
            url = stack.enter_context(databases.fresh(kind))
            lived = Year(folder, url, starts_on=date(2027, 1, 4), channels=CHANNELS, deck=LONG_DECK)
            stack.callback(lived.close)
            workers = stack.enter_context(Workers(lived.environment, folder / "workers.log", WORKERS))
            lived.live(workers, weeks)
            found = lived.outcome()
        more = {"troubles": dict(lived.troubles), "due": found.due, "late": found.late, "skipped": found.skipped}
        for name in ("missing", "doubled", "stale"):
            value = getattr(found, name)
            yield Measure(name=f"digests of {weeks} weeks {name}, {kind}", value=value, at_most=0, more=more)
