"""What a client brings and takes, side by side, and the form for the numbers that only people know (HS03, D16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.ids import Form
from bot.replies import Block, View
from bot.services.health.appraisals import Value
from bot.views.blocks import Marked, context, day, fields, form, lines, marked, number_input
from rules.clients.client import Client
from rules.errors import InvalidError
from rules.health.pulse import Mood
from rules.health.why.toll import Morale, Toll
from rules.sentences import Sentence

HOURS_OF_A_WEEK = 168
_MORALE: Mapping[Morale, str] = {
    Morale.UNKNOWN: "nothing noted",
    Morale.GOOD: "good",
    Morale.MIXED: "mixed",
    Morale.STRAINED: "strained",
}


_MOODS: Mapping[Mood, str] = {
    Mood.HEAVY: "heavy to work with",
    Mood.MIXED: "mixed",
    Mood.LIGHT: "good to work with",
}


def toll_block(toll: Toll) -> Block:
    return fields(benefit(toll), burden(toll))


def benefit(toll: Toll) -> Marked:
    share, margin = toll.revenue_share_percent, toll.margin_percent
    return lines(
        Marked("*They bring*"),
        "Share of our revenue: not known" if share is None else Sentence("{share} % of our revenue", share=share),
        Marked(":warning: much hangs on this one client") if toll.is_concentrated else "",
        "" if margin is None else Sentence("margin {margin} %", margin=margin),
        marked("_What they say:_ {said}", said=_satisfaction(toll)),
    )


def burden(toll: Toll) -> Marked:
    hours, paid = toll.hours_a_week, toll.paid_late + toll.paid_on_time
    return lines(
        Marked("*They take*"),
        "hours a week: not known"
        if hours is None
        else Sentence("{count} hour a week", "{count} hours a week", count=hours),
        Sentence("paid late {paid_late} of {paid} noted times in a year", paid_late=toll.paid_late, paid=paid)
        if paid
        else "no payments noted",
        marked(
            "morale: {morale} ({hard} hard, {good} good for the team in 90 days)",
            morale=_MORALE[toll.morale],
            hard=toll.hard_on_team,
            good=toll.good_for_team,
        ),
        _noted(toll),
        marked("_What the team says:_ {said}", said=_pulse(toll)),
    )


def _satisfaction(toll: Toll) -> str:
    """HS19: how pleased they are stands beside what it costs the team."""
    said = toll.satisfaction
    if said is None:
        return "not asked yet"
    return Sentence("{stars} of 5 on {on} ({source})", stars=said.stars, on=day(said.heard_on), source=said.source)


def _pulse(toll: Toll) -> str:
    """One word of a closed round, from three answers on; nothing finer, so that nobody's answer can be told (D15)."""
    if toll.pulse is None:
        return "no answer to show yet"
    mood, month = toll.pulse
    return Sentence("{mood} in {month}", mood=_MOODS[mood], month=f"{month:%B %Y}")


def _noted(toll: Toll) -> str:
    """RF32: each apart, and nothing where nobody noted any."""
    said = [f"{each} {times}" for each, times in toll.noted if times]
    return Sentence("a toll was noted on: {said}", said=", ".join(said)) if said else ""


def value_form(client: Client) -> View:
    blocks = [
        context(Marked("Two numbers are enough. Only those who decide about the client see them.")),
        number_input("share", "Share of our revenue in percent", initial=client.revenue_share_percent, optional=True),
        number_input("hours", "Hours that they take in a week", initial=client.hours_a_week, optional=True),
        number_input(
            "margin",
            "Margin in percent",
            initial=client.margin_percent,
            optional=True,
            hint="What is left of their money after our cost; below 0 they cost us",
        ),
    ]
    return form(Form.VALUE, client.name, blocks, memo={"client": client.id})


def read_value(values: Mapping[str, Any]) -> Value:
    return Value(
        revenue_share_percent=_number(values, "share", 0, 100, "Give the share as a number from 0 to 100."),
        hours_a_week=_number(values, "hours", 0, HOURS_OF_A_WEEK, "A week has 168 hours."),
        margin_percent=_number(values, "margin", -100, 100, "A margin is a number from -100 to 100."),
    )


def _number(values: Mapping[str, Any], field: str, least: int, most: int, wrong: str) -> int | None:
    typed = values.get(field)
    if typed in {None, ""}:
        return None
    number = int(str(typed))
    if not least <= number <= most:
        raise InvalidError("Please look at the numbers.", {field: wrong})
    return number
