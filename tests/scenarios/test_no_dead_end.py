"""No optional field left empty leads to a dead end: from `/client add` to an approved letter and a closed parting."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR
from rules.clients.stages import Origin
from rules.notices.notice import NoticeStatus
from rules.workdays import day_name
from tests.scenarios.walkers import FILLED, OPEN, ORIGIN, Route, Walker, every_route, routes

FIELDS = [name for name, value in FILLED.items() if value is not None] + list(OPEN)
# What stands on one screen, as far as people see it: each form's own fields, and what is listed on the way.
SCREENS = (
    *(tuple(field for field in FIELDS if field.startswith(f"{form}."))
      for form in ("form_add_client", "form_contract", "form_contacts", "form_retro", "form_talk", "form_consider",
                   "form_decide", "form_deliverable")),
    ("form_terms.deliverables", "form_terms.referrals", *OPEN),
)  # fmt: skip
# What the letter and the close depend on.
DECISIVE = (
    "form_add_client.contact_name", "form_contract.notice_length", "form_contract.clause", "form_terms.deliverables",
    "sum", "item",
)  # fmt: skip
NAMES = (
    "Alder", "Blackthorn", "Cypress", "Dogwood", "Eucalyptus", "Foxglove", "Gooseberry", "Hawthorn", "Ironbark",
    "Juniper", "Katsura", "Laburnum", "Mulberry", "Nutmeg", "Oleander", "Persimmon", "Quince", "Redwood",
)  # fmt: skip
DAY = timedelta(days=1)


def walk(app: Any, ways: list[Route]) -> list[Walker]:
    """All of them side by side, since the days between are the same for all."""
    walkers = [Walker(app, name, route) for name, route in zip(NAMES, ways, strict=False)]
    app.agency.olivia.home()
    app.agency.dana.home()
    for each in walkers:
        each.add()
        each.note(app.agency.amir, "paid three weeks late again")
    app.world.move_clock(2 * DAY)
    for each in walkers:
        each.note(app.agency.dana, "changed the scope again without paying for it")
    app.world.move_clock(2 * DAY)
    for each in walkers:
        each.decide()
        each.prepare()
        each.follow()
    app.web.outside.jobs.idle(soon=timedelta(seconds=30), timeout_seconds=60)
    for each in walkers:
        assert each.follow() == {"last_day"}
    app.world.move_clock(120 * DAY)
    for each in walkers:
        each.close()
    return walkers


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Pairs, in two parts for two workers; with `--full` whole products: of each screen, of what decides."""
    if "ways" in metafunc.fixturenames:
        full = metafunc.config.getoption("--full")
        chosen = routes(FIELDS) + (every_route(DECISIVE, SCREENS) if full else [])
        size = len(NAMES) if full else (len(chosen) + 1) // 2
        parts = [chosen[start : start + size] for start in range(0, len(chosen), size)]
        metafunc.parametrize("ways", parts, ids=[f"part{number}" for number, _ in enumerate(parts)])


def test_whatever_is_left_empty_leads_to_where_it_is_completed(app: Any, ways: list[Route]) -> None:
    """CN01, CN04, NE04-NE07, HO11: every two optional fields, filled and empty, with every origin; buttons only."""
    walkers = walk(app, ways)
    met = set().union(*(each.met for each in walkers))
    assert {str(each.route): each.ends() for each in walkers} == {str(way): ("received", "closed") for way in ways}
    assert {name for way in ways for name in way.filled if "." in name} <= met <= set(FILLED)


def test_every_two_fields_meet() -> None:
    """The set is small, and yet no pair of optional fields and no origin is left out, filled or empty."""
    seen = set()
    for way in routes(FIELDS):
        row = {ORIGIN: way.origin, **{each: each in way.filled for each in FIELDS}}
        seen |= {frozenset(pair) for pair in combinations(row.items(), 2)}
    assert len(routes(FIELDS)) < len(NAMES)
    assert len(seen) == len(Origin) * 2 * len(FIELDS) + 4 * len(list(combinations(FIELDS, 2)))


def test_each_screen_is_filled_in_in_every_way() -> None:
    """The long walk leaves out no combination of what stands on a screen, nor of what decides, with any origin."""
    chosen = every_route(DECISIVE, SCREENS)
    met = {
        fields: {(way.origin, tuple(each in way.filled for each in fields)) for way in chosen}
        for fields in (DECISIVE, *SCREENS)
    }
    assert {field for screen in SCREENS for field in screen} == set(FIELDS)
    assert {fields: len(seen) for fields, seen in met.items()} == {
        fields: len(Origin) * 2 ** len(fields) for fields in (DECISIVE, *SCREENS)
    }
    assert len(chosen) == len(Origin) * 2 ** len(DECISIVE)


def test_a_letter_that_waited_too_long_says_which_day_can_be_kept(app: Any) -> None:
    """CN05: four weeks after the draft its last day can't be kept: review and sending say so, with the way out."""
    month = {"form_contract.notice_length", "form_contract.clause", "form_add_client.contact_name"}
    walker = Walker(app, "Elm Works", Route(Origin.NOBODYS_FAULT, frozenset(month)))
    walker.add()
    app.world.move_clock(4 * DAY)
    app.agency.olivia.home()
    app.agency.dana.home()
    walker.decide()
    walker.show("parting")
    walker.press("told")
    walker.fill()
    walker.write()
    named = walker.parting().last_day
    app.world.move_clock(28 * DAY)
    walker.show("letter")
    late = str(walker.amir.view)
    walker.press("choose_last_day.days")
    walker.amir.submit({"kind": "by_notice"})
    chosen = walker.parting().last_day
    plan = str(walker.amir.view)
    walker.show("parting")
    card = str(walker.amir.view)
    with app.web.outside.units.read(app.team_id) as unit:
        moved = next(each for each in unit.audit.newest(20) if each.action == "last day moved")
    walker.show("letter")

    today: date = app.world.now().date()
    assert ("can't be kept any more" in late, "choose_last_day.days" in str(walker.amir.view)) == (True, False)
    assert named < today <= chosen
    who = f"<@{AMIR}> moved the last day on {day_name(today)}, from {day_name(named)} to {day_name(chosen)}."
    assert (who in plan, who in card) == (True, True)
    assert (moved.actor_id, moved.details) == (AMIR, f"from {day_name(named)} to {day_name(chosen)}")
    assert f"{chosen.day} {chosen:%B %Y}" in walker.letter().body
    assert walker.letter().status is NoticeStatus.DRAFT
