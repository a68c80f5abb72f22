"""The channels of clients and of digests: whether Amicable is in them, and who else reads there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.bootstrap.house import House
from bot.commands.doctor.findings import Finding, fault, fine, off
from rules.clients.people import Place
from rules.clients.places import Verdict, verdict
from rules.errors import AmicableError
from rules.ports import DigestChannel
from rules.sentences import Sentence

AREA: Final = "Channels"
NAMED: Final = 10


def look_at_channels(house: House, workspace_id: str) -> Iterator[Finding]:
    with house.outside.units.read(workspace_id) as unit:
        mapped = [(channel_id, client.name) for client in unit.clients.all() for channel_id in client.channel_ids]
        digests = unit.digests.channels()
    if not mapped and not digests:
        yield off(AREA, "No channel belongs to a client yet.", "Add clients in Slack with /client add, or import them.")
        return
    try:
        seen = {place.id: place for place in house.outside.directory.channels(workspace_id)}
    except AmicableError as error:
        yield fault(AREA, "Slack does not list its channels to us.", error.sentence)
        return
    yield from _mapped(mapped, seen)
    for digest in digests:
        yield _digest(house, workspace_id, digest, seen)


def _mapped(mapped: list[tuple[str, str]], seen: Mapping[str, Place]) -> Iterator[Finding]:
    unseen = [f"{client}'s ({channel_id})" for channel_id, client in mapped if channel_id not in seen]
    here = [(seen[channel_id], client) for channel_id, client in mapped if channel_id in seen]
    open_ones = [(place, client) for place, client in here if not place.is_archived]
    shared = [place for place, _ in open_ones if place.is_externally_shared or place.is_pending_shared]
    absent = [
        f"#{place.name} ({client})" for place, client in open_ones if place not in shared and not place.bot_is_member
    ]
    if unseen:
        said = Sentence("Slack does not show us the channels of some clients: {some}.", some=_some(unseen))
        yield fault(AREA, said, "Where they are private type /invite @amicable there; where they are gone map others.")
    if absent:
        said = Sentence("Amicable is not in {some}, so it sees no reactions there.", some=_some(absent))
        yield fault(AREA, said, "Type /invite @amicable there.")
    if shared:
        names = _some([f"#{place.name}" for place in shared])
        yield off(
            AREA,
            Sentence(
                "Others read {names}, too: notes are logged from the message's menu, and nothing is posted.",
                names=names,
            ),
        )
    if mapped and not unseen and not absent:
        yield fine(AREA, "Amicable is in the internal channels of all clients.")


def _digest(house: House, workspace_id: str, digest: DigestChannel, seen: Mapping[str, Place]) -> Finding:
    place = seen.get(digest.channel_id)
    if place is None or not place.bot_is_member or place.is_archived:
        name = f"#{place.name}" if place else digest.channel_id
        why = "it is archived" if place and place.is_archived else "Amicable is not in it"
        said = Sentence("The digest can't be posted in {name}: {why}.", name=name, why=why)
        return fault(AREA, said, "Type /invite @amicable there, or choose another channel with /client settings.")
    try:
        found = _verdict(house, workspace_id, digest.channel_id)
    except AmicableError as error:
        return fault(AREA, Sentence("The digest may not get into #{name}.", name=place.name), error.sentence)
    if not found.internal:
        said = Sentence("The digest is kept out of #{name}: {reason}", name=place.name, reason=found.reason)
        return fault(AREA, said, "Choose an internal channel with /client settings.")
    return fine(AREA, Sentence("The digest goes into #{name}.", name=place.name))


def _verdict(house: House, workspace_id: str, channel_id: str) -> Verdict:
    place = house.outside.directory.place(workspace_id, channel_id, fresh=True)
    return verdict(place, house.outside.directory.people(workspace_id, place.guest_ids or ()))


def _some(names: list[str]) -> str:
    more = Sentence(" and {number} more", number=len(names) - NAMED) if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
