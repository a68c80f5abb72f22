"""`amicable letter check`: the review of a letter outside Slack, without a database."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json
from rich.console import Console

from rules.clients.stages import Origin
from rules.notices.checks.tone import findings
from rules.notices.draft import required
from rules.notices.finding import Finding, Level
from rules.notices.notice import NoticeFacts
from rules.notices.phrases import language_names, missing_language
from rules.notices.sentences import our_sentences, sentences_in
from rules.sentences import Sentence

letter = typer.Typer(
    name="letter", add_completion=False, no_args_is_help=True, help="Letters that end it: how they read."
)

_SUBJECTS = ("subject:", "onderwerp:", "assumpte:", "\N{LATIN SMALL LETTER A WITH DIAERESIS}mne:")


class _Facts(BaseModel):
    """What the letter has to say, as the JSON file has it; what is left out is unknown."""

    model_config = ConfigDict(extra="ignore")

    client_name: str
    contact_name: str = ""
    sender_name: str = ""
    company_name: str = ""
    language: str = "en"
    last_day: date | None = None
    reason: str = ""
    clause: str = ""
    clause_answered: bool = False
    deliverables: tuple[tuple[str, date], ...] = ()
    handovers: tuple[tuple[str, date], ...] = ()
    amounts_owed: str = ""
    referrals: str = ""
    since_year: int | None = None
    origin: Origin = Origin.OURS
    told_on: date | None = None
    address: str = ""
    first_name: str = ""
    title: str = ""
    team_of_one: bool = False
    nothing_to_finish: bool = False
    left_out: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    their_tasks: tuple[tuple[str, date], ...] = ()


@letter.callback()
def _group() -> None:
    """Keeps `check` a word of its own, though it is the only one so far."""


@letter.command()
def check(
    file: Annotated[Path, typer.Argument(help="The letter, as plain text", show_default=False)],
    *,
    facts: Annotated[Path, typer.Option(help="What is true, as JSON: client, last day, clause, sums, ...")],
    language: Annotated[str, typer.Option(help="en, nl, ca or sv; without it the one of the facts")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else")] = False,
) -> None:
    """Compares a letter with its facts and looks at its tone, as the review in Slack does. Sends and stores nothing.

    "added" are the sentences that we would not have written: a second person reads each of them.
    """
    said = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    known = _read_facts(facts, language, said)
    subject, body = _split(_read(file, said))
    found = (*required(known), *findings(subject, body, known))
    ours = our_sentences(known)
    added = [each for text in (subject, body) for each in sentences_in(text) if each not in ours]
    if unwritten := missing_language(known.language):
        said.print(Sentence("We write no letters in {language}: it was read as English.", language=unwritten))
    if as_json:
        sys.stdout.write(f"{json.dumps({'findings': [_told(each) for each in found], 'added': added})}\n")
    else:
        _print(found, added)


def _told(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "level": finding.level.value,
        "sentence": finding.excerpt or finding.sentence,
        "may_stand": finding.may_stand,
    }


def _print(found: tuple[Finding, ...], added: list[str]) -> None:
    out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    for each in found:
        weight = "Consider" if each.level is Level.LOW else "In the way" if each.may_stand else "Can't stand"
        out.print(f"{weight}: {each.sentence}" + (f" “{each.excerpt}”" if each.excerpt else ""))
    if not found:
        out.print("Nothing to object to: all parts are there, and the tone is fine.")
    if added:
        out.print("\nSentences of yours, for a second person to read:")
    for sentence in added:
        out.print(f"- {sentence}")


def facts_from(read: object) -> NoticeFacts:
    """A letter's facts from one language's object of a facts file; raises pydantic's `ValidationError`."""
    known = _Facts.model_validate(read)
    return NoticeFacts(**{name: getattr(known, name) for name in _Facts.model_fields})


def _read_facts(path: Path, language: str, said: Console) -> NoticeFacts:
    try:
        known = facts_from(from_json(_read(path, said)))
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        place = "".join(f"{part}: " for part in first["loc"])
        said.print(Sentence("{path} has no facts that can be read: {fault}.", path=path, fault=place + first["msg"]))
        raise SystemExit(1) from None
    except ValueError as fault:
        said.print(Sentence("{path} has no facts that can be read: {fault}.", path=path, fault=fault))
        raise SystemExit(1) from None
    if language and language not in language_names():
        ours = ", ".join(language_names())
        said.print(Sentence("We write no letters in {language}. Choose one of {ours}.", language=language, ours=ours))
        raise SystemExit(1)
    return replace(known, language=language or known.language)


def _read(path: Path, said: Console) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError:
        said.print(Sentence("Check the path: {path} can't be read.", path=path))
    except UnicodeDecodeError:
        said.print(Sentence("Save {path} as UTF-8: some of its characters can't be read.", path=path))
    raise SystemExit(1)


def _split(text: str) -> tuple[str, str]:
    """Subject and body: a first line that begins with "Subject:" is no part of the body."""
    first, _, rest = text.lstrip().partition("\n")
    if first.casefold().startswith(_SUBJECTS):
        return first.partition(":")[2].strip(), rest.strip() + "\n"
    return "", text.strip() + "\n"
