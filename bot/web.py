"""The HTTP door: a guard in front of Bolt, and two health checks.

Bolt's own Starlette adapter runs listeners on the event loop; here they run in a thread pool (facts/slack.md 3.1).
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

log = structlog.get_logger()

MAX_BODY_BYTES = 1_000_000


def build_web(bolt: App, readiness: Callable[[], dict[str, bool]]) -> Starlette:
    """`readiness` names each part that must work and whether it does; it may block."""

    async def slack_events(request: Request) -> Response:
        body = await _limited_body(request)
        if body is None:
            return PlainTextResponse("The body is too large.", status_code=413)
        if not request.headers.get("x-slack-request-timestamp", "").isdecimal():
            # Bolt answers 500 to a timestamp that is no number (facts/slack.md 3.8).
            log.warning("signature_refused", reason="timestamp")
            return PlainTextResponse("The signature is not valid.", status_code=401)
        try:
            asked = to_bolt_request(request, body)
        except (ValueError, AttributeError):
            # No UTF-8, no JSON or no object: Bolt reads the body before it looks at the signature.
            return PlainTextResponse("The body can't be read.", status_code=400)
        return to_starlette_response(await run_in_threadpool(bolt.dispatch, asked))

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_request: Request) -> Response:
        parts = await run_in_threadpool(readiness)
        return JSONResponse(parts, status_code=200 if all(parts.values()) else 503)

    return Starlette(
        routes=[
            Route("/slack/events", slack_events, methods=["POST"]),
            Route("/health", health),
            Route("/ready", ready),
        ],
    )


async def _limited_body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)
