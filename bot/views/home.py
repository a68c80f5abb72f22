"""The Home tab: what waits for me, my clients, the others."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ids import Action
from bot.replies import Block, View
from bot.services.health.scorecards import Scorecard
from bot.services.home import HomePage
from bot.services.waiting import Waiting
from bot.views.blocks import Marked, actions, button, context, divider, header, home, marked, section
from bot.views.health.scorecard import card_line
from rules.words import Words

# A Home tab holds 100 blocks.
SHOWN_WAITING = 12
SHOWN_CLIENTS = 30


def home_view(page: HomePage, words: Words) -> View:
    if not page.mine and not page.others:
        return home(_first_run())
    blocks: list[Block] = [header("What needs you")]
    blocks += [_waiting(item, place) for place, item in enumerate(page.waiting[:SHOWN_WAITING])]
    if not page.waiting:
        blocks.append(section(Marked("Nothing right now.")))
    blocks += _clients("Your clients", page.mine, words, "mine") + _clients(
        "All other clients", page.others, words, "other"
    )
    blocks += [
        divider(),
        actions(
            button("Log a note", Action.LOG_FROM_HOME, style="primary"),
            button("Add a client", Action.ADD_CLIENT),
        ),
        context(Marked("`/client help` says what you can type. Only you see this page.")),
    ]
    return home(blocks)


def _first_run() -> list[Block]:
    return [
        header("Welcome"),
        section(
            Marked(
                "Amicable remembers what goes well and what doesn't with each client, and shows what it adds up to.\n"
                "*1.* Add a client. *2.* Log the first note. *3.* Read why the number is what it is."
            )
        ),
        actions(button("Add a client", Action.ADD_CLIENT, style="primary")),
        context(Marked("Everything here stays inside the team. Nothing is ever sent to a client.")),
    ]


def _waiting(item: Waiting, place: int) -> Block:
    opens = button("Open", item.action, item.value, suffix=f"waiting-{place}", name=f"Open {item.client_name}")
    return section(marked("*{client}*: {what}", client=item.client_name, what=item.what), opens)


def _clients(title: str, cards: Sequence[Scorecard], words: Words, kind: str) -> list[Block]:
    if not cards:
        return []
    blocks: list[Block] = [divider(), header(title)]
    for place, card in enumerate(cards[:SHOWN_CLIENTS]):
        opens = button(
            "Open", Action.OPEN_CLIENT, card.client.id, suffix=f"{kind}-{place}", name=f"Open {card.client.name}"
        )
        blocks.append(section(card_line(card, words), opens))
    if len(cards) > SHOWN_CLIENTS:
        blocks.append(
            context(marked("and {count} more: `/client NAME` opens any of them", count=len(cards) - SHOWN_CLIENTS))
        )
    return blocks
