"""`amicable restore`: back to a copy, without a ticket lost or doubled."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import read_settings
from bot.bootstrap.backup import look_for_tickets, put_back
from rules.errors import AmicableError
from rules.sentences import Sentence


def restore(
    copy: Annotated[Path | None, typer.Argument(help="The file of a backup")] = None,
    *,
    is_back: Annotated[
        bool, typer.Option("--is-back", help="PostgreSQL was put back by its own tool: only the rest is left to do")
    ] = False,
) -> None:
    """Puts a copy in the place of the SQLite database while Amicable is stopped; what was there is kept beside it.

    Tickets that the copy calls unsent are looked for in the tracker before any is opened. For PostgreSQL it says which
    pg_restore to run, and ends with 1.
    """
    settings = read_settings(without_slack=True)
    try:
        if is_back:
            _tell_of_tickets(look_for_tickets(settings))
            return
        if copy is None:
            raise typer.BadParameter("Name the file of a backup.")
        done = put_back(settings, copy)
    except AmicableError as error:
        sys.stderr.write(f"{error.sentence}\n")
        raise SystemExit(1) from None
    if done.command:
        sys.stderr.write(
            Sentence(
                "PostgreSQL puts a copy back best. Nothing was restored yet; stop Amicable and run: {command}\n"
                "Then: amicable restore --is-back\n",
                command=done.command,
            )
        )
        raise SystemExit(1)
    if done.kept:
        sys.stderr.write(Sentence("What was there is kept: {kept}\n", kept=done.kept))
    _tell_of_tickets(done.doubted)


def _tell_of_tickets(doubted: int) -> None:
    sys.stderr.write("Restored. Start Amicable again, and read amicable doctor.\n")
    if doubted:
        sys.stderr.write(
            Sentence(
                "{count} ticket was not open when the copy was made: it is looked for in the tracker first.\n",
                "{count} tickets were not open when the copy was made: they are looked for in the tracker first.\n",
                count=doubted,
            )
        )
    sys.stderr.write("Notes, decisions and partings that came after the copy are gone: look at those of that time.\n")
