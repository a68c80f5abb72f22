"""The settings of the workspace on screen."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from bot.views.settings import overview
from rules.clients.people import Member

ADMIN = Member(
    id="U1",
    workspace_id="T1",
    team_id="T1",
    name="Olivia",
    is_admin=True,
    fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
)


def test_where_tasks_go_now_is_said_and_only_other_places_are_offered() -> None:
    """A row of equal buttons would not tell an admin what is set."""
    shown = json.dumps(overview([], {"a": "A board", "b": "B board", "c": "the list"}, "b", "", ADMIN).blocks)

    assert "*Tasks of a parting go to* B board" in shown
    assert [f"Use {label}" in shown for label in ("A board", "B board", "the list")] == [True, False, True]
