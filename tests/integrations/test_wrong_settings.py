"""A wrong value stops the start with a sentence that names it, and repeats no secret."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from integrations.database.backup import copy_database
from integrations.database.connect import open_database

ROOT = Path(__file__).parents[2]
GOOD = {"AMICABLE_SLACK__BOT_TOKEN": "xoxb-made-up", "AMICABLE_SLACK__SIGNING_SECRET": "made-up"}


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("AMICABLE_DATABASE_URL", "mysql://u:s3cret@db/x", "postgresql://"),
        ("DATABASE_URL", "mysql://u:s3cret@db/x", "postgresql://"),
        ("AMICABLE_TIMEZONE", "Mars/Base", "Europe/Amsterdam"),
    ],
)
def test_a_wrong_value_stops_the_start_with_a_sentence(name: str, value: str, word: str, tmp_path: Path) -> None:
    """An operator reads which setting is wrong and what it should be, not a traceback."""
    clean = {key: kept for key, kept in os.environ.items() if "DATABASE_URL" not in key and "AMICABLE" not in key}
    environment = clean | GOOD | {name: value, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert name.removeprefix("AMICABLE_") in ended.stderr
    assert word in ended.stderr
    assert (ended.returncode, "s3cret" in ended.stderr, "Traceback" in ended.stderr) == (2, False, False)


SECRET = "5" * 31 + "a"


@pytest.mark.parametrize(
    "written",
    [
        f"\ufeffAMICABLE_SLACK__BOT_TOKEN=xoxb-made-up\r\nAMICABLE_SLACK__SIGNING_SECRET={SECRET}\r\n".encode(),
        f"export AMICABLE_SLACK__BOT_TOKEN='xoxb-made-up' #\nAMICABLE_SLACK__SIGNING_SECRET=\" {SECRET} \"\n".encode(),
        f"AMICABLE_SLACK__BOT_TOKEN=xoxb-made-up\nAMICABLE_SLACK__SIGNING_SECRET='“{SECRET}”'\n".encode(),
    ],
    ids=["with a mark and CRLF", "exported, quoted, with a comment", "in a word processor's quotes"],
)
def test_a_secret_is_read_as_it_was_meant(written: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an editor or a paste put around it."""
    monkeypatch.chdir(tmp_path)
    Path(".env").write_bytes(written)
    slack = Settings().slack
    assert (slack.bot_token.get_secret_value(), slack.signing_secret.get_secret_value()) == ("xoxb-made-up", SECRET)


def test_a_dollar_in_a_secret_stays_a_dollar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is filled in behind the operator's back."""
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("AMICABLE_SLACK__BOT_TOKEN=xoxb-${HOME}$1\nAMICABLE_SLACK__SIGNING_SECRET=x\n")
    assert Settings().slack.bot_token.get_secret_value() == "xoxb-${HOME}$1"


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("AMICABLE_SLACK__BOT_TOKEN=xoxb-s3cret\n".encode("utf-16"), "UTF-8"),
        ("# für uns\nAMICABLE_SLACK__BOT_TOKEN=xoxb-s3cret\n".encode("latin-1"), "UTF-8"),
        ("AMICABLE_SLACK__BOT_TOKEN=xoxb-s3crét\nAMICABLE_SLACK__SIGNING_SECRET=x\n".encode(), "SLACK__BOT_TOKEN"),
    ],
    ids=["UTF-16", "Latin-1", "a letter beyond ASCII"],
)
def test_what_can_not_be_meant_is_refused_with_a_sentence(written: bytes, word: str, tmp_path: Path) -> None:
    """And the value is not repeated."""
    (tmp_path / ".env").write_bytes(written)
    clean = {key: kept for key, kept in os.environ.items() if "DATABASE_URL" not in key and "AMICABLE" not in key}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        cwd=tmp_path,
        env=clean | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    told = ended.stdout + ended.stderr
    assert (ended.returncode, word in told, "s3cr" in told, "Traceback" in told) == (2, True, False, False)


def test_no_database_is_for_others_however_it_is_opened(tmp_path: Path) -> None:
    """Not only `amicable` itself sees to it: whoever opens one makes it so, at any umask."""
    before = os.umask(0)
    try:
        engine = open_database(f"sqlite:///{tmp_path / 'data' / 'own.db'}")
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE one (two)")
            made = sorted(stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir())
        engine.dispose()
        copy_database(tmp_path / "data" / "own.db", tmp_path / "copies" / "copy.db")
        copies = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "copies", tmp_path / "copies" / "copy.db")]
    finally:
        os.umask(before)

    assert (made, copies) == ([0o600] * 3, [0o700, 0o600])


def test_files_are_for_the_account_that_runs_us_whatever_the_mask(tmp_path: Path) -> None:
    """The folder, the database and what SQLite keeps beside it; a misspelt setting is named at the start."""
    clean = {key: kept for key, kept in os.environ.items() if "DATABASE_URL" not in key and "AMICABLE" not in key}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        cwd=tmp_path,
        env=clean | GOOD | {"AMICABLE_TIME_ZONE": "UTC", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        umask=0o022,
    )
    made = sorted((tmp_path / "data").rglob("*"))
    assert (ended.returncode, "AMICABLE_TIME_ZONE" in ended.stderr, bool(made)) == (0, True, True)
    assert ("AMICABLE_SLACK__SIGNING_SECRET" in ended.stderr, "made-up" in ended.stderr) == (True, False)
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
