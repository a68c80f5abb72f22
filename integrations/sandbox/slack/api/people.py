"""auth.test, team.info, users.*: who is there."""

from __future__ import annotations

from integrations.sandbox.slack import wire
from integrations.sandbox.slack.api.arguments import Arguments
from integrations.sandbox.slack.workspace import Json, SlackError, Workspace

MOST_A_PAGE = 1000


def page_size(args: Arguments, usual: int) -> int:
    """What a page may hold: users.list and conversations.members refuse more than a thousand."""
    asked = args.number("limit", usual)
    if not 0 < asked <= MOST_A_PAGE:
        raise SlackError("invalid_limit")
    return asked


def auth_test(workspace: Workspace, _args: Arguments) -> Json:
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.team_name,
        "user": workspace.people[workspace.bot_user_id].name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": workspace.is_enterprise,
    }


def own_auth(workspace: Workspace) -> Json:
    """auth.test for a configuration token, which belongs to a person."""
    owner = workspace.people.get(workspace.config_user_id)
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.team_name,
        "user": owner.name if owner else "",
        "team_id": workspace.team_id,
        "user_id": workspace.config_user_id,
    }


def info(workspace: Workspace, args: Arguments) -> Json:
    person = workspace.person(args.need("user"))
    if person.hidden:
        raise SlackError("user_not_visible")
    return {"user": wire.user(workspace, person)}


def list_all(workspace: Workspace, args: Arguments) -> Json:
    ours = [
        wire.user(workspace, person)
        for person in workspace.people.values()
        if person.team_id == workspace.team_id and not person.hidden
    ]
    found, metadata = wire.page(ours, args.text("cursor"), page_size(args, 200))
    return {"members": found, "cache_ts": int(workspace.real()), "response_metadata": metadata}


def lookup_by_email(workspace: Workspace, args: Arguments) -> Json:
    email = args.need("email").lower()
    for person in workspace.people.values():
        if person.email.lower() == email and person.team_id == workspace.team_id and not person.deleted:
            return {"user": wire.user(workspace, person)}
    raise SlackError("users_not_found")


def conversations(workspace: Workspace, args: Arguments) -> Json:
    person_id = args.text("user", workspace.bot_user_id)
    found = [
        wire.conversation(workspace, channel)
        for channel in workspace.channels.values()
        if person_id in channel.members and (channel.kind == "public" or workspace.bot_is_in(channel))
    ]
    shown, metadata = wire.page(found, args.text("cursor"), args.number("limit", 100))
    return {"channels": shown, "response_metadata": metadata}
