"""The letter: as it stands, what a reviewer should see, and the way into the reader's own mail program (BR10, BR11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Option, View
from bot.services.partings.notices import NoticeSheet, Wording
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
    lines,
    marked,
    person,
    person_input,
    section,
    select_input,
    sure,
    text_input,
)
from bot.views.partings.in_english import in_english
from bot.views.partings.letter_file import ways_out
from bot.views.partings.letter_text import letter_text
from bot.views.partings.remedies import days_blocks, remedy, talk_first_blocks
from bot.views.partings.second_reading import added_sentences
from rules.errors import ConflictError, InvalidError
from rules.local_days import local_time
from rules.notices import review
from rules.notices.draft import DEFAULT_LANGUAGE
from rules.notices.finding import Finding, Level
from rules.notices.notice import Notice, NoticeStatus

FINDINGS_SHOWN = 20
BODY_LENGTH = 3000
LATE = "although_late"

STATUS = {
    NoticeStatus.DRAFT: "a draft",
    NoticeStatus.IN_REVIEW: "waiting for its review",
    NoticeStatus.APPROVED: "approved",
    NoticeStatus.SENT: "sent",
    NoticeStatus.RECEIVED: "received",
}
TYPED = (
    "The reason, the clause, deliverables and sums stand in it as they were typed: "
    "see whether they are in the letter's language."
)


def letter_dialog(sheet: NoticeSheet) -> View:
    notice = sheet.notice
    if notice is None:
        drafting = [] if sheet.why_days_fail else [button("Draft the letter", *_drafting(sheet))]
        return dialog(sheet.client.name, [_nothing_yet(), *days_blocks(sheet), *_actions(drafting)])
    return dialog(
        sheet.client.name,
        [
            section(_standing(sheet, notice)),
            *days_blocks(sheet),
            *talk_first_blocks(sheet),
            divider(),
            *letter_text(notice),
            divider(),
            *_review(sheet, notice),
            *ways_out(sheet),
            *_actions(list(_buttons(sheet, notice))),
        ],
    )


def edit_form(sheet: NoticeSheet, notice: Notice) -> View:
    """The letter to change. Words that were not saved stand in the field, and those that were saved above it."""
    mine = sheet.unsaved
    blocks = [
        *(_overtaken(sheet, notice) if mine else added_sentences(sheet, notice)),
        text_input("subject", "Subject", initial=mine.subject if mine else notice.subject, limit=200),
        text_input("body", "Letter", initial=mine.body if mine else notice.body, lines=20, limit=BODY_LENGTH),
    ]
    memo = {"letter": notice.id, "seen": review.wording_digest(notice)}
    return form(Form.LETTER, sheet.client.name, blocks, memo=memo)


def read_letter(values: Mapping[str, Any], seen: str) -> Wording:
    return Wording(subject=str(values.get("subject") or ""), body=str(values.get("body") or ""), seen=seen)


def override_form(sheet: NoticeSheet, notice: Notice) -> View:
    """The findings that block and may be let stand; what is missing is not among them."""
    options = [Option(label=clip(_in_words(each), 75), value=each.key) for each in _stoppable(sheet)[:100]]
    if not options:
        raise ConflictError("No marked passage is left that needs a reason. Open the letter again.")
    blocks = [
        select_input("finding", "Which passage stays", options),
        text_input("reason", "Why it may stand", lines=2, limit=300),
    ]
    return form(Form.OVERRIDE, sheet.client.name, blocks, memo={"letter": notice.id})


def reviewer_form(sheet: NoticeSheet, notice: Notice) -> View:
    """Left empty, everybody who decides is asked."""
    hint = "Only they are told. Others may still review it, and are asked after 3 working days. Empty: all who decide."
    blocks = [person_input("reviewer", "Who reviews it", initial=notice.reviewer_id, optional=True, hint=hint)]
    return form(Form.CHOOSE_REVIEWER, sheet.client.name, blocks, submit="Ask", memo={"letter": notice.id})


def read_reviewer(values: Mapping[str, Any]) -> str:
    return str(values.get("reviewer") or "")


def sent_form(sheet: NoticeSheet, notice: Notice) -> View:
    blocks = [date_input("sent_on", "You sent it on", initial=sheet.today)]
    if sheet.why_days_fail:
        blocks.insert(0, context(marked(":alarm_clock: {why}", why=sheet.why_days_fail)))
        option = Option(label="It has gone out all the same; they will be told the new day", value=LATE)
        blocks.append(checks_input(LATE, "Its days", [option]))
    return form(Form.LETTER_SENT, sheet.client.name, blocks, memo={"letter": notice.id})


def received_form(sheet: NoticeSheet, notice: Notice) -> View:
    hint = "The notice period runs from this day"
    blocks = [date_input("received_on", "They received it on", initial=sheet.today, hint=hint)]
    return form(Form.LETTER_RECEIVED, sheet.client.name, blocks, memo={"letter": notice.id})


def read_sent(values: Mapping[str, Any]) -> tuple[date, bool]:
    """The day, and whether it went out with days that can't be kept."""
    return read_day(values, "sent_on"), LATE in (values.get(LATE) or ())


def read_day(values: Mapping[str, Any], block: str) -> date:
    chosen = values.get(block)
    if not chosen:
        raise InvalidError("Choose a day.", {block: "Choose a day."})
    return date.fromisoformat(str(chosen))


def _nothing_yet() -> Block:
    return section(marked("{text}", text="There is no letter yet. It is drafted from the facts of the parting."))


def _drafting(sheet: NoticeSheet) -> tuple[Action, str]:
    return Action.DRAFT_LETTER, sheet.parting.id


def _standing(sheet: NoticeSheet, notice: Notice) -> Marked:
    approved = sheet.is_approved and notice.approved_at
    is_asked = notice.status is NoticeStatus.IN_REVIEW and notice.reviewer_id
    return lines(
        marked("*The letter is {status}.*", status=STATUS[notice.status]),
        in_english(sheet.client),
        Marked("") if notice.language == DEFAULT_LANGUAGE else Marked(TYPED),
        marked("Drafted by {who} on {on}.", who=person(notice.drafted_by), on=day(notice.drafted_at)),
        marked("{who} was asked to review it.", who=person(notice.reviewer_id)) if is_asked else "",
        marked("Approved by {who}.", who=person(notice.approved_by)) if approved else "",
        marked("Sent on {on}.", on=day(notice.sent_on)) if notice.sent_on else "",
        marked("Received on {on}.", on=day(notice.received_on)) if notice.received_on else "",
    )


def _overtaken(sheet: NoticeSheet, notice: Notice) -> list[Block]:
    """Somebody saved while this person was writing: both texts are here, and nothing is lost."""
    at = local_time(notice.drafted_at, sheet.timezone)
    saved = marked(
        "*Not saved yet.* This letter changed while you were writing; {who} changed its words last, on {on} at {time}. "
        "What stands there now is below, yours is in the field: take over what you want of it and save.",
        who=person(notice.drafted_by),
        on=day(at),
        time=f"{at:%H:%M}",
    )
    return [section(saved), divider(), *letter_text(notice), divider()]


def _review(sheet: NoticeSheet, notice: Notice) -> Iterator[Block]:
    """What helps whoever writes; whoever reads it for the approval has the letter alone."""
    if notice.status is NoticeStatus.IN_REVIEW and not (sheet.why_not_approve or sheet.why_days_fail):
        yield context(marked("{text}", text="Read it as the client will, then answer from it alone."))
        return
    yield from _findings(sheet, notice)
    if notice.status in {NoticeStatus.DRAFT, NoticeStatus.IN_REVIEW}:
        yield from added_sentences(sheet, notice)
    if notice.status is NoticeStatus.IN_REVIEW and sheet.why_not_approve:
        yield context(marked("{text}", text=sheet.why_not_approve))


def _findings(sheet: NoticeSheet, notice: Notice) -> Iterator[Block]:
    if notice.status in {NoticeStatus.SENT, NoticeStatus.RECEIVED}:
        return
    blocking = set(sheet.blocking)
    ordered = sorted(sheet.findings, key=lambda finding: finding not in blocking)
    if not ordered:
        yield context(marked("{text}", text="Nothing to object to: all parts are there, and the tone is fine."))
        return
    yield section(marked("*What a reviewer should see*"))
    rows = []
    for each in ordered[:FINDINGS_SHOWN]:
        row = marked("{mark} {words}", mark=_mark(each, in_the_way=each in blocking), words=clip(_in_words(each), 130))
        way = remedy(sheet, each)
        if way:
            yield section(row, way)
        else:
            rows.append(row)
    if rows:
        yield section(lines(*rows))


def _mark(finding: Finding, *, in_the_way: bool) -> str:
    if in_the_way:
        return "In the way:"
    return "Needs a reason:" if finding.level is Level.HIGH else "Consider:"


def _in_words(finding: Finding) -> str:
    return f"{finding.sentence} “{finding.excerpt}”" if finding.excerpt else finding.sentence


def _stoppable(sheet: NoticeSheet) -> list[Finding]:
    return [finding for finding in sheet.blocking if finding.may_stand]


def _buttons(sheet: NoticeSheet, notice: Notice) -> Iterator[Block]:
    if notice.status is NoticeStatus.IN_REVIEW and not (sheet.why_not_approve or sheet.why_days_fail):
        yield button("Read and approve", Action.APPROVE_LETTER, notice.id, style="primary")
    if not sheet.may_decide:
        return
    match notice.status:
        case NoticeStatus.DRAFT if not sheet.why_days_fail:
            yield button("Send to review", Action.SUBMIT_LETTER, notice.id, style="primary")
            yield button("Choose who reviews it", Action.CHOOSE_REVIEWER, notice.id)
        case NoticeStatus.IN_REVIEW if not sheet.why_days_fail:
            yield button("Ask somebody else", Action.CHOOSE_REVIEWER, notice.id)
        case NoticeStatus.APPROVED if not sheet.why_talk_first:
            yield button("I have sent it", Action.LETTER_SENT, notice.id, style="primary")
        case NoticeStatus.SENT:
            yield button("They received it", Action.LETTER_RECEIVED, notice.id, style="primary")
        case _:
            pass
    if notice.status not in {NoticeStatus.SENT, NoticeStatus.RECEIVED}:
        yield from _writing(sheet, notice)


def _writing(sheet: NoticeSheet, notice: Notice) -> Iterator[Block]:
    yield button("Edit", Action.EDIT_LETTER, notice.id)
    yield button("What is left and owed", Action.TERMS, sheet.parting.id)
    anew = button("Draft anew", *_drafting(sheet))
    yield sure(anew, "Draft anew?", "Your own words in this letter are replaced.", "Draft anew")
    if _stoppable(sheet):
        yield button("Keep a marked passage", Action.OVERRIDE, notice.id)


def _actions(buttons: list[Block]) -> list[Block]:
    return [actions(*buttons)] if buttons else []
