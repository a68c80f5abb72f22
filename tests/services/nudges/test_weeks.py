"""D13: eight stormy weeks of twelve people and thirty clients; never too much, never at night, nothing lost."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.agenda import SEND_NUDGES
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import NudgeState, Wishes

if TYPE_CHECKING:
    from rules.clients.people import Member
    from tests.services.nudges.conftest import Office

WEEKS = 8
PEOPLE = 12
CLIENTS = 30
ZONES = ("Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/St_Johns", "UTC")
KINDS = (
    NudgeKind.CONFIRMATION,
    NudgeKind.EARLY_FLAG,
    NudgeKind.MISSED_REPLY,
    NudgeKind.CHECK_IN,
    NudgeKind.LOOK_BACK,
    NudgeKind.DOUBLES,
    NudgeKind.UNMAPPED,
)
WEEK = timedelta(days=7)
STEP = timedelta(minutes=97)


class Storm:
    """Things become true and are settled, workers die, Slack is away for hours; `sent` is what reached phones."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office = office
        self.dice = random.Random(seed)  # noqa: S311 - repeatable chaos, not cryptography
        self.team = [office.hire(f"P{number:02}", timezone=ZONES[number % len(ZONES)]) for number in range(PEOPLE)]
        self.clients = [office.win(f"c{number}", f"P{number % PEOPLE:02}") for number in range(CLIENTS)]
        self.sent: dict[str, dict[str, datetime]] = defaultdict(dict)
        self.said: dict[str, set[str]] = defaultdict(set)
        self.raised: dict[str, set[str]] = defaultdict(set)
        self.slack_is_away_until = office.clock.moment

    def live(self) -> None:
        end = self.office.clock.moment + WEEKS * WEEK
        while self.office.clock.moment < end:
            self._happen()
            self._deliver()
            self.office.clock.moment += STEP

    def _happen(self) -> None:
        now, dice = self.office.clock.moment, self.dice
        if dice.random() < 0.02:
            self.slack_is_away_until = now + timedelta(hours=dice.uniform(1, 40))
        for _ in range(dice.choice((0, 0, 1, 2, 5))):
            client = dice.choice(self.clients)
            kind, subject = dice.choice(KINDS), f"{client.id}-{now:%d%H%M}-{dice.randrange(99)}"
            person = next(each for each in self.team if each.id == client.owner_id)
            self.office.tell(person, subject, kind=kind, client_id=client.id)
            self.raised[person.id].add(subject)
        for subjects in self.raised.values():
            for subject in sorted(subjects - self.office.over):
                if dice.random() < 0.01:
                    self.office.over.add(subject)

    def _deliver(self) -> None:
        """The sweep's work: whoever has something due is looked at, perhaps by two workers, of whom one may die."""
        now = self.office.clock.moment
        with self.office.units.house() as house:
            due = {row.subject for row in house.due(now, 500) if row.kind == SEND_NUDGES.kind}
        for person in (each for each in self.team if each.id in due):
            for _ in range(self.dice.choice((1, 1, 2))):
                bundle = self.office.nudges.open_bundle("T1", person)
                if bundle is None or now < self.slack_is_away_until:
                    continue
                # Slack takes a key once; after that this process may die before it has noted so.
                self.sent[person.id].setdefault(bundle.key, now)
                self.said[person.id] |= {said.nudge.subject for said in bundle.said}
                if self.dice.random() > 0.1:
                    self.office.nudges.sent("T1", person, bundle.key)


def test_eight_stormy_weeks_stay_quiet_and_lose_nothing(office: Office) -> None:
    """Reckoned by each person's own calendar, from what arrived."""
    storm = Storm(office, seed=11)
    evening = storm.team[0]
    office.wishes.save("T1", evening, Wishes(quiet_from=time(9), quiet_until=time(17), quiet_weekends=False))
    storm.live()
    moments = {person.id: sorted(storm.sent[person.id].values()) for person in storm.team}
    windows = [late - early for sent in moments.values() for early, late in zip(sent, sent[3:], strict=False)]
    at_night = [
        (person.id, at)
        for person in storm.team
        for at in moments[person.id]
        if (9 <= local(at, person).hour < 17 if person is evening else not working(local(at, person)))
    ]

    assert min(len(sent) for sent in moments.values()) >= WEEKS
    assert min(windows) >= WEEK
    assert at_night == []
    for person in storm.team:
        true = storm.raised[person.id] - office.over
        waiting = {known.subject for known in office.known(person) if known.state is not NudgeState.SENT}
        confirmations = {known.subject for known in office.known(person) if known.kind == NudgeKind.CONFIRMATION}
        assert true <= storm.said[person.id] | waiting
        assert office.home(person) == true - confirmations


def local(at: datetime, person: Member) -> datetime:
    return at.astimezone(UTC).astimezone(ZoneInfo(person.timezone))


def working(at: datetime) -> bool:
    return at.weekday() < 5 and 8 <= at.hour < 18
