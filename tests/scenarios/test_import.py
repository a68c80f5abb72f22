"""`amicable import`: what a team knew before comes in whole, once, and with a word about each line that does not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import command_line
from bot.bootstrap.house import House
from bot.services.imports.rows import Line, RowKind
from bot.services.imports.tally import Tally
from bot.services.privacy.erasure import Subject
from bot.settings import Settings
from integrations.sandbox.agency import AMIR, COBALT, OLIVIA, VOLT
from rules.clients.client import Client, NoticeUnit
from rules.health.signal import Severity, Signal, Source, State
from rules.privacy.tombstones import Erased

if TYPE_CHECKING:
    from tests.scenarios.conftest import App

ROOT = Path(__file__).parents[2]
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
        return CliRunner().invoke(command_line(), ["import", *map(str, words)])

    def clients(self) -> dict[str, Client]:
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            return {client.name: client for client in unit.clients.all()}

    def all_notes(self, name: str) -> list[Signal]:
        client_id = self.clients()[name].id
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            return unit.signals.history(client_id, 10_000)

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
    today = desk.app.web.outside.clock.now().date()
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


def command(*files: Path) -> list[str]:
    return [sys.executable, "-m", "bot", "import", *map(str, files)]


def told(done: Result) -> list[str]:
    """What came of each list, without the file's name."""
    return [line.partition("): ")[2] for line in done.stdout.splitlines() if "): " in line]


def complaints(done: Result) -> list[str]:
    """(file, place: sentence) of each line that was not taken."""
    return [found[0] for line in done.stderr.splitlines() if (found := re.search(r"[^/]*, line \d+: .*", line))]


def test_the_same_files_again_double_nothing(desk: Desk) -> None:
    """Whoever is not sure whether it worked runs it again."""
    files = desk.file("clients.csv", CLIENTS), desk.file("notes.csv", NOTES)
    desk.bring(*files)
    again = desk.bring(*files)
    assert (again.exit_code, told(again), desk.app.live(), len(desk.clients())) == (
        0,
        ["0 added, 2 there already.", "0 added, 3 there already."],
        3,
        2,
    )


def test_a_dry_run_tells_what_would_come_of_it_and_changes_nothing(desk: Desk) -> None:
    """The same figures as the real run right behind it, the doubled lines in the file among them."""
    files = (
        desk.file("clients.csv", CLIENTS + "acme,,,,,,,\n"),
        desk.file("notes.csv", NOTES + NOTES.partition("\n")[2]),
    )
    dry = desk.bring(*files, "--dry-run")
    before = (len(desk.clients()), desk.app.live())
    real = desk.bring(*files)
    assert (dry.exit_code, before, [line.replace("would be ", "") for line in told(dry)]) == (0, (0, 0), told(real))
    assert told(real) == ["2 added, 1 there already.", "3 added, 3 there already."]


BAD = """client,type,date,text
Acme,Paid late,01/03/2026,day or month?
Acme,Paid late,2999-01-01,still to come
Acmee,Paid late,2026-03-01,a slip of the pen
Nobody,Paid late,2026-03-01,never heard of
Acme,,2026-03-01,
Acme,Paid late,2026-03-02,fine
"""
WRONG = [
    (
        "notes.csv, line 2: date: “01/03/2026” can be read in two ways. "
        "Say which comes first with --dates dmy or --dates mdy."
    ),
    "notes.csv, line 3: date: 2999-01-01 has not come yet. Correct the day on which it happened.",
    (
        "notes.csv, line 4: There is no client called “Acmee”. Did you mean Acme? "
        "Correct the name, or import that client, too."
    ),
    "notes.csv, line 5: There is no client called “Nobody”. Correct the name, or import that client, too.",
    "notes.csv, line 6: Nothing says what happened. Fill in type or text.",
]


def test_a_file_with_wrong_lines_changes_nothing(desk: Desk) -> None:
    """Every line that can't be taken is named at once with what to do, and no half of a list is left to tidy up."""
    done = desk.bring(desk.file("clients.csv", CLIENTS), desk.file("notes.csv", BAD))
    assert (done.exit_code, complaints(done), desk.clients(), desk.app.live()) == (1, WRONG, {}, 0)


def test_the_good_lines_are_taken_where_somebody_asks_for_it(desk: Desk) -> None:
    """The wrong ones are named just once, and a script can tell that some were left."""
    done = desk.bring(desk.file("clients.csv", CLIENTS), desk.file("notes.csv", BAD), "--skip-bad")
    assert (done.exit_code, complaints(done), told(done), len(desk.notes("Acme"))) == (
        1,
        WRONG,
        ["2 added.", "1 added, 5 not taken."],
        1,
    )


def test_names_that_two_clients_share_are_refused(desk: Desk) -> None:
    """A name leads to one client, so a list in which it leads to two is sent back; notes of the refused wait."""
    clients = "name,aliases\nAcme,The Runners\nRoad Co,the runners\nThe Runners,\n"
    notes = "client,date,text\nRoad Co,2026-03-01,x\n"
    done = desk.bring(desk.file("clients.csv", clients), desk.file("notes.csv", notes))
    assert complaints(done) == [
        (
            "clients.csv, line 3: “the runners” means Acme already, and a name leads to one client. "
            "Choose another name here."
        ),
        (
            "clients.csv, line 4: “The Runners” means Acme already, and a name leads to one client. "
            "Choose another name here."
        ),
        "notes.csv, line 2: The line of the client “Road Co” can't be taken. Correct that one first.",
    ]


def test_people_who_can_not_be_meant_are_named(desk: Desk) -> None:
    """An owner is one of the team as it is now; a guest or a typing error is told in its line."""
    clients = "name,owner\nAcme,gus@agency.example\nBirch,oliva@agency.example\nReserved,\nlist,\n"
    done = desk.bring(desk.file("clients.csv", clients))
    assert complaints(done) == [
        "clients.csv, line 2: Gus Lind is a guest or an app. Name somebody from the team.",
        (
            "clients.csv, line 3: Nobody in this workspace has the address oliva@agency.example. "
            "Correct it, or leave the cell empty."
        ),
        "clients.csv, line 5: “list” is a word of the command /client. Please choose another name.",
    ]


def test_one_spelling_is_as_good_as_another(desk: Desk) -> None:
    """A Mac writes é as two signs, a spreadsheet shouts: it is the same client, and the same note."""
    desk.bring(desk.file("clients.csv", "name\nCafé Noir\n"))
    twice = "client,date,text\nCafe\u0301 noir,2026-03-01,Re\u0301sume\u0301\nCAFÉ NOIR,2026-03-01,Résumé\n"
    done = desk.bring(desk.file("notes.csv", twice))
    assert (told(done), [note.note for note in desk.notes("Café Noir")]) == (
        ["1 added, 1 there already."],
        ["Résumé"],
    )


def test_a_client_that_is_there_keeps_what_somebody_wrote(desk: Desk) -> None:
    """An old list fills in what is still empty, and overwrites nobody's word."""
    known = desk.app.add_client("Acme", VOLT)
    more = "name,aliases,owner,channel,contact_name,client_since,monthly_hours\n"
    done = desk.bring(desk.file("a.csv", more + "ACME,Roadrunners,amir@agency.example,#cobalt,Wile,2020-01-01,40\n"))
    again = desk.bring(desk.file("b.csv", more + "Acme,,,,Bugs,2021-01-01,50\n"))
    acme = desk.clients()["Acme"]
    assert (told(done), told(again)) == (["0 added, 1 completed."], ["0 added, 1 there already."])
    assert (acme.id, acme.owner_id, acme.channel_ids) == (known.id, OLIVIA, (VOLT, COBALT))
    assert (acme.aliases, acme.contact_name, acme.agreement.monthly_hours) == (("Roadrunners",), "Wile", 40)


def test_an_overdue_invoice_logs_its_note(desk: Desk) -> None:
    """As if somebody had typed it; when the money comes, the next list says so, and once is once."""
    desk.bring(desk.file("clients.csv", "name\nAcme\n"))
    bills = "client,number,amount,due,paid\nAcme,17,EUR 100,2026-01-31,\nAcme,18,EUR 50,2026-02-28,2026-02-20\n"
    done = desk.bring(desk.file("bills.csv", bills))
    again = desk.bring(desk.file("bills.csv", bills.replace("01-31,", "01-31,2026-01-30")))
    (note,) = desk.notes("Acme")
    assert (told(done), told(again)) == (["2 added."], ["0 added, 1 completed, 1 there already."])
    assert (note.type, note.happened_on, note.state, note.source) == (
        "late_payment",
        date(2026, 2, 3),  # due on a Saturday: in time until Monday
        State.WITHDRAWN,
        Source.SENSOR,
    )


@pytest.mark.parametrize(
    ("amount", "status"),
    [("EUR 100", "Voided"), ("EUR 100", "Credited"), ("EUR 0.00", "")],
    ids=["void", "credited", "zero"],
)
def test_an_open_invoice_that_is_void_now_accuses_nobody(desk: Desk, amount: str, status: str) -> None:
    """The newer list knows better: the note is taken back, stays in the history, and an older list revives nothing."""
    desk.bring(desk.file("clients.csv", "name\nAcme\n"))
    bills = "client,number,amount,due,status\nAcme,17,{amount},2026-01-31,{status}\n"
    opened = desk.file("bills.csv", bills.format(amount="EUR 100", status="Open"))
    newer = desk.file("newer.csv", bills.format(amount=amount, status=status))
    done = [told(desk.bring(each)) for each in (opened, newer, newer, opened)]
    (note,) = desk.notes("Acme")
    assert done == [["1 added."], ["0 added, 1 completed."], *[["0 added, 1 there already."]] * 2]
    assert (note.state, note.state_reason) == (State.WITHDRAWN, "the invoice asks for no money")


def test_hours_over_the_budget_log_their_note(desk: Desk) -> None:
    """The budget comes with the list of clients; without one there is nothing to measure, and the line says so."""
    clients, hours = "name,monthly hours\nAcme,40\nBirch,\n", "client,month,hours\nAcme,2026-01,50\nAcme,2026-02,40\n"
    done = desk.bring(desk.file("clients.csv", clients), desk.file("hours.csv", hours))
    bad = desk.bring(desk.file("more.csv", "client,month,hours\nBirch,2026-01,5\nAcme,2999-01,5\n"))
    (note,) = desk.notes("Acme")
    assert (told(done), note.happened_on, complaints(bad)) == (
        ["2 added.", "2 added."],
        date(2026, 1, 31),
        [
            (
                "more.csv, line 2: No monthly hours are agreed with Birch. "
                "Fill in the agreement, or monthly_hours in the list of clients."
            ),
            "more.csv, line 3: month: 2999-01 has not come yet. Correct it.",
        ],
    )


def test_what_came_in_is_read_at_once(desk: Desk) -> None:
    """The health of a client after an import is what its notes say, and old dates met no check that asks for days."""
    recent = desk.app.web.outside.clock.now().date()
    days = [recent - timedelta(days=ago) for ago in (1, 9, 20)]
    notes = "client,type,date\n" + "".join(f"Acme,late_payment,{day}\nAcme,abuse,{day}\n" for day in days)
    desk.bring(desk.file("clients.csv", "name\nAcme\n"), desk.file("notes.csv", notes))
    acme = desk.clients()["Acme"]
    card = desk.app.web.services.health.scorecard(desk.app.team_id, desk.app.member(OLIVIA), acme.id)
    with desk.app.web.outside.units.read(desk.app.team_id) as unit:
        standing = unit.standings.find(acme.id)
    assert standing is not None
    assert (standing.score_tenths, {note.logged_on for note in desk.notes("Acme")}) == (
        card.health.score_tenths,
        {recent},
    )


def test_the_audit_log_knows_of_it(desk: Desk) -> None:
    """An admin reads who brought in how much; not a word of what is in it."""
    desk.bring(desk.file("clients.csv", CLIENTS), desk.file("notes.csv", NOTES))
    with desk.app.web.outside.units.read(desk.app.team_id) as unit:
        entries = [entry for entry in unit.audit.newest(50) if "import" in entry.action]
    assert [(entry.action, entry.actor_id, entry.details) for entry in entries] == [
        ("imported", OLIVIA, "2 clients, 3 notes"),
        ("import begun", OLIVIA, ""),
    ]


def test_an_import_that_was_killed_is_completed_by_the_next(desk: Desk, settings: Settings) -> None:
    """Whatever had come in by then is there once, and the rest follows."""
    many = "client,date,text\n" + "".join(f"Acme,2026-01-{1 + n % 28:02},note {n}\n" for n in range(4000))
    files = desk.file("clients.csv", "name\nAcme\n"), desk.file("notes.csv", many)
    begun = subprocess.Popen(command(*files), cwd=ROOT)  # noqa: S603 - ours
    while not desk.app.live() and begun.poll() is None:
        time.sleep(0.01)
    ours, theirs = os.getpriority(os.PRIO_PROCESS, 0), os.getpriority(os.PRIO_PROCESS, begun.pid)
    begun.kill()
    begun.wait()
    done = desk.bring(*files)
    assert (done.exit_code, desk.app.live() > 0, len({note.note for note in desk.all_notes("Acme")})) == (0, True, 4000)
    assert desk.app.live() == 4000
    assert theirs == min(ours + 10, 19)  # whoever waits for an answer goes first; nobody can be further behind


def test_two_imports_at_once_double_nothing(desk: Desk) -> None:
    """Two people with the same list at the same moment."""
    many = "client,date,text\n" + "".join(f"Acme,2026-01-{1 + n % 28:02},note {n}\n" for n in range(1500))
    desk.bring(desk.file("clients.csv", "name\nAcme\n"))
    notes = desk.file("notes.csv", many)
    both = [subprocess.Popen(command(notes), cwd=ROOT) for _ in range(2)]  # noqa: S603 - ours
    assert ([each.wait(240) for each in both], desk.app.live()) == ([0, 0], 1500)


def test_somebody_has_to_stand_for_an_import(desk: Desk) -> None:
    """It is written down in an admin's name; whoever is none is asked for one."""
    clients = desk.file("clients.csv", "name\nAcme\n")
    refused = desk.bring(clients, "--as", "amir@agency.example")
    taken = desk.bring(clients, "--as", "Olivia@agency.example")
    assert (refused.exit_code, refused.stderr, taken.exit_code) == (
        1,
        "Say in whose name with --as and the e-mail address of an admin: olivia@agency.example.\n",
        0,
    )


def test_an_import_goes_on_while_slack_is_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The people are known from before; notes need nothing of Slack."""
    desk.bring(desk.file("clients.csv", "name\nAcme\n"))
    monkeypatch.setenv("AMICABLE_SLACK__API_URL", "http://127.0.0.1:9/api/")
    notes = desk.file("notes.csv", "client,date,text,who\nAcme,2026-03-01,x,amir@agency.example\n")
    done = subprocess.run(command(notes), cwd=ROOT, check=False)  # noqa: S603 - ours
    assert (done.returncode, [note.reporter_id for note in desk.notes("Acme")]) == (0, [AMIR])


def test_columns_that_nothing_is_made_of_are_told(desk: Desk) -> None:
    """A misspelt column is not lost in silence."""
    done = desk.bring(desk.file("clients.csv", "name,onwer\nAcme,amir@agency.example\n"))
    assert (done.exit_code, "clients.csv: not used here: onwer." in done.stderr) == (0, True)


@pytest.mark.both_databases
def test_an_export_comes_in_again(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into the same place nothing comes twice; into an empty one everything does, what was taken back as taken back."""
    desk.bring(desk.file("clients.csv", CLIENTS), desk.file("notes.csv", NOTES))
    desk.app.agency.amir.command("/redflag", "Acme called at midnight")
    flag = desk.notes("Acme")[-1]
    desk.app.web.services.capture.withdraw(desk.app.team_id, desk.app.member(OLIVIA), flag.id)
    for form in ("json", "csv"):
        CliRunner().invoke(command_line(), ["export", "--format", form, str(tmp_path / f"out.{form}")])
    table = [tmp_path / "out.csv" / f"{name}.csv" for name in ("clients", "notes")]
    same = desk.bring(*table), desk.bring(tmp_path / "out.json")

    monkeypatch.setenv("AMICABLE_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    CliRunner().invoke(command_line(), ["migrate"])
    fresh = desk.bring(tmp_path / "out.json"), desk.bring(*table)
    house = House(Settings(_env_file=None), serves_web=False)
    with house.outside.units.read(desk.app.team_id) as unit:
        live = unit.signals.count_live()
    house.close()
    again = ["0 added, 2 there already.", "0 added, 4 there already."]
    assert ([told(done) for done in same], [told(done) for done in fresh], live, desk.app.live()) == (
        [again, again],
        [["2 added.", "4 added."], again],
        3,
        3,
    )


def test_what_was_noted_before_an_erasure_does_not_come_in_again(desk: Desk) -> None:
    """A client comes back under its old name; an old file would bring back the very notes that were to be gone."""
    app, files = desk.app, (desk.file("notes.csv", NOTES), desk.file("clients.csv", CLIENTS))
    desk.bring(*files)
    erased = Subject(kind=Erased.CLIENT, id=desk.clients()["Acme"].id, actor_id=OLIVIA)
    app.web.services.erasure.begin(app.team_id, app.member(OLIVIA), erased, "Acme")
    for table in app.web.services.erasure.tables(erased):
        app.web.services.erasure.blank_page(app.team_id, str(erased), table, "")
    refused = desk.bring(files[1])
    app.add_client("Acme", aliases=("ACME Inc",))
    back = desk.clients()["Acme"]
    app.world.move_clock(timedelta(days=2))
    late = NOTES + f"Acme,praise,{app.web.outside.clock.now() - timedelta(days=1):%Y-%m-%d},,,They came back,\n"
    again = desk.bring("--skip-bad", desk.file("late.csv", late))

    assert "was erased here, and an import brings nobody back" in refused.output
    assert again.output.count("was noted about Acme before it was erased stays gone") == 1
    assert [note.note for note in app.notes(back)] == ["They came back"]


def test_nobody_of_the_team_becomes_a_client(desk: Desk) -> None:
    """An export's list of people looks like a list of clients; it is not taken for one."""
    people = desk.file("members.csv", "id,team_id,name,email\nU1,T1,Olivia,o@agency.example\n")
    done = desk.bring(people)
    assert (done.exit_code, "These are people" in done.stderr, desk.clients()) == (1, True, {})


def test_clients_that_were_merged_stay_one(desk: Desk) -> None:
    """The old list still has two names for one client: its notes are known under both, and new ones find the one."""
    clients, notes = "name\nAcme\nRoadrunner\n", "client,date,text\nAcme,2026-01-05,a\nRoadrunner,2026-01-06,b\n"
    files = desk.file("clients.csv", clients), desk.file("notes.csv", notes)
    desk.bring(*files)
    app, olivia = desk.app, desk.app.member(OLIVIA)
    late = app.web.services.imports.open(app.team_id, olivia, {})
    app.web.services.merges.merge(app.team_id, olivia, desk.clients()["Acme"].id, desk.clients()["Roadrunner"].id)

    again = desk.bring(*files)
    line = Line(number=2, cells={"client": "Roadrunner", "date": "2026-01-07", "text": "c"})
    late.take(RowKind.NOTES, [line], Tally(tell=lambda _number, sentence: pytest.fail(sentence)))
    assert (told(again), [*desk.clients()], [note.note for note in desk.notes("Acme")]) == (
        ["0 added, 2 there already.", "0 added, 2 there already."],
        ["Acme"],
        ["a", "b", "c"],
    )


def test_invoices_of_a_client_that_is_merged_meanwhile_come_in(desk: Desk) -> None:
    """Somebody merges while a long list is on its way: it goes on, and its sums stand with the client that stays."""
    web, actor = desk.app.web, desk.app.member(OLIVIA)
    keeper, gone = desk.app.add_client("Acme"), desk.app.add_client("Acme Ltd")
    session = web.services.imports.open(desk.app.team_id, actor, {})
    tally = Tally(tell=lambda _number, sentence: pytest.fail(sentence))
    web.services.merges.merge(desk.app.team_id, actor, keeper.id, gone.id)
    said = [{"client": "Acme Ltd", "number": f"R-{number}", "due_on": "2026-03-01"} for number in (1, 2)]
    session.take(RowKind.INVOICES, [Line(number=number, cells=cells) for number, cells in enumerate(said, 2)], tally)
    with web.outside.units.read(desk.app.team_id) as unit:
        stored = [invoice.number for invoice in unit.agreements.invoices(keeper.id)]

    assert (sorted(stored), tally.added) == (["R-1", "R-2"], 2)
