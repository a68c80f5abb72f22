"""Finding a client while typing: in the note's form, on Home, wherever a client is chosen."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.sandbox.agency import DANA

pytestmark = pytest.mark.both_databases


def offered(front: Any, typed: str) -> list[str]:
    """What the form's select offers to Amir while he types this."""
    amir = front.agency.amir
    if amir.view is None:
        amir.shortcut("log_note")
    return [option["text"]["text"] for option in amir.options(amir.view, "pick_client", typed)]


def test_word_starts_come_before_middles_and_accents_do_not_matter(front: Any) -> None:
    """Whoever types "cafe" finds "Café", and what begins like that first, by any of its names."""
    front.add_client("Grand Café Bern")
    front.add_client("Decafé")
    front.add_client("Café Zoë")
    front.add_client("Łódź & Søn", aliases=("Cafetière",))
    front.add_client("Volt")

    assert offered(front, "cafe") == ["Café Zoë", "Łódź & Søn", "Grand Café Bern", "Decafé"]
    assert offered(front, "CAFÉ z") == ["Café Zoë"]
    assert offered(front, "grand ber") == ["Grand Café Bern"]
    assert offered(front, "lodz") == offered(front, "son") == ["Łódź & Søn"]
    assert offered(front, "100%_") == ["Add “100%_” as a client"]


def test_a_select_offers_no_more_than_slack_holds_and_only_whom_its_reader_may_see(front: Any) -> None:
    """A hundred at most; those shown to others only take nobody's place among them."""
    for number in range(230):
        shown_to = (DANA,) if number < 120 else ()
        client = front.add_client(f"Client {number:03}")
        front.restrict(client, shown_to)

    names = offered(front, "client")

    assert (len(names), names[0], names[-1]) == (100, "Client 120", "Client 219")
    assert offered(front, "client 007") == ["Add “client 007” as a client"]  # as of any that there is not
