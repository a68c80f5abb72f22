"""How people, conversations, messages and views look on the wire."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.slack.workspace import Channel, Json, Message, Person, StoredFile, View, Workspace


def user(workspace: Workspace, person: Person) -> Json:
    ours = person.team_id == workspace.team_id
    found: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "color": "9f69e7",
        "real_name": person.real_name,
        "tz": person.timezone,
        "tz_label": person.timezone,
        "tz_offset": 0,
        "profile": _profile(workspace, person),
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": int(workspace.real()),
    }
    if ours:
        found |= {
            "is_admin": person.is_admin or person.is_owner,
            "is_owner": person.is_owner,
            "is_primary_owner": person.is_owner,
            "is_restricted": person.is_guest,
            "is_ultra_restricted": person.is_single_channel_guest,
        }
    else:
        found["is_stranger"] = False
    return found


def _profile(workspace: Workspace, person: Person) -> Json:
    profile: Json = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "fields": {},
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": "ge3b51ca72de",
        "team": person.team_id,
    }
    if person.is_bot:
        profile |= {"api_app_id": workspace.app_id, "bot_id": workspace.bot_id}
    elif person.email and "users:read.email" in workspace.scopes:
        profile["email"] = person.email
    return profile


def conversation(workspace: Workspace, channel: Channel) -> Json:
    if channel.kind == "im":
        other = next(member for member in channel.members if member != workspace.bot_user_id)
        return {
            "id": channel.id,
            "created": channel.created,
            "is_archived": channel.archived,
            "is_im": True,
            "is_org_shared": False,
            "user": other,
        }
    shared = channel.externally_shared or channel.org_shared
    about = {"value": "", "creator": "", "last_set": 0}
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "created": channel.created,
        "creator": channel.members[0] if channel.members else workspace.bot_user_id,
        "is_archived": channel.archived,
        "is_general": channel.name == "general",
        "unlinked": 0,
        "is_shared": shared,
        "is_ext_shared": channel.externally_shared,
        "is_org_shared": channel.org_shared,
        "is_pending_ext_shared": channel.pending_shared,
        "pending_shared": ["T0PENDING1"] if channel.pending_shared else [],
        "connected_team_ids": [team for team in channel.team_ids if team != workspace.team_id],
        "shared_team_ids": channel.team_ids or [workspace.team_id],
        "context_team_id": workspace.team_id,
        "is_member": workspace.bot_is_in(channel),
        "topic": dict(about),
        "purpose": dict(about),
        "previous_names": [],
    }


def message(workspace: Workspace, said: Message, *, with_metadata: bool = False) -> Json:
    author = workspace.people[said.user_id]
    found: Json = {
        "type": "message",
        "user": said.user_id,
        "ts": said.ts,
        "text": said.text,
        "team": author.team_id,
    }
    if said.by_app:
        found |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id, "bot_profile": bot_profile(workspace)}
    if said.blocks:
        found["blocks"] = said.blocks
    if said.attachments:
        found["attachments"] = said.attachments
    if said.client_msg_id:
        found["client_msg_id"] = said.client_msg_id
    if said.thread_ts:
        found["thread_ts"] = said.thread_ts
    found |= thread_facts(workspace, said)
    if said.edited_ts:
        found["edited"] = {"user": said.user_id, "ts": said.edited_ts}
    if said.reactions:
        found["reactions"] = reactions(said)
    if said.file_ids:
        found["files"] = [file(workspace, workspace.files[each]) for each in said.file_ids]
    if said.metadata and with_metadata:
        found["metadata"] = said.metadata
    return found


def thread_facts(workspace: Workspace, said: Message) -> Json:
    """What a message tells of its thread: the first one counts the replies, a reply names whom it answers."""
    if said.thread_ts and said.thread_ts != said.ts:
        parent = workspace.message(said.channel_id, said.thread_ts)
        return {"parent_user_id": parent.user_id} if parent else {}
    replies = [m for m in workspace.in_channel(said.channel_id) if m.thread_ts == said.ts and not m.visible_to]
    if not replies:
        return {}
    people = list(dict.fromkeys(m.user_id for m in replies))
    return {
        "thread_ts": said.ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "reply_users": people,
        "latest_reply": replies[-1].ts,
        "subscribed": False,
    }


def reactions(said: Message) -> list[Json]:
    return [{"name": name, "users": list(who), "count": len(who)} for name, who in said.reactions.items()]


def bot_profile(workspace: Workspace) -> Json:
    return {
        "id": workspace.bot_id,
        "deleted": False,
        "name": workspace.app_name,
        "updated": int(workspace.real()),
        "app_id": workspace.app_id,
        "icons": {
            f"image_{size}": "https://a.slack-edge.com/80588/img/plugins/app/bot_36.png" for size in (36, 48, 72)
        },
        "team_id": workspace.team_id,
    }


def view(workspace: Workspace, shown: View) -> Json:
    body = shown.body
    found: Json = {
        "id": shown.id,
        "team_id": workspace.team_id,
        "type": body["type"],
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata") or "",
        "callback_id": body.get("callback_id") or "",
        "external_id": body.get("external_id") or "",
        "state": {"values": shown.values},
        "hash": shown.hash,
        "title": body.get("title"),
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": shown.previous_id or None,
        "root_view_id": shown.root_id,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }
    return found


def _mimetype(stored: StoredFile) -> str:
    return "image/png" if stored.name.endswith(".png") else "application/octet-stream"


def file(workspace: Workspace, stored: StoredFile) -> Json:
    return {
        "id": stored.id,
        "created": int(workspace.real()),
        "name": stored.name,
        "title": stored.title or stored.name,
        "mimetype": _mimetype(stored) if workspace.real() >= stored.usable_at else "",
        "size": len(stored.content),
        "user": workspace.bot_user_id,
        "alt_txt": stored.alt_text,
        "channels": stored.channel_ids,
        "url_private": f"{workspace.public_url}/files/{stored.id}/{stored.name}",
    }


def page(found: list[Any], cursor: str, limit: int) -> tuple[list[Any], Json]:
    """One page of a list and what `response_metadata` says of the next."""
    start = int(cursor.removeprefix("from:") or 0) if cursor else 0
    rest = len(found) > start + limit
    return found[start : start + limit], {"next_cursor": f"from:{start + limit}" if rest else ""}
