"""What the text after `/client` may mean (design section 3). Text alone never changes a stage: verbs open dialogs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rules.clients.names import RESERVED, Candidate, normal, plain, split_client


class Verb(StrEnum):
    """What can be done with a client."""

    WHY = "why"
    HISTORY = "history"
    PLAN = "plan"
    CONSIDER = "consider"
    END = "end"
    PARTING = "parting"
    LETTER = "letter"
    CLOSE = "close"
    AGREEMENT = "agreement"
    CONTACTS = "contacts"
    CONTRACT = "contract"
    DELIVERABLES = "deliverables"
    MONEY = "money"
    OVERRIDE = "override"
    SETTINGS = "settings"
    TREND = "trend"
    VALUE = "value"
    VISIBILITY = "visibility"


class Meaning(StrEnum):
    """The kinds of readings; the reserved ones carry their word."""

    MENU = "menu"
    LIST = "list"
    DIGEST = "digest"
    HELP = "help"
    SETTINGS = "settings"
    ADD = "add"
    CLIENT = "client"
    VERB = "verb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One meaning of a text. `name` (normalised) or `channel_id` says which client; `text` is as it was typed."""

    meaning: Meaning
    text: str = ""
    name: str = ""
    channel_id: str = ""
    verb: Verb | None = None


# What stands on the card's buttons, and what else people call it.
_ALSO: Final = {
    "consider ending": Verb.CONSIDER,
    "who sees it": Verb.VISIBILITY,
    "score": Verb.WHY,
    "health": Verb.WHY,
    "notes": Verb.HISTORY,
    "mend": Verb.PLAN,
    "part": Verb.PARTING,
    "tasks": Verb.PARTING,
    "invoices": Verb.AGREEMENT,
    "hours": Verb.AGREEMENT,
    "owner": Verb.SETTINGS,
    "channels": Verb.SETTINGS,
}
_VERBS: Final = {verb.value: verb for verb in Verb} | _ALSO
_MOST_VERB_WORDS: Final = 3


def parse_command(text: str) -> tuple[Reading, ...]:
    """All readings, the likeliest first. Those that name no client of ours fall away; two that remain: two buttons."""
    said = plain(text)
    word = normal(said)
    if not word:
        return (Reading(meaning=Meaning.MENU),)
    if word in RESERVED:
        return (Reading(meaning=Meaning(word)),)
    return (*_adding(said), *_naming(said))


def _adding(said: str) -> tuple[Reading, ...]:
    first, _, name = said.partition(" ")
    return (Reading(meaning=Meaning.ADD, text=name),) if first.casefold() == Meaning.ADD else ()


def _naming(said: str) -> tuple[Reading, ...]:
    """The whole text as a client, then all but a verb at its end."""
    readings = [_reading(Meaning.CLIENT, candidate, said) for candidate in _whole(said)]
    words = said.split(" ")
    for count in range(min(_MOST_VERB_WORDS, len(words) - 1), 0, -1):
        head, verb = " ".join(words[:-count]), _VERBS.get(" ".join(words[-count:]).casefold())
        if verb:
            return (*readings, *(_reading(Meaning.VERB, candidate, head, verb) for candidate in _whole(head)))
    return tuple(readings)


def _whole(said: str) -> list[Candidate]:
    return [candidate for candidate in split_client(said) if not candidate.rest]


def _reading(meaning: Meaning, candidate: Candidate, text: str, verb: Verb | None = None) -> Reading:
    return Reading(meaning=meaning, text=text, name=candidate.name, channel_id=candidate.channel_id, verb=verb)
