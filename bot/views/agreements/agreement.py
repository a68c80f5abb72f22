"""The agreement with a client, and what is measured against it: invoices, hours, answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Option, View
from bot.services.agreements.agreements import AgreementSheet
from bot.services.agreements.money import NewInvoice
from bot.views.blocks import (
    Marked,
    actions,
    button,
    context,
    date_input,
    day,
    dialog,
    divider,
    escape,
    fields,
    form,
    lines,
    link,
    marked,
    number_input,
    radio_input,
    section,
    select_input,
    text_input,
)
from rules.clients.client import Agreement, Client, Satisfaction
from rules.errors import InvalidError
from rules.health.ladder import NEXT_STEP, Rung
from rules.health.measures import Invoice, MonthlyHours, ResponseClock, is_over_budget, is_overdue, was_late
from rules.health.signal import Side
from rules.local_days import local_time
from rules.sentences import Sentence

SHOWN = 10
MOST_HOURS = 10_000
MONTHS_BACK = 6
STARS: Mapping[int, str] = {
    5: "5: very pleased",
    4: "4: pleased",
    3: "3: neither nor",
    2: "2: not pleased",
    1: "1: not at all",
}
CHANNELS = ("E-mail", "Phone", "Text messages", "Slack", "Another messenger", "Meetings")


def agreement_dialog(sheet: AgreementSheet) -> View:
    """All on one screen, each part with its button."""
    client, agreement, ends_on = sheet.client, sheet.client.agreement, sheet.client.contract.ends_on
    blocks: list[Block] = [
        section(marked("*{name}*", name=client.name)),
        fields(
            marked("*Main channel*\n{channel}", channel=agreement.primary_channel or "not agreed yet"),
            marked("*They answer within*\n{hours}", hours=_hours(agreement.their_reply_hours)),
            marked("*We answer within*\n{hours}", hours=_hours(agreement.our_reply_hours)),
            marked("*Hours a month*\n{hours}", hours=_hours(agreement.monthly_hours)),
            marked("*The contract ends or renews on*\n{on}", on=day(ends_on) if ends_on else "not on record"),
            marked("*What they say: how pleased they are*\n{said}", said=satisfaction_words(client)),
        ),
        section(marked("*How they like to be reached*\n{habits}", habits=sheet.habits or "not noted yet")),
        *_next_step(sheet),
        actions(
            button("Change the agreement", Action.CHANGE_AGREEMENT, client.id),
            button("Expectations", Action.EXPECTATIONS, client.id),
            button("Renew, or not", Action.RENEW, client.id),
            button("What they say", Action.SATISFACTION, client.id),
        ),
        divider(),
        *_answers(sheet),
        divider(),
        *_invoices(sheet),
        divider(),
        *_months(sheet),
        context(Marked("What is late or over is logged by itself; the note says so. Weekends don't count as waiting.")),
    ]
    return dialog("Agreement", blocks)


def _next_step(sheet: AgreementSheet) -> list[Block]:
    """AM06: when answers stay out the next step is named."""
    if sheet.rung is Rung.NONE:
        return []
    said = marked(":speech_balloon: *Next step:* {step}", step=NEXT_STEP[sheet.rung])
    return [section(said, button("Plan it", Action.PLAN, sheet.client.id, suffix="rung"))]


def satisfaction_words(client: Client) -> str:
    """The client's own word, with its day and where it was heard."""
    said = client.satisfaction
    if said is None:
        return "not asked yet"
    return Sentence("{stars} of 5, {on}: {source}", stars=said.stars, on=day(said.heard_on), source=said.source)


def satisfaction_form(client: Client, today: date) -> View:
    stars = [Option(label, str(value)) for value, label in STARS.items()]
    return form(
        Form.SATISFACTION,
        client.name,
        [
            context(Marked("Their own word, as somebody heard it. It stands beside the health and never in it.")),
            radio_input("stars", "How pleased are they?", stars),
            date_input("heard_on", "Heard on", initial=today),
            text_input("source", "Where, and from whom?", limit=200, hint="A call with Ana, the survey of May"),
        ],
        memo={"client": client.id},
    )


def read_satisfaction(values: Mapping[str, Any]) -> Satisfaction:
    stars, source = str(values.get("stars") or ""), str(values.get("source") or "").strip()
    missing = {
        "stars": "" if stars in {str(each) for each in STARS} else "Choose from 1 to 5.",
        "heard_on": "" if values.get("heard_on") else "Choose the day.",
        "source": "" if source else "Say where it was heard.",
    }
    faults = {field: sentence for field, sentence in missing.items() if sentence}
    if faults:
        raise InvalidError("Say how pleased they are, when, and where it was heard.", faults)
    return Satisfaction(stars=int(stars), heard_on=date.fromisoformat(values["heard_on"]), source=source, by_id="")


def agreement_form(client: Client, habits: str = "") -> View:
    agreement = client.agreement
    others = () if agreement.primary_channel in {"", *CHANNELS} else (agreement.primary_channel,)
    return form(
        Form.AGREEMENT,
        "Agreement",
        [
            section(marked("What did you agree on with *{name}*?", name=client.name)),
            select_input(
                "primary_channel",
                "Main channel",
                [Option(name, name) for name in (*CHANNELS, *others)],
                initial=agreement.primary_channel,
                optional=True,
            ),
            number_input(
                "their_reply_hours",
                "They answer within (hours)",
                initial=agreement.their_reply_hours,
                hint="24 is one working day",
                optional=True,
            ),
            number_input(
                "our_reply_hours", "We answer within (hours)", initial=agreement.our_reply_hours, optional=True
            ),
            number_input("monthly_hours", "Our hours a month", initial=agreement.monthly_hours, optional=True),
            text_input(
                "habits",
                "How do they like to be reached?",
                initial=habits,
                optional=True,
                lines=3,
                limit=500,
                hint="Channel, hours, how much detail. For our eyes; what stood here before is kept",
            ),
            date_input(
                "ends_on",
                "The contract ends or renews on",
                initial=client.contract.ends_on,
                hint="Its owner hears of it 60 and 30 days before: the time for a fresh agreement",
                optional=True,
            ),
        ],
        memo={"client": client.id},
    )


def read_agreement_form(values: Mapping[str, Any]) -> Agreement:
    return Agreement(
        primary_channel=str(values.get("primary_channel") or ""),
        their_reply_hours=_number(values, "their_reply_hours"),
        our_reply_hours=_number(values, "our_reply_hours"),
        monthly_hours=_number(values, "monthly_hours"),
    )


def read_term(values: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(values["ends_on"]) if values.get("ends_on") else None


def invoice_form(client_id: str, today: date) -> View:
    return form(
        Form.INVOICE,
        "Add an invoice",
        [
            text_input("number", "Number", limit=40),
            text_input("amount", "Amount", hint="With its currency: EUR 1,200", limit=40),
            date_input("due_on", "Due on", initial=today),
            date_input("paid_on", "Paid on", hint="Leave it empty until the money is there", optional=True),
        ],
        submit="Add",
        memo={"client": client_id},
    )


def read_invoice_form(values: Mapping[str, Any], today: date) -> NewInvoice:
    number, amount = str(values.get("number") or "").strip(), str(values.get("amount") or "").strip()
    empty = {name: "Please fill this in." for name, value in (("number", number), ("amount", amount)) if not value}
    if empty:
        raise InvalidError("Please look at the invoice.", empty)
    return NewInvoice(
        number=number,
        amount=amount,
        due_on=date.fromisoformat(values["due_on"]),
        paid_on=_past_day(values, today) if values.get("paid_on") else None,
    )


def payment_form(invoice: Invoice, today: date) -> View:
    return form(
        Form.INVOICE_PAID,
        "The money came",
        [
            section(marked("Invoice *{number}* ({amount})", number=invoice.number, amount=invoice.amount)),
            date_input("paid_on", "Paid on", initial=today),
        ],
        memo={"client": invoice.client_id, "invoice": invoice.id},
    )


def read_payment_form(values: Mapping[str, Any], today: date) -> date:
    return _past_day(values, today)


def hours_form(client: Client, today: date) -> View:
    months = _months_before(today)
    return form(
        Form.HOURS,
        "Hours of a month",
        [
            section(marked("Agreed are {hours} a month.", hours=_hours(client.agreement.monthly_hours))),
            select_input(
                "month",
                "Month",
                [Option(f"{month:%B %Y}", month.isoformat()) for month in months],
                initial=months[0].isoformat(),
            ),
            number_input("hours", "Hours that it took"),
        ],
        memo={"client": client.id},
    )


def read_hours_form(values: Mapping[str, Any]) -> tuple[date, int]:
    hours = _number(values, "hours", least=0)
    if hours is None:
        raise InvalidError("Please look at the hours.", {"hours": "Please fill this in."})
    return date.fromisoformat(values["month"]), hours


def clock_words(clock: ResponseClock, timezone: str) -> Marked:
    """Who owes an answer until when, with the way to the message."""
    who = "They owe us an answer" if clock.side is Side.THEIRS else "We owe them an answer"
    until = local_time(clock.ends_at, timezone)
    return marked(
        "{who} by {day} {at} {evidence}",
        who=who,
        day=day(until),
        at=f"{until:%H:%M}",
        evidence=link(clock.link, "message") if clock.link else Marked(""),
    )


def clock_buttons(clock: ResponseClock) -> Block:
    answered = "They answered" if clock.side is Side.THEIRS else "We answered"
    return actions(
        button(answered, Action.ANSWERED, clock.id, suffix=clock.id),
        button("It was an emergency", Action.EMERGENCY, clock.id, suffix=clock.id),
    )


def _answers(sheet: AgreementSheet) -> list[Block]:
    if not sheet.clocks:
        hint = "To measure one: the message's menu ⋮ → “Waiting for a reply”, or :hourglass_flowing_sand: on it."
        return [section(Marked(Sentence("*Answers*\nNobody waits for one. {hint}", hint=hint)))]
    blocks: list[Block] = [section(Marked("*Answers*"))]
    for clock in sheet.clocks[:SHOWN]:
        blocks += [section(clock_words(clock, sheet.timezone)), clock_buttons(clock)]
    return blocks + _more(len(sheet.clocks))


def _invoices(sheet: AgreementSheet) -> list[Block]:
    add = actions(button("Add an invoice", Action.ADD_INVOICE, sheet.client.id))
    if not sheet.invoices:
        return [section(Marked("*Invoices*\nNone typed yet.")), add]
    ordered = sorted(sheet.invoices, key=lambda invoice: (invoice.paid_on is not None, invoice.due_on))
    blocks = [_invoice(invoice, sheet.today, sheet.country) for invoice in ordered[:SHOWN]]
    return [section(Marked("*Invoices*")), *blocks, *_more(len(ordered)), add]


def _invoice(invoice: Invoice, today: date, country: str) -> Block:
    paid = button(
        "Paid",
        Action.INVOICE_PAID,
        invoice.id,
        suffix=invoice.id,
        name=Sentence("Invoice {number} is paid", number=invoice.number),
    )
    said = marked(
        "{number} · {amount} · due {due} · {state}",
        number=invoice.number,
        amount=invoice.amount,
        due=day(invoice.due_on),
        state=_payment(invoice, today, country),
    )
    return section(said, paid) if invoice.is_open else section(said)


def _payment(invoice: Invoice, today: date, country: str) -> str:
    if invoice.asks_nothing:
        return "asks for nothing"
    if invoice.paid_on:
        return Sentence(
            "paid {day}{what}", day=day(invoice.paid_on), what=", late" if was_late(invoice, country) else ""
        )
    return (
        Sentence("{count} day overdue", "{count} days overdue", count=(today - invoice.due_on).days)
        if is_overdue(invoice, today, country)
        else "open"
    )


def _months(sheet: AgreementSheet) -> list[Block]:
    typed = [_month(month) for month in sheet.hours[:MONTHS_BACK]]
    said = lines("*Hours*", *(typed or [escape("None typed yet.")]))
    return [section(said), actions(button("Type a month's hours", Action.TYPE_HOURS, sheet.client.id))]


def _month(month: MonthlyHours) -> Marked:
    return marked(
        "{month}: {hours} of {budget}{over}",
        month=f"{month.month:%B %Y}",
        hours=month.hours,
        budget=month.budget,
        over=" · over the budget" if is_over_budget(month) else "",
    )


def _more(count: int) -> list[Block]:
    return [context(marked("and {count} more", count=count - SHOWN))] if count > SHOWN else []


def _hours(hours: int | None) -> str:
    return (
        "not agreed yet"
        if hours is None
        else Sentence("{hours} hour{what}", hours=hours, what="" if hours == 1 else "s")
    )


def _months_before(today: date) -> list[date]:
    """This month and those before it, the newest first."""
    months = [today.replace(day=1)]
    while len(months) < MONTHS_BACK:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def _number(values: Mapping[str, Any], name: str, least: int = 1) -> int | None:
    typed = values.get(name)
    if typed in {None, ""}:
        return None
    number = int(str(typed))
    if not least <= number <= MOST_HOURS:
        raise InvalidError(
            "Please look at the hours.",
            {name: Sentence("Give a number from {least} to {most_hours}.", least=least, most_hours=MOST_HOURS)},
        )
    return number


def _past_day(values: Mapping[str, Any], today: date) -> date:
    paid_on = date.fromisoformat(values["paid_on"])
    if paid_on > today:
        raise InvalidError(
            "Please look at the date.", {"paid_on": "This day has not come yet. Choose today or an earlier one."}
        )
    return paid_on
