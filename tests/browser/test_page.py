"""The sandbox's page in a browser: keyboard, live updates, faithful drawing; and nothing breaks out of its text."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from integrations.sandbox.agency import AMIR, BIRCH, CARLA, COBALT, DANA, GENERAL, GUS, NORTHWIND, OLIVIA, SHARED
from integrations.sandbox.story.script import SCENES

pytestmark = pytest.mark.timeout(300)
ATTACK = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>'
BLOCKS = [
    {"type": "header", "text": {"type": "plain_text", "text": "All the blocks"}},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*bold* _soft_ ~gone~ `code`\n&gt; quoted"},
        "fields": [{"type": "mrkdwn", "text": "*Owner*\n<@U0AMIR>"}],
        "accessory": {
            "type": "overflow",
            "action_id": "more",
            "options": [{"text": {"type": "plain_text", "text": "One more thing"}, "value": "one"}],
        },
    },
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "small print"}]},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a point"}]}],
            }
        ],
    },
    {
        "type": "table",
        "rows": [
            [{"type": "raw_text", "text": "Client"}, {"type": "raw_text", "text": "Health"}],
            [{"type": "raw_text", "text": "Birch"}, {"type": "raw_number", "value": 68}],
        ],
    },
    {
        "type": "plan",
        "title": "Progress",
        "tasks": [{"task_id": "t1", "title": "Hand over", "status": "complete"}],
    },
    {"type": "task_card", "task_id": "t2", "title": "Invoice", "status": "error"},
    {"type": "image", "image_url": "https://example.com/x.png", "alt_text": "a chart"},
    {"type": "carousel", "elements": [{"type": "card", "title": {"type": "plain_text", "text": "Not drawn here"}}]},
]


def test_a_note_is_logged_with_the_keyboard_alone(hand: Any) -> None:
    """Command, form, error, Escape: no mouse is needed and the focus comes back."""
    hand.open(OLIVIA, f"channel/{COBALT}")
    keys = hand.page.keyboard
    hand.page.locator("#composer textarea").focus()
    keys.type("/cl")
    keys.press("Tab")
    keys.type("add Cobalt Kitchens")
    keys.press("Enter")
    hand.dialog()
    expect(hand.page.locator("dialog.modal [data-field=name] input")).to_be_focused()
    for _ in range(6):
        keys.press("Tab")
    keys.type("no address")
    keys.press("Enter")
    address = hand.page.locator("dialog.modal [data-field=contact_email] input")
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(address).to_be_focused()
    keys.press("Escape")
    expect(hand.page.locator("dialog.modal")).to_have_count(0)
    expect(hand.page.locator("#composer textarea")).to_be_focused()


def test_whoever_is_quicker_than_the_page_loses_nothing(hand: Any) -> None:
    """A type is chosen and "Log" pressed before the form is drawn anew, with a field that the app has taken away."""
    hand.open(OLIVIA, f"channel/{GENERAL}")
    hand.command("/client add Quick Cars")
    hand.submit({"name": "Quick Cars"})
    hand.close()
    hand.type("/redflag Quick Cars")
    hand.dialog()
    hand.page.route("**/page/state*", lambda _: None)  # what is drawn waits, until it is let through
    with hand.page.expect_response("**/page/do/choose") as chosen:
        hand.page.locator("[data-field=type] select").select_option("great_feedback")
    assert chosen.value.status == 200
    with hand.page.expect_response("**/page/do/submit") as submitted:
        hand.page.locator("#modal-submit").click()
    hand.page.unroute("**/page/state*")
    expect(hand.dialog()).to_contain_text("Logged")
    assert submitted.value.status == 200
    hand.close()


def test_the_shortcuts_menu_is_walked_with_arrows(hand: Any) -> None:
    """Arrows move, Enter runs, and the focus returns to the button that opened the menu."""
    hand.open(DANA, f"channel/{COBALT}")
    hand.type("Something to remember")
    more = hand.said("Something to remember").get_by_role("button", name="More actions")
    more.focus()
    hand.page.keyboard.press("Enter")
    expect(hand.page.get_by_role("menuitem", name="Log red flag")).to_be_focused()
    hand.page.keyboard.press("ArrowDown")
    expect(hand.page.get_by_role("menuitem", name="Log praise")).to_be_focused()
    hand.page.keyboard.press("Enter")
    hand.dialog()
    hand.close()
    expect(more).to_be_focused()


def test_nothing_breaks_out_of_its_text(hand: Any) -> None:
    """A client's name, a note, a message, a ticket and a letter are text wherever they are shown."""
    world = hand.theatre.stage.world
    hand.open(OLIVIA, f"channel/{NORTHWIND}")
    name = "*Evil* & _Co_ `x` ~y~"
    hand.command(f"/client add {ATTACK}")
    hand.submit({"name": name, "channel": NORTHWIND})
    expect(hand.dialog()).to_contain_text(name)
    hand.close()
    hand.type(ATTACK)
    hand.said("window.broken")
    hand.type(f"/redflag paid late {ATTACK}")
    hand.said("Logged")
    expect(hand.command(f"/client {name} history")).to_contain_text("onerror")
    hand.close()
    world.slack.api(
        "chat.postMessage",
        channel=NORTHWIND,
        text="<javascript:window.broken=1|press> <https://evil.example|www.bank.example>",
    )
    message = hand.said("www.bank.example")
    expect(message.get_by_role("link")).to_have_text("www.bank.example (evil.example)")
    board = world.trello.board
    listed = board.add_list({"name": ATTACK})
    board.add_card({"idList": listed.id, "name": ATTACK, "desc": ATTACK})
    hand.go("view-boards")
    hand.page.locator(".card-title", has_text="onerror").click()
    expect(hand.page.locator("dialog .ticket-text")).to_contain_text("onerror")
    hand.page.keyboard.press("Escape")
    world.mailbox.open_link("mailto:x?subject=%3Cscript%3Ewindow.broken%3D1%3C/script%3E&body=%3Cimg%20src%3Dx%3E")
    hand.go("view-mail")
    expect(hand.page.locator(".draft")).to_contain_text("<img src=x>")
    assert hand.page.evaluate("window.broken === undefined && document.querySelectorAll('.main img').length === 0")


def test_every_block_is_drawn_and_an_unknown_one_loudly(hand: Any) -> None:
    """What the app posts is seen as Slack shows it; what this page can't draw is not hidden."""
    answer = hand.theatre.stage.world.slack.api("chat.postMessage", channel=BIRCH, text="blocks", blocks=BLOCKS)
    assert answer["ok"], answer
    hand.open(AMIR, f"channel/{BIRCH}")
    message = hand.said("All the blocks")
    for words in ("quoted", "@Amir Haddad", "small print", "a point", "68", "Hand over", "Invoice", "a chart"):
        expect(message).to_contain_text(words)
    assert message.locator("strong", has_text="bold").count() == 1
    assert message.locator("blockquote").inner_text() == "quoted"
    expect(message.locator(".b-unknown")).to_contain_text("This page can't draw “carousel”")
    message.get_by_role("button", name="More", exact=True).click()
    expect(hand.page.get_by_role("menuitem", name="One more thing")).to_be_visible()


def test_news_arrives_without_reloading(hand: Any) -> None:
    """Two windows, two people: what one says the other sees, as unread and then as read."""
    hand.open(AMIR, f"channel/{GENERAL}")
    hand.theatre.stage.agency.dana.say(BIRCH, "The new brief is here")
    unread = hand.page.locator(f"#channel-{BIRCH} .count")
    expect(unread).to_be_visible()
    hand.go(f"channel-{BIRCH}")
    hand.said("The new brief is here")
    expect(unread).to_have_count(0)


def test_a_reply_stands_in_its_thread(hand: Any) -> None:
    """The channel shows how many replies there are; the thread shows them."""
    hand.open(DANA, f"channel/{GENERAL}")
    hand.type("Who takes the call?")
    message = hand.said("Who takes the call?")
    message.hover()
    message.get_by_role("button", name="Reply in thread").click()
    reply = hand.page.locator("#reply textarea")
    reply.fill("I do")
    reply.press("Enter")
    expect(hand.page.locator("#panel .message", has_text="I do")).to_be_visible()
    expect(message.locator(".replies")).to_have_text("1 reply")


def test_everybody_has_what_slack_would_give_them(hand: Any) -> None:
    """A client has neither commands nor shortcuts nor Home; a guest has no global shortcut."""
    hand.open(CARLA, f"channel/{SHARED}")
    assert hand.page.locator("#view-home, .shortcut").count() == 0
    hand.be(GUS)
    assert hand.page.locator(".shortcut").count() == 0


def test_the_page_is_usable_on_a_phone(hand: Any) -> None:
    """At 390 pixels nothing sticks out, and the channels are one touch away."""
    hand.page.set_viewport_size({"width": 390, "height": 780})
    hand.open(DANA, f"channel/{BIRCH}")
    hand.page.locator("#open-sidebar").click()
    hand.go("view-boards")
    assert hand.page.evaluate("document.documentElement.scrollWidth") == 390


def test_trouble_is_one_press_away(hand: Any) -> None:
    """Events twice and late, a limit, a dead worker: ordered, seen, and got over."""
    hand.open(OLIVIA, f"channel/{COBALT}")
    if "Cobalt" not in hand.command("/client add Cobalt Two").inner_text():
        hand.submit({"name": "Cobalt Two", "channel": COBALT})
    hand.close()
    hand.page.locator('[data-panel="inspector"]').click()
    hand.page.locator("#trouble-rate_limit").click()
    hand.page.locator("#trouble-twice").click()
    hand.type("Changed again")
    hand.react("Changed again", "snail")
    expect(hand.page.locator(".requests .chip.warn").first).to_have_text("repeat 1")
    hand.page.locator("#trouble-hold").click()
    hand.page.locator("#release").wait_for()
    hand.page.locator("#release").click()
    hand.page.locator("#kill-worker").click()
    hand.page.locator("#start-worker").click()
    hand.page.locator("#kill-worker").wait_for()
    hand.page.locator(".requests summary").first.click()
    expect(hand.page.locator(".request-body pre").first).to_contain_text("X-Slack-Signature")
    hand.page.locator('[data-panel="inspector"]').click()


def test_the_story_is_told_scene_by_scene(hand: Any) -> None:
    """Starting over brings a fresh agency; each press plays a scene and says what it is about."""
    hand.open(OLIVIA, f"channel/{GENERAL}")
    hand.page.locator('[data-panel="story"]').click()
    hand.page.locator("#start-story").click()
    hand.page.locator("dialog.confirm .danger").click()
    hand.page.locator("#story-next").click(timeout=90_000)
    expect(hand.page.locator(".scene")).to_have_count(1)
    expect(hand.page.locator(".progress")).to_have_text(f"1 of {len(SCENES)} scenes")
    hand.page.locator("#story-next").click()
    expect(hand.page.locator(".scene.now")).to_contain_text("digest")
    expect(hand.page.locator(".progress")).to_have_text(f"2 of {len(SCENES)} scenes")
