"""Every code has its word in every language."""

from __future__ import annotations

from enum import StrEnum

import pytest

from rules.clients.stages import Origin, Stage
from rules.errors import InvalidError
from rules.health.catalogue import Catalogue
from rules.health.days.turn import Way
from rules.health.digest import Section
from rules.health.score import Band, LineKind
from rules.health.signal import Severity, Side, State
from rules.health.why.change import Cause
from rules.words import languages, load_words

TABLES = [
    ("bands", Band),
    ("next_steps", Band),
    ("stages", Stage),
    ("origins", Origin),
    ("sides", Side),
    ("severities", Severity),
    ("states", State),
    ("trends", Way),
    ("arrows", Way),
    ("lines", LineKind),
    ("sections", Section),
    ("causes", Cause),
]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("table", "codes"), TABLES)
def test_no_word_is_missing_and_none_is_left_over(language: str, table: str, codes: type[StrEnum]) -> None:
    """LG01: a reader never meets a bare code, and a translator no word without use."""
    assert {code.value for code in codes} == set(load_words(language).tables[table])


@pytest.mark.parametrize("language", languages())
def test_each_stage_but_the_first_has_its_next_step(language: str) -> None:
    """While nothing but the score speaks, the band has the step."""
    assert set(Stage) - {Stage.ACTIVE} == set(load_words(language).tables["stage_steps"])


@pytest.mark.parametrize("language", languages())
def test_every_category_has_a_word(language: str, catalogue: Catalogue) -> None:
    """The same for what the catalogue names."""
    assert set(catalogue.categories) == set(load_words(language).tables["categories"])


def test_words_are_asked_for_by_code() -> None:
    """As screens do."""
    words = load_words("en")
    said = (
        words.band("too_early_to_say"),
        words.stage("handing_off"),
        words.side("theirs"),
        words.severity("pink"),
        words.trend("up"),
    )
    assert said == ("too early to say", "handing off", "red flag", "pink", "rising")


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    """Whoever sets a language reads what there is."""
    with pytest.raises(InvalidError, match="Choose one of: ca, en, nl, sv"):
        load_words("tlh")
