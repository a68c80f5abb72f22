"""Amir, who parts from a client and knows no shortcut: he presses what stands beside whatever is missing.

A walk begins with `/client add` and ends with a closed parting. Which optional fields he fills in is its `filled`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, product
from random import Random
from typing import Any

from rules.clients.stages import Origin
from tests.scenarios.second_readers import approve

ORIGIN = "origin"
CANDIDATES = 60
WRITING = ("submit_letter", "draft_letter")
Pair = frozenset[tuple[str, Any]]
# What stands in an optional field that is not left empty; `on` counts days from the day on which the walk began.
FILLED: Mapping[str, Any] = {
    "form_add_client.aliases": "The {name} people",
    "form_add_client.channel": None,
    "form_add_client.contact_name": "Jo Elm",
    "form_add_client.contact_email": "jo@elm.example",
    "form_add_client.client_since": timedelta(days=-2000),
    "form_add_client.revenue_share": "10",
    "form_consider.told_us_on": timedelta(days=-1),
    "form_contract.notice_length": "1",
    "form_contract.to_month_end": ["yes"],
    "form_contract.ends_on": timedelta(days=75),
    "form_contract.clause": "9.2 Either party may end this agreement in writing.",
    "form_contract.country": "ES-CT",
    "form_decide.confirmer": "Olivia Marsh",
    "form_talk.points": "It no longer suits us, and we want to say so ourselves.",
    "form_talk.rehearsed": ["rehearsed"],
    "form_terms.deliverables": "{later} Spring campaign",
    "form_terms.referrals": "Studio Lund, Malmö",
    "form_contacts.first_name": "Jo",
    "form_contacts.title": "Dr",
    "form_contacts.contact_email": "jo@elm.example",
    "form_contacts.copies": "max@elm.example",
    "form_deliverable.note": "Half of it is done.",
    "form_close.team_word": None,
    "form_retro.missed": "We saw it late.",
    "form_retro.worked": "We said it early.",
    "form_retro.ask_next": "Who decides on your side?",
}
# One choice of two, and questions that have an answer already: to leave these as they are is to answer them.
ANSWERED = {
    "form_consider.ends_on",
    "form_contract.clause_silent",
    "form_terms.nothing_to_finish",
    "form_terms.amounts_owed",
    "form_deliverable.owner",
    "form_deliverable.because",
    "form_belonging.waits",
    "form_letter_sent.although_late",
}
# What is still open between us when the close is asked for: listed on the way, settled by the buttons of the close.
OPEN = ("sum", "thing", "item")


@dataclass(frozen=True)
class Route:
    """A parting to walk: whose step it is, and the optional fields that are filled in. All others stay empty."""

    origin: Origin
    filled: frozenset[str]

    def __str__(self) -> str:
        return f"{self.origin.value} with {', '.join(sorted(self.filled)) or 'nothing optional'}"


def routes(fields: Sequence[str]) -> list[Route]:
    """A small set in which every two fields meet filled and empty, each with every origin.

    Of some rows, each made greedily in another order of the fields, the one is taken in which most pairs meet that
    have not met yet. The order is shuffled, but always alike.
    """
    factors: dict[str, tuple[Any, ...]] = {ORIGIN: tuple(Origin)} | dict.fromkeys(fields, (False, True))
    chance = Random(0)  # noqa: S311 - a shuffled order, no secret
    left = {
        frozenset({(one, value), (other, another)})
        for one, other in combinations(factors, 2)
        for value, another in product(factors[one], factors[other])
    }
    found = []
    while left:
        ordered = sorted(left, key=lambda pair: sorted(map(repr, pair)))
        rows = [_row(factors, left, chance.choice(ordered), chance) for _ in range(CANDIDATES)]
        best = max(rows, key=lambda row: len(left & _pairs(row)))
        left -= _pairs(best)
        found.append(Route(best[ORIGIN], frozenset(each for each in fields if best[each])))
    return found


def _row(factors: Mapping[str, tuple[Any, ...]], left: Collection[Pair], first: Pair, chance: Random) -> dict[str, Any]:
    row: dict[str, Any] = dict(first)
    for factor in chance.sample(sorted(factors), len(factors)):
        if factor not in row:
            values = chance.sample(factors[factor], len(factors[factor]))
            met = [_met(left, row, (factor, value)) for value in values]
            row[factor] = values[met.index(max(met))]
    return row


def _pairs(row: Mapping[str, Any]) -> set[Pair]:
    return {frozenset(pair) for pair in combinations(row.items(), 2)}


def _met(left: Collection[Pair], row: Mapping[str, Any], new: tuple[str, Any]) -> int:
    return sum(frozenset({known, new}) in left for known in row.items())


def every_route(decisive: Sequence[str], screens: Sequence[Sequence[str]]) -> list[Route]:
    """With every origin the whole product of the `decisive` fields, and in the same rows that of each screen's fields.

    Rows that are alike in what a screen shares with the decisive fields share out its other fields' product, shuffled,
    but always alike. That takes room: a screen has no more combinations than the decisive fields.
    """
    chance = Random(0)  # noqa: S311 - a shuffled order, no secret
    found = []
    for origin in Origin:
        rows = [dict(zip(decisive, chosen, strict=True)) for chosen in product((False, True), repeat=len(decisive))]
        for screen in screens:
            _share_out(rows, screen, chance)
        found.append([Route(origin, frozenset(each for each in row if row[each])) for row in rows])
    # In turn, so that a part of them has every origin, and so every form.
    return [way for together in zip(*found, strict=True) for way in together]


def _share_out(rows: Sequence[dict[str, bool]], screen: Sequence[str], chance: Random) -> None:
    """Gives each row a value for each field of the screen that it has none for yet."""
    known = [each for each in screen if each in rows[0]]
    others = [each for each in screen if each not in rows[0]]
    for values in product((False, True), repeat=len(known)):
        alike = [row for row in rows if tuple(row[each] for each in known) == values]
        choices = list(product((False, True), repeat=len(others)))
        chance.shuffle(alike)
        for place, row in enumerate(alike):
            row.update(zip(others, choices[place % len(choices)], strict=True))


@dataclass
class Walker:
    """One client's way. `pressed` are the buttons in their order, `met` the optional fields that were on screen."""

    app: Any
    name: str
    route: Route
    pressed: list[str] = field(default_factory=list)
    met: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.amir, self.dana, self.olivia = self.app.agency.amir, self.app.agency.dana, self.app.agency.olivia
        self.began_on: date = self.app.world.now().date()

    # --- hands -----------------------------------------------------------------------------------------------------

    def show(self, verb: str = "", who: Any = None) -> None:
        answer = (who or self.amir).command("/client", f"{self.name} {verb}".strip())
        assert answer.error == ""

    def press(self, action: str, who: Any = None) -> None:
        self.pressed.append(action)
        person = who or self.amir
        assert person.click(person.view, action).error == ""

    def buttons(self, part: str = "", who: Any = None) -> list[str]:
        """The action ids on the screen that hold this, those beside a text too."""
        blocks = (who or self.amir).view["blocks"]
        found = [each for block in blocks for each in (block.get("accessory"), *block.get("elements", ()))]
        ids = [each["action_id"] for each in found if isinstance(each, dict) and each.get("type") == "button"]
        return [each for each in ids if part in each]

    def fill(self, who: Any = None, **answers: Any) -> None:
        """Answers what must be answered, and of what may stay empty just what the route fills in."""
        person = who or self.amir
        view = person.view
        form, given = view["callback_id"], [f"{view['callback_id']}.{each}" for each in answers]
        for block in view["blocks"]:
            name = f"{form.replace('client_contract', 'contract')}.{block.get('block_id')}"
            if block["type"] != "input" or not block.get("optional") or name in ANSWERED | set(given):
                continue
            assert name in FILLED, f"{name} may stay empty: say in FILLED what else it could hold"
            self.met.add(name)
            if name in self.route.filled:
                answers.setdefault(block["block_id"], self._value(name))
        outcome = person.submit(answers)
        assert outcome.outcome in {"updated", "closed", "cleared"}, (str(self.route), form, outcome)

    def _value(self, name: str) -> Any:
        value = FILLED[name]
        if isinstance(value, timedelta):
            return (self.began_on + value).isoformat()
        later = self.began_on + timedelta(days=45)
        return value.format(name=self.name, later=later) if isinstance(value, str) else value

    def fills(self, name: str) -> bool:
        return name in self.route.filled

    # --- to the decision -------------------------------------------------------------------------------------------

    def add(self) -> None:
        self.amir.command("/client", f"add {self.name}")
        self.fill()
        self.show("consider")
        named = {"ends_on": (self.began_on + timedelta(days=60)).isoformat()}
        theirs = named if self.route.origin is Origin.THEIRS else {}
        self.fill(origin=self.route.origin.value, thought="Our work has moved away from this.", **theirs)

    def note(self, who: Any, words: str) -> None:
        """Only what we decide ourselves needs notes."""
        if self.route.origin is Origin.OURS:
            assert who.command("/redflag", f"{self.name} {words}").error == ""

    def decide(self) -> None:
        """Each check that is not met yet has its button; the second look is somebody else's."""
        said = "They see a team that is slow, and we did leave them waiting."
        answers: dict[str, dict[str, Any]] = {
            "perspective": {"perspective": said, "our_part": said, "owed": "A proper handover."},
            "plan": {"reason": "They have asked for none, and nothing is left to try."},
            "contract": {"answer": "reviewed"},
            "impact": {"on_work": "Two days a week are free again.", "on_business": "A tenth of the income is gone."},
            "open_work": {"stated": ["work_finished", "all_paid"]},
        }
        for check, answer in answers.items():
            self.show("consider")
            for way in self.buttons(f".{check}"):
                self.press(way)
                self.fill(**answer)
        self.show("consider")
        self.press("decide")
        self.fill(reason="Our work has moved away from this.", name=self.name)
        if self.route.origin is not Origin.THEIRS:
            self.show("consider", self.olivia)
            self.press("confirm", self.olivia)
            self.fill(self.olivia)

    # --- to the close ----------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Whom we write to is completed on the card, the talk prepared, and what is open between us listed."""
        if any(self.fills(each) for each in FILLED if each.startswith("form_contacts")):
            card = self.amir.command("/client", self.name).messages[-1]
            self.amir.choose(card, "open_verb.more", "Contacts")
            self.fill(contact_name="Jo Elm")
        self.show("parting")
        self.press("talk")
        self.press("change_talk")
        self.fill()
        if self.fills("thing"):
            self._list("settlement", "add_belonging", what="The domain elm.example")
        if self.fills("item"):
            later = (self.began_on + timedelta(days=30)).isoformat()
            self._list("deliverables", "add_deliverable", title="Photo archive", due_on=later)
        if self.fills("sum"):
            self._list("settlement", "add_sum", what="Invoice 2041", amount="900")

    def _list(self, place: str, add: str, **answers: Any) -> None:
        self.show("parting")
        self.press(place)
        self.press(add)
        self.fill(**answers)

    def follow(self) -> set[str]:
        """From the close to each place where something is settled, until only time is left; gives what is left."""
        for _ in range(30):
            self.show("close")
            lacks = [each for each in self.buttons(".lack-") if not each.startswith("last_day.")]
            if not lacks:
                return {each.partition(".")[0] for each in self.buttons(".lack-")}
            self.press(lacks[0])
            place = lacks[0].partition(".")[0]
            if place == "parting" and not {"preview", *self.buttons("task_done")} & set(self.buttons()):
                return {place}  # a tracker is still at work
            self._settle(place)
        raise AssertionError(f"{self.route} does not come to its end: {self.pressed[-12:]}")

    def close(self) -> None:
        assert self.follow() == set()
        self.press("close_now")
        self.fill(way="mail")
        if any(self.fills(each) for each in FILLED if each.startswith("form_retro")):
            self.fill()
        else:
            self.amir.close()  # to learn nothing is no hindrance

    def _settle(self, place: str) -> None:
        match place:
            case "told":
                self.fill()
            case "terms":
                self.fill(**self._terms())
            case "parting":
                self._hand_over()
            case "letter":
                self._letter()
            case "deliverables":
                self._answer_for_them()
            case "settlement":
                self.press(
                    self.buttons("hand_back.")[0] if self.buttons("hand_back.") else self.buttons("settle_sum.")[0]
                )

    def _terms(self) -> dict[str, Any]:
        nothing = not self.fills("form_terms.deliverables") and not self.fills("item")
        owed = {} if self.fills("sum") else {"amounts_owed": "none"}
        return owed | ({"nothing_to_finish": ["nothing"]} if nothing else {})

    def _hand_over(self) -> None:
        if "preview" in self.buttons():
            self.press("preview")
            blocks = [each["block_id"] for each in self.amir.view["blocks"] if each["block_id"].startswith("tasks_")]
            few = {block: ["credentials"] if "access_0" in block else [] for block in blocks}
            assert self.amir.submit({"tracker": "checklist", **few}).outcome == "updated"
            self.press("open_tickets")
        while ways := self.buttons("task_done"):
            self.press(ways[0])

    def _answer_for_them(self) -> None:
        self.press("answers")
        asked = [each["block_id"] for each in self.amir.view["blocks"] if each["block_id"].startswith("answer_")]
        assert self.amir.submit(dict.fromkeys(asked, "finish")).outcome == "updated"

    def write(self) -> None:
        """Whatever stands beside a finding first, then the draft, until it waits for its reader."""
        self.show("letter")
        while ways := self.buttons(".missing_") or [each for each in WRITING if each in self.buttons()]:
            self.press(ways[0])
            if ".missing_" in ways[0]:
                self._complete()
            self.show("letter")
            if "waiting for its review" in str(self.amir.view):
                return

    def _letter(self) -> None:
        self.write()
        self._approve()
        for step in ("letter_sent", "letter_received"):
            self.show("letter")
            self.press(step)
            self.fill()

    def _complete(self) -> None:
        form = self.amir.view["callback_id"]
        if form == "form_terms":
            self.fill(**self._terms())
        elif form == "form_contacts":
            self.fill(contact_name="Jo Elm")
        elif form == "form_client_contract":
            clause = {} if self.fills("form_contract.clause") else {"clause_silent": ["yes"]}
            self.fill(answer="reviewed", **clause)
        else:
            self._settle(self.pressed[-1].partition(".")[0])

    def _approve(self) -> None:
        self.show("letter", self.dana)
        dana = self.app.member(self.dana.who.id)
        facts = self.app.web.services.notices.sheet(self.app.team_id, dana, self.letter().id).facts
        approve(self.dana, self.dana.view, facts)

    # --- what came of it -------------------------------------------------------------------------------------------

    def parting(self) -> Any:
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            client = next(each for each in unit.clients.all() if each.name == self.name)
            return unit.partings.of_client(client.id)

    def letter(self) -> Any:
        parting_id = self.parting().id
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            return unit.notices.of_parting(parting_id)

    def ends(self) -> tuple[str, str]:
        """How letter and parting stand."""
        return self.letter().status.value, self.parting().state.value
