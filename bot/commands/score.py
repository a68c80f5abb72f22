"""`amicable score`: what the formula says of import files, without a database and without Slack."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.bootstrap.reading import today
from bot.services.imports.ledgers import LedgerReader, ReadLedger
from bot.services.imports.rows import RowKind
from bot.services.imports.sheets import Sheet, open_plainly, read_sheets
from bot.settings import read_weights
from bot.views.health.lines import limit_words
from rules.errors import AmicableError, InvalidError
from rules.health.catalogue import Catalogue, load_catalogue
from rules.health.days.course import Ledger
from rules.health.days.turn import TREND_WEEKS, turn
from rules.health.formula.v2 import health
from rules.health.score import Band, Line, LineKind
from rules.local_days import sunday_of
from rules.sentences import Sentence
from rules.words import Words, load_words

WEEK = timedelta(days=7)


def score(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Lists as `amicable import` takes them", show_default=False)
    ] = None,
    *,
    on: Annotated[
        list[datetime] | None, typer.Option("--on", formats=["%Y-%m-%d"], help="A day; again for more")
    ] = None,
    weekly: Annotated[bool, typer.Option("--weekly", help="Each week from the first note on")] = False,
    team: Annotated[int | None, typer.Option("--team", min=1, help="How many of ours work with the client")] = None,
    own: Annotated[bool, typer.Option("--own", help="How right was it: from the database, no files")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else")] = False,
) -> None:
    """Scores, bands, trends and lines of clients, notes, invoices and hours in files.

    Try it on your own history: nothing is stored and nothing is asked of Slack. Without --on it is today; without
    --team it is the number of different people in the files. With --own it says where the clients of the database
    stood eight weeks before they were mended, left or faded.
    """
    if own:
        from bot.commands.score_own import show_own  # noqa: PLC0415 - files are read without a database's driver

        show_own(as_json=as_json)
        return
    if not files:
        sys.stderr.write("Name a file with notes, or say --own to look at the database.\n")
        raise SystemExit(1)
    try:
        catalogue = _catalogue()
        reader = _read(files, catalogue)
        ledgers = reader.ledgers()
        days = [each.date() for each in on or []] or [today()]
        if weekly:
            days = _weeks(ledgers, max(days))
        size = team or max(1, len(reader.people))
        known = [Ledger(each.entries, each.news, catalogue=catalogue, team=size) for each in ledgers]
        told = [*zip(ledgers, known, strict=True)]
        judged = [_judged(ledger, replay, day, catalogue, size) for day in days for ledger, replay in told]
    except AmicableError as error:
        sys.stderr.write(f"{error.sentence}\n")
        raise SystemExit(1) from None
    if as_json:
        sys.stdout.write(f"{json.dumps({'clients': judged}, ensure_ascii=False)}\n")
    else:
        _show(judged, load_words())


def _catalogue() -> Catalogue:
    """With the agency's own weights, where the environment names a file of them."""
    own = os.environ.get("AMICABLE_WEIGHTS_FILE", "")
    try:
        return read_weights(own) if own else load_catalogue()
    except ValueError as error:
        raise InvalidError(str(error)) from None


def _read(files: Sequence[Path], catalogue: Catalogue) -> LedgerReader:
    """Clients first, whatever the order of the files: the others speak of them."""
    sheets = sorted(
        (each for path in files for each in read_sheets(path)), key=lambda each: list(RowKind).index(each.kind)
    )
    reader = LedgerReader(catalogue, os.environ.get("AMICABLE_COUNTRY", ""))
    for sheet in sheets:
        _take(sheet, reader)
    return reader


def _take(sheet: Sheet, reader: LedgerReader) -> None:
    for line in sheet.lines(open_plainly):
        try:
            reader.take(sheet.kind, line)
        except InvalidError as error:
            raise InvalidError(f"{sheet.path}, {sheet.unit} {line.number}: {error.sentence}") from None


def _weeks(ledgers: Sequence[ReadLedger], until: date) -> list[date]:
    """The end of each week from the first note on, and the day itself where its week is not over."""
    first = min((entry.on for ledger in ledgers for entry in ledger.entries), default=until)
    sundays = []
    day = sunday_of(first)
    while day < until:
        sundays.append(day)
        day += WEEK
    return [*sundays, until]


def _judged(ledger: ReadLedger, known: Ledger, on: date, catalogue: Catalogue, team: int) -> dict[str, Any]:
    found = health(ledger.entries, today=on, catalogue=catalogue, team=team)
    course = known.replayed(on)
    trend = turn(known.numbers(on, TREND_WEEKS))
    monday = sunday_of(on) - timedelta(days=6)
    since = None if trend.weeks_ago is None else (monday - trend.weeks_ago * WEEK).isoformat()
    return {
        "name": ledger.name,
        "on": on.isoformat(),
        "score": found.number if course.is_known else None,
        "band": (Band.ACT_NOW if found.banners else course.band).value,
        "trend": trend.way.value,
        "since": since,
        "lines": [
            *_lines(found.lines, ledger, catalogue),
            *_lines(found.our_side, ledger, catalogue),
            *_waiting(ledger, on),
        ],
    }


def _lines(lines: Sequence[Line], ledger: ReadLedger, catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    words = load_words()
    for line in lines:
        told: dict[str, Any] = {"kind": line.kind.value, "points": line.points_tenths / 10}
        if not line.signal_id:
            about = f", {line.on}" if line.on else ""
            yield told | {"says": f"{limit_words(line, catalogue.limits, words, line.person_id)}{about}"}
            continue
        kind = catalogue.type(line.type)
        text = ledger.said.get(line.signal_id, "")
        struck = "" if line.kind in {LineKind.FLAG, LineKind.PRAISE} else f" ({words.line(line.kind)})"
        yield told | {
            "says": f"{kind.label}{struck}, {line.on}{f': {text}' if text else ''}",
            "type": kind.code,
            "side": kind.side.value,
            "guessed": line.signal_id in ledger.guessed,
        }


def _waiting(ledger: ReadLedger, on: date) -> Iterator[dict[str, Any]]:
    """Guesses of what would alarm: they count once their reporter says that it is meant."""
    for entry in ledger.unconfirmed:
        if entry.on <= on:
            yield {
                "kind": LineKind.UNCONFIRMED.value,
                "points": 0.0,
                "says": f"{load_words().line(LineKind.UNCONFIRMED)}, {entry.on}: {ledger.said[entry.id]}",
                "type": entry.type,
                "side": entry.side.value,
                "guessed": True,
            }


def _show(judged: Sequence[dict[str, Any]], words: Words) -> None:
    """For people: a row a client and day, and the lines where there is only one."""
    console = Console(highlight=False)
    table = Table("client", "on", "score", "band", "trend")
    for each in judged:
        number = "" if each["score"] is None else str(each["score"])
        since = Sentence(" since the week of {monday}", monday=each["since"]) if each["since"] else ""
        table.add_row(
            each["name"], each["on"], number, words.band(each["band"]), f"{words.trend(each['trend'])}{since}"
        )
    console.print(table)
    if len(judged) == 1:
        lines = Table("points", "what")
        for line in judged[0]["lines"]:
            lines.add_row(f"{line['points']:+.1f}", line["says"])
        console.print(lines)
