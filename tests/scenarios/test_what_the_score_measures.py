"""What counts and how much, as `/client` shows it: warnings, facts, hunches, our side, and how they used to be."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, BIRCH, COBALT, VOLT

CLIENT = "Birch & Barrow"
LINE = re.compile(r"^`(?P<points>[+-]?\d+\.\d)` · \*(?P<what>[^*]+)\*")


class Ledger:
    """Amir's clients, and what Dana notes about them."""

    def __init__(self, front: Any) -> None:
        self.front, self.amir, self.dana = front, front.agency.amir, front.agency.dana
        self.channels = iter((BIRCH, COBALT, VOLT))
        self.add(CLIENT)

    def add(self, name: str) -> str:
        self.front.add_client(name, next(self.channels), owner=AMIR)
        return name

    def note(self, words: str, name: str = CLIENT, days: int = 3, command: str = "/redflag") -> str:
        """What is said back; afterwards some days pass."""
        said = str(self.dana.command(command, f"{name} {words}").text)
        self.wait(days)
        return said

    def form(self, kind: str, severity: str, days: int = 3) -> None:
        self.dana.command("/redflag", "", channel=BIRCH)
        self.dana.choose(self.dana.view, "note_type", kind)
        self.dana.submit({"severity": severity})
        self.wait(days)

    def wait(self, days: int) -> None:
        self.front.world.move_clock(timedelta(days=days))

    def why(self, name: str = CLIENT) -> list[str]:
        self.dana.command("/client", f"{name} why")
        return [block["text"]["text"] for block in self.dana.view["blocks"] if block["type"] == "section"]

    def points(self, name: str = CLIENT) -> dict[str, float]:
        """What each kind of note costs by itself today."""
        found = [LINE.match(text) for text in self.why(name)]
        return {each["what"]: float(each["points"]) for each in found if each}

    def band(self, name: str = CLIENT) -> str:
        """The first line: number and band."""
        return self.why(name)[0].rpartition("* · ")[2]


@pytest.fixture
def ledger(front: Any) -> Ledger:
    return Ledger(front)


def test_small_warnings_cost_less_and_reach_the_owner_before_they_are_red(ledger: Ledger) -> None:
    """RF33: pink or red is asked in the form; the same thing in pink costs half at most, and is news all the same."""
    ledger.dana.command("/redflag", "", channel=BIRCH)
    asked = json.dumps(ledger.dana.view)
    ledger.dana.close()
    ledger.form("disrespect", "red", days=0)
    red = ledger.points()["Showed little respect"]
    other = ledger.add("Cobalt Works")
    ledger.dana.command("/redflag", "", channel=COBALT)
    ledger.dana.choose(ledger.dana.view, "note_type", "disrespect")
    ledger.dana.submit({"severity": "pink"})
    pink = ledger.points(other)["Showed little respect"]
    ledger.dana.command("/client", f"{other} history")

    assert ("How bad?" in asked, '"pink"' in asked, '"red"' in asked) == (True, True, True)
    assert red <= 2 * pink < 0
    assert "red flag, pink" in json.dumps(ledger.dana.view)


def test_one_disagreement_is_no_red_flag_and_a_pattern_is(ledger: Ledger) -> None:
    """HS09: a number needs more than one day; once makes no band, and the same again costs more than before."""
    first = ledger.note("rejected our advice on the logo", days=0)
    early = ledger.band()
    once = ledger.points()["Keeps rejecting our advice"]
    ledger.wait(2)
    ledger.note("rejected our advice on the colours", days=2)
    ledger.note("rejected our advice on the font", days=0)
    each = [float(m["points"]) for m in map(LINE.match, ledger.why()) if m and "advice" in m["what"]]

    assert ("too early to say" in first, "too early to say" in early) == (True, True)
    assert "too early" not in ledger.band()
    assert min(each) < once
    assert "consider" not in ledger.band()


def test_facts_weigh_more_than_impressions_and_a_hunch_says_that_it_is_one(ledger: Ledger) -> None:
    """HS12, RF41, FG11: as red as a mood, a late payment outweighs it; eight hunches cost five points at most."""
    ledger.form("late_payment", "red")
    ledger.form("negative_vibe", "red")
    hunches = [ledger.note("I have a bad feeling about them", days=1) for _ in range(8)]
    costs = ledger.points()
    money, mood = -costs["Paid late"], -costs["Negative mood"]
    total = next(float(found[1]) for text in ledger.why() if (found := re.match(r"\*= (\d+\.\d)", text)))

    assert ["Gut feeling" in each for each in hunches] == [True] * 8
    assert money > mood > 0
    assert 3.0 <= round(100 - total - money - mood, 1) <= 5.0
    assert "gut feelings cost at most 5 together" in "\n".join(ledger.why())
    assert "consider" not in ledger.band()


def test_what_is_ours_stands_on_our_side_and_costs_them_nothing(ledger: Ledger) -> None:
    """FG04, LG05: a broken promise of ours and one of theirs are two kinds; each is counted where it belongs."""
    ledger.note("didn't keep their end of the deal")
    alone = ledger.points()
    ours = ledger.note("we didn't keep our end of the deal", days=0)
    rude = ledger.note("we were not kind to their designer", days=0)
    lines = ledger.why()
    start = next(place for place, text in enumerate(lines) if text.startswith("*Our side*"))
    sides = {each.type: each.side.value for each in ledger.front.notes(client(ledger))}

    assert ("We didn't keep our end of the deal" in ours, "We were not kind" in rude) == (True, True)
    assert sides == {"breach_of_deal": "theirs", "our_breach": "ours", "our_tone": "ours"}
    assert ["`0.0`" in text for text in lines[start + 1 : start + 3]] == [True, True]
    assert [text for text in lines[:start] if "our end" in text.lower()] == []
    assert set(alone) == {"Didn't keep their end of the deal"}


def test_they_are_held_against_how_they_used_to_be(ledger: Ledger) -> None:
    """RF42, HS15: a good client who turns falls, since when; a day of praise changes no band, months do."""
    for week in range(8):
        ledger.note("thanked the whole team", days=7 if week < 7 else 3, command="/praise")
    good = ledger.band()
    for words in ("were rude in the review", "paid three weeks late", "changed the scope again") * 2:
        ledger.note(words, days=5)
    turned = ledger.band()
    for _ in range(6):
        ledger.note("thanked the whole team", days=0, command="/praise")
    ledger.wait(7)
    praised = ledger.band()
    for _ in range(7):
        ledger.note("thanked the whole team", days=14, command="/praise")
    months_later = ledger.band()

    assert "healthy" in good
    assert ("healthy" in turned, "falling since the week of Mon" in turned) == (False, True)
    assert "healthy" not in praised
    assert "healthy" in months_later


def client(ledger: Ledger) -> Any:
    with ledger.front.web.outside.units.read(ledger.front.team_id) as unit:
        return next(each for each in unit.clients.all() if each.name == CLIENT)
