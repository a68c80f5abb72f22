"""One meaning in four languages: notes, tasks and letters as people type and read them in Slack."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, BIRCH
from rules.clients.client import Client, Contract
from rules.notices.draft import languages
from rules.notices.notice import Notice, NoticeStatus
from tests.scenarios.parting_office import CLIENT, Office
from tests.scenarios.second_readers import approve

GLOSSARY = tomllib.loads(files("rules.notices").joinpath("glossary.toml").read_text(encoding="utf-8"))
# What somebody types, in their language, and the one code that it stands for.
TYPED = {
    "gaslighting": (
        "they deny ever having agreed to it",
        "ze ontkennen dat ze ooit akkoord gingen",
        "neguen que mai ho van acordar per escrit",
        "de förnekar att de någonsin sagt det",
    ),
    "rejects_ideas": ("shot down every idea", "wijst elk idee af", "rebutja totes les idees", "sågar alla idéer"),
}
# A machine took "gaslights" for these, and "shoots down" for the last two.
MISTAKEN = ("opgewonden raakt", "ens encenen", "verwijdert het bestand", "eliminen el fitxer")
BREAK_UP = {
    "en": "It is time to break up.",
    "nl": "Wij maken het uit.",
    "ca": "Trenquem amb vosaltres.",
    "sv": "Nu gör vi slut.",
}
CLAUSES = {
    "en": "Clause 7.2: either side may end this agreement.",
    "nl": "Artikel 7.2: elke partij kan deze overeenkomst beëindigen.",
    "ca": "Clàusula 7.2: cada part pot posar fi a aquest contracte.",
    "sv": "Punkt 7.2: vardera parten kan säga upp avtalet.",
}


@pytest.fixture
def office(app: Any) -> Office:
    made = Office(app)
    made.tell()
    return made


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def notice(office: Office) -> Notice:
    amir = office.app.member(AMIR)
    found: Notice = office.app.web.services.notices.of_client(office.team, amir, office.client.id).notice
    return found


def write_in(office: Office, language: str) -> str:
    """The client's language becomes that one, and the letter is drafted anew in it; gives its dialog."""
    with office.app.web.outside.units.begin(office.team) as unit:
        client = unit.clients.lock(office.client.id)
        contract = Contract(reviewed=True, notice_length=14, clause=CLAUSES.get(language, ""))
        unit.clients.save(replace(client, contract=contract))
    card = office.amir.command("/client", CLIENT)
    office.amir.choose(card.messages[-1], "open_verb.more", "Settings")
    assert office.amir.submit({"language": language}).outcome == "updated"
    office.amir.click(office.show(office.amir, "letter"), "draft_letter")
    return words(office.amir.view)


def test_a_note_is_a_code_whatever_language_it_is_typed_in(front: Any, birch: Client) -> None:
    """LG01, LG02, LG04: each language's own words for it lead to it, what a machine took for it does not."""
    dana = front.agency.dana
    told: dict[str, list[str]] = {}
    for code, sentences in TYPED.items():
        told[code] = [str(dana.command("/redflag", said, channel=BIRCH).text) for said in sentences]
    for said in MISTAKEN:
        dana.command("/redflag", said, channel=BIRCH)
    types = {note.note: note.type for note in front.notes(birch)}
    label = {"gaslighting": "Gaslighting", "rejects_ideas": "Shot down every idea"}

    assert {code: [types[said] for said in sentences] for code, sentences in TYPED.items()} == {
        code: [code] * len(sentences) for code, sentences in TYPED.items()
    }
    assert [each for code, all_told in told.items() for each in all_told if label[code] not in each] == []
    assert [types[said] for said in MISTAKEN if types[said] in TYPED] == []


def test_a_task_is_a_code_with_words_in_each_language(office: Office) -> None:
    """LG01, LG03: an admin chooses the language; titles change where they stand, codes, owners and days do not."""
    office.choose("checklist", few=False)
    shown: dict[str, dict[str, str]] = {}
    kept: list[list[tuple[Any, ...]]] = []
    for language in languages():
        office.olivia.click(office.olivia.command("/client", "settings").messages[-1], "task_list")
        office.olivia.click(office.olivia.view, "task_people")
        assert office.olivia.submit({"language": language}).outcome == "updated"
        office.amir.click(office.show(office.amir), "preview")
        office.amir.submit({})
        preview, screen = office.sheet().parting.preview.tasks, words(office.show(office.amir))
        shown[language] = {task.code: task.title for task in preview if task.ticked}
        kept.append([(task.code, task.ticked, task.owner_id, task.due_on) for task in preview])
        assert [title for title in shown[language].values() if title not in screen] == []

    assert all(each == kept[0] for each in kept)
    assert [code for code in shown["en"] if len({titles[code] for titles in shown.values()}) < len(shown)] == []
    never = {lang: {w for term in GLOSSARY["terms"].values() for w in term[lang]["never"]} for lang in languages()}
    assert [
        (lang, title) for lang, titles in shown.items() for title in titles.values() if has(title, never[lang])
    ] == []


def has(text: str, found: set[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.casefold()) for word in found)


def test_a_letter_speaks_of_money_and_contract_in_its_own_terms(office: Office) -> None:
    """LG03, LG04, LG07, LG08: no wrong word of the glossary; each language's own list finds its "break up"."""
    office.amir.click(office.show(office.amir), "terms")
    office.amir.submit({"nothing_to_finish": ["nothing"], "amounts_owed": "none"})
    bodies: dict[str, str] = {}
    caught: dict[tuple[str, str], bool] = {}
    foreign: dict[tuple[str, str], bool] = {}
    for language in languages():
        write_in(office, language)
        bodies[language] = notice(office).body
        for sentence in BREAK_UP.values():
            office.amir.click(office.show(office.amir, "letter"), "edit_letter")
            office.amir.submit({"body": f"{bodies[language].strip()}\n\n{sentence}\n"})
            rows = words(office.show(office.amir, "letter"))
            found = re.search(r"In the way: [^“]*CV11[^“]*“" + re.escape(sentence.strip(".")), rows) is not None
            (caught if sentence == BREAK_UP[language] else foreign)[language, sentence] = found

    assert list(caught.values()) == [True] * len(BREAK_UP)
    assert not all(foreign.values())
    for language, body in bodies.items():
        terms, said = GLOSSARY["terms"], body.casefold()
        spoken = [
            term for term, by in terms.items() if any(stem in bodies["en"].casefold() for stem in by["en"]["use"])
        ]
        assert {"contract", "clause"} <= set(spoken)
        assert [term for term in spoken if not any(stem in said for stem in terms[term][language]["use"])] == []
        assert [term for term in terms if has(said, set(terms[term][language]["never"]))] == []
        literal = {word for each in GLOSSARY["figures"] for word in each["literal"].get(language, ())}
        assert not has(said, literal)
        assert CLAUSES[language].split(": ")[1] in body


def test_no_letter_is_translated_and_none_goes_out_unread(office: Office) -> None:
    """LG06: where we have no texts it says so and stays in English; a second person reads it whatever its language."""
    office.amir.click(office.show(office.amir), "terms")
    office.amir.submit({"nothing_to_finish": ["nothing"], "amounts_owed": "none"})
    with office.app.web.outside.units.begin(office.team) as unit:
        unit.clients.save(replace(unit.clients.lock(office.client.id), language="de"))
    office.amir.click(office.show(office.amir, "letter"), "draft_letter")
    german, english = words(office.amir.view), notice(office).body
    dutch = write_in(office, "nl")
    office.amir.click(office.show(office.amir, "letter"), "submit_letter")
    own = words(
        office.amir.click(office.show(office.amir, "letter"), "approve_letter", notice(office).id, forge=True).view
    )
    unread = notice(office).status
    approve(office.dana, office.show(office.dana, "letter"), office.facts())

    assert "We have no texts in German yet, so this one is in English." in german
    assert "Dear Jo Birch" in english
    assert "see whether they are in the letter's language" in dutch
    assert ("mailto:" in own, unread) == (False, NoticeStatus.IN_REVIEW)
    assert notice(office).status is NoticeStatus.APPROVED
