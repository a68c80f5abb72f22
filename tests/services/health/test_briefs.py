"""Lists go by what was kept of the last reading: they say of each client what its card says, which reads every note."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest

from bot.services.health.briefs import Brief, BriefService
from rules.clients.people import Member
from rules.health.catalogue import UNSORTED
from rules.health.score import Band, Reckoning
from tests.services.health.conftest import ACME, WORKSPACE

if TYPE_CHECKING:
    from tests.services.health.conftest import Practice

SAID = [each.name for each in fields(Brief) if each.name not in {"signals", "health"}]


def _listed(practice: Practice, reader: Member) -> Brief:
    with practice.units.read(WORKSPACE) as unit:
        (found,) = BriefService(practice.clock, practice.catalogue).everyone(unit, reader)
        return found


def _said(card: Brief) -> list[object]:
    return [getattr(card, name) for name in SAID] + [getattr(card.health, each.name) for each in fields(Reckoning)]


@pytest.mark.both_databases
def test_a_list_says_of_a_client_what_its_card_says(practice: Practice) -> None:
    """Read today or not, on the day of a new band and after it, with alarms that only some may see, and in silence."""
    room = practice.whisper_room(practice.olivia)
    readers = (practice.olivia, practice.tom)
    seen: list[tuple[Band, bool, bool]] = []

    def hold() -> None:
        for reader in readers:
            card, listed = practice.health.scorecard(WORKSPACE, reader, ACME), _listed(practice, reader)
            assert _said(listed) == _said(card)
            assert listed.signals.items() <= card.signals.items()
            seen.append((card.band, card.to_be_confirmed, card.silent_since is not None))

    hold()
    for days in (40, 30, 9, 2, 0):
        practice.log("late_payment", days)
        hold()
    practice.log("praise", 1, by=practice.tom)
    untyped = practice.log(UNSORTED)
    abuse = practice.log("abuse", channel_id=room)
    hold()
    assert _listed(practice, practice.olivia).signals.keys() == {untyped.id, abuse.id}
    assert _listed(practice, practice.tom).signals.keys() == {untyped.id}
    with practice.units.begin(WORKSPACE) as unit:  # written, and not read again
        unit.signals.save(replace(abuse, reviewed_at=practice.clock.now()))
    hold()
    for hours, is_read in ((15, False), (1, True), (14, True), (24 * 50, False), (1, True)):
        practice.clock.move(hours=hours)
        if is_read:
            practice.health.read_all(WORKSPACE)
        hold()
    assert {band for band, _, _ in seen} >= {Band.TOO_EARLY, Band.ACT_NOW}
    assert {(unsure, silent) for _, unsure, silent in seen} >= {(True, False), (False, False), (False, True)}
