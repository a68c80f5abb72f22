"""The lists that can be imported, and their columns: the names of the fields are the names of the columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar, get_args

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from bot.services.imports import cells
from rules.clients.client import NoticeUnit
from rules.errors import InvalidError
from rules.health.signal import State
from rules.sentences import Sentence


class RowKind(StrEnum):
    """What a list holds. Clients come first, since the others speak of them."""

    CLIENTS = "clients"
    NOTES = "notes"
    INVOICES = "invoices"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a file, or an entry where there are no lines: its number, counted from 1, and its cells by column.

    `fault` says why it could not even be read.
    """

    number: int
    cells: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""


class Row(BaseModel):
    """Other columns are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


def _also(*names: str) -> Any:
    """A column that may bear other names, too; without a default it has to be filled in."""
    return AliasChoices(*names)


class ClientRow(Row):
    """A client; people by e-mail. An export has those too that live on in another client, or that were erased."""

    merged_into: cells.Short = ""
    erased_at: cells.Short = ""
    name: cells.Short
    aliases: cells.Several = ()
    owner: cells.Short = ""
    language: cells.Language = "en"
    channels: cells.Several = Field(default=(), validation_alias=_also("channels", "channel"))
    visible_to: cells.Several = ()
    contact_name: cells.Short = ""
    contact_email: cells.Short = ""
    client_since: cells.Day | None = None
    revenue_share_percent: cells.Percent | None = Field(
        default=None, validation_alias=_also("revenue_share_percent", "revenue_share")
    )
    hours_a_week: cells.Number | None = None
    margin_percent: cells.Percent | None = None
    primary_channel: cells.Short = ""
    their_reply_hours: cells.Number | None = None
    our_reply_hours: cells.Number | None = None
    monthly_hours: cells.Number | None = None
    none_written: cells.Answer = False
    starts_on: cells.Day | None = Field(default=None, validation_alias=_also("starts_on", "contract_start"))
    ends_on: cells.Day | None = Field(default=None, validation_alias=_also("ends_on", "contract_end"))
    notice_length: cells.Number | None = None
    notice_unit: cells.OfUnit = NoticeUnit.DAYS
    to_month_end: cells.Answer = False
    clause: cells.Long = ""
    country: cells.Country = ""


class NoteRow(Row):
    """A note. `type` is a code of the catalogue or the words for it; exports have `id` and `state` besides."""

    client: cells.Short
    date: cells.Moment = Field(validation_alias=_also("date", "happened_on", "happened_at"))
    type: cells.Short = ""
    severity: cells.OfSeverity | None = None
    who: cells.Short = Field(default="", validation_alias=_also("who", "reporter"))
    state: cells.OfState = State.LIVE
    state_reason: cells.Short = ""
    id: cells.Short = ""
    text: cells.Long = Field(default="", validation_alias=_also("text", "note"))
    link: cells.Link = ""


class InvoiceRow(Row):
    """An invoice; `amount` with its currency, as it shall be read. `status` is the accounting program's word for it."""

    client: cells.Short
    number: cells.Short
    due_on: cells.Day = Field(validation_alias=_also("due_on", "due"))
    amount: cells.Short = ""
    paid_on: cells.Day | None = Field(default=None, validation_alias=_also("paid_on", "paid"))
    status: cells.Short = ""


class HoursRow(Row):
    """What a month took."""

    client: cells.Short
    month: cells.Month
    hours: cells.Hours


ROWS: Final[Mapping[RowKind, type[Row]]] = {
    RowKind.CLIENTS: ClientRow,
    RowKind.NOTES: NoteRow,
    RowKind.INVOICES: InvoiceRow,
    RowKind.HOURS: HoursRow,
}
# A list is told by its columns; those that need least come last.
_TOLD_BY: Final = (RowKind.HOURS, RowKind.INVOICES, RowKind.NOTES, RowKind.CLIENTS)
PAID_WORDS: Final = frozenset({"paid", "settled", "betaald", "voldaan", "pagat", "pagada", "betald", "betalad"})
R = TypeVar("R", bound=Row)


def column(name: str) -> str:
    """A header as we compare it: `Due on` is `due_on`."""
    return "_".join(cells.clean(name).casefold().replace("-", " ").replace("_", " ").split())


def require_payday(row: InvoiceRow) -> None:
    """Without its day a payment would be early, late or a guess of ours."""
    if row.paid_on is None and row.status.casefold() in PAID_WORDS:
        raise InvalidError("paid_on: the status says that it was paid, but not when. Fill in the day.")


def kind_of(columns: Collection[str]) -> RowKind:
    """What a list with these columns holds, or an `InvalidError` that says what is missing."""
    if "team_id" in columns:
        raise InvalidError("These are people, as an export lists them. They come from Slack: leave the file out.")
    for kind in _TOLD_BY:
        if all(any(name in columns for name in names) for names in _needed(kind)):
            return kind
    needs = "; ".join(
        Sentence("{kind} need {names}", kind=kind, names=", ".join(names[0] for names in _needed(kind)))
        for kind in RowKind
    )
    named = ", ".join(sorted(columns)) or "none"
    raise InvalidError(
        Sentence(
            "The columns tell of no list that we know. There are: {named}. Name them in the first line ({needs}), or "
            "say what yours mean, as in --map “Kunde=client”.",
            named=named,
            needs=needs,
        )
    )


def day_columns(kind: RowKind) -> frozenset[str]:
    """The columns of such a list in which days stand, by each of their names."""
    row = ROWS[kind]
    days = [name for name, each in row.model_fields.items() if {date, datetime} & _types_in(each.annotation)]
    return frozenset(column for name in days for column in _names(row, name))


def _types_in(annotation: Any) -> set[Any]:
    """However deep: a day that may be left out stands inside of an `Optional` and an `Annotated`."""
    return {annotation}.union(*map(_types_in, get_args(annotation)))


def unused(kind: RowKind, columns: Collection[str]) -> list[str]:
    """Columns that nothing is made of."""
    known = {name for field_name in ROWS[kind].model_fields for name in _names(ROWS[kind], field_name)}
    return [name for name in columns if name not in known]


def read_row(model: type[R], line: Line) -> R:
    """The line's values, or an `InvalidError` with a sentence for each cell that can't be taken."""
    if line.fault:
        raise InvalidError(line.fault)
    filled = {name: value for name, value in line.cells.items() if value not in (None, "", []) and cells.clean(value)}
    try:
        return model.model_validate(filled)
    except ValidationError as error:
        raise InvalidError(" ".join(map(_sentence, error.errors()))) from None


def _sentence(problem: Any) -> str:
    name = str(problem["loc"][0])
    if problem["type"] == "missing":
        return Sentence("{name} is empty. Fill it in.", name=name)
    return f"{name}: {problem.get('ctx', {}).get('error', problem['msg'])}."


def _needed(kind: RowKind) -> list[tuple[str, ...]]:
    model = ROWS[kind]
    return [_names(model, name) for name, each in model.model_fields.items() if each.is_required()]


def _names(model: type[Row], field_name: str) -> tuple[str, ...]:
    alias = model.model_fields[field_name].validation_alias
    return tuple(str(name) for name in alias.choices) if isinstance(alias, AliasChoices) else (field_name,)
