"""The trackers that there are, by the name that a workspace's setting uses."""

from __future__ import annotations

from integrations.checklist.tracker import ChecklistTracker
from integrations.jira.settings import JiraSettings
from integrations.jira.tracker import JiraTracker
from integrations.jira.webhook import JiraWebhook
from integrations.trello.settings import TrelloSettings
from integrations.trello.tracker import TrelloTracker
from integrations.trello.webhook import TrelloWebhook, callback_address
from rules.ports import Tracker, Webhook


def build_trackers(
    jira: JiraSettings | None, trello: TrelloSettings | None, public_url: str = ""
) -> dict[str, Tracker]:
    """Absent settings mean off; the checklist is always there. Under `public_url` the outside finds us."""
    table: dict[str, Tracker | None] = {
        "jira": JiraTracker(jira) if jira else None,
        "trello": TrelloTracker(trello, callback_address(trello, public_url)) if trello else None,
        "checklist": ChecklistTracker(),
    }
    return {name: tracker for name, tracker in table.items() if tracker}


def build_webhooks(jira: JiraSettings | None, trello: TrelloSettings | None, public_url: str) -> dict[str, Webhook]:
    """Those whose secret is set. Trello signs the address as well, so it has to be known."""
    callback = callback_address(trello, public_url) if trello else ""
    table: dict[str, Webhook | None] = {
        "jira": JiraWebhook(jira) if jira and jira.webhook_secret.get_secret_value() else None,
        "trello": TrelloWebhook(trello, callback) if trello and callback else None,
    }
    return {name: webhook for name, webhook in table.items() if webhook}
