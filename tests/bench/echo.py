"""The yardstick: our server and our Bolt, with a command that does nothing. `python -m tests.bench.echo PORT`."""

from __future__ import annotations

import ssl
import sys

import uvicorn
from slack_bolt import Ack
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web import WebClient
from starlette.applications import Starlette

from bot.bolt import build_bolt
from bot.web import Door, build_web

COMMAND = "/echo"


def build_echo(signing_secret: str) -> Starlette:
    bolt = build_bolt(WebClient(token="xoxb-echo", ssl=ssl.create_default_context()), signing_secret)

    def answer(ack: Ack) -> None:
        ack("Logged.")

    bolt.command(COMMAND)(answer)
    door = Door(bolt, SignatureVerifier(signing_secret), lambda _seconds: None)
    return build_web(door, lambda: {"web": True}, {}, lambda _hint: None)


if __name__ == "__main__":
    uvicorn.run(build_echo(sys.argv[2]), port=int(sys.argv[1]), log_level="warning", access_log=False)
