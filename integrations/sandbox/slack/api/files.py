"""files.*: uploads in three steps (facts 2.6)."""

from __future__ import annotations

from integrations.sandbox.slack import wire
from integrations.sandbox.slack.api.arguments import Arguments
from integrations.sandbox.slack.api.chat import known_channel
from integrations.sandbox.slack.said import tell_said
from integrations.sandbox.slack.workspace import Json, Message, SlackError, StoredFile, Workspace

MOST_ALT_LETTERS = 1000
LOOKED_INTO_SECONDS = 0.7


def get_upload_url(workspace: Workspace, args: Arguments) -> Json:
    name, alt_text = args.need("filename"), args.text("alt_txt")
    if args.number("length", 0) < 1:
        raise SlackError("missing_argument")
    if len(alt_text) > MOST_ALT_LETTERS:
        raise SlackError("alt_txt_too_large")
    stored = StoredFile(id=workspace.new_id("F"), name=name, alt_text=alt_text)
    with workspace.lock:
        workspace.files[stored.id] = stored
    return {"upload_url": f"{workspace.public_url}/files/upload/{stored.id}", "file_id": stored.id}


def receive(workspace: Workspace, file_id: str, content: bytes) -> None:
    """The bytes that were sent to the upload address."""
    with workspace.changed:
        stored = workspace.files.get(file_id)
        if stored is None or stored.completed:
            raise SlackError("file_not_found")
        stored.content = content
        workspace.changed.notify_all()


def complete_upload(workspace: Workspace, args: Arguments) -> Json:
    asked = args.structure("files") or []
    stored = [_uploaded(workspace, each.get("id", "")) for each in asked]
    if not stored:
        raise SlackError("invalid_arguments")
    for file, each in zip(stored, asked, strict=True):
        file.title, file.completed = each.get("title") or file.name, True
        file.usable_at = workspace.real() + LOOKED_INTO_SECONDS
    if args.text("channel_id"):
        _share(workspace, args, stored)
    return {"files": [wire.file(workspace, file) for file in stored]}


def info(workspace: Workspace, args: Arguments) -> Json:
    stored = workspace.files.get(args.need("file"))
    if stored is None or not stored.completed:
        raise SlackError("file_not_found")
    return {"file": wire.file(workspace, stored)}


def require_usable(workspace: Workspace, blocks: list[Json], where: str) -> None:
    """An upload is scanned after it was completed; until then a block that shows it is refused (facts 9.4)."""
    shown = [(number, (block.get("slack_file") or {}).get("id", "")) for number, block in enumerate(blocks)]
    for number, file_id in shown:
        stored = workspace.files.get(file_id)
        if file_id and (stored is None or not stored.completed or workspace.real() < stored.usable_at):
            finding = f"[ERROR] invalid slack file [json-pointer:{where}/{number}/slack_file]"
            raise SlackError("invalid_arguments", response_metadata={"messages": [finding]})


def delete(workspace: Workspace, args: Arguments) -> Json:
    file_id = args.need("file")
    with workspace.changed:
        if workspace.files.pop(file_id, None) is None:
            raise SlackError("file_not_found")
        for message in workspace.messages:
            message.file_ids = [each for each in message.file_ids if each != file_id]
        workspace.changed.notify_all()
    return {}


def _uploaded(workspace: Workspace, file_id: str) -> StoredFile:
    stored = workspace.files.get(file_id)
    if stored is None or not stored.content:
        raise SlackError("file_not_found")
    return stored


def _share(workspace: Workspace, args: Arguments, stored: list[StoredFile]) -> None:
    channel = known_channel(workspace, args.text("channel_id"))
    if not workspace.bot_is_in(channel):
        raise SlackError("not_in_channel")
    for file in stored:
        file.channel_ids.append(channel.id)
    said = workspace.keep(
        Message(
            channel_id=channel.id,
            ts=workspace.new_ts(),
            user_id=workspace.bot_user_id,
            text=args.text("initial_comment"),
            thread_ts=args.text("thread_ts"),
            by_app=True,
            file_ids=[file.id for file in stored],
        )
    )
    tell_said(workspace, said)
