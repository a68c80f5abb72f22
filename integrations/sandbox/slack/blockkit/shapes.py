"""Small checks that add up to a rule table for Block Kit. Each check writes what it finds into an `Inspection`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]
Check = Callable[["Inspection", Any, str], None]


@dataclass
class Inspection:
    """What is known while a message or view is looked through; `findings` are in Slack's wording."""

    surface: Surface
    findings: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)
    types: list[str] = field(default_factory=list)
    letters: int = 0

    def fault(self, words: str, pointer: str) -> None:
        self.findings.append(f"{words} [json-pointer:{pointer or '/'}]")

    def take_name(self, kind: str, name: object, pointer: str) -> None:
        taken = self.block_ids if kind == "block_id" else self.action_ids
        if isinstance(name, str) and name:
            if name in taken:
                self.fault(f"`{kind}` {name} already exists", f"{pointer}/{kind}")
            taken.add(name)


def anything(_seen: Inspection, _value: Any, _pointer: str) -> None:
    """No rule that we know of."""


def flag(seen: Inspection, value: Any, pointer: str) -> None:
    if not isinstance(value, bool):
        seen.fault("must be a boolean", pointer)


def string(most: int, least: int = 0, *, counted: bool = False) -> Check:
    """Text of `least` to `most` characters; `counted` adds to the length of the whole message."""

    def check(seen: Inspection, value: Any, pointer: str) -> None:
        if not isinstance(value, str):
            seen.fault("must be a string", pointer)
            return
        seen.letters += len(value) if counted else 0
        if len(value) > most:
            seen.fault(f"must be less than {most + 1} characters", pointer)
        if len(value) < least:
            seen.fault(f"must be more than {least - 1} characters", pointer)

    return check


def number(least: int, most: int) -> Check:
    def check(seen: Inspection, value: Any, pointer: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            seen.fault("must be an integer", pointer)
        elif not least <= value <= most:
            seen.fault(f"must be between {least} and {most}", pointer)

    return check


def choice(*allowed: str) -> Check:
    def check(seen: Inspection, value: Any, pointer: str) -> None:
        if value not in allowed:
            seen.fault(f"must be a valid enum value: {', '.join(allowed)}", pointer)

    return check


def either(*checks: Check) -> Check:
    """Satisfied when one of the checks is; the first one's findings are told otherwise."""

    def check(seen: Inspection, value: Any, pointer: str) -> None:
        trials = [Inspection(seen.surface) for _ in checks]
        for trial, rule in zip(trials, checks, strict=True):
            rule(trial, value, pointer)
        best = min(trials, key=lambda trial: len(trial.findings))
        seen.findings += best.findings
        seen.letters += best.letters

    return check


def items(check_item: Check, most: int, least: int = 1) -> Check:
    def check(seen: Inspection, value: Any, pointer: str) -> None:
        if not isinstance(value, list):
            seen.fault("must be an array", pointer)
            return
        if len(value) > most:
            seen.fault(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            seen.fault(f"no fewer than {least} items required", pointer)
        for index, item in enumerate(value):
            check_item(seen, item, f"{pointer}/{index}")

    return check


def record(fields: Mapping[str, Check], *required: str) -> Check:
    """An object with no fields but these; Slack refuses every other one."""

    def check(seen: Inspection, value: Any, pointer: str) -> None:
        if not isinstance(value, dict):
            seen.fault("must be an object", pointer)
            return
        for name in required:
            if value.get(name) is None:
                seen.fault(f"missing required field: {name}", pointer)
        for name, piece in value.items():
            if name not in fields:
                seen.fault(f"invalid additional property: {name}", pointer)
            elif piece is not None:
                fields[name](seen, piece, f"{pointer}/{name}")

    return check


def text(most: int, *kinds: str) -> Check:
    """A text object; `kinds` defaults to both."""
    allowed = kinds or ("plain_text", "mrkdwn")
    inner = record(
        {
            "type": choice(*allowed),
            "text": string(most, 1, counted=True),
            "emoji": flag,
            "verbatim": flag,
        },
        "type",
        "text",
    )

    def check(seen: Inspection, value: Any, pointer: str) -> None:
        inner(seen, value, pointer)
        if isinstance(value, dict):
            stray = {"plain_text": "verbatim", "mrkdwn": "emoji"}.get(str(value.get("type")))
            if stray in value:
                seen.fault(f"invalid additional property: {stray}", pointer)

    return check


def plain(most: int) -> Check:
    return text(most, "plain_text")


def one_of(table: Mapping[str, Check], *types: str) -> Check:
    """A typed object out of `table`; `types` narrows which ones may stand here."""

    def check(seen: Inspection, value: Any, pointer: str) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in table or (types and kind not in types):
            seen.fault(f"unsupported type: {kind}", f"{pointer}/type")
            return
        seen.types.append(str(kind))
        seen.take_name("action_id", value.get("action_id"), pointer)
        table[str(kind)](seen, value, pointer)

    return check
