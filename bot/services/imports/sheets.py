"""Lists in files: CSV as spreadsheet programs write it, JSON, and JSON Lines."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TextIO

from bot.services.imports.rows import Line, RowKind, column, kind_of, unused
from bot.services.imports.tables import Reading, look_at
from rules.errors import InvalidError
from rules.sentences import Sentence

# JSON is read as a whole; CSV and JSON Lines take the same memory however long they are.
MOST_JSON_BYTES: Final = 64_000_000
AS_IT_IS: Final = Reading()
CHUNK: Final = 1 << 20
WINDOWS: Final = "cp1252"
OLD_TEXT: Final = "this is not UTF-8, and is read as Windows writes in Western Europe: look at the accents in the names"
Opened = Callable[[Path, str], AbstractContextManager[TextIO]]  # a file by its path and encoding


def open_plainly(path: Path, encoding: str) -> TextIO:
    return path.open("rt", encoding=encoding, newline="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A list in a file. `unused` are columns that nothing is made of; `unit` is what its pieces are called.

    `remarks` are said of it before it is taken.
    """

    path: Path
    kind: RowKind
    unused: tuple[str, ...]
    unit: str = "line"
    remarks: tuple[str, ...] = ()
    lines_of: Callable[[TextIO], Iterator[Line]]

    def lines(self, opened: Opened) -> Iterator[Line]:
        with _said_plainly(self.path), opened(self.path, _encoding(self.path)) as text:
            yield from self.lines_of(text)


def read_sheets(path: Path, reading: Reading = AS_IT_IS) -> list[Sheet]:
    """The lists of a file, or an `InvalidError` that says why it can't be read."""
    if not path.is_file():
        raise InvalidError(Sentence("Check the path: there is no file {path}.", path=path))
    reader = _READERS.get(path.suffix.casefold(), _csv_sheets)
    with _said_plainly(path), path.open(encoding=_encoding(path), newline="") as text:
        return reader(path, text, reading)


@contextmanager
def _said_plainly(path: Path) -> Iterator[None]:
    try:
        yield
    except UnicodeDecodeError:
        raise InvalidError(
            Sentence("{path} is not UTF-8 text. In a spreadsheet program save it as “CSV UTF-8”.", path=path)
        ) from None
    except json.JSONDecodeError as error:
        raise InvalidError(
            Sentence(
                "{path} is not valid JSON: {msg}. Correct line {lineno}.", path=path, msg=error.msg, lineno=error.lineno
            )
        ) from None
    except RecursionError:
        raise InvalidError(
            Sentence("{path} is not a list that can be read: its entries lie too deep in one another.", path=path)
        ) from None
    except OSError as error:
        raise InvalidError(Sentence("{path} can't be read: {strerror}.", path=path, strerror=error.strerror)) from None


def _encoding(path: Path) -> str:
    """Excel writes UTF-16 as “Unicode text”, puts a mark before UTF-8, and else writes as Windows does in the West."""
    with path.open("rb") as raw:
        if raw.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
        raw.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := raw.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return WINDOWS
    return "utf-8-sig"


def _csv_sheets(path: Path, text: TextIO, reading: Reading) -> list[Sheet]:
    try:
        found = look_at(text, reading)
    except InvalidError as error:
        raise InvalidError(f"{path}: {error.sentence}") from None
    remarks = (*found.remarks, *([OLD_TEXT] if text.encoding == WINDOWS else []))
    return [Sheet(path=path, kind=found.kind, unused=found.unused, remarks=remarks, lines_of=found.lines)]


def _json_sheets(path: Path, text: TextIO, _reading: Reading) -> list[Sheet]:
    """A list of entries, or several lists by their kinds."""
    if path.stat().st_size > MOST_JSON_BYTES:
        raise InvalidError(
            Sentence("{path} is too long for JSON. Write CSV, or JSON Lines (.jsonl): one entry a line.", path=path)
        )
    content = json.load(text)
    if isinstance(content, list):
        return [_sheet(path, _columns(content), partial(_json_lines, ""), unit="entry")]
    if isinstance(content, Mapping) and set(content) & set(RowKind):
        return [
            _sheet(
                path,
                _columns(content[kind]),
                partial(_json_lines, kind),
                unit=Sentence("{kind} entry", kind=kind),
                kind=kind,
            )
            for kind in RowKind
            if content.get(kind)
        ]
    raise InvalidError(
        Sentence(
            "{path} has to be a list of entries, or lists under the names {kind}.", path=path, kind=", ".join(RowKind)
        )
    )


def _json_lines(kind: str, text: TextIO) -> Iterator[Line]:
    content = json.load(text)
    for number, entry in enumerate(content[kind] if kind else content, start=1):
        yield _entry(number, entry)


def _jsonl_sheets(path: Path, text: TextIO, _reading: Reading) -> list[Sheet]:
    first = next((line for line in text if line.strip()), "[]")
    return [_sheet(path, _columns([json.loads(first)]), _jsonl_lines)]


def _jsonl_lines(text: TextIO) -> Iterator[Line]:
    for number, line in enumerate(text, start=1):
        if line.strip():
            yield _jsonl_line(number, line)


def _jsonl_line(number: int, line: str) -> Line:
    try:
        return _entry(number, json.loads(line))
    except json.JSONDecodeError as error:
        return Line(number=number, fault=Sentence("This is not valid JSON: {msg}.", msg=error.msg))


def _entry(number: int, entry: Any) -> Line:
    if not isinstance(entry, Mapping):
        return Line(number=number, fault="This is no entry. Write its cells by their columns' names.")
    return Line(number=number, cells={column(str(name)): value for name, value in entry.items()})


def _columns(entries: Iterable[Any]) -> list[str]:
    """Of all entries: they may leave out what is empty."""
    if not isinstance(entries, list):
        raise InvalidError("What stands under the name of a list has to be a list of entries.")
    return list(dict.fromkeys(name for entry in entries for name in _entry(0, entry).cells))


def _sheet(
    path: Path, columns: list[str], lines_of: Callable[[TextIO], Iterator[Line]], *, unit: str = "line", kind: str = ""
) -> Sheet:
    try:
        told = RowKind(kind) if kind else kind_of(columns)
    except InvalidError as error:
        raise InvalidError(f"{path}: {error.sentence}") from None
    return Sheet(path=path, kind=told, unused=tuple(unused(told, columns)), unit=unit, lines_of=lines_of)


_READERS: Final[Mapping[str, Callable[[Path, TextIO, Reading], list[Sheet]]]] = {
    ".json": _json_sheets,
    ".jsonl": _jsonl_sheets,
    ".ndjson": _jsonl_sheets,
}
