"""What is said, privately, about channels that a client can read."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.ids import Action
from bot.replies import Message
from bot.views.blocks import actions, button, channel, escape, lines, marked, message, section


def whose(channel_id: str) -> Message:
    memo = json.dumps({"channel": channel_id})
    return message(
        "Thank you for the invitation. Which client does that channel belong to? Then reactions there become notes.",
        section(
            marked(
                "Thank you for the invitation to {channel}. *Which client does it belong to?*\n"
                "Then reactions there become notes, and forms know the client.",
                channel=channel(channel_id),
            )
        ),
        actions(button("Choose the client", Action.CHOOSE_CLIENT, memo, suffix="channel")),
    )


def left(channel_id: str, reason: str) -> Message:
    text = f"Amicable left a channel because {reason} The message shortcut logs notes about that client privately."
    return message(
        text,
        section(
            marked(
                "Amicable left {channel} because {reason}\n"
                "The message shortcut “Log red flag” works there without it, and only you see it.",
                channel=channel(channel_id),
                reason=escape(reason),
            )
        ),
    )


def taken_back(cleared: Sequence[tuple[str, str, int]]) -> Message:
    """`cleared` are channels, why we must not stand there, and how many messages we deleted."""
    count = sum(deleted for _, _, deleted in cleared)
    rows = (
        marked(
            "{count} deleted from {channel}, because {reason}",
            count=deleted,
            channel=channel(channel_id),
            reason=escape(reason),
        )
        for channel_id, reason, deleted in cleared
    )
    text = f"Messages of Amicable were deleted where somebody from outside can read now: {count}."
    return message(text, section(lines("*Messages of Amicable that somebody from outside could read now*", *rows)))
