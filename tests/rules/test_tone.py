"""What the letter's check finds: bad words, wrong figures, and nothing in good drafts (CV06, CV11, CV13, TN03)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rules.notices.checks.days import mentions_in
from rules.notices.checks.sums import sums_in
from rules.notices.checks.tone import findings
from rules.notices.draft import render
from rules.notices.finding import Finding, Level
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
        deliverables=(("Spring campaign", date(2026, 12, 11)),),
        handovers=(("Final files", date(2026, 12, 23)),),
        amounts_owed="invoice 2041, €1,200, due 15 December 2026",
        referrals="",
        since_year=2023,
    )


def check(words: str, facts: NoticeFacts | None = None) -> tuple[Finding, ...]:
    """The findings of a clean letter with these words put into it."""
    known = facts or letter_facts()
    letter = render(known)
    return findings(letter.subject, letter.body.replace("We wish you", f"{words}\n\nWe wish you"), known)


BAD = [
    ("blame", "You failed to answer our questions."),
    ("blame", "You never replied in time."),
    ("blame", "You always want everything at once."),
    ("blame", "You refused each of our proposals."),
    ("blame", "You have repeatedly ignored our advice."),
    ("blame", "You didn\N{RIGHT SINGLE QUOTATION MARK}t pay the last invoice."),
    ("blame", "You did not keep the agreement."),
    ("blame", "Your team missed every deadline."),
    ("blame", "You keep changing the brief."),
    ("blame", "You were constantly late."),
    ("blame", "Because of your delays we lost a month."),
    ("blame", "Your constant demands cost us the spring."),
    ("blame", "Your lack of respect made this hard."),
    ("blame", "You made our work impossible."),
    ("blame", "You left us no choice."),
    ("blame", "Acme never answered in time."),
    ("blame", "You can't be pleased."),
    ("blame", "You wasted our time."),
    ("label", "This has been a difficult client relationship."),
    ("label", "The atmosphere has become toxic."),
    ("label", "Some of the mails were rude."),
    ("label", "The demands were unreasonable."),
    ("label", "You are very demanding."),
    ("label", "We do not work with high-maintenance companies."),
    ("label", "There was too much micromanagement."),
    ("sarcasm", "Good luck finding somebody who takes this on."),
    ("sarcasm", "Thanks for nothing."),
    ("sarcasm", "As you surely know, mails can be answered."),
    ("sarcasm", "With all due respect, we are done."),
    ("sarcasm", "Your so-called brief arrived at last!!"),
    ("threat", "Otherwise our lawyer will be in touch."),
    ("threat", "Pay by then or else."),
    ("threat", "We will tell others in the industry."),
    ("held_back", "We withhold the files until then."),
    ("held_back", "Files are handed over once you have paid."),
    ("held_back", "The source files stay on our server until invoice 2041 is settled."),
    ("held_back", "You get the passwords upon payment."),
    ("held_back", "The Spring campaign goes live as soon as the money has arrived."),
    ("release", "By replying you release us from all liability."),
    ("release", "With this letter you waive any claim against us."),
    ("release", "We cannot be held liable for anything after that."),
    ("threat", "You will regret this."),
    ("break_up", "It is time to break up."),
    ("break_up", "This break-up is for the best."),
    ("break_up", "It\N{RIGHT SINGLE QUOTATION MARK}s not you, it's us."),
    ("break_up", "We have to let you go."),
    ("break_up", "We are firing you as a client."),
    ("break_up", "We have had enough."),
    ("reopening", "Unless you change your mind on the budget, this stands."),
    ("reopening", "Maybe later we can work on a new project."),
    ("reopening", "This is how we see it for now."),
    ("reopening", "If things improve, call us."),
    ("reopening", "We might still reconsider."),
    ("reopening", "We could try again next year."),
    ("reopening", "If you would agree to a higher rate, we stay."),
    ("apology", "We are sorry. We apologise for the trouble this causes, and regret it deeply."),
    ("placeholder", "Please call [name] with questions."),
    ("placeholder", "Price: TBD."),
    ("second_last_day", "Our last day could be 15 January 2027."),
    ("second_last_day", "Our last working day for the shop is 2027-01-15."),
    ("wrong_amount", "You also owe us €350."),
    ("wrong_amount", "The open sum is 1,210.00 EUR."),
]


@pytest.mark.parametrize(("code", "words"), BAD)
def test_a_bad_sentence_is_caught(code: str, words: str) -> None:
    """Each seeded sentence is found as what it is, weighs heavily, and is quoted."""
    found = [finding for finding in check(words) if finding.code == code]
    assert found
    assert {finding.level for finding in found} == {Level.HIGH}
    assert found[0].excerpt


@pytest.mark.parametrize(
    "words",
    [
        "The work no longer suits our studio.",
        "You can reach us until then at the usual number.",
        "Thank you for your trust and patience.",
        "You do not need to do anything about the hosting.",
        "You don't have to reply to earlier mails.",
        "Thanks to your support the launch went well.",
        "In our experience, clients who give ample notice see better output.",
        "We are sorry to see this end.",
        "As agreed, invoice 2041 of €1,200 is due on 15 December.",
        "The final files follow on 23 December 2026.",
        "Our last day remains 31 December 2026.",
        "Until 31 December we answer as before.",
        "The difficult part of the migration is done.",
        "If you have questions, please call.",
        "Your new partner can call us once you have chosen one.",
        "We will keep referring people to you.",
        "You have been a pleasure to work with.",
    ],
)
def test_a_fair_sentence_is_left_alone(words: str) -> None:
    """Ordinary, kind and factual sentences bring no heavy finding."""
    assert [finding for finding in check(words) if finding.level is Level.HIGH] == []


def test_fog_and_shouting_are_only_pointed_out() -> None:
    """Light findings are shown and block nothing."""
    found = check("It might be best to sort of end this. PLEASE READ THIS.")
    assert {(finding.code, finding.level) for finding in found} == {("fog", Level.LOW), ("shouting", Level.LOW)}


def test_a_name_is_no_finding() -> None:
    """A client who is called like a bad word is still greeted by name."""
    facts = replace(letter_facts(), client_name="Toxic Waste Ltd", contact_name="Rude Larsen")
    assert check("We enjoyed the work for Toxic Waste Ltd.", facts) == ()


def test_the_excerpt_is_the_sentence() -> None:
    """The reviewer sees the words in question, not the whole letter."""
    found = check("The launch went well. You never replied in time. All the best.")
    assert [finding.excerpt for finding in found] == ["You never replied in time."]


def body_without(words: str) -> tuple[Finding, ...]:
    letter = render(letter_facts())
    assert words in letter.body
    return findings(letter.subject, letter.body.replace(words, ""), letter_facts())


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("Our last day is 31 December 2026.", ["last_day_left_out"]),
        ("- Spring campaign, by 11 December 2026", ["promise_left_out"]),
        (", by 11 December 2026", ["deadline_left_out"]),
        ("€1,200", ["amount_left_out"]),
        ("Thank you for working with us since 2023.", ["thanks_left_out"]),
        ("Please reply to confirm that you have received this letter.", ["no_confirmation"]),
        ("Sam Lee", ["wrong_sender"]),
    ],
)
def test_what_somebody_edited_out_is_missed(words: str, codes: list[str]) -> None:
    """NE03-NE08: a person may change every word, but not lose a part without being told."""
    assert [finding.code for finding in body_without(words)] == codes


def test_another_persons_name_is_noticed() -> None:
    """A letter copied from another client greets the wrong person; a first name is fine."""
    letter = render(letter_facts())
    greeted = {
        name: [each.code for each in findings(letter.subject, letter.body.replace("Ana Ruiz", name), letter_facts())]
        for name in ("Ana", "Ben")
    }
    assert greeted == {"Ana": [], "Ben": ["wrong_name"]}


def test_a_name_with_stray_spaces_is_the_same_name() -> None:
    """Names come from forms: doubled spaces are no other person."""
    facts = replace(letter_facts(), contact_name=" Ana  Ruiz", sender_name="Sam  Lee ")
    assert check("We call you next week.", facts) == ()


def test_a_long_letter_is_too_long() -> None:
    """NE10: more than 250 words is more than anybody needs to read."""
    found = check("We send you a list. " * 50)
    assert [finding.code for finding in found] == ["too_long"]


def test_a_changed_fact_shows_in_an_old_text() -> None:
    """When the last day moves, the letter that still names the old one is stopped."""
    letter = render(letter_facts())
    moved = replace(letter_facts(), last_day=date(2027, 1, 31))
    codes = {finding.code for finding in findings(letter.subject, letter.body, moved)}
    assert codes == {"last_day_left_out", "second_last_day"}


def test_the_same_findings_come_every_time() -> None:
    """The check is deterministic, and the same finding on other words has another key."""
    first, second = check("You never replied."), check("You never replied in time.")
    assert first == check("You never replied.")
    assert first[0].key != second[0].key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("€1,200", {("EUR", "1200")}),
        ("1.200,50 €", {("EUR", "1200.5")}),
        ("1 200 kr", {("SEK", "1200")}),
        ("GBP 12.5 and $3", {("GBP", "12.5"), ("USD", "3")}),
        ("€1,200 15 December 2026", {("EUR", "1200")}),
        ("invoice 2041 of 2026", set()),
    ],
)
def test_sums_are_read_in_every_usual_spelling(text: str, expected: set[tuple[str, str]]) -> None:
    """1,200 and 1.200 and 1 200,00 are the same sum."""
    assert set(sums_in(text)) == {(currency, Decimal(value)) for currency, value in expected}


@pytest.mark.parametrize(
    "text",
    ["3 May 2027", "3rd of May 2027", "May 3, 2027", "May 3rd 2027", "2027-05-03", "03/05/2027", "3.5.2027", "3 May"],
)
def test_dates_are_read_in_every_usual_spelling(text: str) -> None:
    """A date is the same day however it is written."""
    assert [mention.means(date(2027, 5, 3)) for mention in mentions_in(f"We meet on {text}.", "en")] == [True]


def test_what_looks_like_a_date_and_is_none_is_left_alone() -> None:
    """Clause numbers, versions and years are no dates."""
    assert mentions_in("Version 1.2.3 of clause 7.2 in 2027; we may meet 3 people.", "en") == []
