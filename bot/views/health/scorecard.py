"""Health in words, icon and number together; and why it is what it is."""

from __future__ import annotations

from bot.ids import Action
from bot.replies import Block, Message, View
from bot.services.health.scorecards import Scorecard
from bot.views.blocks import (
    Marked,
    actions,
    button,
    clip,
    context,
    dialog,
    divider,
    escape,
    fields,
    header,
    lines,
    link,
    marked,
    message,
    person,
    section,
)
from rules.clients.client import Client
from rules.health.account import Band, Health, Line, LineKind
from rules.health.catalogue import Catalogue
from rules.health.signal import Signal, Source
from rules.words import Words

ICONS = {
    Band.HEALTHY: ":large_green_circle:",
    Band.WATCH: ":large_yellow_circle:",
    Band.AMEND: ":large_orange_circle:",
    Band.CONSIDER: ":red_circle:",
    Band.TOO_EARLY: ":white_circle:",
}
# A modal holds 100 blocks; the newest notes matter most and the rest is said to be there.
SHOWN_LINES = 40
PERCENT = 100


def score_words(health: Health, words: Words) -> str:
    """`68 watch`. Rounded down, so that 79.6 does not read like the band above it."""
    if health.score_tenths is None:
        return words.band(Band.TOO_EARLY)
    return f"{health.score_tenths // 10} {words.band(health.band)}"


def tenths(points: int) -> str:
    """`-4.2`, with the sign that the account needs."""
    return f"{'-' if points < 0 else ''}{abs(points) // 10}.{abs(points) % 10}"


def card_line(card: Scorecard, words: Words) -> Marked:
    """One client in a list: icon, name, number, word, arrow."""
    unsure = " · to be confirmed" if card.to_be_confirmed else ""
    return marked(
        "{icon} *{name}* · {score} {arrow} {trend} · {stage}{unsure}",
        icon=Marked(ICONS[card.health.band]),
        name=card.client.name,
        score=score_words(card.health, words),
        arrow=words.arrow(card.trend.direction),
        trend=words.trend(card.trend.direction),
        stage=words.stage(card.stage),
        unsure=unsure,
    )


def scorecard(card: Scorecard, words: Words) -> Message:
    """A client at a glance, seen by one person."""
    client = card.client
    blocks: list[Block] = [header(client.name), *banners(card), section(card_line(card, words))]
    blocks += [
        fields(
            marked("*Owner*\n{owner}", owner=person(client.owner_id)),
            marked(
                "*Evidence*\n{count} on {dates}",
                count=_count(card.health.evidence_signals, "note"),
                dates=_count(card.health.evidence_dates, "day"),
            ),
        ),
        context(marked("Next step: {step}", step=words.next_step(card.health.band))),
        actions(*card_buttons(card)),
    ]
    return message(f"{client.name}: {score_words(card.health, words)}, {words.stage(card.stage)}", *blocks)


def card_buttons(card: Scorecard) -> list[Block]:
    """What can be done with a client; nobody is offered what they may not do."""
    client = card.client
    buttons = [
        button("Why", Action.WHY, client.id, name=f"Why {client.name} has this health"),
        button("History", Action.HISTORY, client.id, name=f"Notes about {client.name}"),
        button("Plan", Action.PLAN, client.id, name=f"Plan with {client.name}"),
    ]
    if card.may_decide:
        buttons.append(
            button("Consider ending", Action.CONSIDER, client.id, name=f"Consider ending with {client.name}")
        )
        buttons.append(button("Parting", Action.PARTING, client.id, name=f"Parting with {client.name}"))
        buttons.append(button("Letter", Action.LETTER, client.id, name=f"Letter to {client.name}"))
    return buttons


def banners(card: Scorecard) -> list[Block]:
    """FG14: abuse and gaslighting are not a matter of points."""
    if not card.health.banners:
        return []
    return [
        section(
            Marked(":rotating_light: *Act now.* Nobody has to put up with this. A decider should look at it today.")
        )
    ]


def why(card: Scorecard, catalogue: Catalogue, words: Words) -> View:
    """Every line of the account; they add up to the number at the end."""
    health = card.health
    shown = health.lines[:SHOWN_LINES]
    rest = sum(line.points_tenths for line in health.lines[SHOWN_LINES:])
    blocks: list[Block] = [*banners(card), section(card_line(card, words)), divider()]
    blocks += [section(_line(line, card, catalogue, words)) for line in shown]
    if len(health.lines) > SHOWN_LINES:
        blocks.append(
            section(marked("`{points}` · {count} more", points=tenths(rest), count=len(health.lines) - SHOWN_LINES))
        )
    blocks += [divider(), section(_sum(health, words))]
    if health.our_side:
        blocks.append(
            section(
                lines(
                    "*Our side* (stands beside, costs the client nothing)",
                    *(_line(each, card, catalogue, words) for each in health.our_side),
                )
            )
        )
    blocks.append(
        context(
            marked("Next step: {step} · formula {version}", step=words.next_step(health.band), version=health.version)
        )
    )
    return dialog(f"Why: {card.client.name}", blocks)


def history(client: Client, signals: list[Signal], catalogue: Catalogue, words: Words) -> View:
    """The newest notes, with the ways to set them right."""
    blocks: list[Block] = []
    for place, signal in enumerate(signals):
        blocks.append(section(_note(signal, catalogue, words)))
        if signal.state == "live":
            blocks.append(
                actions(
                    button("Take back", Action.WITHDRAW_NOTE, signal.id, suffix=str(place), name="Take this note back"),
                    button(
                        "Excuse",
                        Action.EXCUSE_NOTE,
                        signal.id,
                        suffix=str(place),
                        name="Excuse this note: it was an emergency or agreed",
                    ),
                )
            )
    if not blocks:
        blocks = [section(Marked("No notes yet. React to a message, use its menu, or type `/redflag` or `/praise`."))]
    return dialog(f"Notes: {client.name}", blocks)


def _note(signal: Signal, catalogue: Catalogue, words: Words) -> Marked:
    state = "" if signal.state == "live" else f" · {words.label('states', signal.state)}: {signal.state_reason}"
    return lines(
        marked(
            "*{label}* · {side} · {on}{state}",
            label=catalogue.type(signal.type).label,
            side=words.side(signal.side),
            on=signal.happened_on.isoformat(),
            state=state,
        ),
        escape(clip(signal.note or signal.excerpt, 300)),
        marked(
            "{who}{by} {evidence}",
            who=person(signal.reporter_id),
            by=" by reaction" if signal.source is Source.REACTION else "",
            evidence=link(signal.link, "message") if signal.link else Marked(""),
        ),
    )


def _line(line: Line, card: Scorecard, catalogue: Catalogue, words: Words) -> Marked:
    points = marked("`{points}`", points=Marked(tenths(line.points_tenths)))
    signal = card.signals.get(line.signal_id)
    if signal is None:
        about = f" on {line.on.isoformat()}" if line.on else ""
        return marked("{points} · {what}{about}", points=points, what=words.line(line.kind), about=about)
    said = signal.note or signal.excerpt
    return marked(
        "{points} · *{label}*{repeat}{struck} · {on} · {who}{said} {evidence}",
        points=points,
        label=catalogue.type(signal.type).label,
        repeat=f" (again: x{line.repeat_percent / PERCENT:g})" if line.repeat_percent > PERCENT else "",
        struck=f" ({words.line(line.kind)})" if line.kind in {LineKind.WITHDRAWN, LineKind.EXCUSED} else "",
        on=signal.happened_on.isoformat(),
        who=person(signal.reporter_id),
        said=f": “{clip(said, 120)}”" if said else "",
        evidence=link(signal.link, "message") if signal.link else Marked(""),
    )


def _sum(health: Health, words: Words) -> Marked:
    if health.score_tenths is None:
        return marked(
            "*{sum}* by the lines, but *{early}*: a number needs 3 notes on 2 days within 90 days.",
            sum=tenths(health.total_tenths),
            early=words.band(Band.TOO_EARLY),
        )
    return marked("*= {score}* · {band}", score=tenths(health.score_tenths), band=words.band(health.band))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
