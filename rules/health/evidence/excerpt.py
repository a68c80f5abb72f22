"""What is kept of a message: a short excerpt in plain words, and a fingerprint of the whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final

EXCERPT_LENGTH: Final = 140
MOST_READ: Final = 4000  # a message holds 40,000 characters, and only the first words are kept
# <@U1|name> <#C1|name> <!here> <!subteam^S1|@team> <!date^1^{date}|words> <https://a|words>: kind, target, words
_MARKUP: Final = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_CODE: Final = re.compile(r"`{1,3}")
_EMPHASIS: Final = re.compile(r"(?<![^\W_])([*_~])(?=\S)(.+?)(?<=\S)\1(?![^\W_])")
_QUOTE: Final = re.compile(r"^(?:&gt;)+ ?", re.MULTILINE)
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")


def excerpt(text: str, names: Mapping[str, str] | None = None) -> str:
    """At most 140 characters of plain words from a message as Slack writes it. `names` are people by their id.

    A mention becomes a name, so that nobody is called by what we keep.
    """
    known = names or {}
    words = _MARKUP.sub(lambda found: _plain(found, known), _QUOTE.sub("", text[:MOST_READ]))
    words = _EMPHASIS.sub(r"\2", _CODE.sub("", words))
    words = words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    words = " ".join(_INVISIBLE.sub("", words).split())
    return words if len(words) <= EXCERPT_LENGTH else words[: EXCERPT_LENGTH - 1].rstrip() + "…"


def mentioned(text: str) -> frozenset[str]:
    """The ids of the people whom a message mentions."""
    return frozenset(target for kind, target, _ in _MARKUP.findall(text) if kind == "@")


def fingerprint(channel_id: str, message_ts: str, text: str) -> str:
    """The same for the same words on the same message only; empty for no text."""
    if not text:
        return ""
    return hashlib.sha256(f"{channel_id}|{message_ts}|{text}".encode()).hexdigest()[:32]


def _plain(found: re.Match[str], names: Mapping[str, str]) -> str:
    kind, target, words = found[1], found[2], found[3] or ""
    match kind:
        case "@":
            return names.get(target) or words or "somebody"
        case "#":
            return f"#{words}" if words else "a channel"
        case "!":
            return words.lstrip("@") or ("everybody" if target in {"here", "channel", "everyone"} else "")
        case _:
            return words or target.removeprefix("mailto:")
