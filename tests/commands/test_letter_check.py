"""`amicable letter check`: the review outside Slack, with the design's JSON (design section 3)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import command_line
from bot.commands.letter import facts_from
from rules.notices.draft import render

FACTS = {
    "client_name": "Lumen", "contact_name": "Ana Ruiz", "sender_name": "Sam Lee", "company_name": "Studio Noord",
    "language": "nl", "last_day": "2026-12-31", "reason": "Ons bureau gaat zich richten op productontwerp",
    "clause": "artikel 7.2 van onze overeenkomst: een maand, schriftelijk",
    "deliverables": [["Voorjaarscampagne", "2026-12-11"]], "handovers": [["Ontwerpbestanden", "2026-12-28"]],
    "amounts_owed": "factuur 2041, € 1.200, vervaldatum 15 december 2026", "referrals": "", "since_year": 2021,
    "told_on": "2026-12-02", "origin": "ours", "address": "u", "first_name": "Ana",
}  # fmt: skip
MINE = "De bestanden krijgt u pas als de factuur betaald is."


def check(folder: Path, letter: str, facts: object = None, *more: str) -> Result:
    (folder / "letter.txt").write_text(letter)
    (folder / "facts.json").write_text(json.dumps(FACTS if facts is None else facts))
    return CliRunner().invoke(
        command_line(), ["letter", "check", str(folder / "letter.txt"), "--facts", str(folder / "facts.json"), *more]
    )


def test_the_json_is_the_designs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings with code, level, sentence and whether they may stand; and the sentence that nobody of ours wrote.

    No setting, no database and no Slack are needed.
    """
    for name in ("AMICABLE_SLACK__BOT_TOKEN", "AMICABLE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    body = render(facts_from(FACTS)).body
    clean = json.loads(check(tmp_path, body, None, "--language", "nl", "--json").stdout)
    mine = json.loads(check(tmp_path, f"Onderwerp: Dag\n{body}\n{MINE}", None, "--json").stdout)
    finding = {"code": "held_back", "level": "high", "sentence": MINE, "may_stand": False}
    assert (clean, mine) == ({"findings": [], "added": []}, {"findings": [finding], "added": ["Dag", MINE]})


def test_without_json_it_speaks_to_people(tmp_path: Path) -> None:
    """What is in the way, what to consider, and the sentences of one's own."""
    told = check(tmp_path, f"{render(facts_from(FACTS)).body}\n{MINE}").stdout
    assert (told.startswith("Can't stand: This holds back"), told.endswith(f"second person to read:\n- {MINE}\n")) == (
        True,
        True,
    )


@pytest.mark.parametrize(
    ("facts", "more", "said"),
    [
        ([], (), "has no facts that can be read"),
        ({**FACTS, "last_day": "soon"}, (), "last_day: "),
        (FACTS, ("--language", "xx"), "Choose one of en, ca, nl, sv."),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(
    tmp_path: Path, facts: object, more: tuple[str, ...], said: str
) -> None:
    """A wrong file or language ends with 1 and says what to do."""
    result = check(tmp_path, "Dag,", facts, *more, "--json")
    assert (result.exit_code, said in result.stderr, result.stdout) == (1, True, "")


def test_a_letter_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    """The path is wrong, or the file is no text."""
    (tmp_path / "facts.json").write_text(json.dumps(FACTS))
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    told = [
        CliRunner().invoke(
            command_line(), ["letter", "check", str(tmp_path / name), "--facts", str(tmp_path / "facts.json")]
        )
        for name in ("nothing", "binary")
    ]
    assert [(each.exit_code, each.stderr.split()[0]) for each in told] == [(1, "Check"), (1, "Save")]
