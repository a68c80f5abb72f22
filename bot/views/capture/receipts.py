"""A day's receipts: one message with what was logged for which client, and the way back of each note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.ids import Action
from bot.replies import Block, Message
from bot.services.capture.receipts import DayOfNotes, Slip
from bot.views.blocks import Marked, actions, button, context, day, escape, lines, link, marked, message, section
from bot.views.capture.notes import invoice_button, logged, needs_type, way_back
from bot.views.health.scorecard import score_words
from rules.clients.client import Client
from rules.health.catalogue import Catalogue
from rules.health.signal import State
from rules.sentences import Sentence
from rules.words import Words

# A message holds 50 blocks: the head, the notes, and a line for each of a few clients whose notes found no room.
ROOM = 40
# And about 13,200 letters (facts/slack.md 1.5): what is left is for the head and the rest.
LETTERS = 9000
# The list of all types is a thousand letters long, so that only the newest notes have it; `Change` leads there too.
LISTS = 3
CLIENTS_OF_THE_REST = 8
_OVER = {State.WITHDRAWN: "Taken back", State.EXCUSED: "Excused"}


def day_message(of: DayOfNotes, catalogue: Catalogue, words: Words) -> Message:
    """The newest note first. The notification only counts: it may light up on a screen that a client can see."""
    notes = Sentence("{count} note", "{count} notes", count=len(of.slips) + len(of.earlier))
    head = section(marked("*Your notes of {on}:* {notes}", on=day(of.day), notes=notes))
    blocks: list[Block] = []
    shown = lists = 0
    for slip in of.slips:
        asks = slip.may_undo and slip.receipt.signal.state not in _OVER and needs_type(slip.receipt)
        drawn = _slip(slip, catalogue, words, has_list=asks and lists < LISTS)
        if len(blocks) + len(drawn) > ROOM or _letters([*blocks, *drawn]) > LETTERS:
            break
        blocks += drawn
        shown += 1
        lists += asks
    foot = context(Marked("Only visible to you. The score beside each note is today's, without it → with it."))
    text = Sentence("Your notes of {day}: {notes}.", day=day(of.day), notes=notes)
    rest = [*(slip.receipt.client for slip in of.slips[shown:]), *of.earlier]
    return message(text, head, *blocks, *_rest(rest), foot)


def _slip(slip: Slip, catalogue: Catalogue, words: Words, *, has_list: bool) -> list[Block]:
    """Without the words of the message that was flagged: they stay where they were said."""
    done, signal = slip.receipt, slip.receipt.signal
    if signal.state in _OVER:
        about = f"{_OVER[signal.state]}: {catalogue.type(signal.type).label} · {done.client.name}"
        stands = Sentence(
            "{name}: {score_words}. The note stays in the history at 0 points.",
            name=done.client.name,
            score_words=score_words(done.after, words),
        )
        return [section(lines(escape(about), escape(stands), _where(slip)))]
    drawn = logged(done, catalogue, words, may_undo=slip.may_undo, where=_where(slip), has_list=has_list)
    name = Sentence("Why {name} has this health", name=done.client.name)
    why = button("Why", Action.WHY, done.client.id, suffix=signal.id, name=name)
    if slip.may_undo:
        return [*drawn, actions(*way_back(done, signal.id), *invoice_button(done, catalogue, signal.id), why)]
    return [drawn[0] | {"accessory": why}]


def _where(slip: Slip) -> Marked:
    signal = slip.receipt.signal
    return link(signal.link, "To the message") if signal.link else Marked("")


def _rest(clients: Sequence[Client]) -> list[Block]:
    """What found no room, by client: each of these notes can be changed and taken back in its history."""
    counts = Counter(client.id for client in clients)
    names = {client.id: client.name for client in clients}
    return [
        section(
            marked(
                "*{name}:* {count}",
                name=names[client_id],
                count=Sentence("{count} earlier note", "{count} earlier notes", count=count),
            ),
            button(
                "History",
                Action.HISTORY,
                client_id,
                suffix=client_id,
                name=Sentence("History of {name}", name=names[client_id]),
            ),
        )
        for client_id, count in counts.most_common(CLIENTS_OF_THE_REST)
    ]


def _letters(part: object) -> int:
    """Of every text that is shown."""
    match part:
        case str():
            return len(part)
        case dict():
            return sum(_letters(value) for name, value in part.items() if name == "text" or not isinstance(value, str))
        case list():
            return sum(_letters(each) for each in part)
        case _:
            return 0
