"""Which emoji means which type of note: the catalogue's, or what a workspace chose instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, NoReturn

from rules.errors import InvalidError
from rules.health.catalogue import Catalogue, SignalType
from rules.sentences import Sentence

# Says nothing about anybody, so that it may stand where a client can see it.
WAITING_EMOJI: Final = "hourglass_flowing_sand"
MOST_EMOJI: Final = 3
ALIAS: Final = "alias:"
_TONES_AND_VARIANTS: Final = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]")
_COMMAS: Final = re.compile(r"[,;]+")


@dataclass(frozen=True, slots=True)
class Standard:
    """Slack's own emoji: the first name of each by its sign and by every name that it has."""

    by_name: Mapping[str, str]
    by_sign: Mapping[str, str]


@cache
def standard_emoji() -> Standard:
    text = files("rules.health.evidence").joinpath("emoji.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if not line.startswith("#")]
    # A first name wins over another emoji's further name.
    further = {name: names[0] for _, *names in rows for name in names}
    return Standard(
        by_name=MappingProxyType(further | {names[0]: names[0] for _, *names in rows}),
        by_sign=MappingProxyType({_bare(sign): names[0] for sign, *names in rows}),
    )


def first_name(name: str, aliases: Mapping[str, str] | None = None) -> str:
    """The one name for an emoji: colons, skin tones, case and other names for it don't matter.

    `aliases` are the workspace's own further names, each with what it stands for.
    """
    bare = name.strip().strip(":").split("::")[0].casefold()
    bare = (aliases or {}).get(bare, bare)
    return standard_emoji().by_name.get(bare, bare)


def resolved_aliases(custom: Mapping[str, str], wanted: Iterable[str]) -> dict[str, str]:
    """Of a workspace's own emoji (name to picture, or `alias:NAME`) the further names of those that are wanted."""
    kept = frozenset(wanted)
    found = {name: _end_of(name, custom) for name, value in custom.items() if value.startswith(ALIAS)}
    return {name: end for name, end in found.items() if first_name(end) in kept}


def typed_emoji(text: str) -> tuple[str, ...]:
    """The names in what somebody typed: `:snail: :sloth:`, `snail, sloth` or the signs themselves."""
    names = [_name_of(part) for word in _COMMAS.sub(" ", text).split() for part in _parts(word)]
    return tuple(dict.fromkeys(name for name in names if name))


@dataclass(frozen=True, slots=True)
class EmojiBook:
    """What reactions mean in a workspace. `chosen` stands in the catalogue's place; an empty choice is switched off."""

    catalogue: Catalogue
    chosen: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, str]

    def of(self, type_: SignalType) -> tuple[str, ...]:
        """The emoji of a type, each by its first name; none where it is switched off, or an everyday one not on."""
        names = self.chosen.get(type_.code, () if type_.opt_in else type_.emojis)
        return tuple(dict.fromkeys(first_name(name, self.aliases) for name in names))

    def meaning(self, name: str) -> SignalType | None:
        wanted = first_name(name, self.aliases)
        return next((type_ for type_ in self.catalogue.types.values() if wanted in self.of(type_)), None)

    def in_use(self) -> frozenset[str]:
        return frozenset(name for type_ in self.catalogue.types.values() for name in self.of(type_))


def checked_emoji(
    book: EmojiBook, type_: SignalType, names: Iterable[str], custom: Mapping[str, str] | None
) -> tuple[str, ...]:
    """The choice for a type by first names, or an `InvalidError` that says what is wrong with which emoji.

    `custom` are the workspace's own emoji; None when Slack does not show them to us.
    """
    own = custom or {}
    aliases = {name: _end_of(name, own) for name, value in own.items() if value.startswith(ALIAS)}
    wanted = tuple(dict.fromkeys(first_name(name, aliases) for name in names))
    if len(wanted) > MOST_EMOJI:
        _refuse(Sentence("Choose at most {most_emoji} emoji for one type of note.", most_emoji=MOST_EMOJI))
    for name in wanted:
        _check(book, type_, name, custom)
    return wanted


def known_emoji(
    type_: SignalType, names: Sequence[str] | None, custom: Mapping[str, str] | None
) -> Mapping[str, str] | None:
    """The workspace's own emoji; among the catalogue's are names that it may have one day, and these need no proof."""
    return custom if names is not None else dict.fromkeys(type_.aliases, "") | dict(custom or {})


def _check(book: EmojiBook, type_: SignalType, name: str, custom: Mapping[str, str] | None) -> None:
    if name not in standard_emoji().by_name and name not in (custom or {}):
        if custom is None:
            _refuse(
                Sentence(
                    "“{name}” is not one of Slack's standard emoji, and your own are not shown to us: "
                    "choose another, or give the app the scope emoji:read.",
                    name=name,
                )
            )
        _refuse(Sentence("Slack knows no emoji called “{name}”. Look its name up in Slack's emoji picker.", name=name))
    if name == WAITING_EMOJI:
        _refuse(Sentence("“{name}” already means “Waiting for a reply”. Choose another emoji.", name=name))
    taken_by = book.meaning(name)
    if taken_by and taken_by.code != type_.code:
        _refuse(
            Sentence(
                "“{name}” already means “{label}”. Change that one first, or choose another.",
                name=name,
                label=taken_by.label,
            )
        )


def _refuse(sentence: str) -> NoReturn:
    raise InvalidError(sentence, {"emoji": sentence})


def _end_of(name: str, custom: Mapping[str, str]) -> str:
    """What an alias of an alias stands for in the end."""
    seen: set[str] = set()
    while custom.get(name, "").startswith(ALIAS) and name not in seen:
        seen.add(name)
        name = custom[name].removeprefix(ALIAS)
    return name


def _parts(word: str) -> list[str]:
    """`:snail::sloth:` are two emoji, `:wave::skin-tone-3:` is one."""
    return [part for part in word.split(":") if part and not part.startswith("skin-tone-")]


def _name_of(part: str) -> str:
    """Signs become names; what is neither is left as it is, so that it can be refused by what was typed."""
    known = standard_emoji().by_sign.get(_bare(part))
    return known or part.casefold()


def _bare(sign: str) -> str:
    return _TONES_AND_VARIANTS.sub("", sign)
