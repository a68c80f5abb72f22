"""The whole job by hand in a browser: from the first note to the closed parting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from integrations.sandbox.agency import AMIR, BIRCH, COBALT, DANA, LEADS, OLIVIA, VOLT
from tests.browser.reading import read_the_letter

OURS, HEALED, FADED = "Birch & Barrow", "Cobalt Kitchens", "Volt Studio"


def map_clients(hand: Any) -> None:
    for name, channel in ((OURS, BIRCH), (HEALED, COBALT), (FADED, VOLT)):
        hand.command(f"/client add {name}")
        contact = {"contact_name": "Kim Lee", "contact_email": "kim@client.example"}
        hand.submit({"channel": channel, "owner": AMIR, "client_since": "2023-02-01", "revenue_share": 12, **contact})
        hand.close()


def set_digest(hand: Any) -> None:
    hand.type("/client settings")
    hand.press("set_digest", within=hand.said("digest"))
    hand.submit({"channel": LEADS, "weekday": "0", "hour": "9"})
    hand.close()


def log_in_every_way(hand: Any) -> None:
    hand.be(DANA)
    hand.go(f"channel-{BIRCH}")
    hand.type("Third change of plan this week")
    hand.react("Third change of plan", "snail")
    hand.type("They shouted at me in the review")
    hand.shortcut("They shouted", "Log red flag")
    hand.submit({"type": "disrespect", "note": "Shouted in the review"})
    hand.close()
    hand.type("/redflag paid three weeks late")
    hand.said("Logged")
    hand.page.locator("#shortcut-log_note").click()
    hand.dialog()
    hand.submit({"client": OURS, "type": "rush_request", "note": "By tomorrow, again"})
    hand.close()


def undo_a_mistake(hand: Any) -> None:
    hand.type("/praise they thanked everybody")
    message = hand.said("they thanked everybody")
    message.locator("button[data-action^=undo_note]").click()
    hand.said("taken back")


def read_why(hand: Any) -> None:
    words = hand.command(f"/client {OURS} why").inner_text()
    assert "Paid late" in words
    hand.close()


def run_a_plan(hand: Any) -> None:
    hand.be(AMIR)
    hand.go(f"channel-{COBALT}")
    hand.command(f"/client {HEALED} plan")
    hand.submit({"ours": "We answer late", "owed": "A call", "they_say": "They have no time"})
    hand.submit(
        {
            "goal": "Changes only in writing",
            "concerns": "Calls at all hours",
            "text": "We offer a fixed call every Tuesday",
            "benchmark": "No other call for two weeks",
        }
    )
    hand.close()


def finish_the_plan(hand: Any) -> None:
    hand.be(AMIR)
    hand.go(f"channel-{COBALT}")
    for _ in range(2):
        hand.command(f"/client {HEALED} plan")
        if "checkpoint" in hand.buttons():
            hand.press("checkpoint")
            hand.submit({"response": "good", "note": "They kept to it"})
        hand.close()
    hand.command(f"/client {HEALED} plan")
    hand.press("finish_plan")
    hand.submit({"outcome": "keep", "note": "Tuesdays work"})
    hand.close()


def consider(hand: Any, name: str, origin: str) -> None:
    hand.command(f"/client {name} consider")
    hand.submit({"origin": origin, "thought": "We dread every call"})
    assert "decide" not in hand.buttons()


def pass_the_checklist(hand: Any) -> None:
    hand.press("perspective")
    hand.submit({"perspective": "They are short of cash", "our_part": "We never said no", "owed": "A call"})
    hand.press("impact")
    hand.submit({"on_work": "Evenings come back", "on_business": "A tenth of the income goes"})
    review_the_contract(hand)
    hand.press("skip_plan")
    hand.submit({"reason": "Two talks changed nothing"})
    hand.close()


def review_the_contract(hand: Any) -> None:
    hand.press("contract")
    hand.submit(
        {"answer": "reviewed", "notice_length": 14, "clause": "Either side may end this with two weeks' notice"}
    )


def decide(hand: Any, name: str) -> None:
    """Amir decides and asks Olivia, who confirms."""
    hand.be(AMIR)
    hand.command(f"/client {name} consider")
    hand.press("decide")
    hand.submit({"reason": "The work no longer fits us", "name": name, "confirmer": OLIVIA})
    hand.close()
    hand.be(OLIVIA)
    hand.command(f"/client {name} consider")
    hand.press("confirm")
    ticks = hand.page.locator("dialog.modal [data-field] input[type=checkbox]")
    for number in range(ticks.count()):
        ticks.nth(number).check()
    hand.submit()
    hand.close()


def tell_and_open(hand: Any, name: str, tracker: str, deliverables: dict[str, Any]) -> None:
    hand.command(f"/client {name} parting")
    hand.press("terms")
    hand.submit({**deliverables, "amounts_owed": "none"})
    hand.press("told")
    hand.submit()
    hand.press("preview")
    hand.submit({"tracker": tracker})
    hand.press("audience")
    expect(hand.dialog()).not_to_contain_text("Asking")  # a worker fills in who sees it
    if "confirm_destination" in hand.buttons():
        hand.press("confirm_destination")
    hand.close()
    hand.command(f"/client {name} parting")
    hand.press("open_tickets")
    expect(hand.dialog()).not_to_contain_text("Asking")
    hand.close()


def drag_all_to_done(hand: Any) -> None:
    """Two by mouse, the others by their button, which does the same."""
    hand.go("view-boards")
    for tracker in ("jira", "trello"):
        done = hand.page.locator(f"[data-column='{tracker} done']")
        board = hand.page.locator(".board", has=done)
        board.locator(".column:not(.done) .card").first.drag_to(done)
        expect(done.locator(".card")).to_have_count(1)
        while (left := board.locator(".mark-done")).count():
            before = left.count()
            left.first.click()
            expect(left).to_have_count(before - 1)


def review_the_letter(hand: Any, name: str) -> None:
    hand.be(AMIR)
    hand.command(f"/client {name} letter")
    hand.press("draft_letter")
    if "edit_letter" not in hand.buttons():
        hand.close()
        hand.command(f"/client {name} letter")
    hand.press("edit_letter")
    subject = hand.page.locator("dialog.modal [data-field=subject] input")
    subject.fill(f"{subject.input_value()} (Thank you)")
    hand.submit()
    hand.press("submit_letter")
    hand.close()
    hand.be(OLIVIA)
    hand.command(f"/client {name} letter")
    hand.press("approve_letter")
    read_the_letter(hand)
    expect(hand.dialog()).to_contain_text("approved")
    hand.dialog().get_by_role("button", name="Open it in your mail program").click()
    hand.close()
    expect(hand.page.locator(".draft .letter")).to_contain_text("Dear Kim Lee")
    with hand.page.expect_download() as download:
        hand.page.get_by_role("link", name="Download as .eml").click()
    assert b"X-Unsent: 1" in Path(download.value.path()).read_bytes()


@pytest.mark.timeout(300)
def test_the_whole_job_by_hand(hand: Any) -> None:
    """A newcomer does everything in the browser, with nothing but what is on the screen."""
    hand.open(OLIVIA, f"channel/{LEADS}")
    map_clients(hand)
    set_digest(hand)
    log_in_every_way(hand)
    undo_a_mistake(hand)
    read_why(hand)
    run_a_plan(hand)
    hand.time("1 day later")
    hand.go(f"channel-{BIRCH}")
    hand.type("/redflag rude to Dana in the review")
    hand.said("Logged")
    consider(hand, OURS, "ours")
    pass_the_checklist(hand)
    consider(hand, FADED, "natural_fade")
    review_the_contract(hand)
    hand.press("fade")
    hand.submit({"stated": ["work_finished", "all_paid"]})
    hand.close()
    hand.time("2 days later")
    hand.time("10 minutes later")
    decide(hand, OURS)
    decide(hand, FADED)
    tell_and_open(hand, OURS, "jira", {"deliverables": "2026-12-31 Autumn campaign"})
    tell_and_open(hand, FADED, "trello", {"nothing_to_finish": ["nothing"]})
    hand.time("Run what is due now")
    drag_all_to_done(hand)
    hand.time("10 minutes later")
    hand.go(f"channel-{BIRCH}")
    assert "done" in hand.command(f"/client {OURS} parting").inner_text()
    hand.close()
    review_the_letter(hand, OURS)
    hand.time("1 week later")
    hand.time("1 week later")
    finish_the_plan(hand)
    hand.time("Next Monday")
    hand.be(OLIVIA)
    hand.go(f"channel-{LEADS}")
    expect(hand.said("Client health")).to_be_visible()
