"""What is said after Slack stopped waiting for us."""

from __future__ import annotations

from bot.replies import Message, Nothing, Private, Push, Reply, Show
from bot.views.blocks import Marked, message, section

_LATE = "That took longer than Slack waits, so it may have shown you an error. What came of it:"
_DONE = "That took longer than Slack waits, so it may have shown you an error. It was done all the same."
LATE_FORM = message(
    "That took longer than Slack waits, so nothing of it may have shown.",
    section(
        Marked(
            "That took longer than Slack waits, so it may have shown you an error. Before you send the form again, "
            "look where things stand: what you sent may have been saved."
        )
    ),
)


def said_late(reply: Reply) -> Message:
    """The answer that Slack would not take any more. A form that goes on to another one has to be looked at again."""
    match reply:
        case Private(said):
            return _late(said)
        case Nothing():
            return _late(Message(""))
        case Show(view) | Push(view) if "submit" not in view:
            return _late(Message("", tuple(view["blocks"])))
        case _:
            return LATE_FORM


def _late(said: Message) -> Message:
    if not said.text and not said.blocks:
        return message(_DONE, section(Marked(_DONE)))
    blocks = said.blocks or (section(Marked(said.text)),)
    # It may come as a direct message, whose text lights up a phone: that says nothing of a client.
    return Message(_LATE, (section(Marked(_LATE)), *blocks))
