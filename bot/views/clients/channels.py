"""What is said, privately, about channels that a client can read."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.ids import Action
from bot.replies import Message
from bot.views.blocks import Marked, actions, button, channel, escape, lines, marked, message, section
from rules.clients.places import Cleared
from rules.sentences import Sentence


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
    text = Sentence(
        "Amicable left a channel because {reason} The message shortcut logs notes about that client privately.",
        reason=reason,
    )
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


def taken_back(cleared: Sequence[Cleared]) -> Message:
    """What we deleted, and what somebody has to delete by hand because Slack does not let us."""
    deleted, left = sum(each.deleted for each in cleared), sum(each.left_behind for each in cleared)
    text = Sentence(
        "Messages of Amicable were deleted where somebody from outside can read now: {deleted}.", deleted=deleted
    )
    by_hand = (
        Sentence(" Messages that Slack does not let us delete, please delete them by hand: {left}.", left=left)
        if left
        else ""
    )
    head = "*Messages of Amicable that somebody from outside could read now*"
    return message(text + by_hand, section(lines(head, *(_cleared(each) for each in cleared))))


def _cleared(each: Cleared) -> Marked:
    where, reason = channel(each.channel_id), escape(each.reason)
    gone = marked("{count} deleted from {where}, because {reason}", count=each.deleted, where=where, reason=reason)
    if each.left:
        gone = Marked(gone + " Amicable has left it.")
    if not each.left_behind:
        return gone
    stays = marked(
        "\n:warning: *{count} still there:* Slack does not let Amicable delete them in {where}. Please delete them by "
        "hand, or archive the channel.",
        count=each.left_behind,
        where=where,
    )
    return Marked(gone + stays)
