"""The two-reading rule: a band is announced when a reading finds it still new 20 hours after it first appeared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from rules.health.score import Band, Health
from rules.health.signal import Standing

CONFIRMED_AFTER: Final = timedelta(hours=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A band that held: say it once."""

    client_id: str
    was: Band
    now: Band


def first_standing(client_id: str, workspace_id: str, now: datetime) -> Standing:
    """Where every client starts: nothing is known, and nothing is to be announced."""
    return Standing(client_id=client_id, workspace_id=workspace_id, band=Band.TOO_EARLY, read_at=now, band_since=now)


def read(standing: Standing, health: Health, now: datetime) -> tuple[Standing, Announcement | None]:
    """The standing after this reading, and what it gives to announce."""
    reading = replace(standing, score_tenths=health.score_tenths, read_at=now)
    if health.band == standing.band:
        return replace(reading, pending_band="", pending_since=None), None
    if health.band != standing.pending_band or standing.pending_since is None:
        return replace(reading, pending_band=health.band.value, pending_since=now), None
    if now - standing.pending_since < CONFIRMED_AFTER:
        return reading, None
    confirmed = replace(
        reading, band=health.band.value, band_since=standing.pending_since, pending_band="", pending_since=None
    )
    return confirmed, Announcement(client_id=standing.client_id, was=Band(standing.band), now=health.band)
