"""The list of channels stays readable and within Slack's limits, however many there are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.services.clients.watches import Watched
from bot.views.clients.watches import watch_list
from integrations.sandbox.slack.blockkit.limits import check_view
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.watch import Watch

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def person(*, is_admin: bool) -> Member:
    return Member(id="U1", workspace_id="T1", team_id="T1", name="Olivia", is_admin=is_admin, fetched_at=NOW)


def channels(count: int) -> list[Watched]:
    return [
        Watched(
            client=Client(id=f"cl-{n}", workspace_id="T1", name=f"<!here> *{n}*", owner_id="U1", stage_since=NOW),
            watch=Watch(workspace_id="T1", channel_id=f"C{n:03}", listens=n % 2 == 0),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, 40, 41, 200])
def test_every_channel_is_on_one_page_and_each_page_fits(count: int) -> None:
    """Leafed through to the end, each one was shown once."""
    seen: list[str] = []
    number = 0
    while True:
        view = watch_list(channels(count), number, person(is_admin=True))
        check_view(view, home=False)
        seen += [button["value"] for button in buttons(view) if button["action_id"].startswith("watch.")]
        if not any(button["action_id"] == "watches.next" for button in buttons(view)):
            break
        number += 1

    assert seen == [f"C{n:03}" for n in range(count)]


def test_a_page_that_is_not_there_shows_the_last_one() -> None:
    """A button of yesterday leads somewhere all the same."""
    assert watch_list(channels(41), 9, person(is_admin=True)) == watch_list(channels(41), 1, person(is_admin=True))


def test_names_call_nobody_and_only_admins_get_buttons() -> None:
    """A client's name is text, whatever stands in it; others are told who can change something."""
    view = watch_list(channels(1), 0, person(is_admin=False))

    assert buttons(view) == []
    assert ("&lt;!here&gt;" in str(view), "<!here>" in str(view), "Workspace admins" in str(view)) == (
        True,
        False,
        True,
    )


def buttons(view: dict[str, Any]) -> list[dict[str, Any]]:
    of_rows = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    return of_rows + [each for block in view["blocks"] if block["type"] == "actions" for each in block["elements"]]
