"""An agency's own weights and limits: of the catalogue's shape, and said wherever they judge."""

from __future__ import annotations

from dataclasses import fields

import pytest

from rules.errors import InvalidError
from rules.health.catalogue import load_catalogue, own_catalogue
from rules.health.formula.v2 import version
from rules.health.limits import Limits


def test_own_figures_take_the_place_of_ours_and_all_else_stays() -> None:
    """And the formula's name says that they are the agency's own."""
    ours = load_catalogue()
    own = own_catalogue("[types.late_payment]\nweight = 6\nhalf_life_days = 30\n[limits]\nweek = 40\n")
    paid, week = own.type("late_payment"), own.limits.week
    assert (paid.weight_tenths, paid.half_life_days, week, own.limits.date) == (60, 30, 400, ours.limits.date)
    assert own.type("disrespect") == ours.type("disrespect")
    assert (version(ours), version(own).startswith("v2 own-")) == ("v2", True)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[types.sorcery]\nweight = 1", "sorcery"),
        ("[types.abuse]\nlasting = false", "abuse"),
        ("[types.abuse]\nweight = -1", "abuse"),
        ("[limits]\nweek = 'much'", "week"),
        ("[limits]\nyear = 3", "year"),
        ("[limits]\nlateness = [[14, 0.4], [3, 0.1]]", "lateness"),
        ("[bands]\nwatch = 3", "bands"),
        ("weight = ", "TOML"),
    ],
)
def test_a_wrong_file_is_named_with_what_to_write(text: str, named: str) -> None:
    """Before anything starts to judge by it."""
    with pytest.raises(InvalidError) as caught:
        own_catalogue(text)
    assert named in caught.value.sentence


def test_the_limits_are_those_that_were_decided() -> None:
    """Each is a judgement: whoever changes one changes what every client's number says."""
    limits = load_catalogue().limits
    assert {each.name: getattr(limits, each.name) for each in fields(Limits)} == {
        "date": 200,
        "week": 300,
        "gut": 50,
        "voice": 300,
        "praise": 100,
        "praise_voice": 50,
        "cover": 2.0,
        "repeat": 0.25,
        "repeat_most": 4.0,
        "repeat_days": 180,
        "together_days": 14,
        "lateness": ((3, 0.15), (14, 0.4), (30, 0.8)),
        "latest": 1.3,
    }
