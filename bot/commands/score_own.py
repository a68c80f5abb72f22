"""`amicable score --own`: how right the score was on the clients of the database."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.bootstrap.house import House
from bot.commands.privacy import only_workspace, operator, with_house
from bot.services.health.track_record import TrackRecord
from bot.views.health.track_record import said, summary, too_few
from rules.health.why.track_record import LEAST, Foresight
from rules.words import load_words


def show_own(*, as_json: bool) -> None:
    def show(house: House, _: Console) -> None:
        workspace_id = only_workspace(house, "")
        record = house.services.records.record(workspace_id, operator(house, workspace_id))
        if as_json:
            sys.stdout.write(f"{json.dumps(_told(record), ensure_ascii=False)}\n")
        else:
            _print(record)

    with_house(show, without_slack=True)


def _told(record: TrackRecord) -> dict[str, Any]:
    """Nothing of a client as long as the outcomes are too few to say anything."""
    told: dict[str, Any] = {"outcomes": record.outcomes, "least": LEAST}
    if not record.is_enough:
        return told | {"says": [too_few(record)], "clients": []}
    says = [f"{version}: {each}" for version, sentences in summary(record) for each in sentences]
    return told | {"says": says, "clients": [_client(each) for each in record.foresights]}


def _client(seen: Foresight) -> dict[str, Any]:
    return {
        "name": seen.client_name,
        "ending": seen.ended.ending.value,
        "ended_on": seen.ended.on.isoformat(),
        "on": seen.on.isoformat(),
        "verdicts": [
            {"version": each.version, "score": each.number, "band": each.band.value} for each in seen.verdicts
        ],
    }


def _print(record: TrackRecord) -> None:
    console = Console(highlight=False)
    if not record.is_enough:
        console.print(too_few(record))
        return
    for version, sentences in summary(record):
        for sentence in sentences:
            console.print(f"{version}: {sentence}")
    words = load_words()
    table = Table("client", "what became of it", "on", "eight weeks before", *record.versions)
    for seen in record.foresights:
        verdicts = (said(each, words) for each in seen.verdicts)
        ended = seen.ended
        table.add_row(seen.client_name, ended.ending.value, ended.on.isoformat(), seen.on.isoformat(), *verdicts)
    console.print(table)
