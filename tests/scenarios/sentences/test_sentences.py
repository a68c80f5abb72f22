"""Every refusal, failure and empty screen has a sentence of its own that says what to do (issue 4).

`sentences.md` holds them all, to be read with a user's eye. A new one fails here until it stands there:
`AMICABLE_WRITE_SENTENCES=1 pytest tests/scenarios/sentences` writes the page anew; read what it changed.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.sentences.empty import screens
from tests.scenarios.sentences.gathering import GAP, Told, gather

PAGE = Path(__file__).parent / "sentences.md"
LONGEST = 200
EMPTY = "## Where there is nothing yet"
LOST_ROWS = "integrations/database/repositories/"
# For whoever changes the catalogue: they name the entry, and the file is open before them.
FOR_CONTRIBUTORS = ("rules/health/catalogue.py", "rules/health/phrases.py", "rules/health/questions.py")
# Read from a command line or a file, where ids are what people type.
FOR_OPERATORS = ("bot/commands/", "bot/bootstrap/", "bot/services/imports/")
# One reason that is met at several places.
ONE_REASON = {
    "Choose a day.",
    "Choose one of the four.",
    "Choose one of these.",
    "Choose today or a later day.",
    "Choose today or an earlier day.",
    "Please choose somebody else.",
    "Say how you know that the client has received everything.",
    "Choose what fits best.",
    "Slack asks us to slow down. Please try again in a moment.",
    "Slack did not answer. Please try again in a moment.",
    "This clock is not here any more. Nothing is left to do.",
    "This day has not come yet. Choose today or an earlier one.",
    "This task is not here any more. Please open the tasks again.",
    "This workspace is not known here. Install Amicable into it first.",
}
A_WAY_ON = re.compile(
    r"\b(add|agree|answer|archive|ask|begin|bring|change|check|choose|close|come back|copy|correct|drop|fill|finish|"
    r"follow|give|go on|has to be|have it|hold|install|invite|keep|leave (it|some out|the file)|log|look|make|move|"
    r"name|note|nothing is left to do|open|or lists under|paste|press|put|read|record|remove|rename|renew|"
    r"reopened only by|repeat|run|save|say|set|sleep|start|stays? as (it is|they are)|such as|take|"
    r"there is nothing|tick|try|type|use|wait|waits|waive|we ask again|we go on|we look|write|needs no)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"[a-z]+_[a-z_]+|[A-Z][a-z]+[A-Z]\w+(Error|Service|Rows)")


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return gather()


def test_each_sentence_stands_on_the_page(told: list[Told]) -> None:
    """Whoever adds a failure reads all the others beside it, and finds the same voice."""
    written = "# What Amicable says when something is not possible\n\n" + _as_page(told)
    if os.environ.get("AMICABLE_WRITE_SENTENCES"):
        rest = PAGE.read_text(encoding="utf-8").partition(EMPTY)[2] if PAGE.exists() else ""
        PAGE.write_text(f"{written}\n{EMPTY}{rest}", encoding="utf-8")

    assert written.strip() == PAGE.read_text(encoding="utf-8").partition(EMPTY)[0].strip()


def test_no_two_reasons_share_a_sentence(told: list[Told]) -> None:
    """A person who meets a sentence again meets the same thing again."""
    places = defaultdict(set)
    for each in told:
        places[each.sentence].add(each.path)

    assert {sentence for sentence, paths in places.items() if len(paths) > 1} <= ONE_REASON


def test_each_sentence_is_short(told: list[Told]) -> None:
    """It fits where Slack shows it, and is read to its end."""
    assert [each.sentence for each in told if len(each.sentence) > LONGEST] == []


def test_each_sentence_says_what_to_do(told: list[Told]) -> None:
    """Or why nothing is left to do. One that ends in a gap hands on a reason that says it."""
    silent = [
        each.sentence
        for each in told
        if not A_WAY_ON.search(each.sentence)
        and not each.sentence.rstrip(" .").endswith(GAP)
        and each.path not in FOR_CONTRIBUTORS
        and not each.path.startswith(LOST_ROWS)  # `Record` adds the way on
    ]

    assert silent == []


def test_no_sentence_shows_an_id_or_a_name_of_the_code(told: list[Told]) -> None:
    """Ids stand only in mentions, which Slack shows as names; nobody reads how we call things inside."""
    shown = [
        (each.sentence, filling)
        for each in told
        for filling in each.fillings
        if re.search(r"(^|[._])ids?$", filling)
        and not each.path.startswith(FOR_OPERATORS)
        and not re.search(r"<[@#]…>", each.sentence)
    ]
    code = [each.sentence for each in told if _NAMED.search(each.sentence) and not each.path.startswith(FOR_OPERATORS)]

    assert (shown, code) == ([], [])


def test_each_empty_screen_stands_on_the_page(front: Any) -> None:
    """Nobody meets a blank: where there is nothing yet, the next step stands there."""
    written = "\n\n".join(f"### {what}\n\n{_quoted(read)}" for what, read in screens(front))
    if os.environ.get("AMICABLE_WRITE_SENTENCES"):
        before = PAGE.read_text(encoding="utf-8").partition(EMPTY)[0]
        PAGE.write_text(f"{before}{EMPTY}\n\n{written}\n", encoding="utf-8")

    assert written.strip() == PAGE.read_text(encoding="utf-8").partition(EMPTY)[2].strip()


def _as_page(told: list[Told]) -> str:
    """By the place that says it, each sentence once, in the order of the code."""
    chapters: dict[str, dict[str, None]] = defaultdict(dict)
    for each in told:
        chapters[each.path][each.sentence] = None
    return "\n".join(
        f"## `{path}`\n\n" + "\n".join(f"- {sentence}" for sentence in sentences) + "\n"
        for path, sentences in chapters.items()
    )


def _quoted(read: str) -> str:
    return "\n".join(f"> {line}" for line in read.splitlines())
