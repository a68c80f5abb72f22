"""Canary words that reached somebody who is not ours (BR14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from integrations.sandbox.slack.workspace import Message, Workspace, everything_in


def found(workspace: Workspace, canaries: Sequence[str]) -> list[str]:
    """One line for each place of a client's where a canary stands or ever stood."""
    with workspace.lock:
        exposed = [*_exposed(workspace)]
    lines = (
        f"{canary} in {place}" for place, text in exposed for canary in canaries if canary.casefold() in text.casefold()
    )
    return list(dict.fromkeys(lines))


def _exposed(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """(place, text) of all that the app shows to outsiders."""
    yield "the app's name", workspace.app_name
    bot = workspace.people[workspace.bot_user_id]
    yield "the bot's profile", f"{bot.name} {bot.real_name}"
    yield "the manifest", str({**workspace.manifest, "oauth_config": {}})
    yield from workspace.exposures
    for message in workspace.messages:
        if message.by_app and workspace.outsiders_see(message):
            yield from ((f"{message.channel_id} {message.ts}", text) for text in message.versions)
            yield from _files(workspace, message)
    for view in workspace.all_views():
        if workspace.is_outsider(view.person_id):
            yield f"a view of {view.person_id}", everything_in(view.body)


def _files(workspace: Workspace, message: Message) -> Iterator[tuple[str, str]]:
    for file_id in message.file_ids:
        stored = workspace.files[file_id]
        words = stored.content.decode(errors="ignore")
        yield f"file {stored.id} in {message.channel_id}", f"{stored.name} {stored.title} {stored.alt_text} {words}"
