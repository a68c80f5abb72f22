"""Who writes to a client, and how they are addressed: the same in each text that is for them."""

from __future__ import annotations

from bot.services.people import team
from rules.clients.client import Client
from rules.notices.address import Voice
from rules.ports import UnitOfWork


def voice_of(unit: UnitOfWork, client: Client) -> Voice:
    """The client's owner writes; where nobody else works here, as "I"."""
    sender = unit.people.find_member(client.owner_id)
    return Voice(
        language=client.language,
        address=client.address,
        client_name=client.name,
        contact_name=client.contact_name,
        first_name=client.contact_first_name,
        title=client.contact_title,
        sender_name=sender.name if sender else "",
        company_name=unit.workspace().company_name,
        team_of_one=len(team(unit)) == 1,
    )
