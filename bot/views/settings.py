"""What the workspace has set, and the buttons that change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.ids import Action, Form
from bot.replies import Block, Message, View
from bot.views.blocks import Marked, actions, button, channel, day, form, marked, message, section, spoken, text_input
from bot.views.clients.contract import COUNTRY_LENGTH, country_code
from rules.clients.people import Member
from rules.ports import DigestChannel
from rules.sentences import Sentence

SHOWN_DIGESTS = 15  # a message holds 50 blocks
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def overview(
    digests: Sequence[DigestChannel], trackers: Mapping[str, str], chosen: str, country: str, reader: Member
) -> Message:
    """`trackers` are those set up, with their words; tasks go to the one `chosen`."""
    blocks: list[Block] = [block for each in digests[:SHOWN_DIGESTS] for block in _digest(each)]
    if len(digests) > SHOWN_DIGESTS:
        blocks.append(section(marked("and {count} more channels", count=len(digests) - SHOWN_DIGESTS)))
    if not digests:
        blocks = [section(Marked("*Weekly digest:* not set yet."))]
    label = "Add a channel for the digest" if digests else "Set the weekly digest"
    blocks.append(actions(button(label, Action.SET_DIGEST)))
    blocks.append(section(Marked("*What becomes a note*")))
    blocks.append(actions(button("Emoji", Action.EMOJI), button("Channels", Action.WATCHES)))
    if reader.is_admin and trackers:
        blocks += _places(trackers, chosen)
    if reader.is_admin:
        blocks.append(actions(button("Tasks of a parting", Action.TASK_LIST)))
        blocks += _days_off(country)
        blocks.append(section(Marked("*People and records*")))
        buttons = [button("Who may do what", Action.ROLES), button("Audit log", Action.AUDIT_LOG)]
        buttons += [button("Data and privacy", Action.PRIVACY), button("How right was the score?", Action.TRACK_RECORD)]
        blocks.append(actions(*buttons))
    return message("Settings: the weekly digest, where tasks go, and who may do what.", *blocks)


def _places(trackers: Mapping[str, str], chosen: str) -> list[Block]:
    """Where tasks go now in words, and a button for each other place."""
    said = section(marked("*Tasks of a parting go to* {place}", place=trackers[chosen]))
    ways = [
        button(Sentence("Use {label}", label=label), Action.CHOOSE_TRACKER, name, suffix=name)
        for name, label in trackers.items()
        if name != chosen
    ]
    return [said, *([actions(*ways)] if ways else [])]


def _days_off(country: str) -> list[Block]:
    said = marked("the holidays of {country}", country=country) if country else Marked("weekends only")
    return [
        section(marked("*Days off,* where a contract names no country: {said}", said=said)),
        actions(button("Country and region", Action.SET_COUNTRY)),
    ]


def country_form(country: str) -> View:
    """By it days of a parting, invoices, and everything that waits for working days are counted."""
    hint = "Two letters, such as DE or US; with a region ES-CT or GB-SCT. Left empty: weekends only"
    blocks = [
        text_input("country", "Whose holidays count?", initial=country, optional=True, limit=COUNTRY_LENGTH, hint=hint)
    ]
    return form(Form.COUNTRY, "Country and region", blocks)


def read_country(values: Mapping[str, Any]) -> str:
    return country_code(str(values.get("country") or "").strip())


def digest_set(digest: DigestChannel, first: datetime) -> Message:
    local = first.astimezone(ZoneInfo(digest.timezone))
    text = Sentence(
        "The digest is set. The first one comes on {day} at {local:%H:%M} ({timezone}).",
        day=day(local),
        local=local,
        timezone=digest.timezone,
    )
    return message(text, section(marked("{text}", text=text)))


def _digest(digest: DigestChannel) -> list[Block]:
    """The place and the time, why the last one is missing, and the buttons."""
    channel_id = digest.channel_id
    trouble = marked("\n:warning: The last one was not posted. {why}", why=spoken(digest.trouble))
    return [
        section(Marked(_digest_line(digest) + (trouble if digest.trouble else ""))),
        actions(
            button("Change", Action.SET_DIGEST, channel_id, suffix=channel_id, name="Change this digest"),
            button("Stop", Action.STOP_DIGEST, channel_id, suffix=channel_id, name="Stop this digest"),
        ),
    ]


def _digest_line(digest: DigestChannel) -> Marked:
    return marked(
        "*Weekly digest:* {channel}, {weekday} {at} {timezone}",
        channel=channel(digest.channel_id),
        weekday=_DAYS[digest.weekday],
        at=f"{digest.hour:02}:{digest.minute:02}",
        timezone=digest.timezone,
    )
