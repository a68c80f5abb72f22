"""An agency of 18 people and 60 clients, and what is true of each client, whatever anybody notes.

A bad client is one with whom something goes wrong on every working day and who pays a month late; a middling one gives
cause to grumble twice a week and pays a week late; a fine one twice a month. Half of the team is there when it happens,
and who is there logs it or lets it pass, so that about half of all that happens is ever known. A seed draws the rest.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import holidays

SEED: Final = 14
AMSTERDAM, NEW_YORK = "Europe/Amsterdam", "America/New_York"
OWNER, OPERATIONS = "U0OLIVIA", "U0MARC"


class Truth(StrEnum):
    """How it really is to work with a client."""

    BAD = "bad"
    MIDDLING = "middling"
    FINE = "fine"


class Neglect(StrEnum):
    """What somebody leaves undone on purpose."""

    NONE = "none"
    FORGOTTEN_PLAN = "forgotten plan"
    MISSED_PROMISE = "missed promise"
    NOBODY_ACTS = "at amend, and its owner does not act"
    SILENT_TERM = "silent term"
    STUCK_LETTER = "stuck letter"
    NOBODY_LOGS = "nobody logs"


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that happens with a client: what people type about it, and the reaction that stands for it."""

    words: tuple[str, ...]
    emoji: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How many happen on a working day, and how many days after their due day they pay: at least, at most."""

    trouble: float
    praise: float
    own_miss: float
    pays: tuple[int, int]


RATES: Final[Mapping[Truth, Rates]] = MappingProxyType(
    {
        Truth.BAD: Rates(trouble=1.0, praise=0.05, own_miss=0.04, pays=(21, 42)),
        Truth.MIDDLING: Rates(trouble=0.4, praise=0.08, own_miss=0.04, pays=(0, 12)),
        Truth.FINE: Rates(trouble=0.1, praise=0.1, own_miss=0.04, pays=(-6, 2)),
    }
)
SMALL = (
    Kind(("took six days to answer a simple question", "slow to reply again, three reminders"), "snail"),
    Kind(("came unprepared to the call", "nobody had read the brief before the meeting"), "jigsaw"),
    Kind(("called on Thursday and wants it on Friday", "yet another rush job, due tomorrow"), "stopwatch"),
)
MILD = (
    *SMALL,
    Kind(("asked for a discount again", "says another agency is cheaper"), "coin"),
    Kind(("cannot decide on a plan", "put the kick-off off once more"), "fog"),
)
HEAVY = (
    Kind(("paid the invoice three weeks late", "the March invoice is unpaid again"), "money_with_wings"),
    Kind(("did not keep what we agreed about feedback rounds", "broke our deal on who delivers the texts")),
    Kind(("talked over our designer and rolled his eyes", "was rude to the team in the review")),
    Kind(("wants the whole site redone by Monday for free", "demands the impossible, twice the scope"), "elephant"),
    Kind(("rings at eleven at night", "calls ten times a day instead of using the channel"), "telephone_receiver"),
    Kind(("rejected our advice for the fourth time", "will not take our recommendation"), "no_entry_sign"),
    *SMALL,
)
TROUBLE: Final[Mapping[Truth, tuple[Kind, ...]]] = MappingProxyType(
    {Truth.BAD: HEAVY, Truth.MIDDLING: MILD, Truth.FINE: SMALL}
)
PRAISE = (
    Kind(("thanked the whole team for the launch", "a lovely note about the new pages"), "sunflower"),
    Kind(("gave clear and quick feedback", "sent everything a week early")),
    Kind(("paid on the day", "paid early once more")),
)
OWN_MISSES = ("we missed our own deadline by two days", "we forgot to send the minutes", "we sent the wrong file")
VAGUE = ("hmm", "odd call today", "something is off")

_PEOPLE = (
    ("Olivia Marsh", AMSTERDAM),
    ("Marc Visser", AMSTERDAM),
    ("Amir Haddad", AMSTERDAM),
    ("Dana Kowalski", NEW_YORK),
    ("Priya Nair", AMSTERDAM),
    ("Jonas Brandt", AMSTERDAM),
    ("Grace Okafor", NEW_YORK),
    ("Noor Bakker", AMSTERDAM),
    ("Tom Reyes", NEW_YORK),
    ("Lucia Moretti", AMSTERDAM),
    ("Sven Lindqvist", AMSTERDAM),
    ("Mei Tanaka", NEW_YORK),
    ("Hugo Petit", AMSTERDAM),
    ("Ines Duarte", AMSTERDAM),
    ("Kofi Mensah", NEW_YORK),
    ("Lena Fischer", AMSTERDAM),
    ("Raj Patel", NEW_YORK),
    ("Zoe Adams", AMSTERDAM),
)
_LEADS = slice(2, 7)
_CLIENTS = (
    "Alder Books", "Bluewater Ferries", "Copperleaf", "Driftwood Hotels", "Eastgate Dental", "Fennel Kitchen",
    "Granite Law", "Hawthorn School", "Ironbridge", "Juniper Health", "Kestrel Airlines", "Larkspur Travel",
    "Meadowbank", "Nightjar Coffee", "Oakfield Housing", "Pemberton", "Quillpress", "Redwood Insurance",
    "Saltmarsh Brewery", "Thornbury", "Umber Studio", "Velvet Moon", "Willow Care", "Xylem Water", "Yarrow Farms",
    "Zephyr Bikes", "Amberline", "Brightside Solar", "Castlegate", "Dunmore Foods", "Elmhurst Museum", "Foxglove",
    "Greenhill Energy", "Harrow Tools", "Inkwell Press", "Jasper Jewellers", "Kingsway Theatre", "Limestone Capital",
    "Mulberry Toys", "Northstar Freight", "Orchard Nursery", "Pinewood Sauna", "Quarry Stone", "Riverside Clinic",
    "Sandpiper", "Tidewater Legal", "Upland Wool", "Verdant Gardens", "Westerly Sails", "Yellowstone Pizza",
    "Zinnia Florists", "Ashcombe", "Birchall Audio", "Cobblestone Tours", "Dovetail Joinery", "Emberglow", "Fairhaven",
    "Goldfinch Games", "Hollybush", "Ivory Tower",
)  # fmt: skip
_BAD, _MIDDLING = 5, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of the agency. Of what they notice they log the share `diligence`; `away` is their week off."""

    id: str
    name: str
    zone: str
    diligence: float
    away: date

    @property
    def country(self) -> str:
        return "US" if self.zone == NEW_YORK else "NL"

    def works_on(self, day: date) -> bool:
        is_holiday = day in holidays.country_holidays(self.country, years=day.year)
        return day.weekday() < 5 and not is_holiday and not self.away <= day < self.away + timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A client as it really is. `team` begins with its owner."""

    name: str
    channel_id: str
    truth: Truth
    team: tuple[Colleague, ...]
    neglect: Neglect = Neglect.NONE

    @property
    def owner(self) -> Colleague:
        return self.team[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened that day, and who logs it: the first one says it in the channel, the others react."""

    relation: Relation
    kind: str
    words: str
    emoji: str
    by: tuple[Colleague, ...]
    is_said: bool = field(default=False)


def colleagues(starts_on: date) -> list[Colleague]:
    dice = random.Random(SEED)  # noqa: S311 - repeatable behaviour, not cryptography
    return [
        Colleague(
            id=f"U0{name.split()[0].upper()}",
            name=name,
            zone=zone,
            diligence=dice.choice((0.2, 0.4, 0.4, 0.7)),
            away=starts_on + timedelta(days=7 * dice.randrange(2, 12) - starts_on.weekday()),
        )
        for name, zone in _PEOPLE
    ]


def relations(people: Sequence[Colleague]) -> list[Relation]:
    """Each neglect has a client of its own; three are bad ones, the others are fine or middling."""
    dice = random.Random(SEED + 1)  # noqa: S311 - as above
    leads, makers = people[_LEADS], people[_LEADS.stop :]
    order = dice.sample(range(len(_CLIENTS)), len(_CLIENTS))
    truths = {
        place: Truth.BAD if rank < _BAD else Truth.MIDDLING for rank, place in enumerate(order[: _BAD + _MIDDLING])
    }
    planted = {
        order[0]: Neglect.FORGOTTEN_PLAN,
        order[1]: Neglect.MISSED_PROMISE,
        order[2]: Neglect.NOBODY_ACTS,
        order[_BAD + _MIDDLING]: Neglect.SILENT_TERM,
        order[_BAD]: Neglect.STUCK_LETTER,
        order[-1]: Neglect.NOBODY_LOGS,
    }
    return [
        Relation(
            name=name,
            channel_id=f"C0{place:08}",
            truth=truths.get(place, Truth.FINE),
            team=(leads[place % len(leads)], *dice.sample(makers, dice.choice((2, 3, 3, 4)))),
            neglect=planted.get(place, Neglect.NONE),
        )
        for place, name in enumerate(_CLIENTS)
    ]


def happenings(relation: Relation, day: date) -> list[Happening]:
    """What happens with this client on that day and is logged by somebody: the same in every life."""
    if relation.neglect is Neglect.NOBODY_LOGS:
        return []
    dice = random.Random(f"{SEED}:{relation.name}:{day}")  # noqa: S311 - as above
    rates = RATES[relation.truth]
    found: list[Happening] = []
    for kind, rate in (("trouble", rates.trouble), ("praise", rates.praise), ("miss", rates.own_miss)):
        if dice.random() < rate:
            found += _noticed(relation, day, kind, dice)
    return found


def invoices(relation: Relation, starts_on: date) -> list[tuple[date, date]]:
    """(due, paid) of one invoice a month, from the one before the quarter on."""
    dice = random.Random(f"{SEED}:{relation.name}:money")  # noqa: S311 - as above
    months = [starts_on.replace(day=15) + timedelta(days=30 * number) for number in range(-1, 3)]
    due_days = [month.replace(day=15) for month in months]
    return [(due, due + timedelta(days=dice.randint(*RATES[relation.truth].pays))) for due in due_days]


def _noticed(relation: Relation, day: date, kind: str, dice: random.Random) -> list[Happening]:
    """Half of the team is there when it happens, and each of them logs it or lets it pass."""
    there = [each for each in relation.team if each.works_on(day) and dice.random() < 0.5]
    logging = tuple(each for each in there if dice.random() < each.diligence)
    if not logging:
        return []
    if kind == "miss":
        return [Happening(relation=relation, kind=kind, words=dice.choice(OWN_MISSES), emoji="", by=logging[:1])]
    what = dice.choice(PRAISE if kind == "praise" else TROUBLE[relation.truth])
    words = dice.choice(VAGUE) if dice.random() < 0.04 else dice.choice(what.words)
    is_said = bool(what.emoji) and dice.random() < 0.5
    return [Happening(relation=relation, kind=kind, words=words, emoji=what.emoji, by=logging, is_said=is_said)]
