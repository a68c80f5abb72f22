"""A client's notes, sifted and page by page, with the ways to set them right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, replace
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Option, View
from bot.services.capture.ledger import LedgerPage, Sieve
from bot.views.blocks import (
    Marked,
    actions,
    at_first,
    button,
    choice,
    clip,
    context,
    day,
    dialog,
    escape,
    form,
    lines,
    link,
    marked,
    person,
    section,
    text_input,
)
from rules.clients.client import Client
from rules.errors import InvalidError
from rules.health.catalogue import Catalogue
from rules.health.questions import QuestionKind
from rules.health.signal import CORRECTED, Evidence, Side, Signal, Source, State
from rules.sentences import Sentence
from rules.words import Words

REVIEWED = "reviewed"
SHOWN_REVISIONS = 3
_SEPARATOR = "|"
_SINCE = {
    Evidence.STANDS: Marked(""),
    Evidence.EDITED: Marked("_The message was edited since; this is what it said._"),
    Evidence.DELETED: Marked("_The message was deleted since; its words are not kept._"),
}
_QUESTIONS = {
    State.WITHDRAWN: ("Take back", "Why is it taken back?"),
    State.EXCUSED: ("Excuse", "What was the emergency, or what was agreed?"),
    REVIEWED: ("Review", "What has been done about it?"),
}


def write_place(client_id: str, sieve: Sieve) -> str:
    """Where somebody is in the history: what a button or a select carries."""
    return _SEPARATOR.join((client_id, *astuple(sieve)))


def read_place(value: str) -> tuple[str, Sieve]:
    client_id, *words = value.split(_SEPARATOR)
    return client_id, Sieve(**dict(zip(("side", "state", "type", "after"), words, strict=False)))


def read_note_at(value: str) -> tuple[str, str]:
    """The note that a button is about, and the place to come back to."""
    note_id, _, place = value.partition(_SEPARATOR)
    return note_id, place


def settle_form(client: Client, signal: Signal, outcome: str, place: str, catalogue: Catalogue) -> View:
    """Asks for the reason; taking back goes without one."""
    submit, question = _QUESTIONS[outcome]
    optional = outcome == State.WITHDRAWN
    label = catalogue.type(signal.type).label
    blocks = [
        section(marked("*{label}*, {on}", label=label, on=day(signal.happened_on))),
        text_input("reason", question, lines=3, limit=300, optional=optional),
        context(Marked("The note stays in the history with this reason.")),
    ]
    memo = {"note": signal.id, "as": outcome, "place": place}
    return form(Form.SETTLE_NOTE, client.name, blocks, submit=submit, memo=memo)


def read_settle_form(values: Mapping[str, Any], outcome: str) -> str:
    reason = str(values.get("reason") or "").strip()
    if not reason and outcome != State.WITHDRAWN:
        raise InvalidError("The reason is missing.", {"reason": "Say it in a sentence; it stays beside the note."})
    return reason


class HistoryView:
    """Draws pages of the ledger."""

    def __init__(self, catalogue: Catalogue, words: Words) -> None:
        self._catalogue = catalogue
        self._words = words

    def dialog(self, page: LedgerPage) -> View:
        blocks: list[Block] = [self._filters(page)]
        for number, signal in enumerate(page.notes):
            blocks.append(section(lines(*self._note(signal, page))))
            if corrections := list(self._corrections(signal, page, str(number))):
                blocks.append(actions(*corrections))
        if not page.notes:
            blocks.append(section(_nothing(page.sieve)))
        blocks += _turning(page)
        return dialog(Sentence("Notes: {name}", name=page.client.name), blocks)

    # --- sifting -----------------------------------------------------------------------------------------------

    def _filters(self, page: LedgerPage) -> Block:
        sides = {side.value: self._words.side(side) for side in Side}
        states = {state.value: self._words.label("states", state) for state in State}
        types = {code: entry.label for code, entry in self._catalogue.types.items()}
        return actions(
            _select(page, "side", "All sides", sides),
            _select(page, "state", "Every state", states),
            _select(page, "type", "All types", types),
        )

    # --- a note ------------------------------------------------------------------------------------------------

    def _note(self, signal: Signal, page: LedgerPage) -> Iterator[Marked]:
        yield marked(
            "*{label}* · {side}{severity} · {on} · {state}",
            label=self._label(signal),
            side=self._words.side(signal.side),
            severity=f", {self._words.severity(signal.severity)}" if signal.side is Side.THEIRS else "",
            on=day(signal.happened_on),
            state=self._state(signal),
        )
        yield escape(clip(signal.note or signal.excerpt, 300))
        yield _SINCE[signal.evidence]
        yield escape(self._answers(signal, page))
        yield from self._corrected(signal, page)
        yield marked(
            "{who}{witnesses}{by} {evidence}",
            who=person(signal.reporter_id),
            witnesses=Marked("".join(f", {person(witness)}" for witness in signal.witness_ids)),
            by=" by reaction" if signal.source is Source.REACTION else "",
            evidence=link(signal.link, "message") if signal.link else Marked(""),
        )

    def _answers(self, signal: Signal, page: LedgerPage) -> str:
        """What its type was asked; a client that the reader may not see is not named."""
        said: list[str] = []
        for question in self._catalogue.questions(signal.type):
            if question.kind is QuestionKind.CLIENT and question.code in signal.answers:
                said.append(f"{question.short} {page.named.get(signal.answers[question.code], 'another client')}")
            said += question.said(signal.answers)
        return at_first(" · ".join(said))

    def _state(self, signal: Signal) -> str:
        word = self._words.label("states", signal.state)
        if signal.reviewed_at:
            word = Sentence("{word}, reviewed {day}", word=word, day=day(signal.reviewed_at))
        reason = "" if signal.state_reason == CORRECTED else signal.state_reason
        return f"{word}: {reason}" if reason else word

    def _corrected(self, signal: Signal, page: LedgerPage) -> Iterator[Marked]:
        """From what and to what it was corrected."""
        for revision in signal.revisions[-SHOWN_REVISIONS:]:
            yield marked(
                "_Corrected {on} by {who}: it was {was} until then_",
                on=day(revision.at),
                who=person(revision.by_id),
                was=self._words.severity(revision.severity),
            )
        for word, other in (("from", page.others.get(signal.corrects)), ("to", page.others.get(signal.corrected_by))):
            if other:
                about = "" if other.client_id == signal.client_id else " of another client"
                yield marked(
                    "_Corrected {word} “{label}”{severity}{about}_",
                    word=word,
                    label=self._label(other),
                    severity=f", {self._words.severity(other.severity)}" if other.side is Side.THEIRS else "",
                    about=about,
                )

    def _corrections(self, signal: Signal, page: LedgerPage, number: str) -> Iterator[Block]:
        """Nobody is offered what they may not do: reporters set their own notes right, deciders any."""
        if signal.corrected_by or page.client.is_demo or not (page.may_decide or signal.reporter_id == page.reader_id):
            return
        value = f"{signal.id}{_SEPARATOR}{write_place(page.client.id, page.sieve)}"
        label = self._label(signal)
        if signal.state is not State.LIVE:
            yield button(
                "Count again",
                Action.RESTORE_NOTE,
                value,
                suffix=number,
                name=Sentence("Count {label} again", label=label),
            )
            return
        yield button(
            "Change", Action.CHANGE_NOTE, signal.id, suffix=number, name=Sentence("Change {label}", label=label)
        )
        yield button(
            "Take back", Action.WITHDRAW_NOTE, value, suffix=number, name=Sentence("Take {label} back", label=label)
        )
        if signal.side is Side.THEIRS:
            name = Sentence("Excuse {label}: an emergency, or agreed", label=label)
            yield button("Excuse", Action.EXCUSE_NOTE, value, suffix=number, name=name)
        if self._catalogue.counted(signal).lasting and not signal.reviewed_at and page.may_decide:
            yield button(
                "Review",
                Action.REVIEW_NOTE,
                value,
                suffix=number,
                style="primary",
                name=Sentence("Review {label}, so it fades", label=label),
            )

    def _label(self, signal: Signal) -> str:
        return self._catalogue.type(signal.type).label


def _select(page: LedgerPage, facet: str, every: str, labels: Mapping[str, str]) -> Block:
    """Each option carries the whole place, since a click tells one value only. Another sieve starts at the newest."""
    asked = replace(page.sieve, after="")

    def place(word: str) -> str:
        return write_place(page.client.id, replace(asked, **{facet: word}))

    options = [Option(every, place("")), *(Option(label, place(word)) for word, label in labels.items())]
    chosen = write_place(page.client.id, asked)
    return choice(Action.HISTORY, every, options, initial=chosen, suffix=facet)


def _turning(page: LedgerPage) -> list[Block]:
    buttons = []
    if page.sieve.after:
        newest = write_place(page.client.id, replace(page.sieve, after=""))
        buttons.append(button("Newest", Action.HISTORY, newest, suffix="newest", name="Back to the newest notes"))
    if page.older:
        older = write_place(page.client.id, replace(page.sieve, after=page.older))
        buttons.append(button("Older", Action.HISTORY, older, suffix="older", name="Older notes"))
    return [actions(*buttons)] if buttons else []


def _nothing(sieve: Sieve) -> Marked:
    if sieve == Sieve():
        return Marked("No notes yet. React to a message, use its menu, or type `/redflag` or `/praise`.")
    return Marked("No notes of this kind." if not sieve.after else "No older notes.")
