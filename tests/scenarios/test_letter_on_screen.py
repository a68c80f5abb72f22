"""The letter as people meet it: drafted from the facts, checked sentence by sentence, and held back till the talk."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR
from rules.clients.client import Contract
from rules.notices.notice import Notice, NoticeStatus
from tests.scenarios.parting_office import Office
from tests.scenarios.second_readers import approve

CLAUSE = "Clause 7.2: either side may end this agreement with fourteen days' notice."
REASON = "The work has moved away from what we do best."
OWED, HELPER = "Invoice 17, EUR 1,200.50, due 4 January 2027", "Studio Lund in Malmö, hello@lund.test"
ENDS = "Kind regards"


@pytest.fixture
def office(app: Any) -> Office:
    """Decided, with a contract, and a client of five years; nobody has been told."""
    made = Office(app)
    with app.web.outside.units.begin(made.team) as unit:
        contract = Contract(reviewed=True, notice_length=14, clause=CLAUSE)
        unit.clients.save(replace(unit.clients.lock(made.client.id), contract=contract, client_since=date(2021, 3, 1)))
    return made


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def letter(office: Office) -> Notice:
    found: Notice = office.app.web.services.notices.of_client(
        office.team, office.app.member(AMIR), office.client.id
    ).notice
    return found


def settle(office: Office) -> date:
    """What is left, by when; what is owed; who could help. Gives the day."""
    day: date = office.app.world.now().date() + timedelta(days=9)
    office.amir.click(office.show(office.amir), "terms")
    said = {"deliverables": f"{day} Spring campaign", "amounts_owed": OWED, "referrals": HELPER}
    assert office.amir.submit(said).outcome == "updated"
    return day


def draft(office: Office) -> str:
    office.amir.click(office.show(office.amir, "letter"), "draft_letter")
    return letter(office).body


def write(office: Office, body: str) -> list[str]:
    """Saves these words as the letter, and gives what a reviewer should see of them."""
    office.amir.click(office.show(office.amir, "letter"), "edit_letter")
    assert office.amir.submit({"body": body}).outcome == "updated"
    sections = [block["text"]["text"] for block in office.show(office.amir, "letter")["blocks"] if "text" in block]
    return [row for text in sections for row in text.split("\n") if row.startswith(("In the way: ", "Consider: "))]


def send_to_review(office: Office) -> str:
    """What Dana, who reads it, is shown."""
    office.amir.click(office.show(office.amir, "letter"), "submit_letter")
    return words(office.show(office.dana, "letter"))


def approved(office: Office) -> None:
    office.amir.click(office.show(office.amir, "letter"), "submit_letter")
    approve(office.olivia, office.show(office.olivia, "letter"), office.facts())


def test_the_draft_says_all_that_the_texts_ask_for_and_nothing_else(office: Office) -> None:
    """CN04, CV02, HO04, NE03, NE04, NE05, NE06, NE07, NE08, NE10, NE11, NE12, TN01, TN02: in its order."""
    office.tell()
    day, last = settle(office), office.sheet().parting.last_day
    body = draft(office)
    shown = words(office.show(office.amir, "letter"))
    parts = [
        "Dear Jo Birch,",
        "Thank you for working with us since 2021.",
        f"Our last day is {last:%-d %B %Y}.",
        REASON,
        f"This follows clause 7.2 of our agreement: {CLAUSE.split(': ')[1]}",
        f"- Spring campaign, by {day:%-d %B %Y}",
        "The final files and their sources",
        f"Outstanding payments: {OWED}.",
        f"These contacts can help you next: {HELPER}.",
        "Please reply to confirm",
        "We wish you and Birch & Barrow all the best.",
        ENDS,
    ]
    places = [body.lower().find(part.lower()) for part in parts]

    assert [part for part, place in zip(parts, places, strict=True) if place < 0] == []
    assert places == sorted(places)
    assert body.count("last day") == 1
    assert "Nothing to object to: all parts are there, and the tone is fine." in shown
    assert len(body.split()) <= 250


HARM = {
    "You never paid on time.": ("In the way: ", "CV13"),
    "You are difficult clients.": ("In the way: ", "TN03"),
    "It is time to break up.": ("In the way: ", "CV11"),
    "Or else our lawyers will be in touch.": ("In the way: ", "TN01"),
    "Perhaps it is time to sort of move on.": ("Consider: ", "CV06"),
}


def test_a_sentence_that_harms_is_named_beside_the_letter(office: Office) -> None:
    """CV06, CV11, CV13, TN01, TN03: blame, labels, threats and "break up" are in the way of it; fog is pointed out."""
    office.tell()
    settle(office)
    body = draft(office)
    found = {}
    for sentence, (mark, code) in HARM.items():
        rows = [row for row in write(office, body.replace(ENDS, f"{sentence}\n\n{ENDS}")) if sentence.strip(".") in row]
        found[sentence] = [row.startswith(mark) and code in row for row in rows]
    write(office, body.replace(ENDS, "\n\n".join([*HARM, ENDS])))
    shown = send_to_review(office)
    forged = office.dana.click(office.dana.view, "approve_letter", value=letter(office).id, forge=True)
    refused = f"{forged.text} {words(office.dana.view)}"
    still = letter(office).status

    assert found == {sentence: [True] for sentence in HARM}
    assert ("Not yet. " in shown, '"approve_letter' in shown, "Not yet. " in refused) == (True, False, True)
    assert still is NoticeStatus.IN_REVIEW
    assert write(office, body) == []


BENT = {
    "thanks": ("Thank you for working with us since 2021.", "", "The thanks are missing"),
    "deliverable": ("Spring campaign", "Autumn campaign", "Spring campaign"),
    "sum": (OWED, "nothing", "1,200.50"),
    "another last day": ("Our last day is ", "Our last day is 3 March 2031. Or rather ", "3 March 2031"),
    "reason": (REASON, "", "does not give the reason"),
    "clause": ("This follows clause 7.2", "This follows clause 9", "The facts name another clause"),
    "acknowledgement": ("Please reply to confirm that you have received this letter.", "", "Ask the client to confirm"),
    "length": (ENDS, "We are glad of it all. " * 40 + f"\n\n{ENDS}", "NE10"),
}


def test_what_somebody_edited_out_or_bent_is_missed(office: Office) -> None:
    """NE03, NE04, NE05, NE06, NE07, NE08, NE10, NE11, NE12, TN02: what it has to say is not written away unseen."""
    office.tell()
    settle(office)
    body = draft(office)
    rows = {
        name: write(office, body.replace(part, instead)) for name, (part, instead, _) in BENT.items() if part in body
    }

    assert {name for name, found in rows.items() if any(BENT[name][2] in row for row in found)} == set(BENT), rows


def test_nothing_goes_out_before_the_talk_unless_somebody_chose_to_write(office: Office) -> None:
    """CV01, NE01, TN05: an approved letter waits for the talk; that it goes by e-mail is chosen and on record."""
    settle(office)
    draft(office)
    approved(office)
    amir, waiting = office.amir, letter(office)
    early = words(office.show(amir, "letter"))
    for button in ("letter_file", "letter_sent"):
        amir.click(office.show(amir, "letter"), button, value=waiting.id, forge=True)
        if amir.view["callback_id"] == "form_letter_sent":
            amir.submit({})
        early += words(amir.view)
    amir.click(office.show(amir), "talk")
    amir.click(amir.view, "change_talk")
    asked = next(block for block in amir.view["blocks"] if block["block_id"] == "way")
    amir.submit({"way": "mail"})
    prepared = words(amir.view)
    chosen = words(office.show(amir, "letter"))
    amir.click(office.show(amir), "talk")
    amir.click(amir.view, "change_talk")
    amir.submit({"way": "meeting"})
    back = words(office.show(amir, "letter"))
    office.tell()
    redrafted = letter(office)

    assert "Talk to them first" in early
    assert ("mailto:" in early, '"letter_sent"' in words(office.show(amir, "letter"))) == (False, False)
    assert (waiting.status, redrafted.sent_on) == (NoticeStatus.APPROVED, None)
    assert ("Talking comes first" in words(asked), "In a meeting" in words(asked["element"]["initial_option"])) == (
        True,
        True,
    )
    assert ("By e-mail" in prepared, "mailto:" in chosen, "mailto:" in back) == (True, True, False)
    assert "As we discussed on" in redrafted.body


def test_no_letter_leaves_by_itself_or_unread(office: Office) -> None:
    """TN03, TN05: not as a draft, not in review; once approved a person takes it, and the app has sent nothing."""
    office.tell()
    settle(office)
    draft(office)
    seen = [words(office.show(office.amir, "letter"))]
    send_to_review(office)
    seen.append(words(office.show(office.amir, "letter")))
    approve(office.dana, office.show(office.dana, "letter"), office.facts())
    seen.append(words(office.show(office.amir, "letter")))
    office.app.sweep(timedelta(days=3))
    office.app.tell()

    assert ["mailto:" in each for each in seen] == [False, False, True]
    assert "Amicable sends nothing." in seen[-1]
    assert (letter(office).status, office.app.world.mailbox.drafts) == (NoticeStatus.APPROVED, [])
