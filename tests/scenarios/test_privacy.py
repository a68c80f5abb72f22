"""Data and privacy as an admin meets them: retention, export, erasure, in Slack and on the command line (D12)."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from bot.__main__ import command_line
from integrations.database import tables
from integrations.sandbox.agency import AMIR, BIRCH, DANA, LEADS
from rules.clients.client import Client
from rules.health.measures import ResponseClock
from rules.health.signal import Side

pytestmark = pytest.mark.both_databases

SECRET = "zqcanary the kitchen talk"  # a note's words
BIRCH_NAME = "Birch & Barrow"


def typed(*words: object, answer: str = "") -> Result:
    return CliRunner().invoke(command_line(), [str(word) for word in words], input=answer or None)


def open_privacy(person: Any) -> None:
    person.home()
    person.click(person.published_home, "settings")
    person.click(person.view, "privacy")


def log(app: Any, words: str = SECRET) -> None:
    app.agency.amir.command("/redflag", f"{BIRCH_NAME} paid late: {words}")


def files(app: Any) -> list[Any]:
    return [each for each in app.world.slack.workspace.files.values() if each.name.startswith("amicable-")]


def everything(app: Any) -> str:
    """All that the database holds, the engine's tables among them."""
    engine = app.web.outside.engine
    inspector = sa.inspect(engine)
    schemas = [None] if engine.dialect.name == "sqlite" else ["public", "dbos"]
    with engine.connect() as connection:
        return "\n".join(
            str(tuple(row))
            for schema in schemas
            for name in inspector.get_table_names(schema=schema)
            for row in connection.execute(sa.select(sa.text("*")).select_from(sa.table(name, schema=schema)))
        )


def events(app: Any) -> str:
    with app.web.outside.engine.connect() as connection:
        return str(connection.execute(sa.select(tables.inbox.c.payload)).scalars().all())


def test_an_admin_learns_what_retention_touches_before_it_is_saved(app: Any, birch: Client) -> None:
    """The number of rows stands in words before anything is saved; by night they lose their words, not their points."""
    olivia = app.agency.olivia
    log(app)
    app.world.move_clock(timedelta(days=400))
    open_privacy(olivia)
    before = str(olivia.view)
    olivia.click(olivia.view, "retention")
    olivia.submit({"months": "12"})
    foreseen = str(olivia.view)
    olivia.submit({})
    app.settle()
    app.sweep(timedelta(days=1))

    assert ("until somebody erases it" in before, "1 row" in foreseen) == (True, True)
    assert "for 12 months" in str(olivia.view)
    assert [(note.note, note.state) for note in app.notes(birch)] == [("", "live")]


def test_an_export_comes_to_the_admin_who_asked_and_holds_what_that_admin_sees(app: Any, birch: Client) -> None:
    """A file in a direct message; a note from a private channel that the admin is not in stays out of it."""
    olivia, dana = app.agency.olivia, app.agency.dana
    log(app)
    app.world.slack.add_channel("C0QUIET", "quiet", (AMIR, DANA), kind="private")
    said = dana.say("C0QUIET", "they were rude again")
    dana.shortcut("log_red_flag", "C0QUIET", said)
    dana.submit({"client": birch.id, "type": "slow_reply", "note": "zqprivate words"})
    app.settle()
    open_privacy(olivia)
    olivia.click(olivia.view, "export")
    olivia.submit({"kind": "client", "who": BIRCH_NAME, "format": "json"})
    app.settle()
    (file,) = files(app)
    content = json.loads(file.content)
    (message,) = [each for each in app.world.slack.workspace.messages if file.id in each.file_ids]

    assert [note["text"] for note in content["notes"]] == [f"paid late: {SECRET}"]
    assert "zqprivate" not in str(content)
    assert (message in olivia.dms(), len(dana.dms())) == (True, 0)


def test_where_files_may_not_be_sent_an_export_says_so(app: Any, birch: Client) -> None:
    """Whoever installed Amicable refused that scope: the admin hears why nothing comes, and what else there is."""
    del birch
    app.world.slack.workspace.refused_scopes = {"files:write"}
    olivia = app.agency.olivia
    log(app)
    open_privacy(olivia)
    olivia.click(olivia.view, "export")
    olivia.submit({"kind": "client", "who": BIRCH_NAME, "format": "json"})
    app.settle()
    assert (files(app), ["(files:write)" in each.text for each in olivia.dms()]) == ([], [True])


def test_an_export_says_nothing_of_reactions_and_waits_in_channels_that_its_reader_cannot_see(app: Any) -> None:
    """Who reacted in a private channel, to which message and with what is as private as the note; one's own is not."""
    olivia, dana = app.agency.olivia, app.agency.dana
    app.world.slack.add_channel("C0QUIET", "quiet", (AMIR, DANA), kind="private")
    app.add_client("Volt", "C0QUIET")
    said = dana.say("C0QUIET", "they were rude again")
    dana.react("C0QUIET", said, "snail")
    app.settle()
    with app.web.outside.units.begin(app.team_id) as unit:
        for number, person_id in enumerate((DANA, olivia.who.id)):
            client = unit.clients.of_channel("C0QUIET")
            now = app.web.outside.clock.now()
            unit.agreements.save_clock(
                ResponseClock(
                    id=f"rc-{number}", workspace_id=app.team_id, client_id=client.id, side=Side.OURS,
                    channel_id="C0QUIET", message_ts=said, link="", started_by=person_id, started_at=now, asked_at=now,
                    hours=8, ends_at=now,
                )
            )  # fmt: skip
    open_privacy(olivia)
    olivia.click(olivia.view, "export")
    olivia.submit({"kind": "all", "format": "json"})
    app.settle()
    (file,) = files(app)
    content = json.loads(file.content)

    assert content["reactions"] == []
    assert [wait["id"] for wait in content["waits"]] == ["rc-1"]


def test_an_export_leaves_slack_after_a_week(app: Any, birch: Client) -> None:
    """What was asked for is not left lying about: the file is deleted there by itself."""
    olivia = app.agency.olivia
    open_privacy(olivia)
    olivia.click(olivia.view, "export")
    olivia.submit({"kind": "all", "format": "csv"})
    app.settle()
    (file,) = files(app)
    names = zipfile.ZipFile(io.BytesIO(file.content)).namelist()
    with app.web.outside.units.begin(app.team_id) as unit:
        (post,) = unit.posts.of_subject("export", olivia.who.id)
        unit.posts.save(type(post)(**{**_fields(post), "created_at": post.created_at - timedelta(days=8)}))
    app.sweep(timedelta(days=1))

    assert "clients.csv" in names
    assert files(app) == []


def _fields(post: Any) -> dict[str, Any]:
    return {name: getattr(post, name) for name in post.__dataclass_fields__}


@pytest.mark.parametrize("action", ["privacy", "export", "erase", "retention"])
def test_only_admins_reach_it(app: Any, birch: Client, action: str) -> None:
    """The settings show a member no such button, and a forged click is refused."""
    amir, olivia = app.agency.amir, app.agency.olivia
    amir.home()
    amir.click(amir.published_home, "settings")
    shown = "Data and privacy" in str(amir.view)
    open_privacy(olivia)
    place = olivia.view
    if action == "privacy":
        olivia.close()
        place = olivia.view
    amir.click(place, action, forge=True)

    assert (shown, "for workspace admins" in str(amir.view)) == (False, True)


def test_a_client_is_erased_with_its_name_typed(app: Any, birch: Client) -> None:
    """Words, messages and files about it are gone, other clients are not; a word comes when it is done."""
    olivia = app.agency.olivia
    other = app.add_client("Cobalt")
    log(app)
    app.set_digest(LEADS)
    app.sweep(app.until_digest())
    olivia.command("/client", f"{BIRCH_NAME} why")
    olivia.click(olivia.view, "trend")
    app.settle()
    posted = [m.ts for m in olivia.sees(LEADS) if m.by_app]
    before = app.web.services.health.scorecard(app.team_id, app.member(olivia.who.id), birch.id).health.total_tenths
    open_privacy(olivia)
    olivia.click(olivia.view, "erase")
    olivia.submit({"kind": "client", "who": BIRCH_NAME})
    foreseen = str(olivia.view)
    wrong = olivia.submit({"typed": "Birch"})
    olivia.submit({"typed": BIRCH_NAME})
    app.settle()
    left = everything(app)
    still = [m.ts for m in olivia.sees(LEADS) if m.by_app]

    assert (len(posted), still, app.world.slack.workspace.files) == (1, [], {})
    assert ("It can't be undone" in foreseen, "to confirm" in str(wrong)) == (True, True)
    assert [left.count(word) for word in ("zqcanary", "Birch", "birch & barrow", "B&B")] == [0, 0, 0, 0]
    assert "The client was erased." in str(olivia.dms())
    with app.web.outside.units.read(app.team_id) as unit:
        listed = [client.id for client in unit.clients.all(archived=True)]
    after = app.web.services.health.scorecard(app.team_id, app.member(olivia.who.id), birch.id).health.total_tenths
    assert (after, listed) == (before, [other.id])


def test_late_words_about_an_erased_client_are_not_stored(app: Any, birch: Client) -> None:
    """A reaction that was under way, an old button, a repeated command: nothing of it comes back."""
    amir = app.agency.amir
    said = amir.say(BIRCH, "zqlate words")
    receipt = amir.command("/redflag", f"{BIRCH_NAME} paid late: {SECRET}").messages[-1]
    done = typed("erase", "--client", BIRCH_NAME, "--yes")
    amir.react(BIRCH, said, "snail")
    amir.click(receipt, "change_note")
    amir.command("/redflag", f"{BIRCH_NAME} zqagain")
    app.settle()
    left = everything(app)

    assert done.exit_code == 0
    assert [left.count(word) for word in ("zqlate", "zqcanary", "zqagain")] == [0, 0, 0]


def test_a_person_who_left_is_erased_and_a_late_reaction_brings_nothing_back(app: Any, birch: Client) -> None:
    """Id, name and words are nowhere: not in our tables, events or jobs; Slack's list of the team brings none back."""
    amir, slack = app.agency.amir, app.world.slack
    amir.home()
    amir.react(BIRCH, app.agency.dana.say(BIRCH, "Tuesday then"), "snail")
    amir.command("/redflag", f"{BIRCH_NAME} paid late: {SECRET}")
    app.settle()
    slack.change_person(AMIR, deleted=True)
    app.settle()
    before = everything(app)
    done = typed("erase", "--person", "amir@agency.example", answer="Amir Haddad\n")
    again = typed("erase", "--person", "amir@agency.example", answer="Amir Haddad\n")
    del slack.workspace.people[AMIR]
    app.web.outside.directory.refresh_members(app.team_id)
    app.sweep(by=timedelta(minutes=11))
    left = everything(app)

    words = ("Amir Haddad", "amir@agency.example", AMIR, "zqcanary")
    assert (done.exit_code, again.exit_code, "erased already" in again.stderr) == (0, 1, True)
    assert [min(before.count(word), 1) for word in words] == [1, 1, 1, 1]
    assert [left.count(word) for word in words] == [0, 0, 0, 0]
    assert {(note.note, note.reporter_id.startswith("gone-")) for note in app.notes(birch)} == {("", True)}


def test_an_event_that_waits_keeps_its_words_until_it_was_handled(
    front: Any, birch: Client, request: pytest.FixtureRequest
) -> None:
    """No worker was there yet: somebody else's note hangs on it. The erasure comes by once more when it is done."""
    front.member(AMIR)
    front.agency.dana.react(BIRCH, front.agency.amir.say(BIRCH, "Thank you all"), "snail")
    front.world.slack.settle()
    done = typed("erase", "--person", "amir@agency.example", "--yes")
    waits = events(front)
    request.getfixturevalue("worker")
    front.settle()
    for _ in range(2):
        front.sweep(by=timedelta(minutes=11))

    assert done.exit_code == 0
    assert [AMIR in each for each in (waits, events(front))] == [True, False]
    assert [note.reporter_id for note in front.notes(birch)] == [DANA]


def test_the_name_of_an_erased_clients_channel_goes(app: Any, birch: Client) -> None:
    """It says who it was. Nor does it come back when Slack is asked, until the channel is another client's."""
    channel = app.world.slack.workspace.channels[BIRCH].name
    log(app)
    app.agency.dana.react(BIRCH, app.agency.amir.say(BIRCH, "Tuesday then"), "snail")
    app.settle()
    before = everything(app)
    typed("erase", "--client", BIRCH_NAME, "--yes")
    left = everything(app)
    app.sweep(by=timedelta(hours=7))
    app.web.outside.directory.place(app.team_id, BIRCH, fresh=True)
    later = everything(app)
    app.add_client("Cobalt", BIRCH)
    app.web.outside.directory.place(app.team_id, BIRCH, fresh=True)

    assert [channel in each for each in (before, left, later, everything(app))] == [True, False, False, True]
    assert [f'"channel": "{BIRCH}"' in each for each in (before, left)] == [True, False]


def test_what_was_exported_can_be_imported_again(app: Any, birch: Client, tmp_path: Path) -> None:
    """CSV and JSON of a client carry its notes into a fresh register; a cell that would be a formula is disarmed."""
    log(app, "=cmd|' /C calc'!A0")
    app.agency.amir.command("/redflag", f"{BIRCH_NAME} +1 slow answer")
    made = [
        typed("export", "--client", BIRCH_NAME, tmp_path / "birch.json"),
        typed("export", "--client", BIRCH_NAME, "--format", "csv", tmp_path / "birch"),
    ]
    notes = list(csv.DictReader(io.StringIO((tmp_path / "birch" / "notes.csv").read_text(encoding="utf-8-sig"))))
    renamed = json.loads((tmp_path / "birch.json").read_text())
    renamed["clients"][0] |= {"name": "Elm", "aliases": [], "channels": []}
    renamed["notes"] = [note | {"client": "Elm"} for note in renamed["notes"]]
    (tmp_path / "elm.json").write_text(json.dumps(renamed))
    taken = typed("import", tmp_path / "elm.json")
    with app.web.outside.units.read(app.team_id) as unit:
        (elm,) = [client for client in unit.clients.all() if client.name == "Elm"]

    assert [each.exit_code for each in made] == [0, 0]
    assert {note["text"][:2] for note in notes} == {"pa", "'+"}
    assert taken.exit_code == 0, taken.stderr
    assert {note.note for note in app.notes(elm)} == {note.note for note in app.notes(birch)}


def test_an_import_does_not_bring_back_who_was_erased(app: Any, birch: Client, tmp_path: Path) -> None:
    """The old spreadsheet is still there: its lines about an erased client are refused, each with a sentence."""
    log(app)
    typed("export", "--client", BIRCH_NAME, tmp_path / "birch.json")
    typed("erase", "--client", BIRCH_NAME, "--yes")
    taken = typed("import", tmp_path / "birch.json", "--skip-bad")

    assert "erased" in taken.stderr
    assert everything(app).count("zqcanary") == 0


def test_the_engine_never_holds_words(app: Any, birch: Client) -> None:
    """Jobs are ids and dates: after a day of work no note, excerpt or name lies in the engine's tables."""
    amir = app.agency.amir
    log(app)
    said = app.agency.dana.say(BIRCH, "zqexcerpt we pay when we pay")
    amir.react(BIRCH, said, "snail")
    app.set_digest(LEADS)
    app.settle()
    app.sweep(app.until_digest())
    engine = app.web.outside.engine
    inspector = sa.inspect(engine)
    schema = None if engine.dialect.name == "sqlite" else "dbos"
    theirs = [name for name in inspector.get_table_names(schema=schema) if not name.startswith("amicable_")]
    with engine.connect() as connection:
        rows = [
            str(tuple(row))
            for name in theirs
            for row in connection.execute(sa.select(sa.text("*")).select_from(sa.table(name, schema=schema)))
        ]

    assert len(rows) > 10
    assert [
        word for word in ("zqcanary", "zqexcerpt", "Birch", "Amir Haddad") if any(word in row for row in rows)
    ] == []
