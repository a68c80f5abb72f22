"""Money and belongings: what is owed either way, and what goes back (WU11, HO07)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.calls import write_memo
from bot.ids import Action, Form
from bot.replies import Block, Option, View
from bot.services.partings.closing.settlements import NewBelonging, NewSum, SettlementSheet
from bot.views.blocks import (
    Marked,
    actions,
    button,
    checks_input,
    clip,
    context,
    date_input,
    day,
    dialog,
    divider,
    form,
    marked,
    section,
    select_input,
    sure,
    text_input,
)
from bot.views.partings.talk import position_line
from rules.errors import InvalidError
from rules.notices.phrases import money
from rules.partings.belongings import (
    CURRENCIES,
    TOO_MUCH,
    Belonging,
    BelongingKind,
    Debtor,
    Holder,
    Sum,
    SumState,
    seen,
)
from rules.sentences import Sentence

WAITS = "waits"
DEBTORS = {Debtor.THEY: "they owe us", Debtor.WE: "we owe them"}
STATES = {SumState.OPEN: "open", SumState.PAID: "paid", SumState.LET_GO: "let go"}
SORTS = {
    BelongingKind.LOGIN: "A login",
    BelongingKind.ACCOUNT: "An account or a domain",
    BelongingKind.FILES: "Files",
    BelongingKind.THING: "A thing",
}
HOLDERS = {Holder.CLIENT: "the client's", Holder.US: "ours"}


def settlement_dialog(sheet: SettlementSheet) -> View:
    parting = sheet.parting
    blocks: list[Block] = [*position_line(parting.origin, sheet.position), section(Marked("*Money*"))]
    blocks += [block for each in parting.sums for block in _sum(sheet, each)]
    if not parting.sums:
        said = parting.amounts_owed or "nothing is noted yet"
        blocks.append(section(marked("The letter says: {said}. List sums to have them written for you.", said=said)))
    if sheet.invoices:
        numbers = ", ".join(each.number for each in sheet.invoices[:10])
        blocks.append(context(marked("Unpaid invoices that are not listed: {numbers}.", numbers=numbers)))
    blocks += [divider(), section(Marked("*What changes hands*"))]
    blocks += [block for each in parting.belongings for block in _belonging(sheet, each)]
    if not parting.belongings:
        blocks.append(section(Marked("Nothing is listed. Write down accounts, files and things; never a password.")))
    blocks.append(context(Marked("What belongs to the client goes back whether or not they have paid.")))
    return dialog(sheet.client.name, [*blocks, *_below(sheet)])


def sum_form(sheet: SettlementSheet, code: str = "") -> View:
    """A new sum, or another word on the one with that code."""
    known = next((each for each in sheet.parting.sums if each.code == code), None)
    blocks = [
        text_input(
            "what",
            "What for",
            limit=120,
            initial=known.what if known else "",
            hint="The client reads this in the letter: Invoice 2041",
        ),
        text_input("amount", "Sum", limit=20, initial=str(known.amount) if known else "", hint="1200 or 1200.50"),
        select_input(
            "currency",
            "Currency",
            [Option(label=code, value=code) for code in CURRENCIES],
            initial=known.currency if known else "EUR",
        ),
        date_input("due_on", "Due", initial=known.due_on if known else sheet.today),
        select_input(
            "debtor",
            "Who owes it",
            [Option(label=label.capitalize(), value=debtor.value) for debtor, label in DEBTORS.items()],
            initial=(known.debtor if known else Debtor.THEY).value,
        ),
    ]
    return form(Form.SUM, sheet.client.name, blocks, memo=_memo(sheet, known))


def read_sum(values: Mapping[str, Any]) -> NewSum:
    typed = str(values.get("amount") or "").replace(" ", "").replace(",", ".")
    try:
        amount = Decimal(typed)
    except InvalidOperation:
        sentence = "Write the sum in digits, such as 1200 or 1200.50."
        raise InvalidError(sentence, {"amount": sentence}) from None
    if not amount.is_finite() or amount >= TOO_MUCH or -amount.as_tuple().exponent > 2:  # type: ignore[operator]  # noqa: PLR2004 - a finite number's exponent is an int; cents are two digits
        sentence = "Write the sum in digits with two decimals at most, such as 1200.50."
        raise InvalidError(sentence, {"amount": sentence})
    chosen = values.get("due_on")
    if not chosen:
        raise InvalidError("Choose a day.", {"due_on": "Choose a day."})
    return NewSum(
        what=str(values.get("what") or ""),
        amount=amount,
        currency=str(values.get("currency") or ""),
        due_on=date.fromisoformat(str(chosen)),
        debtor=Debtor(str(values.get("debtor") or Debtor.THEY)),
    )


def _memo(sheet: SettlementSheet, known: Sum | Belonging | None) -> dict[str, str]:
    """With what was looked at, so that nobody overwrites what somebody else has changed meanwhile."""
    memo = {"parting": sheet.parting.id}
    return memo | {"entry": known.code, "seen": seen(known)} if known else memo


def belonging_form(sheet: SettlementSheet, code: str = "") -> View:
    known = next((each for each in sheet.parting.belongings if each.code == code), None)
    blocks = [
        text_input(
            "what",
            "What",
            limit=120,
            initial=known.what if known else "",
            hint="A domain, a login, files, a camera; never the password itself",
        ),
        select_input(
            "kind",
            "What sort",
            [Option(label=label, value=kind.value) for kind, label in SORTS.items()],
            initial=(known.kind if known else BelongingKind.LOGIN).value,
        ),
        select_input(
            "belongs_to",
            "Whose it is",
            [Option(label=label.capitalize(), value=holder.value) for holder, label in HOLDERS.items()],
            initial=(known.belongs_to if known else Holder.CLIENT).value,
        ),
        checks_input(
            WAITS,
            "When",
            [Option(label="Only once they have paid", value=WAITS)],
            initial=[WAITS] if known and known.waits_for_payment else [],
            hint="For what is ours alone: what is theirs goes back in any case",
        ),
    ]
    return form(Form.BELONGING, sheet.client.name, blocks, memo=_memo(sheet, known))


def read_belonging(values: Mapping[str, Any]) -> NewBelonging:
    return NewBelonging(
        what=str(values.get("what") or ""),
        belongs_to=Holder(str(values.get("belongs_to") or Holder.CLIENT)),
        kind=BelongingKind(str(values.get("kind") or BelongingKind.THING)),
        waits_for_payment=WAITS in (values.get(WAITS) or ()),
    )


def _sum(sheet: SettlementSheet, each: Sum) -> Iterator[Block]:
    text = marked(
        "*{what}*: {amount}, due {due}. {debtor}, *{state}*.",
        what=clip(each.what, 120),
        amount=money(each.amount, each.currency, "en"),
        due=day(each.due_on),
        debtor=DEBTORS[each.debtor].capitalize(),
        state=STATES[each.state],
    )
    yield section(text)
    if each.state is not SumState.OPEN or not sheet.may_decide or sheet.is_over:
        return
    memo = write_memo(parting=sheet.parting.id, sum=each.code)
    let_go = button(
        "Let go", Action.LET_GO_SUM, memo, suffix=each.code, name=Sentence("Let go: {what}", what=each.what)
    )
    yield actions(
        button("Paid", Action.SETTLE_SUM, memo, suffix=each.code, name=Sentence("Paid: {what}", what=each.what)),
        button("Change", Action.CHANGE_SUM, memo, suffix=each.code, name=Sentence("Change: {what}", what=each.what)),
        sure(
            let_go, "Let this sum go?", "It is written off by its name, and the letter asks for it no more.", "Let go"
        ),
    )


def _belonging(sheet: SettlementSheet, each: Belonging) -> Iterator[Block]:
    state = Sentence("handed back on {day}", day=day(each.returned_on)) if each.returned_on else "still to hand back"
    waits = ", once they have paid" if each.waits_for_payment and not each.returned_on else ""
    yield section(
        marked(
            "*{what}* ({sort}), {whose}: {state}{waits}.",
            what=clip(each.what, 120),
            sort=SORTS[each.kind].casefold(),
            whose=HOLDERS[each.belongs_to],
            state=state,
            waits=waits,
        )
    )
    if each.returned_on or not sheet.may_decide or sheet.is_over:
        return
    memo, what = write_memo(parting=sheet.parting.id, thing=each.code), each.what
    drop = button(
        "Take off", Action.DROP_BELONGING, memo, suffix=each.code, name=Sentence("Take off: {what}", what=what)
    )
    back = Sentence("Handed back: {what}", what=what)
    change = Sentence("Change: {what}", what=what)
    yield actions(
        button("Handed back", Action.HAND_BACK, memo, suffix=each.code, name=back),
        button("Change", Action.CHANGE_BELONGING, memo, suffix=each.code, name=change),
        sure(drop, "Take it off the list?", "For what does not change hands after all.", "Take off"),
    )


def _below(sheet: SettlementSheet) -> Iterator[Block]:
    if not sheet.may_decide or sheet.is_over:
        return
    parting_id = sheet.parting.id
    buttons = [button("Add a sum", Action.ADD_SUM, parting_id)]
    if sheet.invoices:
        buttons.append(button("List the unpaid invoices", Action.TAKE_INVOICES, parting_id))
    buttons.append(button("Add what changes hands", Action.ADD_BELONGING, parting_id))
    yield actions(*buttons, button("Back to the parting", Action.PARTING, sheet.client.id))
