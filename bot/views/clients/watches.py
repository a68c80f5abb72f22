"""How channels are watched: the list, and the form of one channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Message, Option, View
from bot.services.clients.watches import Watched
from bot.views.blocks import (
    Marked,
    actions,
    button,
    channel,
    channel_input,
    checks_input,
    context,
    dialog,
    form,
    marked,
    message,
    search_input,
    section,
)
from rules.clients.people import Member
from rules.clients.watch import Watch
from rules.sentences import Sentence

PAGE = 40  # a dialog holds 100 blocks
REACTIONS, LISTENS = "reactions", "listens"
_OPTIONS = (
    Option("Reactions from the emoji list become notes", REACTIONS),
    Option("Listen to this channel", LISTENS),
)
_LISTENING = Marked(
    "*What listening means:* Amicable then receives every message of this channel. It keeps the time of the client's "
    "messages, which stops a running “Waiting for a reply”, and follows edits and deletions of messages that carry a "
    "note. It never keeps any other text. Where listening is off, Slack's messages are dropped unread."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A filled form."""

    reactions: bool
    listens: bool


def watch_list(channels: Sequence[Watched], number: int, reader: Member) -> View:
    """Whoever is no admin reads it and is told whom to ask."""
    pages = max(1, -(-len(channels) // PAGE))
    number = min(max(number, 0), pages - 1)
    blocks: list[Block] = [_row(each, reader) for each in channels[number * PAGE : (number + 1) * PAGE]]
    if not channels:
        blocks.append(section(Marked("*No channel belongs to a client yet.* Reactions are followed once one does.")))
    blocks += _turning(number, pages)
    if reader.is_admin:
        blocks.append(actions(button("Add a channel", Action.ADD_WATCH, style="" if channels else "primary")))
    else:
        blocks.append(context(Marked("Workspace admins change this.")))
    return dialog("Channels", blocks)


def add_watch_form() -> View:
    blocks = [
        channel_input("channel", "Channel", shared=True),
        search_input("client", "Client", Action.PICK_CLIENT),
        *_choices(Watch(workspace_id="", channel_id="")),
    ]
    return form(Form.ADD_WATCH, "Add a channel", blocks)


def watch_form(watched: Watched) -> View:
    channel_id = watched.watch.channel_id
    blocks = [
        section(marked("{channel} belongs to *{name}*", channel=channel(channel_id), name=watched.client.name)),
        *_choices(watched.watch),
    ]
    return form(Form.WATCH, "Channel", blocks, memo={"channel": channel_id})


def read_watch_form(values: Mapping[str, Any]) -> Wish:
    ticked = values.get("watch") or []
    return Wish(reactions=REACTIONS in ticked, listens=LISTENS in ticked)


def watch_set(watched: Watched) -> Message:
    """Listening and reactions need the app in the channel; it can't let itself in."""
    watch = watched.watch
    needed = watch.reactions or watch.listens
    invite = Marked("\nAmicable hears of it only where it is a member: type `/invite @amicable` there if it is not.")
    return message(
        Sentence("Saved. {plain_state}", plain_state=_plain_state(watch)),
        section(
            Marked(
                marked(
                    "*Saved.* {channel}, {name}: {state}",
                    channel=channel(watch.channel_id),
                    name=watched.client.name,
                    state=_plain_state(watch),
                )
                + (invite if needed else "")
            )
        ),
        actions(button("All channels", Action.WATCHES)),
    )


def _choices(watch: Watch) -> list[Block]:
    ticked = [name for name, on in ((REACTIONS, watch.reactions), (LISTENS, watch.listens)) if on]
    return [checks_input("watch", "What Amicable follows there", _OPTIONS, initial=ticked), section(_LISTENING)]


def _row(watched: Watched, reader: Member) -> Block:
    watch = watched.watch
    said = marked(
        "{channel} · *{name}*\n{state}",
        channel=channel(watch.channel_id),
        name=watched.client.name,
        state=_plain_state(watch),
    )
    if not reader.is_admin:
        return section(said)
    name = Sentence("Change what is followed in this channel of {name}", name=watched.client.name)
    return section(said, button("Change", Action.WATCH, watch.channel_id, suffix=watch.channel_id, name=name))


def _plain_state(watch: Watch) -> str:
    reactions = "Reactions become notes" if watch.reactions else "Reactions are not followed"
    return Sentence("{reactions}. Listening is {what}.", reactions=reactions, what="on" if watch.listens else "off")


def _turning(number: int, pages: int) -> list[Block]:
    ways = [("Previous", number - 1), ("Next", number + 1)]
    turns = [
        button(
            label, Action.WATCHES, str(to), suffix=label.lower(), name=Sentence("{label} page of channels", label=label)
        )
        for label, to in ways
        if 0 <= to < pages
    ]
    return [actions(*turns)] if turns else []
