"""The form for a note: short, and with the questions of its type only (RF02, RF16, RF32, HS07, HS11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from bot.ids import Action, Form
from bot.replies import Block, Option, View
from bot.views.blocks import (
    channel_input,
    checks_input,
    clip,
    date_input,
    form,
    grouped_input,
    marked,
    radio_input,
    search_input,
    section,
    select_input,
    text_input,
)
from rules.clients.client import Client
from rules.clients.names import NAME_LENGTH
from rules.errors import InvalidError
from rules.health.catalogue import Catalogue
from rules.health.questions import NoteQuestion, QuestionKind
from rules.health.signal import NOTE_LENGTH, Severity, Side
from rules.sentences import Sentence

LINK_LENGTH = 300
NEW = "new:"  # before the name of a client that is added as the note is logged
FEW_OPTIONS = 2  # as many are shown beside each other; more in a select
_GROUPS = ((Side.THEIRS, "Red flags"), (Side.PRAISE, "Praise"), (Side.OURS, "Our own misses"))
_TOLL = ("toll_health", "toll_business", "toll_morale")
_NOTHING = "none"
_FINE_TO_READ = "Write it so that you would be fine if they read it."
_ADDED_WITH_IT = "They are added as you log this note. Everything else about them can follow."
_WHAT_WAS_SAID = "What was said or done, in their own words if you can. Thank you for saying so."


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A client that is added with its first note. `channel_id` is proposed, and empty where there is none."""

    name: str = ""
    channel_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is known of a note while its form is open. `guessed`: nobody has chosen the type yet."""

    client: Client | None = None
    newcomer: Newcomer | None = None
    type: str = ""
    guessed: bool = False
    severity: Severity = Severity.RED
    note: str = ""
    happened_on: date
    link: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, Client] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogForm:
    """A filled form. `unasked`: its type has a question that must be answered, and the form did not show it yet."""

    client_id: str
    newcomer: Newcomer | None
    type: str
    severity: Severity
    note: str
    happened_on: date
    link: str
    answers: Mapping[str, str]
    unasked: bool = False


def log_form(catalogue: Catalogue, draft: Draft, memo: Mapping[str, str] | None = None) -> View:
    """A guessed type is shown as a guess. Choosing another one draws the form anew, with that one's questions."""
    hint = "The type is our guess from the words; choose another one if it is wrong." if draft.guessed else ""
    said = (memo or {}).get("excerpt", "")
    chosen = catalogue.types.get(draft.type)
    blocks = [
        *([section(marked("> {said}", said=" ".join(said.split())))] if said else []),
        *_about(draft),
        grouped_input(
            "type",
            "What is it?",
            type_options(catalogue, chosen.side if chosen else Side.THEIRS),
            initial=draft.type,
            hint=hint,
            action=Action.NOTE_TYPE,
        ),
        *_severity(catalogue, draft),
        *(_asked(question, draft) for question in catalogue.questions(draft.type)),
        text_input(
            "note",
            "What happened?",
            initial=clip(draft.note, NOTE_LENGTH),
            optional=True,
            lines=3,
            limit=NOTE_LENGTH,
            hint=_WHAT_WAS_SAID if chosen and chosen.lasting else _FINE_TO_READ,
        ),
        date_input("happened_on", "When", initial=draft.happened_on),
        text_input("link", "Link to something that shows it", initial=draft.link, optional=True, limit=LINK_LENGTH),
    ]
    return form(Form.LOG_NOTE, "Log a note", blocks, submit="Log", memo=memo)


def draft_of(
    catalogue: Catalogue, values: Mapping[str, Any], today: date, clients: Mapping[str, Client | None]
) -> Draft:
    """What stands in an open form; `clients` are those that its fields name, by field."""
    code = str(values.get("type") or "")
    chosen = catalogue.types.get(code)
    severity = values.get("severity") or (chosen.severity if chosen else Severity.RED)
    return Draft(
        client=clients.get("client"),
        newcomer=_newcomer(values),
        type=code,
        severity=Severity(severity),
        note=str(values.get("note") or ""),
        happened_on=_day(values) or today,
        link=str(values.get("link") or ""),
        answers=_answers(catalogue, code, values),
        named={field: client for field, client in clients.items() if client},
    )


def clients_in(catalogue: Catalogue, values: Mapping[str, Any]) -> dict[str, str]:
    """The ids of the clients that are chosen in an open form, by field."""
    asked = [question.code for question in catalogue.questions(str(values.get("type") or ""))]
    fields = {"client": "client"} | {code: _block(code) for code in asked}
    kinds = {question.code: question.kind for question in catalogue.questions(str(values.get("type") or ""))}
    return {
        name: str(values[block])
        for name, block in fields.items()
        if values.get(block)
        and not str(values[block]).startswith(NEW)
        and kinds.get(name, QuestionKind.CLIENT) is QuestionKind.CLIENT
    }


def read_log_form(catalogue: Catalogue, values: Mapping[str, Any], today: date) -> LogForm:
    code = str(values["type"])
    happened_on = _day(values) or today
    if happened_on > today:
        raise InvalidError(
            "Please look at the date.", {"happened_on": "This day has not come yet. Choose today or an earlier one."}
        )
    answers = _answers(catalogue, code, values)
    if _block(_TOLL[0]) in values and all(answers.get(each, _NOTHING) == _NOTHING for each in _TOLL):
        sentence = "Say what it takes a toll on: at least one of the three."
        raise InvalidError("Please look at the toll.", {_block(_TOLL[0]): sentence})
    chosen = catalogue.type(code)
    required = [question for question in catalogue.questions(code) if question.required]
    return LogForm(
        client_id=str(values.get("client") or ""),
        newcomer=_newcomer(values),
        type=code,
        severity=Severity(values.get("severity") or chosen.severity),
        note=str(values.get("note") or ""),
        happened_on=happened_on,
        link=_web_address(str(values.get("link") or "").strip()),
        answers=answers,
        unasked=any(_block(question.code) not in values for question in required),
    )


def client_option(client: Client) -> Option:
    return Option(client.name, client.id)


def new_option(name: str) -> Option:
    """Offered where no client is called what somebody types."""
    return Option(Sentence("Add “{name}” as a client", name=clip(name, 50)), f"{NEW}{name[:NAME_LENGTH]}")


def type_options(catalogue: Catalogue, first: Side = Side.THEIRS) -> dict[str, list[Option]]:
    """By side; the one that it is about comes first."""
    groups = sorted(_GROUPS, key=lambda group: group[0] is not first)
    return {name: [Option(t.label, t.code) for t in catalogue.of_side(side)] for side, name in groups}


def _about(draft: Draft) -> list[Block]:
    """The client, or the name of one that we don't know yet."""
    if draft.newcomer is None:
        initial = client_option(draft.client) if draft.client else None
        return [search_input("client", "Client", Action.PICK_CLIENT, initial=initial)]
    return [
        text_input("new_client", "New client", initial=draft.newcomer.name, limit=NAME_LENGTH, hint=_ADDED_WITH_IT),
        channel_input(
            "new_channel",
            "Their internal channel",
            initial=draft.newcomer.channel_id,
            optional=True,
            hint="Where you talk about them; never one that the client can read.",
        ),
    ]


def _newcomer(values: Mapping[str, Any]) -> Newcomer | None:
    chosen = str(values.get("client") or "")
    if "new_client" in values:
        return Newcomer(name=str(values["new_client"] or ""), channel_id=str(values.get("new_channel") or ""))
    return Newcomer(name=chosen.removeprefix(NEW)) if chosen.startswith(NEW) else None


def _severity(catalogue: Catalogue, draft: Draft) -> list[Block]:
    """Asked until it is known that it does not matter."""
    chosen = catalogue.types.get(draft.type)
    if chosen and (chosen.side is not Side.THEIRS or not chosen.weight_tenths):
        return []
    options = [Option("Pink: an early warning", Severity.PINK.value), Option("Red: it hurt", Severity.RED.value)]
    label = "How bad?" if chosen else "How bad? (counts for red flags only)"
    hint = "Red when it harms the business or the team." if chosen else ""
    return [radio_input("severity", label, options, initial=draft.severity.value, hint=hint)]


def _asked(question: NoteQuestion, draft: Draft) -> Block:
    block = _block(question.code)
    options = [Option(label, code) for code, label in question.options.items()]
    answer = draft.answers.get(question.code, "")
    if question.kind is QuestionKind.CLIENT:
        known = draft.named.get(question.code)
        initial = client_option(known) if known else None
        return search_input(block, question.label, Action.PICK_CLIENT, initial=initial, optional=True)
    if question.kind is QuestionKind.MANY:
        ticked = [code for code in question.options if code in draft.answers]
        return checks_input(block, question.label, options, initial=ticked, hint=question.hint)
    if len(options) <= FEW_OPTIONS:
        return radio_input(block, question.label, options, initial=answer, hint=question.hint)
    return select_input(block, question.label, options, initial=answer or options[0].value, hint=question.hint)


def _answers(catalogue: Catalogue, code: str, values: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for question in catalogue.questions(code):
        found |= question.read(values.get(_block(question.code)))
    return found


def _block(code: str) -> str:
    return f"ask_{code}"


def _day(values: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(values["happened_on"]) if values.get("happened_on") else None


def _web_address(typed: str) -> str:
    """Only what a browser opens safely."""
    if not typed:
        return ""
    try:
        address = urlsplit(typed)
        is_web = address.scheme in {"http", "https"} and bool(address.hostname) and " " not in typed
    except ValueError:
        is_web = False
    if not is_web:
        raise InvalidError(
            "Please look at the link.", {"link": "Copy the link from your browser: it begins with https://"}
        )
    return typed
