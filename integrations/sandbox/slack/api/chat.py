"""chat.*: saying, changing and taking back."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.slack import said as events
from integrations.sandbox.slack import wire
from integrations.sandbox.slack.api.arguments import Arguments, invalid_arguments
from integrations.sandbox.slack.blockkit.limits import (
    MOST_MARKDOWN_LETTERS,
    MOST_UPDATE_LETTERS,
    TRUNCATED_AT,
    check_blocks,
)
from integrations.sandbox.slack.workspace import (
    RESPONSE_URL_SECONDS,
    RESPONSE_URL_USES,
    Channel,
    Json,
    Message,
    SlackError,
    Workspace,
)

MOST_ATTACHMENTS = 100


def post_message(workspace: Workspace, args: Arguments) -> Json:
    channel = _place_to_write(workspace, args.need("channel"))
    said = keep_words(workspace, args, channel)
    return {"channel": channel.id, "ts": said.ts, "message": wire.message(workspace, said, with_metadata=True)}


def post_ephemeral(workspace: Workspace, args: Arguments) -> Json:
    channel = _place_to_write(workspace, args.need("channel"))
    reader = args.need("user")
    if reader not in workspace.people:
        raise SlackError("user_not_found")
    if reader not in channel.members:
        raise SlackError("user_not_in_channel")
    said = keep_words(workspace, args, channel, visible_to=reader)
    return {"message_ts": said.ts}


def update(workspace: Workspace, args: Arguments) -> Json:
    channel = _place_to_write(workspace, args.need("channel"))
    words = _words(args)
    _refuse_unknown(workspace, words["blocks"])
    if len(words["text"]) > MOST_UPDATE_LETTERS:
        raise SlackError("msg_too_long")
    with workspace.changed:
        said = _own(workspace, channel, args.need("ts"), "cant_update_message")
        before = wire.message(workspace, said)
        replace_words(workspace, said, words)
        if "metadata" in args.values:
            said.metadata = _metadata(args)
    events.tell_changed(workspace, said, before)
    answer = wire.message(workspace, said, with_metadata=True)
    return {"channel": channel.id, "ts": said.ts, "text": said.text, "message": answer}


def delete(workspace: Workspace, args: Arguments) -> Json:
    channel = known_channel(workspace, args.need("channel"))
    with workspace.changed:
        said = _own(workspace, channel, args.need("ts"), "cant_delete_message")
    take_away(workspace, said)
    return {"channel": channel.id, "ts": said.ts}


def take_away(workspace: Workspace, said: Message) -> None:
    with workspace.changed:
        before = wire.message(workspace, said)
        workspace.messages.remove(said)
        workspace.changed.notify_all()
    events.tell_deleted(workspace, said, before)


def get_permalink(workspace: Workspace, args: Arguments) -> Json:
    channel = known_channel(workspace, args.need("channel"))
    ts = args.need("message_ts")
    if workspace.message(channel.id, ts) is None:
        raise SlackError("message_not_found")
    return {"channel": channel.id, "permalink": permalink(workspace, channel.id, ts)}


def permalink(workspace: Workspace, channel_id: str, ts: str) -> str:
    return f"https://{workspace.domain}.slack.com/archives/{channel_id}/p{ts.replace('.', '')}"


def respond(workspace: Workspace, key: str, args: Arguments) -> Json:
    """What a `response_url` does: a private or public reply, or the replacement of the message it came with."""
    with workspace.changed:
        url = workspace.response_urls.get(key)
        if url is None or workspace.real() - url.issued_at > RESPONSE_URL_SECONDS:
            raise SlackError("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        url.uses += 1
        said = workspace.message(url.channel_id, url.message_ts) if url.message_ts else None
        if said and args.flag("delete_original"):
            workspace.messages.remove(said)
        elif said and args.flag("replace_original"):
            replace_words(workspace, said, _words(args))
        else:
            public = args.text("response_type") == "in_channel"
            channel = workspace.channels[url.channel_id]
            keep_words(workspace, args, channel, visible_to="" if public else url.person_id)
        workspace.changed.notify_all()
    return {}


def keep_words(workspace: Workspace, args: Arguments, channel: Channel, *, visible_to: str = "") -> Message:
    """Stores what the app says here."""
    words = _words(args)
    _refuse_unknown(workspace, words["blocks"])
    thread_ts = args.text("thread_ts")
    if thread_ts and workspace.message(channel.id, thread_ts) is None:
        raise SlackError("thread_not_found" if visible_to else "message_not_found")
    said = workspace.keep(
        Message(
            channel_id=channel.id,
            ts=workspace.new_ts(),
            user_id=workspace.bot_user_id,
            thread_ts=thread_ts,
            visible_to=visible_to,
            by_app=True,
            metadata=_metadata(args),
            text=words["text"],
            blocks=name_blocks(workspace, words["blocks"]),
            attachments=words["attachments"],
        )
    )
    events.tell_said(workspace, said)
    return said


def replace_words(workspace: Workspace, said: Message, words: dict[str, Any]) -> None:
    said.text, said.attachments = words["text"], words["attachments"]
    said.blocks = name_blocks(workspace, words["blocks"])
    said.edited_ts = workspace.new_ts()
    workspace.record(said)


def known_channel(workspace: Workspace, channel_id: str) -> Channel:
    """The conversation, if the bot may know of it: a private one it is not in does not exist for it."""
    channel = workspace.channels.get(channel_id)
    if channel is None or (channel.kind != "public" and not workspace.bot_is_in(channel)):
        raise SlackError("channel_not_found")
    return channel


def name_blocks(workspace: Workspace, blocks: list[Json]) -> list[Json]:
    """Slack names the blocks that have no name."""
    return [block if block.get("block_id") else {**block, "block_id": workspace.new_id("b")} for block in blocks]


def _place_to_write(workspace: Workspace, channel_id: str) -> Channel:
    if channel_id in workspace.people:
        return workspace.direct_channel(channel_id)
    channel = known_channel(workspace, channel_id)
    if channel.archived:
        raise SlackError("is_archived")
    if not workspace.bot_is_in(channel) and "chat:write.public" not in workspace.scopes:
        raise SlackError("not_in_channel")
    return channel


def _own(workspace: Workspace, channel: Channel, ts: str, refusal: str) -> Message:
    said = workspace.message(channel.id, ts)
    if said is None or said.visible_to:
        raise SlackError("message_not_found")
    if not said.by_app:
        raise SlackError(refusal)
    return said


def _words(args: Arguments) -> dict[str, Any]:
    blocks = args.structure("blocks") or []
    attachments = args.structure("attachments") or []
    markdown = args.text("markdown_text")
    text = args.text("text")
    if markdown and (text or blocks):
        raise SlackError("markdown_text_conflict")
    if len(markdown) > MOST_MARKDOWN_LETTERS:
        raise SlackError("msg_too_long")
    if not (text or blocks or attachments or markdown):
        raise SlackError("no_text")
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    check_blocks(blocks)
    return {"text": (text or markdown)[:TRUNCATED_AT], "blocks": blocks, "attachments": attachments}


def _refuse_unknown(workspace: Workspace, blocks: list[Json]) -> None:
    """A Slack that does not have a kind of block yet."""
    unknown = [block["type"] for block in blocks if block["type"] in workspace.unknown_blocks]
    if unknown:
        raise SlackError("invalid_blocks", errors=[f"unsupported type: {kind}" for kind in unknown])


def _metadata(args: Arguments) -> Json | None:
    metadata = args.structure("metadata")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise invalid_arguments("[ERROR] metadata needs event_type and event_payload [json-pointer:/metadata]")
    return metadata
