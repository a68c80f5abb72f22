"""The stages of a relationship and the ways between them (design section 1)."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where a relationship stands."""

    ACTIVE = "active"
    AMENDING = "amending"
    CONSIDERING = "considering"
    DECIDED = "decided"
    TOLD = "told"
    HANDING_OFF = "handing_off"
    CLOSED = "closed"


class Origin(StrEnum):
    """Why an exit happens."""

    OURS = "ours"
    THEIRS = "theirs"
    NOBODYS_FAULT = "nobodys_fault"
    NATURAL_FADE = "natural_fade"
