"""What we say of people, beside what Slack says (design section 5 "Capture")."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.clients.people import Member, as_of, with_our_word
from rules.clients.places import is_ours

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
GUS = Member(id="U1", workspace_id="T1", team_id="T1", name="Gus", is_guest=True, fetched_at=NOW)


TRUE = st.booleans()


@given(slack=TRUE, named=TRUE, decider=TRUE, contractor=TRUE, was_admin=TRUE, guest=TRUE, left=TRUE)
def test_reading_slack_again_changes_nothing_of_what_we_said(
    *, slack: bool, named: bool, decider: bool, contractor: bool, was_admin: bool, guest: bool, left: bool
) -> None:
    """Named admins, deciders and contractors stay; an admin by Slack's word is one as long as Slack says so.

    Roles fall with whoever becomes a guest or leaves; a guest may be a contractor, and nobody who left is one.
    """
    known = replace(
        GUS,
        is_admin=was_admin or named,
        is_named_admin=named,
        is_decider=decider,
        is_contractor=contractor,
        contractor_until=NOW if contractor else None,
    )
    described = replace(GUS, name="Gus L.", is_slack_admin=slack, is_guest=guest, is_deleted=left)
    read = with_our_word(described, known)

    ours = not guest and not left
    assert read.is_admin is (slack or (named and ours))
    roles = (read.is_named_admin, read.is_decider, read.is_contractor)
    assert roles == (named and ours, decider and ours, contractor and not left)
    assert (read.name, read.contractor_until) == ("Gus L.", known.contractor_until)


@given(after=st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_a_contractor_is_ours_up_to_the_end(after: timedelta) -> None:
    """To the moment, whatever is stored."""
    hired = replace(GUS, is_contractor=True, contractor_until=NOW)
    assert is_ours(as_of(hired, NOW + after), "T1") is (after < timedelta())


def test_a_contract_without_an_end_and_a_colleague_are_left_alone() -> None:
    """Only an end that has passed makes a guest."""
    open_ended = replace(GUS, is_contractor=True)
    colleague = replace(GUS, is_guest=False)
    assert (as_of(open_ended, NOW), as_of(colleague, NOW)) == (open_ended, colleague)
