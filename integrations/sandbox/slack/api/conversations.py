"""conversations.*: reading what was said, and who is where."""

from __future__ import annotations

from integrations.sandbox.slack import wire
from integrations.sandbox.slack.api.arguments import Arguments
from integrations.sandbox.slack.api.chat import known_channel
from integrations.sandbox.slack.api.people import page_size
from integrations.sandbox.slack.workspace import Channel, Json, Message, SlackError, Workspace

MOST_MESSAGES = 999
MOST_LIMITED = 15  # for apps outside the Marketplace (facts 2.5)
KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def history(workspace: Workspace, args: Arguments) -> Json:
    channel = _readable(workspace, args)
    workspace.count_read("conversations.history")
    top = [m for m in workspace.in_channel(channel.id) if not m.visible_to and m.thread_ts in {"", m.ts}]
    return _messages(workspace, args, sorted(top, key=lambda m: m.ts, reverse=True))


def replies(workspace: Workspace, args: Arguments) -> Json:
    channel = _readable(workspace, args)
    workspace.count_read("conversations.replies")
    asked = workspace.message(channel.id, args.need("ts"))
    if asked is None or asked.visible_to:
        raise SlackError("thread_not_found")
    if asked.thread_ts not in {"", asked.ts}:
        return _messages(workspace, args, [asked])
    thread = [m for m in workspace.in_channel(channel.id) if asked.ts in {m.ts, m.thread_ts} and not m.visible_to]
    return _messages(workspace, args, sorted(thread, key=lambda m: m.ts))


def info(workspace: Workspace, args: Arguments) -> Json:
    channel = known_channel(workspace, args.need("channel"))
    needs_scope(workspace, channel, "read")
    found = wire.conversation(workspace, channel)
    if args.flag("include_num_members"):
        found["num_members"] = len(channel.members)
    return {"channel": found}


def list_all(workspace: Workspace, args: Arguments) -> Json:
    kinds = [KINDS.get(each.strip(), "") for each in args.text("types", "public_channel").split(",")]
    if "" in kinds:
        raise SlackError("invalid_types")
    for kind in kinds:
        _need(workspace, f"{_family(kind)}:read")
    seen = [
        wire.conversation(workspace, channel)
        for channel in workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "public" or workspace.bot_is_in(channel))
        and not (channel.archived and args.flag("exclude_archived"))
    ]
    found, metadata = wire.page(seen, args.text("cursor"), args.number("limit", 100))
    return {"channels": found, "response_metadata": metadata}


def members(workspace: Workspace, args: Arguments) -> Json:
    channel = known_channel(workspace, args.need("channel"))
    needs_scope(workspace, channel, "read")
    found, metadata = wire.page(list(channel.members), args.text("cursor"), page_size(args, 100))
    return {"members": found, "response_metadata": metadata}


def open_direct(workspace: Workspace, args: Arguments) -> Json:
    people = args.text("users").split(",") if args.text("users") else []
    if args.text("channel"):
        return {"channel": {"id": known_channel(workspace, args.text("channel")).id}}
    if not people:
        raise SlackError("users_list_not_supplied")
    if len(people) > 1:
        raise SlackError("missing_scope", needed="mpim:write", provided=",".join(sorted(workspace.scopes)))
    person = workspace.person(people[0])
    if person.deleted:
        raise SlackError("user_disabled")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    channel = workspace.direct_channel(person.id)
    return {"channel": wire.conversation(workspace, channel) if args.flag("return_im") else {"id": channel.id}}


def join(workspace: Workspace, args: Arguments) -> Json:
    channel = known_channel(workspace, args.need("channel"))
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if not workspace.bot_is_in(channel):
        channel.members.append(workspace.bot_user_id)
        workspace.touch()
        workspace.emit(joined(workspace, channel, workspace.bot_user_id, ""))
    return {"channel": wire.conversation(workspace, channel)}


def leave(workspace: Workspace, args: Arguments) -> Json:
    channel = known_channel(workspace, args.need("channel"))
    if channel.kind == "im":
        raise SlackError("method_not_supported_for_channel_type")
    _need(workspace, "channels:manage" if channel.kind == "public" else "groups:write")
    if not workspace.bot_is_in(channel):
        return {"not_in_channel": True}
    if channel.members == [workspace.bot_user_id]:
        raise SlackError("last_member")
    channel.members.remove(workspace.bot_user_id)
    workspace.touch()
    return {}


def joined(workspace: Workspace, channel: Channel, person_id: str, inviter_id: str) -> Json:
    """The event `member_joined_channel`."""
    event: Json = {
        "type": "member_joined_channel",
        "user": person_id,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "public" else "G",
        "team": workspace.people[person_id].team_id,
    }
    return event | ({"inviter": inviter_id} if inviter_id else {})


def needs_scope(workspace: Workspace, channel: Channel, verb: str) -> None:
    _need(workspace, f"{_family(channel.kind)}:{verb}")


def _family(kind: str) -> str:
    return {"public": "channels", "private": "groups"}.get(kind, kind)


def _need(workspace: Workspace, scope: str) -> None:
    if scope not in workspace.scopes:
        raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(workspace.scopes)))


def _readable(workspace: Workspace, args: Arguments) -> Channel:
    channel = known_channel(workspace, args.need("channel"))
    needs_scope(workspace, channel, "history")
    if not workspace.bot_is_in(channel):
        raise SlackError("not_in_channel")
    return channel


def _messages(workspace: Workspace, args: Arguments, found: list[Message]) -> Json:
    oldest, latest = args.text("oldest"), args.text("latest")
    inclusive = args.flag("inclusive")
    limit = args.number("limit", 100)
    if not 1 <= limit <= MOST_MESSAGES:
        raise SlackError("invalid_limit")
    within = [m for m in found if _between(m.ts, oldest, latest, inclusive=inclusive)]
    most = MOST_LIMITED if workspace.reads_a_minute else MOST_MESSAGES
    shown, metadata = wire.page(within, args.text("cursor"), min(limit, most))
    with_metadata = args.flag("include_all_metadata")
    answer: Json = {
        "messages": [wire.message(workspace, m, with_metadata=with_metadata) for m in shown],
        "has_more": bool(metadata["next_cursor"]),
    }
    if metadata["next_cursor"]:
        answer["response_metadata"] = metadata
    return answer


def _between(ts: str, oldest: str, latest: str, *, inclusive: bool) -> bool:
    moment = float(ts)
    after = not oldest or moment > float(oldest) or (inclusive and moment == float(oldest))
    before = not latest or moment < float(latest) or (inclusive and moment == float(latest))
    return after and before
