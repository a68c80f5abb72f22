"""The leak guard's question: may something of ours be posted here? (BR14) In doubt, no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.clients.people import Member, Place, PlaceKind
from rules.errors import InvalidError
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a place is internal, and the sentence that says why or why not."""

    internal: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """A place that is not internal any more: how many messages of ours we deleted there, and how many we could not.

    `left_behind` counts only those of which nobody has been told yet. `left`: we have gone from there ourselves.
    """

    channel_id: str
    reason: str
    deleted: int
    left_behind: int
    left: bool = False


INTERNAL = Verdict(internal=True, reason="Only our own people are in this conversation.")
EXTERNALLY_SHARED = Verdict(internal=False, reason="it is shared with another company.")
PENDING_SHARED = Verdict(internal=False, reason="another company has been invited into it.")
UNKNOWN_MEMBERS = Verdict(
    internal=False, reason="we could not see who is in it. Invite Amicable there, then try again."
)
HAS_GUESTS = Verdict(
    internal=False, reason="a guest is in it. If that guest works for us, an admin can name them as a contractor."
)
HAS_FOREIGNERS = Verdict(internal=False, reason="somebody of another team is in it.")


def is_ours(member: Member, workspace_id: str) -> bool:
    """People of the team: no bots, nobody who left, no guests but named contractors, nobody of another team."""
    if member.is_bot or member.is_deleted or member.team_id != workspace_id:
        return False
    return member.is_contractor or not member.is_guest


def verdict(place: Place, members: Iterable[Member]) -> Verdict:
    """Judges a place by Slack's flags first, then by its guests; `members` are what we know of the people in it.

    A guest of whom we know nothing can't be seen: that outweighs what is known of the others.
    """
    if place.is_externally_shared:
        return EXTERNALLY_SHARED
    if place.is_pending_shared:
        return PENDING_SHARED
    if place.guest_ids is None or (place.kind is PlaceKind.DIRECT and not place.member_ids):
        return UNKNOWN_MEMBERS
    known = {member.id: member for member in members}
    doubts = [doubt for each in _to_be_judged(place, known) if (doubt := _doubt_about(each, known, place))]
    return UNKNOWN_MEMBERS if UNKNOWN_MEMBERS in doubts else next(iter(doubts), INTERNAL)


def may_read(place: Place | None, reader: Member) -> bool:
    """Whether the reader could read it in Slack itself."""
    return place is not None and (place.kind is PlaceKind.PUBLIC or reader.id in place.member_ids)


def readers_in(place: Place | None) -> frozenset[str]:
    """Who reads a channel; nobody in particular where anybody may join, or where we do not know."""
    return frozenset(place.member_ids) if place and place.kind is not PlaceKind.PUBLIC else frozenset()


def all_may_read(place: Place | None, readers: frozenset[str]) -> bool:
    if place is None:
        return False
    return place.kind is PlaceKind.PUBLIC or (bool(readers) and readers <= {*place.member_ids})


def require_owner(person: Member, field: str = "owner") -> None:
    """Somebody of the team looks after a client, or works with it; `field` of the form says who."""
    if not is_ours(person, person.workspace_id):
        sentence = Sentence(
            "{name} is not one of the team. Choose a colleague; an admin can name a guest a contractor.",
            name=person.name,
        )
        raise InvalidError("Please choose somebody else.", {field: sentence})


def is_inside(workspace_id: str, person: Member | None) -> bool:
    return person is not None and (person.is_bot or is_ours(person, workspace_id))


def _to_be_judged(place: Place, known: Mapping[str, Member]) -> tuple[str, ...]:
    """The guests by Slack's word, and whoever else in the place is known to us."""
    return (*(place.guest_ids or ()), *(member_id for member_id in place.member_ids if member_id in known))


def _doubt_about(member_id: str, known: Mapping[str, Member], place: Place) -> Verdict | None:
    member = known.get(member_id)
    if member is None:
        return UNKNOWN_MEMBERS
    if member.is_bot or member.is_deleted or is_ours(member, place.workspace_id):
        return None
    if member.is_guest:
        return HAS_GUESTS
    # People of a sister workspace are colleagues where Slack says that the channel is shared inside the organisation.
    return None if place.is_org_shared and place.kind is not PlaceKind.DIRECT else HAS_FOREIGNERS
