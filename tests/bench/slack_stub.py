"""A Slack that knows everybody and opens forms in 200 ms, as Slack does: `python -m tests.bench.slack_stub PORT`.

Only for timing: the stand-in of the sandbox is strict, and what it checks would be measured as well.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TEAM, PERSON = "T0BENCH", "U0BENCH"
SECONDS_FOR_A_FORM = 0.2

USER: dict[str, Any] = {
    "id": PERSON,
    "team_id": TEAM,
    "name": "bench",
    "real_name": "Ben Chmark",
    "is_admin": True,
    "is_owner": True,
    "is_bot": False,
    "tz": "Europe/Amsterdam",
    "profile": {"real_name": "Ben Chmark", "email": "ben@agency.example"},
}
ANSWERS: dict[str, dict[str, Any]] = {
    "auth.test": {"team_id": TEAM, "team": "Bench", "user_id": "U0APP", "bot_id": "B0APP"},
    "users.info": {"user": USER},
    "users.list": {"members": [USER]},
    "conversations.list": {"channels": []},
    "conversations.open": {"channel": {"id": "D0BENCH"}},
    "conversations.history": {"messages": []},
    "chat.postMessage": {"channel": "D0BENCH", "ts": "1790000000.000100"},
}


async def answer(request: Request) -> Response:
    method = request.path_params["method"]
    if method == "views.open":
        await asyncio.sleep(SECONDS_FOR_A_FORM)
    return JSONResponse({"ok": True, **ANSWERS.get(method, {})})


if __name__ == "__main__":
    app = Starlette(routes=[Route("/api/{method}", answer, methods=["GET", "POST"])])
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
