"""The HTTP door: a guard in front of Bolt, the trackers' webhooks, and two health checks.

Bolt's own Starlette adapter runs listeners on the event loop; here they run in a thread pool (facts/slack.md 3.1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from rules.errors import UnavailableError
from rules.ports import TicketHint, Webhook

log = structlog.get_logger()

MAX_BODY_BYTES = 1_000_000


Take = Callable[[TicketHint], object]


def build_web(
    bolt: App, readiness: Callable[[], dict[str, bool]], webhooks: Mapping[str, Webhook], take: Take
) -> Starlette:
    """`readiness` names each part that must work and whether it does; it may block.

    `webhooks` are those that are set up, by their tracker; `take` stores what they hint at.
    """

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
            *_webhook_routes(webhooks, take),
            Route("/health", health),
            Route("/ready", ready),
        ],
    )


def _webhook_routes(webhooks: Mapping[str, Webhook], take: Take) -> list[Route]:
    async def knock(request: Request) -> Response:
        tracker = request.path_params["tracker"]
        if tracker not in webhooks:
            return PlainTextResponse("Nobody is here.", status_code=404)
        # Trello asks with HEAD whether anybody is there before it sends anything.
        return Response() if request.method == "HEAD" else await _rung(request, tracker, webhooks[tracker], take)

    paths = ("/webhooks/{tracker}", "/webhooks/{tracker}/{secret}")
    return [Route(path, knock, methods=["HEAD", "POST"]) for path in paths]


async def _rung(request: Request, tracker: str, webhook: Webhook, take: Take) -> Response:
    """Verified, stored and answered: whatever has to be read is read later by a worker."""
    body = await _limited_body(request)
    if body is None:
        return PlainTextResponse("The body is too large.", status_code=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not webhook.is_genuine(headers, body, request.path_params.get("secret", "")):
        log.warning("webhook_refused", tracker=tracker)
        return PlainTextResponse("The signature is not valid.", status_code=401)
    try:
        hint = webhook.read(headers, body)
        if hint:
            await run_in_threadpool(take, hint)
    except ValueError:
        return PlainTextResponse("The body can't be read.", status_code=400)
    except UnavailableError:
        # The tracker repeats what was answered so.
        return PlainTextResponse("Our storage is away. Please repeat this.", status_code=503)
    return Response()


async def _limited_body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)
