"""An export as files: one JSON object, or a folder of CSV files (in Slack a zip of it)."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final, TextIO
from zipfile import ZIP_DEFLATED, ZipFile

Lists = Iterable[tuple[str, Iterator[Mapping[str, Any]]]]
_FORMULA: Final = ("=", "+", "-", "@")  # a spreadsheet program calculates what begins like this


def write_json(path: Path, lists: Lists) -> None:
    """One object with a list under each name."""
    with _for_us_alone(path, "utf-8") as file:
        file.write("{")
        for number, (name, entries) in enumerate(lists):
            file.write(f"{',' if number else ''}\n{json.dumps(name)}: [")
            _write_entries(file, entries)
            file.write("]")
        file.write("\n}\n")


def write_csv(folder: Path, lists: Lists) -> list[Path]:
    """One file for each list that has entries; its columns are the fields of all of them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for name, entries in lists:
        first = next(entries, None)
        if first is not None:
            path = folder / f"{name}.csv"
            with TemporaryFile("w+", encoding="utf-8") as kept:
                _write_table(path, kept, chain([first], entries))
            written.append(path)
    return written


def zipped(path: Path, files: Iterable[Path]) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for each in files:
            archive.write(each, each.name)


def disarmed(cell: str) -> str:
    """With an apostrophe in front, so that it is text to a spreadsheet program; an import takes it off again."""
    begun = cell.lstrip()
    return f"'{begun}" if begun.startswith(_FORMULA) else cell


def _for_us_alone(path: Path, encoding: str) -> TextIO:
    """A file that no other user of the machine can read."""
    return open(
        path, "w", encoding=encoding, newline="", opener=lambda name, flags: os.open(name, flags, 0o600)
    )  # only this one takes an opener


def _write_entries(file: IO[str], entries: Iterable[Mapping[str, Any]]) -> None:
    for number, entry in enumerate(entries):
        file.write(f"{',' if number else ''}\n{json.dumps(entry, ensure_ascii=False)}")


def _write_table(path: Path, kept: IO[str], entries: Iterable[Mapping[str, Any]]) -> None:
    """Twice through the entries, since an old row may lack what a new one has; between them they wait in a file."""
    columns: dict[str, None] = {}
    for entry in entries:
        columns |= dict.fromkeys(entry)
        kept.write(f"{json.dumps(entry)}\n")
    kept.seek(0)
    with _for_us_alone(path, "utf-8-sig") as file:
        writer = csv.DictWriter(file, list(columns), restval="")
        writer.writeheader()
        for line in kept:
            writer.writerow({name: _cell(value) for name, value in json.loads(line).items()})


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() if all(isinstance(each, str) for each in value):
            return disarmed("; ".join(value))
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case str():
            return disarmed(value)
        case _:
            return str(value)
