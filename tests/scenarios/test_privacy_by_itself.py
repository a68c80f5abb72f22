"""What retention and erasure do without anybody looking: finishing, tidying, and saying what they could not do."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from bot.__main__ import command_line
from bot.jobs.privacy import KEPT
from bot.services.capture.notes import NewNote
from bot.services.privacy.erasure import Subject
from integrations.database.tables import inbox
from integrations.sandbox.agency import BIRCH, DANA, OLIVIA
from integrations.sandbox.faults import Fault
from rules.clients.client import Client
from rules.errors import AmicableError
from rules.health.signal import Source
from rules.ports import Post
from rules.ports.records import FILES
from rules.privacy.tombstones import Erased

NAME = "Birch & Barrow"


def typed(*words: object, answer: str = "") -> Result:
    return CliRunner().invoke(command_line(), [str(word) for word in words], input=answer or None)


def begin(app: Any, client: Client) -> None:
    """As far as the first commit, and no further."""
    app.agency.amir.command("/redflag", f"{NAME} paid late: zqcanary")
    subject = Subject(kind=Erased.CLIENT, id=client.id, actor_id=OLIVIA)
    app.web.services.erasure.begin(app.team_id, app.member(OLIVIA), subject, NAME)


def notes(app: Any, client: Client) -> list[str]:
    return [note.note for note in app.notes(client)]


def trends(app: Any) -> list[str]:
    return [file.id for file in app.world.slack.workspace.files.values() if file.name == "trend.png"]


def draw(app: Any) -> None:
    dana = app.agency.dana
    dana.click(dana.command("/client", NAME).messages[-1], "trend")
    app.settle()
    dana.close()


def test_a_worker_finishes_what_a_process_began(app: Any, birch: Client) -> None:
    """The process died after its first commit: ten minutes later the rest is done, and the admin hears of it."""
    begin(app, birch)
    before = notes(app, birch)
    app.sweep(timedelta(minutes=11))

    assert (before, notes(app, birch)) == (["paid late: zqcanary"], [""])
    assert "The client was erased." in str(app.agency.olivia.dms())
    assert app.web.services.erasure.unfinished(app.team_id) == []


@pytest.mark.parametrize("kind", list(Erased))
def test_it_comes_by_again_and_says_so_once(app: Any, birch: Client, kind: Erased) -> None:
    """An event waits to be handled: until it is, each ten minutes are an erasure, and one word to the admin."""
    subject = Subject(kind=kind, id={Erased.CLIENT: birch.id, Erased.PERSON: DANA}[kind], actor_id=OLIVIA)
    name = NAME if kind is Erased.CLIENT else app.member(DANA).name
    app.web.services.erasure.begin(app.team_id, app.member(OLIVIA), subject, name)
    payload = json.dumps({"channel": birch.channel_ids[0], "user": DANA})
    waiting = {"workspace_id": app.team_id, "event_id": "Ev1", "type": "none", "payload": payload}
    with app.web.outside.engine.begin() as connection:
        # Of tomorrow, so that no sweep of this hour hands it out.
        connection.execute(inbox.insert().values(**waiting, received_at=app.world.now() + timedelta(days=1)))
    told, unfinished = [], []
    for _ in range(3):
        app.sweep(timedelta(minutes=11))
        told.append([each.ts for each in app.agency.olivia.dms() if f"The {kind} was erased." in each.text])
        unfinished.append(len(app.web.services.erasure.unfinished(app.team_id)))

    assert (len(told[0]), told) == (1, [told[0]] * 3)
    assert unfinished == [1, 1, 1]


def test_the_command_finishes_what_a_process_began(app: Any, birch: Client) -> None:
    """Whoever types it again after a kill sees it end, and learns that nothing else is left."""
    begin(app, birch)
    done = typed("erase", "--client", NAME)

    assert ("broken off" in done.stderr, "Nothing is left to do" in done.stderr) == (True, True)
    assert notes(app, birch) == [""]


def test_what_slack_does_not_let_go_of_is_said(app: Any, birch: Client) -> None:
    """The rest is erased all the same; the picture that Slack kept is counted."""
    app.agency.amir.command("/redflag", f"{NAME} paid late: zqcanary")
    draw(app)
    app.world.slack.faults.next(Fault.SERVER_ERROR, path="files.delete", times=3)
    done = typed("erase", "--client", NAME, "--yes")

    assert (done.exit_code, "let go of 1 of our messages or files" in done.stderr) == (0, True)
    assert notes(app, birch) == [""]


def test_a_new_picture_takes_the_old_one_away(app: Any, birch: Client) -> None:
    """Slack holds one trend of a client at most, and none that nobody has looked at for a month."""
    app.agency.amir.command("/redflag", f"{NAME} paid late")
    draw(app)
    first = trends(app)
    app.world.move_clock(timedelta(days=7))
    draw(app)
    second = trends(app)
    with app.web.outside.units.begin(app.team_id) as unit:
        (post,) = unit.posts.of_subject("picture", birch.id)
        fields = {name: getattr(post, name) for name in post.__dataclass_fields__}
        unit.posts.save(type(post)(**{**fields, "created_at": post.created_at - timedelta(days=31)}))
    app.sweep(timedelta(days=1))

    assert (len(first), len(second), first == second, trends(app)) == (1, 1, False, [])


def test_files_of_each_kind_go_when_their_time_is_over(app: Any, birch: Client, tmp_path: Path) -> None:
    """Also the page, the calendar and the letter as files: taken away as files, with the row that remembers them."""
    assert KEPT.keys() == FILES
    slack, sent = app.world.slack.workspace, app.web.outside.announcer
    for kind in sorted(FILES):
        draft = Post(
            key=f"{kind}:{birch.id}:1",
            workspace_id=app.team_id,
            channel_id="",
            kind=kind,
            subject=birch.id,
            created_at=app.web.outside.clock.real(),
        )
        file = tmp_path / kind
        file.write_text("ours")
        sent.send_file(draft, app.member(OLIVIA), file, "Here")
    before = len(slack.files)
    with app.web.outside.units.begin(app.team_id) as unit:
        for kind in FILES:
            post = unit.posts.find(f"{kind}:{birch.id}:1")
            unit.posts.save(replace(post, created_at=post.created_at - timedelta(days=31)))
    app.sweep(timedelta(days=1))

    with app.web.outside.units.read(app.team_id) as unit:
        left = [kind for kind in FILES if unit.posts.find(f"{kind}:{birch.id}:1")]
    assert (before, len(slack.files), left) == (len(FILES), 0, [])


def test_rows_of_events_go_when_nobody_repeats_them_any_more(app: Any, birch: Client) -> None:
    """Within the week a repeated event changes nothing, since its row is there; after it the row has gone."""
    said = app.agency.dana.say(BIRCH, "Tuesday then")
    app.agency.amir.react(BIRCH, said, "snail")
    app.settle()

    def rows() -> int:
        with app.web.outside.engine.connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(inbox)).scalar_one())

    kept = [rows()]
    for days in (6, 2):
        app.sweep(timedelta(days=days))
        kept.append(rows())

    assert (kept[0] > 0, kept[1] == kept[0], kept[2], len(app.notes(birch))) == (True, True, 0, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("erase",), "--client NAME or --person"),
        (("export", "--client", NAME, "--person", "x"), "not both"),
        (("export", "--format", "xml"), "json or csv"),
        (("export", "--client", "Nobody"), "No client is called"),
        (("export", "--person", "Nobody"), "Nobody here is known"),
        (("export", "--workspace", "TX"), "Name the workspace"),
    ],
)
def test_a_wrong_command_says_what_to_type(
    front: Any, birch: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    """Nothing is written or erased, and a sentence says what is missing."""
    monkeypatch.chdir(tmp_path)
    done = typed(*words)

    assert (done.exit_code, said in done.stderr, list(tmp_path.glob("amicable-*"))) == (1, True, [])


def test_an_export_is_for_its_owner_alone_and_overwrites_nothing(
    front: Any, birch: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other users of the machine can't read it, and a file that is there stays as it is."""
    monkeypatch.chdir(tmp_path)
    first, again = typed("export"), typed("export")
    made = tmp_path / "amicable-export.json"

    assert (first.exit_code, again.exit_code, "exists already" in again.stderr) == (0, 1, True)
    assert made.stat().st_mode & 0o077 == 0


@pytest.mark.both_databases
def test_notes_that_are_logged_meanwhile_are_erased_or_refused(front: Any, birch: Client) -> None:
    """Ten people log while it is erased: whoever is told that it was logged finds it blank, the others are refused."""
    amir = front.member("U0AMIR")
    subject = Subject(kind=Erased.CLIENT, id=birch.id, actor_id=OLIVIA)
    start = threading.Barrier(11)
    refused: list[str] = []

    def log(number: int) -> None:
        start.wait()
        for place in range(5):
            asked = NewNote(
                client_id=birch.id,
                type="late_payment",
                source=Source.FORM,
                happened_at=front.web.outside.clock.now(),
                note="zqcanary",
                once=f"{number}-{place}",
            )
            try:
                front.web.services.capture.log(front.team_id, amir, asked)
            except AmicableError as error:
                refused.append(error.sentence)

    people = [threading.Thread(target=log, args=(number,)) for number in range(10)]
    for person in people:
        person.start()
    start.wait()
    front.web.services.erasure.begin(front.team_id, front.member(OLIVIA), subject, NAME)
    for table in front.web.services.erasure.tables(subject):
        front.web.services.erasure.blank_page(front.team_id, str(subject), table, "")
    for person in people:
        person.join()
    kept = front.notes(birch)

    assert [note.note for note in kept] == [""] * len(kept)
    assert len(kept) + len(refused) == 50
    assert {"erased" in sentence or "try again" in sentence for sentence in refused} <= {True}


def test_private_messages_about_an_erased_client_are_taken_back(app: Any, birch: Client) -> None:
    """The receipt of a reaction quotes the note and the early warning names the client: both leave the messages."""
    dana, olivia = app.agency.dana, app.agency.olivia
    dana.react(BIRCH, app.agency.amir.say(BIRCH, "zqcanary we pay when we pay"), "snail")
    app.settle()
    app.sweep(timedelta(days=1))
    before = [NAME in str(each.dms()) for each in (dana, olivia)]
    done = typed("erase", "--client", NAME, "--yes")
    app.settle()

    assert (done.exit_code, before[0]) == (0, True)
    assert [NAME in str(each.dms()) for each in (dana, olivia)] == [False, False]
    assert "zqcanary" not in str(dana.dms())
