"""Who sees a client: everyone of the team, or the people of a list beside the owner and the admins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.access import locked_client, may_set_visibility, require_ours, seen_client
from bot.services.audit import record
from bot.services.people import redraw_homes
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.errors import InvalidError, RefusedError
from rules.ports import Clock, Directory, Units
from rules.sentences import Sentence


class VisibilityService:
    """Set by the client's owner and by admins."""

    def __init__(self, units: Units, clock: Clock, directory: Directory) -> None:
        self._units = units
        self._clock = clock
        self._directory = directory

    def client(self, workspace_id: str, actor: Member, client_id: str) -> Client:
        """For the form."""
        with self._units.read(workspace_id) as unit:
            client = seen_client(unit, actor, client_id)
            _admit(actor, client)
            return client

    def show_to_everyone(self, workspace_id: str, actor: Member, client_id: str) -> Client:
        return self._show(workspace_id, actor, client_id, lambda _client: ())

    def show_to(self, workspace_id: str, actor: Member, client_id: str, person_ids: Sequence[str]) -> Client:
        """To these, its owner and the admins; with nobody named to the latter only."""
        found = [self._directory.member(workspace_id, person_id) for person_id in dict.fromkeys(person_ids)]
        strange = ", ".join(member.name for member in found if not is_ours(member, workspace_id))
        if strange:
            sentence = Sentence(
                "{strange} can't see clients. Choose people from the team; an admin can name a guest a contractor.",
                strange=strange,
            )
            raise InvalidError("Please look at the people.", {"people": sentence})
        listed = tuple(member.id for member in found)
        return self._show(workspace_id, actor, client_id, lambda client: listed or (client.owner_id,))

    def _show(
        self, workspace_id: str, actor: Member, client_id: str, to: Callable[[Client], tuple[str, ...]]
    ) -> Client:
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, client_id)
            _admit(actor, client)
            shown = replace(client, visible_to=to(client))
            if shown != client:
                unit.clients.save(shown)
                details = (
                    Sentence("{count} person", "{count} people", count=len(shown.visible_to))
                    if shown.visible_to
                    else "everyone"
                )
                record(unit, actor, self._clock.now(), "visibility set", client_id, details)
                redraw_homes(unit, self._clock.now())
            return shown


def _admit(actor: Member, client: Client) -> None:
    require_ours(actor)
    if not may_set_visibility(actor, client):
        raise RefusedError(
            Sentence(
                "<@{owner_id}> and the workspace admins say who sees this client. Ask one of them.",
                owner_id=client.owner_id,
            )
        )
