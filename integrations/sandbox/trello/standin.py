from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, QueryParams
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from integrations.sandbox.faults import Faults, Faulty
from integrations.sandbox.trello.board import Board, BoardList, Card, Json, Label, RefusedError
from integrations.sandbox.trello.hooks import Hooks

PAGE_LIMIT = 1000
API = "/1"
MOST_REQUESTS, WINDOW_SECONDS = 100, 10.0
"""Of one token; the next one is refused (facts/trackers.md 3.3)."""


class TrelloStandIn:
    """A whole Trello with one board. `cards` and `lists` are what a person would see there, oldest first.

    Of `other_boards` of the account nothing but their names is there.

    It takes `most_requests` in `window_seconds` and counts those that it `refused` beyond that.
    """

    def __init__(
        self,
        *,
        key: str = "trello-key",
        token: str = "trello-token",  # noqa: S107 - opens a stand-in
        board: Board | None = None,
        faults: Faults | None = None,
    ) -> None:
        self.key = key
        self.token = token
        self.board = board or Board()
        self.other_boards: list[Board] = []
        self.faults = faults or Faults()
        self.hooks = Hooks(self.board)
        self.most_requests, self.window_seconds = MOST_REQUESTS, WINDOW_SECONDS
        self.refused = 0
        self._asked_at: deque[float] = deque()
        self._lock = threading.RLock()
        self.app: ASGIApp = Faulty(self._routes(), self.faults, _rate_limit)

    @property
    def cards(self) -> list[Card]:
        with self._lock:
            return list(self.board.cards.values())

    @property
    def lists(self) -> list[BoardList]:
        with self._lock:
            return list(self.board.lists.values())

    def finish(self, card_id: str) -> None:
        """Somebody ticks the card as complete."""
        with self._lock:
            self.board.cards[card_id].due_complete = True
        self.hooks.ring("updateCard", card_id)

    def move(self, card_id: str, list_id: str) -> None:
        """Somebody drags the card to another list."""
        with self._lock:
            self.board.change_card(self.board.cards[card_id], {"idList": list_id})
        self.hooks.ring("updateCard", card_id)

    def set_due(self, card_id: str, at: datetime) -> None:
        """Somebody sets a due date; Trello keeps the instant."""
        with self._lock:
            self.board.change_card(self.board.cards[card_id], {"due": at.isoformat()})
        self.hooks.ring("updateCard", card_id)

    def delete(self, card_id: str) -> None:
        with self._lock:
            del self.board.cards[card_id]
        self.hooks.ring("deleteCard", card_id)

    def _routes(self) -> Starlette:
        board = f"{API}/boards/{{board}}"
        calls: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
            ("GET", f"{API}/members/me/boards", self._own_boards),
            ("GET", board, self._board),
            ("GET", f"{board}/cards", self._cards),
            ("GET", f"{board}/lists", self._lists),
            ("POST", f"{board}/lists", self._create_list),
            ("PUT", f"{API}/lists/{{list}}", self._change_list),
            ("GET", f"{board}/labels", self._labels),
            ("POST", f"{board}/labels", self._create_label),
            ("PUT", f"{API}/labels/{{label}}", self._change_label),
            ("POST", f"{API}/webhooks/", self._create_hook),
            ("PUT", f"{API}/webhooks/{{hook}}", self._change_hook),
            ("GET", f"{API}/tokens/{{token}}/webhooks", self._own_hooks),
            ("POST", f"{API}/cards", self._create_card),
            ("GET", f"{API}/cards/{{card}}", self._card),
            ("PUT", f"{API}/cards/{{card}}", self._change_card),
            ("GET", "/c/{card}", self._browse),
        ]
        routes = [Route(path, endpoint, methods=[method]) for method, path, endpoint in calls]
        return Starlette(
            routes=routes,
            middleware=[Middleware(_OAuthHeader, standin=self)],
            exception_handlers={RefusedError: _bad_request},
        )

    async def _own_boards(self, request: Request) -> Response:
        """Of the account whose token this is; all of them, unless only the open ones are asked for."""
        open_only = request.query_params.get("filter", "all") == "open"
        found = [each for each in (self.board, *self.other_boards) if not (open_only and each.closed)]
        return JSONResponse([_chosen(request, _described(request, each)) for each in found])

    async def _board(self, request: Request) -> Response:
        if not self._knows(request):
            return _missing()
        answer = _chosen(request, _described(request, self.board), "name,url,closed,prefs")
        if request.query_params.get("members", "none") == "all":
            answer["members"] = [{"id": m.id, "fullName": m.name, "username": m.username} for m in self.board.members]
        return JSONResponse(answer)

    async def _cards(self, request: Request) -> Response:
        """Newest pages first, as Trello pages: `before` is the lowest id of the last page."""
        if not self._knows(request):
            return _missing()
        query = request.query_params
        since, before = _born(query.get("since")), query.get("before") or "g"
        limit = int(query.get("limit", PAGE_LIMIT))
        if not 0 < limit <= PAGE_LIMIT:
            raise RefusedError("invalid value for limit")
        closed_too = query.get("filter", "visible") == "all"
        found = [card for card in self.cards if (closed_too or not card.closed) and since <= card.id < before]
        page = sorted(found, key=lambda card: card.id)[-limit:]
        return JSONResponse([_chosen(request, _card(request, self.board, card)) for card in page])

    async def _lists(self, request: Request) -> Response:
        if not self._knows(request):
            return _missing()
        every = request.query_params.get("filter", "open") == "all"
        found = [_list(self.board, found) for found in self.lists if every or not found.closed]
        return JSONResponse([_chosen(request, entry, "name,closed,idBoard,pos") for entry in found])

    async def _create_list(self, request: Request) -> Response:
        if not self._knows(request):
            return _missing()
        given = await _given(request)
        with self._lock:
            return JSONResponse(_list(self.board, self.board.add_list(given)))

    async def _change_list(self, request: Request) -> Response:
        given = await _given(request)
        with self._lock:
            found = self.board.lists.get(request.path_params["list"])
            if found is None:
                return _missing()
            self.board.change_list(found, given)
            return JSONResponse(_list(self.board, found))

    async def _labels(self, request: Request) -> Response:
        if not self._knows(request):
            return _missing()
        found = list(self.board.labels.values())[: int(request.query_params.get("limit", 50))]
        return JSONResponse([_label(self.board, label) for label in found])

    async def _create_label(self, request: Request) -> Response:
        """Both are required, says the document; a label without a colour has `null` there."""
        given = await _given(request)
        if not self._knows(request) or not {"name", "color"} <= set(given):
            return _missing()
        with self._lock:
            return JSONResponse(_label(self.board, self.board.add_label(given)))

    async def _change_label(self, request: Request) -> Response:
        given = await _given(request)
        with self._lock:
            found = self.board.labels.get(request.path_params["label"])
            if found is None:
                return _missing()
            found.name = given.get("name", found.name)
            return JSONResponse(_label(self.board, found))

    async def _create_hook(self, request: Request) -> Response:
        given = await _given(request)
        return JSONResponse(await run_in_threadpool(self.hooks.register, given))

    async def _change_hook(self, request: Request) -> Response:
        given = await _given(request)
        found = await run_in_threadpool(self.hooks.change, request.path_params["hook"], given)
        return JSONResponse(found) if found else _missing()

    async def _own_hooks(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            return _missing()
        return JSONResponse(self.hooks.described())

    async def _create_card(self, request: Request) -> Response:
        given = await _given(request)
        with self._lock:
            return JSONResponse(_card(request, self.board, self.board.add_card(given)))

    async def _card(self, request: Request) -> Response:
        card = self.board.find_card(request.path_params["card"])
        return JSONResponse(_chosen(request, _card(request, self.board, card))) if card else _missing()

    async def _change_card(self, request: Request) -> Response:
        given = await _given(request)
        with self._lock:
            card = self.board.find_card(request.path_params["card"])
            if card is None:
                return _missing()
            self.board.change_card(card, given)
            return JSONResponse(_card(request, self.board, card))

    async def _browse(self, request: Request) -> Response:
        """Not a part of the API: what a person sees who follows a link."""
        card = self.board.find_card(request.path_params["card"])
        if card is None:
            return PlainTextResponse("No such card.", 404)
        state = "complete" if card.due_complete else "open"
        return PlainTextResponse(f"{card.name} [{state}]\nDue: {card.due or '-'}\n\n{card.desc}\n")

    def has_room(self) -> bool:
        """Counts a request of our token; False for one too many."""
        with self._lock:
            now = time.monotonic()
            while self._asked_at and self._asked_at[0] <= now - self.window_seconds:
                self._asked_at.popleft()
            if len(self._asked_at) >= self.most_requests:
                self.refused += 1
                return False
            self._asked_at.append(now)
            return True

    def _knows(self, request: Request) -> bool:
        return request.path_params["board"] in (self.board.id, self.board.short_link)


class _OAuthHeader:
    """Key and token from the OAuth header or, as Trello also allows, from the query."""

    def __init__(self, app: ASGIApp, standin: TrelloStandIn) -> None:
        self._app = app
        self._standin = standin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "/c/" in scope["path"]:
            await self._app(scope, receive, send)
            return
        key, token = _credentials(scope)
        if key != self._standin.key:
            await PlainTextResponse("invalid key", 401)(scope, receive, send)
        elif token != self._standin.token:
            await PlainTextResponse("invalid app token", 401)(scope, receive, send)
        elif not self._standin.has_room():
            await _rate_limit(self._standin.faults)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _credentials(scope: Scope) -> tuple[str, str]:
    header = Headers(scope=scope).get("Authorization", "")
    parts = dict(
        re.findall(r'(oauth_consumer_key|oauth_token)="([^"]*)"', header if header.startswith("OAuth ") else "")
    )
    query = QueryParams(scope["query_string"])
    return (
        parts.get("oauth_consumer_key", query.get("key", "")),
        parts.get("oauth_token", query.get("token", "")),
    )


async def _given(request: Request) -> Json:
    """Parameters of a change: in the query or, as documented in words, as a JSON object."""
    body = await request.body()
    try:
        parsed = json.loads(body) if body else {}
    except json.JSONDecodeError as error:
        raise RefusedError("Error parsing body") from error
    if not isinstance(parsed, dict):
        raise RefusedError("Error parsing body")
    return {**request.query_params, **parsed}


async def _bad_request(_: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), 400)


def _missing() -> Response:
    return PlainTextResponse("The requested resource was not found.", 404)


def _rate_limit(_: Faults) -> Response:
    """Trello promises no Retry-After (facts/trackers.md 3.3)."""
    return JSONResponse({"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}, 429)


def _site(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _born(since: str | None) -> str:
    """The lowest id that something born then could have."""
    if not since:
        return ""
    if re.fullmatch(r"[0-9a-f]{24}", since):
        return since
    try:
        return f"{int(datetime.fromisoformat(since).astimezone(UTC).timestamp()):08x}"
    except ValueError as error:
        raise RefusedError("invalid value for since") from error


def _chosen(request: Request, every: Json, default: str = "all") -> Json:
    wanted = request.query_params.get("fields", default)
    return every if wanted == "all" else {name: every[name] for name in ["id", *wanted.split(",")] if name in every}


def _described(request: Request, board: Board) -> Json:
    return {
        "id": board.id,
        "name": board.name,
        "url": f"{_site(request)}/b/{board.short_link}",
        "shortUrl": f"{_site(request)}/b/{board.short_link}",
        "shortLink": board.short_link,
        "closed": board.closed,
        "prefs": {"permissionLevel": board.level, "selfJoin": False},
    }


def _list(board: Board, found: BoardList) -> Json:
    return {"id": found.id, "name": found.name, "closed": found.closed, "pos": found.pos, "idBoard": board.id}


def _label(board: Board, label: Label) -> Json:
    return {"id": label.id, "idBoard": board.id, "name": label.name, "color": label.color}


def _card(request: Request, board: Board, card: Card) -> Json:
    url = f"{_site(request)}/c/{card.short_link}"
    return {
        "id": card.id,
        "idShort": card.short,
        "idBoard": board.id,
        "idList": card.list_id,
        "name": card.name,
        "desc": card.desc,
        "due": card.due,
        "dueComplete": card.due_complete,
        "closed": card.closed,
        "idLabels": list(card.label_ids),
        "idMembers": list(card.member_ids),
        "shortLink": card.short_link,
        "shortUrl": url,
        "url": url,
    }
