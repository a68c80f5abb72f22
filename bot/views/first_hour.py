"""The first hour: each step with its button and its way past, on Home and in the message to whoever installed us."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ids import Action
from bot.replies import Block, Message
from bot.services.first_hour import FirstHour
from bot.views.blocks import Marked, actions, button, context, header, marked, message, section
from rules.nudges.first_hour import FirstStep
from rules.sentences import Sentence

_STEPS = {
    FirstStep.CLIENT: (
        "*Add your first client.* A company or person you work for.",
        ("Add a client", Action.ADD_CLIENT),
    ),
    FirstStep.NOTE: (
        "*Log the first note.* What went well this week or what did not, in a few words.",
        ("Log a note", Action.LOG_FROM_HOME),
    ),
    FirstStep.DECIDERS: (
        "*Say who decides.* Admins and each client's owner decide about a client; name others if you like.",
        ("Who may do what", Action.ROLES),
    ),
    FirstStep.DIGEST: (
        "*Choose where the weekly digest goes.* One message that shows which clients need a person.",
        ("Set the weekly digest", Action.SET_DIGEST),
    ),
}
_ALL = "all"


def first_hour_message(hour: FirstHour) -> Message:
    if not hour.steps:
        text = "Amicable is set up. `/client help` says what you can type, and Home shows what needs you."
        return message(text, section(Marked(text)))
    text = "Amicable is installed. A few clicks and it is of use; what you skip you find in Settings and on Home later."
    return message(text, section(Marked(text)), *_blocks(hour, "told"))


def first_hour_blocks(hour: FirstHour) -> list[Block]:
    """For Home; nothing once everything is done or skipped."""
    return [header("First steps"), *_blocks(hour, "home")] if hour.steps else []


def read_skipped(value: str) -> tuple[FirstStep, ...]:
    return tuple(FirstStep) if value == _ALL else (FirstStep(value),)


def _blocks(hour: FirstHour, where: str) -> Sequence[Block]:
    blocks = [block for step in hour.steps for block in _step(hour, step, where)]
    past = button("Skip all of this", Action.SKIP_STEP, _ALL, suffix=f"{where}-all")
    return [*blocks, actions(past), context(Marked("Everything here stays inside the team; clients see none of it."))]


def _step(hour: FirstHour, step: FirstStep, where: str) -> list[Block]:
    skip = button(
        "Skip",
        Action.SKIP_STEP,
        step,
        suffix=f"{where}-{step}",
        name=Sentence("Skip the step about the {step}", step=step),
    )
    if step is FirstStep.CHANNEL:
        client = hour.without_channel
        line = marked(
            "*Choose the channel of {client}.* Where your team talks about them: reactions there become notes.",
            client=client.name if client else "",
        )
        way = button("Choose its channel", Action.CLIENT_SETTINGS, client.id if client else "", suffix=where)
        return [section(line), actions(way, skip)]
    text, (label, action) = _STEPS[step]
    ways = [button(label, action, suffix=f"{where}-{step}")]
    if step is FirstStep.CLIENT:
        several = "Add several clients from a list"
        ways.append(button("Add several", Action.ADD_CLIENTS, suffix=f"{where}-{step}", name=several))
        ways.append(button("Look at a demo client", Action.LOOK_AT_DEMO, suffix=f"{where}-{step}"))
    return [section(Marked(text)), actions(*ways, skip)]
