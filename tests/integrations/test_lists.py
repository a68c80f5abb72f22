"""What lists of clients begin with, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from integrations.database.repositories import lists
from rules.clients.client import DEMO_ID
from rules.clients.people import Member
from rules.health.days.standing import Standing
from rules.health.signal import Source, State
from rules.ports import Units, Workspace
from tests.integrations.test_database import NOW, T, client, signal

pytestmark = pytest.mark.both_databases

BEN = Member(id="U1", workspace_id=T, team_id=T, name="Ben", fetched_at=NOW)


@pytest.fixture(autouse=True)
def _workspace(units: Units) -> None:
    with units.house() as house:
        house.add_workspace(Workspace(id=T, name="Agency", timezone="Europe/Madrid", created_at=NOW))


def test_lists_begin_with_every_client_and_what_is_kept_of_it(units: Units) -> None:
    """In one statement; and so does the look at somebody's rights. Archived, merged and erased ones are in neither."""
    standing = Standing(client_id="c1", workspace_id=T, band="watch", read_at=NOW)
    since, day = NOW - timedelta(days=365), timedelta(days=1)
    with units.begin(T) as unit:
        assert list(unit.list_clients(since)) == []
        assert unit.look_at_reader("U1") == (None, [])
        unit.people.save_member(BEN)
        assert unit.look_at_reader("U1") == (BEN, [])
        for each in ("c1", "c2", "c3", DEMO_ID):
            unit.clients.add(client(each))
        unit.clients.add(client("away", archived_at=NOW))
        unit.clients.add(client("gone", merged_into="c1", archived_at=NOW))
        unit.clients.add(client("erased", erased_at=NOW))
        unit.standings.save(standing)
        unit.signals.add(signal("late", NOW - 9 * day, logged_on=(NOW - 2 * day).date()))
        unit.signals.add(signal("books", NOW, source=Source.SENSOR))
        unit.signals.add(signal("paid", NOW, source=Source.SENSOR, client_id="c2"))
        unit.signals.add(signal("past", NOW - 400 * day, client_id="c3"))
    with units.read(T) as unit:
        (page,) = unit.list_clients(since)
        found = [(each.client.id, each.standing, each.has_notes, each.heard_on) for each in page]
        assert unit.workspace().timezone == "Europe/Madrid"
        reader, clients = unit.look_at_reader("U1")

    assert found == [
        ("c1", standing, True, (NOW - 2 * day).date()),
        ("c2", None, True, None),
        ("c3", None, False, None),
        (DEMO_ID, None, False, None),
    ]
    assert (reader, sorted(each.id for each in clients)) == (BEN, ["c1", "c2", "c3"])


def test_thousands_of_clients_are_listed_some_hundreds_at_a_time(units: Units, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the last page is a full one; erased clients end no page."""
    monkeypatch.setattr(lists, "AT_ONCE", 2)
    with units.begin(T) as unit:
        for number in range(6):
            unit.clients.add(client(f"c{number}", erased_at=NOW if number in {2, 3} else None))
        pages = [[each.client.id for each in page] for page in unit.list_clients(NOW)]
    assert pages == [["c0", "c1"], [], ["c4", "c5"]]


def test_lists_speak_of_few_notes(units: Units) -> None:
    """Those of some types that stand, and where it is asked for the new ones, each once."""
    since, day = NOW - timedelta(days=365), timedelta(days=1)
    with units.begin(T) as unit:
        unit.clients.add(client())
        unit.clients.add(client("c2"))
        unit.signals.add(signal("plain", NOW - 9 * day, logged_at=NOW - 9 * day))
        unit.signals.add(signal("abuse", NOW - 900 * day, type="abuse"))
        unit.signals.add(signal("reviewed", NOW - day, type="abuse", state=State.WITHDRAWN, logged_at=NOW - day))
        unit.signals.add(signal("new", NOW - 8 * day, logged_at=NOW - day))
        unit.signals.add(signal("untyped", NOW - 20 * day, type="unsorted", client_id="c2", logged_at=NOW - day))
        unit.signals.add(signal("faded", NOW - 400 * day, type="unsorted", client_id="c2"))

    def told(logged_after: datetime | None) -> dict[str, list[str]]:
        with units.read(T) as unit:
            found = unit.signals.told_in_lists(
                ["c1", "c2"], since, ["abuse"], types=["abuse", "unsorted"], logged_after=logged_after
            )
        return {key: [each.id for each in notes] for key, notes in found.items()}

    assert told(None) == {"c1": ["abuse"], "c2": ["untyped"]}
    assert told(NOW - 3 * day) == {"c1": ["abuse", "new", "reviewed"], "c2": ["untyped"]}
