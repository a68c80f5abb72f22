"""Who may see and do what with a client: role x action x visible or hidden, through the real app."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.ids import Action, Form
from bot.services.agreements.money import NewInvoice
from bot.services.agreements.replies import Spot
from bot.services.decisions.considerations import Thought
from bot.services.decisions.plans import PlanDraft
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, DANA, GENERAL, GUS
from integrations.sandbox.slack import payloads
from integrations.sandbox.slack.workspace import View
from rules.clients.client import Agreement, Client
from rules.clients.stages import Origin, Stage
from rules.decisions.decision import Decision
from rules.decisions.perspective import Perspective
from rules.decisions.plan import Action as PlanAction
from rules.decisions.plan import ActionSide, Concern
from rules.health.signal import Side
from rules.partings.terms import Talk

# Said by us, never typed by the people of these tests: whoever reads one of these sees a hidden client.
CANARIES = ("Kestrel", "zanzibar", "quagmire")
# One action is a select's whose options are looked up: nobody clicks it.
# What differs from one time to the next: names of blocks, what a form is opened by, moments.
PASSING = r"b\d{9}|\d+\.\d+\.[0-9a-f]{32}|V0?[A-Z0-9]{8,}|\d{10}\.\d{6,}"
CLICKED = [action for action in Action if action != Action.PICK_CLIENT]
EVE, FAY, IDA = "U0EVE", "U0FAY", "U0IDA"


@dataclass
class House:
    """Two clients of Amir that only some may see; Eve is a member, Fay a decider, Ida a decider who is on the list."""

    app: Any
    open_case: Client
    parted: Client
    ids: dict[str, str]
    people: dict[str, Any]

    def show_to(self, *people: str) -> None:
        for client in (self.open_case, self.parted):
            self.app.web.services.visibility.show_to(self.app.team_id, self.app.member(AMIR), client.id, people)

    def show_to_everyone(self) -> None:
        for client in (self.open_case, self.parted):
            self.app.web.services.visibility.show_to_everyone(self.app.team_id, self.app.member(AMIR), client.id)


@pytest.fixture
def house(front: Any) -> House:
    slack, web, team = front.world.slack, front.web, front.team_id
    people = {
        "admin": front.agency.olivia,
        "owner": front.agency.amir,
        "listed": front.agency.dana,
        "member": slack.add_person(EVE, "eve", "Eve Aldous"),
        "decider": slack.add_person(FAY, "fay", "Fay Norton"),
        "listed decider": slack.add_person(IDA, "ida", "Ida Blom"),
        "contractor": front.agency.gus,
    }
    for person in (EVE, FAY, IDA, GUS):
        slack.invite(GENERAL, person)
        slack.invite(COBALT, person)
        front.member(person)
    with web.outside.units.begin(team) as unit:
        for person in (FAY, IDA):
            unit.people.save_member(replace(unit.people.find_member(person), is_decider=True))
        until = front.world.now() + timedelta(days=30)
        gus = replace(unit.people.find_member(GUS), is_contractor=True, contractor_until=until)
        unit.people.save_member(gus)
    open_case = front.add_client("Kestrel Quay", BIRCH, aliases=("zephyrine",), owner=AMIR)
    parted = front.add_client("Kestrel Parted", COBALT, aliases=("mistral",), owner=AMIR)
    ids = {**_case(front, open_case), **_parting(front, parted)}
    made = House(app=front, open_case=open_case, parted=parted, ids=ids, people=people)
    made.show_to(DANA, IDA)
    return made


def _case(front: Any, client: Client) -> dict[str, str]:
    """Notes, an agreement with what is measured, a plan that runs, and the thought of parting."""
    web, team, amir = front.web, front.team_id, front.member(AMIR)
    said = front.agency.amir.say(BIRCH, "zanzibar again")
    front.agency.amir.command("/redflag", "zephyrine paid late zanzibar", channel=GENERAL)
    web.services.agreements.agree(
        team, amir, client.id, Agreement(their_reply_hours=4, our_reply_hours=4, monthly_hours=10)
    )
    invoice = web.services.money.add(
        team, amir, client.id, NewInvoice(number="zanzibar-1", amount="1", due_on=date(2030, 1, 1))
    )
    clock = web.services.replies.start(team, amir, client.id, Side.OURS, Spot(channel_id=BIRCH, message_ts=said)).clock
    today = front.world.now().date()
    draft = PlanDraft(
        goal="zanzibar",
        concerns=(Concern(id="c1", text="zanzibar"),),
        first=PlanAction(
            concern_id="c1",
            text="zanzibar",
            side=ActionSide.OURS,
            owner_id=AMIR,
            due_on=today,
            benchmark="zanzibar",
        ),
        own_days=(today + timedelta(days=7), today + timedelta(days=14)),
    )
    looked = Perspective(
        id="", workspace_id=team, client_id=client.id, ours="zanzibar", owed="zanzibar", they_say="zanzibar",
        by_id=AMIR, at=front.world.now(),
    )  # fmt: skip
    web.services.plans.assess(team, amir, client.id, looked)
    plan = web.services.plans.start(team, amir, client.id, draft).plan
    sheet = web.services.considerations.consider(team, amir, client.id, Thought(origin=Origin.OURS, thought="quagmire"))
    return {
        "note": front.notes(client)[0].id,
        "invoice": invoice.id,
        "clock": clock.id,
        "plan": plan.id,
        "decision": sheet.decision.id,
    }


def _parting(front: Any, client: Client) -> dict[str, str]:
    """Decided, told, its tasks in Amicable itself, and a letter."""
    web, team, amir, now = front.web, front.team_id, front.member(AMIR), front.world.now()
    with web.outside.units.begin(team) as unit:
        decided = replace(unit.clients.get(client.id), stage=Stage.DECIDED)
        unit.clients.save(decided)
        decision = Decision(
            id="dc-parted",
            workspace_id=team,
            client_id=client.id,
            origin=Origin.OURS,
            opened_at=now,
            opened_by=AMIR,
            reason="quagmire",
            confirmed_at=now,
        )
        unit.decisions.save(decision)
        parting = web.services.partings.begin(unit, decision, decided, AMIR, now)
        parting = replace(parting, preview=replace(parting.preview, tracker="checklist"))
        unit.partings.save(parting)
    told = web.services.partings.told(team, amir, parting.id, Talk(held_on=now.date(), by=AMIR)).parting
    web.services.previews.open(team, amir, parting.id, told.preview.revision)
    letter = web.services.notices.draft(team, amir, parting.id).notice
    with web.outside.units.read(team) as unit:
        task = unit.partings.tickets(parting.id)[1].id
    return {"parting": parting.id, "letter": letter.id, "task": task}


# --- role x action x visible or hidden -----------------------------------------------------------------------------


def said_to(house: House, person: Any, act: Callable[[Any], Any]) -> str:
    """What this person was shown: messages, dialogs, the Home tab, options."""
    slack = house.app.world.slack
    calls = len(slack.calls)
    shown = act(person)
    words = [str(getattr(each, "blocks", "")) + each.text for each in getattr(shown, "messages", [])]
    sent = [str(call.arguments) for call in slack.calls[calls:]]
    return " ".join([*words, *sent, str(shown) if isinstance(shown, list) else ""])


def typed(text: str, command: str = "/client") -> Callable[[Any], Any]:
    return lambda person: person.command(command, text, channel=GENERAL, forge=True)


def clicked(message: Any, action: str, value: str) -> Callable[[Any], Any]:
    """A click on a button that this message does not have."""
    return lambda person: person.click(message, action, value, forge=True)


def harmless(house: House) -> Any:
    """A message of ours that holds nothing: what is clicked on it is forged."""
    return house.app.agency.amir.command("/client", "help", channel=GENERAL).messages[-1]


def reading(house: House) -> dict[str, Callable[[Any], Any]]:
    """What everybody of the team may do with a client they see."""
    client = house.open_case.id
    return {
        "card": typed("zephyrine"),
        "why": typed("zephyrine why"),
        "history": typed("zephyrine history"),
        "plan": typed("zephyrine plan"),
        "parting": typed("mistral parting"),
        "letter": typed("mistral letter"),
        "agreement": clicked(harmless(house), "agreement", client),
        "trend": clicked(harmless(house), "trend", client),
        "near": typed("zephyrinne"),
        "list": typed("list"),
        "digest": typed("digest"),
        "flag": typed("zephyrine late", "/redflag"),
        "praise": typed("zephyrine thanked us", "/praise"),
        "near flag": typed("zephyrinne late", "/redflag"),
        "channel's flag": lambda person: person.command("/redflag", "late", channel=COBALT, forge=True),
        "form": lambda person: person.command("/redflag", "", channel=COBALT, forge=True),
    }


def deciding(house: House) -> dict[str, Callable[[Any], Any]]:
    client = house.open_case.id
    return {
        "consider": typed("zephyrine consider"),
        "impact": clicked(harmless(house), "impact", house.ids["decision"]),
        "value": clicked(harmless(house), "value", client),
        "override": clicked(harmless(house), "override_band", client),
    }


@pytest.mark.parametrize("shown_to_all", [True, False], ids=["visible", "hidden"])
def test_each_role_does_what_it_may_and_no_more(house: House, *, shown_to_all: bool) -> None:
    """A hidden client exists for its owner, the admins and the list only; deciding is for deciders who see it."""
    if shown_to_all:
        house.show_to_everyone()
    seers = {"admin", "owner", "listed", "listed decider"} | (set(house.people) if shown_to_all else set())
    deciders = {"admin", "owner", "decider", "listed decider"} & seers
    expected, actual = {}, {}
    for may, actions in (
        (seers, reading(house)),
        (deciders, deciding(house)),
        ({"admin", "owner"}, _visibility(house)),
    ):
        for name, act in actions.items():
            for role, person in house.people.items():
                expected[role, name] = role in may
                actual[role, name] = "Kestrel" in said_to(house, person, act)
                while person.view:
                    person.close()
    assert expected == actual
    assert len(actual) == 21 * 7


def _visibility(house: House) -> dict[str, Callable[[Any], Any]]:
    return {"visibility": clicked(harmless(house), "visibility", house.open_case.id)}


def test_a_hidden_client_is_answered_like_one_that_does_not_exist(house: House) -> None:
    """Neither search nor did-you-mean, list, Home nor a name tells those who may not see it that it exists."""
    eve = house.people["member"]
    pairs = [
        (typed("zephyrine"), typed("blunderbus")),
        (typed("zephyrine why"), typed("blunderbus why")),
        (typed("zephyrinne"), typed("blunderbuss")),
        (typed("zephyrine late", "/redflag"), typed("blunderbus late", "/redflag")),
        (typed("zephyrinne late", "/redflag"), typed("blunderbuss late", "/redflag")),
        (typed(f"<#{BIRCH}> why"), typed("<#C0NOWHERE> why")),
    ]
    said_to(house, eve, typed("somebody late", "/redflag"))  # from here on we know who is in the channel
    for hidden, unknown in pairs:
        said, unsaid = (re.sub(PASSING, "", said_to(house, eve, act)) for act in (hidden, unknown))
        words = {"zephyrinne": "blunderbuss", "zephyrine": "blunderbus", BIRCH: "C0NOWHERE"}
        for word, other in words.items():
            said = said.replace(word, other)
        assert unsaid == said
    house.app.add_client("Plain")
    eve.command("/redflag", "", channel=GENERAL)
    found = [option for word in ("", "kest", "zeph") for option in eve.options(eve.view, "pick_client", word)]
    assert [option["text"]["text"] for option in found] == [
        "Plain", "Add “kest” as a client", "Add “zeph” as a client",
    ]  # fmt: skip


@pytest.mark.timeout(900)  # it walks through thousands of clicks, which a busy machine takes its time for
def test_nothing_that_is_forged_shows_or_changes_a_hidden_client(house: House) -> None:
    """Every button and select of the app, with every id of two hidden clients: permissions are asked at each click."""
    before, message = written(house), harmless(house)
    fay = house.people["decider"]  # of all who may not see it the one who may do most
    leaks = []
    for action, value in [(each, value) for each in CLICKED for value in values(house, each)]:
        said = said_to(house, fay, clicked(message, action, value))
        leaks += [(action, value, each) for each in CANARIES if each in said]
        while fay.view:
            fay.close()

    assert leaks == []
    assert written(house) == before


@pytest.mark.timeout(900)  # it walks through thousands of clicks, which a busy machine takes its time for
def test_no_form_of_a_hidden_client_is_taken_from_those_who_may_not_see_it(house: House) -> None:
    """Forms that an admin opened, submitted by somebody else: nothing is shown, nothing is stored."""
    forms = list(opened_forms(house))
    before = written(house)
    slack, fay = house.app.world.slack, house.people["decider"]
    leaks = []
    for shown in forms:
        ack = slack.deliveries.interaction(payloads.submission(slack.workspace, fay.who, shown))
        leaks += [(shown.body["callback_id"], each) for each in CANARIES if each in str(ack.body)]

    assert leaks == []
    assert written(house) == before
    assert len({shown.body["callback_id"] for shown in forms}) >= 20


def opened_forms(house: House) -> Iterator[View]:
    """Each form that a click of Olivia's opens; looking changes nothing that these tests look at."""
    olivia = house.people["admin"]
    message = harmless(house)
    seen = set()
    acting = {Action.UNDO_NOTE, Action.RESTORE_NOTE, Action.ANSWERED, Action.EMERGENCY, Action.TASK_DONE, Action.CLOSE}
    acting.add(Action.ADD_CLIENT)  # its form is about nobody yet
    for action in Action:
        if action in acting:
            continue
        for value in values(house, action):
            olivia.click(message, action.value, value, forge=True)
            view = olivia.view
            if (
                view
                and view["callback_id"] != Form.SHOWN
                and (view["callback_id"], view["private_metadata"]) not in seen
            ):
                seen.add((view["callback_id"], view["private_metadata"]))
                yield next(each for each in house.app.world.slack.workspace.all_views() if each.id == view["id"])
            while olivia.view:
                olivia.close()


def values(house: House, action: Action) -> list[str]:
    """What a button about one of the two clients may carry."""
    ids = house.ids
    clients = [house.open_case.id, house.parted.id]
    verbs = ("why", "history", "plan", "consider", "end", "parting", "letter", "close")
    asked = [
        json.dumps({"client": house.open_case.id, "text": "late", "side": "theirs", "once": "x"}),
        json.dumps({"parting": ids["parting"], "revision": "1", "task": ids["task"], "destination": "d", "people": ""}),
    ]
    places = [f"{ids['note']}|{house.open_case.id}||||", f"{house.open_case.id}||||"]
    if action is Action.OPEN_VERB:
        return [f"{verb} {client}" for verb in verbs for client in clients]
    return [*clients, *ids.values(), *asked, *places]


def written(house: House) -> list[Any]:
    """What the ledger, the log and the stages say. A demo is everybody's to look at, and nobody's client."""
    with house.app.web.outside.units.read(house.app.team_id) as unit:
        logged = [entry for _, entry in unit.audit.page(1000) if not entry.action.startswith("demo ")]
        entries = [entry for entry in logged if entry.subject != entry.actor_id]
        clients = [unit.clients.get(client.id) for client in (house.open_case, house.parted)]
        notes = [unit.signals.history(client.id, 100) for client in clients]
        tickets = unit.partings.tickets(house.ids["parting"])
        clock = unit.agreements.find_clock(house.ids["clock"])
    return [entries, clients, notes, tickets, clock]
