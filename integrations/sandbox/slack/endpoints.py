"""The stand-in over HTTP: `/api/*`, `/response/*`, `/files/*`."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from integrations.sandbox.faults import Faults, Faulty
from integrations.sandbox.slack.api import files
from integrations.sandbox.slack.api.arguments import Arguments
from integrations.sandbox.slack.api.methods import takes_json
from integrations.sandbox.slack.standin import SlackStandIn
from integrations.sandbox.slack.workspace import Json, SlackError


def application(slack: SlackStandIn) -> ASGIApp:
    """Mount at the root; with the faults of the Web API around it."""

    async def web_api(request: Request) -> Response:
        method = request.path_params["method"]
        if method == "apps.connections.open":
            return JSONResponse(_new_connection(slack, request))
        args = await _arguments(request, method)
        token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        answered = await run_in_threadpool(slack.call, method, token, args)
        told = {} if slack.workspace.hides_scopes else {"x-oauth-scopes": ",".join(sorted(slack.workspace.scopes))}
        headers: dict[str, str] = told
        if answered.get("error") == "ratelimited":
            return JSONResponse(answered, 429, headers | {"Retry-After": "60"})
        return JSONResponse(answered, headers=headers)

    async def response_url(request: Request) -> Response:
        args = await _arguments(request)
        call = await run_in_threadpool(slack.respond, request.path_params["key"], args)
        error = str(call.answer.get("error", ""))
        return PlainTextResponse(error or "ok", 404 if error.endswith("_url") else 400 if error else 200)

    async def upload(request: Request) -> Response:
        content = await request.body()
        try:
            files.receive(slack.workspace, request.path_params["file_id"], content)
        except SlackError as refusal:
            return PlainTextResponse(refusal.code, 404)
        return PlainTextResponse(f"OK - {len(content)}")

    async def download(request: Request) -> Response:
        stored = slack.workspace.files.get(request.path_params["file_id"])
        if stored is None:
            return PlainTextResponse("file_not_found", 404)
        kind = "image/png" if stored.name.endswith(".png") else "application/octet-stream"
        return Response(stored.content, media_type=kind, headers={"X-Content-Type-Options": "nosniff"})

    routes = [
        WebSocketRoute("/link", slack.deliveries.sockets.serve),
        Route("/api/{method}", web_api, methods=["GET", "POST"]),
        Route("/response/{key}", response_url, methods=["POST"]),
        Route("/files/upload/{file_id}", upload, methods=["POST"]),
        Route("/files/{file_id}/{name}", download),
    ]
    return Faulty(Starlette(routes=routes), slack.faults, _rate_limited)


def _new_connection(slack: SlackStandIn, request: Request) -> Json:
    """Only for an app token, and only where the app is in Socket Mode."""
    if request.headers.get("authorization", "").removeprefix("Bearer ").strip() != slack.workspace.app_token:
        return {"ok": False, "error": "invalid_auth"}
    ticket = slack.deliveries.sockets.ticket()
    if not ticket:
        return {"ok": False, "error": "too_many_websockets"}
    return {"ok": True, "url": f"ws://{request.url.netloc}/link?ticket={ticket}"}


async def _arguments(request: Request, method: str = "") -> Arguments:
    body = await request.body()
    kind = request.headers.get("content-type", "application/x-www-form-urlencoded")
    return Arguments.read(kind, body, request.url.query, takes_json=takes_json(method))


def _rate_limited(faults: Faults) -> Response:
    return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(faults.retry_after)})
