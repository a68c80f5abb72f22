"""Two clients that keep something from somebody, with a canary in every field that people fill."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.services.capture.notes import NewNote
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, OLIVIA
from rules.clients.client import Client, Contract
from rules.clients.stages import Origin, Stage
from rules.decisions.decision import Decision, Impact
from rules.decisions.plan import Action, ActionSide, Checkpoint, Concern, Plan
from rules.health.signal import Source
from rules.notices.notice import Notice
from rules.partings.parting import Parting
from tests.redteam.places import OURS
from tests.redteam.readers import Readers, canary

DECIDERS = frozenset({AMIR, OLIVIA})
NO_NAMES = str.maketrans("", "", '<>"')  # a name with Slack's own signs is refused wherever it comes in


@dataclass(frozen=True, kw_only=True)
class Case:
    """A client with all that hangs on it. `ids` are what somebody could have seen in an old button."""

    client: Client
    ids: dict[str, str]


class Archive:
    """Writes as the services would; what leads there has tests of its own."""

    def __init__(self, app: Any, readers: Readers, tail: str = "") -> None:
        """`tail` stands behind each canary."""
        self._app, self._readers, self._tail = app, readers, tail
        self._now = app.web.outside.clock.now()

    def hidden(self) -> Case:
        """Amir's client, shown to him and to the admins only, in every stage of its life at once."""
        return self._case("hidden", BIRCH, to_all=DECIDERS, visible_to=(AMIR,))

    def shown_to(self, people: tuple[str, ...], channel: str) -> Case:
        """Amir's client, shown to these and to the admins."""
        return self._case("shown", channel, to_all=frozenset({*people, OLIVIA}), visible_to=people)

    def decided(self) -> Case:
        """Everybody knows the client; that it is over is known to those who decide."""
        return self._case("decided", COBALT, to_all=OURS, visible_to=())

    def _case(self, code: str, channel: str, *, to_all: frozenset[str], visible_to: tuple[str, ...]) -> Case:
        def open_word(part: str) -> str:
            return self._readers.plant(canary(code, part), to_all) + self._tail

        def secret(part: str) -> str:
            return self._readers.plant(canary(code, part), DECIDERS) + self._tail

        name, alias = (open_word(part).translate(NO_NAMES)[:80].strip() for part in ("client", "alias"))
        client = self._app.add_client(name, channel, aliases=(alias,), owner=AMIR)
        note = self._note(client, open_word("note"))
        with self._app.web.outside.units.begin(self._app.team_id) as unit:
            client = replace(
                client,
                stage=Stage.DECIDED,
                visible_to=visible_to,
                contact_name=open_word("contact"),
                contract=Contract(reviewed=True, clause=open_word("clause")),
            )
            unit.clients.save(client)
            plan = self._plan(client, open_word)
            decision = self._decision(client, secret)
            unit.plans.save(plan)
            unit.decisions.save(decision)
            parting = self._app.web.services.partings.begin(unit, decision, client, AMIR, self._now)
            parting = replace(parting, amounts_owed=secret("owed"), referrals=secret("referrals"))
            unit.partings.save(parting)
            notice = self._notice(parting, secret)
            unit.notices.save(notice)
        ids = {"client": client.id, "note": note, "plan": plan.id, "decision": decision.id}
        return Case(client=client, ids=ids | {"parting": parting.id, "letter": notice.id})

    def _note(self, client: Client, word: str) -> str:
        asked = NewNote(
            client_id=client.id,
            type="late_payment",
            source=Source.FORM,
            happened_at=self._now,
            note=word,
            once=client.id,
        )
        return str(self._app.web.services.capture.log(self._app.team_id, self._app.member(AMIR), asked).signal.id)

    def _plan(self, client: Client, word: Any) -> Plan:
        action = Action(
            concern_id="c1",
            text=word("action"),
            side=ActionSide.OURS,
            owner_id=AMIR,
            due_on=self._now.date(),
            benchmark=word("benchmark"),
        )
        return Plan(
            id=f"pl-{client.id}",
            workspace_id=client.workspace_id,
            client_id=client.id,
            goal=word("goal"),
            concerns=(Concern(id="c1", text=word("concern")),),
            actions=(action,),
            checkpoints=(Checkpoint(due_on=self._now.date() + timedelta(days=14), note=word("checkpoint")),),
            started_at=self._now,
            started_by=AMIR,
            alternatives=word("alternatives"),
        )

    def _decision(self, client: Client, word: Any) -> Decision:
        seen = Impact(on_work=word("work"), on_business=word("business"), seen_by=AMIR, seen_at=self._now)
        return Decision(
            id=f"de-{client.id}",
            workspace_id=client.workspace_id,
            client_id=client.id,
            origin=Origin.OURS,
            opened_at=self._now,
            opened_by=AMIR,
            thought=word("thought"),
            reason=word("reason"),
            perspective=word("perspective"),
            our_part=word("ourpart"),
            impact=seen,
            skip_plan_reason=word("skip"),
            decided_at=self._now,
            decided_by=AMIR,
            confirmer_id=OLIVIA,
            confirmed_at=self._now,
            confirmed_by=OLIVIA,
        )

    def _notice(self, parting: Parting, word: Any) -> Notice:
        return Notice(
            id=f"no-{parting.id}",
            workspace_id=parting.workspace_id,
            client_id=parting.client_id,
            parting_id=parting.id,
            language="en",
            subject=word("subject"),
            body=word("letter"),
            facts_digest="",
            drafted_by=AMIR,
            drafted_at=self._now,
        )

    def state(self, case: Case, *, whole: bool) -> list[Any]:
        """What forged requests must not change: all of it, or what belongs to the decision."""
        with self._app.web.outside.units.read(self._app.team_id) as unit:
            parting = unit.partings.get(case.ids["parting"])
            secret = [unit.decisions.get(case.ids["decision"]), parting, unit.notices.of_parting(parting.id)]
            if not whole:
                return secret
            return [
                *secret,
                unit.clients.get(case.client.id),
                unit.plans.get(case.ids["plan"]),
                unit.signals.history(case.client.id, 100),
            ]
