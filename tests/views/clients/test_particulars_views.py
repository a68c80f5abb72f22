"""The form of a client's contact: who is greeted, and how they are addressed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.views.clients.particulars import contacts_form
from integrations.sandbox.slack.blockkit.limits import check_view
from rules.clients.client import Client

CLIENT = Client(
    id="cl", workspace_id="T1", name="Lumen", owner_id="U1", stage_since=datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("language", "chosen", "shown", "offered"),
    [
        ("nl", "", "u", ["je", "u"]),
        ("nl", "je", "je", ["je", "u"]),
        ("ca", "je", "tu", ["tu", "vos", "voste"]),
        ("sv", "formal", "ni", ["du", "ni"]),
        ("de", "tu", "first_name", ["first_name", "formal"]),
    ],
)
def test_a_form_of_address_follows_a_change_of_language(
    language: str, chosen: str, shown: str, offered: list[str]
) -> None:
    """What was chosen for another language keeps its formality, so that the form opens whatever was stored."""
    view = contacts_form(replace(CLIENT, language=language, address=chosen))
    check_view(view, home=False)
    element = next(block["element"] for block in view["blocks"] if block["block_id"] == "address")
    assert element["initial_option"]["value"] == shown
    assert [option["value"] for option in element["options"]] == offered
