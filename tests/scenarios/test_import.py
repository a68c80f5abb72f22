"""`amicable import`: what a team knew before comes in whole, once, and with a word about each line that does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from integrations.sandbox.agency import AMIR, OLIVIA, VOLT
from rules.clients.client import Client, NoticeUnit
from rules.health.signal import Severity, Signal, Source

if TYPE_CHECKING:
    from tests.scenarios.conftest import App

CLIENTS = """name,aliases,owner,channel,monthly hours,notice_length,notice_unit,country
Acme,ACME Inc; The Roadrunners,amir@agency.example,#volt,40,2,months,US
Birch & Barrow,B&B,,,,,,
"""
NOTES = """client,type,date,severity,who,text,link
Acme,Paid late,2026-03-01,red,amir@agency.example,"Three weeks,
again",https://example.com/mail/1
acme inc,praise,2026-03-05,,,They thanked Dana,
B&B,cold coffee,2026-03-07,,,Nobody asked us to sit down,
"""


class Desk:
    """Where the operator types, with the files beside."""

    def __init__(self, app: App, folder: Path) -> None:
        self.app = app
        self._folder = folder

    def file(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        path = self._folder / name
        path.write_text(text, encoding=encoding, newline="")
        return path

    def bring(self, *words: object) -> Result:
        return CliRunner().invoke(cli, ["import", *map(str, words)])

    def clients(self) -> dict[str, Client]:
        with self.app.web.units.read(self.app.team_id) as unit:
            return {client.name: client for client in unit.clients.all()}

    def notes(self, name: str) -> list[Signal]:
        """Oldest first."""
        return self.app.notes(self.clients()[name])[::-1]


@pytest.fixture
def desk(front: App, tmp_path: Path) -> Desk:
    return Desk(front, tmp_path)


def test_clients_and_notes_come_in(desk: Desk) -> None:
    """A team's two spreadsheets, in any order, become clients with their people and notes with their days."""
    done = desk.bring(desk.file("notes.csv", NOTES), desk.file("clients.csv", CLIENTS))
    acme, flag, praise = desk.clients()["Acme"], *desk.notes("Acme")
    today = desk.app.web.clock.now().date()
    assert done.exit_code == 0
    assert (acme.aliases, acme.owner_id, acme.channel_ids) == (("ACME Inc", "The Roadrunners"), AMIR, (VOLT,))
    assert (acme.agreement.monthly_hours, acme.contract.notice_unit, acme.contract.reviewed) == (
        40,
        NoticeUnit.MONTHS,
        False,
    )
    assert (flag.type, flag.severity, flag.reporter_id) == ("late_payment", Severity.RED, AMIR)
    assert (flag.note, flag.link) == ("Three weeks,\nagain", "https://example.com/mail/1")
    assert (flag.happened_on, flag.logged_on, flag.source) == (date(2026, 3, 1), today, Source.IMPORT)
    assert (praise.type, praise.reporter_id) == ("praise", OLIVIA)


def test_an_unknown_type_is_kept_and_costs_nothing(desk: Desk) -> None:
    """A word of the old list that is none of ours stays readable, and somebody may sort it later."""
    done = desk.bring(desk.file("clients.csv", CLIENTS), desk.file("notes.csv", NOTES))
    (note,) = desk.notes("Birch & Barrow")
    assert (note.type, note.note, "cold coffee (1)" in done.stdout) == (
        "unsorted",
        "Nobody asked us to sit down\n(“cold coffee” in the imported list)",
        True,
    )


def test_the_same_files_again_double_nothing(desk: Desk) -> None:
    """Whoever is not sure whether it worked runs it again."""
    files = desk.file("clients.csv", CLIENTS), desk.file("notes.csv", NOTES)
    desk.bring(*files)
    before = desk.app.live()
    again = desk.bring(*files)
    said = [line.partition(") ")[0].rpartition("/")[2] for line in again.stdout.splitlines()[:2]]
    assert (again.exit_code, desk.app.live(), len(desk.clients())) == (0, before, 2)
    assert [line.rpartition(": ")[2] for line in again.stdout.splitlines()[:2]] == [
        "0 added, 2 there already.",
        "0 added, 3 there already.",
    ], said
