"""Terms keep their meaning in every language, and no figure of speech is taken word by word (LG03, LG04, LG07)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import pytest

from rules.notices.draft import languages

GLOSSARY = tomllib.loads(files("rules.notices").joinpath("glossary.toml").read_text(encoding="utf-8"))
OTHERS = tuple(language for language in languages() if language != "en")
STRAIGHT = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'"})
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
CODE = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)


def texts(language: str) -> dict[str, str]:
    """Everything that is written in a language, by its place: templates, tasks, words of lists."""
    found: dict[str, str] = {}
    for file in files("rules.notices").joinpath(f"templates/{language}").iterdir():
        if file.name.endswith(".j2"):
            said = COMMENT.sub("", file.read_text(encoding="utf-8"))
            found[f"template {file.name}"] = CODE.sub(lambda code: " ".join(re.findall(r'"([^"]*)"', code[0])), said)
    for name, path in (
        ("phrases", f"notices/templates/{language}/words.toml"),
        ("tasks", f"partings/words/{language}.toml"),
        ("words", f"words_{language}.toml"),
    ):
        listed = tomllib.loads(files("rules").joinpath(path).read_text(encoding="utf-8"))
        found |= {f"{name} {place}": said for place, said in leaves(listed) if not place.endswith(".cites")}
    return {place: said.translate(STRAIGHT).casefold() for place, said in found.items()}


def leaves(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{path}.{name}")
        else:
            yield f"{path}.{name}", " ".join(value) if isinstance(value, list) else value


def said_wrongly(language: str) -> Iterator[tuple[str, str, str]]:
    """Every place that speaks of a term in English and not with a right word here, and every wrong word."""
    english, here = texts("en"), texts(language)
    for term, words in GLOSSARY["terms"].items():
        for place, said in english.items():
            if any(re.search(rf"\b{re.escape(stem)}", said) for stem in words["en"]["use"]):
                told = here.get(place, "")
                if not any(re.search(rf"\b\w*{re.escape(stem)}", told) for stem in words[language]["use"]):
                    yield place, term, told[:120]
        for place, said in here.items():
            for wrong in words[language]["never"]:
                if re.search(rf"(?<!\w){re.escape(wrong)}(?!\w)", said):
                    yield place, term, wrong


@pytest.mark.parametrize("language", OTHERS)
def test_a_term_is_said_in_its_own_words(language: str) -> None:
    """LG03, LG07: contract, clause, notice, invoice, credentials, deliverable, handover and retainer mean one thing."""
    assert {"contract", "clause", "notice", "invoice", "credentials", "deliverable", "handover", "retainer"} <= set(
        GLOSSARY["terms"]
    )
    assert list(said_wrongly(language)) == []


@pytest.mark.parametrize("language", languages())
def test_no_figure_of_speech_is_taken_word_by_word(language: str) -> None:
    """LG04, LG08: a reader never meets a last door, a gas light or a waffle; the English texts do without them too."""
    figures = {
        word: figure["en"]
        for figure in GLOSSARY["figures"]
        for word in ([figure["en"]] if language == "en" else figure["literal"][language])
    }
    allowed = {"red flag"}  # the product's own word, in English
    found = [
        (place, word)
        for place, said in texts(language).items()
        for word in figures
        if word not in allowed and re.search(rf"(?<!\w){re.escape(word)}", said)
    ]
    assert (found, all(figures)) == ([], True)


def test_a_wrong_word_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure itself: a term that is left out and a word that means something else are both found."""
    here = texts("sv") | {"tasks .tasks.final_invoice.title": "skicka sista räkningen", "words .x": "vår ränta"}
    monkeypatch.setitem(globals(), "texts", lambda language: here if language == "sv" else ENGLISH)
    assert {(place, term) for place, term, _ in said_wrongly("sv")} == {
        ("tasks .tasks.final_invoice.title", "invoice"),
        ("words .x", "rate"),
    }


ENGLISH = texts("en")
