"""Two partings by hand in a browser, from the thought to the close: the client gave notice, and a natural fade."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from integrations.sandbox.agency import AMIR, BIRCH, OLIVIA, VOLT
from rules.workdays import day_name
from tests.browser.reading import read_the_letter

THEIRS, FADED = "Birch & Barrow", "Volt Studio"
CHANNELS = {THEIRS: BIRCH, FADED: VOLT}
PICTURES = {THEIRS: "theirs", FADED: "fade"}
# How each letter names the day on which it ends.
ENDS = {THEIRS: r"ends on (\d+ \w+ \d{4})", FADED: r"Volt Studio on (\d+ \w+ \d{4})"}
Look = Callable[[str], None]


def in_days(hand: Any, days: int) -> date:
    today: date = hand.theatre.world.now().date()
    return today + timedelta(days=days)


def add(hand: Any, name: str) -> None:
    hand.open(AMIR, f"channel/{CHANNELS[name]}")
    hand.command(f"/client add {name}")
    hand.submit({"channel": CHANNELS[name], "owner": AMIR})
    hand.close()


def they_give_notice(hand: Any, look: Look) -> None:
    """What they said is the whole checklist, and nobody is asked to confirm it."""
    hand.command(f"/client {THEIRS} consider")
    days = {"told_us_on": in_days(hand, -3), "ends_on": in_days(hand, 10)}
    hand.submit({"origin": "theirs", "thought": "They bring the work in house", **days})
    expect(hand.dialog()).to_contain_text(f"The client named {day_name(in_days(hand, 10))}")
    look("theirs-checklist")
    hand.press("decide")
    hand.submit({"reason": "They bring the work in house", "name": THEIRS})
    hand.close()


def it_fades(hand: Any, look: Look) -> None:
    hand.command(f"/client {FADED} consider")
    hand.submit({"origin": "natural_fade", "thought": "The last project is done"})
    hand.press("contract")
    hand.submit({"answer": "none_written"})
    hand.press("fade")
    hand.submit({"stated": ["work_finished", "all_paid"]})
    look("fade-checklist")
    hand.press("decide")
    hand.submit({"reason": "The last project is done", "name": FADED})
    hand.close()


def confirm_on_home(hand: Any) -> None:
    """Two clicks: the button on Home, and the one that confirms."""
    hand.be(OLIVIA)
    hand.go("view-home")
    hand.press("confirm", within=hand.page.locator(".home"))
    hand.submit()
    hand.close()


def talk(hand: Any, name: str, look: Look) -> None:
    hand.command(f"/client {name} parting")
    look(f"{PICTURES[name]}-parting")
    hand.press("talk")
    look(f"{PICTURES[name]}-talk")
    hand.press("parting")
    hand.press("told")
    hand.submit()
    look(f"{PICTURES[name]}-told")


def open_few(hand: Any) -> None:
    """Of what is proposed two tasks are kept: all of them are ticked off elsewhere."""
    hand.press("preview")
    blocks = hand.page.locator("dialog.modal [data-field^='tasks_']").evaluate_all(
        "all => all.map(e => e.dataset.field)"
    )
    kept = {block: ["credentials", "receipt"] for block in blocks}
    hand.submit({"tracker": "checklist", **kept})
    hand.press("open_tickets")
    hand.close()


def write(hand: Any, name: str, look: Look) -> None:
    """What is missing has its button beside the finding; Olivia reads it and approves."""
    hand.command(f"/client {name} letter")
    hand.press("draft_letter")
    look(f"{PICTURES[name]}-draft")
    if name == THEIRS:
        hand.press("terms")
        hand.submit({"nothing_to_finish": ["nothing"], "amounts_owed": "none"})
        hand.close()
        hand.command(f"/client {name} letter")
    hand.press("submit_letter")
    hand.close()
    hand.be(OLIVIA)
    hand.command(f"/client {name} letter")
    hand.press("approve_letter")
    read_the_letter(hand, ENDS[name])
    expect(hand.dialog()).to_contain_text("approved")
    hand.close()
    hand.be(AMIR)
    for step in ("letter_sent", "letter_received"):
        hand.command(f"/client {name} letter")
        hand.press(step)
        hand.submit()
        hand.close()


def finish(hand: Any, name: str) -> None:
    hand.command(f"/client {name} parting")
    while "task_done" in hand.buttons():
        hand.press("task_done")
    hand.close()


def end(hand: Any, name: str, look: Look) -> None:
    hand.command(f"/client {name} close")
    expect(hand.dialog()).to_contain_text("Nothing is missing")
    hand.press("close_now")
    hand.submit({"way": "mail"})
    hand.close()
    expect(hand.command(f"/client {name} close")).to_contain_text("Closed on")
    look(f"{PICTURES[name]}-closed")
    hand.close()


def part(hand: Any, look: Look = lambda _: None) -> None:
    """`look` is called with the name of what is on the screen where it is worth a picture."""
    add(hand, FADED)
    it_fades(hand, look)
    confirm_on_home(hand)
    add(hand, THEIRS)
    they_give_notice(hand, look)
    for name, channel in CHANNELS.items():
        hand.open(AMIR, f"channel/{channel}")
        talk(hand, name, look)
        open_few(hand)
        write(hand, name, look)
        finish(hand, name)
    hand.command(f"/client {THEIRS} close")
    assert {"parting", "last_day"} >= set(hand.buttons()) - {"receipt", "ask_receipt"}
    hand.close()
    for _ in range(2):
        hand.time("1 week later")
    for name in CHANNELS:
        end(hand, name, look)


@pytest.mark.timeout(300)
def test_what_others_end_is_parted_from_by_hand(hand: Any) -> None:
    """RF43, HO11: both to their close, with nothing but what is on the screen."""
    part(hand)
