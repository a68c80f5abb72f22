"""BR14: people whom we can't see, people of whom nobody told us, and what a look at a channel costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.replies import Message
from integrations.sandbox.agency import AMIR, CARLA, DANA, GENERAL, GUS
from rules.clients.client import Client
from rules.ports import Post

STRANGER, CROWD = "U0STRANGER", "C1CROWD"
MOST_CALLS = 3
BEFORE = timedelta(minutes=2)


def posts(app: Any, channel_id: str) -> list[str]:
    return [m.text for m in app.world.slack.messages(channel_id) if m.by_app and not m.visible_to]


def add_stranger(app: Any) -> None:
    """Somebody of another company whom Slack does not show us."""
    app.world.slack.add_person(STRANGER, "stranger", team_id="T0OTHER", hidden=True)


def draft(app: Any, channel_id: str, number: int = 0) -> Post:
    return Post(
        key=f"note:{channel_id}:{number}",
        workspace_id=app.team_id,
        channel_id=channel_id,
        kind="digest",
        subject="x",
        created_at=app.web.outside.clock.now(),
    )


def test_somebody_we_cannot_see_clears_a_channel_and_sends_us_out(app: Any, birch: Client) -> None:
    """Our posts there are taken back, the app leaves, and both whoever let them in and an admin are told."""
    slack = app.world.slack
    add_stranger(app)
    app.set_digest(GENERAL)
    app.sweep(by=app.until_digest())
    before = len(posts(app, GENERAL))
    slack.invite(GENERAL, STRANGER, AMIR)
    app.settle()

    assert (before, posts(app, GENERAL)) == (1, [])
    assert slack.workspace.bot_user_id not in slack.workspace.channels[GENERAL].members
    assert "could not see who is in it" in app.agency.amir.dms()[-1].text
    assert "deleted" in app.agency.olivia.dms()[-1].text
    assert "Amicable has left it" in str(app.agency.olivia.dms()[-1].blocks)


def test_slacks_own_word_about_a_channel_comes_before_its_people(app: Any, birch: Client) -> None:
    """A channel that is shared is cleared although nobody can say who of the other company is in it."""
    add_stranger(app)
    app.set_digest(GENERAL)
    app.sweep(by=app.until_digest())
    app.world.slack.workspace.channels[GENERAL].members.append(STRANGER)
    app.world.slack.share(GENERAL)
    app.settle()

    assert posts(app, GENERAL) == []
    assert "shared with another company" in str(app.agency.olivia.dms()[-1].blocks)


def come(person_id: str) -> Callable[[Any], None]:
    return lambda app: app.world.slack.workspace.channels[GENERAL].members.append(person_id)


def turn_guest(app: Any) -> None:
    app.world.slack.workspace.people[DANA].is_guest = True


@pytest.mark.parametrize("unheard", [come(GUS), come(CARLA), come(STRANGER)], ids=["guest", "client", "stranger"])
def test_whoever_came_in_unheard_is_found_before_the_post(app: Any, unheard: Callable[[Any], None]) -> None:
    """Slack's event was lost and what we know of the place is minutes old: its people are read before each post."""
    add_stranger(app)
    app.set_digest(GENERAL)
    app.sweep(by=app.until_digest() - BEFORE)
    app.web.outside.directory.place(app.team_id, GENERAL, fresh=True)
    unheard(app)
    app.sweep(by=BEFORE * 2)
    app.sweep(by=timedelta(minutes=15))

    assert posts(app, GENERAL) == []


@pytest.mark.parametrize(
    "unheard", [come(GUS), come(STRANGER), turn_guest], ids=["guest", "stranger", "colleague turned guest"]
)
def test_after_a_lost_event_the_next_refresh_clears_what_must_not_stand(
    app: Any, birch: Client, unheard: Callable[[Any], None]
) -> None:
    """Nobody told us: within hours our posts are gone all the same, and an admin knows."""
    add_stranger(app)
    app.set_digest(GENERAL)
    app.sweep(by=app.until_digest())
    before = len(posts(app, GENERAL))
    unheard(app)
    app.sweep(by=timedelta(hours=5))

    assert (before, posts(app, GENERAL)) == (1, [])
    assert "deleted" in app.agency.olivia.dms()[-1].text


def test_a_post_costs_three_calls_however_many_are_in_the_channel(app: Any) -> None:
    """What the place is, who is in it, the post; who the people are is known, and kept known in the background."""
    slack = app.world.slack
    people = [f"U1CROWD{number}" for number in range(300)]
    for person_id in people:
        slack.add_person(person_id, person_id.lower())
    slack.add_channel(CROWD, "crowd", [AMIR, *people])
    app.web.services.workspaces.welcome(app.team_id)
    app.sweep()
    costs = []
    for number, span in enumerate((timedelta(), timedelta(hours=3), timedelta(hours=3))):
        app.sweep(by=span)
        before = len(slack.calls)
        app.web.outside.announcer.post_once(draft(app, CROWD, number), Message("Hello"))
        costs.append([call.method for call in slack.calls[before:]])

    assert len(posts(app, CROWD)) == len(costs)
    assert max(len(each) for each in costs) <= MOST_CALLS


def test_a_reaction_before_somebody_we_cannot_see_is_no_note(app: Any) -> None:
    """The person who reacted is told privately; nothing waits for Slack to change its mind."""
    client = app.add_client("Birch & Barrow", GENERAL)
    amir = app.agency.amir
    add_stranger(app)
    app.world.slack.workspace.channels[GENERAL].members.append(STRANGER)
    amir.react(GENERAL, amir.say(GENERAL, "They paid late"), "money_with_wings")
    app.settle()

    assert app.notes(client) == []
    assert "take it off" in amir.dms()[-1].text
