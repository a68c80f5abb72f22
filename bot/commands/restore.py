"""`amicable restore`: back to a copy, without a ticket lost or doubled."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap.backup import Restored, put_back, take_over
from bot.bootstrap.reading import read_settings
from rules.errors import AmicableError
from rules.sentences import Sentence


def restore(
    copy: Annotated[Path | None, typer.Argument(help="The file of a backup")] = None,
    *,
    is_back: Annotated[
        bool, typer.Option("--is-back", help="PostgreSQL's own tools have put it back: only the rest is left to do")
    ] = False,
) -> None:
    """Puts a copy in the place of the SQLite database while Amicable is stopped; what was there is kept beside it.

    Tickets that the copy calls unsent are looked for in the tracker before any is opened. For PostgreSQL it says what
    to run, and ends with 1.
    """
    if (copy is None) is not is_back:
        raise typer.BadParameter("Name the file of a backup; with --is-back, none.")
    settings = read_settings(without_slack=True)
    try:
        done = put_back(settings, copy) if copy else Restored(doubted=take_over(settings))
    except AmicableError as error:
        sys.stderr.write(f"{error.sentence}\n")
        raise SystemExit(1) from None
    if done.commands:
        sys.stderr.write(
            Sentence(
                "PostgreSQL puts a copy back best, into a new database beside this one. Nothing was restored yet. Stop "
                "Amicable and run:\n{commands}\nSet AMICABLE_DATABASE_URL to the new one, then type: amicable restore "
                "--is-back\n",
                commands="\n".join(done.commands),
            )
        )
        raise SystemExit(1)
    sys.stderr.writelines(f"{each}\n" for each in _told(done))


def _told(done: Restored) -> Iterator[str]:
    yield Sentence("Restored: {database}", database=done.database) if done.database else "Restored."
    if done.kept:
        yield Sentence("What was there is kept: {kept}", kept=done.kept)
    elif done.database:
        yield "There was no database before. If there should have been, you are in another folder than Amicable."
    if done.doubted.tickets:
        yield Sentence(
            "{count} ticket was not open when the copy was made: it is looked for in the tracker first.",
            "{count} tickets were not open when the copy was made: they are looked for in the tracker first.",
            count=done.doubted.tickets,
        )
    if done.doubted.unopened:
        names = ", ".join(done.doubted.unopened)
        yield Sentence("Not opened yet in the copy: {names}. Look in the tracker before you open them.", names=names)
    yield "What came after the copy is gone: look at the notes, decisions and partings of that time."
    yield "Whoever was erased after it is back: erase them once more."
    yield "Start Amicable again, and read amicable doctor."
