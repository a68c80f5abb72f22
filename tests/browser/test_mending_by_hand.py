"""Mending by hand in a browser: a look at ourselves, three ways, the agreed page, two checkpoints, a renewal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from integrations.sandbox.agency import AMIR, COBALT

NAME = "Cobalt Kitchens"
WAYS = ("make_it_pay", "celebrate", "empower")


Look = Callable[[str], None]


def begin(hand: Any) -> None:
    """Four things are typed, and no more: three answers and one concern."""
    hand.command(f"/client {NAME} plan")
    hand.submit({"ours": "We answer late", "owed": "A call", "they_say": "Nobody tells them where we are"})
    hand.submit({"concerns": "Calls at all hours"})
    hand.close()


def take_three_ways(hand: Any, look: Look) -> None:
    for code in WAYS:
        hand.command(f"/client {NAME} plan")
        hand.press("ways")
        look("ways")
        hand.press(f"mending_way.{code}")
        hand.press("take_way")
        hand.submit()
        hand.close()


def change_it_while_it_runs(hand: Any) -> None:
    hand.command(f"/client {NAME} plan")
    hand.press("add_concern")
    hand.submit({"concern_text": "Briefs are thin", "text": "Send a form for briefs", "benchmark": "3 full briefs"})
    hand.press("change_plan_action")
    hand.submit({"text": "One list of questions a day", "status": "doing"})
    hand.press("plan_history")
    expect(hand.dialog()).to_contain_text("Briefs are thin")
    hand.close()


def open_expectations(hand: Any) -> None:
    hand.command(f"/client {NAME} agreement")
    hand.press("expectations")


def share_what_was_agreed(hand: Any, look: Look) -> None:
    due = (hand.theatre.world.now() + timedelta(days=40)).date()
    open_expectations(hand)
    hand.press("add_expectation")
    hand.submit({"party": "theirs", "text": "Texts come in one piece", "milestone_0": "Texts of May", "day_0": due})
    hand.press("add_expectation")
    hand.submit({"party": "ours", "text": "We answer within a day"})
    hand.press("agreed_page")
    look("agreed_page")
    hand.press("share_page")
    expect(hand.dialog()).to_contain_text("no objection until")
    hand.press("objection")
    hand.submit({"said": "In two pieces, they say"})
    expect(hand.dialog()).to_contain_text("open again")
    hand.close()


def hold_a_checkpoint(hand: Any, look: Look, answers: dict[str, Any]) -> None:
    hand.command(f"/client {NAME} plan")
    hand.press("checkpoint")
    look("checkpoint")
    hand.submit(answers)
    hand.close()


def renew(hand: Any) -> None:
    open_expectations(hand)
    hand.press("renew")
    hand.submit({"monthly_hours": "12"})
    hand.press("former_terms")
    expect(hand.dialog()).to_contain_text("Texts come in one piece")
    hand.close()


def mend(hand: Any, look: Look = lambda _: None) -> None:
    """`look` is called with the name of what is on the screen where it is worth a picture."""
    hand.open(AMIR, f"channel/{COBALT}")
    hand.command(f"/client add {NAME}")
    hand.submit({"channel": COBALT, "owner": AMIR})
    hand.close()
    begin(hand)
    take_three_ways(hand, look)
    change_it_while_it_runs(hand)
    share_what_was_agreed(hand, look)
    for _ in range(2):
        hand.time("1 week later")
    hand.type("/praise sent a clear brief")
    hand.said("Logged")
    hold_a_checkpoint(hand, look, {"response": "some", "done": ["a1"]})
    for _ in range(2):
        hand.time("1 week later")
    hold_a_checkpoint(hand, look, {"response": "good", "then": "renew"})
    renew(hand)


@pytest.mark.timeout(300)
def test_a_relationship_is_mended_by_hand(hand: Any) -> None:
    """AM12, AM18, AM19, AM25, RP07-RP09, with nothing but what is on the screen."""
    mend(hand)
