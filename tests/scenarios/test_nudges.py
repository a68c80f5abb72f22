"""Quiet operation: what nobody asked for comes rarely, in working hours, and leaves when it is settled (D13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.services.nudges.nudges import nudge
from integrations.sandbox.agency import AMIR, COBALT, VOLT
from rules.clients.client import Client
from rules.nudges.kinds import KINDS, NudgeKind

LATE = "money_with_wings"


def test_a_question_stands_on_home_at_once_and_is_asked_in_working_hours(app: Any, birch: Client) -> None:
    """Two channels of nobody: one message, with why it comes; answered, it says so in place."""
    amir = app.agency.amir
    to_evening(app)
    for channel in (COBALT, VOLT):
        amir.react(channel, amir.say(channel, "Still no invoice paid"), LATE)
    app.settle()
    app.sweep()
    evening, home = list(amir.dms()), str(amir.home())
    app.tell()
    (asked,) = amir.dms()
    app.press(amir, asked, "choose_client")
    amir.submit({"client": birch.id})
    app.settle()

    assert evening == []
    assert home.count("Which client does this channel belong to?") == 2
    assert asked.text.count("Which client does this channel belong to?") == 2
    assert "Why you get this: You reacted in that channel." in str(asked.blocks)
    assert str(amir.home()).count("Which client") == 1


def test_a_word_is_snoozed_settled_and_muted_where_it_stands(app: Any, birch: Client) -> None:
    """The message changes in place; a settled line leaves Home too."""
    amir = app.agency.amir
    for channel in (COBALT, VOLT):
        amir.react(channel, amir.say(channel, "Still no invoice paid"), LATE)
    app.settle()
    app.tell()
    first, second = nudge_ids(amir.dms()[-1])
    amir.choose(amir.dms()[-1], f"nudge_answer.{first}", f"tomorrow:{first}")
    amir.choose(amir.dms()[-1], f"nudge_answer.{second}", f"done:{second}")
    app.settle()
    (shown,) = amir.dms()
    home = str(amir.home())
    app.sweep(by=timedelta(days=3))
    app.tell()

    assert "Snoozed until" in str(shown.blocks)
    assert "Done." in str(shown.blocks)
    assert "Which client" not in home
    assert [message.text.count("Which client") for message in amir.dms()] == [1, 1]


def test_everybody_sets_their_own_quiet_hours_on_home(app: Any, birch: Client) -> None:
    """Muted kinds still stand on Home; what can't wait is named on the form."""
    amir = app.agency.amir
    amir.react(COBALT, amir.say(COBALT, "Still no invoice paid"), LATE)
    app.settle()
    amir.home()
    opened = amir.click(amir.published_home, "messages_to_me")
    saved = amir.submit(
        {"quiet_from": "20:00", "quiet_until": "07:00", "kinds_10": [], "kinds_20": [], "mute": birch.id}
    )
    app.tell()
    amir.click(amir.published_home, "messages_to_me")

    assert "A client can see a reaction" in str(opened.view)
    assert "Quiet from 20:00 until 07:00, and on weekends." in str(saved.view)
    assert amir.dms() == []
    assert "Which client" in str(amir.home())
    assert birch.name in str(amir.view)


def test_an_answer_that_slack_lost_brings_no_second_message(app: Any, birch: Client) -> None:
    """The message was posted and nobody was told so: it is found again by our own mark, and sent once."""
    amir = app.agency.amir
    amir.react(COBALT, amir.say(COBALT, "Still no invoice paid"), LATE)
    app.settle()
    app.world.slack.lose_answer("chat.postMessage")
    app.tell()
    app.sweep(by=timedelta(minutes=11))

    assert [message.text.count("Which client") for message in amir.dms()] == [1]


def test_each_kind_of_word_is_looked_at_before_it_is_said(front: Any, birch: Client) -> None:
    """A kind whose truth nobody tells would break everybody's Home; what is about nothing is never said."""
    amir = front.member(AMIR)
    with front.web.outside.units.begin(front.team_id) as unit:
        for kind in KINDS:
            nudge(
                unit,
                kind,
                AMIR,
                subject="gone:1",
                now=front.web.outside.clock.now(),
                client_id=birch.id,
                details="theirs",
            )
    front.web.nudges.open_bundle(front.team_id, amir)

    with front.web.outside.units.read(front.team_id) as unit:
        assert [known.kind for known in unit.nudges.unsettled(AMIR)] == [NudgeKind.NO_WINDOW]


def to_evening(app: Any) -> None:
    """Seven in the evening, in the time zone of everybody here."""
    now = app.web.outside.clock.now()
    evening = now.replace(hour=19, minute=0) + timedelta(days=now.hour >= 19)
    app.sweep(by=evening - now)


def nudge_ids(message: Any) -> list[str]:
    found = [element.get("action_id", "") for block in message.blocks for element in block.get("elements", ())[-1:]]
    return [name.partition(".")[2] for name in found if str(name).startswith("nudge_answer")]
