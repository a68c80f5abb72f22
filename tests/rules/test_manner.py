"""Would you be fine if they read this? Harsh words are asked about, fair ones are not (FG05, TN04, AM20)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.notices.manner import languages, question
from rules.words import languages as spoken

HARSH = [
    "They are idiots.",
    "What a fucking mess",
    "They never pay on time",
    "he's always late",
    "This client is a pain in the neck",
    "They lied to us about the budget",
    "They always change their minds",
    "We can\N{RIGHT SINGLE QUOTATION MARK}t stand working with them",
    "Calls Thursday and wants it Friday",
    "Wat een klootzakken",
    "Ze betalen nooit op tijd",
    "Ze zijn gewoon te dom",
    "Ze hebben gelogen",
    "Són uns inútils",
    "No ens contesten mai",
    "Sempre arriben tard",
    "Quina merda de projecte",
    "De är helt värdelösa",
    "Dom svarar aldrig",
    "Jävla kund",
    "Kunden ljuger",
]
FAIR = [
    "The payment came three weeks late.",
    "They always pay early, a pleasure.",
    "They never disappoint.",
    "The call on Thursday was moved to Friday.",
    "Asked for changes after sign-off, twice.",
    "We missed our own deadline.",
    "A difficult meeting about the budget; we agreed on a plan.",
    "The class assessment was passed.",
    "De betaling kwam drie weken te laat.",
    "Ze betalen altijd op tijd, fijn.",
    "Domein verlengd, goede samenwerking.",
    "El pagament va arribar tard.",
    "Sempre paguen a temps.",
    "Han demanat canvis després de l'aprovació.",
    "Projektet är slut och kunden är nöjd.",
    "Dom betalar i tid och är trevliga.",
    "En stor fan av deras arbete.",
    "Svaret kom efter tre dagar.",
]


@pytest.mark.parametrize("note", HARSH)
def test_harsh_words_are_asked_about(note: str) -> None:
    """Swearing, insults, always and never: in each of the four languages somebody is asked, with a reason."""
    found = question(note)
    assert found is not None
    assert found.sentence.endswith(".")


@pytest.mark.parametrize("note", FAIR)
def test_fair_words_are_left_alone(note: str) -> None:
    """Plain facts, praise, and words that are harsh in another language only bring no question."""
    assert question(note) is None


@pytest.mark.parametrize(
    ("note", "gentler"),
    [
        ("They never pay on time.", "The payment was late again."),
        ("Those fucking idiots never answer.", ""),
        ("They never listen. They're always late.", "Our advice was not taken up again. They were late again."),
        ("this client always complains", "They were not pleased again"),
        (
            "They call Thursday and want it Friday",
            "They asked on Thursday for Friday; in our experience, clients who give ample notice see better output",
        ),
        ("Ze betalen nooit op tijd.", "De betaling was weer te laat."),
        ("No ens contesten mai.", "Hem tornat a esperar una resposta."),
        ("Dom svarar aldrig.", "Vi väntade på svar igen."),
        ("Jävla kund", "Kund"),
        ("Wat een klootzak", ""),
    ],
)
def test_a_gentler_wording_is_offered_where_there_is_one(note: str, gentler: str) -> None:
    """AM20: an accusation becomes what happened; where nothing fits, only the question is asked."""
    found = question(note)
    assert (found.gentler if found else None) == gentler


@given(st.lists(st.sampled_from([*HARSH, *FAIR]), max_size=4), st.text(max_size=20))
def test_what_is_offered_is_never_harsh_itself(notes: list[str], between: str) -> None:
    """Whatever is written: the wording on offer would bring no question."""
    found = question(f" {between} ".join(notes))
    assert found is None or not found.gentler or question(found.gentler) is None


def test_every_language_of_ours_has_its_list() -> None:
    """LG08: whoever writes notes in one of our languages is asked in all of them alike."""
    assert set(languages()) == set(spoken())
