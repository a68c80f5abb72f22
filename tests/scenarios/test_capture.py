from __future__ import annotations

from typing import Any

from integrations.sandbox.agency import BIRCH, GENERAL, SHARED


def test_a_flag_typed_in_the_clients_channel_is_stored_and_answered_privately(app: Any) -> None:
    """BR03: `/redflag` with words logs at once, guesses the type and shows the effect to the person only."""
    amir, dana = app.agency.amir, app.agency.dana
    amir.command("/client", "add Birch & Barrow")
    amir.submit({"channel": BIRCH})

    answer = amir.command("/redflag", "paid three weeks late", channel=BIRCH)

    assert "Paid late" in answer.text
    assert "Birch & Barrow" in answer.text
    assert [message for message in dana.sees(BIRCH) if "Paid late" in message.text] == []
    with app.web.units.read(app.world.slack.workspace.team_id) as unit:
        assert unit.signals.count_live() == 1
