"""A letter's own words on screen: exactly its characters, so that they can be copied."""

from __future__ import annotations

from collections.abc import Iterator

from bot.replies import Block
from bot.views.blocks import clip
from rules.notices.notice import Notice
from rules.sentences import Sentence

SECTION_LENGTH = 2900


def letter_text(notice: Notice) -> list[Block]:
    subject = Sentence("Subject: {subject}", subject=notice.subject)
    return [plain(subject), *(plain(part) for part in _parts(notice.body))]


def plain(text: str) -> Block:
    return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _parts(body: str) -> Iterator[str]:
    part = ""
    for paragraph in body.strip().split("\n\n"):
        if part and len(part) + len(paragraph) > SECTION_LENGTH:
            yield part
            part = ""
        part = f"{part}\n\n{paragraph}" if part else clip(paragraph, SECTION_LENGTH)
    yield part or " "
