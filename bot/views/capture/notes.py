"""What a person sees who logs a note: the form, the receipt, and the question which client was meant."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.ids import Action, Command, Form
from bot.replies import Block, Message, Option, View
from bot.services.capture.notes import Receipt
from bot.views.blocks import (
    Marked,
    actions,
    button,
    channel,
    clip,
    context,
    escape,
    form,
    grouped_choice,
    lines,
    marked,
    message,
    search_input,
    section,
)
from bot.views.capture.form import client_option, type_options
from bot.views.capture.manners import asking_kindly
from bot.views.health.scorecard import score_words
from rules.clients.client import Client
from rules.health.catalogue import UNSORTED, Catalogue
from rules.health.measures import Sensor
from rules.health.score import Band, Glance, rounded
from rules.health.signal import Side, Signal
from rules.sentences import Sentence
from rules.words import Words

# A button carries at most 2,000 characters; the words that were typed go with the question which client they are about.
BUTTON_VALUE = 2000
FEW_CLIENTS = 3  # as many are offered by name; of more one is chosen in the form


def receipt(done: Receipt, catalogue: Catalogue, words: Words) -> Message:
    """What was logged and what it did, with a way back; a guessed type is put right with one click."""
    signal, client = done.signal, done.client
    said = signal.note or signal.excerpt
    blocks: list[Block] = [
        *logged(done, catalogue, words, may_undo=True),
        *asking_kindly(signal, done.question, may_change=done.may_undo),
        context(marked("Only visible to you.{words}", words=f" “{clip(said, 150)}”" if said else "")),
    ]
    why = button("Why", Action.WHY, client.id, name=Sentence("Why {name} has this health", name=client.name))
    blocks.append(actions(*(way_back(done) if done.may_undo else []), *invoice_button(done, catalogue), why))
    return message(f"{_headline(done, catalogue)}. {_effect(done, words)}", *blocks)


def logged(
    done: Receipt, catalogue: Catalogue, words: Words, *, may_undo: bool, where: str = "", has_list: bool = True
) -> list[Block]:
    """The note in two lines and `where` it was said; then what it has to be asked, with the list of types or not."""
    signal = done.signal
    lead, _, about = _headline(done, catalogue).partition(": ")
    waits = _waiting_words(signal, catalogue)
    headline = marked("*{lead}:* {about}", lead=lead, about=about)
    shown = section(lines(headline, escape(_effect(done, words)), where, waits))
    if not may_undo:
        return [shown]
    types = type_buttons(signal, catalogue, has_list=has_list) if needs_type(done) else []
    return [shown, *([actions(*types)] if types else []), *_asking(signal, catalogue)]


def needs_type(done: Receipt) -> bool:
    """Nobody has said yet which type it is; a guess is asked about where it was made."""
    return (done.signal.guessed and not done.joined) or done.signal.type == UNSORTED


def way_back(done: Receipt, suffix: str = "") -> list[Block]:
    """The two buttons of whoever may set a note right."""
    change = Sentence("Change this note about {name}", name=done.client.name)
    undo = Sentence("Take this note about {name} back", name=done.client.name)
    return [
        button("Change", Action.CHANGE_NOTE, done.signal.id, suffix=suffix, name=change),
        button("Undo", Action.UNDO_NOTE, done.signal.id, suffix=suffix, name=undo),
    ]


def invoice_button(done: Receipt, catalogue: Catalogue, suffix: str = "") -> list[Block]:
    """A late payment that somebody typed becomes a fact with its invoice, however often it is told."""
    signal = done.signal
    if catalogue.type(signal.type).sensor != Sensor.INVOICE or signal.due_on:
        return []
    name = Sentence("Add the invoice of {name}", name=done.client.name)
    return [button("Add the invoice", Action.ADD_INVOICE, done.client.id, suffix=suffix, name=name)]


def _headline(done: Receipt, catalogue: Catalogue) -> str:
    type_ = catalogue.type(done.signal.type)
    guessed = " (our guess of the type)" if done.signal.guessed and not done.joined else ""
    lead = "Noted as a witness" if done.joined else "Logged"
    return f"{lead}: {type_.label} · {done.client.name}{guessed}"


def _effect(done: Receipt, words: Words) -> str:
    return f"{done.client.name}: {moved_words(done.before, done.after, words)}"


def _waiting_words(signal: Signal, catalogue: Catalogue) -> Marked:
    """What a note waits for that doesn't count yet, or thanks to whoever tells of abuse (FG14)."""
    type_ = catalogue.type(signal.type)
    if type_.code == UNSORTED:
        return Marked("_No type was recognised, so it counts 0 points until you choose one:_")
    if not type_.lasting:
        return Marked("")
    thanks = "Thank you for saying so. Nobody has to put up with that."
    if not signal.guessed:
        return Marked(thanks)
    asked = "_It counts, and those who decide are told, once you say that it was that:_"
    return lines(Marked(thanks), Marked(asked))


def type_buttons(signal: Signal, catalogue: Catalogue, *, has_list: bool = True) -> list[Block]:
    """The likeliest types as buttons where none is known, and all of them in a select; a lasting one is asked about.

    Each carries the note's id in its own, since several notes stand in one message.
    """
    near = catalogue.likely(signal.note) if signal.type == UNSORTED else ()
    type_ = catalogue.type(signal.type)
    asked = (type_,) if type_.lasting and signal.guessed else near
    likely = [
        button(
            Sentence("Yes: {label}", label=entry.label) if entry is type_ else entry.label,
            Action.SORT_NOTE,
            write_choice(signal.id, entry.code),
            suffix=f"{entry.code}-{signal.id}",
        )
        for entry in asked
    ]
    if not has_list:
        return likely
    groups = {
        name: [Option(option.label, write_choice(signal.id, option.value)) for option in options]
        for name, options in type_options(catalogue).items()
    }
    placeholder = "Another type" if near else "Not right? Choose the type"
    return [*likely, grouped_choice(Action.SORT_NOTE, placeholder, groups, suffix=signal.id)]


def _asking(signal: Signal, catalogue: Catalogue) -> list[Block]:
    """What the type of a note has to be asked, one click each."""
    blocks: list[Block] = []
    for question in catalogue.questions(signal.type):
        if not question.required or question.code in signal.answers:
            continue
        answers = [
            button(
                label,
                Action.ANSWER_NOTE,
                write_choice(signal.id, f"{question.code}={option}"),
                suffix=f"{question.code}-{option}-{signal.id}",
            )
            for option, label in question.options.items()
        ]
        blocks += [section(marked("*{label}*", label=question.label)), actions(*answers)]
    return blocks


def write_choice(signal_id: str, choice: str) -> str:
    return f"{signal_id}|{choice}"


def read_choice(value: str) -> tuple[str, str]:
    signal_id, _, choice = value.partition("|")
    return signal_id, choice


def read_answer(choice: str) -> dict[str, str]:
    code, _, option = choice.partition("=")
    return {code: option}


def moved_words(before: Glance, after: Glance, words: Words) -> str:
    """`74 → 68, watch`; with both words where the band is another one."""
    if before.band is after.band is Band.TOO_EARLY:
        return Sentence("still {score_words}", score_words=score_words(after, words))
    if after.score_tenths is None or before.band is not after.band:
        return f"{score_words(before, words)} → {score_words(after, words)}"
    return f"{rounded(before.score_tenths or 0)} → {rounded(after.score_tenths)}, {words.band(after.band)}"


def undone(done: Receipt, words: Words) -> Message:
    text = Sentence(
        "Taken back. {name}: {score_words}.", name=done.client.name, score_words=score_words(done.after, words)
    )
    return message(text, section(escape(text)), context(Marked("The note stays in the history at 0 points.")))


def which_client(text: str, guesses: tuple[Client, ...], side: Side, once: str) -> Message:
    """Did you mean ...? What was typed is kept and shown; `once` makes a second click on the answer change nothing."""
    asked = marked("Which client is this about? You wrote: “{text}”", text=clip(text, 300))
    choices = [
        button(
            client.name,
            Action.CHOOSE_CLIENT,
            _kept(text, {"client": client.id, "side": side.value, "once": once}),
            suffix=str(place),
        )
        for place, client in enumerate(guesses[:4])
    ]
    other = button(
        "Another client", Action.CHOOSE_CLIENT, _kept(text, {"side": side.value, "once": once}), suffix="pick"
    )
    return message("Which client is this about?", section(asked), actions(*choices, other))


def _kept(text: str, about: Mapping[str, str]) -> str:
    """As much of the text as a button carries."""
    kept = text
    while len(value := json.dumps({**about, "text": kept}, ensure_ascii=False).encode("utf-16-le")) > 2 * BUTTON_VALUE:
        kept = clip(kept, len(kept) * 9 // 10)
    return value.decode("utf-16-le")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """A note about somebody whom we don't know. `name` is what they may be called, empty where nothing tells.

    `channel_id` is where it was typed, if that is internal and nobody's yet; `owner` the client whose name it bears;
    `mentioned` are those whose names stand somewhere in the text.
    """

    text: str
    name: str
    side: Side
    once: str
    channel_id: str = ""
    owner: Client | None = None
    mentioned: tuple[Client, ...] = ()


def unknown_client(said: Unclear, known: Sequence[Client], command: Command) -> Message:
    """Each way on is a button that takes the words along."""
    shown, about = clip(said.text, 200), {"side": said.side.value, "once": said.once}

    def way(label: str, place: str, **more: str) -> Block:
        return button(label, Action.CHOOSE_CLIENT, _kept(said.text, about | more), suffix=place)

    are_few = len(known) <= FEW_CLIENTS
    shown_first = known if are_few else said.mentioned
    ways = [
        *([way(Sentence("This channel belongs to {name}", name=said.owner.name), "here", channel=said.channel_id)]
          if said.owner else []),
        *(way(Sentence("Log it for: {name}", name=client.name), str(place), client=client.id)
          for place, client in enumerate(shown_first)),
        *([] if are_few else [way("Log it for …", "pick")]),
        way(Sentence("Add {name} as a client", name=said.name) if said.name else "Add a client", "new", new=said.name),
    ]  # fmt: skip
    return message(
        Sentence(
            "No client of that name, and this channel belongs to none. Nothing was logged yet. You wrote: {shown}",
            shown=shown,
        ),
        section(
            marked(
                "*No client of that name*, and this channel belongs to none. Nothing was logged yet.\n"
                "You wrote: “{text}”",
                text=shown,
            )
        ),
        actions(*ways),
        context(marked('`{command} "Client name" what happened` names one.', command=Marked(command.value))),
    )


def with_newcomer(receipt: Message, client: Client) -> Message:
    """The receipt of the note with which a client came in."""
    return Message(
        f"{Sentence('{name} is added.', name=client.name)} {receipt.text}",
        (section(marked("*{name}* is added.", name=client.name)), *receipt.blocks),
    )


def unsafe_reaction(emoji: str, channel_id: str) -> Message:
    """The reaction can be seen by the client: only the person who set it can take it off."""
    return message(
        "People outside the team can see your reaction. Please take it off; the message's shortcut logs it privately.",
        section(
            marked(
                "People outside the team see your :{emoji}: in {channel}. *Please take it off.* Nothing was logged.",
                emoji=Marked(emoji),
                channel=channel(channel_id),
            )
        ),
        context(Marked("To log it privately: the message's menu ⋮ → “Log red flag”. Nobody else sees that.")),
    )


def not_shown(channel_id: str) -> Message:
    return message(
        "Your reaction was not logged: this channel's client is shown to some people only. A workspace admin can help.",
        section(
            marked(
                "Your reaction in {channel} was *not logged*: its client is shown to some people only.",
                channel=channel(channel_id),
            )
        ),
        context(Marked("If you should see this client, ask a workspace admin.")),
    )


def channel_form(channel_id: str, guess: Client | None, kept: Mapping[str, str]) -> View:
    """`guess`: the client whose name the channel bears. `kept` may hold words that are logged with it."""
    return form(
        Form.MAP_CHANNEL,
        "Client of this channel",
        [
            section(marked("{channel} belongs to", channel=channel(channel_id))),
            search_input("client", "Client", Action.PICK_CLIENT, initial=client_option(guess) if guess else None),
            context(Marked("Reactions there become notes from then on. An admin can switch that off in the settings.")),
        ],
        memo={"channel": channel_id, **kept},
    )


def channel_mapped(client: Client, channel_id: str) -> Message:
    return message(
        Sentence("The channel belongs to {name} now. What was reacted to there is logged.", name=client.name),
        section(
            marked(
                "{channel} belongs to *{name}* now. What was reacted to there is logged.",
                channel=channel(channel_id),
                name=client.name,
            )
        ),
    )


def usage(command: Command) -> Message:
    """What the two logging commands understand."""
    text = Sentence(
        "`{command} Acme paid three weeks late` logs it at once · `{command}` alone opens a "
        "form · in a client's channel the name can be left out.",
        command=command,
    )
    return message(text.replace("`", ""), section(Marked(text)))
