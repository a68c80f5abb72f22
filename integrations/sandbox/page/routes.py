"""The addresses of the page; whatever is not the page's goes to the stand-ins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from integrations.sandbox.page import acting, reading
from integrations.sandbox.page.guard import LocalOnly, OurPage
from integrations.sandbox.page.live import Watch
from integrations.sandbox.slack.screen import NotThereError
from integrations.sandbox.slack.workspace import Json, SlackError
from integrations.sandbox.theatre import Theatre

STATIC = Path(__file__).parent / "static"
STARTING = {"starting": True}


def front(theatre: Theatre, watch: Watch) -> ASGIApp:
    """Everything that is served on the sandbox's port."""

    def read(look: Callable[[Theatre, Request], Response]) -> Callable[[Request], Response]:
        return lambda request: look(theatre, request) if theatre.stage else JSONResponse(STARTING)

    async def act(request: Request) -> Response:
        body = await request.json()
        return await run_in_threadpool(_act, theatre, request.path_params["what"], body)

    page = [
        Route("/state", read(_state)),
        Route("/request", read(_request)),
        Route("/draft.eml", read(_draft)),
        Route("/events", watch.events),
        Route("/do/{what}", act, methods=["POST"]),
    ]
    return LocalOnly(
        Starlette(
            routes=[
                Mount("/page", OurPage(Starlette(routes=page))),
                Mount("/static", OurPage(StaticFiles(directory=STATIC))),
                Route("/", OurPage(FileResponse(STATIC / "index.html"))),
                Mount("/", theatre.outside),
            ]
        )
    )


def _state(theatre: Theatre, request: Request) -> Response:
    """Everything that the page shows to one person at one place."""
    asked = request.query_params
    try:
        return JSONResponse(reading.state(theatre, asked.get("as", ""), asked.get("view", ""), asked.get("id", "")))
    except LookupError as missing:
        return JSONResponse({"error": str(missing)}, 404)


def _request(theatre: Theatre, request: Request) -> Response:
    found = reading.request(theatre, int(request.query_params.get("n", "-1")))
    return JSONResponse(found) if found else JSONResponse({"error": "There is no such request."}, 404)


def _draft(theatre: Theatre, request: Request) -> Response:
    letter = reading.letter_file(theatre, int(request.query_params.get("n", "-1")))
    if letter is None:
        return PlainTextResponse("There is no such draft.", 404)
    headers = {"Content-Disposition": 'attachment; filename="letter.eml"'}
    return Response(letter, media_type="message/rfc822", headers=headers)


def _act(theatre: Theatre, what: str, body: Json) -> Response:
    action = acting.ACTIONS.get(what)
    if action is None:
        return JSONResponse({"error": f"The sandbox can't {what}."}, 404)
    if theatre.stage is None and what != "start_over":
        return JSONResponse({"error": "The app is still starting. Try again in a moment."}, 409)
    try:
        return JSONResponse(action(theatre, body))
    except (NotThereError, LookupError, ValueError, TimeoutError, SlackError) as refusal:
        return JSONResponse({"error": str(refusal)}, 409)
