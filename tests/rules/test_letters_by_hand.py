"""Letters as people write them, good and bad, thirty a language: what the check makes of each (CV13, TN03, NE11)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.commands.letter import facts_from
from rules.notices.checks.tone import findings
from rules.notices.finding import Finding, Level

FOLDER = Path(__file__).parent / "letters"
LETTERS = [json.loads(line) for line in (FOLDER / "letters.jsonl").read_text(encoding="utf-8").splitlines()]
SENTENCES = [json.loads(line) for line in (FOLDER / "sentences.jsonl").read_text(encoding="utf-8").splitlines()]
FACTS = json.loads((FOLDER / "facts.json").read_text(encoding="utf-8"))


def found_in(letter: dict[str, Any]) -> tuple[Finding, ...]:
    return findings("", letter["text"], facts_from(FACTS[letter["lang"]]))


@pytest.mark.parametrize("language", FACTS)
def test_bad_letters_are_flagged_and_good_ones_pass(language: str) -> None:
    """Plain faults are all found, of what is said kindly most; nothing stands in a good letter's way."""
    ours = [letter for letter in LETTERS if letter["lang"] == language]
    plain = [letter["text"] for letter in ours if letter["kind"] not in {"good", "kind"} and not found_in(letter)]
    kindly = [bool(found_in(letter)) for letter in ours if letter["kind"] == "kind"]
    heavy = [
        (each.code, each.excerpt)
        for letter in ours
        if letter["kind"] == "good"
        for each in found_in(letter)
        if each.level is Level.HIGH or not each.may_stand
    ]
    assert (len(ours), plain, sum(kindly) / len(kindly) >= 0.6, heavy) == (30, [], True, [])


@pytest.mark.parametrize("language", FACTS)
def test_what_is_said_indirectly_is_pointed_out(language: str) -> None:
    """Reminders, counts, comparisons, false regret, sacrifice, lessons: asked about; what only looks so seldom is."""
    facts = facts_from(FACTS[language])
    bad: list[list[Finding]] = []
    good: list[list[Finding]] = []
    for each in SENTENCES:
        if each["lang"] == language:
            found = findings("", f"Dear all,\n\n{each['text']}\n", facts)
            seen = [finding for finding in found if finding.excerpt and finding.excerpt in each["text"]]
            (bad if each["should_flag"] else good).append(seen)
    heavy = [one for seen in good for one in seen if one.level is Level.HIGH or not one.may_stand]
    shares = sum(map(bool, bad)) / len(bad), sum(map(bool, good)) / len(good)
    assert (shares[0] > 0.9, shares[1] < 0.2, heavy) == (True, True, []), shares
