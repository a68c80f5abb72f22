"""`amicable import`: what a team knew before, from its spreadsheets and exports."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.bootstrap import House, checked, read_settings
from bot.commands.sheets import Sheet, read_sheets
from bot.commands.workspace import channels_by_name, workspace_of
from bot.services.imports.imports import Import
from bot.services.imports.rows import Kind
from bot.services.imports.tally import Tally
from rules.errors import AmicableError
from rules.sentences import Sentence

SHOWN_TYPES = 10


def import_files(
    files: Annotated[list[Path], typer.Argument(help="CSV, JSON or JSON Lines", show_default=False)],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing; say what would come of it")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Take the lines that can be taken, though others can't")
    ] = False,
    in_name_of: Annotated[
        str, typer.Option("--as", help="In whose name: an admin's e-mail address; needed where there are several")
    ] = "",
) -> None:
    """Imports clients, notes, invoices and monthly hours.

    Every line is looked at before the first one is taken. If one can't be, each such line is named with what to do,
    and nothing is imported: correct them and run it again, or take the others with --skip-bad.

    Running it again takes what is missing and doubles nothing. A client that is there keeps what it has; what is
    empty is filled in. Notes count from today, whatever their date.

    The first line of a file names its columns; docs/operating.md lists them. Ends with 1 if a line was not taken.
    """
    said = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    try:
        # Clients first, whatever the order of the files: the others speak of them.
        sheets = sorted(
            (each for path in files for each in read_sheets(path)), key=lambda each: list(Kind).index(each.kind)
        )
        house = checked(House(read_settings(), serves_web=False))
        try:
            taken = _run(house, sheets, said, dry_run=dry_run, skip_bad=skip_bad, in_name_of=in_name_of)
        finally:
            house.close()
    except AmicableError as error:
        said.print(error.sentence)
        raise SystemExit(1) from None
    raise SystemExit(0 if taken else 1)


class _Session:
    """One run: what is said on the way, and what came of each list."""

    def __init__(self, run: Import, said: Console) -> None:
        self._run = run
        self._said = said
        self._told: set[tuple[Path, str, int]] = set()

    def look(self, sheets: Sequence[Sheet], *, foresee: bool) -> list[Tally]:
        with _bar(self._said) as progress:
            tallies = []
            for sheet in sheets:
                tally = self._tally(sheet)
                lines = sheet.lines(progress, Sentence("Looking through {name}", name=sheet.path.name))
                self._run.check(sheet.kind, lines, tally, foresee=foresee)
                tallies.append(tally)
        return tallies

    def take(self, sheets: Sequence[Sheet]) -> list[Tally]:
        self._run.begin()
        with _bar(self._said) as progress:
            tallies = []
            for sheet in sheets:
                tally = self._tally(sheet)
                self._run.take(
                    sheet.kind, sheet.lines(progress, Sentence("Importing {name}", name=sheet.path.name)), tally
                )
                tallies.append(tally)
            progress.add_task("Reading the health of the clients again", total=None)
            self._run.end(
                [(sheet.kind, tally.added + tally.filled) for sheet, tally in zip(sheets, tallies, strict=True)]
            )
        return tallies

    def _tally(self, sheet: Sheet) -> Tally:
        def tell(number: int, sentence: str) -> None:
            key = (sheet.path, sheet.unit, number)
            if key not in self._told:
                self._told.add(key)
                self._said.print(f"{sheet.path}, {sheet.unit} {number}: {sentence}")

        return Tally(tell=tell)


def _run(
    house: House, sheets: Sequence[Sheet], said: Console, *, dry_run: bool, skip_bad: bool, in_name_of: str
) -> bool:
    """Whether every line was, or could be, taken."""
    workspace_id = workspace_of(house)
    actor = house.imports.actor(workspace_id, in_name_of)
    channels = channels_by_name(house, workspace_id) if any(each.kind is Kind.CLIENTS for each in sheets) else {}
    for sheet in sheets:
        if sheet.unused:
            said.print(
                Sentence("{path}: nothing is made of {unused}.", path=sheet.path, unused=", ".join(sheet.unused))
            )
    session = _Session(house.imports.open(workspace_id, actor, channels), said)
    tallies, added = session.look(sheets, foresee=dry_run), "would be added"
    bad = sum(tally.bad for tally in tallies)
    if bad and not skip_bad and not dry_run:
        lines = "the line" if bad == 1 else Sentence("the {bad} lines", bad=bad)
        said.print(
            Sentence(
                "Nothing was imported. Correct {lines} named above, or take the others alone with --skip-bad.",
                lines=lines,
            )
        )
        return False
    if not dry_run:
        tallies, added = session.take(sheets), "added"
    _report(sheets, tallies, added)
    return not any(tally.bad for tally in tallies)


def _report(sheets: Sequence[Sheet], tallies: Sequence[Tally], added: str) -> None:
    for sheet, tally in zip(sheets, tallies, strict=True):
        counts = ((tally.added, added), (tally.filled, "completed"), (tally.there, "there already"))
        parts = [f"{count} {what}" for count, what in (*counts, (tally.bad, "not taken")) if count or what == added]
        sys.stdout.write(f"{sheet.path} ({sheet.kind}): {', '.join(parts)}.\n")
        if tally.unsorted:
            words = ", ".join(f"{word} ({times})" for word, times in tally.unsorted.most_common(SHOWN_TYPES))
            more = "" if len(tally.unsorted) <= SHOWN_TYPES else " and others"
            sys.stdout.write(
                Sentence(
                    "  Types that we don't know are “not sorted yet”, without points: {words}{more}.\n",
                    words=words,
                    more=more,
                )
            )


def _bar(said: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=said, transient=True, disable=not said.is_terminal)
