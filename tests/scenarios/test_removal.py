"""Removed from Slack and installed again: we fall silent at once, and go on where we stopped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.calls import EventCall
from integrations.sandbox.agency import BIRCH
from rules.clients.client import Client


def ours_in(app: Any, channel_id: str) -> list[Any]:
    return [m for m in app.world.slack.messages(channel_id) if m.by_app and not m.visible_to]


def left_at(app: Any) -> Any:
    with app.web.outside.units.read(app.team_id) as unit:
        return unit.workspace().left_at


def test_a_removed_app_asks_nothing_of_slack_and_goes_on_after_its_return(app: Any, birch: Client) -> None:
    """No job speaks while Amicable is removed; after the next installation the digest comes, late, once."""
    slack = app.world.slack
    app.set_digest(BIRCH)
    slack.uninstall()
    app.settle()
    silent_from = len(slack.calls)
    app.sweep(by=app.until_digest())
    app.sweep(by=timedelta(hours=1))
    asked = {call.method for call in slack.calls[silent_from:]}
    away = left_at(app)

    slack.workspace.installed = True
    app.sweep(by=timedelta(minutes=11))
    app.sweep(by=timedelta(minutes=11))

    assert away is not None
    assert asked == {"auth.test"}
    assert left_at(app) is None
    assert len(ours_in(app, BIRCH)) == 1


def test_a_late_word_of_the_removal_changes_nothing_after_the_return(app: Any, birch: Client) -> None:
    """Slack's events come in any order: one that tells of a removal is believed only while our token fails."""
    slack = app.world.slack
    app.agency.amir.command("/client", "B&B")
    slack.workspace.emit({"type": "app_uninstalled"})
    slack.workspace.emit({"type": "tokens_revoked", "tokens": {"bot": ["UBOT"], "oauth": []}})
    app.settle()

    assert left_at(app) is None
    assert "Birch" in app.agency.amir.command("/client", "B&B").text


def test_a_persons_own_token_is_no_matter_of_ours(front: Any, birch: Client) -> None:
    """`tokens_revoked` names people's tokens too; only the bot's stops us."""
    front.world.slack.workspace.installed = False
    seen = []
    for tokens in ({"oauth": ["U1"]}, {"oauth": [], "bot": ["UBOT"]}):
        event = {"type": "tokens_revoked", "tokens": tokens}
        call = EventCall(workspace_id=front.team_id, event_id="Ev1", event=event, now=front.world.now())
        front.web.desk.handle(call)
        seen.append(left_at(front) is not None)

    assert seen == [False, True]


def test_whoever_comes_first_after_the_return_is_served(front: Any, birch: Client) -> None:
    """A command finds out that the app is installed again before the sweep does."""
    front.agency.amir.command("/client", "B&B")
    front.world.slack.workspace.installed = False
    front.web.services.workspaces.leave(front.team_id)
    gone = left_at(front)
    front.world.slack.workspace.installed = True

    answered = front.agency.amir.command("/client", "B&B").text

    assert gone is not None
    assert "Birch" in answered
    assert left_at(front) is None
