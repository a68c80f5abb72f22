"""Who may do what. Asked on every action again, not on what was drawn."""

from __future__ import annotations

from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.errors import RefusedError
from rules.ports import UnitOfWork
from rules.sentences import Sentence


def require_ours(member: Member) -> None:
    """Members of the workspace only: no bots, no guests (but named contractors), nobody of another team."""
    if not is_ours(member, member.workspace_id):
        raise RefusedError("This works for members of the team only. If that is a mistake, ask a workspace admin.")


def may_see(member: Member, client: Client) -> bool:
    """Everyone of ours, or the people of a list; the client's owner and the admins always."""
    return not client.visible_to or member.is_admin or member.id in (client.owner_id, *client.visible_to)


def require_visible(member: Member, client: Client) -> None:
    """Says no word about the client: whoever holds an old button learns neither name nor owner."""
    if not may_see(member, client):
        raise RefusedError("This client is shown to some people only. If you should see it, ask a workspace admin.")


def may_set_visibility(member: Member, client: Client) -> bool:
    return member.is_admin or member.id == client.owner_id


def seen_client(unit: UnitOfWork, reader: Member, client_id: str) -> Client:
    """The client, for whoever may see it."""
    client = unit.clients.get(client_id)
    require_visible(reader, client)
    return client


def locked_client(unit: UnitOfWork, actor: Member, client_id: str) -> Client:
    """The client as it is once nobody else can change it any more, for whoever may see it."""
    client = unit.clients.lock(client_id)
    require_visible(actor, client)
    return client


def may_decide(member: Member, client: Client) -> bool:
    """Deciders: workspace admins, the client's owner, and people named as deciders where they see the client."""
    return member.is_admin or member.id == client.owner_id or (member.is_decider and may_see(member, client))


def require_decider(member: Member, client: Client) -> None:
    require_visible(member, client)
    if not may_decide(member, client):
        raise RefusedError(
            Sentence(
                "This is for those who decide about clients. Ask <@{owner_id}> or a workspace admin.",
                owner_id=client.owner_id,
            )
        )


def require_admin(member: Member) -> None:
    if not member.is_admin:
        raise RefusedError("This is for workspace admins. Ask one of them to do it, or to make you one.")
