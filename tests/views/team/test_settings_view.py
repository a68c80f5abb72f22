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
    shown = json.dumps(overview([], ["jira", "trello", "checklist"], "trello", ADMIN).blocks)

    assert "*Tasks of a parting go to* Trello" in shown
    assert ["Use Jira" in shown, "Use Trello" in shown, "Use the checklist in Slack" in shown] == [True, False, True]
