"""Trello's client library behind one door: `fetch_json` alone, through our own HTTP service (facts/trackers.md 2.3)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from integrations.http import Session, busy, nothing_learned, refusal, spread, unknown_outcome, unreachable
from integrations.trello.pace import Pace
from integrations.trello.settings import TrelloSettings
from integrations.trello.wire import Json, complaint_fields
from rules.errors import NeedsHumanError, OutcomeUnknownError, TrackerError
from rules.ports import Presence

LABEL = "Trello"
HARD_CODED = "https://api.trello.com"
PAGE = 1000
MOST_PAGES = 6
"""A board holds 5,000 open cards at most (facts 3.3)."""

COMPLAINT_LIMIT = 200
FORBIDDEN, GONE, TOO_MANY = 401, 404, 429


class TooManyError(requests.RequestException):
    """Nothing was sent: Trello's limit leaves no room for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


class Service(Session):
    """The library's `http_service`: sends the keys in a header instead of the address, and to where settings say."""

    def __init__(self, settings: TrelloSettings, pace: Pace) -> None:
        super().__init__()
        self._pace = pace
        self.is_hurried = False
        self.last: requests.Response | None = None
        self._url = settings.url
        key, token = settings.key.get_secret_value(), settings.token.get_secret_value()
        self._authorization = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        self.last = None
        query = {name: value for name, value in kwargs.pop("params", {}).items() if name not in {"key", "token"}}
        headers = {**kwargs.pop("headers", {}), "Authorization": self._authorization}
        address = f"{self._url}{str(url).removeprefix(HARD_CODED)}"
        self._keep_pace()
        self.last = super().request(method, address, *args, params=query, headers=headers, **kwargs)
        if self.last.status_code == TOO_MANY:
            self._pace.hold()
        return self.last

    def _keep_pace(self) -> None:
        """What creates something goes out at once or not at all: its quiet period has begun already."""
        if not self.is_hurried:
            self._pace.take()
        elif wait := self._pace.wait_for_room():
            raise TooManyError(wait)

    @property
    def last_status(self) -> int:
        return self.last.status_code if self.last is not None else 0

    def refusal(self) -> TrackerError:
        """What the last answer means: the library's own exception keeps neither headers nor body apart."""
        if self.last is None:
            return unknown_outcome(LABEL)
        complaint = self.last.text[:COMPLAINT_LIMIT].strip()
        return refusal(LABEL, self.last.status_code, self.last.headers, complaint, complaint_fields(complaint))


class BoardClient:
    """The few calls that we make. Whatever creates nothing raises `AgainLaterError` when its answer is unclear."""

    def __init__(self, settings: TrelloSettings, pace: Pace | None = None) -> None:
        self._settings = settings
        self._pace = pace or Pace(settings.requests_per_10_seconds)
        self._local = threading.local()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Whatever this thread asks meanwhile goes out at once, or raises `AgainLaterError`."""
        service = self._service()
        service.is_hurried = True
        try:
            yield
        finally:
            service.is_hurried = False

    def create_card(self, card: Json) -> Json:
        return self._created("cards", card, "shortUrl")

    def create_list(self, board_list: Json) -> Json:
        return self._created(f"boards/{self._settings.board}/lists", board_list, "name")

    def create_label(self, label: Json) -> Json:
        return self._created(f"boards/{self._settings.board}/labels", label, "name")

    def cards_since(self, since: str, fields: str) -> list[Json]:
        """All cards of the board, archived ones too, that were made since then; read from the data, not an index."""
        found: list[Json] = []
        query = {"filter": "all", "fields": fields, "since": since, "limit": str(PAGE)}
        for _ in range(MOST_PAGES):
            page = self._many(f"boards/{self._settings.board}/cards", query)
            found += page
            if len(page) < PAGE:
                return found
            query = {**query, "before": min(card["id"] for card in page)}
        raise nothing_learned(LABEL)

    def card(self, card_id: str, fields: str) -> Json | None:
        return self._one(f"cards/{card_id}", {"fields": fields})

    def look_at_card(self, card_id: str, fields: str) -> tuple[Presence, Json]:
        """Trello keeps a card from us once that lies on a board which we may not see; that is not deleted."""
        try:
            card = self.card(card_id, fields)
        except NeedsHumanError:
            if self._service().last_status == FORBIDDEN:
                return Presence.HIDDEN, {}
            raise
        return (Presence.SEEN, card) if card else (Presence.GONE, {})

    def lists(self) -> list[Json]:
        """All lists of the board as they lie there, archived ones too."""
        found = self._many(f"boards/{self._settings.board}/lists", {"filter": "all", "fields": "id,name,closed,pos"})
        return sorted(found, key=lambda each: float(each.get("pos") or 0))

    def labels(self) -> list[Json]:
        return self._many(f"boards/{self._settings.board}/labels", {"limit": str(PAGE)})

    def webhooks(self) -> list[Json]:
        """Those of our token, which stands in the address: Trello offers no other way to list them."""
        token = self._settings.token.get_secret_value()
        return self._many(f"tokens/{token}/webhooks", {})

    def create_webhook(self, webhook: Json) -> None:
        self._asked("webhooks/", "POST", post_args=webhook)

    def change_webhook(self, webhook_id: str, change: Json) -> None:
        self._asked(f"webhooks/{webhook_id}", "PUT", post_args=change)

    def board(self) -> Json:
        query = {"fields": "id,name,url,closed,prefs", "members": "all"}
        board = self._one(f"boards/{self._settings.board}", query)
        if board is None:
            raise refusal(LABEL, 404, {})
        return board

    def own_boards(self) -> list[Json]:
        """The open boards that the account sees."""
        return self._many("members/me/boards", {"filter": "open", "fields": "id,name,shortLink"})

    def change_card(self, card_id: str, change: Json) -> None:
        self._asked(f"cards/{card_id}", "PUT", post_args=change)

    def change_list(self, list_id: str, change: Json) -> None:
        self._asked(f"lists/{list_id}", "PUT", post_args=change)

    def change_label(self, label_id: str, change: Json) -> None:
        self._asked(f"labels/{label_id}", "PUT", post_args=change)

    def _created(self, path: str, thing: Json, expected: str) -> Json:
        answer = self._call(path, "POST", post_args=thing)
        if not isinstance(answer, dict) or not answer.get("id") or expected not in answer:
            raise unknown_outcome(LABEL)
        return answer

    def _many(self, path: str, query: dict[str, str]) -> list[Json]:
        answer = self._asked(path, "GET", query_params=dict(query))
        if not isinstance(answer, list):
            raise nothing_learned(LABEL)
        return answer

    def _one(self, path: str, query: dict[str, str]) -> Json | None:
        """None when Trello says for certain that it is not there."""
        try:
            answer = self._asked(path, "GET", query_params=dict(query))
        except NeedsHumanError:
            if self._service().last_status == GONE:
                return None
            raise
        if not isinstance(answer, dict) or "id" not in answer:
            raise nothing_learned(LABEL)
        return answer

    def _asked(self, path: str, method: str, **arguments: Json) -> Any:
        failure: TrackerError
        try:
            return self._call(path, method, **arguments)
        except OutcomeUnknownError:
            failure = nothing_learned(LABEL)
        raise failure

    def _call(self, path: str, method: str, **arguments: Json) -> Any:
        """One request; `arguments` are a fresh dict each time, because the library writes into it (facts 2.2)."""
        from trello import ResourceUnavailable, TrelloClient  # noqa: PLC0415 - 3 MB, of use to few processes

        service = self._service()
        failure: TrackerError
        library = TrelloClient(api_key="in-the-header", http_service=service)
        try:
            return library.fetch_json(path, http_method=method, **arguments)
        except ResourceUnavailable:
            failure = service.refusal()
        except TooManyError as error:
            failure = busy(LABEL, spread(error.seconds))
        except requests.RequestException as error:
            failure = unreachable(LABEL, error) or unknown_outcome(LABEL)
        # Raised outside the handler: the library's error repeats the address and the answer.
        raise failure

    def _service(self) -> Service:
        """A session for each thread: requests promises no thread-safety."""
        if not hasattr(self._local, "service"):
            self._local.service = Service(self._settings, self._pace)
        service: Service = self._local.service
        return service
