"""Health at a glance, in words, icon and number together: never by colour alone."""

from __future__ import annotations

from bot.ids import Action
from bot.replies import Block, Message, Option
from bot.services.health.briefs import Brief
from bot.services.health.explanations import Explanation
from bot.services.health.scorecards import Scorecard
from bot.views.blocks import (
    Marked,
    actions,
    button,
    choice,
    context,
    day,
    fields,
    header,
    lines,
    marked,
    message,
    person,
    section,
)
from bot.views.health.toll import toll_block
from bot.views.health.trend import silence_words, trend_line, trend_words, way_words
from rules.clients.client import BandOverride, Client
from rules.clients.commands import Verb
from rules.clients.stages import Stage
from rules.health.days.turn import Way
from rules.health.score import Band, Glance, Reckoning, rounded
from rules.health.why.balance import balance
from rules.sentences import Sentence
from rules.words import Words

ICONS = {
    Band.HEALTHY: ":large_green_circle:",
    Band.WATCH: ":large_yellow_circle:",
    Band.AMEND: ":large_orange_circle:",
    Band.CONSIDER: ":red_circle:",
    Band.TOO_EARLY: ":white_circle:",
    Band.ACT_NOW: ":rotating_light:",
}


MENU = "more"
ABSORBED_SHOWN = 3
_PARTING = frozenset({Stage.DECIDED, Stage.TOLD, Stage.HANDING_OFF})
_TO_MEND = frozenset({Band.AMEND, Band.CONSIDER})
_FOR_ALL = (
    ("History", Verb.HISTORY),
    ("Trend", Verb.TREND),
    ("Plan", Verb.PLAN),
    ("Agreement", Verb.AGREEMENT),
)
_FOR_DECIDERS = (
    ("Consider ending", Verb.CONSIDER),
    ("Parting", Verb.PARTING),
    ("Letter", Verb.LETTER),
    ("Contract", Verb.CONTRACT),
    ("Contacts", Verb.CONTACTS),
    ("Value", Verb.VALUE),
    ("Settings", Verb.SETTINGS),
)


def score_words(health: Reckoning | Glance, words: Words) -> str:
    """`68 watch`: the rounded sum, the same everywhere."""
    if health.score_tenths is None:
        return words.band(Band.TOO_EARLY)
    return f"{rounded(health.score_tenths)} {words.band(health.band)}"


def shown_score(card: Brief, words: Words) -> str:
    """As `score_words`; an overridden band stands alone, its number would contradict it."""
    return words.band(card.band) if card.override and not card.health.banners else score_words(card.health, words)


def overridden(override: BandOverride, computed: str) -> Marked:
    """Whose word it is, until when, and what was computed."""
    return marked(
        "overridden by {who} until {until}: computed {computed}",
        who=person(override.by_id),
        until=day(override.last_day),
        computed=computed,
    )


def card_line(card: Brief, words: Words) -> Marked:
    """One client in a list: icon, name, number, word, and what is to be said besides: a turn, a stage, silence."""
    unsure = " · to be confirmed" if card.to_be_confirmed and not card.override else ""
    word = overridden(card.override, score_words(card.health, words)) if card.override else Marked("")
    silent = silence_words(card)
    calm = card.trend.way in {Way.STEADY, Way.UNKNOWN}
    turn = "" if calm else f" {words.arrow(card.trend.way)} {way_words(card.trend, words)}"
    return marked(
        "{icon} *{name}* · {score}{override}{turn}{stage}{unsure}",
        icon=Marked(ICONS[card.band]),
        name=card.client.name,
        score=shown_score(card, words),
        override=marked(" ({word})", word=word) if word else Marked(""),
        turn=f" · {silent}" if silent else turn,
        stage="" if card.stage is Stage.ACTIVE else f" · {words.stage(card.stage)}",
        unsure=unsure,
    )


def next_step(card: Scorecard, words: Words) -> str:
    """What the stage asks for, and before there is a plan what the band calls for."""
    return words.next_step(card.step.band) if card.stage is Stage.ACTIVE else words.stage_step(card.stage)


def step_line(card: Scorecard, words: Words) -> Marked:
    """HS04: what comes next and who sees to it; until when only where the band calls for it."""
    step = card.step
    if card.stage is not Stage.ACTIVE or step.due_on is None:
        return marked("Next step: {step} {owner}", step=next_step(card, words), owner=person(step.owner_id))
    return marked(
        "Next step: {step} {owner}, by {due}{late}",
        step=next_step(card, words),
        owner=person(step.owner_id),
        due=day(step.due_on),
        late=Marked(" · :alarm_clock: overdue") if step.overdue else "",
    )


def scorecard(explained: Explanation, words: Words, to_confirm: str = "") -> Message:
    """A client at a glance, seen by one person. `to_confirm` is the decision that waits for their word."""
    card = explained.card
    client, health = card.client, card.health
    evidence = marked(
        "*Evidence*\n{count} on {dates}",
        count=Sentence("{count} note", "{count} notes", count=health.evidence_signals),
        dates=Sentence("{count} day", "{count} days", count=health.evidence_dates),
    )
    praise, flags = balance(card.signals.values(), explained.today)
    blocks: list[Block] = [
        header(client.name),
        *banners(card),
        *register_lines(client),
        section(lines(card_line(card, words), *override_reason(card))),
        section(
            trend_line(explained.points),
            button("Trend", Action.TREND, client.id, name=Sentence("Trend of {name}", name=client.name)),
        ),
        fields(
            marked("*Owner*\n{owner}", owner=person(client.owner_id)),
            evidence,
            marked("*Praise to red flags*\n{praise} : {flags} in 90 days", praise=praise, flags=flags),
        ),
    ]
    if explained.toll:
        blocks.append(toll_block(explained.toll))
    blocks += [context(step_line(card, words)), actions(*card_buttons(card, to_confirm))]
    said = f"{client.name}: {shown_score(card, words)}, {words.trend(card.trend.way)}, {words.stage(card.stage)}."
    return message(f"{said} {trend_words(explained.points)} {next_step(card, words)}", *blocks)


def register_lines(client: Client) -> list[Block]:
    """What a client's page says of its place in the register: archived, merged, made up."""
    said = [
        marked("_{gone} is part of this client since {on}._", gone=each.name, on=day(each.at))
        for each in client.absorbed[-ABSORBED_SHOWN:]
    ]
    if (more := len(client.absorbed) - ABSORBED_SHOWN) > 0:
        said.append(marked("_and {count} more before_", count=more))
    if client.archived_at:
        on = day(client.archived_at)
        said.insert(0, marked("_Archived on {on}: in no list, digest or search. The history stays._", on=on))
    if client.is_demo:
        said.append(Marked("_A demo: nothing of it is real, it counts nowhere, and only admins and you see it._"))
    return [context(lines(*said))] if said else []


def override_reason(card: Scorecard) -> list[Marked]:
    return [marked("_{reason}_", reason=card.override.reason)] if card.override else []


def card_buttons(card: Scorecard, to_confirm: str) -> list[Block]:
    """The next step first, then why and a note; everything else in a menu. Nobody is offered what they may not do."""
    client = card.client
    if client.is_demo:
        return _demo_buttons(client)
    confirm = button("Confirm the decision", Action.CONFIRM, to_confirm, style="primary") if to_confirm else None
    first = confirm or _next_button(card)
    log = button("Log a note", Action.LOG_FOR_CLIENT, client.id, name=Sentence("Note about {name}", name=client.name))
    why = button("Why", Action.WHY, client.id, name=Sentence("Why {name} has this health", name=client.name))
    further = [each for each in (why, log) if each["action_id"] != first["action_id"]]
    ended = [_word_button(card)] if card.may_decide and card.override else []
    return [first, *further, *ended, choice(Action.OPEN_VERB, "More", _menu(card), suffix=MENU)]


def _demo_buttons(client: Client) -> list[Block]:
    return [
        button(
            "Why", Action.WHY, client.id, style="primary", name=Sentence("Why {name} has this health", name=client.name)
        ),
        button("History", Action.HISTORY, client.id, name=Sentence("Notes about {name}", name=client.name)),
        button("Remove the demo", Action.REMOVE_DEMO),
    ]


def _next_button(card: Scorecard) -> Block:
    """What the stage, or before there is a plan the band, asks for."""
    client = card.client
    if card.health.banners or card.stage is Stage.CLOSED:
        notes = Sentence("Notes about {name}", name=client.name)
        return button("History", Action.HISTORY, client.id, style="primary", name=notes)
    if card.stage is Stage.CONSIDERING and card.may_decide:
        checks = Sentence("What is left before an end with {name}", name=client.name)
        return button("Checklist", Action.CONSIDER, client.id, style="primary", name=checks)
    if card.stage in _PARTING and card.may_decide:
        leaving = Sentence("Parting with {name}", name=client.name)
        return button("Parting", Action.PARTING, client.id, style="primary", name=leaving)
    if card.stage is Stage.AMENDING or card.band in _TO_MEND:
        plan = Sentence("Plan with {name}", name=client.name)
        return button("Plan", Action.PLAN, client.id, style="primary", name=plan)
    note = Sentence("Note about {name}", name=client.name)
    return button("Log a note", Action.LOG_FOR_CLIENT, client.id, style="primary", name=note)


def _menu(card: Scorecard) -> list[Option]:
    """Each is a word of `/client NAME …` too."""
    offered = [*_FOR_ALL, *(_FOR_DECIDERS if card.may_decide else ())]
    if card.may_decide and not card.override:
        offered.append(("Override", Verb.OVERRIDE))
    if card.may_set_visibility:
        offered.append(("Who sees it", Verb.VISIBILITY))
    return [Option(label, f"{verb.value} {card.client.id}") for label, verb in offered]


def judging_buttons(card: Scorecard) -> list[Block]:
    """For those who decide: what the client is worth, and their word against the number."""
    client = card.client
    if client.is_demo or not card.may_decide:
        return []
    return [
        button("Settings", Action.CLIENT_SETTINGS, client.id, name=Sentence("Settings of {name}", name=client.name)),
        button("Value", Action.VALUE, client.id, name=Sentence("What {name} is worth to us", name=client.name)),
        _word_button(card),
    ]


def _word_button(card: Scorecard) -> Block:
    client = card.client
    if card.override:
        ending = Sentence("End the override for {name}", name=client.name)
        return button("End override", Action.END_OVERRIDE, client.id, name=ending)
    overriding = Sentence("Override the band of {name}", name=client.name)
    return button("Override", Action.OVERRIDE_BAND, client.id, name=overriding)


def banners(card: Scorecard) -> list[Block]:
    """FG14: abuse and gaslighting are not a matter of points."""
    if not card.health.banners:
        return []
    return [
        section(
            Marked(":rotating_light: *Act now.* Nobody has to put up with this. A decider should look at it today.")
        )
    ]
