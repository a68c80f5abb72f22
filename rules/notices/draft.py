"""The letter, rendered from its facts in the client's language; a person reviews it before it leaves (BR10, BR11).

A language is a folder `templates/<code>/` with `letter.j2` and `subject.j2`, and a tone list `tones/<code>.toml`.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from rules.notices.address import FORMS, Voice, address_for
from rules.notices.finding import Finding, Level
from rules.notices.notice import NoticeFacts
from rules.partings import belongings
from rules.sentences import Sentence

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

MAX_WORDS = 250
DEFAULT_LANGUAGE = "en"
# English without a region is written for the world, not for the United States: 31 December 2026.
PLAIN_LOCALES = {"en": "en_001"}


class Layout(StrEnum):
    """How the lists of a letter stand in it."""

    LINES = "lines"
    BY_DAY = "by_day"
    BELOW = "below"


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
    """Subject and body by the anatomy in features.md. Missing facts leave a bracket, which blocks the approval.

    A list that would make the letter too long is grouped by day; one that is still too long stands below the letter.
    """
    drafts = (_laid_out(facts, layout) for layout in Layout)
    short = (draft for draft in drafts if length(draft.body, draft.language) <= MAX_WORDS)
    return next(short, None) or _laid_out(facts, Layout.LINES)


def length(body: str, language: str) -> int:
    """How many words a letter has; a list below it is not counted."""
    lines = body.splitlines()
    heading = str(phrases_of(language)["phrases"]["annex"])
    end = lines.index(heading) if heading in lines else len(lines)
    return sum(any(sign.isalnum() for sign in word) for line in lines[:end] for word in line.split())


def written(voice: Voice, name: str, /, **words: object) -> str:
    """The text `name` in the language of whoever it is for. Days become words, names keep to their line."""
    language, locale = language_for(voice.language), locale_for(voice.language)
    place = FORMS[language].index(address_for(language, voice.address))
    known = _worded({**asdict(voice), "last_name": voice.last_name, **words}, locale)

    def you(*forms: str) -> str:
        """The one that fits the form of address, in the order of `FORMS`."""
        return forms[place]

    def we(several: str, one: str) -> str:
        return one if voice.team_of_one else several

    known["title"] = phrases_of(language)["titles"].get(voice.title.strip().casefold().rstrip("."), known["title"])
    text = _environment().get_template(f"{language}/{name}.j2").render(known | {"we": we, "you": you})
    return text.strip() + "\n"


@cache
def phrases_of(language: str) -> Mapping[str, Mapping[str, Any]]:
    """The short words of a language that we write: `templates/<language>/words.toml`."""
    text = files("rules.notices").joinpath(f"templates/{language}/words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def required(facts: NoticeFacts) -> tuple[Finding, ...]:
    """What the letter can't do without (NE04-NE08, CN04, DC02): each blocks the approval."""
    return tuple(
        Finding(code=f"missing_{code}", level=Level.HIGH, sentence=sentence) for code, sentence in _missing(facts)
    )


def owes_nothing(facts: NoticeFacts) -> bool:
    return belongings.owes_nothing(facts.amounts_owed)


def facts_digest(facts: NoticeFacts) -> str:
    """Without what came later and is empty, so that approvals from before stand."""
    known = asdict(facts)
    if not facts.their_tasks:
        del known["their_tasks"]
    return _digest(json.dumps(known, default=str, sort_keys=True))


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
    if is_ours and not (facts.clause.strip() or facts.clause_answered):
        yield "clause", "Name the clause of the contract, or say that none is written."
    if not (facts.deliverables or facts.nothing_to_finish or facts.unanswered):
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
    for field, name in (("sender", facts.sender_name), ("client", facts.client_name)):
        if not name.strip():
            yield field, Sentence("Fill in the name of the {field}.", field=field)


def _laid_out(facts: NoticeFacts, layout: Layout) -> Letter:
    language, locale = language_for(facts.language), locale_for(facts.language)
    words = {name: value for name, value in asdict(facts).items() if name not in set(Voice.__dataclass_fields__)}
    words |= {
        "layout": layout.value,
        "nothing_owed": owes_nothing(facts),
        "acknowledgement": facts.acknowledgement,
        "thank_you": facts.thank_you,
        "told_on": _short_day(facts.told_on, facts.last_day, locale) if facts.told_on else "",
        "cited": _cited(facts.clause, language),
        "finished_by_day": _by_day(facts.deliverables, facts.last_day, locale),
        "handed_over_by_day": _by_day(facts.handovers, facts.last_day, locale),
        "their_tasks_by_day": _by_day(facts.their_tasks, facts.last_day, locale),
    }
    subject, body = (written(facts.voice, name, **words) for name in ("subject", "letter"))
    return Letter(language=language, subject=subject.strip(), body=body)


def _by_day(listed: Sequence[tuple[str, date]], last_day: date | None, locale: Locale) -> list[tuple[str, list[str]]]:
    """The names for each day, the first day first."""
    days: dict[date, list[str]] = {}
    for name, day in sorted(listed, key=lambda each: each[1]):
        days.setdefault(day, []).append(name)
    return [(_short_day(day, last_day, locale), names) for day, names in days.items()]


def _cited(clause: str, language: str) -> dict[str, str]:
    """A clause that begins with its number, in parts: "clause 7.2", " of our agreement", ": one month"."""
    found = re.match(phrases_of(language)["phrases"]["cites"], one_line(clause), re.IGNORECASE)
    if found is None:
        return {}
    reference, where, rest = (found[part] or "" for part in ("reference", "where", "rest"))
    return {"reference": reference[0].lower() + reference[1:].rstrip("."), "where": where, "rest": rest}


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


def _day(day: date, locale: Locale) -> str:
    return _straight(format_date(day, format="long", locale=locale))


def _short_day(day: date, last_day: date | None, locale: Locale) -> str:
    """Without its year where that is the last day's."""
    if last_day is None or day.year != last_day.year:
        return _day(day, locale)
    return _straight(format_skeleton("MMMMd", day, locale=locale))


def _straight(text: str) -> str:
    """With the apostrophe that the templates have: "d'abril"."""
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?" else f"{text}."


def _ending(text: str) -> str:
    """What goes on behind a number: ": one month", "(notice)"."""
    return (" " if text[:1] in {"(", "-", "\N{EN DASH}"} else "") + (_sentence(text) or ".")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _environment() -> SandboxedEnvironment:
    from jinja2 import PackageLoader, StrictUndefined  # noqa: PLC0415 - 2 MB, of use where a letter is drafted
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415 - the same

    environment = SandboxedEnvironment(
        loader=PackageLoader("rules.notices", "templates"),
        undefined=StrictUndefined,
        autoescape=False,  # plain text: there is no HTML to break out of
        keep_trailing_newline=False,
    )
    environment.filters["sentence"] = _sentence
    environment.filters["ending"] = _ending
    return environment
