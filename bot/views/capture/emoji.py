"""Which emoji mean what: the list, and the form for one type of note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, View
from bot.services.capture.emoji import Meant
from bot.views.blocks import (
    Marked,
    actions,
    button,
    context,
    dialog,
    form,
    header,
    marked,
    section,
    text_input,
)
from rules.clients.people import Member
from rules.health.evidence.emoji import MOST_EMOJI, WAITING_EMOJI, typed_emoji
from rules.health.signal import Side
from rules.sentences import Sentence

EMOJI_LENGTH = 200
_HEADINGS = ((Side.THEIRS, "Red flags"), (Side.PRAISE, "Praise"), (Side.OURS, "Our own misses"))


def emoji_list(meanings: Sequence[Meant], reader: Member) -> View:
    """Some forty types: one dialog holds them all."""
    blocks: list[Block] = [
        context(
            marked(
                "A message in a client's channel that gets one of these becomes a note. {waiting} always means "
                "“Waiting for a reply”.",
                waiting=_sign(WAITING_EMOJI),
            )
        )
    ]
    for side, heading in _HEADINGS:
        blocks.append(header(heading))
        blocks += [_row(meant, reader) for meant in meanings if meant.type.side is side]
    if not reader.is_admin:
        blocks.append(context(Marked("Workspace admins change this.")))
    return dialog("Emoji", blocks)


def emoji_form(meant: Meant, typed: str = "") -> View:
    """`typed` is what somebody is about to correct. An everyday emoji that is off stands there to be turned on."""
    is_off = meant.type.opt_in and not meant.is_own
    shown = meant.type.emojis if is_off else meant.emoji
    blocks: list[Block] = [
        section(marked("*{label}*\n{hint}", label=meant.type.label, hint=meant.type.hint)),
        text_input(
            "emoji",
            "Emoji",
            initial=typed or " ".join(f":{name}:" for name in shown),
            hint=Sentence(
                "One to {most_emoji}, such as :snail: :sloth:. Leave it empty to switch reactions off for this type.",
                most_emoji=MOST_EMOJI,
            ),
            optional=True,
            limit=EMOJI_LENGTH,
        ),
        context(Marked("It counts from now on. Notes that are there stay what they are.")),
    ]
    if is_off:
        blocks.append(context(Marked("It is off so far, since people react like that every day. Save to turn it on.")))
    if meant.is_own:
        ours = "off" if meant.type.opt_in else " ".join(_sign(name) for name in meant.type.emojis) or "none"
        blocks.append(actions(button("Back to the original", Action.RESET_EMOJI, meant.type.code)))
        blocks.append(context(marked("Originally: {ours}", ours=Marked(ours))))
    return form(Form.EMOJI, "Emoji", blocks, memo={"type": meant.type.code})


def read_emoji_form(values: Mapping[str, Any]) -> tuple[str, ...]:
    return typed_emoji(str(values.get("emoji") or ""))


def _row(meant: Meant, reader: Member) -> Block:
    signs = " ".join(f"{_sign(name)} `{name}`" for name in meant.emoji)
    offered = Marked(" ".join(_sign(name) for name in meant.type.emojis))
    off = marked("_off; {offered} can be turned on_", offered=offered)
    none = off if meant.type.opt_in and not meant.is_own else Marked("_no emoji_")
    said = marked("*{label}*\n{signs}", label=meant.type.label, signs=Marked(signs) if signs else none)
    if not reader.is_admin:
        return section(said)
    name = Sentence("Change the emoji of {label}", label=meant.type.label)
    return section(said, button("Change", Action.CHANGE_EMOJI, meant.type.code, suffix=meant.type.code, name=name))


def _sign(name: str) -> Marked:
    """Slack draws it; names hold no character that it would read as anything else."""
    return Marked(f":{name}:")
