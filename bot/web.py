"""The HTTP door: a guard in front of Bolt, the trackers' webhooks, and two health checks.

Bolt's own Starlette adapter runs listeners on the event loop; here they run in a thread pool (facts/slack.md 3.1).
Nothing of a request is parsed before its signature was found good, and nothing that takes long runs on the loop.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.bolt import UNREADABLE
from bot.errors import a_request
from rules.errors import UnavailableError
from rules.ports import TicketHint, Webhook

log = structlog.get_logger()

MAX_BODY_BYTES = 1_000_000
MAX_BODY_SECONDS = 10  # Slack sends at once, and waits three seconds for an answer
RATE_LIMITED = b'"app_rate_limited"'
_TIMESTAMP = re.compile(r"[0-9]{1,12}")

Take = Callable[[TicketHint], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposition:
    """What monitoring reads with this token: a text, which may take its time, and its content type."""

    token: str
    told: Callable[[], bytes]
    content_type: str


class Door:
    """What Slack sends: verified on its raw bytes, then read, then handed to Bolt, all in a thread."""

    def __init__(self, bolt: App, verifier: SignatureVerifier, acknowledged: Callable[[float], None]) -> None:
        """`acknowledged` is told how many seconds an answer took."""
        self._bolt = bolt
        self._verifier = verifier
        self._acknowledged = acknowledged

    def admit(self, request: Request, body: bytes) -> Response:
        """Bolt answers what it understands; what it can't read is refused here and leaves no words in the log."""
        if not self._is_genuine(request.headers, body):
            log.warning("signature_refused")
            return PlainTextResponse("The signature is not valid.", status_code=HTTPStatus.UNAUTHORIZED)
        began = time.monotonic()
        try:
            with a_request():
                answer = self._bolt.dispatch(to_bolt_request(request, body))
        except UNREADABLE as error:
            places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
            log.warning("request_unreadable", kind=type(error).__name__, places=places[-3:])
            return PlainTextResponse("The body can't be read.", status_code=HTTPStatus.BAD_REQUEST)
        self._acknowledged(time.monotonic() - began)
        if answer.status == HTTPStatus.NOT_FOUND:
            # Slack's, but nothing that we asked for. That it holds back events of ours is not to be repeated.
            log.warning("request_not_known")
            return Response(status_code=HTTPStatus.OK if RATE_LIMITED in body else HTTPStatus.BAD_REQUEST)
        return to_starlette_response(answer)

    def _is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """The verifier itself fails on a timestamp that is no number, a signature beyond ASCII, a body beyond UTF-8."""
        timestamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not signature.isascii():
            return False
        try:
            return bool(self._verifier.is_valid(body, timestamp, signature))
        except UnicodeDecodeError:
            return False


def build_web(
    door: Door,
    readiness: Callable[[], dict[str, bool]],
    webhooks: Mapping[str, Webhook],
    take: Take,
    *,
    exposition: Exposition | None = None,
    body_seconds: float = MAX_BODY_SECONDS,
) -> Starlette:
    """`readiness` names each part that must work and whether it does; it may block.

    Without an `exposition` nobody reads figures.
    `webhooks` are those that are set up, by their tracker; `take` stores what they hint at. A body that takes longer
    than `body_seconds` is refused.
    """

    async def slack_events(request: Request) -> Response:
        body = await _limited_body(request, body_seconds)
        if isinstance(body, Response):
            return body
        return await run_in_threadpool(door.admit, request, body)

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_request: Request) -> Response:
        parts = await run_in_threadpool(readiness)
        return JSONResponse(parts, status_code=200 if all(parts.values()) else 503)

    return Starlette(
        routes=[
            Route("/slack/events", slack_events, methods=["POST"]),
            *_webhook_routes(webhooks, take, body_seconds),
            Route("/health", health),
            Route("/ready", ready),
            *([_metrics(exposition)] if exposition else []),
        ],
    )


def _metrics(exposition: Exposition) -> Route:
    async def measured(request: Request) -> Response:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.encode(), exposition.token.encode()):
            return PlainTextResponse("The token is not valid.", status_code=HTTPStatus.UNAUTHORIZED)
        try:
            return Response(await run_in_threadpool(exposition.told), media_type=exposition.content_type)
        except UnavailableError as error:
            return PlainTextResponse(error.sentence, status_code=HTTPStatus.SERVICE_UNAVAILABLE)

    return Route("/metrics", measured)


def _webhook_routes(webhooks: Mapping[str, Webhook], take: Take, body_seconds: float) -> list[Route]:
    async def knock(request: Request) -> Response:
        tracker = request.path_params["tracker"]
        if tracker not in webhooks:
            return PlainTextResponse("Nobody is here.", status_code=404)
        if request.method == "HEAD":
            # Trello asks so whether anybody is there before it sends anything.
            return Response()
        body = await _limited_body(request, body_seconds)
        return body if isinstance(body, Response) else await _rung(request, body, webhooks[tracker], take)

    paths = ("/webhooks/{tracker}", "/webhooks/{tracker}/{secret}")
    return [Route(path, knock, methods=["HEAD", "POST"]) for path in paths]


async def _rung(request: Request, body: bytes, webhook: Webhook, take: Take) -> Response:
    """Verified, stored and answered: whatever has to be read is read later by a worker."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not webhook.is_genuine(headers, body, request.path_params.get("secret", "")):
        log.warning("webhook_refused", tracker=request.path_params["tracker"])
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


async def _limited_body(request: Request, seconds: float) -> bytes | Response:
    """All of it, or the refusal of one that is too large or comes too slowly."""
    try:
        async with asyncio.timeout(seconds):
            body = await _whole(request)
    except TimeoutError:
        return _hung_up("The body took too long.", HTTPStatus.REQUEST_TIMEOUT)
    if body is None:
        return _hung_up("The body is too large.", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return body


def _hung_up(why: str, status: HTTPStatus) -> Response:
    """The rest of the body is not waited for."""
    return PlainTextResponse(why, status_code=status, headers={"Connection": "close"})


async def _whole(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)
