"""A letter lies with nobody: each state names whose turn it is and tells them once (BR11, NE01)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, DANA, OLIVIA
from rules.notices.notice import NoticeStatus
from tests.scenarios.parting_office import Office
from tests.scenarios.second_readers import approve

WAITS = "A letter waits for its second reader."


@pytest.fixture
def office(app: Any) -> Office:
    """The client has been told; nothing is written yet."""
    made = Office(app)
    app.web.services.workspaces.welcome(app.team_id)  # what comes up every day, as from the first start on
    made.tell()
    return made


def nothing(_office: Office) -> None:
    return None


def draft(office: Office) -> None:
    office.amir.click(office.show(office.amir, "letter"), "draft_letter")


def draft_whole(office: Office) -> None:
    office.settle_terms()
    draft(office)


def submit(office: Office) -> None:
    draft_whole(office)
    office.amir.click(office.show(office.amir, "letter"), "submit_letter")


def approved(office: Office) -> None:
    submit(office)
    approve(office.olivia, office.show(office.olivia, "letter"), office.facts())


def sent(office: Office) -> None:
    approved(office)
    office.amir.click(office.show(office.amir, "letter"), "letter_sent")
    assert office.amir.submit({}).outcome == "updated"


def received(office: Office) -> None:
    sent(office)
    office.amir.click(office.show(office.amir, "letter"), "letter_received")
    assert office.amir.submit({}).outcome == "updated"


@pytest.mark.parametrize(
    ("comes_to", "whose", "said"),
    [
        (nothing, AMIR, "no letter is drafted yet"),
        (draft, AMIR, "Your letter can't be approved yet: "),
        (draft_whole, AMIR, "Your letter is ready: ask for its review."),
        (submit, OLIVIA, WAITS),
        (approved, AMIR, "The letter is approved: send it"),
        (sent, AMIR, "The letter is out: note the day"),
        (received, "", "etter"),
    ],
)
def test_no_letter_lies_for_more_than_three_working_days_without_a_word(
    office: Office, comes_to: Callable[[Office], None], whose: str, said: str
) -> None:
    """Whoever has it is told once within them, nobody else is, and it stands on their Home until they have done it."""
    comes_to(office)
    before = [said in str(person.home()) for person in (office.amir, office.olivia)]
    counts = []
    for days in (6, 4):
        office.app.sweep(by=timedelta(days=days))
        office.app.tell()
        counts.append([len(told(person, said)) for person in (office.amir, office.olivia)])
    expected = [int(whose == each) for each in (AMIR, OLIVIA)]

    assert before == [bool(each) for each in expected]
    assert counts == [expected, expected]
    if whose:
        home = str((office.amir if whose == AMIR else office.olivia).home())
        assert "_If nobody acts: It goes nowhere" in home


def test_somebody_is_asked_to_review_and_all_are_when_they_leave_it(office: Office) -> None:
    """Only they are told at first; the drafter may ask somebody else; others may review it all the same."""
    draft_whole(office)
    office.amir.click(office.show(office.amir, "letter"), "choose_reviewer")
    refused = office.amir.submit({"reviewer": AMIR})
    office.amir.submit({"reviewer": DANA})
    shown = str(office.amir.view)
    office.app.sweep()
    office.app.tell()
    first = [len(told(person, WAITS)) for person in (office.amir, office.dana, office.olivia)]
    homes = [str(person.home()) for person in (office.dana, office.olivia)]
    office.app.sweep(by=timedelta(days=6))
    office.app.tell()
    later = [len(told(person, WAITS)) for person in (office.amir, office.dana, office.olivia)]

    assert set(refused.errors) == {"reviewer"}
    assert ("was asked to review it" in shown, "Ask somebody else" in shown) == (True, True)
    assert (first, later) == ([0, 1, 0], [0, 1, 1])
    assert ["Left by somebody else" in home for home in homes] == [False, True]
    assert [WAITS in home for home in homes] == [True, True]


def test_the_drafter_asks_somebody_else_and_whoever_reads_first_approves(office: Office) -> None:
    """Another choice is another turn: the new one is told, and the old one's word lapses."""
    submit(office)
    for reviewer in (DANA, OLIVIA, DANA):
        office.amir.click(office.show(office.amir, "letter"), "choose_reviewer")
        assert office.amir.submit({"reviewer": reviewer}).outcome == "updated"
    dana, olivia = (WAITS in str(person.home()) for person in (office.dana, office.olivia))
    approve(office.olivia, office.show(office.olivia, "letter"), office.facts())
    status = office.app.web.services.notices.of_client(
        office.team, office.app.member(AMIR), office.client.id
    ).notice.status

    assert (dana, olivia) == (True, True)
    assert status is NoticeStatus.APPROVED
    assert WAITS not in str(office.dana.home())


def test_whoever_was_asked_and_rewrote_it_is_not_asked_any_more(office: Office) -> None:
    """What they wrote is read by somebody else, also once the first drafter has had it again."""
    submit(office)
    office.amir.click(office.show(office.amir, "letter"), "choose_reviewer")
    office.amir.submit({"reviewer": OLIVIA})
    for person, subject in ((office.olivia, "Our last day"), (office.amir, "Our last day together")):
        person.click(office.show(person, "letter"), "edit_letter")
        assert person.submit({"subject": subject}).outcome == "updated"
        person.click(office.show(person, "letter"), "choose_reviewer")
        asked = person.submit({})
        assert (asked.errors, "was asked to review it" in str(person.view)) == ({}, False)

    assert [WAITS in str(person.home()) for person in (office.olivia, office.amir)] == [True, False]


def told(person: Any, words: str) -> list[str]:
    return [message.text for message in person.dms() if words in message.text]
