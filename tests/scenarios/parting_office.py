"""Amir's decided client, and what the people of the agency do about the parting in Slack."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from integrations.sandbox.agency import AMIR, BIRCH
from rules.clients.client import Contract
from rules.clients.stages import Origin, Stage
from rules.decisions.decision import Decision

CLIENT = "Birch & Barrow"


class Office:
    """Amir's client, decided; what the people of the agency do about it in Slack."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.amir, self.olivia, self.dana = app.agency.amir, app.agency.olivia, app.agency.dana
        self.team = app.world.slack.workspace.team_id
        self.amir.command("/client", f"add {CLIENT}")
        self.amir.submit({"channel": BIRCH, "contact_name": "Jo Birch", "contact_email": "jo@birch.test"})
        with app.web.outside.units.begin(self.team) as unit:
            self.client = unit.clients.all()[0]
        self.decide()
        self.olivia.home()
        self.dana.home()

    def decide(self) -> None:
        """As after the gate, which has tests of its own."""
        now = self.app.world.now()
        with self.app.web.outside.units.begin(self.team) as unit:
            client = replace(
                unit.clients.get(self.client.id),
                stage=Stage.DECIDED,
                contract=Contract(reviewed=True, none_written=True),
                contact_name="Jo Birch",
                contact_email="jo@birch.test",
            )
            unit.clients.save(client)
            decision = Decision(
                id="de-1",
                workspace_id=self.team,
                client_id=client.id,
                origin=Origin.OURS,
                opened_at=now,
                opened_by=AMIR,
                reason="The work has moved away from what we do best.",
                confirmed_at=now,
            )
            unit.decisions.save(decision)
            self.parting = self.app.web.services.partings.begin(unit, decision, client, AMIR, now)

    def show(self, who: Any, verb: str = "parting") -> Any:
        answer = who.command("/client", f"{CLIENT} {verb}")
        assert answer.error == ""
        return who.view

    def tell(self) -> None:
        self.amir.click(self.show(self.amir), "told")
        assert self.amir.submit({}).outcome == "updated"

    def over(self) -> None:
        """The last day has passed, nothing is owed, and no letter is waited for."""
        today = self.app.world.now().date()
        with self.app.web.outside.units.begin(self.team) as unit:
            parting = replace(
                unit.partings.lock(self.parting.id), no_letter="They asked for none.", amounts_owed="none"
            )
            unit.partings.save(replace(parting, last_day=min(parting.last_day, today - timedelta(days=1))))

    def settle_terms(self) -> None:
        self.amir.click(self.show(self.amir), "terms")
        answer = self.amir.submit({"nothing_to_finish": ["nothing"], "amounts_owed": "none"})
        assert answer.outcome == "updated"

    def choose(self, tracker: str, *, few: bool = True) -> None:
        self.amir.click(self.show(self.amir), "preview")
        blocks = [b["block_id"] for b in self.amir.view["blocks"] if b["block_id"].startswith("tasks_")]
        picked = {block: ["credentials"] if "access_0" in block else [] for block in blocks} if few else {}
        assert self.amir.submit({"tracker": tracker, **picked}).outcome == "updated"

    def set_page(self, who: Any, page: str, **answers: Any) -> None:
        """Owners, days and places of the tasks on one page."""
        who.click(self.show(who), f"preview_page.{page}")
        assert who.submit(answers).outcome == "updated"

    def idle(self) -> None:
        self.app.web.outside.jobs.idle(soon=timedelta(seconds=30), timeout_seconds=60)

    def confirm(self) -> None:
        self.olivia.click(self.show(self.olivia), "audience")
        self.idle()
        self.olivia.click(self.olivia.view, "confirm_destination")

    def open(self) -> None:
        self.amir.click(self.show(self.amir), "open_tickets")
        self.idle()

    def sheet(self) -> Any:
        return self.app.web.services.partings.progress(self.team, self.parting.id)

    def progress(self) -> Any:
        return self.amir.find(BIRCH, "Parting from")

    def facts(self) -> Any:
        """What the letter has to say, as its drafter sees it."""
        return self.app.web.services.notices.of_client(self.team, self.app.member(AMIR), self.client.id).facts
