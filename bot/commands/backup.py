"""`amicable backup`: a consistent copy while everything goes on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap.backup import back_up
from bot.bootstrap.reading import read_settings
from rules.errors import AmicableError
from rules.sentences import Sentence


def backup(
    path: Annotated[
        Path | None, typer.Argument(help="The copy's file, or a folder for it; else it lies beside the database")
    ] = None,
) -> None:
    """Copies the SQLite database while Amicable runs; for PostgreSQL it says which pg_dump to run, and ends with 1."""
    settings = read_settings(without_slack=True)
    try:
        made = back_up(settings.database_url, path)
    except AmicableError as error:
        sys.stderr.write(f"{error.sentence}\n")
        raise SystemExit(1) from None
    if made.command:
        sys.stderr.write(
            Sentence(
                "PostgreSQL's own tools copy it best. Nothing was copied yet; run: {command}\n", command=made.command
            )
        )
        raise SystemExit(1)
    sys.stdout.write(f"{made.path}\n")
    sys.stderr.write(Sentence("Copied {size:.1f} MB.\n", size=made.size / 1000000.0))
