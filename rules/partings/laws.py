"""What is known to differ by country, from `laws.toml`. Never legal advice: each note names its source and its day."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from rules.sentences import Sentence
from rules.workdays import country_of, day_name


@dataclass(frozen=True, slots=True, kw_only=True)
class LawNote:
    """What the page at `link` said on `read_on`."""

    note: str
    link: str
    read_on: date

    @property
    def sentence(self) -> str:
        return Sentence(
            "{note}: ask counsel. Read on {day}: {link}", note=self.note, day=day_name(self.read_on), link=self.link
        )


def law_note(country: str) -> str:
    """What somebody should ask about before ending a contract there; empty where nothing is noted."""
    known = law_notes().get(country_of(country))
    return known.sentence if known else ""


@cache
def law_notes() -> Mapping[str, LawNote]:
    entries = tomllib.loads(files("rules.partings").joinpath("laws.toml").read_text(encoding="utf-8"))
    return {country: LawNote(**entry) for country, entry in entries.items()}
