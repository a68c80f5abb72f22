"""What is said about response clocks, always in private."""

from __future__ import annotations

from bot.ids import Action, Form
from bot.replies import Message, Option, View
from bot.services.agreements.replies import Pending, Spot
from bot.views.agreements.agreement import clock_buttons, clock_words
from bot.views.blocks import (
    Marked,
    actions,
    button,
    context,
    form,
    marked,
    message,
    radio_input,
    search_input,
    section,
)
from rules.clients.client import Client
from rules.health.signal import Side
from rules.sentences import Sentence

_SIDES = (Option("They owe us an answer", Side.THEIRS.value), Option("We owe them an answer", Side.OURS.value))


def wait_form(client: Client | None, side: Side, spot: Spot) -> View:
    """On a message: whose answer is awaited. The window is the agreed one."""
    known = Option(client.name, client.id) if client else None
    return form(
        Form.WAIT,
        "Waiting for a reply",
        [
            search_input("client", "Client", Action.PICK_CLIENT, initial=known),
            radio_input("side", "Who has to answer?", _SIDES, initial=side.value),
            context(Marked("The time runs from this message, for as long as the agreement says. Nobody else is told.")),
        ],
        submit="Start",
        memo={"channel": spot.channel_id, "message": spot.message_ts},
    )


def started(pending: Pending) -> Message:
    said = clock_words(pending.clock, pending.timezone)
    return message(
        Sentence(
            "The time runs. {name}: {count} hour is agreed.",
            "The time runs. {name}: {count} hours are agreed.",
            count=pending.clock.hours,
            name=pending.client.name,
        ),
        section(marked("*The time runs.* {name}: {said}", name=pending.client.name, said=said)),
        clock_buttons(pending.clock),
    )


def stopped(pending: Pending) -> Message:
    text = Sentence("The clock of {name} stands still. Nothing counts against anybody.", name=pending.client.name)
    return message(text, section(marked("{text}", text=text)))


def no_window(client: Client) -> Message:
    text = "No reply window is agreed with this client yet, so there is nothing to measure an answer against."
    return message(
        text,
        section(marked("*{name}:* {text}", name=client.name, text=text)),
        actions(
            button("Agreement", Action.AGREEMENT, client.id, name=Sentence("Agreement with {name}", name=client.name))
        ),
    )
