"""Keeps other pages of the same browser out: they can reach this machine too."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OUR_HOSTS = {"127.0.0.1", "localhost"}
HEADER = "x-sandbox-page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SAFE = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


class LocalOnly:
    """Refuses foreign host names (a name that was pointed at this machine) and what other sites' pages post.

    For everything that is served here, the stand-ins among it. A browser names the page that posts, apps none.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        host = urlsplit(f"//{headers.get('host', '')}").hostname
        if host not in OUR_HOSTS:
            await PlainTextResponse("The sandbox is at http://127.0.0.1 only.", 421)(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"} and not _is_same_site(headers):
            await PlainTextResponse("Other sites' pages may post nothing here.", 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class OurPage:
    """Whatever changes something comes from our own page: it sends a header that a foreign page may not send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in SAFE if pair[0] not in named)]
            await send(message)

        if scope["method"] in {"GET", "HEAD"} or _is_ours(Headers(scope=scope)):
            await self._app(scope, receive, safely)
        else:
            await PlainTextResponse("Only the sandbox's own page may do this.", 403)(scope, receive, safely)


def _is_ours(headers: Headers) -> bool:
    return _is_same_site(headers) and headers.get(HEADER) == "1"


def _is_same_site(headers: Headers) -> bool:
    origin = headers.get("origin")
    return origin is None or origin == f"http://{headers.get('host')}"
