"""Any facts give a letter that a careful native reader finds nothing in (NE01-NE12, CV11-CV13, LG06, LG08)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clients.stages import Origin
from rules.notices.address import FORMS, Address, Voice
from rules.notices.checks.tone import findings
from rules.notices.draft import MAX_WORDS, languages, length, render, required, written
from rules.notices.notice import NoticeFacts
from rules.notices.phrases import as_it_is, handed_over, owed, theirs_to_do
from rules.notices.sentences import our_sentences, sentences_in
from rules.partings.parting import TalkLine

LAST_DAY = date(2027, 1, 29)
MANNERS = [(language, form) for language in languages() for form in FORMS[language]]
# Words that only another form of address has. Third persons of verbs stand in none of our texts but for «vostè».
TU = r"et|t'\w+|tu|teu|teva|teus|teves|has|confirmis|revisis|diguis|digues|entens|prefereixes|ets|tindràs"
VOS = r"us|vós|vosaltres|vostre|vostra|vostres|heu|confirmeu|reviseu|digueu|enteneu|preferiu|sou|tindreu"
VOSTE = r"li|vostè|seu|seva|seus|seves|confirmi|revisi|digui|entén|prefereix|tindrà"
OTHERS = {
    Address.FIRST_NAME: r"sir|madam|ms|mr",
    Address.FORMAL: r"hi|hello",
    Address.JE: r"u|uw|uwe",
    Address.U: r"je|jij|jou|jouw|jullie",
    Address.TU: f"{VOS}|{VOSTE}",
    Address.VOS: f"{TU}|{VOSTE}",
    Address.VOSTE: f"{TU}|{VOS}",
    Address.DU: r"ni|er|ert|era",
    Address.NI: r"du|dig|din|ditt|dina",
}
# "We" in the mouth of one person; what both sides share is ours all the same.
SEVERAL = {
    "en": (r"we|us|our|ours", r"as we discussed|between us|our work together|our agreement|what we agreed on"),
    "nl": (r"wij|we|ons|onze", r"onze samenwerking|onze overeenkomst"),
    "ca": (
        r"nosaltres|nostre|nostra|ens|hem|fem|\w+[aeí]m",
        r"la nostra col·laboració|el nostre contracte|vam \w+",
    ),
    "sv": (r"vi|oss|vår|vårt|våra", r"som vi talade|vårt samarbete|vårt avtal|vi har kommit överens"),
}
REASONS = {"en": "The studio moves to product work", "nl": "Het bureau richt zich op productontwerp",
           "ca": "L'estudi se centra en el disseny", "sv": "Byrån ska arbeta med produktdesign"}  # fmt: skip
CLAUSES = {
    "en": ("Clause 7.2: one month's notice", "clause 4 of our agreement of 3 May 2024", "One month, in writing"),
    "nl": ("artikel 7.2 van onze overeenkomst: een maand", "art. 4", "een maand, schriftelijk"),
    "ca": ("clàusula 7.2 del nostre contracte: un mes", "article 4", "un mes, per escrit"),
    "sv": ("punkt 7.2 i vårt avtal: en månad", "punkt 4", "en månad, skriftligen"),
}
NAMES = st.lists(
    st.sampled_from(["Campanya", "Site", "Logo", "Film", "Font", "Menu", "Poster", "Kit", "Blog", "Portal", "Gids"]),
    min_size=1,
    max_size=3,
).map(" ".join)
DAYS = st.dates(min_value=date(2026, 12, 8), max_value=LAST_DAY)


@st.composite
def facts_of(draw: st.DrawFn) -> NoticeFacts:
    """All that a letter needs, in any language, form of address and origin; up to twenty deliverables."""
    language, address = draw(st.sampled_from(MANNERS))
    voice = Voice(language=language, address=address, client_name="Acme")
    contact, first_name = draw(st.sampled_from([("Ana Ruiz", "Ana"), ("Ana Ruiz", ""), ("Åsa", "Åsa"), ("", "")]))
    origin = draw(st.sampled_from(Origin))
    things = draw(st.lists(st.tuples(NAMES, DAYS), max_size=20))
    given_as_is = draw(st.lists(st.tuples(NAMES, DAYS), max_size=2))
    sums = draw(
        st.lists(
            st.sampled_from(["2041", "2042", "2043"]), unique=True, max_size=0 if origin is Origin.NATURAL_FADE else 3
        )
    )
    ours = draw(st.sampled_from([*handed_over(voice).values(), *[""] * 4]))
    return NoticeFacts(
        client_name="Acme",
        contact_name=contact,
        first_name=first_name,
        title=draw(st.sampled_from(["ms", "Sra.", "mevrouw", "dr.", ""])),
        sender_name="Kim Lee",
        company_name=draw(st.sampled_from(["Studio North", "Kim Lee"])),
        language=language,
        last_day=LAST_DAY,
        reason=REASONS[language],
        clause=draw(st.sampled_from([*CLAUSES[language], ""])),
        clause_answered=True,
        deliverables=tuple(things),
        handovers=(*[(ours, LAST_DAY)] * bool(ours), *((as_it_is(language, name), day) for name, day in given_as_is)),
        amounts_owed="; ".join(
            owed(voice, number, (Decimal("1200.5"), "EUR", LAST_DAY), by_us=number == "2043") for number in sums
        ) or "none",
        referrals=draw(st.sampled_from(["Field & Co (hello@field.example)", ""])),
        since_year=draw(st.sampled_from([2021, None])),
        origin=origin,
        told_on=draw(st.sampled_from([date(2026, 12, 2), None])),
        address=address,
        team_of_one=draw(st.booleans()),
        nothing_to_finish=not things,
        left_out=tuple(draw(st.lists(NAMES, max_size=2))),
        their_tasks=tuple((name, draw(DAYS)) for name in theirs_to_do(language).values() if draw(st.booleans())),
    )  # fmt: skip


def said_to(facts: NoticeFacts) -> Iterator[str]:
    """Every text that this client may get or hear."""
    letter = render(facts)
    yield from (letter.subject, letter.body)
    known = {"since_year": facts.since_year, "last_day": facts.last_day, "reason": facts.reason, "origin": facts.origin}
    yield from (written(facts.voice, "talk", line=line.value, **known) for line in TalkLine)
    answers = written(facts.voice, "answers", **known).splitlines()
    yield from (answer.partition("?")[2] for answer in answers)  # the question is theirs
    items = [(name, day) for name, day in facts.deliverables] or [("Site", LAST_DAY)]
    for default in ("finish", "hand_over", "drop"):
        yield written(facts.voice, "question", items=items, default=default, until=LAST_DAY)
    yield written(facts.voice, "receipt", items=[name for name, _ in items], until=LAST_DAY)


def has_word(text: str, words: str) -> list[str]:
    return re.findall(rf"(?<![\w'])(?:{words})(?![\w'])", text.casefold())


@given(facts=facts_of())
def test_any_facts_give_a_letter_without_findings(facts: NoticeFacts) -> None:
    """Each fact stands in it, nothing else does; it is short, whole, and entirely ours."""
    letter = render(facts)
    assert (required(facts), findings(letter.subject, letter.body, facts)) == ((), ())
    assert length(letter.body, letter.language) <= MAX_WORDS
    assert "[" not in letter.subject + letter.body
    assert "  " not in letter.body
    assert "\n\n\n" not in letter.body
    assert [name for name, _ in (*facts.deliverables, *facts.handovers) if name not in letter.body] == []
    assert [name for name, _ in facts.their_tasks if name not in letter.body] == []
    assert {*sentences_in(letter.subject), *sentences_in(letter.body)} <= our_sentences(facts)


@given(facts=facts_of())
def test_one_text_has_one_form_of_address(facts: NoticeFacts) -> None:
    """Whoever is addressed as "je" is never "u" in the same breath, and one person never says "we"."""
    several, shared = SEVERAL[facts.language]
    bare = replace(facts, handovers=(), their_tasks=(), clause="", amounts_owed="none", referrals="")
    for text in said_to(bare):
        assert has_word(text, OTHERS[Address(facts.address)]) == [], text
        if facts.team_of_one:
            assert has_word(re.sub(shared, "", text.casefold()), several) == [], text


@pytest.mark.parametrize(("language", "address"), MANNERS)
def test_what_is_handed_over_is_said_in_the_same_form(language: str, address: Address) -> None:
    """The lists of a letter address the reader as its sentences do, and differ where the form does."""
    voice = Voice(language=language, address=address, client_name="Acme")
    said = " ".join(handed_over(voice).values())
    assert has_word(said, OTHERS[address]) == []
    others = [handed_over(replace(voice, address=form)) for form in FORMS[language] if form is not address]
    assert all(other != handed_over(voice) for other in others) or language == "en"


@given(facts=facts_of())
def test_an_acknowledgement_holds_nothing_of_our_private_thought(facts: NoticeFacts) -> None:
    """Their notice, their words: neither our reason nor our decision stands in what they get."""
    theirs = replace(facts, origin=Origin.THEIRS)
    for text in said_to(theirs):
        assert theirs.reason not in text
    assert render(theirs).body == render(replace(theirs, reason="They were a nightmare")).body


@pytest.mark.parametrize(
    ("language", "address", "contact", "first_name", "title", "greeting"),
    [
        ("en", "first_name", "Ana Ruiz", "Ana", "", "Dear Ana,"),
        ("en", "first_name", "Ana Ruiz", "", "", "Dear Ana Ruiz,"),
        ("en", "formal", "Ana Ruiz", "Ana", "ms", "Dear Ms Ruiz,"),
        ("en", "formal", "Ana Ruiz", "Ana", "", "Dear Ana Ruiz,"),
        ("en", "formal", "", "", "", "Dear Sir or Madam,"),
        ("en", "first_name", "", "", "", "Dear O'Brien & Sons team,"),
        ("nl", "je", "Sanne de Wit", "Sanne", "", "Beste Sanne,"),
        ("nl", "u", "Sanne de Wit", "Sanne", "mevr.", "Geachte mevrouw De Wit,"),
        ("nl", "u", "Sanne de Wit", "Sanne", "", "Geachte Sanne de Wit,"),
        ("nl", "u", "Sanne", "", "", "Beste Sanne,"),
        ("nl", "u", "", "", "", "Geachte heer, mevrouw,"),
        ("nl", "je", "", "", "", "Beste mensen van O'Brien & Sons,"),
        ("ca", "tu", "Ana Ruiz", "Ana", "", "Hola, Ana,"),
        ("ca", "vos", "Ana Ruiz", "", "", "Bon dia, Ana Ruiz,"),
        ("ca", "voste", "Ana Ruiz", "Ana", "senyora", "Benvolguda Sra. Ruiz,"),
        ("ca", "voste", "Pau Puig", "Pau", "Sr.", "Benvolgut Sr. Puig,"),
        ("ca", "vos", "", "", "", "Bon dia,"),
        ("sv", "du", "Åsa Lind", "Åsa", "", "Hej Åsa,"),
        ("sv", "ni", "Åsa Lind", "Åsa", "", "Bästa Åsa Lind,"),
        ("sv", "du", "", "", "", "Hej,"),
    ],
)
def test_the_greeting_is_the_usual_one(
    language: str, address: str, contact: str, first_name: str, title: str, greeting: str
) -> None:
    """From the first name, the title with the last name, or the company alone."""
    voice = Voice(language=language, address=address, client_name="O'Brien & Sons", contact_name=contact,
                  first_name=first_name, title=title, sender_name="Kim Lee")  # fmt: skip
    assert written(voice, "receipt", items=["Site"], until=LAST_DAY).splitlines()[0] == greeting


@pytest.mark.parametrize("money", ["The price no longer covers our costs", "You pay late", "Our rates have risen"])
@pytest.mark.parametrize("language", languages())
def test_no_prepared_answer_contradicts_the_reason(language: str, money: str) -> None:
    """CV12: asked about more money, we don't say that it is not about the price; it may be about just that."""
    voice = Voice(language=language, client_name="Acme")
    text = written(voice, "answers", reason=money, origin=Origin.OURS, last_day=LAST_DAY)
    denials = ("not about", "niet om de prijs", "gaat niet", "qüestió de preu", "handlar inte", "no és per")
    assert (money in text, [word for word in denials if word in text]) == (True, [])


@pytest.mark.parametrize(
    ("language", "day", "until"),
    [
        ("ca", date(2026, 12, 15), "(previst per al 15 de desembre del 2026)"),
        ("ca", date(2026, 12, 1), "(previst per a l'1 de desembre del 2026)"),
        ("ca", date(2027, 4, 11), "(previst per a l'11 d'abril del 2027)"),
        ("sv", date(2026, 12, 15), "(planerad till den 15 december 2026)"),
        ("nl", date(2026, 12, 15), "(gepland voor 15 december 2026)"),
        ("en", date(2026, 12, 15), "(planned for 15 December 2026)"),
    ],
)
def test_days_have_their_articles(language: str, day: date, until: str) -> None:
    """Contractions and elisions of Catalan, "den" of Swedish."""
    voice = Voice(language=language, client_name="Acme", contact_name="Ana", sender_name="Sam")
    assert until in written(voice, "question", items=[("Site", day)], default="drop", until=day)


def test_a_list_of_twenty_stays_short_and_whole() -> None:
    """Twenty names of six words, each with its own day: the letter stays short, and the list stands below it."""
    names = tuple((f"Chapter {each} of the big brand book", date(2027, 1, each)) for each in range(1, 21))
    facts = replace(SHORT, deliverables=names)
    body = render(facts).body
    below = body[body.index("Annex") :]
    assert length(body, "en") <= MAX_WORDS < len(body.split())
    assert [name for name, day in names if f"- {name}, by {day.day} January 2027" not in below] == []
    assert "what the list below this letter names" in body


SHORT = NoticeFacts(
    client_name="Acme", contact_name="Ana Ruiz", first_name="Ana", sender_name="Kim Lee", company_name="Studio North",
    language="en", last_day=LAST_DAY, reason="The studio moves on", clause="", clause_answered=True, deliverables=(),
    handovers=(), amounts_owed="none", referrals="", since_year=None,
)  # fmt: skip


@pytest.mark.parametrize("language", languages())
def test_what_nobody_said_is_a_bracket(language: str) -> None:
    """A draft from no facts asserts none: no finished work, no clause, no sums, no day."""
    bare = replace(SHORT, language=language, last_day=None, reason="", clause_answered=False, amounts_owed="",
                   sender_name="")  # fmt: skip
    body = render(bare).body
    assert len(re.findall(r"\[[^\]]+\]", body)) == 7  # the last day twice, reason, clause, work, sums, sender
    assert {finding.code for finding in required(bare)} == {
        "missing_last_day", "missing_reason", "missing_clause", "missing_deliverables", "missing_amounts",
        "missing_sender",
    }  # fmt: skip
