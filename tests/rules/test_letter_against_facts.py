"""A letter against its facts: contradictions are found, however it is written (NE04-NE11)."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rules.notices.checks.days import mentions_in
from rules.notices.checks.number_words import spelled_sums_in
from rules.notices.checks.tone import findings, tone_list
from rules.notices.finding import Level
from rules.notices.notice import NoticeFacts

FACTS = NoticeFacts(
    client_name="Lumen", contact_name="Núria Ruiz", sender_name="Sam Lee", company_name="Studio North", language="en",
    last_day=date(2026, 12, 31), reason="We move on to product design", clause="Clause 7.2 of our agreement: one month",
    clause_answered=False, deliverables=(("Spring campaign", date(2026, 12, 11)), ("Menu cards", date(2026, 12, 14))),
    handovers=(("Design files", date(2026, 12, 28)),), amounts_owed="invoice 2041, €1,250.50, due 15 December 2026",
    referrals="", since_year=2021, told_on=date(2026, 11, 30),
)  # fmt: skip
LETTER = """Dear Ms Ruiz,

As we said on 30 November, our last day is 31 December 2026, as clause 7.2 has it. We turn to product design.

Spring campaign: 11 December. Menu cards: 14 December. Design files: 28 December.

Invoice 2041 (€1,250.50) is due on 15 December 2026.

You have always been generous, and you never once complained. Thank you. Please confirm.

Kind regards,
Sam Lee
"""


def codes(old: str, new: str, facts: NoticeFacts = FACTS) -> list[str]:
    """What is found in the letter once `new` stands for `old`."""
    assert old in LETTER
    return [each.code for each in findings("", LETTER.replace(old, new), facts)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Dear", "Dear"),
        ("31 December 2026", "31/12/2026"), ("31 December 2026", "31-12-26"), ("31 December 2026", "31.12.2026"),
        ("31 December 2026", "Dec 31st, 2026"), ("31 December 2026", "2026-12-31"), ("31 December 2026", "31 Dec. '26"),
        ("is 31 December 2026", "is the 31st"), ("11 December. Menu cards: 14", "11/12. Menu cards: 14"),
        ("Spring campaign: 11 December. Menu cards: 14 December.",
         "The Spring campaign and the Menu cards follow on 11 and 14 December."),
        ("€1,250.50", "1.250,50 euro"), ("€1,250.50", "EUR 1250.50"), ("€1,250.50", "1 250,50 euros"),
        ("€1,250.50", "1,250 euros and 50 cents"), ("(€1,250.50)", "of 1250.50"),
        ("Dear Ms Ruiz,", "Hi Nuria!"), ("Dear Ms Ruiz,", "Dear Lumen team,"), ("Dear Ms Ruiz,", "Good morning Núria,"),
        ("Dear Ms Ruiz,", "Dear Sir or Madam,"), ("Sam Lee", "Sam"),
        ("as clause 7.2 has it", "with the one month that our agreement asks for"),
        ("Please confirm.", "Nothing that is yours depends on the invoice. Please confirm."),
        ("Please confirm.", "Once the invoice is paid we send you a receipt. Please confirm."),
        ("Please confirm.", "After the handover we send you the last invoice. Please confirm."),
        ("Please confirm.", "You made our work better. Please confirm."),
        ("Please confirm.", "We know you did not expect this. Please confirm."),
    ],
)  # fmt: skip
def test_a_good_letter_passes_however_it_is_written(old: str, new: str) -> None:
    """Days, sums and names in any usual notation, thanks in one's own words: nothing to object to."""
    assert codes(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("our last day is 31 December 2026", "our last day is 30 December 2026", "last_day_left_out"),
        ("our last day is 31 December 2026", "our last day is 30 December 2026", "second_last_day"),
        ("Please confirm.", "Our final day for the blog is 15 January 2027. Please confirm.", "second_last_day"),
        ("Please confirm.", "We answer until 15 January 2027; that is our last day then. Confirm.", "second_last_day"),
        (", as clause 7.2 has it", "", "clause_left_out"),
        ("clause 7.2", "clause 7.3", "wrong_clause"),
        (" We turn to product design.", "", "reason_left_out"),
        (" Menu cards: 14 December.", "", "promise_left_out"),
        ("Menu cards: 14 December.", "Menu cards are on their way.", "deadline_left_out"),
        ("Menu cards: 14 December", "Menu cards: 18 December", "deadline_left_out"),
        ("11 December. Menu cards: 14 December.", "14 December, Menu cards: 11 December.", "wrong_date"),
        ("due on 15 December", "due on 20 December", "wrong_date"),
        ("€1,250.50", "€1,520.50", "wrong_amount"),
        (" (€1,250.50)", "", "amount_left_out"),
        ("€1,250.50", "$1,250.50", "wrong_amount"),
        ("Dear Ms Ruiz", "Dear Mr Olsen", "wrong_name"),
        ("Sam Lee", "Kim Park", "wrong_sender"),
        ("Thank you. ", "", "thanks_left_out"),
        ("Please confirm.", "The source files stay on our server until invoice 2041 is settled.", "held_back"),
        ("Please confirm.", "By replying you release us from all liability.", "release"),
        ("Please confirm.", "If the fee went up we would gladly carry on.", "reopening"),
    ],
)
def test_what_contradicts_a_fact_weighs_heavily(old: str, new: str, code: str) -> None:
    """Left out, contradicted, held back, signed away, opened again: each by its name, each in the way."""
    found = {each.code: each.level for each in findings("", LETTER.replace(old, new), FACTS)}
    assert (old in LETTER, found.get(code)) == (True, Level.HIGH)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Menu cards: 14", "The new card for the bar: 14", "promise_renamed"),
        ("Menu cards: 14", "Minutes: 14", "promise_renamed"),
        ("Please confirm.", "Shall we meet on 3 December? Please confirm.", "unknown_date"),
        ("(€1,250.50)", "of twelve hundred fifty euros and a half", "amount_in_words"),
        ("We turn to product design.", "The reason is a change of course.", "reason_unclear"),
        ("Please confirm.", "See you.", "no_confirmation"),
        ("Please confirm.", "We wish briefs had reached us complete. Please confirm.", "veiled"),
    ],
)
def test_what_may_be_meant_well_is_asked(old: str, new: str, code: str) -> None:
    """A translated name, a further day, a sum in words, blame said kindly: pointed out, in nobody's way."""
    found = [(each.code, each.level, each.may_stand) for each in findings("", LETTER.replace(old, new), FACTS)]
    assert (old in LETTER, found) == (True, [(code, Level.LOW, True)])


def test_what_the_client_does_stands_in_the_letter() -> None:
    """HO02: their own tasks are asked for, each with a day that is no stranger; one that was deleted is asked about."""
    facts = replace(FACTS, their_tasks=(("Accept the transfer of the domain", date(2026, 12, 21)),))
    asked = LETTER.replace("Please confirm.", "Accept the transfer of the domain by 21 December. Please confirm.")
    reworded = LETTER.replace("Please confirm.", "Could you take over the address by 21/12/2026? Please confirm.")
    found = [(each.code, each.level) for each in findings("", LETTER, facts)]
    assert (findings("", asked, facts), findings("", reworded, facts)) == ((), ())
    assert found == [("their_task_left_out", Level.LOW)]


def test_a_sum_is_quoted_as_people_write_it() -> None:
    """€1,200, not EUR 1.2E+3."""
    facts = replace(FACTS, amounts_owed="invoice 2041, €1,200, due 15 December 2026")
    found = findings("", LETTER.replace("€1,250.50", "€1.300"), facts)
    assert [(each.code, each.excerpt) for each in found] == [("wrong_amount", "€1.300"), ("amount_left_out", "€1,200")]


@pytest.mark.parametrize(
    ("language", "text", "currency", "value"),
    [
        ("en", "twelve hundred euros", "EUR", "1200"), ("en", "one thousand two hundred pounds", "GBP", "1200"),
        ("en", "twenty-one thousand and fifty dollars", "USD", "21050"),
        ("en", "a hundred euros and 75 cents", "EUR", "100.75"),
        ("nl", "twaalfhonderd euro", "EUR", "1200"), ("nl", "duizend tweehonderd euro", "EUR", "1200"),
        ("nl", "tweeëndertig euro en vijftig cent", "EUR", "32.5"),
        ("nl", "achttien- à negentienhonderd euro", "EUR", "1900"),
        ("ca", "dotze-cents euros", "EUR", "1200"),
        ("ca", "mil dos-cents euros amb vint-i-cinc cèntims", "EUR", "1200.25"),
        ("sv", "tolv hundra kronor", "SEK", "1200"),
        ("sv", "ettusentvåhundra kronor och femtio öre", "SEK", "1200.5"),
    ],
)  # fmt: skip
def test_a_sum_is_read_in_each_languages_words(language: str, text: str, currency: str, value: str) -> None:
    """As people there say it, whole or with cents."""
    assert list(spelled_sums_in(f"({text}).", tone_list(language).figures.numbers)) == [(currency, Decimal(value))]


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("twelve hundred and fifty euros and fifty cents", []),
        ("one thousand two hundred and fifty euros", ["amount_in_words"]),
        ("thirteen hundred euros", ["wrong_amount", "amount_in_words"]),
        ("a few euros", ["amount_in_words"]),
    ],
)
def test_a_sum_in_words_is_held_against_the_facts(said: str, codes: list[str]) -> None:
    """€1,250.50 is owed: in words it is that sum, or is asked about, or is another one."""
    assert [each.code for each in findings("", LETTER.replace("(€1,250.50)", f"of {said}"), FACTS)] == codes


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "31 dec"), ("nl", "de 31e"), ("nl", "31-12-2026"), ("nl", "31/12/26"), ("nl", "31 december jl. 2026"),
        ("nl", "11, 28 en 31 december"), ("nl", "31 DEC 2026"), ("ca", "el 31 de desembre del 2026"), ("ca", "31 des."),
        ("ca", "el dia 31"), ("ca", "31/12/2026"), ("sv", "den 31:a december"), ("sv", "31 dec. 2026"),
        ("sv", "26-12-31"), ("sv", "31/12"), ("en", "December the 31st"), ("en", "31st of December"),
    ],
)  # fmt: skip
def test_a_day_is_read_in_each_languages_notations(language: str, text: str) -> None:
    """As people there write it by hand."""
    assert mentions_in(f"({text})", language)[-1].means(date(2026, 12, 31))


@pytest.mark.parametrize("seed", ["1", "1,1 ", "12/", "€1", "[a", "you have ", "until the ", "AAAA ", "31 december "])
def test_the_work_grows_with_the_text_and_not_faster(seed: str) -> None:
    """Eight times the characters take about eight times as long; were it quadratic, sixty-four times."""

    def cost(length: int) -> float:
        text = (seed * length)[:length]
        spent = []
        for _ in range(2):
            before = time.process_time()
            findings("", text, FACTS)
            spent.append(time.process_time() - before)
        return min(spent)

    findings("", "x", FACTS)
    assert cost(24_000) < 24 * cost(3_000)
