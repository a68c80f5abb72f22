"""The draft of the letter: its parts, their order, what it can't do without (NE01-NE12, BR10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clients.stages import Origin
from rules.notices.checks.tone import findings, tone_list
from rules.notices.draft import (
    MAX_WORDS,
    facts_digest,
    language_for,
    languages,
    locale_for,
    render,
    required,
    text_digest,
)
from rules.notices.notice import NoticeFacts


def letter_facts() -> NoticeFacts:
    return NoticeFacts(
        client_name="Acme",
        contact_name="Ana Ruiz",
        sender_name="Sam Lee",
        company_name="Studio North",
        language="en",
        last_day=date(2026, 12, 31),
        reason="The work no longer fits the direction of our studio",
        clause="clause 7.2 of our agreement of 1 March 2024",
        clause_answered=True,
        deliverables=(("Spring campaign", date(2026, 12, 11)), ("Landing page", date(2026, 12, 18))),
        handovers=(("Final files and sources", date(2026, 12, 23)),),
        amounts_owed="invoice 2041, €1,200, due 15 December 2026",
        referrals="Field & Co (hello@field.example)",
        since_year=2023,
    )


THEIRS = {"origin": Origin.THEIRS, "reason": "", "clause": ""}
FADE = {"origin": Origin.NATURAL_FADE, "reason": "", "clause": "", "amounts_owed": "none", "deliverables": (),
        "handovers": (), "referrals": "", "nothing_to_finish": True}  # fmt: skip


def changed(**answers: object) -> NoticeFacts:
    return replace(letter_facts(), **answers)  # type: ignore[arg-type]  # tables hold fields of several types


def test_the_ten_parts_come_in_their_order() -> None:
    """Thanks, decision and day, reason, clause, work, handover, money, help, confirmation, good wishes."""
    body = render(letter_facts()).body
    parts = [
        "Thank you for working with us since 2023",
        "Our last day is 31 December 2026",
        "The work no longer fits the direction of our studio.",
        "clause 7.2",
        "Spring campaign, by 11 December 2026",
        "Final files and sources, by 23 December 2026",
        "€1,200",
        "Field & Co",
        "Please reply to confirm",
        "all the best",
    ]
    places = [body.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("answers", [{}, THEIRS, FADE, {"deliverables": (), "nothing_to_finish": True, "clause": "",
                                                         "handovers": (), "amounts_owed": "None."}])  # fmt: skip
def test_a_clean_draft_has_no_findings(answers: dict[str, object]) -> None:
    """Our own template passes our own rules, for each origin, within the length."""
    facts = changed(**answers)
    letter = render(facts)
    assert len(letter.body.split()) <= MAX_WORDS
    assert (required(facts), findings(letter.subject, letter.body, facts)) == ((), ())


def test_the_clients_own_notice_is_acknowledged() -> None:
    """When they end it we confirm their day; we neither decide nor explain."""
    body = render(changed(**THEIRS)).body
    assert "ends on 31 December 2026, as you told us" in body
    assert "We have decided" not in body


def test_their_notice_is_acknowledged_with_its_day() -> None:
    """Once it is noted on which day they told us, the letter names it as people of the language do."""
    told = {"told_on": date(2026, 12, 1), **THEIRS}
    letters = {language: render(changed(language=language, **told)).body for language in languages()}
    phrases = {
        "en": "letting us know on 1 December,",
        "nl": "bericht van 1 december en",
        "ca": "saber l'1 de desembre i",
        "sv": "beskedet den 1 december och",
    }
    assert {language: phrases[language] in body for language, body in letters.items()} == dict.fromkeys(phrases, True)


def test_a_natural_fade_is_a_thank_you() -> None:
    """RF43: no drama, no notice; thanks, and the project is closed."""
    letter = render(changed(**FADE))
    assert letter.subject == "Thank you from Studio North"
    assert "We have decided" not in letter.body


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"last_day": None}, "missing_last_day"),
        ({"reason": " "}, "missing_reason"),
        ({"clause": "", "clause_answered": False}, "missing_clause"),
        ({"deliverables": ()}, "missing_deliverables"),
        ({"amounts_owed": ""}, "missing_amounts"),
        ({"sender_name": ""}, "missing_sender"),
        ({**FADE, "amounts_owed": "€90"}, "missing_settlement"),
    ],
)
def test_a_missing_part_is_named(answers: dict[str, object], code: str) -> None:
    """Each required part that nobody filled in is asked for by name."""
    assert [finding.code for finding in required(changed(**answers))] == [code]


@pytest.mark.parametrize(
    "answers",
    [
        THEIRS,
        {"contact_name": ""},
        {"clause": ""},
        {"deliverables": (), "nothing_to_finish": True},
        {"amounts_owed": "NONE"},
    ],
)
def test_none_is_an_answer(answers: dict[str, object]) -> None:
    """No contact person, no clause, nothing to finish, nothing owed: said so, nothing is missing."""
    assert required(changed(**answers)) == ()


def test_what_is_missing_shows_as_a_bracket() -> None:
    """An incomplete draft can be read, and can't be mistaken for a finished one."""
    facts = changed(last_day=None, reason="", amounts_owed="")
    letter = render(facts)
    assert [part for part in ("[last day]", "[reason]", "[amounts]") if part not in letter.body] == []
    assert {finding.code for finding in findings(letter.subject, letter.body, facts)} >= {"placeholder"}


def test_facts_are_text_and_never_template() -> None:
    """Words typed by people stay words: no template language, no broken lines."""
    body = render(changed(reason="Costs {{ 7 * 7 }}\n\n{% raw %} rose")).body
    assert "Costs {{ 7 * 7 }} {% raw %} rose." in body


@pytest.mark.parametrize(
    ("code", "language", "day"),
    [
        ("en", "en", "31 December 2026"),
        ("en-GB", "en", "31 December 2026"),
        ("en-US", "en", "December 31, 2026"),
        ("en_AU", "en", "31 December 2026"),
        ("", "en", "31 December 2026"),
        ("zz-9", "en", "31 December 2026"),
    ],
)
def test_dates_are_written_as_in_the_clients_region(code: str, language: str, day: str) -> None:
    """A client in the United States reads the month first; where no template exists yet, English is used."""
    assert language_for(code) == language
    assert day in render(changed(language=code)).body
    assert locale_for(code).language == language


def test_every_language_has_its_templates_and_its_tone_list() -> None:
    """A language is a folder of letters and a tone list; both are there and work."""
    for language in languages():
        facts = changed(language=language)
        letter = render(facts)
        assert letter.language == language
        assert tone_list(language).rules
        assert findings(letter.subject, letter.body, facts) == ()


def test_digests_change_with_every_word_and_every_fact() -> None:
    """What an approval binds to is different as soon as anything is."""
    facts = letter_facts()
    digest = facts_digest(facts)
    digests = {
        text_digest("s", "b", digest),
        text_digest("s", "b.", digest),
        text_digest("sb", "", digest),
        text_digest("s", "b", facts_digest(changed(amounts_owed="none"))),
    }
    assert len(digests) == 4
    assert digest == facts_digest(letter_facts())


NAMES = st.text(alphabet="ABCDEFabcdefåñé&' -", min_size=1, max_size=20).filter(lambda name: name.strip(" '-&"))
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2032, 12, 31))


@given(
    contact=NAMES,
    company=NAMES,
    last_day=DAYS,
    items=st.lists(st.tuples(NAMES, DAYS), max_size=4),
    owed=st.sampled_from(["none", "EUR 1 200,50 due 1 May 2027", "$300 and $12.50", "1.500 kr"]),
    language=st.sampled_from(["en", "en-GB", "en-US", "nl", "nl-BE", "ca", "sv", "sv-FI"]),
)
def test_any_facts_give_a_letter_without_findings(
    contact: str, company: str, last_day: date, items: list[tuple[str, date]], owed: str, language: str
) -> None:
    """Whatever the names, days and sums: a fresh draft says what its facts say."""
    facts = changed(
        contact_name=contact.strip(),
        company_name=company.strip(),
        last_day=last_day,
        deliverables=tuple(items),
        nothing_to_finish=not items,
        amounts_owed=owed,
        language=language,
    )
    letter = render(facts)
    assert findings(letter.subject, letter.body, facts) == ()
