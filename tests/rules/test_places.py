"""The leak guard: where a client could be listening, nothing of ours is posted. In doubt, no (BR14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clients.people import Member, Place, PlaceKind
from rules.clients.places import (
    EXTERNALLY_SHARED,
    HAS_FOREIGNERS,
    HAS_GUESTS,
    INTERNAL,
    PENDING_SHARED,
    UNKNOWN_MEMBERS,
    Verdict,
    is_ours,
    verdict,
)


@pytest.fixture(scope="session")
def member(now: datetime) -> Callable[..., Member]:
    def make(member_id: str = "U1", **facts: object) -> Member:
        known = Member(id=member_id, workspace_id="T1", team_id="T1", name="Ana", fetched_at=now)
        return replace(known, **facts)  # type: ignore[arg-type]  # the facts are the caller's to type

    return make


@pytest.fixture(scope="session")
def place(now: datetime) -> Place:
    return Place(
        id="C1",
        workspace_id="T1",
        name="acme-internal",
        kind=PlaceKind.PUBLIC,
        guest_ids=(),
        member_ids=("U1", "UBOT"),
        fetched_at=now,
    )


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, INTERNAL),
        ({"kind": PlaceKind.PRIVATE}, INTERNAL),
        ({"kind": PlaceKind.GROUP}, INTERNAL),
        ({"is_org_shared": True}, INTERNAL),
        ({"is_externally_shared": True}, EXTERNALLY_SHARED),
        ({"is_externally_shared": True, "is_org_shared": True}, EXTERNALLY_SHARED),
        ({"is_pending_shared": True}, PENDING_SHARED),
        ({"guest_ids": None}, UNKNOWN_MEMBERS),
        ({"guest_ids": ("U404",)}, UNKNOWN_MEMBERS),
        ({"kind": PlaceKind.DIRECT}, INTERNAL),
        ({"kind": PlaceKind.DIRECT, "member_ids": ()}, UNKNOWN_MEMBERS),
    ],
)
def test_slacks_own_words_about_a_place_are_heeded(
    place: Place, member: Callable[..., Member], facts: dict[str, object], expected: Verdict
) -> None:
    """Shared, pending and unreadable places are not internal; shared inside one organisation is."""
    judged = replace(place, **facts)  # type: ignore[arg-type]  # the table's to type
    assert expected == verdict(judged, [member(), member("UBOT", is_bot=True)])


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"is_guest": True}, HAS_GUESTS),
        ({"is_guest": True, "is_contractor": True}, INTERNAL),
        ({"team_id": "T2"}, HAS_FOREIGNERS),
        ({"team_id": "T2", "is_guest": True, "is_contractor": True}, HAS_GUESTS),
        ({"is_guest": True, "is_deleted": True}, INTERNAL),
        ({"is_bot": True, "team_id": "T2"}, INTERNAL),
    ],
)
@pytest.mark.parametrize("kind", list(PlaceKind))
def test_whoever_is_in_it_decides(
    place: Place, member: Callable[..., Member], kind: PlaceKind, facts: dict[str, object], expected: Verdict
) -> None:
    """A guest is the client's until an admin has named them a contractor; another team's people are the client's."""
    judged = replace(place, kind=kind, guest_ids=("U2",), member_ids=("U1", "U2"))
    assert expected == verdict(judged, [member(), member("U2", **facts)])


def test_a_guest_whom_slack_did_not_list_as_one_still_counts(place: Place, member: Callable[..., Member]) -> None:
    """What we know of a member outweighs an empty list of guests."""
    judged = replace(place, member_ids=("U1", "U2"))
    assert verdict(judged, [member(), member("U2", is_guest=True)]) == HAS_GUESTS


def test_a_colleague_of_a_sister_workspace_is_no_stranger_in_a_channel(
    place: Place, member: Callable[..., Member]
) -> None:
    """Shared inside one Slack organisation is internal; a direct message to them is not to one of our members."""
    shared = replace(place, is_org_shared=True, guest_ids=("U2",), member_ids=("U1", "U2"))
    people = [member(), member("U2", team_id="T2")]
    direct = replace(shared, kind=PlaceKind.DIRECT)
    assert (verdict(shared, people), verdict(direct, people)) == (INTERNAL, HAS_FOREIGNERS)


@given(
    external=st.booleans(),
    pending=st.booleans(),
    org=st.booleans(),
    kind=st.sampled_from(PlaceKind),
    guests=st.one_of(st.none(), st.lists(st.sampled_from(["U1", "U2", "U3"]), unique=True).map(tuple)),
)
def test_no_place_with_a_doubt_is_internal(
    place: Place,
    member: Callable[..., Member],
    *,
    external: bool,
    pending: bool,
    org: bool,
    kind: PlaceKind,
    guests: tuple[str, ...] | None,
) -> None:
    """Whatever else is true: shared, pending, unreadable, an unknown guest or a client's guest each say no."""
    judged = replace(
        place,
        kind=kind,
        guest_ids=guests,
        is_externally_shared=external,
        is_pending_shared=pending,
        is_org_shared=org,
    )
    people = [member("U1"), member("U2", is_guest=True)]
    doubtful = external or pending or guests is None or bool({"U2", "U3"} & set(guests))
    assert doubtful is not verdict(judged, people).internal


@pytest.mark.parametrize(
    ("facts", "ours"),
    [
        ({}, True),
        ({"team_id": "T2"}, False),
        ({"team_id": ""}, False),
        ({"is_bot": True}, False),
        ({"is_deleted": True}, False),
        ({"is_guest": True}, False),
        ({"is_guest": True, "is_contractor": True}, True),
        ({"is_contractor": True, "is_deleted": True}, False),
        ({"is_contractor": True, "team_id": "T2"}, False),
    ],
)
def test_who_is_one_of_ours(member: Callable[..., Member], facts: dict[str, object], *, ours: bool) -> None:
    """The team's people and named contractors; nobody else's words are heard."""
    assert ours is is_ours(member(**facts), "T1")
