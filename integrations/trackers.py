"""The trackers that there are, by the name that a workspace's setting uses."""

from __future__ import annotations

from integrations.checklist.tracker import ChecklistTracker
from integrations.jira.settings import JiraSettings
from integrations.jira.tracker import JiraTracker
from integrations.trello.settings import TrelloSettings
from integrations.trello.tracker import TrelloTracker
from rules.ports import Tracker


def build_trackers(jira: JiraSettings | None, trello: TrelloSettings | None) -> dict[str, Tracker]:
    """Absent settings mean off; the checklist is always there."""
    table: dict[str, Tracker | None] = {
        "jira": JiraTracker(jira) if jira else None,
        "trello": TrelloTracker(trello) if trello else None,
        "checklist": ChecklistTracker(),
    }
    return {name: tracker for name, tracker in table.items() if tracker}
