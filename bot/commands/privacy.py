"""`amicable export` and `amicable erase`: personal data out, or away for good."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.bootstrap.house import House
from bot.bootstrap.opening import checked
from bot.bootstrap.reading import read_settings
from bot.services.privacy.erasure import Foreseen, Subject
from bot.services.privacy.files import write_csv, write_json
from rules.clients.people import Member
from rules.errors import AmicableError, InvalidError, NotFoundError
from rules.privacy.tombstones import OPERATOR, Erased
from rules.sentences import Sentence

Client = Annotated[str, typer.Option("--client", help="One client, by name or alias")]
Someone = Annotated[str, typer.Option("--person", help="One person, by e-mail, Slack id or whole name")]
Workspace = Annotated[str, typer.Option("--workspace", help="Its Slack id, where there are several")]
FORMATS = ("json", "csv")


def export(
    path: Annotated[Path | None, typer.Argument(help="The file (JSON) or the folder (CSV) to write")] = None,
    *,
    client: Client = "",
    person: Someone = "",
    form: Annotated[str, typer.Option("--format", help="json or csv")] = "json",
    workspace: Workspace = "",
) -> None:
    """Writes everything that is stored, or everything about one client or person.

    A person's export has what they wrote and what names them. Notes from private channels are in it, since whoever
    runs this has the database anyway; an admin's export in Slack holds only what that admin may see. Clients, notes,
    invoices and hours can be imported again with `amicable import`; docs/importing.md has the format.
    """

    def write(house: House, said: Console) -> None:
        if form not in FORMATS:
            raise InvalidError("Choose a format: json or csv.")
        workspace_id = only_workspace(house, workspace)
        actor = operator(house, workspace_id)
        wanted = house.services.exports.find(workspace_id, actor, *_who(client, person))
        target = path or Path("amicable-export.json" if form == "json" else "amicable-export")
        if target.exists():
            raise InvalidError(Sentence("{target} exists already. Name another one, or move it away.", target=target))
        with Progress(console=said) as progress:
            task = progress.add_task(
                Sentence("Exporting {title}", title=wanted.title),
                total=house.services.exports.begin(workspace_id, actor, wanted),
            )
            lists = house.services.exports.entries(
                workspace_id, actor, wanted, lambda rows: progress.advance(task, rows), as_operator=True
            )
            (write_json if form == "json" else write_csv)(target, lists)
        sys.stdout.write(f"{target}\n")

    with_house(write, without_slack=True)


def erase(
    *,
    client: Client = "",
    person: Someone = "",
    workspace: Workspace = "",
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for the name")] = False,
) -> None:
    """Erases a client or a person: words, names and contacts go for good; rows, dates, sums and scores stay.

    Asks for the name before it begins. Killed in the middle, run it again, or let a worker finish it; it does nothing
    where all is done. Our messages and files in Slack are taken back where Slack lets us. Backups and earlier exports
    are yours to delete.
    """

    def run(house: House, said: Console) -> None:
        workspace_id = only_workspace(house, workspace)
        actor = operator(house, workspace_id)
        for begun in house.services.erasure.unfinished(workspace_id):
            said.print("Finishing an erasure that was broken off.")
            _erase(house, workspace_id, begun, said)
        kind, who = _who(client, person)
        if kind is None:
            raise InvalidError("Say who: --client NAME or --person E-MAIL.")
        foreseen = house.services.erasure.foresee(workspace_id, actor, kind, who, exactly=yes)
        house.services.erasure.begin(
            workspace_id, actor, foreseen.subject, foreseen.name if yes else _asked(foreseen, said)
        )
        _erase(house, workspace_id, str(foreseen.subject), said)
        said.print(Sentence("Erased: {name}.", name=foreseen.name))

    with_house(run)


def _asked(foreseen: Foreseen, said: Console) -> str:
    for left in foreseen.remains:
        said.print(left)
    goes = Sentence(", in {count} row,", ", in {count} rows,", count=foreseen.rows) if foreseen.rows else ""
    said.print(
        Sentence(
            "Words, names and contacts of {name}{goes} go for good; rows and sums stay.", name=foreseen.name, goes=goes
        )
    )
    return str(typer.prompt("Type the name to confirm", err=True))


def _erase(house: House, workspace_id: str, subject: str, said: Console) -> None:
    names = house.services.erasure.tables(Subject.read(subject))
    with Progress(console=said) as progress:
        task = progress.add_task("Erasing", total=len(names) + 1)
        for table in names:
            after = house.services.erasure.blank_page(workspace_id, subject, table, "")
            while after:
                after = house.services.erasure.blank_page(workspace_id, subject, table, after)
            progress.advance(task)
        left = house.services.privacy.take_back(workspace_id, subject)
        house.services.erasure.finish(workspace_id, subject)
        progress.advance(task)
    if left:
        said.print(Sentence("Slack did not let go of {left} of our messages or files about them.", left=left))


def _who(client: str, person: str) -> tuple[Erased | None, str]:
    if client and person:
        raise InvalidError("Name a client or a person, not both at once.")
    if client:
        return Erased.CLIENT, client
    return (Erased.PERSON, person) if person else (None, "")


def only_workspace(house: House, named: str) -> str:
    """The one that is named, or the only one."""
    with house.outside.units.house() as keeping:
        known = [each.id for each in keeping.workspaces()]
    if named in known:
        return named
    if named or len(known) != 1:
        ids = ", ".join(known) or "none yet"
        raise NotFoundError(Sentence("Name the workspace with --workspace. There are: {ids}.", ids=ids))
    return known[0]


def operator(house: House, workspace_id: str) -> Member:
    """Whoever sits at the command line has the database; the audit log says so."""
    return Member(
        id=OPERATOR,
        workspace_id=workspace_id,
        team_id=workspace_id,
        name="the operator",
        is_admin=True,
        fetched_at=house.outside.clock.now(),
    )


def with_house(work: Callable[[House, Console], None], *, without_slack: bool = False) -> None:
    said = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    house = checked(House(read_settings(without_slack=without_slack), serves_web=False))
    try:
        work(house, said)
    except AmicableError as error:
        said.print(error.sentence)
        raise SystemExit(1) from None
    finally:
        house.close()
