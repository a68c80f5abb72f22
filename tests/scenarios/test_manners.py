"""After a harsh note somebody is asked, kindly and once, whether they would be fine if it were read (FG05, TN04)."""

from __future__ import annotations

from typing import Any

import pytest

from rules.clients.client import Client

ASKED = "Would you be fine if they read this?"


def note_of(app: Any, client: Client) -> str:
    """What counts now."""
    return str(next(note.note for note in app.notes(client) if note.state == "live"))


def test_a_harsh_command_is_stored_and_asked_about_in_private(app: Any, birch: Client) -> None:
    """The note stands at once; one click puts the gentler words in its place, and nobody else heard of it."""
    amir = app.agency.amir
    shown = amir.command("/redflag", "Birch & Barrow they never pay on time").messages[0]
    stored = note_of(app, birch)
    softened = amir.click(shown, "soften_note").messages[0]

    assert (ASKED in str(shown), "Gentler: “The payment was late again”" in str(shown)) == (True, True)
    assert stored == "they never pay on time"
    assert (note_of(app, birch), ASKED in str(softened.blocks)) == ("The payment was late again", False)
    assert ASKED not in str(app.agency.olivia.dms())


def test_a_fair_note_brings_no_question(app: Any, birch: Client) -> None:
    """Facts and praise are not asked about."""
    amir = app.agency.amir
    shown = [
        amir.command("/redflag", "Birch & Barrow paid three weeks late").messages,
        amir.command("/praise", "Birch & Barrow always pay early").messages,
    ]
    assert [ASKED in str(each) for each in shown] == [False, False]


@pytest.mark.parametrize("again", ["what a bunch of idiots", "they never answer"])
def test_nobody_is_asked_twice_about_one_note(app: Any, birch: Client, again: str) -> None:
    """Whoever changes the note and stays harsh is left in peace: it is stored as they wrote it."""
    amir = app.agency.amir
    shown = amir.command("/redflag", "Birch & Barrow they never pay on time").messages[0]
    amir.click(shown, "change_note")
    amir.submit({"client": birch.id, "type": "slow_reply", "note": again})

    assert (ASKED in str(shown), ASKED in str(amir.view)) == (True, False)
    assert note_of(app, birch) == again


def test_the_form_and_the_shortcut_ask_as_well(app: Any, birch: Client) -> None:
    """Each way in that takes words asks, and none of them blocks."""
    amir = app.agency.amir
    amir.command("/redflag", "")
    amir.submit({"client": birch.id, "type": "late_payment", "note": "Kunden ljuger"})
    by_form = str(amir.view)
    amir.shortcut("log_note")
    amir.submit({"client": birch.id, "type": "slow_reply", "note": "Ze antwoorden nooit"})
    by_shortcut = str(amir.view)

    assert (ASKED in by_form, ASKED in by_shortcut) == (True, True)
    assert len(app.notes(birch)) == 2
