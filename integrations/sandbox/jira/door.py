"""Who comes in: our account, or nobody in particular.

Cloud lets an account whose token it does not know read what anybody may, and answers with nothing instead of 401
("this operation can be accessed anonymously"; facts/trackers.md 8.1); a header gives the reason.
"""

from __future__ import annotations

from typing import Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOBODY, GATEWAY = "amicable.nobody", "amicable.gateway"
REASON, FAILED = "X-Seraph-LoginReason", "AUTHENTICATED_FAILED"

ANONYMOUSLY = (
    ("POST", "/issue/bulkfetch"),
    ("POST", "/search/jql"),
    ("GET", "/mypermissions"),
    ("GET", "/issue/"),
    ("GET", "/project/"),
)


class Owner(Protocol):
    """Whose door it is. `tells_reason`: some proxies take the header away."""

    api: str
    tells_reason: bool
    is_scoped: bool
    lacks_scope_for: str
    gateway_calls: int

    def admits(self, authorization: str) -> bool: ...


class Gateway:
    """Atlassian's door for tokens with scopes: the same Jira below a longer path (facts/trackers.md 8.2)."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        here = scope.get("root_path", "") + self._path
        if scope["type"] == "http" and not scope["path"].startswith(f"{here}/"):
            await JSONResponse({"code": 404, "message": "Not Found"}, 404)(scope, receive, send)
            return
        await self._app({**scope, "root_path": here, GATEWAY: True}, receive, send)


class Door:
    """Lets in whoever has the right token, and nobody in particular where Jira does."""

    def __init__(self, app: ASGIApp, standin: Owner) -> None:
        self._app = app
        self._standin = standin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("Authorization", "")
        self._standin.gateway_calls += bool(scope.get(GATEWAY))
        is_known = self._standin.admits(given) and self._standin.is_scoped == bool(scope.get(GATEWAY))
        lacking = self._standin.lacks_scope_for
        if is_known and lacking and lacking in scope["path"]:
            await JSONResponse({"code": 401, "message": "Unauthorized; scope does not match"}, 401)(
                scope, receive, send
            )
        elif is_known or "/browse/" in scope["path"] or "/_edge/" in scope["path"]:
            await self._app(scope, receive, send)
        elif given.startswith("Bearer ") and self._standin.api.endswith("3"):
            await JSONResponse({"error": "Failed to parse Connect Session Auth Token"}, 403)(scope, receive, send)
        elif self._standin.api.endswith("3") and _is_open(scope):
            await self._app({**scope, NOBODY: True}, receive, self._with_reason(send))
        else:
            await _refused()(scope, receive, self._with_reason(send))

    def _with_reason(self, send: Send) -> Send:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and self._standin.tells_reason:
                MutableHeaders(scope=message)[REASON] = FAILED
            await send(message)

        return told


def is_nobody(request: Request) -> bool:
    return bool(request.scope.get(NOBODY))


def _is_open(scope: Scope) -> bool:
    described = "/createmeta/" in scope["path"]
    return not described and any(scope["method"] == method and path in scope["path"] for method, path in ANONYMOUSLY)


def _refused() -> Response:
    text = "Client must be authenticated to access this resource."
    return JSONResponse({"errorMessages": [text], "errors": {}}, 401)
