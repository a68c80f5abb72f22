"""What an admin sets for a channel: whether reactions there are notes, and whether we listen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from bot.access import may_see, require_admin
from bot.agenda import LEAVE_IF_READ
from bot.services.audit import record
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.watch import Watch
from rules.errors import ConflictError, InvalidError
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A channel of a client, as it is watched."""

    client: Client
    watch: Watch


class WatchService:
    """Mapping a channel is the opt-in for reactions; listening is one of its own."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def all(self, workspace_id: str, reader: Member) -> Sequence[Watched]:
        """Every channel that belongs to a client whom this person may see, by the client's name."""
        with self._units.read(workspace_id) as unit:
            clients = [client for client in unit.clients.all() if may_see(reader, client)]
            of_each = ([(client, channel_id) for channel_id in client.channel_ids] for client in clients)
            return [
                Watched(client=client, watch=unit.watches.of(channel_id))
                for client, channel_id in chain.from_iterable(of_each)
            ]

    def of(self, workspace_id: str, actor: Member, channel_id: str) -> Watched:
        require_admin(actor)
        with self._units.read(workspace_id) as unit:
            return Watched(client=_whose(unit, channel_id, ""), watch=unit.watches.of(channel_id))

    def set(
        self,
        workspace_id: str,
        actor: Member,
        channel_id: str,
        *,
        reactions: bool,
        listens: bool,
        client_id: str = "",
    ) -> Watched:
        """What was kept of the client's times goes when listening ends, and so do we where a client reads along.

        `client_id` is whose the channel is about to be, so that nothing is followed there in between.
        """
        require_admin(actor)
        with self._units.begin(workspace_id) as unit:
            client = _whose(unit, channel_id, client_id)
            unit.clients.lock(client.id)
            before = unit.watches.of(channel_id)
            after = replace(before, reactions=reactions, listens=listens, spoke_at=before.spoke_at if listens else None)
            unit.watches.save(after)
            now = self._clock.now()
            details = Sentence(
                "reactions {word}, listening {word_2}", word=_word(on=reactions), word_2=_word(on=listens)
            )
            record(unit, actor, now, "channel watched", channel_id, details)
            if before.listens and not listens:
                moment = now.isoformat(timespec="seconds")
                once = f"leave_if_read:{workspace_id}:{channel_id}:{moment}"
                unit.jobs.add(LEAVE_IF_READ(workspace_id, channel_id, once=once))
            return Watched(client=client, watch=after)

    def listens(self, workspace_id: str, channel_id: str) -> bool:
        with self._units.read(workspace_id) as unit:
            return unit.watches.of(channel_id).listens


def _whose(unit: UnitOfWork, channel_id: str, client_id: str) -> Client:
    owner = unit.clients.of_channel(channel_id)
    if owner and client_id and owner.id != client_id:
        raise InvalidError(
            "Please choose another channel.",
            {"channel": Sentence("Choose another channel: this one belongs to {name}.", name=owner.name)},
        )
    if owner is None and not client_id:
        raise ConflictError("This channel belongs to no client any more, so there is nothing to watch in it.")
    return owner or unit.clients.get(client_id)


def _word(*, on: bool) -> str:
    return "on" if on else "off"
