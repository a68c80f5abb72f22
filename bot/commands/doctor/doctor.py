"""Looks at everything, from the settings outwards; what a fault makes pointless is left out."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from bot.bootstrap.house import House
from bot.bootstrap.reading import problems, try_settings
from bot.commands.doctor.channels import look_at_channels
from bot.commands.doctor.environment import AREA, look_at_settings
from bot.commands.doctor.findings import Finding, State, fault
from bot.commands.doctor.slack import SlackLook, look_at_app_token
from bot.commands.doctor.storage import look_at_database, look_at_disk, look_at_files, look_at_owner
from bot.commands.doctor.trackers import look_at_trackers
from bot.commands.manifest import manifest_scopes
from rules.sentences import Sentence

MARKS: Final = {
    State.OK: ("ok   ", "green"),
    State.OFF: ("off  ", "yellow"),
    State.UNKNOWN: ("?    ", "yellow"),
    State.FAULT: ("FAULT", "bold red"),
}


def doctor(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else")] = False
) -> None:
    """Checks settings, Slack, channels, trackers, database and clock; ends with 1 if anything is wrong.

    Each fault comes with its remedy. What is off was left off, or waits for somebody in Slack: no fault.
    """
    raise SystemExit(examine(as_json=as_json))


def examine(*, as_json: bool = False, before_start: bool = False) -> int:
    """Prints what was found; 1 if there is a fault. What libraries say of it meanwhile would only say it again."""
    logging.disable()
    try:
        return _told(as_json=as_json, before_start=before_start)
    finally:
        logging.disable(logging.NOTSET)


def _told(*, as_json: bool, before_start: bool) -> int:
    findings = _findings(before_start=before_start)
    if as_json:
        found = list(findings)
        ended = any(finding.state is State.FAULT for finding in found)
        told = {"ok": not ended, "findings": [asdict(finding) for finding in found]}
        sys.stdout.write(f"{json.dumps(told, ensure_ascii=False)}\n")
        return int(ended)
    console = Console(highlight=False, soft_wrap=True)
    states = [_show(console, finding) for finding in findings]
    faults = states.count(State.FAULT)
    console.print("All is well." if not faults else Sentence("{count} fault.", "{count} faults.", count=faults))
    return int(faults > 0)


def _findings(*, before_start: bool) -> Iterator[Finding]:
    try:
        settings = try_settings()
    except ValidationError as error:
        for said in problems(error):
            yield fault(AREA, f"{said}.", "Correct it in .env or in the environment, or type amicable setup.")
        return
    except ValueError as error:
        yield fault(AREA, str(error), "Your editor's “Save as” has a choice of encodings.")
        return
    yield from look_at_settings(settings, os.environ, Path(".env"))
    yield from look_at_files(settings.database_url, Path())
    yield from look_at_disk(settings.database_url, Path())
    house = House(settings, serves_web=True)  # which waits for nobody
    try:
        yield from _look_around(house, before_start=before_start)
    finally:
        house.close()


def _look_around(house: House, *, before_start: bool) -> Iterator[Finding]:
    stored = list(look_at_database(house, before_start=before_start))
    yield from stored
    slack = SlackLook(house.outside.slack, house.outside.clock)
    yield from slack.look(manifest_scopes())
    if slack.is_reached and (token := house.settings.slack.app_token.get_secret_value()):
        yield look_at_app_token(house.outside.slack, token)
    if not slack.workspace_id or any(finding.area == "Database" and finding.state is State.FAULT for finding in stored):
        return
    owner = list(look_at_owner(house, slack.workspace_id))
    yield from owner
    if not owner:
        house.services.workspaces.welcome(slack.workspace_id)
        yield from look_at_channels(house, slack.workspace_id)
        yield from look_at_trackers(house, slack.workspace_id)


def _show(console: Console, finding: Finding) -> State:
    mark, style = MARKS[finding.state]
    console.print(Text.assemble((mark, style), f" {finding.area}: {finding.said}"))
    if finding.remedy:
        console.print(Text(f"      {finding.remedy}"))
    return finding.state
