"""Two admins choose at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.services.capture.emoji import EmojiService, book_of
from rules.clients.people import Member
from rules.errors import InvalidError
from rules.health.catalogue import load_catalogue
from rules.ports import Units, Workspace

pytestmark = pytest.mark.both_databases

WORKSPACE = "T1"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CODES = ("late_payment", "slow_reply", "rate_pressure", "praise")


class Outside:
    """Slack and the clock."""

    def now(self) -> datetime:
        return NOW

    def custom_emoji(self) -> dict[str, str]:
        return {}


def test_no_emoji_gets_two_meanings_however_many_choose_it_at_once(units: Units) -> None:
    """One of them gets it, the others read whose it is by then."""
    outside: Any = Outside()
    emoji = EmojiService(units, outside, load_catalogue(), outside)
    admin = Member(id="U1", workspace_id=WORKSPACE, team_id=WORKSPACE, name="Olivia", is_admin=True, fetched_at=NOW)
    with units.house() as house:
        house.add_workspace(Workspace(id=WORKSPACE, name="Agency", created_at=NOW))

    def choose(code: str) -> str:
        try:
            return " ".join(emoji.choose(WORKSPACE, admin, code, ["duck"]).emoji)
        except InvalidError as refused:
            return refused.sentence

    with ThreadPoolExecutor(len(CODES)) as pool:
        said = list(pool.map(choose, CODES))

    with units.read(WORKSPACE) as unit:
        meant = book_of(unit.workspace(), load_catalogue()).meaning("duck")
    assert meant is not None
    assert sorted(said) == sorted(
        ["duck", *[f"“duck” already means “{meant.label}”. Change that one first, or choose another."] * 3]
    )
