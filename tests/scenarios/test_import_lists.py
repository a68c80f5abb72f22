"""`amicable import` takes the lists of accounting and time programs as they are, and asks where it can't be sure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import command_line
from integrations.sandbox.agency import OLIVIA
from rules.health.measures import Invoice
from rules.health.signal import Signal

if TYPE_CHECKING:
    from tests.scenarios.conftest import App

CLIENTS = "name,monthly hours\nAcme,40\nBirch & Barrow,10\n"
LISTS = {
    # QuickBooks: a report with its title above, a group, a total; US days, told by the others of the list.
    "quickbooks.csv": """"Agency Ltd",,,,,,
A/R Aging Detail,,,,,,

,Date,Transaction type,Num,Customer full name,Due date,Open balance
91 or more days past due,,,,,,
,03/25/2026,Invoice,Q-1,Acme,04/08/2026,"1,000.00"
,03/26/2026,Credit Memo,Q-2,Acme,03/26/2026,"-80.00"
,03/27/2026,Payment,Q-3,Acme,03/27/2026,"500.00"
TOTAL,,,,,,"1,000.00"
""",
    # Xero: nothing is due on what was paid, and the day stands beside it.
    "xero.csv": """ContactName,InvoiceNumber,InvoiceDate,DueDate,Currency,Total,InvoiceAmountDue
Acme,X-1,15 Jul 2026,14 Aug 2026,GBP,3600.00,3600.00
""",
    "fortnox.csv": """Fakturanr;Kundnr;Kundnamn;Fakturadatum;Förfallodatum;Slutbetald;Total;Saldo
F-1;1;Acme;2026-09-01;2026-09-30;2026-09-29;"12 500,00";"0,00"
""",
    "moneybird.csv": """Factuurnummer,Status,Factuurdatum,Vervaldatum,Bedrijfsnaam,Betaald op,"Totaal (incl. btw)"
M-1,Betaald,30-08-2026,14-09-2026,Birch & Barrow,02-10-2026,"1230,50"
""",
    "excel.csv": "sep=;\r\nclient;number;due;amount;paid\r\nAcme Ltd;E-1;31.01.2026;EUR 100;\r\n",
    "harvest.csv": """Date,Client,Project,Task,Notes,Hours,First Name
2026-09-05,Acme,Website,Design,"They were rude, then paid late",20.25,Dana
2026-09-06,Acme,Website,Design,,21.5,Dana
""",
    "toggl.csv": """User,Client,Description,Start date,Start time,Duration
Dana,Birch and Barrow,Homepage,2026-09-05,09:00:00,05:15:00
Dana,Birch and Barrow,Homepage,2026-09-06,09:00:00,05:15:00
""",
}


class Desk:
    """Where the operator types, with the files beside."""

    def __init__(self, app: App, folder: Path) -> None:
        self.app = app
        self._folder = folder

    def file(self, name: str, text: str) -> Path:
        path = self._folder / name
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def bring(self, *words: object) -> Result:
        return CliRunner().invoke(command_line(), ["import", *map(str, words)])

    def invoices(self) -> dict[str, Invoice]:
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            known = [each for client in unit.clients.all() for each in unit.agreements.invoices(client.id)]
        return {each.number: each for each in known}

    def hours(self) -> dict[tuple[str, date], int]:
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            return {
                (client.name, each.month): each.hours
                for client in unit.clients.all()
                for each in unit.agreements.hours(client.id)
            }


@pytest.fixture
def desk(front: App, tmp_path: Path) -> Desk:
    return Desk(front, tmp_path)


def test_lists_of_other_programs_come_in_as_they_are(desk: Desk) -> None:
    """Titles, totals, payments left aside and named; hours summed by month; time lines never become notes."""
    files = [desk.file("clients.csv", CLIENTS), *(desk.file(*each) for each in LISTS.items())]
    dry = desk.bring(*files, "--dry-run")
    done = desk.bring(*files)
    invoices = desk.invoices()

    assert (dry.exit_code, done.exit_code, done.stderr.count("can't")) == (0, 0, 0)
    assert {number: (each.due_on, each.paid_on) for number, each in invoices.items()} == {
        "Q-1": (date(2026, 4, 8), None),
        "Q-2": (date(2026, 3, 26), None),
        "X-1": (date(2026, 8, 14), None),
        "F-1": (date(2026, 9, 30), date(2026, 9, 29)),
        "M-1": (date(2026, 9, 14), date(2026, 10, 2)),
        "E-1": (date(2026, 1, 31), None),
    }
    assert [invoices[number].asks_nothing for number in ("Q-1", "Q-2", "X-1")] == [False, True, False]
    assert (invoices["X-1"].amount, invoices["Q-1"].amount) == ("GBP 3600.00", "1,000.00")
    assert desk.hours() == {("Acme", date(2026, 9, 1)): 42, ("Birch & Barrow", date(2026, 9, 1)): 11}
    assert "lines 5, 8, 9 are titles, totals or no invoices" in done.stderr
    assert "lines of a time program: they are summed" in done.stderr
    assert {note.type for client in ("Acme", "Birch & Barrow") for note in notes(desk, client)} == {
        "late_payment", "time_sink",
    }  # fmt: skip
    assert all(said in dry.stdout for said in ("Q-1", "2026-09", "41.75"))


def notes(desk: Desk, name: str) -> list[Signal]:
    with desk.app.web.outside.units.read(desk.app.team_id) as unit:
        client = next(each for each in unit.clients.all() if each.name == name)
    return desk.app.notes(client)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "lists"
    made.mkdir()
    monkeypatch.setenv("AMICABLE_IMPORT__FOLDER", str(made))
    return made


def test_a_folder_is_read_each_morning_and_its_faults_are_told_once(folder: Path, app: App) -> None:
    """What can be taken comes in; an admin hears once of each content that can't, and nothing of what stands in it."""
    app.web.services.workspaces.welcome(app.team_id)
    app.sweep()  # the team is read
    (folder / "b_clients.csv").write_text(CLIENTS, encoding="utf-8")
    (folder / "a_bills.csv").write_text("client,number,due,amount\nAcme,1,2026-01-31,EUR 5\nSecretly,2,nonsense,5\n")
    (folder / "moods.csv").write_text("mood,day\nfine,2026-01-31\n", encoding="utf-8")
    (folder / ".hidden.csv").write_text("nothing", encoding="utf-8")
    (folder / "readme.pdf").write_bytes(b"%PDF")
    olivia, desk = app.agency.olivia, Desk(app, folder)
    told = []
    for mended in (None, None, "client,number,due,amount\nAcme,1,2026-01-31,EUR 5\nAcme,2,2026-02-28,EUR 5\n"):
        if mended:
            (folder / "a_bills.csv").write_text(mended, encoding="utf-8")
        app.sweep(by=app.until_noon(1))
        app.tell()
        told.append([message.text for message in olivia.dms() if "import folder" in message.text])

    assert sorted(desk.invoices()) == ["1", "2"]
    assert [len(each) for each in told] == [1, 1, 1]
    assert "a_bills.csv" in told[0][0]
    assert "1 line of this file in the import folder was not taken: line 3" in told[0][0]
    assert "moods.csv: The import folder has this, and it can't be read" in told[0][0]
    assert "Secretly" not in told[0][0]


def test_every_list_is_looked_at_though_one_cannot_be_read(desk: Desk) -> None:
    """One run over a folder of exports: what can't be read is told, the rest is taken; the same word comes once."""
    good = desk.file("clients.csv", "name\nAcme\n")
    hours = desk.file("hours.csv", "client,month,hours\n" + "".join(f"Acme,2026-0{n},4\n" for n in range(1, 8)))
    files = (
        good,
        desk.file("moods.csv", "mood\nfine\n"),
        hours,
        desk.file("bills.csv", "client,number,due\nAcme,1,2026-01-31\n"),
    )
    whole = desk.bring(*files)
    before = desk.invoices()
    skipped = desk.bring(*files, "--skip-bad")

    assert (whole.exit_code, before, "Nothing was imported" in whole.stderr) == (1, {}, True)
    assert (skipped.exit_code, sorted(desk.invoices())) == (1, ["1"])
    assert skipped.stderr.count("No monthly hours are agreed with Acme") == 1
    assert "the same as for 2 goes for 6 more: 3, 4, 5, 6, 7, 8." in skipped.stderr
    assert "moods.csv: The columns tell of no list" in skipped.stderr


OCTOBER = 10
CASES = Path(__file__).parents[3] / "shared" / "cases" / "import"
# What one run says of each list, in the order of their names: an operator's table.
REPORTED = """
eboekhouden_open.csv (invoices): 1 added.
excel_sep.csv (invoices): 1 added.
fortnox.csv (invoices): 1 added.
fortnox_latin1.csv (invoices): 0 added, 1 there already.
freshbooks_time.csv (hours): 1 added.
harvest_detailed.csv (hours): 0 added, 1 completed.
harvest_german.csv (hours): 0 added, 1 completed.
harvest_import_format.csv (hours): 0 added, 1 completed.
hours.csv (hours): 3 added, 2 completed, 1 there already.
moneybird.csv (invoices): 0 added, 1 completed.
no_amount.csv (invoices): 1 added.
qbo_aging.csv (invoices): 0 added, 1 not taken.
qbo_list.csv (invoices): 1 added.
renamed_invoices.csv (invoices): 6 added.
toggl_bom.csv (hours): 0 added, 1 completed.
toggl_detailed.csv (hours): 0 added, 1 there already.
totals.csv (invoices): 1 added, 2 there already.
xero_invoices.csv (invoices): 1 added.
"""
# (due, paid, amount) of each invoice.
INVOICES = {
    "1": ("2026-01-31", "", "EUR 10"),
    "17": ("2026-01-31", "", "EUR 100"),
    "1001": ("2026-10-30", "", "12 500,00"),
    "1043": ("2026-08-14", "", "$4,250.00"),
    "2026-0001": ("2026-10-14", "2026-11-02", "1.230,50"),
    "INV-0212": ("2026-08-14", "", "GBP 3600.00"),
    "INV-1": ("2026-09-15", "", "3,600.00"),
    "INV-2": ("2026-10-15", "", "3600"),
    "INV-3": ("2026-08-14", "", "3600"),
    "INV-4": ("2026-10-15", "", "3600"),
    "INV-5": ("2026-10-15", "", "3600"),
    "INV-6": ("2026-10-15", "", "3600"),
    "M-1": ("2026-01-31", "", ""),
}
HOURS = {date(2026, 7, 1): 41, date(2026, 8, 1): 42, date(2026, 9, 1): 41}


ALL_PAID_BY = datetime(2026, 11, 9, tzinfo=UTC)


@pytest.mark.skipif(not CASES.is_dir(), reason="the judged lists lie beside the project")
def test_all_judged_lists_in_one_run(desk: Desk) -> None:
    """Eighteen lists of ten programs: all are taken but the one whose days can be read in two ways."""
    desk.app.world.move_clock(max(ALL_PAID_BY - desk.app.web.outside.clock.now(), timedelta()))
    desk.bring(desk.file("clients.csv", "name,monthly hours\nAcme,500\n"))
    done = desk.bring(*sorted(CASES.iterdir()), "--skip-bad")
    asked = [line for line in done.stderr.splitlines() if ", line " in line]
    invoices = {number: (each.due_on, each.paid_on, each.amount) for number, each in desk.invoices().items()}

    assert sorted(line.removeprefix(f"{CASES}/") for line in done.stdout.splitlines()) == REPORTED.split("\n")[1:-1]
    assert {number: tuple(str(each or "") for each in row) for number, row in invoices.items()} == INVOICES
    # October stands in eight of the lists, and the last one of a run counts.
    assert {month: each for (_, month), each in desk.hours().items() if month.month != OCTOBER} == HOURS
    assert [("qbo_aging.csv, line 7" in line, "two ways" in line) for line in asked] == [(True, True)]


def test_a_list_as_windows_writes_it_is_read_and_told(desk: Desk, tmp_path: Path) -> None:
    """Excel in Sweden, Germany or Spain writes no UTF-8 unless asked to."""
    desk.bring(desk.file("clients.csv", CLIENTS))
    old = tmp_path / "fortnox.csv"
    old.write_bytes(LISTS["fortnox.csv"].encode("cp1252"))
    done = desk.bring(old)

    assert (done.exit_code, sorted(desk.invoices())) == (0, ["F-1"])
    assert "is read as Windows writes" in done.stderr


def test_a_day_that_can_be_read_in_two_ways_is_asked_about(desk: Desk) -> None:
    """The column decides where it can; otherwise a person does, and nothing is taken before."""
    bills = desk.file("bills.csv", "client,number,due,amount\nAcme,1,01/03/2026,EUR 5\n")
    desk.bring(desk.file("clients.csv", CLIENTS))
    asked = desk.bring(bills)
    before = desk.invoices()
    told = desk.bring(bills, "--dates", "mdy")

    assert (asked.exit_code, "--dates dmy or --dates mdy" in asked.stderr, before) == (1, True, {})
    assert (told.exit_code, desk.invoices()["1"].due_on) == (0, date(2026, 1, 3))


def test_what_a_column_means_is_said_once(desk: Desk) -> None:
    """The next list of the same program comes in without it, and an admin reads who said so."""
    desk.bring(desk.file("clients.csv", CLIENTS))
    first = desk.file("a.csv", "Firma,Beleg,Zahlbar bis\nAcme,1,2026-01-31\n")
    unknown = desk.bring(first)
    wrong = desk.bring(first, "--map", "Firma")
    strange = desk.bring(first, "--map", "Firma=customer")
    said = desk.bring(
        first, *(word for pair in ("Firma=client", "Beleg=number", "Zahlbar bis=due_on") for word in ("--map", pair))
    )
    later = desk.bring(desk.file("b.csv", "Zahlbar bis,Beleg,Firma\n2026-02-28,2,Acme\n"))
    with desk.app.web.outside.units.read(desk.app.team_id) as unit:
        audit = [entry.actor_id for entry in unit.audit.newest(20) if entry.action == "columns of lists named"]

    assert [each.exit_code for each in (unknown, wrong, said, later)] == [1, 1, 0, 0]
    assert (strange.exit_code, "no column customer. Choose one of" in strange.stderr) == (1, True)
    assert ("--map" in unknown.stderr, "Kunde=client" in wrong.stderr) == (True, True)
    assert (sorted(desk.invoices()), audit) == (["1", "2"], [OLIVIA])


def test_empty_lists_are_written_with_their_columns(desk: Desk, tmp_path: Path) -> None:
    """What is there stays; each can be filled in and brought."""
    made = desk.bring("--template", tmp_path / "lists")
    (tmp_path / "lists" / "clients.csv").write_text("name\nAcme\n", encoding="utf-8")
    again = desk.bring("--template", tmp_path / "lists")
    empty = desk.bring(*sorted((tmp_path / "lists").iterdir()))
    nothing = desk.bring()

    assert [path.name for path in sorted((tmp_path / "lists").iterdir())] == [
        "clients.csv", "hours.csv", "invoices.csv", "notes.csv",
    ]  # fmt: skip
    assert (made.exit_code, again.stdout.count("is there already"), empty.exit_code) == (0, 4, 0)
    assert "1 added" in empty.stdout
    assert (nothing.exit_code, "--template" in nothing.stderr) == (1, True)


def test_days_that_may_be_left_out_are_read_like_all_others(desk: Desk) -> None:
    """The end of a contract, the day on which somebody paid: the column decides, or whoever imports."""
    listed = desk.file(
        "clients.csv",
        "name,client_since,starts_on,ends_on\nAcme,05/03/2024,06/03/2024,01/04/2027\nBolt,31/03/2024,,31/12/2026\n",
    )
    paid = desk.file("paid.csv", "client,number,due_on,paid_on\nAcme,7,01/03/2026,02/03/2026\n")

    told = desk.bring(listed), desk.bring(paid, "--dates", "dmy")

    with desk.app.web.outside.units.read(desk.app.team_id) as unit:
        acme = next(each for each in unit.clients.all() if each.name == "Acme")
    assert [each.exit_code for each in told] == [0, 0], [each.stderr for each in told]
    assert (acme.client_since, acme.contract.ends_on) == (date(2024, 3, 5), date(2027, 4, 1))
    assert desk.invoices()["7"].paid_on == date(2026, 3, 2)


def test_what_only_looks_like_a_day_stays_as_it_is(desk: Desk) -> None:
    """An invoice's number is known again, a note says what was written, and neither tells the order of days."""
    desk.bring(desk.file("clients.csv", CLIENTS))
    bills = desk.file("bills.csv", "client,number,due,amount\nAcme,13-02-2026,01/03/2026,EUR 5\n")
    asked = desk.bring(bills)
    told = desk.bring(bills, "--dates", "dmy"), desk.bring(bills, "--dates", "dmy")
    noted = desk.bring(desk.file("notes.csv", "client,date,text\nAcme,13/02/2026,14/02/2026\n"))

    assert (asked.exit_code, [each.exit_code for each in told], noted.exit_code) == (1, [0, 0], 0)
    assert {number: each.due_on for number, each in desk.invoices().items()} == {"13-02-2026": date(2026, 3, 1)}
    assert [(str(note.happened_on), note.note) for note in notes(desk, "Acme") if note.note.startswith("14")] == [
        ("2026-02-13", "14/02/2026")
    ]
