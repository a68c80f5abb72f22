"""The first hour: whatever somebody types first, they come to a note without being sent away or typing twice."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from bot.__main__ import command_line
from integrations.sandbox.agency import BIRCH, COBALT, GENERAL, SHARED, VOLT
from integrations.sandbox.faults import Fault

SLACKS_OWN_SECONDS = 3.0
PATIENCE = 30
LATE = "took longer than Slack waits"

if TYPE_CHECKING:
    from integrations.sandbox.slack.screen import Screen
    from tests.scenarios.conftest import App


def clients(app: App) -> dict[str, tuple[str, ...]]:
    """The channels of each client."""
    with app.web.outside.units.read(app.team_id) as unit:
        return {client.name: client.channel_ids for client in unit.clients.all()}


def said(app: App) -> list[tuple[str, str, str]]:
    """(client, type, words) of every note, oldest first."""
    with app.web.outside.units.read(app.team_id) as unit:
        return [
            (client.name, note.type, note.note)
            for client in unit.clients.all()
            for note in unit.signals.history(client.id, 100)[::-1]
        ]


def field(person: Screen, block: str) -> Any:
    """What a field of the open form holds before anybody touched it."""
    assert person.view
    element = next(each["element"] for each in person.view["blocks"] if each.get("block_id") == block)
    chosen = element.get("initial_option") or {}
    return chosen.get("value") or element.get("initial_value") or element.get("initial_conversation") or ""


def buttons(place: Any) -> list[str]:
    rows = [block["elements"] for block in place.blocks if block["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row if each["type"] == "button"]


def test_the_very_first_words_lead_to_a_note_in_one_dialog(front: App) -> None:
    """No client yet: the name, the channel, the type and the words stand in the form; sending it twice adds nothing."""
    dana = front.agency.dana
    dana.command("/redflag", "Cobalt Ltd paid three weeks late", channel=COBALT)
    shown = [field(dana, block) for block in ("new_client", "new_channel", "type", "note")]
    form = dana.view
    done = dana.submit()
    front.world.slack.workspace.dialogs[dana.who.id] = []
    dana.command("/redflag", "", channel=GENERAL)

    assert form is not None
    assert shown == ["Cobalt Ltd", COBALT, "late_payment", "paid three weeks late"]
    assert "Cobalt Ltd* is added" in str(done.view)
    assert clients(front) == {"Cobalt Ltd": (COBALT,)}
    assert said(front) == [("Cobalt Ltd", "late_payment", "paid three weeks late")]
    assert "new_client" not in str(dana.view)


def test_a_bare_command_is_a_first_act_too(front: App) -> None:
    """Also with another type, whose questions are drawn anew; what is wrong with the client stands beside its field."""
    amir = front.agency.amir
    amir.command("/redflag", "", channel=GENERAL)
    assert amir.view
    proposed = field(amir, "new_channel")
    amir.submit({"new_client": "list", "type": "late_payment"})
    wrong = amir.submit({"new_client": "list"})
    amir.submit({"new_client": "Volt", "note": "again"})
    amir.close()
    amir.command("/praise", "Volt thanked us", channel=VOLT)

    assert proposed == ""  # everybody is in #general, so that it is no client's
    assert set(wrong.errors) == {"new_client"}
    assert said(front) == [("Volt", "late_payment", "again"), ("Volt", "praise", "thanked us")]


def test_nobody_of_that_name_is_three_buttons_that_keep_the_words(front: App) -> None:
    """Log it for somebody, give the channel to whose name it bears, or add them: nothing is typed twice or lost."""
    birch = front.add_client("Birch & Barrow")
    front.add_client("Cobalt")
    amir = front.agency.amir
    asked = amir.command("/redflag", "they paid late", channel=BIRCH).messages[-1]
    amir.click(asked, "choose_client.here")
    mapped = amir.submit()
    amir.close()
    amir.click(amir.command("/redflag", "Zorro paid late", channel=GENERAL).messages[-1], "choose_client.1")
    other = amir.command("/redflag", "Zorro paid late", channel=GENERAL).messages[-1]
    amir.click(other, "choose_client.new")
    kept = [field(amir, block) for block in ("new_client", "note", "type")]
    amir.submit()

    assert buttons(asked) == [
        "This channel belongs to Birch & Barrow", "Log it for: Birch & Barrow", "Log it for: Cobalt", "Add a client",
    ]  # fmt: skip
    assert "Logged" in str(mapped.view)
    assert buttons(other)[-1] == "Add Zorro as a client"
    assert kept == ["Zorro", "paid late", "late_payment"]
    assert clients(front) == {birch.name: (BIRCH,), "Cobalt": (), "Zorro": ()}
    assert said(front) == [
        (birch.name, "late_payment", "they paid late"),
        ("Cobalt", "late_payment", "Zorro paid late"),
        ("Zorro", "late_payment", "paid late"),
    ]


def test_of_many_clients_one_is_chosen_in_the_form(front: App) -> None:
    """More than three are no row of buttons; and whom nobody knows is added from the select."""
    for name in ("Birch", "Cobalt", "Northwind", "Volt"):
        front.add_client(name)
    amir = front.agency.amir
    asked = amir.command("/praise", "zorro was kind", channel=GENERAL).messages[-1]
    amir.click(asked, "choose_client.pick")
    offered = [each["text"]["text"] for each in amir.options(amir.view, "pick_client", "Zorro")] if amir.view else []
    amir.submit({"client": {"typed": "Zorro", "value": "new:Zorro"}})

    assert buttons(asked) == ["Log it for …", "Add a client"]
    assert offered == ["Add “Zorro” as a client"]
    assert said(front) == [("Zorro", "great_feedback", "zorro was kind")]


def test_adding_a_client_proposes_the_channel_and_promises_what_holds(front: App) -> None:
    """An internal channel that is nobody's yet; never one that others read. What follows depends on what was set."""
    amir = front.agency.amir
    proposed = []
    for name, channel in (("Volt", VOLT), ("Acme", VOLT), ("Northwind", SHARED), ("Zorro", GENERAL)):
        amir.command("/client", f"add {name}", channel=channel)
        proposed.append(field(amir, "channel"))
        told = str(amir.submit().view)
        amir.close()
        assert ("reactions count" in told) == (name == "Volt")
        assert ("Choose a channel" in told) == (name != "Volt")
    amir.command("/client", "add Cobalt", channel=COBALT)
    added = amir.submit().view
    assert added
    amir.click(added, "log_for_client")
    amir.submit({"type": "late_payment"})

    assert proposed == [VOLT, "", "", ""]
    assert said(front) == [("Cobalt", "late_payment", "")]


def test_a_client_whom_nobody_knows_is_added_by_name(front: App) -> None:
    """`/client Zorro`: the button opens the form with the name in it."""
    amir = front.agency.amir
    unknown = amir.command("/client", "Zorro", channel=GENERAL).messages[-1]
    amir.click(unknown, "add_client")

    assert buttons(unknown) == ["Add Zorro as a client", "All clients"]
    assert field(amir, "name") == "Zorro"


def test_names_are_found_by_what_people_call_them(front: App) -> None:
    """A beginning, initials, a legal form more or less, “and” for “&”; two that are meant are two buttons."""
    front.add_client("Birch & Barrow")
    front.add_client("Northwind Tours")
    front.add_client("North Star")
    amir = front.agency.amir
    for typed in ("birch", "B&B", "birch and barrow", "Birch & Barrow Ltd", "barr", "birc"):
        found = amir.command("/client", typed).text
        assert ("Evidence" in found) == (typed != "barr"), typed
    two = amir.command("/client", "nort").messages[-1]
    amir.command("/redflag", "Northwind Tours Ltd. paid late", channel=GENERAL)

    assert buttons(two)[2:] == ["Add nort as a client"]
    assert sorted(buttons(two)[:2]) == ["North Star", "Northwind Tours"]
    assert said(front) == [("Northwind Tours", "late_payment", "paid late")]


def test_whoever_is_named_otherwise_is_a_button_and_no_dead_end(front: App) -> None:
    """A name at the end of the words, a slip in its beginning, a word behind it that opens nothing."""
    for name in ("Harbour Lights Media GmbH", "Müller & Söhne", "Cobalt", "Volt"):
        front.add_client(name)
    amir = front.agency.amir
    front.add_client("Müller & Kinder")
    within = amir.command("/redflag", "paid late: Harbour Lights", channel=GENERAL).messages[-1]
    offered = buttons(within)
    amir.click(within, "choose_client.0")
    slip = amir.command("/redflag", "harbor lights paid late", channel=GENERAL).messages[-1]
    amir.click(slip, "choose_client.pick")
    kept = field(amir, "note")
    amir.close()
    amir.command("/redflag", "mueller und soehne was rude on the phone", channel=GENERAL)
    others = amir.command("/redflag", "Harbour & Daughters paid late", channel=GENERAL).messages[-1]
    two = amir.command("/client", "muller why").messages[-1]
    strange = amir.command("/client", "harbour invoicing").messages[-1]
    olivia = front.agency.olivia
    olivia.command("/client", "Harbour Lights who sees it")

    assert offered == ["Log it for: Harbour Lights Media GmbH", "Log it for …", "Add a client"]
    assert (buttons(slip), kept) == (["Harbour Lights Media GmbH", "Another client"], "harbor lights paid late")
    assert said(front) == [
        ("Harbour Lights Media GmbH", "late_payment", "paid late: Harbour Lights"),
        ("Müller & Söhne", "disrespect", "was rude on the phone"),
    ]
    assert buttons(others) == ["Harbour Lights Media GmbH", "Another client"]
    assert sorted(buttons(two)) == ["Add muller why as a client", "Müller & Kinder: why", "Müller & Söhne: why"]
    assert buttons(strange) == ["Open Harbour Lights Media GmbH", "Add harbour invoicing as a client"]
    assert olivia.view
    assert olivia.view["title"]["text"] == "Who sees this client?"


def test_the_command_line_knows_short_names_and_asks_where_two_are_meant(front: App, tmp_path: Any) -> None:
    """Export takes what is meant; what erases without a question wants the whole name."""
    for name in ("Birch & Barrow", "Northwind Tours", "North Star"):
        front.add_client(name)
    run = CliRunner()
    one = run.invoke(command_line(), ["export", str(tmp_path / "one.json"), "--client", "birch"])
    two = run.invoke(command_line(), ["export", str(tmp_path / "two.json"), "--client", "nort"])
    hasty = run.invoke(command_line(), ["erase", "--client", "birch", "--yes"])
    asked = run.invoke(command_line(), ["erase", "--client", "birch"], input="Birch & Barrow\n")

    assert (one.exit_code, two.exit_code, hasty.exit_code, asked.exit_code) == (0, 1, 1, 0)
    assert all(name in two.stderr for name in ("“nort” may be", "North Star", "Northwind Tours"))
    assert "Type the whole name" in hasty.stderr
    assert sorted(clients(front)) == ["North Star", "Northwind Tours"]


def test_the_card_says_the_next_step_first_and_keeps_the_rest_in_a_menu(app: App) -> None:
    """Each line of the menu is a word of `/client NAME …` too, and both open the same dialog."""
    app.add_client("Acme", COBALT)
    olivia, dana = app.agency.olivia, app.agency.dana
    card = olivia.command("/client", "Acme").messages[-1]
    menu = next(each for block in card.blocks for each in block.get("elements", ()) if each.get("options"))
    titles: dict[str, list[str]] = {}
    for option in menu["options"]:
        word = option["value"].split()[0]
        card = olivia.command("/client", "Acme").messages[-1]  # a refusal takes its place
        by_menu = partial(olivia.choose, card, "open_verb.more", option["value"])
        for open_it in (by_menu, partial(olivia.command, "/client", f"Acme {word}")):
            answer = open_it()
            titles.setdefault(word, []).append(olivia.view["title"]["text"] if olivia.view else answer.text)
            while olivia.view:
                olivia.close()
    refused = [olivia.command("/client", f"Acme {word}").text for word in ("deliverables", "money")]
    card_of_dana = dana.command("/client", "Acme").messages[-1]
    olivia.command("/redflag", "Acme shouted at Dana and called her an idiot", channel=GENERAL)
    told = olivia.sees(GENERAL)[-1]
    app.press(olivia, told, "sort_note")
    alarmed = olivia.command("/client", "Acme").messages[-1]

    assert buttons(card)[:2] == ["Log a note", "Why"]
    assert buttons(alarmed)[:3] == ["History", "Why", "Log a note"]
    assert {word: len(set(shown)) for word, shown in titles.items()} == dict.fromkeys(titles, 1)
    assert {"agreement", "settings", "contract", "contacts", "value", "override", "trend"} < set(titles)
    assert all("There is no parting from Acme" in each for each in refused)
    assert "Settings" not in str(card_of_dana.blocks)


def test_what_took_too_long_and_was_done_all_the_same_says_so(front: App) -> None:
    """Slack shows an error after three seconds; the note is stored, and the answer follows by another way."""
    birch = front.add_client("Birch & Barrow", BIRCH)
    slack = front.world.slack
    eve = slack.add_person("U0EVE", "eve", "Eve Lund")  # of whom we have not heard: she is looked up first
    slack.workspace.channels[BIRCH].members.append("U0EVE")
    slack.deliveries.ack_seconds = SLACKS_OWN_SECONDS
    slack.faults.delay = SLACKS_OWN_SECONDS + 0.5
    slack.faults.next(Fault.SLOW, path="/api/users.info")

    answer = eve.command("/redflag", "paid late", BIRCH)
    with slack.workspace.changed:
        came = slack.workspace.changed.wait_for(lambda: bool(told_late(front)), PATIENCE)

    assert (answer.error, came) == ("operation_timeout", True)
    assert ["Paid late" in each for each in told_late(front)] == [True]
    assert len(front.notes(birch)) == 1


def told_late(app: App) -> list[str]:
    """What stands in them; the text beside it, which lights up a phone, names no client and no type."""
    late = [each for each in app.world.slack.workspace.messages if each.by_app and LATE in str(each.blocks)]
    assert [each.text for each in late if "Birch" in each.text or "Paid" in each.text] == []
    return [str(each.blocks) for each in late]
