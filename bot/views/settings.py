"""What the workspace has set, and the buttons that change it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.ids import Action
from bot.replies import Block, Message
from bot.views.blocks import Marked, actions, button, channel, day, marked, message, section
from rules.clients.people import Member
from rules.ports import DigestChannel

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def overview(digests: Sequence[DigestChannel], trackers: Sequence[str], reader: Member) -> Message:
    blocks: list[Block] = [section(_digest_line(each)) for each in digests]
    if not blocks:
        blocks = [section(Marked("*Weekly digest:* not set yet."))]
    blocks.append(actions(button("Set the weekly digest", Action.SET_DIGEST)))
    if reader.is_admin and trackers:
        blocks.append(section(Marked("*Tasks of a parting go to*")))
        blocks.append(
            actions(*(button(name.capitalize(), Action.CHOOSE_TRACKER, name, suffix=name) for name in trackers))
        )
    return message("Settings: the weekly digest, and where tasks go.", *blocks)


def digest_set(digest: DigestChannel, first: datetime) -> Message:
    local = first.astimezone(ZoneInfo(digest.timezone))
    text = f"The digest is set. The first one comes on {day(local)} at {local:%H:%M} ({digest.timezone})."
    return message(text, section(marked("{text}", text=text)))


def _digest_line(digest: DigestChannel) -> Marked:
    return marked(
        "*Weekly digest:* {channel}, {weekday} {at} {timezone}",
        channel=channel(digest.channel_id),
        weekday=_DAYS[digest.weekday],
        at=f"{digest.hour:02}:{digest.minute:02}",
        timezone=digest.timezone,
    )
