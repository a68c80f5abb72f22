"""The trackers that there are, by the name that a workspace's setting uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import requests

from integrations.checklist.tracker import ChecklistTracker
from integrations.http import Session, unreachable
from integrations.jira.settings import JiraSettings
from integrations.jira.tracker import CLIENTS, JiraTracker
from integrations.jira.webhook import JiraWebhook
from integrations.trello.client import BoardClient
from integrations.trello.settings import TrelloSettings
from integrations.trello.tracker import TrelloTracker
from integrations.trello.webhook import TrelloWebhook, callback_address
from rules.errors import NotFoundError
from rules.ports import Tracker, Webhook
from rules.sentences import Sentence

NOT_CHOSEN: Final = {"project": "NONE", "board": "0" * 24}  # what fits a setting that is asked for later
_BOARD_ADDRESS: Final = re.compile(r"/b/([0-9A-Za-z]{8})(?:/|$)")


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


def try_site(url: str) -> None:
    """Raises where no server bears this name, or its certificate does not hold."""
    with Session() as session:
        try:
            session.get(url)
        except requests.RequestException as error:
            if found := unreachable("Jira", error):
                raise found from None


def try_account(told: Mapping[str, str]) -> None:
    """Raises where Jira does not know the account; `told` are Jira's settings as far as they are known."""
    settings = JiraSettings.model_validate(NOT_CHOSEN | dict(told))
    CLIENTS[settings.kind](settings).myself()


def find_board(told: Mapping[str, str], asked: str) -> str:
    """The short code of the account's open board that is meant by name, by address, by id or by that code."""
    settings = TrelloSettings.model_validate({**told, "board": NOT_CHOSEN["board"]})
    boards = BoardClient(settings).own_boards()
    address = _BOARD_ADDRESS.search(asked)
    code = address[1] if address else asked.strip()
    exact = [each for each in boards if code in {each["id"], each["shortLink"]}]
    named = [each for each in boards if str(each["name"]).casefold() == code.casefold()]
    found = exact or named
    if len(found) == 1:
        return str(found[0]["shortLink"])
    if found:
        raise NotFoundError(Sentence("Several boards are called {name}. Copy the address of yours.", name=asked))
    seen = ", ".join(sorted(str(each["name"]) for each in boards)) or "none"
    raise NotFoundError(
        Sentence("This account sees no open board “{name}”. Those that it sees: {seen}.", name=asked, seen=seen)
    )
