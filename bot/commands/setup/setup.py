"""Asks, tries each answer, writes, prepares the database, and lets the doctor look."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import typer

from bot.bootstrap.opening import lead, prepare_database
from bot.bootstrap.reading import read_settings
from bot.commands.doctor.doctor import examine
from bot.commands.setup import slack_app
from bot.commands.setup.checks import INSTALLER, Tried
from bot.commands.setup.file import EnvFile
from bot.commands.setup.questions import ADDRESS, HOUSE, OVER_HTTPS, OVER_SOCKET, TRACKERS, WITHOUT, Question
from bot.settings import PREFIX
from rules.sentences import Sentence

SCREENS: Final = ("DISPLAY", "WAYLAND_DISPLAY")
PASTE: Final = (
    "Paste a configuration token (https://api.slack.com/apps, “Your App Configuration Tokens”, “Generate Token”, the "
    "access token)"
)
OVER_HTTPS_TOO: Final = "the signing secret from “Basic Information”"
OVER_SOCKET_TOO: Final = "from “Basic Information”, “App-Level Tokens”, one with the scope connections:write"


def setup() -> None:
    """Makes the Slack app, asks for what is needed, writes it into .env, and runs doctor.

    Each answer is tried on the spot. Enter keeps what is set; other lines of .env stay, and nobody else on this machine
    may read it. The answers may come from a pipe, a line each.
    """
    file = EnvFile(Path(".env"))
    values = file.values()
    while wrong := file.write(_asked(values)):
        sys.stderr.writelines(f"{sentence}\n" for sentence in wrong)
        _end_of_a_pipe()
    _say("Written to .env. Now the doctor has a look.\n")
    settings = read_settings()
    prepare_database(settings)
    code = examine(before_start=True)
    lead(settings, values.get(INSTALLER, ""))
    if code:
        _say("Fix what is named above, then type: amicable doctor")
    else:
        _say("Start Amicable with: amicable run\nThen type /redflag in Slack.")
    raise SystemExit(code)


def _asked(values: dict[str, str]) -> Mapping[str, str]:
    """The answers; `values` remembers them for the next round."""
    _ask([ADDRESS], values)
    address = values.get(f"{PREFIX}{ADDRESS.name}", "")
    _show_ways(address, is_new=not values.get(f"{PREFIX}SLACK__BOT_TOKEN"))
    _ask(OVER_HTTPS if address else OVER_SOCKET, values)
    _ask(HOUSE, values)
    for name in _trackers(values):
        _ask(TRACKERS[name], values)
    return {name: value for name, value in values.items() if name.startswith(PREFIX)}


def _show_ways(address: str, *, is_new: bool) -> None:
    """How the Slack app is made, or brought up to date."""
    if not is_new:
        _say(Sentence("\n{paste} to bring your Slack app up to date; Enter leaves it as it is.", paste=PASTE))
        return
    page = slack_app.page(address)
    _say(
        Sentence(
            "\nSlack needs an app of yours.\n\nEither: {paste}, and it is made for you.\n\nOr make it by hand: open "
            "this page, which is filled in, choose your workspace, “Next”, “Create”, and then “Install to "
            "Workspace”.\n{page}\n\nThen copy the bot token from “OAuth & Permissions”, and {second}.\n",
            paste=PASTE,
            page=page,
            second=OVER_HTTPS_TOO if address else OVER_SOCKET_TOO,
        )
    )
    if sys.stdin.isatty() and (sys.platform == "darwin" or any(os.environ.get(name) for name in SCREENS)):
        webbrowser.open(page)


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
        if answer := _answer(question, name, values):
            values[name] = answer


def _answer(question: Question, name: str, values: dict[str, str]) -> str:
    """Asked until it is good, or given twice: whoever types the same again means it."""
    before = None
    while True:
        given = _given(question, values.get(name, ""))
        if not given and question.needed:
            _say("This one is needed.")
            _end_of_a_pipe()
            continue
        tried = question.check(given, values)
        values |= tried.sets
        _tell(tried)
        if tried.is_done:
            continue
        if not tried.problem or (given == before and tried.answer):
            return tried.answer
        before = given
        if not sys.stdin.isatty() and tried.answer:
            return tried.answer  # a script may come before the network does; the doctor says it again
        _end_of_a_pipe()


def _given(question: Question, kept: str) -> str:
    text = (
        Sentence("{text} (Enter keeps the one that is set)", text=question.text)
        if kept and question.secret
        else question.text
    )
    shown = "" if question.secret else kept or question.usual
    given = typer.prompt(text, default=shown, show_default=bool(shown), hide_input=_hides(question))
    return str(given).strip() or kept


def _tell(tried: Tried) -> None:
    if tried.said:
        _say(tried.said)
    if tried.problem:
        sys.stderr.write(f"{tried.problem}\n")


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
