"""Whom we write to and what the contract says: completed at any time, since a letter may ask for it (CN01, CN04).

What a decision rested on stays frozen with it; the letter follows in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.access import require_decider
from bot.services.audit import record
from bot.services.partings.letter_facts import letter_facts
from bot.services.partings.notices import follow_letter
from rules.clients.client import Client, Contract
from rules.clients.people import Member
from rules.errors import ConflictError
from rules.partings.parting import OVER, Parting
from rules.ports import Clock, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """The one whom we write to, how they are addressed, and the addresses that get a copy."""

    name: str
    first_name: str = ""
    title: str = ""
    email: str = ""
    copies: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """`parting` is the one that is under way, if any."""

    client: Client
    parting: Parting | None


class ParticularsService:
    """For those who decide about the client."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def sheet(self, workspace_id: str, reader: Member, client_id: str) -> Particulars:
        with self._units.read(workspace_id) as unit:
            client = unit.clients.get(client_id)
            require_decider(reader, client)
            parting = unit.partings.of_client(client_id)
            return Particulars(client=client, parting=parting if parting and parting.state not in OVER else None)

    def set_contacts(self, workspace_id: str, actor: Member, client_id: str, contacts: Contacts) -> Particulars:
        return self._change(
            (workspace_id, client_id, "contacts set"),
            actor,
            lambda client: replace(
                client,
                contact_name=contacts.name,
                contact_first_name=contacts.first_name,
                contact_title=contacts.title,
                contact_email=contacts.email,
                contact_copies=contacts.copies,
                address=contacts.address,
            ),
        )

    def set_contract(self, workspace_id: str, actor: Member, client_id: str, contract: Contract) -> Particulars:
        return self._change(
            (workspace_id, client_id, "contract reviewed"), actor, lambda client: replace(client, contract=contract)
        )

    def _change(self, what: tuple[str, str, str], actor: Member, change: Callable[[Client], Client]) -> Particulars:
        """`what` is workspace, client and the audit log's word."""
        workspace_id, client_id, action = what
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(client_id)
            require_decider(actor, client)
            if client.merged_into:
                raise ConflictError("This client is part of another one now. Open that one.")
            changed = change(client)
            parting = unit.partings.of_client(client_id)
            running = unit.partings.lock(parting.id) if parting and parting.state not in OVER else None
            before = letter_facts(unit, client, running) if running else None
            unit.clients.save(changed)
            if running and before:
                follow_letter(unit, before, changed, running)
            record(unit, actor, self._clock.now(), action, client_id)
            return Particulars(client=changed, parting=running)
