"""Block Kit in our own few words. Untrusted text is escaped here, once, at the edge.

Plain dicts: Slack's own models took a sixth of each command's time. Tests hold every shape against them instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bot.calls import write_memo
from bot.ids import Action, Form
from bot.replies import Block, Message, Option, View
from rules.privacy.tombstones import OPERATOR, is_gone

VALUE = "value"
MOST_CARDS = 50
_MENTION = re.compile(r"(<[@#][A-Z0-9]+>)")
_GONE = re.compile(r"<@gone-[0-9a-f]+>")
_FORMATTING = str.maketrans({mark: f"\u2060{mark}" for mark in "*_~`"})


class Marked(str):
    """Text that is mrkdwn already and must not be escaped again."""

    __slots__ = ()


def escape(text: str) -> Marked:
    """Disarms mentions, links and formatting in untrusted text (facts/slack.md 6)."""
    return Marked(_disarmed(text).translate(_FORMATTING))


def spoken(sentence: str) -> Marked:
    """A sentence that may mention people and channels; whatever else stands in it is shown as text."""
    return _with_mentions(sentence, escape)


def read_out(sentence: str) -> Marked:
    """The same for the text of a message, which screen readers and notifications read as it is."""
    return _with_mentions(sentence, _disarmed)


def _with_mentions(sentence: str, shown: Callable[[str], str]) -> Marked:
    parts = _MENTION.split(_GONE.sub("someone", sentence))
    return Marked("".join(part if place % 2 else shown(part) for place, part in enumerate(parts)))


def marked(template: str, **values: object) -> Marked:
    """`template` is ours and may hold mrkdwn; every value that is not `Marked` is escaped."""
    return Marked(template.format_map({k: v if isinstance(v, Marked) else escape(str(v)) for k, v in values.items()}))


def lines(*texts: str) -> Marked:
    return Marked("\n".join(text for text in texts if text))


def person(member_id: str) -> Marked:
    """Whoever has no Slack id was erased or sits at the command line."""
    if not member_id:
        return Marked("nobody")
    if is_gone(member_id):
        return Marked("someone")
    return Marked("the operator") if member_id == OPERATOR else Marked(f"<@{member_id}>")


def channel(channel_id: str) -> Marked:
    return Marked(f"<#{channel_id}>")


def link(url: str, label: str) -> Marked:
    """Only web addresses become links."""
    if not url.startswith(("https://", "http://")):
        return escape(label)
    return Marked(f"<{url.replace('|', '%7C').replace('>', '%3E')}|{escape(label).replace('|', '/')}>")


def day(value: date | datetime) -> str:
    return f"{value:%a} {value.day} {value:%b %Y}"


def at_first(text: str) -> str:
    """As the first word of a sentence; names inside keep their letters."""
    return text[:1].upper() + text[1:]


def clip(text: str, limit: int) -> str:
    """Shortens before escaping, so that no entity is cut in two."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


# --- blocks -------------------------------------------------------------------------------------------------------


def header(text: str) -> Block:
    return {"type": "header", "text": _plain(clip(text, 150))}


def section(text: Marked, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": _mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def fields(*texts: Marked) -> Block:
    return {"type": "section", "fields": [_mrkdwn(text) for text in texts]}


def context(*texts: Marked) -> Block:
    return {"type": "context", "elements": [_mrkdwn(text) for text in texts]}


def divider() -> Block:
    return {"type": "divider"}


def plan(title: str, *cards: Block) -> Block:
    """A list of task cards; only for messages, and only where `Message.blocks` say the same without it."""
    return {"type": "plan", "title": clip(title, 256), "tasks": list(cards[:MOST_CARDS])}


def task_card(task_id: str, title: str, status: str) -> Block:
    """`title` is plain text and says the state in words; `status`: pending, in_progress, complete or error."""
    return {"type": "task_card", "task_id": task_id, "title": clip(title, 256), "status": status}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(label: str, action: Action, value: str = "", *, suffix: str = "", style: str = "", name: str = "") -> Block:
    """`name` is read by screen readers instead of a short label; `suffix` tells buttons of one kind apart."""
    element: Block = {"type": "button", "text": _plain(clip(label, 75)), "action_id": _named(action, suffix)}
    more = {"value": value, "style": style, "accessibility_label": clip(name, 75)}
    return element | {key: said for key, said in more.items() if said}


def choice(
    action: Action, placeholder: str, options: Sequence[Option], *, initial: str = "", suffix: str = ""
) -> Block:
    """A select that acts at once; its value is that of the chosen option."""
    chosen = _choice("static_select", options, initial)
    return chosen | {"action_id": _named(action, suffix), "placeholder": _plain(placeholder)}


def grouped_choice(
    action: Action, placeholder: str, groups: Mapping[str, Sequence[Option]], *, suffix: str = ""
) -> Block:
    """As `choice`, with headings."""
    return _grouped(_named(action, suffix), groups) | {"placeholder": _plain(placeholder)}


def picture(file_id: str, alt_text: str) -> Block:
    """A file that was uploaded to Slack."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": alt_text}


def sure(element: Block, title: str, text: str, confirm: str) -> Block:
    """Asks before the button acts."""
    asked = {"title": _plain(clip(title, 100)), "text": _plain(clip(text, 300))}
    return element | {"confirm": asked | {"confirm": _plain(confirm), "deny": _plain("Cancel")}}


# --- inputs (one element a block, its action id is always `value`) ------------------------------------------------


def text_input(
    block: str,
    label: str,
    *,
    initial: str = "",
    hint: str = "",
    optional: bool = False,
    lines: int = 1,
    limit: int = 1000,
) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": VALUE, "multiline": lines > 1, "max_length": limit}
    return _input(block, label, element | ({"initial_value": initial} if initial else {}), hint=hint, optional=optional)


def email_input(block: str, label: str, *, initial: str = "", optional: bool = False) -> Block:
    element: Block = {"type": "email_text_input", "action_id": VALUE}
    return _input(block, label, element | ({"initial_value": initial} if initial else {}), optional=optional)


def number_input(
    block: str,
    label: str,
    *,
    initial: Decimal | int | None = None,
    hint: str = "",
    optional: bool = False,
    decimals: bool = False,
) -> Block:
    element: Block = {"type": "number_input", "action_id": VALUE, "is_decimal_allowed": decimals}
    return _input(
        block,
        label,
        element | ({"initial_value": f"{Decimal(initial):f}"} if initial is not None else {}),
        hint=hint,
        optional=optional,
    )


def date_input(block: str, label: str, *, initial: date | None = None, hint: str = "", optional: bool = False) -> Block:
    element: Block = {"type": "datepicker", "action_id": VALUE}
    return _input(
        block, label, element | ({"initial_date": initial.isoformat()} if initial else {}), hint=hint, optional=optional
    )


def time_input(block: str, label: str, *, initial: time, hint: str = "") -> Block:
    element: Block = {"type": "timepicker", "action_id": VALUE, "initial_time": f"{initial:%H:%M}"}
    return _input(block, label, element, hint=hint)


def select_input(
    block: str,
    label: str,
    options: Sequence[Option],
    *,
    initial: str = "",
    hint: str = "",
    optional: bool = False,
) -> Block:
    return _input(block, label, _choice("static_select", options, initial), hint=hint, optional=optional)


def several_input(block: str, label: str, options: Sequence[Option], *, initial: Sequence[str] = ()) -> Block:
    """Any number of them, at least one."""
    element: Block = {"type": "multi_static_select", "action_id": VALUE, "options": [_option(o) for o in options]}
    chosen = [_option(option) for option in options if option.value in initial]
    return _input(block, label, element | ({"initial_options": chosen} if chosen else {}))


def grouped_input(
    block: str,
    label: str,
    groups: Mapping[str, Sequence[Option]],
    *,
    initial: str = "",
    hint: str = "",
    action: Action,
) -> Block:
    """A select with headings that tells at once what was chosen, under its own action id."""
    chosen = next((_option(o) for options in groups.values() for o in options if o.value == initial), None)
    element = _grouped(action.value, groups) | ({"initial_option": chosen} if chosen else {})
    return _input(block, label, element, hint=hint) | {"dispatch_action": True}


def radio_input(block: str, label: str, options: Sequence[Option], *, initial: str = "", hint: str = "") -> Block:
    return _input(block, label, _choice("radio_buttons", options, initial), hint=hint)


def checks_input(
    block: str,
    label: str,
    options: Sequence[Option],
    *,
    initial: Sequence[str] = (),
    optional: bool = True,
    hint: str = "",
) -> Block:
    element: Block = {"type": "checkboxes", "action_id": VALUE, "options": [_option(o) for o in options]}
    ticked = [_option(o) for o in options if o.value in initial]
    return _input(block, label, element | ({"initial_options": ticked} if ticked else {}), hint=hint, optional=optional)


def person_input(block: str, label: str, *, initial: str = "", hint: str = "", optional: bool = False) -> Block:
    element: Block = {"type": "users_select", "action_id": VALUE}
    return _input(block, label, element | ({"initial_user": initial} if initial else {}), hint=hint, optional=optional)


def people_input(
    block: str, label: str, *, initial: Sequence[str] = (), hint: str = "", most: int = 100, optional: bool = True
) -> Block:
    element: Block = {"type": "multi_users_select", "action_id": VALUE, "max_selected_items": most}
    return _input(
        block, label, element | ({"initial_users": list(initial)} if initial else {}), hint=hint, optional=optional
    )


def channel_input(
    block: str, label: str, *, initial: str = "", hint: str = "", optional: bool = False, shared: bool = False
) -> Block:
    """Internal channels, and with `shared` those with another company too: for settings, never for a post."""
    element: Block = {
        "type": "conversations_select",
        "action_id": VALUE,
        "filter": {
            "include": ["public", "private"],
            "exclude_bot_users": True,
            "exclude_external_shared_channels": not shared,
        },
    }
    return _input(
        block, label, element | ({"initial_conversation": initial} if initial else {}), hint=hint, optional=optional
    )


def channels_input(block: str, label: str, *, initial: Sequence[str] = (), hint: str = "") -> Block:
    """Any number of channels; those that are chosen already stay, whatever kind they are."""
    element: Block = {
        "type": "multi_conversations_select",
        "action_id": VALUE,
        "filter": {"include": ["public", "private"]},
    }
    chosen = {"initial_conversations": list(initial)} if initial else {}
    return _input(block, label, element | chosen, hint=hint, optional=True)


def search_input(
    block: str, label: str, action: Action, *, initial: Option | None = None, optional: bool = False
) -> Block:
    """A select whose options are searched as you type; it keeps its own action id."""
    element: Block = {"type": "external_select", "action_id": action.value, "min_query_length": 0}
    return _input(block, label, element | ({"initial_option": _option(initial)} if initial else {}), optional=optional)


def _input(block: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    made: Block = {"type": "input", "block_id": block, "label": _plain(label), "element": element, "optional": optional}
    return made | ({"hint": _plain(hint)} if hint else {})


def _named(action: Action, suffix: str) -> str:
    return f"{action.value}.{suffix}" if suffix else action.value


def _grouped(action_id: str, groups: Mapping[str, Sequence[Option]]) -> Block:
    return {
        "type": "static_select",
        "action_id": action_id,
        "option_groups": [
            {"label": _plain(clip(name, 75)), "options": [_option(o) for o in options]}
            for name, options in groups.items()
        ],
    }


def _choice(kind: str, options: Sequence[Option], initial: str) -> Block:
    element: Block = {"type": kind, "action_id": VALUE, "options": [_option(o) for o in options]}
    chosen = next((_option(o) for o in options if o.value == initial), None)
    return element | ({"initial_option": chosen} if chosen else {})


def _option(option: Option) -> Block:
    return {"text": _plain(clip(option.label, 75)), "value": option.value}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def _mrkdwn(text: Marked) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


# --- surfaces -----------------------------------------------------------------------------------------------------


def form(
    form_id: Form, title: str, blocks: Sequence[Block], *, submit: str = "Save", memo: Mapping[str, str] | None = None
) -> View:
    """A modal with a submit button. `memo` holds the ids that the form was opened for."""
    return _modal(form_id, title, blocks, memo) | {"submit": _plain(submit), "close": _plain("Cancel")}


def dialog(title: str, blocks: Sequence[Block], *, memo: Mapping[str, str] | None = None) -> View:
    """A modal to read, with buttons in it at most."""
    return _modal(Form.SHOWN, title, blocks, memo) | {"close": _plain("Close")}


def home(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": list(blocks)}


def message(text: str, *blocks: Block, rich: Sequence[Block] = ()) -> Message:
    """`text` may quote anybody: Slack reads mentions in it, so it is disarmed here."""
    return Message(text if isinstance(text, Marked) else _disarmed(text), blocks, tuple(rich))


def notice_view(shown: Message) -> View:
    """A private message in a place where only dialogs can be shown."""
    return dialog("Amicable", shown.blocks or (section(Marked(shown.text)),))


def _disarmed(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _modal(form_id: Form, title: str, blocks: Sequence[Block], memo: Mapping[str, str] | None) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": form_id.value,
        "title": _plain(clip(title, 24)),
        "private_metadata": write_memo(**(memo or {})),
        "blocks": list(blocks),
    }
