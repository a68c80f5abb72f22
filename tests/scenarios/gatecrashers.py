"""People who try to part from a client without meeting what the gate asks, and a plain reading of what it asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from threading import Barrier, Thread
from typing import Any

import pytest

from bot.services.imports.rows import Line, RowKind
from bot.services.imports.tally import Tally
from bot.services.team.roles import Naming
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, DANA, OLIVIA
from rules.clients.client import Client
from rules.clients.stages import Stage
from rules.decisions.decision import Decision
from rules.errors import AmicableError
from rules.health.signal import Severity, Side, Signal, Source, State

FLAGS = {
    "money": "They paid three weeks late again",
    "respect": "They were rude to Dana in the review",
    "scope": "They want extra pages for free",
    "gut": "I have a bad feeling about them",
}
ANSWERS: dict[str, dict[str, Any]] = {
    "perspective": {"perspective": "They are short of cash.", "our_part": "We never said no.", "owed": "A call."},
    "impact": {"on_work": "Evenings come back.", "on_business": "A tenth of the income goes."},
    "contract": {"answer": "reviewed", "notice_length": "30"},
    "skip_plan": {"reason": "Two plans have failed in the last year."},
}
EMPTY = "..."
DETOURS, LEFT_OUT = 0.35, 0.03


@dataclass
class Siege:
    """One client, and whatever people do in the real app to part from it; a refusal is no fault.

    `sent` are the forms that were sent, `teams` the sizes of the client's team that anybody could have seen so far.
    """

    app: Any
    sent: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    teams: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        agency = self.app.agency
        self.people = {AMIR: agency.amir, OLIVIA: agency.olivia, DANA: agency.dana}
        self.client: Client = self.app.add_client("Elm Street", BIRCH, owner=AMIR)
        self.other: Client = self.app.add_client("Oak Lane", COBALT, owner=AMIR)
        self.app.sweep(timedelta(minutes=1))  # reads the team
        self._look()

    # --- acts --------------------------------------------------------------------------------------------------------

    def act(self, name: str, *told: Any) -> None:
        self.done.append(" ".join([name, *map(str, told)]))
        with suppress(AmicableError):
            getattr(self, f"do_{name}")(*told)
        self._look()

    def do_note(self, who: str, what: str) -> None:
        self.people[who].command("/redflag", f"Elm Street {FLAGS[what]}")

    def do_note_elsewhere(self, who: str, what: str) -> None:
        self.people[who].command("/redflag", f"Oak Lane {FLAGS[what]}")

    def do_take_back(self) -> None:
        """The newest note, by whoever wrote it."""
        live = [each for each in self.signals() if each.state is State.LIVE and each.reporter_id in self.people]
        if live:
            self.app.web.services.capture.withdraw(self.app.team_id, self.app.member(live[0].reporter_id), live[0].id)

    def do_wait(self, hours: int) -> None:
        self.app.sweep(timedelta(hours=hours))

    def do_import(self) -> None:
        """A list of old notes in everybody's name, as anybody could type it."""
        today = self.app.world.now().date()
        rows = [
            {"client": "Elm Street", "type": kind, "date": (today - timedelta(days=days)).isoformat(), "who": who}
            for kind, days, who in (
                ("late_payment", 40, "amir@agency.example"),
                ("disrespect", 20, "dana@agency.example"),
                ("scope_creep", 9, "olivia@agency.example"),
            )
        ]
        opened = self.app.web.services.imports.open(self.app.team_id, self.app.member(OLIVIA), {})
        tally = Tally(tell=lambda _number, sentence: pytest.fail(sentence))
        opened.begin()
        opened.take(RowKind.NOTES, [Line(number=n, cells=row) for n, row in enumerate(rows, 2)], tally)
        opened.end([(RowKind.NOTES, len(rows))])

    def do_consider(self, who: str) -> None:
        person = self.people[who]
        person.command("/client", "Elm Street consider")
        self._submit(who, "form_consider", origin="ours", thought="We dread every call.")

    def do_answer(self, who: str, check: str, words: str = "") -> None:
        """By the button beside the check, or by one that is long gone from the screen."""
        person, decision = self.people[who], self.decision()
        if decision is None:
            return
        person.command("/client", "Elm Street consider")
        if person.view is None:
            return
        action = f"{check}.plan" if check == "skip_plan" else f"{check}.{check}"
        person.click(person.view, action, value=decision.id, forge=True)
        answers = dict.fromkeys(ANSWERS[check], words) if words else ANSWERS[check]
        self._submit(who, f"form_{check}", **answers)

    def do_open(self, who: str, action: str) -> None:
        """The form to decide or confirm, drawn or forged; it stays open while others act."""
        decision = self.decision()
        if decision is None:
            return
        self.people[who].command("/client", "Elm Street consider")
        if self.people[who].view is not None:
            self.people[who].click(self.people[who].view, action, value=decision.id, forge=True)

    def do_send(self, who: str) -> None:
        """Whatever form to decide or confirm is open on their screen, however old."""
        self._submit(who, "form_decide", reason="Respect is gone.", name="Elm Street")
        self._submit(who, "form_confirm")

    def do_send_at_once(self, *who: str) -> None:
        """Several people press the same button in the same moment."""
        start = Barrier(len(who))

        def send(person: str) -> None:
            start.wait()
            self.do_send(person)

        threads = [Thread(target=send, args=(each,)) for each in who]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def do_drop(self, who: str) -> None:
        self.do_open(who, "drop_decision")
        self._submit(who, "form_drop_decision", reason="They said sorry.")

    def do_merge(self, stays: str) -> None:
        kept, gone = (self.client, self.other) if stays == "elm" else (self.other, self.client)
        self.app.web.services.merges.merge(self.app.team_id, self.app.member(OLIVIA), kept.id, gone.id)

    def do_team(self, *who: str) -> None:
        """Who works with them, by the client's settings."""
        olivia = self.people[OLIVIA]
        card = olivia.command("/client", "Elm Street")
        olivia.choose(card.messages[-1], "open_verb.more", "Settings")
        self._submit(OLIVIA, "form_client_settings", team=list(who))

    def do_show_only_to(self, *who: str) -> None:
        self.app.restrict(self.client, who)

    def do_deciders(self, *who: str) -> None:
        roles, olivia = self.app.web.services.roles, self.app.member(OLIVIA)
        drawn = frozenset(each.id for each in roles.roles(self.app.team_id, olivia).deciders)
        nobody = Naming(drawn=frozenset(), chosen=frozenset())
        roles.name(self.app.team_id, olivia, nobody, Naming(drawn=drawn, chosen=frozenset(who)))

    def do_leave(self, who: str) -> None:
        self.app.world.slack.change_person(who, deleted=True)
        self.app.settle()

    def do_come_back(self, who: str) -> None:
        self.app.world.slack.change_person(who, deleted=False)
        self.app.settle()

    def _submit(self, who: str, form: str, **answers: Any) -> None:
        person = self.people[who]
        if person.view is not None and person.view["callback_id"] == form:
            person.submit(answers)
            self.sent.append(form)
            person.close()

    # --- what came of it ---------------------------------------------------------------------------------------------

    def signals(self) -> list[Signal]:
        """Newest first."""
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            found: list[Signal] = unit.signals.history(self.client.id, 200)
        return found

    def decision(self) -> Decision | None:
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            found: Decision | None = unit.decisions.current(self.client.id)
        return found

    def stage(self) -> Stage:
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            found: Stage = unit.clients.get(self.client.id).stage
        return found

    def confirmed(self) -> Decision | None:
        decision = self.decision()
        return decision if decision and decision.confirmed_at else None

    def missing(self) -> list[str]:
        """What a plain reading of the rules finds missing in a decision that was confirmed this moment."""
        decision = self.confirmed()
        assert decision is not None
        return [name for name, holds in self._asked(decision) if not holds]

    def _asked(self, decision: Decision) -> Iterator[tuple[str, bool]]:
        assert decision.decided_at is not None
        assert decision.confirmed_at is not None
        flags = [
            each
            for each in self.signals()
            if each.side is Side.THEIRS and each.state is State.LIVE and each.type != "unsorted"
        ]
        own = [each for each in flags if each.source is not Source.IMPORT]
        listed = sorted(each.logged_at for each in flags if each not in own)[:1]
        written = sorted([each.logged_at for each in own] + listed)
        eyes = {each.reporter_id for each in own} | {w for each in flags for w in each.witness_ids}
        kinds = {each.type for each in flags} - {"gut"}
        yield "dates", len({each.happened_on for each in flags}) >= 2
        yield "logged", len(written) > 1 and written[-1] - written[0] >= timedelta(hours=20)
        yield "categories", len(kinds) >= 2
        yield "reporters", len(eyes or listed) >= min(2, max(self.teams))
        yield "pinks", any(each.severity is Severity.RED for each in flags) or len(flags) >= 5
        yield "answers", EMPTY not in {decision.perspective, decision.our_part, decision.owed} and bool(decision.impact)
        yield "plan", decision.skip_plan_reason not in {"", EMPTY}
        yield "contract", self._contract_reviewed()
        yield "time", decision.confirmed_at - decision.opened_at >= timedelta(hours=48)
        waited = decision.confirmed_at - decision.decided_at
        yield "two people", decision.confirmed_by != decision.decided_by or waited >= timedelta(days=3)

    def _contract_reviewed(self) -> bool:
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            return bool(unit.clients.get(self.client.id).contract.reviewed)

    def _look(self) -> None:
        """How many of ours are in the client's channel, or named on its card, right now."""
        slack = self.app.world.slack.workspace
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            named = unit.clients.get(self.client.id).team_ids
        here = [each for each in named or self.people if not slack.person(each).deleted]
        self.teams.append(len({*here, AMIR}))


def acts(chance: Random, way: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The way through the gate with some of its steps left out, and between them whatever could take their place."""
    for step in way:
        while chance.random() < DETOURS:
            yield _detour(chance)
        if chance.random() > LEFT_OUT:
            yield step


def _detour(chance: Random) -> tuple[Any, ...]:
    who, what, decides = (
        chance.choice((AMIR, OLIVIA, DANA)),
        chance.choice(sorted(FLAGS)),
        chance.choice((AMIR, OLIVIA)),
    )
    return chance.choice(
        (
            ("note", who, what),
            ("note_elsewhere", who, what),
            ("take_back",),
            ("import",),
            ("wait", chance.choice((1, 21, 49, 80))),
            ("answer", decides, chance.choice(("perspective", "impact", "skip_plan")), EMPTY),
            ("answer", decides, chance.choice(sorted(ANSWERS))),
            ("open", who, chance.choice(("decide", "confirm"))),
            ("send", who),
            ("send_at_once", AMIR, OLIVIA),
            ("drop", decides),
            ("merge", chance.choice(("elm", "oak"))),
            chance.choice((("team", AMIR), ("team", AMIR, DANA), ("team",))),
            chance.choice((("show_only_to", AMIR), ("show_only_to", AMIR, DANA), ("show_only_to",))),
            chance.choice((("deciders",), ("deciders", DANA), ("deciders", AMIR, DANA))),
            chance.choice((("leave", DANA), ("come_back", DANA))),
        )
    )
