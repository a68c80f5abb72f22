"""What is said, privately, about channels that a client can read."""

from __future__ import annotations

from bot.replies import Message
from bot.views.blocks import channel, escape, marked, message, section


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


def taken_back(channel_id: str, reason: str, count: int) -> Message:
    text = f"{count} messages of Amicable were deleted from a channel because {reason}"
    return message(
        text,
        section(
            marked(
                "{count} messages of Amicable were deleted from {channel} because {reason}",
                count=count,
                channel=channel(channel_id),
                reason=escape(reason),
            )
        ),
    )
