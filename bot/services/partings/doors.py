"""Who comes to a parting, and how: to look, or to change it under its lock."""

from __future__ import annotations

from bot.access import require_decider, require_ours
from bot.services.partings.sheets import may_see
from rules.clients.client import Client
from rules.clients.people import Member
from rules.errors import ConflictError, NotFoundError
from rules.partings.parting import OVER, Parting
from rules.ports import UnitOfWork
from rules.sentences import Sentence


def seen_parting(unit: UnitOfWork, reader: Member, parting_id: str) -> tuple[Client, Parting]:
    parting = unit.partings.get(parting_id)
    client = unit.clients.get(parting.client_id)
    if not may_see(reader, client, parting):
        raise NotFoundError("There is no parting here that you could look at. Ask the client's owner.")
    return client, parting


def locked_parting(unit: UnitOfWork, actor: Member, parting_id: str) -> tuple[Client, Parting]:
    """For those who decide. Always the client before the parting, and the parting before its tickets."""
    require_ours(actor)
    client = unit.clients.lock(unit.partings.get(parting_id).client_id)
    require_decider(actor, client)
    return client, unit.partings.lock(parting_id)


def open_parting(unit: UnitOfWork, actor: Member, parting_id: str) -> tuple[Client, Parting]:
    """The same for what only changes while the parting is under way."""
    client, parting = locked_parting(unit, actor, parting_id)
    if parting.state in OVER:
        raise ConflictError(Sentence("The parting from {name} is over: its lists stay as they are.", name=client.name))
    return client, parting
