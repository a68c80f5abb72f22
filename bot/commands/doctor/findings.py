"""What a look at one thing came to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Only a fault makes the doctor end with 1; what is off was left off, or waits for somebody in Slack.

    What is unknown could not be found out, and is neither well nor wrong.
    """

    OK = "ok"
    OFF = "off"
    UNKNOWN = "unknown"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence of what is so, and one of what to do. Neither ever holds a secret."""

    area: str
    state: State
    said: str
    remedy: str = ""


def fine(area: str, said: str) -> Finding:
    return Finding(area=area, state=State.OK, said=said)


def off(area: str, said: str, remedy: str = "") -> Finding:
    return Finding(area=area, state=State.OFF, said=said, remedy=remedy)


def unknown(area: str, said: str, remedy: str = "") -> Finding:
    return Finding(area=area, state=State.UNKNOWN, said=said, remedy=remedy)


def fault(area: str, said: str, remedy: str) -> Finding:
    return Finding(area=area, state=State.FAULT, said=said, remedy=remedy)


def told(area: str, sentences: str) -> Finding:
    """A fault in sentences, of which the first says what is so."""
    said, _, remedy = sentences.partition(". ")
    return fault(area, f"{said.rstrip('.')}.", remedy)
