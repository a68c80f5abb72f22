"""`/client` (BR03), and text that people wrote, shown as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from integrations.sandbox.agency import BIRCH, CARLA, COBALT, DANA, GENERAL, GUS, OLIVIA
from rules.clients.client import Client

NASTY = "<!channel> <@U0OLIVIA> *bold* _it_ `x` & <http://evil.example|ok> 😀 שלום"


def test_the_command_alone_offers_what_can_be_done(front: Any) -> None:
    """Nothing has to be remembered: the bare command is a menu, `help` says what can be typed."""
    amir = front.agency.amir
    menu = amir.command("/client")
    assert "Add a client" in menu.text
    amir.click(menu.messages[-1], "add_client")
    assert amir.submit({"name": "Volt"}).outcome == "updated"

    listed = amir.command("/client", "list")

    assert "Volt" in listed.text
    assert "/redflag" in amir.command("/client", "help").text
    assert "opens a form" in amir.command("/redflag", "help").text


def test_a_name_that_is_taken_or_reserved_comes_back_beside_its_field(front: Any, birch: Client) -> None:
    """Names and aliases are unique, never a word of the command, and a channel belongs to one client."""
    amir = front.agency.amir
    amir.command("/client", "add Cobalt")
    wrong = [
        amir.submit({"name": "birch & BARROW"}).errors,
        amir.submit({"name": "list"}).errors,
        amir.submit({"name": "Cobalt", "aliases": "B&B"}).errors,
        amir.submit({"name": "Cobalt", "aliases": "", "channel": BIRCH}).errors,
        amir.submit({"channel": COBALT, "revenue_share": "101"}).errors,
    ]

    assert [set(errors) for errors in wrong] == [{"name"}, {"name"}, {"aliases"}, {"channel"}, {"revenue_share"}]
    assert amir.submit({"revenue_share": "20"}).outcome == "updated"


def test_a_name_opens_the_client_and_a_verb_its_dialog(front: Any, birch: Client) -> None:
    """`/client NAME` shows health and next step; a verb behind it opens a dialog; text alone changes nothing."""
    amir = front.agency.amir
    card = amir.command("/client", "B&B")
    assert "too early to say" in card.text
    dialogs = []
    for typed in ("B&B why", "“birch & barrow” history", "#birch plan", "birch & barrow PLAN"):
        assert amir.command("/client", typed).error == ""
        dialogs.append(amir.view["title"]["text"])
        amir.close()

    assert dialogs[0].startswith("Why")
    assert dialogs[1].startswith("Notes")
    assert front.web.services.clients.get(front.team_id, front.member(OLIVIA), birch.id).stage == "active"


def test_a_typo_is_answered_with_the_nearest_names(front: Any, birch: Client) -> None:
    """A near-miss offers the client, an unknown name offers to add one; both repeat what was typed."""
    amir = front.agency.amir
    near = amir.command("/client", "Birsh & Barrow")
    assert "Did you mean" in near.text
    assert "Evidence" in amir.click(near.messages[-1], "open_client.0").text

    unknown = amir.command("/client", "Nobody Known")

    assert "no client called Nobody Known" in unknown.text


def test_two_readings_are_two_buttons(front: Any, birch: Client) -> None:
    """A client may be called like another one's plan: the person says what was meant."""
    front.add_client("Volt")
    front.add_client("Volt plan")
    amir = front.agency.amir

    asked = amir.command("/client", "volt plan")

    assert "two things" in asked.text
    amir.click(asked.messages[-1], "open_verb.verb")
    assert "Volt" in str(amir.view)


def test_what_people_write_is_shown_as_text_everywhere(front: Any, birch: Client) -> None:
    """Mentions, formatting and links that somebody typed neither ring nor format anything, and Slack takes it all."""
    amir = front.agency.amir
    front.add_client("Acme *&* _Sons_ `1`", COBALT, aliases=("A&S",))
    shown: list[Any] = [
        amir.command("/redflag", f"A&S {NASTY}", channel=GENERAL).messages,
        amir.command("/redflag", NASTY, channel=GENERAL).messages,
        amir.command("/redflag", f"Birsh & Barrow {NASTY * 30}", channel=GENERAL).messages,
        amir.command("/client", NASTY).messages,
        amir.command("/client", "A&S").messages,
        amir.command("/client", "list").messages,
        amir.command("/client", "digest").messages,
        amir.command("/redflag", "A&S " + "long & <b> " * 350, channel=GENERAL).messages,
    ]
    for verb in ("why", "history", "plan"):
        assert amir.command("/client", f"A&S {verb}").error == ""
        shown.append(amir.view)

    texts = [text for place in shown for text in mrkdwn_of(place)]
    assert len(texts) > 20
    assert [text for text in texts if "<!channel" in text or "<@U0OLIVIA> *" in text or "<http" in text] == []
    assert [text for text in texts if " *bold" in text or "*&amp;*" in text] == []


def test_only_our_own_people_are_answered(front: Any, birch: Client) -> None:
    """Guests and people of another team get a sentence and nothing else, whatever they send (BR14)."""
    agency = front.agency
    agency.dana.command("/redflag", "B&B zanzibar", channel=GENERAL)
    for person in (agency.gus, agency.carla):
        for name, text in (("/client", "list"), ("/client", "B&B"), ("/redflag", "B&B odd"), ("/client", "digest")):
            person.command(name, text, channel=GENERAL, forge=True)

    answers = [m.text for m in front.world.slack.messages(GENERAL) if m.visible_to in {GUS, CARLA}]
    assert ["members of the team only" in answer for answer in answers] == [True] * 8
    assert front.live() == 1
    agency.gus.shortcut("log_note", forge=True)
    assert "zanzibar" not in str(agency.gus.view)
    assert front.world.leaks(["zanzibar", "Birch"]) == []


def test_who_may_not_decide_sees_nothing_of_it(front: Any, birch: Client) -> None:
    """Until the client is told, that somebody considers the end is seen by deciders only."""
    olivia, dana = front.agency.olivia, front.agency.dana
    front.add_client("Cobalt", COBALT, owner=DANA)
    olivia.command("/client", "B&B consider")
    olivia.submit(first_answers(olivia.view))
    assert front.web.services.clients.get(front.team_id, front.member(OLIVIA), birch.id).stage == "considering"

    seen = [dana.command("/client", text).text for text in ("B&B", "list", "digest")]
    dana.command("/client", "B&B why")
    seen.append(str(dana.view))
    refused = dana.command("/client", "B&B consider").text

    assert [text for text in seen if "consider" in text.casefold()] == []
    assert "those who decide" in refused
    assert "being considered" in olivia.command("/client", "B&B").text


def first_answers(view: dict[str, Any]) -> dict[str, Any]:
    """Something in each field that asks for it."""
    return {
        block["block_id"]: "because it does not work"
        for block in view["blocks"]
        if block["type"] == "input" and block["element"]["type"] == "plain_text_input"
    }


def mrkdwn_of(value: Any) -> Iterator[str]:
    """Every text in which Slack would read mentions and formatting."""
    if isinstance(value, list):
        for each in value:
            yield from mrkdwn_of(each)
    elif isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for each in value.values():
            yield from mrkdwn_of(each)
    elif hasattr(value, "blocks"):
        assert "<" not in value.text
        yield from mrkdwn_of(value.blocks)


def test_a_client_is_found_by_what_people_call_it(front: Any) -> None:
    """First word, initials, “and” for “&”, another legal form; who may be two is asked, and the text is kept."""
    amir = front.agency.amir
    birch = front.add_client("Birch & Barrow", BIRCH)
    front.add_client("North Star BV")
    front.add_client("North Wing")
    opened = [amir.command("/client", said).text for said in ("birch", "b&b", "Birch and Barrow", "North Star Ltd")]
    amir.command("/client", "birch why")
    verb = str(amir.view)
    amir.close()
    amir.command("/redflag", "birch paid late", channel=GENERAL)
    asked = amir.command("/redflag", "north paid late again", channel=GENERAL).messages[-1]
    buttons = [
        element["text"]["text"]
        for block in asked.blocks
        for element in block.get("elements", ())
        if "text" in element and element["type"] == "button"
    ]

    assert [("Birch & Barrow" in text, "North Star BV" in text) for text in opened] == [
        (True, False), (True, False), (True, False), (False, True),
    ]  # fmt: skip
    assert "Birch &amp; Barrow" in verb or "Birch & Barrow" in verb
    assert [note.type for note in front.notes(birch)] == ["late_payment"]
    assert [name for name in ("North Star BV", "North Wing") if any(name in each for each in buttons)] == [
        "North Star BV", "North Wing",
    ]  # fmt: skip
