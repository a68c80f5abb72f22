"""No optional field left empty leads to a dead end: from `/client add` to an approved letter and a closed parting.

The walker knows no shortcut. It presses the button that stands beside what is missing, and fills in what that asks for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR
from rules.clients.client import Contract, NoticeUnit
from rules.clients.stages import Origin, Stage
from rules.decisions.decision import Decision
from rules.notices.notice import NoticeStatus
from rules.partings.parting import PartingState
from tests.scenarios.second_readers import approve

NAME = "Elm Works"
MONTH = Contract(
    reviewed=True, notice_length=1, notice_unit=NoticeUnit.MONTHS, clause="Clause 9: a month.", country="ES-CT"
)
READ = Contract(reviewed=True)
ALL_FILLED = {
    "contact_name": "Jo Elm",
    "contact_email": "jo@elm.example",
    "client_since": "2021-03-01",
    "revenue_share": "10",
    "aliases": "Elmers",
}
# What a form asks for that has to be answered; nothing that is optional.
ANSWERS: dict[str, dict[str, Any]] = {
    "form_contacts": {"contact_name": "Jo Elm"},
    "form_client_contract": {"answer": "reviewed", "clause_silent": ["yes"]},
    "form_terms": {"nothing_to_finish": ["nothing"], "amounts_owed": "none"},
}


class Walker:
    """Amir, who fills in no more than he must."""

    def __init__(self, app: Any, added: dict[str, Any], contract: Contract, origin: Origin) -> None:
        self.app, self.origin = app, origin
        self.amir, self.dana = app.agency.amir, app.agency.dana
        self.pressed: list[str] = []
        self.amir.command("/client", f"add {NAME}")
        assert self.amir.submit(added).outcome in {"closed", "cleared", "updated"}
        self.dana.home()
        now = app.world.now()
        with app.web.units.begin(app.team_id) as unit:
            client = unit.clients.named([NAME.casefold()])[NAME.casefold()]
            client = replace(client, stage=Stage.DECIDED, origin=origin, contract=contract)
            unit.clients.save(client)
            decision = Decision(
                id="de-elm",
                workspace_id=app.team_id,
                client_id=client.id,
                origin=origin,
                opened_at=now,
                opened_by=AMIR,
                reason="" if origin is Origin.NATURAL_FADE else "Our work has moved away from this.",
                confirmed_at=now,
                ends_on=(now + timedelta(days=20)).date() if origin is Origin.THEIRS else None,
            )
            unit.decisions.save(decision)
            self.parting_id = app.web.partings.begin(unit, decision, client, AMIR, now).id

    def show(self, verb: str) -> Any:
        assert self.amir.command("/client", f"{NAME} {verb}").error == ""
        return self.amir.view

    def press(self, action: str) -> None:
        self.pressed.append(action)
        self.amir.click(self.amir.view, action)

    def buttons(self, prefix: str = "") -> list[str]:
        """The action ids on the screen, those beside a text too."""
        blocks = self.amir.view["blocks"]
        found = [each for block in blocks for each in (block.get("accessory"), *block.get("elements", ()))]
        ids = [each["action_id"] for each in found if isinstance(each, dict) and each.get("type") == "button"]
        return [each for each in ids if each.startswith(prefix)]

    def answer(self) -> None:
        form = self.amir.view["callback_id"]
        outcome = self.amir.submit(ANSWERS.get(form, {}))
        assert outcome.outcome == "updated", (form, outcome.errors)

    def tell(self) -> None:
        self.show("parting")
        self.press("told")
        self.answer()

    def write(self) -> None:
        """Presses whatever stands beside a finding, until none is left."""
        self.show("letter")
        self.press("draft_letter")
        for _ in range(8):
            self.show("letter")
            ways = [each for each in self.buttons() if ".missing_" in each]
            if not ways:
                break
            self.press(ways[0])
            self.answer()
        self.show("letter")
        self.press("submit_letter")

    def send(self) -> None:
        assert self.dana.command("/client", f"{NAME} letter").error == ""
        facts = self.app.web.notices.sheet(self.app.team_id, self.app.member(self.dana.who.id), self.letter().id).facts
        approve(self.dana, self.dana.view, facts)
        self.show("letter")
        self.press("letter_sent")
        self.answer()
        self.show("letter")
        self.press("letter_received")
        self.answer()

    def hand_over(self) -> None:
        self.show("parting")
        self.press("preview")
        blocks = [each["block_id"] for each in self.amir.view["blocks"] if each["block_id"].startswith("tasks_")]
        picked = {block: ["credentials"] if "access_0" in block else [] for block in blocks}
        assert self.amir.submit({"tracker": "checklist", **picked}).outcome == "updated"
        self.press("open_tickets")
        self.app.web.jobs.idle(soon=timedelta(seconds=30), timeout_seconds=60)
        self.show("parting")
        self.press(self.buttons("task_done")[0])

    def close(self) -> None:
        self.app.world.move_clock(timedelta(days=60))
        self.show("close")
        self.press("close_now")
        assert self.amir.submit({"way": "mail"}).outcome == "updated"

    def letter(self) -> Any:
        with self.app.web.units.read(self.app.team_id) as unit:
            return unit.notices.of_parting(self.parting_id)

    def parting(self) -> Any:
        with self.app.web.units.read(self.app.team_id) as unit:
            return unit.partings.get(self.parting_id)


@pytest.mark.parametrize(
    ("origin", "added", "contract", "asked"),
    [
        (Origin.OURS, {}, READ, {"client_contract", "terms"}),
        (Origin.OURS, ALL_FILLED, MONTH, {"terms"}),
        (Origin.NOBODYS_FAULT, {}, READ, {"client_contract", "terms"}),
        (Origin.THEIRS, {}, Contract(), {"terms"}),
        (Origin.NATURAL_FADE, {}, READ, {"terms"}),
    ],
)
def test_what_is_missing_leads_to_where_it_is_completed(
    app: Any, origin: Origin, added: dict[str, Any], contract: Contract, asked: set[str]
) -> None:
    """CN01, CN04, NE04-NE07, HO11: nobody who left optional fields empty is stuck with a letter or a close."""
    walker = Walker(app, added, contract, origin)
    walker.tell()
    walker.write()
    written = walker.letter().status
    walker.send()
    walker.hand_over()
    walker.close()

    beside = {each.partition(".")[0] for each in walker.pressed if ".missing_" in each}
    assert (written, walker.letter().status, walker.parting().state) == (
        NoticeStatus.IN_REVIEW,
        NoticeStatus.RECEIVED,
        PartingState.CLOSED,
    )
    assert beside == asked


def test_a_letter_that_waited_too_long_says_which_day_can_be_kept(app: Any) -> None:
    """CN05: four weeks after the draft its last day can't be kept: review and sending say so, with the way out."""
    walker = Walker(app, ALL_FILLED, MONTH, Origin.OURS)
    walker.tell()
    walker.write()
    named = walker.parting().last_day
    app.world.move_clock(timedelta(days=28))
    walker.show("letter")
    late = str(walker.amir.view)
    walker.press("choose_last_day.days")
    walker.amir.submit({"kind": "by_notice"})
    chosen = walker.parting().last_day
    walker.show("letter")

    today = date.fromisoformat(str(app.world.now().date()))
    assert ("can't be kept any more" in late, "choose_last_day.days" in str(walker.amir.view)) == (True, False)
    assert named < today + timedelta(days=28) <= chosen
    assert f"{chosen.day} {chosen:%B %Y}" in walker.letter().body
    assert walker.letter().status is NoticeStatus.DRAFT
