"""“Act now”: what those who decide read when somebody was abused."""

from __future__ import annotations

from bot.ids import Action
from bot.replies import Message
from bot.services.health.attention import Alarm
from bot.views.blocks import Marked, actions, button, context, marked, message, person, section
from rules.nudges.kinds import NEVER_WAITS, AtOnce
from rules.sentences import Sentence


def act_now(alarm: Alarm) -> Message:
    """The notification names neither what happened nor by whom: it may light up beside a client."""
    text = "Somebody on the team needs you today. Please open this and act."
    said = marked(
        "*Act now: {client}*\n{who} noted: {label}. Talk to them first. Nobody has to put up with it: you may end it "
        "without a plan and without waiting.",
        client=alarm.client.name,
        who=person(alarm.signal.reporter_id),
        label=alarm.label,
    )
    ways = actions(
        button("See what happened", Action.HISTORY, alarm.client.id, style="primary"),
        button("Consider ending", Action.CONSIDER, alarm.client.id),
    )
    why = Sentence(
        "Why you get this at once: you decide about this client. {never_waits}", never_waits=NEVER_WAITS[AtOnce.ACT_NOW]
    )
    return message(text, section(said), ways, context(Marked(why)))
