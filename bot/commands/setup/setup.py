"""Asks, writes, prepares the database, and lets the doctor look."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import typer

from bot.bootstrap import prepare_database, read_settings
from bot.commands.doctor.doctor import examine
from bot.commands.manifest import PLACE
from bot.commands.setup.file import EnvFile
from bot.commands.setup.questions import (
    ADDRESS,
    HOUSE,
    OVER_HTTPS,
    OVER_SOCKET,
    SLACK_APPS,
    TRACKERS,
    WITHOUT,
    Question,
)
from rules.sentences import Sentence

PREFIX: Final = "AMICABLE_"


def setup() -> None:
    """Asks for what is needed, writes it into .env, and runs doctor.

    Enter keeps what is set. Other lines of .env stay as they are, and nobody else on this machine may read it.
    The answers may come from a pipe, a line each. If one is wrong, it is named and nothing is written.
    """
    file = EnvFile(Path(".env"))
    values = file.values()
    while wrong := file.write(_asked(values)):
        sys.stderr.writelines(f"{sentence}\n" for sentence in wrong)
        if not sys.stdin.isatty():
            sys.stderr.write("Nothing was written.\n")
            raise SystemExit(2)
    _say("Written to .env. Now the doctor looks.\n")
    prepare_database(read_settings())
    code = examine(before_start=True)
    _say("Start Amicable with: amicable run" if not code else "Mend what is named above, then type: amicable doctor")
    raise SystemExit(code)


def _asked(values: dict[str, str]) -> Mapping[str, str]:
    """The answers; `values` remembers them for the next round."""
    _ask([ADDRESS], values)
    address = values.get(f"{PREFIX}{ADDRESS.name}", "")
    _say(
        Sentence(
            "\nSlack needs an app of yours. Open {slack_apps}, choose “Create New App”, “From a "
            "manifest”, and paste\nwhat this prints: amicable manifest {way}\n(It comes "
            "from {place}.) Install the app to your workspace, then copy two values from its "
            "pages.\n",
            slack_apps=SLACK_APPS,
            way=Sentence("--url {address}", address=address) if address else "--socket",
            place=PLACE,
        )
    )
    _ask(OVER_HTTPS if address else OVER_SOCKET, values)
    _ask(HOUSE, values)
    for name in _trackers(values):
        _ask(TRACKERS[name], values)
    return {name: value for name, value in values.items() if name.startswith(PREFIX)}


def _trackers(values: Mapping[str, str]) -> list[str]:
    """Which ones to go through; the others stay as they are."""
    known = [name for name in TRACKERS if any(each.startswith(f"{PREFIX}{name.upper()}__") for each in values)]
    text = Sentence(
        "Where do tickets go: {trackers} (one or more), or {without}", trackers=" ".join(TRACKERS), without=WITHOUT
    )
    while True:
        chosen = str(typer.prompt(text, default=" ".join(known) or WITHOUT)).casefold().replace(",", " ").split()
        if set(chosen) <= set(TRACKERS) or chosen == [WITHOUT]:
            return [name for name in TRACKERS if name in chosen]
        _say(Sentence("Write {trackers} or {without}.", trackers=", ".join(TRACKERS), without=WITHOUT))
        _end_of_a_pipe()


def _ask(questions: Iterable[Question], values: dict[str, str]) -> None:
    for question in questions:
        name = f"{PREFIX}{question.name}"
        answer = _answer(question, values.get(name, ""))
        if answer:
            values[name] = answer


def _answer(question: Question, kept: str) -> str:
    while True:
        text = (
            Sentence("{text} (Enter keeps the one that is set)", text=question.text)
            if kept and question.secret
            else question.text
        )
        shown = "" if question.secret else kept or question.usual
        given = typer.prompt(text, default=shown, show_default=bool(shown), hide_input=_hides(question))
        answer = str(given).strip() or kept
        if answer or not question.needed:
            return answer
        _say("This one is needed.")
        _end_of_a_pipe()


def _hides(question: Question) -> bool:
    """A pipe has nothing to hide, and hiding would ask the terminal instead of it."""
    return question.secret and sys.stdin.isatty()


def _end_of_a_pipe() -> None:
    """Nobody sits there to answer again."""
    if not sys.stdin.isatty():
        sys.stderr.write("Nothing was written.\n")
        raise SystemExit(2)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
