"""`amicable`: the processes of the Procfile, the sandbox, and the commands of `bot/commands/`."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from typing import Annotated

import typer
from dotenv import dotenv_values
from rich.console import Console

from bot.bootstrap import House, checked, read_settings
from bot.bootstrap.serving import leave_in_time, serve
from bot.commands.backup import backup
from bot.commands.doctor.doctor import doctor
from bot.commands.health import health
from bot.commands.importing import import_files
from bot.commands.letter import letter
from bot.commands.manifest import manifest
from bot.commands.metrics import metrics
from bot.commands.privacy import erase, export
from bot.commands.restore import restore
from bot.commands.score import score
from bot.commands.setup.setup import setup
from bot.settings import Settings
from integrations.engine.migrate import migrate as migrate_database
from rules.errors import RefusedError
from rules.sentences import Sentence

# Typer's own tracebacks show local values, which may be secrets or notes.
cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Keeps client relationships healthy in Slack.",
)


@cli.command()
def run() -> None:
    """All in one process, on one machine: with an app token in Socket Mode, else behind your HTTPS proxy."""
    settings = read_settings()
    _bring_up_to_date(settings)
    house = checked(House(settings, serves_web=False))
    house.lead()
    working = house.worker()
    working.start()
    try:
        (_hold_line if settings.slack.app_token.get_secret_value() else _serve)(settings)
    finally:
        working.stop()
        house.close()


@cli.command()
def socket() -> None:
    """Answers Slack over connections that it opens itself: no inbound port, no HTTPS; the work is left to workers."""
    settings = read_settings()
    if not settings.slack.app_token.get_secret_value():
        sys.stderr.write("Socket Mode takes AMICABLE_SLACK__APP_TOKEN. Type amicable setup, or use amicable web.\n")
        raise SystemExit(2)
    _hold_line(settings)


@cli.command()
def web() -> None:
    """Answers Slack over HTTP; the work is left to workers."""
    _serve(read_settings())


@cli.command()
def worker() -> None:
    """Does the work: events, tickets, digests, due times."""
    house = checked(House(read_settings(), serves_web=False))
    working = house.worker()
    stopping = _told_to_stop()
    working.start()
    stopping.wait()
    working.stop()
    house.close()


@cli.command()
def migrate() -> None:
    """Brings the database up to date; a SQLite file is copied first."""
    _bring_up_to_date(read_settings())


@cli.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Where the page is")] = 8030,
    *,
    play: Annotated[bool, typer.Option("--play", help="Play the story")] = False,
    leave: Annotated[bool, typer.Option("--exit", help="Stop after the story")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else")] = False,
) -> None:
    """The real app in front of a Slack, Jira and Trello of its own: nothing leaves this machine."""
    from integrations.sandbox import play as theatre  # noqa: PLC0415 - the app's own processes do without it

    quietly = Console(stderr=True)
    try:
        theatre.refuse_real_credentials(os.environ, dotenv_values(".env"))
    except theatre.RealCredentialsError as refusal:
        quietly.print(str(refusal))
        raise SystemExit(2) from None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # on the way out it ends the app's processes, too
    with theatre.open_sandbox(port, story=play) as stage:
        quietly.print(Sentence("The sandbox is open: {url}", url=stage.world.url))
        if play:
            summary = theatre.play(stage, lambda number, scene: quietly.print(f"{number:2}. {scene.caption}"))
            for failure in stage.failures:
                quietly.print(Sentence("[red]Did not hold:[/red] {failure}", failure=failure))
            if as_json:
                sys.stdout.write(f"{json.dumps(summary)}\n")
        if not leave:
            theatre.stay()
    raise SystemExit(1 if stage.failures else 0)


def _bring_up_to_date(settings: Settings) -> None:
    try:
        migrate_database(settings.database_url)
    except RefusedError as refusal:
        sys.stderr.write(f"{refusal}\n")
        raise SystemExit(1) from None


def _told_to_stop() -> threading.Event:
    """Set by SIGTERM or SIGINT; from then on the process ends in time, also where it has not quite started yet."""
    stopping = threading.Event()

    def told(*_: object) -> None:
        leave_in_time()
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    return stopping


def _hold_line(settings: Settings) -> None:
    house = checked(House(settings, serves_web=True))
    door = house.socket()
    stopping = _told_to_stop()
    try:
        door.connect(stopping)
        stopping.wait()
    except RefusedError as refusal:
        sys.stderr.write(f"{refusal}\n")
        raise SystemExit(2) from None
    finally:
        leave_in_time()
        door.close()
        house.close()


def _serve(settings: Settings) -> None:
    house = checked(House(settings, serves_web=True))
    serve(house.web(), settings.web.host, settings.web.port)
    house.close()


cli.command()(manifest)
cli.command()(backup)
cli.command()(restore)
cli.command()(export)
cli.command()(erase)
cli.command()(setup)
cli.command()(doctor)
cli.command()(metrics)
cli.command()(health)
cli.command()(score)
cli.command("import")(import_files)
cli.add_typer(letter, name="letter")


def main() -> None:
    # The database, its copies, exports and `.env` are for the account that runs this.
    os.umask(0o077)
    cli()


if __name__ == "__main__":
    main()
