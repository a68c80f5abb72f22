"""What an admin sees of retention, export and erasure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.ids import Action, Form
from bot.replies import Message, Option, View
from bot.services.privacy.erasure import Foreseen
from bot.services.privacy.retention import PERIODS
from bot.views.blocks import (
    Marked,
    actions,
    button,
    context,
    dialog,
    form,
    lines,
    marked,
    message,
    radio_input,
    section,
    select_input,
    text_input,
)
from rules.errors import InvalidError
from rules.privacy.tombstones import Erased
from rules.sentences import Sentence

WHOLE = "all"
NAME_LENGTH = 200
_YEAR = 12  # months
_KINDS = (Option("A client", Erased.CLIENT.value), Option("A person", Erased.PERSON.value))
_WHO = "The client's name, or the person's e-mail, Slack id or whole name"


def overview(months: int) -> View:
    return dialog(
        "Data and privacy",
        [
            section(marked("*What people wrote is kept {span}.*", span=_span(months))),
            actions(button("Change how long", Action.RETENTION)),
            section(Marked("*Take data out:* everything, or what we hold about one client or person.")),
            actions(button("Export", Action.EXPORT)),
            section(Marked("*Erase* a client or a person. Scores stay as they are. It can't be undone.")),
            actions(button("Erase …", Action.ERASE, style="danger")),
        ],
    )


def retention_form(months: int) -> View:
    options = [Option(_choice(each), str(each)) for each in PERIODS]
    return form(
        Form.RETENTION,
        "How long words are kept",
        [select_input("months", "Keep what people wrote", options, initial=str(months))],
        submit="Continue",
    )


def read_months(values: Mapping[str, Any]) -> int:
    return int(values.get("months") or 0)


def retention_confirmation(months: int, rows: int) -> View:
    """What it does and how much it touches, before anything is saved."""
    if not months:
        text = Marked("Everything that people wrote is kept until somebody erases it. What is gone already stays gone.")
    else:
        text = marked(
            "*What was written more than {months} months ago goes, each night at 3:00:* words of notes, excerpts, "
            "links, plans, answers, letters, tasks. Plans and decisions count from their end, partings wait for it.\n"
            "Rows, dates, types, points and sums stay: no score changes.\n"
            "*Tonight that would touch {rows}.* It can't be undone.",
            months=months,
            rows="1 row" if rows == 1 else Sentence("{count:,} row", "{count:,} rows", count=rows),
        )
    return form(Form.RETENTION_SURE, "Are you sure?", [section(text)], submit="Save", memo={"months": str(months)})


def retention_set(months: int) -> Message:
    text = Sentence("Saved: what people wrote is kept {span}.", span=_span(months))
    return message(text, section(marked("{text}", text=text)))


def export_form() -> View:
    scope = (Option("Everything", WHOLE), *_KINDS)
    kinds = (Option("JSON, one file", "json"), Option("CSV for spreadsheets, in a zip", "csv"))
    return form(
        Form.EXPORT,
        "Export",
        [
            radio_input("kind", "What?", scope, initial=WHOLE),
            text_input("who", "Which one?", hint=_WHO, optional=True, limit=NAME_LENGTH),
            radio_input("format", "As", kinds, initial="json"),
            context(Marked("You get a file in a direct message. It holds what you may see, so keep it safe.")),
        ],
        submit="Export",
    )


def read_who(values: Mapping[str, Any]) -> tuple[Erased | None, str]:
    """Everything, or a kind and the name of one."""
    kind, who = str(values["kind"]), str(values.get("who") or "").strip()
    if kind == WHOLE:
        return None, ""
    if not who:
        raise InvalidError("Please say which one.", {"who": "Say which one."})
    return Erased(kind), who


def export_begun() -> Message:
    text = "The export is being written. You get it in a direct message in a moment."
    return message(text, section(Marked(text)))


def export_comment(days: int) -> str:
    return Sentence(
        "Your export from Amicable. It holds what you may see; it is deleted here after {count} day.",
        "Your export from Amicable. It holds what you may see; it is deleted here after {count} days.",
        count=days,
    )


def erase_form() -> View:
    return form(
        Form.ERASE,
        "Erase",
        [
            radio_input("kind", "Who?", _KINDS, initial=Erased.CLIENT.value),
            text_input("who", "Which one?", hint=_WHO, limit=NAME_LENGTH),
        ],
        submit="Continue",
    )


def erase_confirmation(foreseen: Foreseen) -> View:
    """What goes and what stays; the typed name is the confirmation."""
    subject = foreseen.subject
    goes = (
        "words, names and contacts in {rows} rows, and our messages about it. Its running plan ends. "
        "Rows, dates and sums stay."
        if subject.kind is Erased.CLIENT
        else "their words, and others' words that name them, everywhere; they become “someone” who can still be "
        "counted. Our direct messages to them go, too. Rows, dates and sums stay: no score changes."
    )
    text = lines(
        marked(Sentence("*{{name}}*: {goes}", goes=goes), name=foreseen.name, rows=f"{foreseen.rows:,}"),
        *(marked("• {left}", left=left) for left in foreseen.remains),
        Marked("*It can't be undone.* Backups and earlier exports are yours to delete."),
    )
    return form(
        Form.ERASE_SURE,
        "Erase for good?",
        [section(text), text_input("typed", "Type the name to confirm", limit=NAME_LENGTH)],
        submit="Erase",
        memo={"subject": str(subject)},
    )


def erasing(name: str) -> Message:
    text = Sentence("{name} is being erased. You get a word when it is done.", name=name)
    return message(text, section(marked("{text}", text=text)))


def erased(kind: Erased, left: int) -> Message:
    what = "The client was erased." if kind is Erased.CLIENT else "The person was erased."
    rest = Sentence(" Slack did not let go of {left} of our messages or files about them.", left=left) if left else ""
    return message(f"{what}{rest}", section(Marked(f"{what}{rest}")))


def _span(months: int) -> str:
    return Sentence("for {choice}", choice=_choice(months).casefold()) if months else "until somebody erases it"


def _choice(months: int) -> str:
    if not months:
        return "Until somebody erases it"
    if months > _YEAR and months % _YEAR == 0:
        return Sentence("{count} year", "{count} years", count=months // _YEAR)
    return Sentence("{count} month", "{count} months", count=months)
