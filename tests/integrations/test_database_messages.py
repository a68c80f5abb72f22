from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.agenda import POST_DIGEST
from rules.ports import AuditEntry, DigestChannel, Due, InboxEvent, Post, Units, Workspace

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
T, OTHER = "T1", "T2"


def test_an_event_is_accepted_once_and_its_payload_can_be_erased(units: Units) -> None:
    """A repeated `event_id` never acts twice; what was handled is blank after a day."""
    event = InboxEvent(event_id="Ev1", workspace_id=T, type="reaction_added", payload="{}", received_at=NOW)
    waiting = replace(event, event_id="Ev2")
    with units.begin(T) as unit:
        accepted = [unit.inbox.accept(each) for each in (event, event, waiting)]
        unit.inbox.mark_handled("Ev1", NOW)
        erased = unit.inbox.erase_payloads(NOW + timedelta(days=1))
    with units.house() as house:
        erased_later = house.erase_payloads(NOW + timedelta(days=1))
    with units.read(T) as unit:
        stored = [unit.inbox.get(event_id) for event_id in ("Ev1", "Ev2")]

    assert (accepted, erased, erased_later) == ([True, False, True], 1, 0)
    assert stored == [replace(event, payload="", handled_at=NOW), waiting]


def test_due_times_move_and_are_read_over_all_workspaces(units: Units) -> None:
    """One sweep finds what is due anywhere, earliest first."""
    digest = POST_DIGEST.at(NOW, T, "C1")
    look = Due(workspace_id=OTHER, kind="look", subject="x", due_at=NOW - timedelta(hours=1))
    with units.begin(T) as unit:
        unit.dues.set(replace(digest, due_at=NOW + timedelta(days=3)))
        unit.dues.set(digest)
    with units.begin(OTHER) as unit:
        unit.dues.set(look)
    with units.house() as house:
        due = house.due(NOW, 10)
        house.move(look, None)
        house.move(digest, NOW + timedelta(days=7))
        left = house.due(NOW, 10)
    with units.begin(T) as unit:
        moved = unit.dues.find(POST_DIGEST, "C1")
        unit.dues.drop(POST_DIGEST, "C1")
        assert unit.dues.find(POST_DIGEST, "C1") is None

    assert (due, left, moved) == ([look, digest], [], replace(digest, due_at=NOW + timedelta(days=7)))


def test_posts_digests_workspaces_and_the_audit_log_are_kept(units: Units) -> None:
    """What we posted can be found again, and who did what is told newest first."""
    post = Post(key="digest:C1:W45", workspace_id=T, channel_id="C1", kind="digest", subject="C1", created_at=NOW)
    channel = DigestChannel(workspace_id=T, channel_id="C1", weekday=4, timezone="Europe/Amsterdam")
    entries = [AuditEntry(at=NOW, workspace_id=T, actor_id="U1", action="decide", subject=each) for each in "ab"]
    agency = Workspace(
        id=T, name="Agency", company_name="Agency BV", destinations_confirmed=("jira:ACM",), created_at=NOW
    )
    with units.house() as house:
        house.add_workspace(agency)
        house.add_workspace(replace(agency, id=OTHER))
    with units.begin(T) as unit:
        unit.posts.save(post)
        unit.posts.save(replace(post, ts="1.2"))
        unit.digests.save(channel)
        for entry in entries:
            unit.audit.add(entry)
        unit.save_workspace(replace(agency, bot_user_id="UBOT"))
    with units.house() as house:
        assert (house.find_workspace(T), house.find_workspace("T9")) == (replace(agency, bot_user_id="UBOT"), None)
        assert [each.id for each in house.workspaces()] == [T, OTHER]
    with units.begin(T) as unit:
        assert (unit.posts.find(post.key), unit.posts.in_channel("C1")) == (
            replace(post, ts="1.2"),
            [replace(post, ts="1.2")],
        )
        unit.posts.forget(post.key)
        assert unit.posts.find(post.key) is None
        assert (unit.digests.find("C1"), unit.digests.channels()) == (channel, [channel])
        unit.digests.drop("C1")
        assert unit.digests.channels() == []
        assert unit.audit.newest(1) == [entries[1]]
        assert unit.workspace().bot_user_id == "UBOT"
