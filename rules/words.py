"""The words for what the rules name by code: one file a language, `words_<language>.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from rules.errors import InvalidError
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, by kind (`bands`, `stages`, ...) and code."""

    language: str
    tables: Mapping[str, Mapping[str, str]]

    def label(self, kind: str, code: str) -> str:
        """A code without a word is a fault of the file: the tests hold each table complete."""
        return self.tables[kind][code]

    def band(self, code: str) -> str:
        return self.label("bands", code)

    def next_step(self, band: str) -> str:
        return self.label("next_steps", band)

    def stage_step(self, stage: str) -> str:
        """From a plan on the stage leads, and no more the band."""
        return self.label("stage_steps", stage)

    def stage(self, code: str) -> str:
        return self.label("stages", code)

    def origin(self, code: str) -> str:
        return self.label("origins", code)

    def side(self, code: str) -> str:
        return self.label("sides", code)

    def severity(self, code: str) -> str:
        return self.label("severities", code)

    def trend(self, code: str) -> str:
        return self.label("trends", code)

    def arrow(self, code: str) -> str:
        return self.label("arrows", code)

    def category(self, code: str) -> str:
        return self.label("categories", code)

    def line(self, kind: str) -> str:
        return self.label("lines", kind)

    def section(self, code: str) -> str:
        return self.label("sections", code)

    def cause(self, code: str) -> str:
        return self.label("causes", code)


def languages() -> tuple[str, ...]:
    names = (entry.name for entry in files("rules").iterdir())
    return tuple(sorted(name[6:-5] for name in names if name.startswith("words_") and name.endswith(".toml")))


@cache
def load_words(language: str = "en") -> Words:
    if language not in languages():
        raise InvalidError(
            Sentence(
                "There are no words for “{language}”. Choose one of: {languages}.",
                language=language,
                languages=", ".join(languages()),
            )
        )
    tables = tomllib.loads(files("rules").joinpath(f"words_{language}.toml").read_text(encoding="utf-8"))
    return Words(language, MappingProxyType({kind: MappingProxyType(table) for kind, table in tables.items()}))
