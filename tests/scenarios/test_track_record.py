"""How right the score was: an admin under Settings, and `amicable score --own`, on clients whose story has an end."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from typer.testing import CliRunner

from bot.__main__ import command_line
from integrations.sandbox.agency import AMIR, GENERAL
from rules.clients.stages import Origin
from rules.decisions.plan import Outcome, Plan
from rules.partings.parting import Parting, PartingState, Preview

EIGHT_WEEKS = timedelta(weeks=8)


def open_record(front: Any) -> str:
    olivia = front.agency.olivia
    olivia.click(olivia.command("/client", "settings").messages[-1], "track_record")
    return str(olivia.view)


def own(*args: str) -> Any:
    return CliRunner().invoke(command_line(), ["score", "--own", *args])


def mend(front: Any, client_id: str, outcome: Outcome = Outcome.KEEP) -> None:
    now = front.web.outside.clock.now()
    with front.web.outside.units.begin(front.team_id) as unit:
        unit.plans.save(
            Plan(
                id=f"pl-{client_id}",
                workspace_id=front.team_id,
                client_id=client_id,
                goal="Better",
                concerns=(),
                actions=(),
                checkpoints=(),
                started_at=now - timedelta(days=30),
                started_by=AMIR,
                outcome=outcome,
                ended_at=now,
            )
        )


def part(front: Any, client_id: str, origin: Origin, state: PartingState = PartingState.OPEN) -> None:
    now: datetime = front.web.outside.clock.now()
    with front.web.outside.units.begin(front.team_id) as unit:
        unit.partings.save(
            Parting(
                id=f"pt-{client_id}-{origin}",
                workspace_id=front.team_id,
                client_id=client_id,
                decision_id="",
                origin=origin,
                state=state,
                last_day=date(2030, 1, 1),
                last_day_arithmetic=(),
                told_at=now,
                preview=Preview(revision=1, tracker="checklist", tasks=()),
                created_at=now,
                created_by=AMIR,
            )
        )


def test_an_admin_sees_where_clients_stood_eight_weeks_before_their_end(front: Any) -> None:
    """What was noted later is not held against the formula; below five outcomes there is a sentence and no number."""
    amir = front.agency.amir
    names = ("Ash", "Birch", "Cedar", "Dogwood", "Elm")
    clients = {name: front.add_client(name) for name in names}
    for day in range(3):
        amir.command(
            "/redflag", "Ash yelled at Mia on the call" if day == 2 else "Ash paid three weeks late again", GENERAL
        )
        amir.command("/redflag", "Ash had not read the brief", GENERAL)
        amir.command("/praise", "Birch paid the same day", GENERAL)
        front.world.move_clock(timedelta(days=2))
    front.world.move_clock(EIGHT_WEEKS - timedelta(days=1))
    for _ in range(3):
        amir.command("/redflag", "Birch paid three weeks late again", GENERAL)
        front.world.move_clock(timedelta(hours=20))
    part(front, clients["Ash"].id, Origin.OURS)
    part(front, clients["Cedar"].id, Origin.NATURAL_FADE)
    part(front, clients["Dogwood"].id, Origin.NOBODYS_FAULT)
    part(front, clients["Elm"].id, Origin.THEIRS, PartingState.STOPPED)
    mend(front, clients["Birch"].id)
    mend(front, clients["Dogwood"].id, Outcome.NOT_HELPED)
    few = open_record(front)
    few_own = json.loads(own("--json").stdout)
    mend(front, clients["Cedar"].id)
    mend(front, clients["Elm"].id, Outcome.RENEW)
    enough = open_record(front)
    told = json.loads(own("--json").stdout)
    ash = next(each for each in told["clients"] if each["name"] == "Ash")
    birch = next(each for each in told["clients"] if each["name"] == "Birch")

    assert "3 clients were mended, left or faded so far. From 5 on" in few
    assert "Ash" not in few
    assert (few_own["outcomes"], few_own["clients"]) == (3, [])
    assert told["outcomes"] == 5
    assert {(each["name"], each["ending"]) for each in told["clients"]} == {
        ("Ash", "left"),
        ("Cedar", "faded"),
        ("Birch", "mended"),
        ("Cedar", "mended"),
        ("Elm", "mended"),
    }
    assert [each["version"] for each in ash["verdicts"]] == ["v2", "v1"]
    assert date.fromisoformat(ash["ended_on"]) - date.fromisoformat(ash["on"]) == EIGHT_WEEKS
    assert 0 < ash["verdicts"][0]["score"] < birch["verdicts"][0]["score"] == 100
    assert "*Ash* parted" in enough
    assert f"{ash['verdicts'][0]['score']} " in enough
    assert "Dogwood" not in enough
    assert own().stdout.count("Ash") == 1


def test_the_record_is_for_admins(front: Any) -> None:
    """It speaks of every client: nobody else is offered it, and a forged click shows nothing."""
    amir = front.agency.amir
    shown = amir.command("/client", "settings").messages[-1]
    assert "track_record" not in str(shown.blocks)

    amir.click(shown, "track_record", forge=True)

    assert "workspace admins" in str(amir.view) + str(amir.sees(amir.dms()[-1].channel_id)[-1].text)


def test_without_a_file_the_command_says_what_it_needs() -> None:
    """Neither lists nor --own."""
    asked = CliRunner().invoke(command_line(), ["score"])
    assert asked.exit_code == 1
    assert "--own" in asked.output
