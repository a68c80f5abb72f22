"""What stands on Home after an absence, line by line."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.views.away import away_blocks
from rules.clients.stages import Stage
from rules.health.catalogue import load_catalogue
from rules.health.days.away import Changed
from rules.health.score import Band
from rules.words import load_words

SINCE = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)


def test_each_line_says_all_that_changed_and_since_when() -> None:
    """By the reader's own calendar; a rise is called one, and of many types the most frequent two are named."""
    rose = Changed(
        client_id="1",
        client_name="Rose & Co",
        was=Band.AMEND,
        now=Band.WATCH,
        stage=Stage.HANDING_OFF,
        plan_began=True,
        plan_ended=True,
        notes={"praise": 3, "late_payment": 2, "slow_reply": 1},
    )
    drawn = away_blocks(SINCE, "Europe/Amsterdam", [rose], load_catalogue(), load_words("en"))

    assert "Tue 3 Nov 2026" in drawn[1]["elements"][0]["text"]
    assert drawn[2]["text"]["text"] == (
        "*Rose &amp; Co*: rose from amend to watch; handing off; a plan began; a plan ended; "
        "6 new notes (Good news, Paid late, …)"
    )
    assert away_blocks(SINCE, "UTC", [], load_catalogue(), load_words("en")) == []
