"""What a person sees who logs a note: the form, the receipt, and the question which client was meant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.ids import Action, Command, Form
from bot.replies import Block, Message, Option, View
from bot.services.capture.notes import NOTE_LENGTH, Receipt
from bot.views.blocks import (
    Marked,
    actions,
    button,
    channel,
    clip,
    context,
    date_input,
    escape,
    form,
    grouped_input,
    lines,
    marked,
    message,
    radio_input,
    search_input,
    section,
    text_input,
)
from bot.views.health.scorecard import score_words
from rules.clients.client import Client
from rules.errors import InvalidError
from rules.health.catalogue import Catalogue, SignalType
from rules.health.signal import Severity, Side
from rules.words import Words

_GROUPS = ((Side.THEIRS, "Red flags"), (Side.PRAISE, "Praise"), (Side.OURS, "Our own misses"))
LINK_LENGTH = 300
# A button carries at most 2,000 characters; the words that were typed go with the question which client they are about.
BUTTON_VALUE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class LogForm:
    """A filled form."""

    client_id: str
    type: str
    severity: Severity
    note: str
    happened_on: date
    link: str


def log_form(  # noqa: PLR0913 - a form is drawn from what is known already
    catalogue: Catalogue,
    today: date,
    *,
    client: Client | None = None,
    type_code: str = "",
    guessed: bool = False,
    severity: Severity = Severity.RED,
    note: str = "",
    evidence: str = "",
    memo: Mapping[str, str] | None = None,
) -> View:
    """The form for a note. A guessed type is shown as a guess."""
    hint = "Our guess from the words; choose another one if it is wrong." if guessed else ""
    return form(
        Form.LOG_NOTE,
        "Log a note",
        [
            search_input("client", "Client", Action.PICK_CLIENT, initial=client_option(client) if client else None),
            grouped_input("type", "What is it?", type_options(catalogue), initial=type_code, hint=hint),
            radio_input("severity", "How bad? (counts for red flags only)", _severities(), initial=severity.value),
            text_input(
                "note",
                "What happened?",
                initial=note,
                optional=True,
                lines=3,
                limit=NOTE_LENGTH,
                hint="Write it so that you would be fine if they read it.",
            ),
            date_input("happened_on", "When", initial=today),
            text_input("link", "Link to something that shows it", initial=evidence, optional=True, limit=LINK_LENGTH),
        ],
        submit="Log",
        memo=memo,
    )


def read_log_form(values: Mapping[str, Any], today: date) -> LogForm:
    happened_on = date.fromisoformat(values["happened_on"]) if values.get("happened_on") else today
    if happened_on > today:
        raise InvalidError("Please look at the date.", {"happened_on": "This day has not come yet."})
    link = str(values.get("link") or "")
    if link and not link.startswith(("https://", "http://")):
        raise InvalidError("Please look at the link.", {"link": "A link begins with https://"})
    return LogForm(
        client_id=str(values["client"]),
        type=str(values["type"]),
        severity=Severity(values["severity"]),
        note=str(values.get("note") or ""),
        happened_on=happened_on,
        link=link,
    )


def receipt(
    done: Receipt, catalogue: Catalogue, words: Words, *, guessed: bool = False, may_undo: bool = True
) -> Message:
    """What was logged and what it did, with a way back."""
    type_ = catalogue.type(done.signal.type)
    about = f"{type_.label} · {done.client.name}" + (" (our guess)" if guessed else "")
    effect = f"{done.client.name} {score_words(done.before, words)} → {score_words(done.after, words)}"
    lead = "Noted as a witness" if done.joined else "Logged"
    unsorted = (
        marked("_No type was recognised, so it counts 0 points until you choose one._")
        if not type_.weight_tenths
        else Marked("")
    )
    blocks: list[Block] = [
        section(lines(marked("*{lead}:* {about}", lead=lead, about=about), escape(effect), unsorted)),
        context(marked("Only visible to you. {note}", note=clip(done.signal.note or done.signal.excerpt, 150))),
    ]
    buttons = [button("Why", Action.WHY, done.client.id, name=f"Why {done.client.name} has this health")]
    if may_undo:
        buttons = [
            button("Change", Action.CHANGE_NOTE, done.signal.id, name=f"Change this note about {done.client.name}"),
            button("Undo", Action.UNDO_NOTE, done.signal.id, name=f"Take this note about {done.client.name} back"),
            *buttons,
        ]
    blocks.append(actions(*buttons))
    return message(f"{lead}: {about}. {effect}", *blocks)


def undone(done: Receipt, words: Words) -> Message:
    text = f"Taken back. {done.client.name} is at {score_words(done.after, words)}."
    return message(text, section(escape(text)), context(Marked("The note stays in the history at 0 points.")))


def which_client(text: str, guesses: tuple[Client, ...], side: Side, once: str) -> Message:
    """Did you mean ...? What was typed is kept and shown; `once` makes a second click on the answer change nothing."""
    asked = marked("Which client is this about? You wrote: “{text}”", text=clip(text, 300))
    choices = [
        button(
            client.name,
            Action.CHOOSE_CLIENT,
            _kept(text, {"client": client.id, "side": side.value, "once": once}),
            suffix=str(place),
        )
        for place, client in enumerate(guesses[:4])
    ]
    return message("Which client is this about?", section(asked), actions(*choices))


def _kept(text: str, about: Mapping[str, str]) -> str:
    """As much of the text as a button carries."""
    kept = text
    while len(value := json.dumps({**about, "text": kept}, ensure_ascii=False).encode("utf-16-le")) > 2 * BUTTON_VALUE:
        kept = clip(kept, len(kept) * 9 // 10)
    return value.decode("utf-16-le")


def unknown_client(text: str, command: Command) -> Message:
    shown = clip(text, 200)
    return message(
        f"No client of that name, and this channel belongs to none. Nothing was logged. You wrote: {shown}",
        section(
            marked(
                "*No client of that name*, and this channel belongs to none. Nothing was logged.\nYou wrote: “{text}”",
                text=shown,
            )
        ),
        context(
            marked(
                '`{command} "Client name" what happened` names one · `{command}` alone opens a form · '
                "`/client add` adds a client.",
                command=Marked(command.value),
            )
        ),
    )


def unsafe_reaction(type_: SignalType, channel_id: str) -> Message:
    """The reaction can be seen by the client: only the person who set it can take it off."""
    return message(
        "People outside the team can see your reaction. Please take it off; the message's shortcut logs it privately.",
        section(
            marked(
                "People outside the team see your :{emoji}: in {channel}. *Please take it off.* Nothing was logged.",
                emoji=Marked(type_.emoji),
                channel=channel(channel_id),
            )
        ),
        context(Marked("To log it privately: the message's menu ⋮ → “Log red flag”. Nobody else sees that.")),
    )


def not_shown(channel_id: str) -> Message:
    return message(
        "Your reaction was not logged: this channel's client is shown to some people only. A workspace admin can help.",
        section(
            marked(
                "Your reaction in {channel} was *not logged*: its client is shown to some people only.",
                channel=channel(channel_id),
            )
        ),
        context(Marked("If you should see this client, ask a workspace admin.")),
    )


def unmapped_channel(channel_id: str) -> Message:
    memo = json.dumps({"channel": channel_id})
    return message(
        "Which client does this channel belong to? Reactions here are logged once you say so.",
        section(
            marked(
                "Which client does {channel} belong to? Then your reactions there are logged.",
                channel=channel(channel_id),
            )
        ),
        actions(button("Choose the client", Action.CHOOSE_CLIENT, memo, suffix="channel")),
    )


def channel_form(channel_id: str) -> View:
    return form(
        Form.MAP_CHANNEL,
        "Client of this channel",
        [
            section(marked("{channel} belongs to", channel=channel(channel_id))),
            search_input("client", "Client", Action.PICK_CLIENT),
        ],
        memo={"channel": channel_id},
    )


def channel_mapped(client: Client, channel_id: str) -> Message:
    return message(
        f"The channel belongs to {client.name} now. What was reacted to there is logged.",
        section(
            marked(
                "{channel} belongs to *{name}* now. What was reacted to there is logged.",
                channel=channel(channel_id),
                name=client.name,
            )
        ),
    )


def client_option(client: Client) -> Option:
    return Option(client.name, client.id)


def type_options(catalogue: Catalogue) -> dict[str, list[Option]]:
    return {name: [Option(t.label, t.code) for t in catalogue.of_side(side)] for side, name in _GROUPS}


def _severities() -> list[Option]:
    return [Option("Pink: an early warning", Severity.PINK.value), Option("Red: it hurt", Severity.RED.value)]


def usage(command: Command) -> Message:
    """What the two logging commands understand."""
    text = (
        f"`{command} Acme paid three weeks late` logs it at once · `{command}` alone opens a form · "
        "in a client's channel the name can be left out."
    )
    return message(text.replace("`", ""), section(Marked(text)))
