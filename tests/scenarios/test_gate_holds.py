"""No row of clicks, waits, merges, lists, roles and races reaches `decided` but by the gate (FG09, FG19, DC03)."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, DANA, OLIVIA
from rules.clients.stages import Stage
from tests.scenarios.gatecrashers import ANSWERS, EMPTY, Siege, acts

Acts = list[tuple[Any, ...]]

SEEN: Acts = [("note", DANA, "money"), ("wait", 24), ("note", AMIR, "respect")]
ANSWERED: Acts = [("consider", AMIR), *(("answer", AMIR, check) for check in ANSWERS)]
DECIDED: Acts = [("open", AMIR, "decide"), ("send", AMIR)]
CONFIRMED: Acts = [("open", OLIVIA, "confirm"), ("send", OLIVIA)]
WAITED: Acts = [("wait", 49)]
ALONE: Acts = [("note", AMIR, "money"), ("wait", 24), ("note", AMIR, "respect")]


def run(app: Any, acts: Acts) -> Siege:
    siege = Siege(app)
    for act in acts:
        siege.act(*act)
        if siege.confirmed():
            break
    return siege


def partings(siege: Siege) -> int:
    with siege.app.web.outside.units.read(siege.app.team_id) as unit:
        return sum(each.client_id == siege.client.id for each in unit.partings.all())


@pytest.mark.both_ways
@pytest.mark.parametrize(
    "last",
    [CONFIRMED, [("open", OLIVIA, "confirm"), ("open", AMIR, "confirm"), ("send_at_once", OLIVIA, AMIR)]],
    ids=["one", "two at once"],
)
def test_the_way_through_the_gate_is_open_to_whoever_meets_it(app: Any, last: Acts) -> None:
    """Otherwise what follows would hold of a gate that never opens; two who press at once begin one parting."""
    siege = run(app, [*SEEN, *ANSWERED, *WAITED, *DECIDED, *last])

    assert (siege.confirmed() is not None, partings(siege)) == (True, 1), siege.done
    assert siege.missing() == []


@pytest.mark.parametrize(
    "tried",
    {
        "one day": [("note", DANA, "money"), ("note", AMIR, "respect"), *ANSWERED, *WAITED],
        "one kind": [("note", DANA, "money"), ("wait", 24), ("note", AMIR, "money"), *ANSWERED, *WAITED],
        "one person": [*ALONE, *ANSWERED, *WAITED],
        "a team that was named small": [*ALONE, ("team", AMIR), *ANSWERED, *WAITED],
        "shown to one only": [*ALONE, ("show_only_to", AMIR), *ANSWERED, *WAITED],
        "a list in everybody's name": [("import",), ("wait", 24), *ANSWERED, *WAITED],
        "a list beside one's own": [("import",), ("wait", 24), ("note", AMIR, "respect"), *ANSWERED, *WAITED],
        "colleagues who left": [*ALONE, ("leave", DANA), *ANSWERED, *WAITED],
        "notes about another client": [
            ("note_elsewhere", DANA, "money"),
            *ALONE,
            *ANSWERED,
            *WAITED,
            ("merge", "elm"),
            ("merge", "oak"),
        ],
        "dots for answers": [
            *SEEN,
            ("consider", AMIR),
            *(("answer", AMIR, check, EMPTY) for check in ("perspective", "impact", "skip_plan")),
            ("answer", AMIR, "contract"),
            *WAITED,
        ],
        "no second day": [*SEEN, *ANSWERED],
        "dropped and taken up anew": [*SEEN, *ANSWERED, *WAITED, ("drop", AMIR), *ANSWERED],
    }.items(),
    ids=lambda each: each[0].replace(" ", "-"),
)
def test_no_trick_gets_past_the_gate(app: Any, tried: tuple[str, Acts]) -> None:
    """Every button is pressed by both people who decide, drawn or forged; nothing begins."""
    siege = run(app, [*tried[1], *DECIDED, ("open", OLIVIA, "decide"), ("send", OLIVIA), *CONFIRMED])

    assert (siege.confirmed(), partings(siege)) == (None, 0), siege.done
    assert {"form_decide", "form_confirm"} <= set(siege.sent)


@pytest.mark.parametrize(
    "between",
    {
        "a note is taken back": [("take_back",), ("take_back",)],
        "the reader no longer decides": [("deciders",)],
        "the reader has left": [("leave", DANA)],
        "it is dropped": [("drop", AMIR)],
    }.items(),
    ids=lambda each: each[0].replace(" ", "-"),
)
def test_a_form_that_was_open_before_confirms_nothing(app: Any, between: tuple[str, Acts]) -> None:
    """Dana may confirm when she opens the form; what has changed since then counts, not what she has on screen."""
    opened = [("deciders", DANA), *DECIDED, ("open", DANA, "confirm")]
    siege = run(app, [*SEEN, *ANSWERED, *WAITED, *opened, *between[1], ("send", DANA)])

    assert siege.confirmed() is None, siege.done
    assert partings(siege) == 0


def test_whoever_ends_up_alone_waits_for_the_silent_ones_all_the_same(app: Any) -> None:
    """Everybody else left after the decision: a second look of one's own a day later would be nobody else's word."""
    alone: Acts = [("show_only_to", AMIR), ("leave", OLIVIA), ("wait", 25), ("open", AMIR, "confirm"), ("send", AMIR)]
    siege = run(app, [*SEEN, *ANSWERED, *WAITED, *DECIDED, *alone])
    early = siege.confirmed()
    for act in [("wait", 24 * 5), *alone[-2:]]:
        siege.act(*act)

    assert (early, siege.confirmed() is not None, partings(siege)) == (None, True, 1), siege.done


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_do_in_whatever_order(app: Any, seed: int) -> None:
    """By chance; where one row gets through, a plain reading of the rules finds nothing missing."""
    way = [*SEEN, *ANSWERED, *WAITED, *DECIDED, *CONFIRMED]
    siege = run(app, list(acts(Random(seed), way)))  # noqa: S311 - an order of clicks, no secret
    found = (siege.missing() if siege.confirmed() else [], partings(siege), siege.stage())

    assert found == (([], 1, Stage.DECIDED) if siege.confirmed() else ([], 0, siege.stage())), siege.done
    assert siege.confirmed() or siege.stage() not in {Stage.DECIDED, Stage.TOLD}
