"""Who sees the tickets is confirmed by an admin, person by person where the tracker names them (BR14)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rules.errors import InvalidError, RefusedError
from rules.partings.parting import TicketState
from rules.ports import Account, Onlooker, RequiredField

if TYPE_CHECKING:
    from tests.services.partings.conftest import Office

pytestmark = pytest.mark.both_databases

WORKSPACE = "T1"
OURS = Onlooker(id="m1", name="colleague")
ZED = Onlooker(id="m2", name="Zed Zeal")


def put_on_the_board(office: Office, *people: Onlooker) -> None:
    office.jira.place = replace(office.jira.place, people=people)


def confirm(office: Office, *people: Onlooker) -> None:
    known = [person.id for person in people]
    office.previews.confirm_destination(WORKSPACE, office.admin, office.jira.place.id, known)


def match(office: Office) -> None:
    office.destinations.match_people(WORKSPACE, office.admin, office.parting.id, {office.colleague.id: OURS.id})


def test_our_own_people_are_known_by_their_accounts(office: Office) -> None:
    """A board on which only members of the workspace are needs the admin's word for the board alone."""
    put_on_the_board(office, OURS)
    office.tell()
    match(office)
    confirm(office)

    sheet = office.previews.open(WORKSPACE, office.owner, office.parting.id, 1)

    assert sheet.tickets


def test_a_namesake_is_a_stranger(office: Office) -> None:
    """The client may well have a colleague of that name."""
    put_on_the_board(office, OURS, Onlooker(id="m9", name="colleague"))
    match(office)

    audience = office.previews.audience(WORKSPACE, office.admin, office.parting.id)
    assert [each.id for each in audience.strangers] == ["m9"]


def test_people_are_proposed_by_e_mail_and_count_once_they_are_confirmed(office: Office) -> None:
    """A proposal is no match: the ticket goes to the account that an admin named, and the preview says who has none."""
    office.jira.people = [
        Account(id="a1", name="Somebody", email=office.owner.email.upper()),
        Account(id="a2", name=office.colleague.name),
    ]
    asked = office.destinations.people(WORKSPACE, office.admin, office.parting.id)
    proposed = {member.id: account for member, account in asked.rows}
    before = office.sheet().unmatched
    office.destinations.match_people(WORKSPACE, office.admin, office.parting.id, {office.owner.id: "a1"})
    office.open()
    office.run()

    assert (proposed[office.owner.id], proposed[office.colleague.id]) == ("a1", "")
    assert (before, office.sheet().unmatched) == ((office.owner.id,), ())
    assert {issue.order.assignee for issue in office.jira.issues[1:]} == {"a1"}


def test_a_wrong_match_of_anybody_can_be_taken_back(office: Office) -> None:
    """However many there are: everybody is on one of the pages, and an account goes over to whom it is given."""
    office.jira.people = [Account(id="a1", name="Somebody"), Account(id="a2", name="Else")]
    with office.units.begin(WORKSPACE) as unit:
        for number in range(30):
            unit.people.save_member(replace(office.colleague, id=f"U9{number:02}", name=f"Zoe {number:02}"))
        team = {member.id for member in unit.people.members()}
    matched = {"U929": "a1", "U928": "a2"}
    office.destinations.match_people(WORKSPACE, office.admin, office.parting.id, matched)
    pages = [office.destinations.people(WORKSPACE, office.admin, office.parting.id)]
    while pages[-1].next_page:
        page = pages[-1].next_page
        pages.append(office.destinations.people(WORKSPACE, office.admin, office.parting.id, page))
    rows = [(member.id, account) for page in pages for member, account in page.rows]
    office.destinations.match_people(WORKSPACE, office.admin, office.parting.id, {"U928": ""})
    office.destinations.match_people(WORKSPACE, office.admin, office.parting.id, {office.owner.id: "a1"})
    with office.units.read(WORKSPACE) as unit:
        left = unit.workspace().tracker_people

    assert sorted(member_id for member_id, _ in rows) == sorted(team)
    assert {member_id: account for member_id, account in rows if account} == matched
    assert left == {f"jira/{office.owner.id}": "a1"}


def test_only_an_admin_says_who_is_ours_there(office: Office) -> None:
    """It decides who counts as a stranger on the board; and two of us are never one account."""
    with pytest.raises(RefusedError):
        office.destinations.match_people(WORKSPACE, office.owner, office.parting.id, {office.owner.id: "a1"})
    twice = {office.owner.id: "a1", office.colleague.id: "a1"}
    with pytest.raises(InvalidError):
        office.destinations.match_people(WORKSPACE, office.admin, office.parting.id, twice)


def test_a_stranger_on_the_board_is_named_and_stops_the_opening(office: Office) -> None:
    """Whoever nobody knows here may be the client: the admin has to stand for each of them."""
    put_on_the_board(office, OURS, ZED)
    office.tell()
    match(office)
    confirm(office)

    returned = office.previews.open(WORKSPACE, office.owner, office.parting.id, 1)
    assert "Zed Zeal can see Agency" in returned.news[0]

    audience = office.previews.audience(WORKSPACE, office.admin, office.parting.id)
    assert (audience.strangers, audience.may_confirm) == ((ZED,), True)
    confirm(office, ZED)
    assert office.previews.audience(WORKSPACE, office.admin, office.parting.id).problem == ""


def test_a_stranger_who_comes_later_stops_the_first_ticket(office: Office) -> None:
    """Between the click and the first ticket the place is looked at again."""
    office.open()
    put_on_the_board(office, ZED)

    office.run()

    parent = office.rows()[0]
    assert (parent.state, office.jira.requests) == (TicketState.REFUSED, 0)
    assert "Zed Zeal" in parent.cause


def test_what_the_tracker_requires_is_asked_once(office: Office) -> None:
    """A field without which every ticket would be refused stops the click, until an admin has answered it."""
    office.jira.place = replace(office.jira.place, required_fields=(RequiredField(id="cf1", name="Department"),))
    office.tell()
    confirm(office)
    returned = office.previews.open(WORKSPACE, office.owner, office.parting.id, 1)
    assert "takes no ticket without Department" in returned.news[0]
    with pytest.raises(RefusedError):
        office.previews.answer_fields(WORKSPACE, office.owner, office.parting.id, {"cf1": "Studio"})

    office.previews.answer_fields(WORKSPACE, office.admin, office.parting.id, {"cf1": " Studio "})
    office.previews.open(WORKSPACE, office.owner, office.parting.id, 1)
    office.run()

    assert {issue.order.answers["cf1"] for issue in office.jira.issues} == {"Studio"}


def test_admins_who_confirm_at_one_moment_lose_nothing(office: Office) -> None:
    """Each stands for another stranger: all of them are remembered, on PostgreSQL too."""
    strangers = [Onlooker(id=f"m{number}", name=f"Stranger {number}") for number in range(12)]
    put_on_the_board(office, *strangers)

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(lambda person: confirm(office, person), strangers))

    assert office.previews.audience(WORKSPACE, office.admin, office.parting.id).problem == ""


def test_the_tracker_is_asked_for_those_who_decide_only(office: Office) -> None:
    """Whoever may not open is refused before the tracker hears of it, or its audience shows in a refusal."""
    put_on_the_board(office, ZED)
    with pytest.raises(RefusedError) as refused:
        office.previews.open(WORKSPACE, office.colleague, office.parting.id, 1)

    assert office.jira.reads == 0
    assert "Zed" not in refused.value.sentence
