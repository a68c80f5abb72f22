"""What is neglected reaches somebody who can act, in time and only once (HS05, HS14, CN01): ten weeks of an agency."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from bot.agenda import REFRESH_PEOPLE
from bot.services.agreements.money import NewInvoice
from bot.services.capture.notes import NewNote
from bot.services.decisions.considerations import Thought
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, DANA, GENERAL, NORTHWIND, OLIVIA, VOLT
from rules.clients.client import Client, Contract, NoticeUnit
from rules.clients.stages import Origin, Stage
from rules.decisions.plan import Action, ActionSide, Checkpoint, Concern, Outcome, Plan
from rules.health.signal import Source
from rules.nudges.need import working_days_left
from rules.workdays import day_name

TOLD = re.compile("and no plan runs|checkpoint|ends or renews|It has been left")
LIVED = 50  # days
LOOKED_AT = time(18)
PAID_ON = 30
LONG_AGO = 60


@pytest.mark.timeout(180)
def test_each_neglect_is_told_to_somebody_who_can_act_and_then_stands(app: Any) -> None:
    """The owner first, those who decide after 5 working days, the admins once after 10; who is fine is not told of."""
    began = app.web.outside.clock.now().date()
    poor = app.add_client("Poor Ltd", BIRCH, owner=AMIR)
    planned = app.add_client("Planned Ltd", COBALT, owner=DANA)
    termed = app.add_client("Termed Ltd", NORTHWIND, owner=AMIR)
    silent = app.add_client("Silent Ltd", VOLT, owner=DANA)
    app.set_digest(GENERAL)
    trouble(app, poor)
    forgotten = plan(app, planned, began + timedelta(days=3))
    with app.web.outside.units.begin(app.team_id) as unit:
        terms = Contract(
            reviewed=True, ends_on=began + timedelta(days=130), notice_length=3, notice_unit=NoticeUnit.MONTHS
        )
        unit.clients.save(replace(unit.clients.lock(termed.id), contract=terms))
        unit.clients.save(replace(unit.clients.lock(silent.id), stage_since=unit.workspace().created_at))

    told: dict[tuple[str, str], list[date]] = defaultdict(list)
    seen: dict[str, int] = {}
    for number in range(LIVED):
        day(app)
        if number == PAID_ON:
            pay(app, silent)
        for name, person in (("amir", app.agency.amir), ("dana", app.agency.dana), ("olivia", app.agency.olivia)):
            messages = person.dms()
            for message in messages[seen.get(name, 0) :]:
                for words in re.findall(
                    r"(?:and no plan runs|checkpoint|ends or renews|It has been left)", message.text
                ):
                    told[name, words].append(app.web.outside.clock.now().date())
            seen[name] = len(messages)
    digests = [text for text in posted(app) if "Planned Ltd" in text]
    home = {name: str(who.home()) for name, who in (("dana", app.agency.dana), ("olivia", app.agency.olivia))}

    # At amend or worse: its owner within 6 working days, the owner of the agency after two weeks, each once.
    assert [len(told[name, "and no plan runs"]) >= 1 for name in ("amir", "olivia", "dana")] == [True, True, False]
    assert within(told["amir", "and no plan runs"][0], began) <= 8
    assert 14 <= (told["olivia", "and no plan runs"][0] - began).days <= 20
    # A forgotten plan: whoever owns it when it is due, and the admins ten working days later, once.
    assert within(told["dana", "checkpoint"][0], forgotten) <= 1
    assert 10 <= within(told["olivia", "It has been left"][0], forgotten) <= 14
    assert "The plan stands still" in digests[-1]
    assert f"Overdue since {forgotten:%a} {forgotten.day} {forgotten:%b}, for <@{DANA}>." in digests[-1]
    assert "weeks in a row" in digests[-1]
    assert ("The plan stands still" in home["dana"], "The plan stands still" in home["olivia"]) == (True, True)
    # What one person promised is one line, and says for how long.
    assert [text.count("2 promises are not done") for text in (home["dana"], home["olivia"])] == [1, 1]
    assert f"_Overdue since {day_name(forgotten)}_" in home["dana"]
    # People are mentioned, and not spelled out as their ids.
    assert any(f"It is <@{AMIR}>'s client" in app.world.slack.text_of(each) for each in app.agency.olivia.dms())
    assert not any("&lt;@" in app.world.slack.text_of(each) for each in app.agency.olivia.dms())
    # Three months' notice: 30 and 7 days before it would have to arrive.
    assert len(told["amir", "ends or renews"]) == 2
    # Six weeks without a word, whatever was paid: on its owner's Home and in the digest, and a message to nobody.
    assert "Nobody has logged for" in home["dana"]
    assert "Nobody has logged for" not in home["olivia"]
    assert "nobody has logged for" in home["olivia"]
    assert "Silent Ltd" in posted(app)[-1]


def test_while_a_plan_ran_nobody_was_late(app: Any) -> None:
    """RP09: after a plan that did not help its owner has the same days for a decision as after none."""
    amir = app.agency.amir
    poor = app.add_client("Poor Ltd", BIRCH, owner=AMIR)
    trouble(app, poor)
    app.sweep(by=timedelta(days=9))
    before = str(amir.home())
    plan(app, poor, app.web.outside.clock.now().date())
    with app.web.outside.units.begin(app.team_id) as unit:
        ran = unit.plans.get("pl-1")
        unit.plans.save(replace(ran, outcome=Outcome.NOT_HELPED, ended_at=app.web.outside.clock.now()))
    after = str(amir.home())

    assert [("and no plan runs" in home, "Overdue since" in home) for home in (before, after)] == [
        (True, True),
        (True, False),
    ]


def test_a_new_colleague_is_welcomed_once_whenever_they_come(app: Any, birch: Client) -> None:
    """Whoever was there before us is not spoken to."""
    day(app)
    newcomer = app.world.slack.add_person("U0NOOR", "noor", "Noor Visser")
    for _ in range(4):
        day(app)

    assert [message.text.count("Amicable remembers") for message in newcomer.dms()] == [1]
    assert not any("Amicable remembers" in message.text for message in app.agency.dana.dms())


def test_who_slack_could_not_show_us_at_first_is_not_taken_for_new(app: Any, birch: Client) -> None:
    """A morning passes before Slack lets us read the team: by then everybody has been there all along."""
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.dues.drop(REFRESH_PEOPLE, app.team_id)
    day(app)
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.dues.set(REFRESH_PEOPLE.at(app.web.outside.clock.now(), app.team_id, app.team_id))
    for _ in range(4):
        day(app)

    team = (app.agency.dana, app.agency.amir, app.agency.olivia)
    assert not any("Amicable remembers" in message.text for person in team for message in person.dms())


def test_notes_without_a_type_wait_for_their_reporter_with_one_click(app: Any, birch: Client) -> None:
    """They count nothing and warn nobody; one click on Home gives each a type."""
    amir, olivia = app.agency.amir, app.agency.olivia
    for words in ("hmm", "well"):
        amir.command("/redflag", words, channel=BIRCH)
    first = app.notes(birch)[-1].id
    pages = [str(amir.home())]
    amir.choose(amir.published_home, f"sort_note.{first}", f"{first}|late_payment")
    pages.append(str(amir.home()))
    app.press(amir, amir.published_home, "sort_note")
    pages.append(str(amir.home()))
    day(app)

    assert [re.findall(r"(\d) notes? still needs? a type", page) for page in pages] == [["2"], ["1"], []]
    assert "still needs a type" not in str(olivia.home())
    assert not any("type" in message.text for message in olivia.dms())


def day(app: Any) -> None:
    """On to the next evening: the morning's reading and the working hours lie behind."""
    now: datetime = app.web.outside.clock.now()
    for at in (time(6, 1), time(9, 1), LOOKED_AT):
        there = datetime.combine(now.date() + timedelta(days=1), at, now.tzinfo)
        app.sweep(by=there - app.web.outside.clock.now())


def within(on: date, since: date) -> int:
    return working_days_left(since, on, "")


def posted(app: Any) -> list[str]:
    return [app.world.slack.text_of(m) for m in app.world.slack.messages(GENERAL) if m.by_app]


def trouble(app: Any, client: Client) -> None:
    """Two of the team note enough, over three weeks, for a number that calls for a plan."""
    now = app.web.outside.clock.now()
    for person in (OLIVIA, DANA):
        for days in (19, 12, 5, 1):
            for kind in ("late_payment", "slow_reply", "breach_of_deal"):
                at = now - timedelta(days=days)
                new = NewNote(
                    client_id=client.id, type=kind, source=Source.FORM, happened_at=at, once=f"{days}{person}"
                )
                app.web.services.capture.log(app.team_id, app.member(person), new)


def pay(app: Any, client: Client) -> None:
    """The books know that the client paid on the day; nobody of the team has said a word."""
    today = app.web.outside.clock.now().date()
    new = NewInvoice(number="7", amount="EUR 500.00", due_on=today, paid_on=today)
    app.web.services.money.add(app.team_id, app.member(OLIVIA), client.id, new)


def plan(app: Any, client: Client, first: date) -> date:
    """A plan of Dana's that nobody looks after; gives the day of its first checkpoint."""
    made = Plan(
        id="pl-1",
        workspace_id=app.team_id,
        client_id=client.id,
        goal="On time",
        concerns=(Concern(id="c1", text="Late"),),
        actions=tuple(
            Action(concern_id="c1", text=text, side=ActionSide.OURS, owner_id=DANA, due_on=first)
            for text in ("Call them", "Write it down")
        ),
        checkpoints=(Checkpoint(due_on=first), Checkpoint(due_on=first + timedelta(days=14))),
        started_at=app.web.outside.clock.now(),
        started_by=DANA,
    )
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.plans.save(made)
    app.web.services.plans.remind_next(app.team_id, made.id)
    return first


def test_what_is_decided_in_secret_changes_nothing_for_anybody_else(app: Any) -> None:
    """BR14: a line, a button or an age that goes when somebody considers to part would say so."""
    poor = app.add_client("Poor Ltd", BIRCH, owner=AMIR)
    silent = app.add_client("Silent Ltd", VOLT, owner=AMIR)
    termed = app.add_client("Termed Ltd", NORTHWIND, owner=AMIR)
    trouble(app, poor)
    app.sweep(by=timedelta(days=LONG_AGO))
    ends_on = app.web.outside.clock.now().date() + timedelta(days=20)
    with app.web.outside.units.begin(app.team_id) as unit:
        terms = Contract(reviewed=True, ends_on=ends_on, notice_length=2, notice_unit=NoticeUnit.WEEKS)
        unit.clients.save(replace(unit.clients.lock(termed.id), contract=terms))
    trouble(app, poor)
    app.sweep(by=timedelta(days=9))
    together = read_by(app.agency.dana)
    considered, homes = app.web.services.considerations, []
    sheets = [
        considered.consider(
            app.team_id, app.member(AMIR), each.id, Thought(origin=Origin.OURS, thought="Is it worth it?")
        )
        for each in (poor, silent, termed)
    ]
    thought = read_by(app.agency.dana)
    homes.append(str(app.agency.amir.home()))
    for sheet in sheets:
        considered.drop(app.team_id, app.member(AMIR), sheet.decision.id, "It is.")
    dropped = read_by(app.agency.dana)
    with app.web.outside.units.begin(app.team_id) as unit:
        for client in (poor, silent, termed):
            unit.clients.save(unit.clients.lock(client.id).moved_to(Stage.DECIDED, app.web.outside.clock.now()))
    homes.append(str(app.agency.amir.home()))

    for said in (
        "and no plan runs",
        "Overdue since",
        "Nobody has logged",
        "agree on what follows",
        "nobody has logged",
    ):
        assert said in together
    assert [thought, dropped, read_by(app.agency.dana)] == [together] * 3
    assert [said for home in homes for said in ("and no plan runs", "Nobody has logged") if said in home] == []


def read_by(person: Any) -> str:
    """What somebody reads who does not decide; the numbers of blocks are new each time."""
    shown = [person.command("/client", words).blocks for words in ("digest", "Silent Ltd")]
    return re.sub(r"'block_id': '\w+'", "", str(shown))
