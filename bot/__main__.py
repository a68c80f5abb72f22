"""`amicable`: the processes of the Procfile, the sandbox, and what an operator types, each in `bot/commands/`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Final

import typer

COMMANDS: Final[Mapping[str, str]] = {
    "run": "processes:run",
    "socket": "processes:socket",
    "web": "processes:web",
    "worker": "processes:worker",
    "migrate": "processes:migrate",
    "sandbox": "sandbox:sandbox",
    "manifest": "manifest:manifest",
    "backup": "backup:backup",
    "restore": "restore:restore",
    "export": "privacy:export",
    "erase": "privacy:erase",
    "setup": "setup.setup:setup",
    "doctor": "doctor.doctor:doctor",
    "metrics": "metrics:metrics",
    "health": "health:health",
    "score": "score:score",
    "import": "importing:import_files",
    "letter": "letter:letter",
}
# What nobody waits for gives way to what answers people: on one core a command waited up to 1.8 seconds beside 10,000
# lines that came in. So many steps of `nice` leave a tenth of a core that is wanted, and all of one that is not.
PATIENT: Final = "import"
STEPS_BEHIND: Final = 10


def command_line(word: str = "") -> typer.Typer:
    """With the one command of that word, or with all of them.

    What is not typed is not imported: a letter is checked without a database's driver, and a health check is cheap.
    """
    # Typer's own tracebacks show local values, which may be secrets or notes.
    cli = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Keeps client relationships healthy in Slack.",
    )
    cli.callback()(_amicable)
    for name in [word] if word in COMMANDS else COMMANDS:
        module, _, function = COMMANDS[name].partition(":")
        found = getattr(import_module(f"bot.commands.{module}"), function)
        if isinstance(found, typer.Typer):
            cli.add_typer(found, name=name)
        else:
            cli.command(name)(found)
    return cli


def _amicable() -> None:
    """Makes a group also of one command."""


def main() -> None:
    # The database, its copies, exports and `.env` are for the account that runs this.
    os.umask(0o077)
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    if word == PATIENT:
        os.nice(STEPS_BEHIND)
    # Hardly anything that is imported becomes garbage: to search it over and over takes a sixth of a start.
    gc.disable()
    commands = command_line(word)
    gc.freeze()
    gc.enable()
    commands()


if __name__ == "__main__":
    main()
