"""Each workspace chooses its emoji: changed, added and switched off by an admin, for what comes from now on."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.agency import BIRCH, OLIVIA
from rules.clients.client import Client

LATE = "money_with_wings"


def change(app: Any, code: str, typed: str) -> Any:
    """As an admin does it, from the settings; what the dialog answers."""
    olivia = app.agency.olivia
    olivia.click(olivia.command("/client", "settings").messages[-1], "emoji")
    olivia.click(olivia.view, f"change_emoji.{code}")
    return olivia.submit({"emoji": typed})


def types(app: Any, client: Client) -> list[str]:
    app.settle()
    return sorted(note.type for note in app.notes(client) if note.state == "live")


def test_an_emoji_is_changed_a_second_one_added_and_old_notes_stay(app: Any, birch: Client) -> None:
    """The old one means nothing from then on; the new ones do, in every skin tone and by every name."""
    amir, dana = app.agency.amir, app.agency.dana
    first, second, third = (amir.say(BIRCH, f"Invoice {number}") for number in range(3))
    amir.react(BIRCH, first, LATE)
    before = types(app, birch)
    done = change(app, "late_payment", ":thumbsdown: 🐌")
    refused = str(done.errors)
    change(app, "late_payment", ":thumbsdown: 🦆")
    amir.react(BIRCH, second, LATE)
    amir.react(BIRCH, second, "-1::skin-tone-3")
    dana.react(BIRCH, second, "duck")
    amir.react(BIRCH, third, LATE)
    app.settle()

    assert before == ["late_payment"]
    assert "already means “Slow to answer”" in refused
    assert types(app, birch) == ["late_payment", "late_payment"]
    assert {note.message_ts: note.witness_ids for note in app.notes(birch)} == {first: (), second: (dana.who.id,)}


def test_whoever_takes_one_of_two_emoji_off_still_stands_behind_the_note(app: Any, birch: Client) -> None:
    """Two emoji of one meaning are one note, until the last of them is gone."""
    amir = app.agency.amir
    change(app, "late_payment", f":{LATE}: :duck:")
    ts = amir.say(BIRCH, "The invoice is overdue")
    for name in (LATE, "duck"):
        amir.react(BIRCH, ts, name)
    amir.unreact(BIRCH, ts, LATE)
    with_one = types(app, birch)
    amir.unreact(BIRCH, ts, "duck")

    assert (with_one, types(app, birch)) == (["late_payment"], [])


def test_a_type_is_switched_off_and_back(app: Any, birch: Client) -> None:
    """Empty means that no reaction makes such a note; one click brings ours back."""
    amir, olivia = app.agency.amir, app.agency.olivia
    change(app, "late_payment", " ")
    off = str(olivia.view)
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 1"), LATE)
    silent = types(app, birch)
    olivia.click(olivia.view, "change_emoji.late_payment")
    olivia.click(olivia.view, "reset_emoji")
    amir.react(BIRCH, amir.say(BIRCH, "Invoice 2"), LATE)

    assert ("_no emoji_" in off, silent) == (True, [])
    assert types(app, birch) == ["late_payment"]


def test_the_workspaces_own_emoji_and_their_aliases_are_known(app: Any, birch: Client) -> None:
    """What Slack does not know is refused; an alias that somebody adds later is the same reaction."""
    amir, slack = app.agency.amir, app.world.slack
    unknown = change(app, "late_payment", ":unpaid:").errors
    slack.add_emoji("unpaid", "https://emoji.example/unpaid.png")
    known = change(app, "late_payment", ":unpaid:").errors
    slack.add_emoji("broke", "alias:unpaid")
    app.settle()
    amir.react(BIRCH, amir.say(BIRCH, "The invoice is overdue"), "broke")

    assert "Slack knows no emoji called “unpaid”" in str(unknown)
    assert (known, types(app, birch)) == ({}, ["late_payment"])


def test_without_the_scope_standard_emoji_can_be_chosen_all_the_same(app: Any, birch: Client) -> None:
    """An app that was installed before knows nothing of a workspace's own emoji, and says what to do."""
    app.world.slack.workspace.manifest["oauth_config"]["scopes"]["bot"].remove("emoji:read")
    own = change(app, "late_payment", ":unpaid:").errors
    standard = change(app, "late_payment", ":duck:").errors

    assert ("emoji:read" in str(own), standard) == (True, {})


def test_only_admins_change_emoji(app: Any, birch: Client) -> None:
    """Others read the list; a forged click is refused, and the log of settings names who did it."""
    amir = app.agency.amir
    change(app, "late_payment", ":duck:")
    amir.click(amir.command("/client", "settings").messages[-1], "emoji")
    listed = str(amir.view)
    amir.click(amir.view, "change_emoji.late_payment", value="late_payment", forge=True)

    assert ("`duck`" in listed, "Change the emoji" in listed) == (True, False)
    assert "for workspace admins" in str(amir.view)
    with app.web.outside.units.read(app.team_id) as unit:
        entry = unit.audit.newest(1)[0]
    assert (entry.action, entry.actor_id, entry.subject, entry.details) == (
        "emoji chosen",
        OLIVIA,
        "late_payment",
        "Paid late: duck",
    )
