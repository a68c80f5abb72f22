"""`amicable import`: what a team knew before, from its spreadsheets and exports."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from bot.bootstrap.house import House
from bot.bootstrap.opening import checked
from bot.bootstrap.reading import read_settings
from bot.commands.workspace import channels_by_name, workspace_of
from bot.services.imports.imports import Import
from bot.services.imports.rows import ROWS, RowKind, column
from bot.services.imports.sheets import Opened, Sheet, open_plainly, read_sheets
from bot.services.imports.tables import Reading
from bot.services.imports.tally import Tally
from rules.errors import AmicableError, InvalidError
from rules.lists.columns import known_columns
from rules.lists.notation import DayOrder
from rules.sentences import Sentence

SHOWN_TYPES = 10
SHOWN_COLUMNS = 8
SAMPLES = 3
SHOWN_LINES = 12
# Columns of an export that nobody types.
OF_AN_EXPORT = frozenset({"merged_into", "erased_at", "id", "state", "state_reason"})


def import_files(
    files: Annotated[list[Path], typer.Argument(help="CSV, JSON or JSON Lines", show_default=False)] = [],  # noqa: B006 - read only
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing; say what would come of it")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Take the lines that can be taken, though others can't")
    ] = False,
    dates: Annotated[
        DayOrder | None,
        typer.Option("--dates", help="Which comes first where days are written in digits", show_default=False),
    ] = None,
    columns: Annotated[
        list[str], typer.Option("--map", help="What a column of yours is, such as “Kunde=client”; as often as needed")
    ] = [],  # noqa: B006 - read only
    template: Annotated[
        Path | None,
        typer.Option("--template", help="Write empty lists with their columns into this folder", show_default=False),
    ] = None,
    in_name_of: Annotated[
        str, typer.Option("--as", help="In whose name: an admin's e-mail address; needed where there are several")
    ] = "",
) -> None:
    """Imports clients, notes, invoices and monthly hours.

    Every line is looked at before the first one is taken. If one can't be, each such line is named with what to do,
    and nothing is imported: correct them and run it again, or take the others with --skip-bad.

    Running it again takes what is missing and doubles nothing. A client that is there keeps what it has; what is
    empty is filled in. Notes count from today, whatever their date.

    Lists of accounting and time programs are read as they are. Where a list has names of its own, --map says what they
    mean, once. docs/importing.md lists the columns. Ends with 1 if a line was not taken.
    """
    said = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    try:
        if template:
            _write_templates(template)
            raise SystemExit(0)
        mapped = _mapped(columns)
        house = checked(House(read_settings(), serves_web=False))
        try:
            known = house.services.imports.columns(workspace_of(house))
            sheets, unread = _read(files, Reading(columns={**known, **mapped}, order=dates))
            for sentence in unread:
                said.print(sentence)
            if unread and not (skip_bad or dry_run):
                raise InvalidError("Nothing was imported. Correct this, or take the other files with --skip-bad.")
            taken = _run(house, sheets, said, mapped, dry_run=dry_run, skip_bad=skip_bad, in_name_of=in_name_of)
            taken = taken and not unread
        finally:
            house.close()
    except AmicableError as error:
        said.print(error.sentence)
        raise SystemExit(1) from None
    raise SystemExit(0 if taken else 1)


def _mapped(columns: Sequence[str]) -> dict[str, str]:
    """`Kunde=client` as what it says."""
    pairs = [each.partition("=") for each in columns]
    wrong = [theirs for theirs, equals, ours in pairs if not (theirs.strip() and equals and ours.strip())]
    if wrong:
        raise InvalidError(Sentence("Write --map as in --map “Kunde=client”, not {wrong}.", wrong=wrong[0]))
    mapped = {theirs.strip(): column(ours) for theirs, _, ours in pairs}
    known = {*known_columns(), *(name for row in ROWS.values() for name in row.model_fields)}
    strange = [ours for ours in mapped.values() if ours not in known]
    if strange:
        raise InvalidError(
            Sentence(
                "We have no column {strange}. Choose one of {known}.",
                strange=strange[0],
                known=", ".join(sorted(known - OF_AN_EXPORT)),
            )
        )
    return mapped


def _read(files: Sequence[Path], reading: Reading) -> tuple[list[Sheet], list[str]]:
    """The lists, clients first since the others speak of them; and a sentence for each file that can't be read."""
    if not files:
        raise InvalidError("Name at least one file to import, or write empty lists with --template FOLDER.")
    sheets: list[Sheet] = []
    unread: list[str] = []
    for path in files:
        try:
            sheets += read_sheets(path, reading)
        except InvalidError as error:
            unread.append(error.sentence)
    return sorted(sheets, key=lambda each: list(RowKind).index(each.kind)), unread


def _write_templates(folder: Path) -> None:
    """An empty list of each kind with its columns; a file that is there stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, row in ROWS.items():
        path = folder / f"{kind}.csv"
        if path.exists():
            sys.stdout.write(Sentence("{path} is there already, and stays as it is.\n", path=path))
        else:
            path.write_text(
                ",".join(name for name in row.model_fields if name not in OF_AN_EXPORT) + "\n", encoding="utf-8"
            )
            sys.stdout.write(f"{path}\n")


class _Session:
    """One run: what is said on the way, and what came of each list."""

    def __init__(self, run: Import, said: Console) -> None:
        self._run = run
        self._said = said
        self._told: set[tuple[Path, str, int]] = set()
        self._further: dict[tuple[Path, str], list[int]] = {}

    def look(self, sheets: Sequence[Sheet], *, foresee: bool) -> list[Tally]:
        with _bar(self._said) as progress:
            tallies = []
            for sheet in sheets:
                tally = self._tally(sheet)
                lines = sheet.lines(_with_bar(progress, Sentence("Looking through {name}", name=sheet.path.name)))
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
                    sheet.kind,
                    sheet.lines(_with_bar(progress, Sentence("Importing {name}", name=sheet.path.name))),
                    tally,
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
                self._say(sheet, number, sentence)

        return Tally(tell=tell)

    def _say(self, sheet: Sheet, number: int, sentence: str) -> None:
        """The same sentence once for a file; further lines of it are counted at the end."""
        further = self._further.setdefault((sheet.path, sentence), [])
        if not further:
            self._said.print(f"{sheet.path}, {sheet.unit} {number}: {sentence}")
        further.append(number)

    def say_further(self) -> None:
        for (path, _), (first, *others) in self._further.items():
            if others:
                named = ", ".join(map(str, others[:SHOWN_LINES])) + (" …" if len(others) > SHOWN_LINES else "")
                self._said.print(
                    Sentence(
                        "{path}: the same as for {first} goes for {count} more: {named}.",
                        "{path}: the same as for {first} goes for {count} more: {named}.",
                        path=path,
                        first=first,
                        count=len(others),
                        named=named,
                    )
                )
        self._further.clear()


def _run(
    house: House,
    sheets: Sequence[Sheet],
    said: Console,
    mapped: Mapping[str, str],
    *,
    dry_run: bool,
    skip_bad: bool,
    in_name_of: str,
) -> bool:
    """Whether every line was, or could be, taken."""
    workspace_id = workspace_of(house)
    actor = house.services.imports.actor(workspace_id, in_name_of)
    channels = channels_by_name(house, workspace_id) if any(each.kind is RowKind.CLIENTS for each in sheets) else {}
    for sheet in sheets:
        if sheet.unused:
            said.print(Sentence("{path}: not used here: {unused}.", path=sheet.path, unused=_some(sheet.unused)))
        for remark in sheet.remarks:
            said.print(Sentence("{path}: {remark}.", path=sheet.path, remark=remark))
    session = _Session(house.services.imports.open(workspace_id, actor, channels), said)
    tallies, added = session.look(sheets, foresee=dry_run), "would be added"
    session.say_further()
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
    if dry_run:
        _show_samples(sheets)
    else:
        if mapped:
            house.services.imports.keep_columns(actor, mapped)
        tallies, added = session.take(sheets), "added"
    _report(sheets, tallies, added)
    return not any(tally.bad for tally in tallies)


def _show_samples(sheets: Sequence[Sheet]) -> None:
    """The first lines of each list as they would be taken."""
    shown = Console(highlight=False, markup=False, emoji=False)
    for sheet in sheets:
        lines = [each for each in islice(sheet.lines(open_plainly), SAMPLES) if not each.fault]
        names = list(dict.fromkeys(name for line in lines for name, cell in line.cells.items() if name and cell))
        columns = [Column(name, overflow="fold") for name in names]  # a day that is cut tells nothing
        table = Table(*columns, title=f"{sheet.path.name} ({sheet.kind})", title_justify="left")
        for line in lines:
            table.add_row(*(str(line.cells.get(name, "")) for name in names))
        shown.print(table)


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


def _some(names: Sequence[str]) -> str:
    more = (
        [Sentence("{count} other", "{count} others", count=len(names) - SHOWN_COLUMNS)]
        if len(names) > SHOWN_COLUMNS
        else []
    )
    return ", ".join([*names[:SHOWN_COLUMNS], *more])


def _with_bar(progress: Progress, saying: str) -> Opened:
    """While a bar shows how far we are."""

    def opened(path: Path, encoding: str) -> AbstractContextManager[TextIO]:
        return progress.open(path, "rt", encoding=encoding, newline="", description=saying)

    return opened


def _bar(said: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=said, transient=True, disable=not said.is_terminal)
