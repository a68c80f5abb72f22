"""Which sentences of a letter are ours: only what equals one that we would write (TN03, TN05)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.notices.address import FORMS, Address, address_for
from rules.notices.draft import languages, render
from rules.notices.sentences import our_sentences, sentences_in
from tests.rules.test_draft import letter_facts


def test_a_text_falls_into_its_sentences() -> None:
    """Bullets and spaces don't matter; numbers, clauses and small letters end nothing; quotes stay with their words."""
    text = (
        'One day.  See clause 7.2 of it! "Two?" Yes, art. 3 says (three.) Four\n- Five,   by 3 May\n\nSix. and more\n'
    )
    assert sentences_in(text) == (
        "One day.", "See clause 7.2 of it!", '"Two?"', "Yes, art. 3 says (three.)", "Four", "Five, by 3 May",
        "Six. and more",
    )  # fmt: skip


@pytest.mark.parametrize("language", languages())
def test_all_of_a_draft_is_ours_and_no_word_more(language: str) -> None:
    """Whatever the form of address; one word that somebody changed makes a sentence theirs."""
    for address in FORMS[language]:
        facts = replace(letter_facts(), language=language, address=address.value)
        letter = render(facts)
        found = {*sentences_in(letter.subject), *sentences_in(letter.body)}
        assert (found - our_sentences(facts), found - our_sentences(replace(facts, address=""))) == (set(), set())
        changed = sentences_in(letter.body.replace("31", "30", 1))
        assert len(set(changed) - our_sentences(facts)) == 1


@pytest.mark.parametrize(
    ("language", "wanted", "form"),
    [
        ("en", "", Address.FIRST_NAME), ("nl", "", Address.U), ("ca", "", Address.VOS), ("sv", "", Address.DU),
        ("ca", "Vós", Address.VOS), ("ca", "vostè", Address.VOSTE), ("en", "first name", Address.FIRST_NAME),
        ("nl", "je", Address.JE), ("sv", "ni", Address.NI), ("nl", "tu", Address.JE), ("sv", "formal", Address.NI),
        ("en", "vos", Address.FORMAL), ("ca", "du", Address.TU), ("nl", "thou", Address.U),
    ],
)  # fmt: skip
def test_every_wish_finds_a_form_of_the_language(language: str, wanted: str, form: Address) -> None:
    """A client whose language changes keeps the formality that was chosen."""
    assert address_for(language, wanted) is form
