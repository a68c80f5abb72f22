"""`amicable sandbox`: the real app on services of its own, to try and to show."""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Annotated

import typer
from dotenv import dotenv_values
from rich.console import Console

from integrations.sandbox import play as theatre
from rules.sentences import Sentence


def sandbox(
    port: Annotated[int, typer.Option(help="Where the page is")] = 8030,
    *,
    play: Annotated[bool, typer.Option("--play", help="Play the story")] = False,
    leave: Annotated[bool, typer.Option("--exit", help="Stop after the story")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else")] = False,
) -> None:
    """The real app in front of a Slack, Jira and Trello of its own: nothing leaves this machine."""
    quietly = Console(stderr=True)
    try:
        theatre.refuse_real_credentials(os.environ, dotenv_values(".env"))
    except theatre.RealCredentialsError as refusal:
        quietly.print(str(refusal))
        raise SystemExit(2) from None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # on the way out it ends the app's processes, too
    with theatre.open_sandbox(port, story=play) as stage:
        quietly.print(Sentence("The sandbox is open: {url}", url=stage.world.url))
        if play:
            summary = theatre.play(stage, lambda number, scene: quietly.print(f"{number:2}. {scene.caption}"))
            for failure in stage.failures:
                quietly.print(Sentence("[red]Did not hold:[/red] {failure}", failure=failure))
            if as_json:
                sys.stdout.write(f"{json.dumps(summary)}\n")
        if not leave:
            theatre.stay()
    raise SystemExit(1 if stage.failures else 0)
