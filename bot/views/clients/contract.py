"""What a contract says on ending it: one form, while a parting is considered and whenever something is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.replies import Block, Option
from bot.views.blocks import (
    Marked,
    checks_input,
    context,
    date_input,
    number_input,
    radio_input,
    select_input,
    text_input,
)
from rules.clients.client import Contract, NoticeUnit
from rules.errors import InvalidError
from rules.workdays import is_known

UNITS: Mapping[NoticeUnit, str] = {
    NoticeUnit.DAYS: "days",
    NoticeUnit.WORKING_DAYS: "working days",
    NoticeUnit.WEEKS: "weeks",
    NoticeUnit.MONTHS: "months",
}
REVIEWED, NONE_WRITTEN = "reviewed", "none_written"
SILENT = "clause_silent"
LONGEST_NOTICE = 1000
COUNTRY_LENGTH = 6


def contract_inputs(contract: Contract) -> list[Block]:
    answer = NONE_WRITTEN if contract.none_written else REVIEWED if contract.reviewed else ""
    return [
        context(Marked("Not legal advice. Where the contract or the law leaves a doubt, ask counsel first.")),
        radio_input(
            "answer",
            "Is there a written contract?",
            [
                Option("Yes, and I have read what it says on ending", REVIEWED),
                Option("Nothing is written", NONE_WRITTEN),
            ],
            initial=answer,
        ),
        number_input(
            "notice_length",
            "Notice period",
            initial=contract.notice_length,
            optional=True,
            hint="Left empty: the contract is silent",
        ),
        select_input(
            "notice_unit",
            "counted in",
            [Option(label, unit) for unit, label in UNITS.items()],
            initial=contract.notice_unit,
        ),
        checks_input(
            "to_month_end",
            "To the end of a month?",
            [Option("Yes, to the end of a month", "yes")],
            initial=["yes"] if contract.to_month_end else [],
        ),
        date_input("ends_on", "The term ends on", initial=contract.ends_on, optional=True),
        text_input(
            "clause",
            "The clause on ending, as it is written",
            initial=contract.clause,
            optional=True,
            lines=3,
            limit=2000,
        ),
        checks_input(
            SILENT,
            "Or",
            [Option("The contract is silent on this", "yes")],
            initial=["yes"] if contract.clause_silent else [],
        ),
        text_input(
            "country",
            "Country whose holidays count",
            initial=contract.country,
            optional=True,
            limit=COUNTRY_LENGTH,
            hint="Two letters, such as DE or US; with a region ES-CT or GB-SCT",
        ),
    ]


def read_contract(values: Mapping[str, Any], before: Contract) -> Contract:
    """`before` keeps what the form doesn't ask for."""
    if values.get("answer") not in {REVIEWED, NONE_WRITTEN}:
        raise InvalidError("Please choose one.", {"answer": "Choose one of the two."})
    written = values["answer"] == REVIEWED
    clause = str(values.get("clause") or "").strip() if written else ""
    return Contract(
        reviewed=written,
        none_written=not written,
        starts_on=before.starts_on,
        ends_on=_day(values.get("ends_on")) if written else None,
        notice_length=_length(values.get("notice_length")) if written else None,
        notice_unit=NoticeUnit(values.get("notice_unit") or NoticeUnit.DAYS),
        to_month_end=written and "yes" in (values.get("to_month_end") or ()),
        clause=clause,
        clause_silent=written and not clause and "yes" in (values.get(SILENT) or ()),
        country=country_code(str(values.get("country") or "").strip()),
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _length(value: str | None) -> int | None:
    if not value:
        return None
    if not value.isdigit() or int(value) > LONGEST_NOTICE:
        raise InvalidError("The notice period is not right.", {"notice_length": "Give a whole number, such as 30."})
    return int(value)


def country_code(code: str) -> str:
    """As it was typed, if we know it; empty is an answer."""
    if code and not is_known(code):
        sentence = "Give two letters, such as DE or US, and a region behind them where it counts: ES-CT."
        raise InvalidError("The country is not known.", {"country": sentence})
    return code.upper()
