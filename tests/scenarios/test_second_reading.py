"""The letter's second reading in Slack: nothing that was added passes unread (BR11, CV13, TN03)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR
from rules.notices.notice import Notice, NoticeFacts, NoticeStatus
from tests.scenarios.parting_office import Office
from tests.scenarios.second_readers import right_answers

FACTUAL = "We meet the new studio in our office whenever you like."
KIND_BLAME = "We found that mornings suited the two of us less and less."


@pytest.fixture
def office(app: Any) -> Office:
    """Told and settled, with a deliverable and a sum."""
    made = Office(app)
    made.tell()
    made.amir.click(made.show(made.amir), "terms")
    assert made.amir.submit({"nothing_to_finish": ["nothing"], "amounts_owed": "invoice 17, EUR 1,200.50"})
    made.amir.click(made.show(made.amir, "letter"), "draft_letter")
    return made


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def letter(office: Office) -> tuple[Notice, NoticeFacts]:
    sheet = office.app.web.services.notices.of_client(office.team, office.app.member(AMIR), office.client.id)
    return sheet.notice, sheet.facts


def write(office: Office, who: Any, sentence: str) -> Any:
    """Opens the form and puts a sentence of one's own before the greeting."""
    who.click(office.show(who, "letter"), "edit_letter")
    body = letter(office)[0].body.replace("Kind regards", f"{sentence}\n\nKind regards")
    return who.submit({"body": body})


def send_to_review(office: Office) -> None:
    office.amir.click(office.show(office.amir, "letter"), "submit_letter")


def test_the_approver_answers_from_the_letter_alone(office: Office) -> None:
    """A wrong answer names the sentence that misled; right ones approve, and the approval holds for this text only."""
    write(office, office.amir, FACTUAL)
    marked = words(office.show(office.amir, "letter"))
    send_to_review(office)
    shown = words(office.show(office.dana, "letter"))
    office.dana.click(office.dana.view, "approve_letter")
    form, facts = office.dana.view, letter(office)[1]
    right = right_answers(form, facts)
    wrong = office.dana.submit({**right, "last_day": "1 May 2031", "sums": "1,300", "finish_0": ["0"]})
    after_wrong = letter(office)[0]
    told = words(office.show(office.amir, "letter"))
    office.dana.click(office.show(office.dana, "letter"), "approve_letter")
    office.dana.submit(right)

    approved = letter(office)[0]
    assert facts.last_day
    day, owed = f"Our last day is {facts.last_day.day} ", "1,200.50"
    assert (FACTUAL in marked, "Sentences of yours" in marked, "Sentences of yours" in shown) == (True, True, False)
    assert {block: day in said or owed in said or "no sentence" in said for block, said in wrong.errors.items()} == {
        "last_day": True,
        "sums": True,
        "finish_0": True,
    }
    assert (after_wrong.status, "misled" in told) == (NoticeStatus.IN_REVIEW, True)
    assert (approved.status, [(each.sentence, each.read_as.value) for each in approved.readings]) == (
        NoticeStatus.APPROVED,
        [(FACTUAL, "fact")],
    )


def test_a_judgement_goes_back_with_gentler_words(office: Office) -> None:
    """Blame that no list knows is read by a person: the drafter gets it back, and it can't stand."""
    write(office, office.amir, KIND_BLAME)
    send_to_review(office)
    office.dana.click(office.show(office.dana, "letter"), "approve_letter")
    answer = office.dana.submit(right_answers(office.dana.view, letter(office)[1], "judgement"))
    back = letter(office)[0]
    shown = words(office.show(office.amir, "letter"))
    office.amir.click(office.amir.view, "edit_letter")
    form = words(office.amir.view)
    home = words(office.amir.home())
    send_to_review(office)
    refused = words(office.show(office.dana, "letter"))
    office.amir.click(office.show(office.amir, "letter"), "edit_letter")
    office.amir.submit({"body": letter(office)[0].body.replace(KIND_BLAME, "")})

    assert (answer.outcome, back.status) == ("updated", NoticeStatus.DRAFT)
    assert ("read as a judgement" in shown, "The work no longer suits" in shown) == (True, True)
    assert (KIND_BLAME in form, "The work no longer suits" in form, "came back" in home) == (True, True, True)
    assert ("approve_letter" in refused, "reads this as a judgement" in refused) == (False, True)
    assert letter(office)[0].readings == ()


def test_of_two_who_edit_at_once_nobody_loses_a_word(office: Office) -> None:
    """The second save from an older text is refused, says who and when, and holds both texts."""
    office.olivia.click(office.show(office.olivia, "letter"), "edit_letter")
    begun = letter(office)[0].body
    write(office, office.amir, FACTUAL)
    refused = office.olivia.submit({"body": begun + "Hers."})
    kept, form = letter(office)[0], office.olivia.view
    both = office.olivia.submit({"body": kept.body + "Hers."})

    shown = words(form)
    field = next(block for block in form["blocks"] if block.get("block_id") == "body")
    assert (refused.outcome, FACTUAL in kept.body, "Hers." in kept.body) == ("updated", True, False)
    assert ("Not saved yet" in shown, f"<@{AMIR}>" in shown, FACTUAL in shown) == (True, True, True)
    assert "Hers." in field["element"]["initial_value"]
    assert (both.outcome, FACTUAL in letter(office)[0].body, "Hers." in letter(office)[0].body) == (
        "updated",
        True,
        True,
    )


def test_a_letter_that_changed_while_it_was_read_is_read_again(office: Office) -> None:
    """An approval is of the text that was read, not of the one that stands there by now."""
    send_to_review(office)
    office.dana.click(office.show(office.dana, "letter"), "approve_letter")
    answers = right_answers(office.dana.view, letter(office)[1])
    write(office, office.amir, FACTUAL)
    send_to_review(office)
    office.dana.submit(answers)
    assert letter(office)[0].status is NoticeStatus.IN_REVIEW
