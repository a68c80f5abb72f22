"""`/client list`: what needs a look first, sifted and page by page."""

from __future__ import annotations

from bot.ids import Action
from bot.replies import Block, Message, Option
from bot.services.clients.listing import ClientPage, Sift
from bot.views.blocks import Marked, actions, button, choice, context, header, marked, message, section
from bot.views.health.scorecard import card_line
from rules.sentences import Sentence
from rules.words import Words

_SIFTS = {
    Sift.ALL: "All clients",
    Sift.MINE: "Mine",
    Sift.LOOK: "Those that need a look",
    Sift.PLAN: "Those with a plan",
    Sift.TOO_EARLY: "Too early to say",
    Sift.CLOSED: "Closed",
    Sift.ARCHIVED: "Archived",
}
_NOTHING = {
    Sift.MINE: "*No client is yours.* Whoever decides about a client can make you its owner: Settings on its page.",
    Sift.LOOK: "*No client needs a look right now.* Say what goes well where it is deserved: `/praise`.",
    Sift.PLAN: "*No plan runs right now.* A client's page has the button “Plan” to start one.",
    Sift.TOO_EARLY: "*Every client has enough notes for a number.* Keep noting what goes well and what does not.",
    Sift.CLOSED: "*No client is closed.* Those whose parting is done stand here, with their whole history.",
    Sift.ARCHIVED: "*No client is archived.* Settings on a client's page archive one that you don't work for now.",
}


def read_place(value: str) -> tuple[Sift, int]:
    sift, _, number = value.partition("|")
    return (Sift(sift) if sift in _SIFTS else Sift.ALL), int(number or 0)


def client_list(page: ClientPage, words: Words) -> Message:
    if page.sift is Sift.ALL and not page.count:
        return message(
            "No clients yet. Add the first one.",
            section(Marked("*No clients yet.* Add the first one; notes can be logged a minute later.")),
            actions(
                button("Add a client", Action.ADD_CLIENT, style="primary"),
                button("Add several", Action.ADD_CLIENTS, name="Add several clients from a list"),
                _sifting(page.sift),
            ),
        )
    blocks: list[Block] = [header("Clients"), actions(_sifting(page.sift))]
    blocks += [
        section(
            card_line(card, words),
            button(
                "Open",
                Action.OPEN_CLIENT,
                card.client.id,
                suffix=str(place),
                name=Sentence("Open {name}", name=card.client.name),
            ),
        )
        for place, card in enumerate(page.cards)
    ]
    if not page.count:
        blocks.append(section(Marked(_NOTHING[page.sift])))
    said = ", ".join(card.client.name for card in page.cards)
    clients = Sentence("{count} client", "{count} clients", count=page.count)
    return message(f"{_SIFTS[page.sift]}: {clients}. {said}", *blocks, *_turning(page))


def _sifting(sift: Sift) -> Block:
    options = [Option(label, _place(each, 0)) for each, label in _SIFTS.items()]
    return choice(Action.LIST_CLIENTS, "Which clients", options, initial=_place(sift, 0), suffix="sift")


def _turning(page: ClientPage) -> list[Block]:
    if page.pages == 1:
        return []
    ways = [("Previous", page.number - 1), ("Next", page.number + 1)]
    turns = [
        button(
            label,
            Action.LIST_CLIENTS,
            _place(page.sift, number),
            suffix=label.lower(),
            name=Sentence("{label} clients", label=label),
        )
        for label, number in ways
        if 0 <= number < page.pages
    ]
    where = marked(
        "Page {number} of {pages} · {count} clients · `/client NAME` opens any of them",
        number=page.number + 1,
        pages=page.pages,
        count=page.count,
    )
    return [context(where), actions(*turns)]


def _place(sift: Sift, number: int) -> str:
    return f"{sift}|{number}"
