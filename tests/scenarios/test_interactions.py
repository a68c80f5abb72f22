"""How many interactions people need for what a parting waits for: a command, a click and a form sent are one each.

The steps before this was worked on stand beside those of today. They are counted on that commit by this same file:

    git worktree add ../before 99bc306 && cp tests/scenarios/test_interactions.py ../before/tests/scenarios/
    python=$PWD/.venv/bin/python && cd ../before
    AMICABLE_COUNTED=before $python -m pytest tests/scenarios/test_interactions.py
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, BIRCH
from rules.clients.client import Contract
from rules.clients.stages import Origin, Stage
from tests.scenarios.parting_office import CLIENT, Office

# Who, and what: `/verb` is a command on the client, `send` the form on top, all else a button.
Steps = tuple[tuple[str, str], ...]
BEFORE: Mapping[str, Steps] = {
    "confirm": (("olivia", "open_client"), ("olivia", "consider"), ("olivia", "confirm"), ("olivia", "send")),
    "open": (
        ("olivia", "/parting"), ("olivia", "audience"), ("olivia", "confirm_destination"), ("olivia", "/parting"),
        ("olivia", "open_tickets"),
    ),
    "letter": (
        ("amir", "/letter"), ("amir", "draft_letter"), ("amir", "submit_letter"),
        ("olivia", "/letter"), ("olivia", "approve_letter"),
    ),
    "close": (("amir", "/close"), ("amir", "close_now"), ("amir", "send")),
}  # fmt: skip
NOW: Mapping[str, Steps] = {
    "note": (("dana", "/redflag"),),
    "reaction": (("dana", "react"),),
    "confirm": (("olivia", "confirm"), ("olivia", "send")),
    "open": (("olivia", "/parting"), ("olivia", "open_tickets"), ("olivia", "confirm_destination")),
    "tickets": (("olivia", "/parting"), ("olivia", "open_tickets")),
    # One more than before: whoever approves answers from the letter.
    "letter": (
        ("amir", "/letter"), ("amir", "draft_letter"), ("amir", "submit_letter"),
        ("olivia", "letter"), ("olivia", "approve_letter"), ("olivia", "send"),
    ),
    # Two more than a letter whose facts are all there; before, such a letter was never approved.
    "letter without its clause": (
        ("amir", "/letter"), ("amir", "draft_letter"), ("amir", "client_contract"), ("amir", "send"),
        ("amir", "submit_letter"), ("olivia", "letter"), ("olivia", "approve_letter"), ("olivia", "send"),
    ),
    "close": (("amir", "/close"), ("amir", "close_now"), ("amir", "send")),
}  # fmt: skip
# What each may take at most. A letter is read before it is approved, which takes what it took before and one more.
MOST = {
    "note": 1, "reaction": 2, "confirm": 2, "open": 3, "tickets": 2, "letter": 6, "letter without its clause": 8,
    "close": 3,
}  # fmt: skip
COUNTED = BEFORE if os.environ.get("AMICABLE_COUNTED") == "before" else NOW


def units(office: Office) -> Any:
    """Where they are kept today, and where they were."""
    return getattr(office.app.web, "outside", office.app.web).units


def ask_to_confirm(office: Office) -> Callable[[], bool]:
    """Amir has decided, and Olivia has not confirmed it yet."""
    with units(office).begin(office.team) as unit:
        asked = replace(
            unit.decisions.get("de-1"), origin=Origin.NATURAL_FADE, decided_at=office.app.world.now(), decided_by=AMIR,
            confirmed_at=None, work_finished=True, all_paid=True,
        )  # fmt: skip
        unit.decisions.save(asked)
        unit.clients.save(replace(unit.clients.lock(office.client.id), stage=Stage.CONSIDERING))
        parting = unit.partings.lock(office.parting.id)
        unit.partings.save(replace(parting, state=type(parting.state)("stopped")))
    return lambda: _decision(office).confirmed_at is not None


def told(office: Office) -> Callable[[], bool]:
    office.tell()
    office.settle_terms()
    return lambda: _letter(office) == "approved"


def told_without_a_clause(office: Office) -> Callable[[], bool]:
    with units(office).begin(office.team) as unit:
        unit.clients.save(replace(unit.clients.lock(office.client.id), contract=Contract(reviewed=True)))
    return told(office)


def watched(office: Office) -> Callable[[], bool]:
    """A client whose channel is known; nobody has said anything of them yet."""

    def is_noted() -> bool:
        with units(office).read(office.team) as unit:
            return bool(unit.signals.history(office.client.id, 1))

    return is_noted


def seen_before(office: Office) -> Callable[[], bool]:
    """Who reads the tracker was looked at and agreed to, as it is once for each."""
    office.tell()
    office.confirm()
    office.idle()
    return lambda: bool(office.sheet().tasks)


def proposed(office: Office) -> Callable[[], bool]:
    office.tell()
    office.idle()
    return lambda: bool(office.sheet().tasks)


def handed_over(office: Office) -> Callable[[], bool]:
    """Everything that a close asks for is there; before, it asked for nothing but the task."""
    told(office)
    office.choose("checklist")
    office.open()
    office.app.press(office.amir, office.show(office.amir), "task_done")
    office.idle()
    if COUNTED is NOW:
        office.over()
    return lambda: office.sheet().parting.state == "closed"


READY = {
    "note": watched,
    "reaction": watched,
    "tickets": seen_before,
    "confirm": ask_to_confirm,
    "open": proposed,
    "letter": told,
    "letter without its clause": told_without_a_clause,
    "close": handed_over,
}


def take(office: Office, who: str, what: str) -> None:
    person = getattr(office, who)
    if what == "react":
        person.react(BIRCH, person.say(BIRCH, "Their brief came at five again"), "snail")
    elif what == "/redflag":
        assert person.command("/redflag", "paid late", channel=BIRCH).error == ""
    elif what.startswith("/"):
        assert person.command("/client", f"{CLIENT} {what[1:]}").error == ""
    elif what == "send":
        outcome = person.submit(answers(office, person.view))
        assert outcome.outcome != "errors", outcome
    else:
        place = person.view or person.home()
        shown = [action for action in _buttons(place) if action.partition(".")[0] == what]
        assert shown, (what, _buttons(place))
        assert person.click(place, shown[0]).error == ""
    office.idle()


def answers(office: Office, view: Any) -> Mapping[str, Any]:
    """What has to stand in a form that can't be sent as it is."""
    if view["callback_id"] == "form_read_letter":
        # Letters were not read blindly before, and there was no such module.
        from tests.scenarios.second_readers import right_answers  # noqa: PLC0415 - only where it is there

        return right_answers(view, office.facts())
    known: dict[str, dict[str, Any]] = {
        "form_client_contract": {"answer": "reviewed", "clause_silent": ["yes"]},
        "form_close": {"way": "mail"},
    }
    return known.get(view["callback_id"], {})


def _buttons(place: Any) -> list[str]:
    blocks = place["blocks"] if isinstance(place, dict) else place.blocks
    found = [each for block in blocks for each in (block.get("accessory"), *block.get("elements", ()))]
    return [each["action_id"] for each in found if isinstance(each, dict) and each.get("type") == "button"]


def _decision(office: Office) -> Any:
    with units(office).read(office.team) as unit:
        return unit.decisions.get("de-1")


def _letter(office: Office) -> str:
    with units(office).read(office.team) as unit:
        letter = unit.notices.of_parting(office.parting.id)
        return letter.status.value if letter else ""


@pytest.mark.parametrize("stage", list(COUNTED))
def test_it_takes_so_many_interactions(app: Any, stage: str) -> None:
    """Each step is on the screen when its turn comes, the last one is what does it, and there are no others.

    A way that grows is not done by then, and steps that are added here are more than it may take.
    """
    office = Office(app)
    is_done = READY[stage](office)
    taken = 0
    for who, what in COUNTED[stage]:
        assert not is_done()
        take(office, who, what)
        taken += 1

    assert is_done()
    assert COUNTED is BEFORE or taken <= MOST[stage]
