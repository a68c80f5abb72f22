"""The letter, rendered from its facts in the client's language; a person reviews it before it leaves (BR10, BR11).

A language is a folder `templates/<code>/` with `letter.j2` and `subject.j2`, and a tone list `tones/<code>.toml`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from rules.notices.notice import NoticeFacts
from rules.sentences import Sentence

NOTHING_OWED = "none"
DEFAULT_LANGUAGE = "en"
# English without a region is written for the world, not for the United States: 31 December 2026.
PLAIN_LOCALES = {"en": "en_001"}


class Level(StrEnum):
    """How much a finding weighs: `high` blocks the approval until it is gone or overridden with a reason."""

    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that a reviewer should see. A required part that is missing can't be overridden."""

    code: str
    level: Level
    sentence: str
    excerpt: str = ""

    @property
    def key(self) -> str:
        """What an override names: the same finding on other words is another one."""
        return f"{self.code}:{_digest(self.excerpt)[:8]}"

    @property
    def is_required(self) -> bool:
        return self.code.startswith("missing_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Plain text, not yet checked by anybody."""

    language: str
    subject: str
    body: str


def languages() -> tuple[str, ...]:
    """The languages that a letter can be written in."""
    return tuple(sorted(folder.name for folder in files("rules.notices").joinpath("templates").iterdir()))


def language_for(code: str) -> str:
    """The language in which a client with this BCP 47 code is written to; English where there is no template."""
    base = code.replace("_", "-").split("-")[0].casefold()
    return base if base in languages() else DEFAULT_LANGUAGE


def locale_for(code: str) -> Locale:
    """How dates are written to this client: as in their region, if it is one of a language that we write."""
    language = language_for(code)
    wanted = code.replace("-", "_")
    try:
        locale = Locale.parse(wanted)
    except (ValueError, UnknownLocaleError):
        locale = Locale(language)
    plain = locale.language != language or locale.territory is None
    return Locale.parse(PLAIN_LOCALES.get(language, language)) if plain else locale


def render(facts: NoticeFacts) -> Letter:
    """Subject and body by the anatomy in features.md. Missing facts leave a bracket, which blocks the approval."""
    language, locale = language_for(facts.language), locale_for(facts.language)
    words = _worded(asdict(facts), locale) | {
        "nothing_owed": owes_nothing(facts),
        "acknowledgement": facts.acknowledgement,
        "thank_you": facts.thank_you,
    }
    subject, body = (
        _environment().get_template(f"{language}/{name}.j2").render(words) for name in ("subject", "letter")
    )
    return Letter(language=language, subject=subject.strip(), body=body.strip() + "\n")


def written(code: str, name: str, **words: object) -> str:
    """The text `name` in the language of a client with this code. Days become words, names keep to their line."""
    locale = locale_for(code)
    text = _environment().get_template(f"{language_for(code)}/{name}.j2").render(_worded(words, locale))
    return text.strip() + "\n"


def required(facts: NoticeFacts) -> tuple[Finding, ...]:
    """What the letter can't do without (NE04-NE08, CN04, DC02): each blocks the approval."""
    return tuple(
        Finding(code=f"missing_{code}", level=Level.HIGH, sentence=sentence) for code, sentence in _missing(facts)
    )


def owes_nothing(facts: NoticeFacts) -> bool:
    return facts.amounts_owed.strip().casefold().rstrip(".") == NOTHING_OWED


def facts_digest(facts: NoticeFacts) -> str:
    return _digest(json.dumps(asdict(facts), default=str, sort_keys=True))


def text_digest(subject: str, body: str, digest_of_facts: str) -> str:
    """What an approval binds to: any change of a letter or of a fact gives another one."""
    return _digest(json.dumps([subject, body, digest_of_facts]))


def one_line(text: str) -> str:
    """On one line, so that no fact can break the letter's shape."""
    return " ".join(text.split())


def _missing(facts: NoticeFacts) -> Iterator[tuple[str, str]]:
    is_ours = not (facts.acknowledgement or facts.thank_you)
    if facts.last_day is None:
        yield "last_day", "Choose the last day."
    if is_ours and not facts.reason.strip():
        yield "reason", "Write one or two neutral sentences about the reason."
    if not (facts.clause.strip() or facts.clause_answered):
        yield "clause", "Name the clause of the contract, or say that none is written."
    if not (facts.deliverables or facts.nothing_to_finish):
        yield "deliverables", "List what we still finish and until when, or say that nothing is open."
    if facts.unanswered:
        names = ", ".join(one_line(name) for name in facts.unanswered)
        yield (
            "answers",
            Sentence("Finish, hand over or drop? The client's answer is missing for: {names}.", names=names),
        )  # WU02, WU03
    if not facts.amounts_owed.strip():
        yield "amounts", 'List what is owed, with dates, or write "none".'
    if facts.thank_you and not owes_nothing(facts):
        yield "settlement", "A thank-you letter closes a project only when nothing is owed."  # RF43
    for field, name in (("contact", facts.contact_name), ("sender", facts.sender_name), ("client", facts.client_name)):
        if not name.strip():
            yield field, Sentence("Fill in the name of the {field}.", field=field)


def _worded(value: Any, locale: Locale) -> Any:
    """Every day and every name inside, as it is written there."""
    match value:
        case dict():
            return {key: _worded(each, locale) for key, each in value.items()}
        case list() | tuple():
            return [_worded(each, locale) for each in value]
        case date():
            return _day(value, locale)
        case str():
            return one_line(value)
        case _:
            return value


def _day(day: date | None, locale: Locale) -> str:
    return format_date(day, format="long", locale=locale) if day else ""


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?" else f"{text}."


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=PackageLoader("rules.notices", "templates"),
        undefined=StrictUndefined,
        autoescape=False,  # plain text: there is no HTML to break out of
        keep_trailing_newline=False,
    )
    environment.filters["sentence"] = _sentence
    return environment
