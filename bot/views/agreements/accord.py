"""What both sides expect, the page for the client, objections, and the next term (AM16-AM19, AM26, FG07)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Option, View
from bot.services.agreements.accords import AccordSheet, Renewal
from bot.views.agreements.agreement import CHANNELS, read_agreement_form
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
    link,
    marked,
    number_input,
    person,
    radio_input,
    section,
    select_input,
    text_input,
)
from rules.clients.accord import (
    Accord,
    Ending,
    Expectation,
    LineState,
    Milestone,
    MilestoneState,
    Party,
    objection_until,
)
from rules.clients.client import Agreement
from rules.decisions.ways import words_of
from rules.errors import InvalidError
from rules.local_days import local_day
from rules.notices.mailing import LINK_LENGTH, has_text
from rules.sentences import Sentence

ROWS = 3
USUAL_TERM = timedelta(days=365)
PARTIES: Mapping[Party, str] = {
    Party.OURS: "They expect of us",
    Party.THEIRS: "We expect of them",
    Party.BOTH: "We both do",
}
STATES: Mapping[MilestoneState, str] = {
    MilestoneState.WAITING: "ahead",
    MilestoneState.KEPT: "kept",
    MilestoneState.MISSED: "missed",
    MilestoneState.DROPPED: "dropped",
}
MOVED = "moved"
_BECAME = [
    Option("It was kept", MilestoneState.KEPT),
    Option("It was missed", MilestoneState.MISSED),
    Option("It got another day, by consent", MOVED),
    Option("It is not needed any more", MilestoneState.DROPPED),
]
DROP = "drop"
GOES_ON, ROLLS, ENDS = "goes_on", "rolls", "ends"


def accord_dialog(sheet: AccordSheet) -> View:
    accord, client_id = sheet.accord, sheet.client.id
    blocks: list[Block] = [*_celebrating(sheet), section(_goal(sheet))]
    for party, title in PARTIES.items():
        own = [line for line in accord.lines if line.party is party]
        blocks += [divider(), section(marked("*{title}*", title=title))]
        blocks += [block for line in own for block in _line(sheet, line)] or [context(Marked("Nothing yet."))]
    blocks += [
        divider(),
        actions(
            button("Add an expectation", Action.ADD_EXPECTATION, client_id),
            button("Shared goal", Action.SHARED_GOAL, client_id),
            button("The page for them", Action.AGREED_PAGE, client_id, style="primary" if accord.lines else ""),
            button("Handover brief", Action.HANDOVER_BRIEF, client_id),
        ),
        actions(
            button("Renew, or not", Action.RENEW, client_id),
            button("Earlier agreements", Action.FORMER_TERMS, client_id),
            button("Agreement", Action.AGREEMENT, client_id, name="Channel, reply windows, hours"),
        ),
    ]
    return dialog("Expectations", blocks)


def page_dialog(sheet: AccordSheet) -> View:
    """To be copied, or opened in one's own mail program: Amicable sends nothing."""
    blocks: list[Block] = [
        context(
            Marked("Copy it, or open it in your mail program. Nothing is sent from here, and no note stands in it.")
        ),
        _plain(sheet.page),
    ]
    if sheet.compose_link and len(sheet.compose_link) < LINK_LENGTH and has_text(sheet.compose_link):
        blocks.append(section(link(sheet.compose_link, "Open it in your mail program")))
    blocks.append(actions(button("Send me the file", Action.PAGE_FILE, sheet.client.id)))
    if sheet.accord.lines:
        blocks.append(context(Marked("Once it is with them: five working days run, and then “no objection” is noted.")))
        share = button("I have shared it today", Action.SHARE_PAGE, sheet.client.id, style="primary")
        blocks.append(actions(share, _back(sheet)))
    else:
        blocks.append(
            context(Marked("Write down first what each side expects: only then there is something to share."))
        )
        blocks.append(actions(button("Add an expectation", Action.ADD_EXPECTATION, sheet.client.id), _back(sheet)))
    return dialog("What we agreed", blocks)


def on_its_way(sheet: AccordSheet) -> View:
    said = Marked("The page comes to you as a file, in a direct message: it opens as a draft in your mail program.")
    page = button("Back to the page", Action.AGREED_PAGE, sheet.client.id)
    return dialog("What we agreed", [section(said), actions(page)])


def brief_dialog(sheet: AccordSheet) -> View:
    said = Marked("For whoever takes over, here or elsewhere. It is built from the same fields: no note stands in it.")
    return dialog("Handover brief", [context(said), _plain(sheet.brief), actions(_back(sheet))])


def expectation_form(sheet: AccordSheet, line: Expectation | None) -> View:
    waiting = [each for each in line.milestones if each.state is MilestoneState.WAITING] if line else []
    party = line.party if line else Party.THEIRS
    blocks: list[Block] = [
        select_input("party", "Who is expected to do it", _options(PARTIES), initial=party),
        text_input("text", "What is expected, in a sentence", initial=line.text if line else "", limit=300,
                   hint="They can read it: no judgement, no note"),
    ]  # fmt: skip
    for number in range(ROWS):
        known = waiting[number] if number < len(waiting) else None
        blocks += [
            text_input(f"milestone_{number}", Sentence("Milestone {number}", number=number + 1), optional=True,
                       initial=known.text if known else "", limit=200),
            date_input(f"day_{number}", "by a day that can be met", optional=True,
                       initial=known.due_on if known else None),
        ]  # fmt: skip
    if line:
        blocks.append(checks_input("drop", "Not needed any more?", [Option("Drop this expectation", DROP)]))
    ids = ",".join(each.id for each in waiting[:ROWS])
    memo = {"client": sheet.client.id, "line": line.id if line else "", "milestones": ids}
    return form(Form.EXPECTATION, sheet.client.name, blocks, memo=memo)


def read_expectation(values: Mapping[str, Any], memo: Mapping[str, str], blank: Expectation) -> Expectation | None:
    """None: it is to be dropped. `blank` has what the form doesn't ask for."""
    if DROP in (values.get("drop") or ()):
        return None
    known = [each for each in memo["milestones"].split(",") if each]
    milestones = []
    for number in range(ROWS):
        text, due = _text(values, f"milestone_{number}"), values.get(f"day_{number}")
        if text and not due:
            fault = "Choose a day for this milestone."
            raise InvalidError(fault, {f"day_{number}": fault})
        if due:
            id_ = known[number] if number < len(known) else ""
            milestones.append(Milestone(id=id_, text=text, due_on=date.fromisoformat(due)))
    return Expectation(
        id=memo["line"],
        text=_text(values, "text"),
        party=Party(values.get("party") or Party.THEIRS),
        milestones=tuple(milestones),
        changed_at=blank.changed_at,
    )


def milestone_form(sheet: AccordSheet, line: Expectation, milestone: Milestone) -> View:
    what = milestone.text or line.text
    blocks = [
        section(marked("*{what}*, by {on}", what=what, on=day(milestone.due_on))),
        radio_input("became", "What became of it?", _BECAME),
        date_input("due", "The other day", optional=True, initial=max(milestone.due_on, sheet.today)),
        context(
            Marked("Kept or missed is a fact: theirs is noted, ours stands beside. Another day counts against nobody.")
        ),
    ]
    return form(
        Form.SETTLE_MILESTONE, sheet.client.name, blocks, memo={"client": sheet.client.id, "milestone": milestone.id}
    )


def read_milestone(values: Mapping[str, Any]) -> tuple[MilestoneState | None, date | None]:
    """What became of it; None: it got the other day."""
    became = values.get("became")
    if became == MOVED:
        due = values.get("due")
        if not due:
            raise InvalidError("Choose the other day.", {"due": "Choose the other day."})
        return None, date.fromisoformat(due)
    if became not in set(MilestoneState):
        raise InvalidError("Choose what became of it.", {"became": "Choose what became of it."})
    return MilestoneState(became), None


def objection_form(sheet: AccordSheet, line_id: str) -> View:
    shared = [line for line in sheet.accord.lines if sheet.state(line) is not LineState.NOT_SHARED]
    if not shared:
        text = Marked("Nothing has been shared yet, so nothing can be objected to.")
        page = button("The page for them", Action.AGREED_PAGE, sheet.client.id)
        return dialog(sheet.client.name, [section(text), actions(page)])
    blocks = [
        select_input("line", "Which line do they see otherwise?",
                     [Option(clip(each.text, 75), each.id) for each in shared], initial=line_id),
        text_input("said", "What do they say?", optional=True, lines=3, hint="Stays with us"),
        context(Marked("Exactly this line is open again; the others stay as they are.")),
    ]  # fmt: skip
    return form(Form.OBJECTION, sheet.client.name, blocks, memo={"client": sheet.client.id})


def goal_form(sheet: AccordSheet) -> View:
    blocks = [text_input("goal", "What both sides want, in a sentence", initial=sheet.facts["goal"], limit=300)]
    return form(Form.SHARED_GOAL, sheet.client.name, blocks, memo={"client": sheet.client.id})


def renewal_form(sheet: AccordSheet) -> View:
    client, agreement = sheet.client, sheet.client.agreement
    ends_on = client.contract.ends_on or sheet.today
    choices = [Option("We go on, on fresh terms", GOES_ON), Option("It rolls on as it is, without an end", ROLLS),
               Option("We let it end with its term", ENDS)]  # fmt: skip
    others = () if agreement.primary_channel in {"", *CHANNELS} else (agreement.primary_channel,)
    kept = [Option(clip(line.text, 75), line.id) for line in sheet.accord.lines][:10]
    blocks: list[Block] = [
        context(Marked("What worked stays; limits can change. The old agreement stays readable.")),
        radio_input("goes_on", "Renew?", choices, initial=GOES_ON),
        date_input("ends_on", "The new term ends on", initial=ends_on + USUAL_TERM, optional=True),
        select_input("primary_channel", "Main channel", [Option(name, name) for name in (*CHANNELS, *others)],
                     initial=agreement.primary_channel, optional=True),
        number_input("their_reply_hours", "They answer within (hours)", initial=agreement.their_reply_hours,
                     optional=True),
        number_input("our_reply_hours", "We answer within (hours)", initial=agreement.our_reply_hours, optional=True),
        number_input("monthly_hours", "Our hours a month, at most", initial=agreement.monthly_hours, optional=True),
    ]  # fmt: skip
    if kept:
        blocks.append(checks_input("kept", "Expectations that go on", kept, initial=[each.value for each in kept]))
    return form(Form.RENEWAL, client.name, blocks, memo={"client": client.id})


def read_renewal(values: Mapping[str, Any]) -> Renewal:
    ends_on, answer = values.get("ends_on"), values.get("goes_on")
    return Renewal(
        agreement=read_agreement_form(values),
        term_end=date.fromisoformat(ends_on) if ends_on and answer != ROLLS else None,
        kept=tuple(values.get("kept") or ()),
        goes_on=answer != ENDS,
    )


def former_dialog(sheet: AccordSheet) -> View:
    """Old agreements, and how it was agreed to reach each other before somebody changed it (AM05)."""
    blocks: list[Block] = []
    for each in sheet.earlier:
        blocks += [section(_former(each, sheet.timezone)), divider()]
    for change in sorted(sheet.accord.changes, key=lambda one: one.at, reverse=True)[:20]:
        said = marked(
            "until {on}, changed by {who}: {limits}. {habits}",
            on=day(local_day(change.at, sheet.timezone)),
            who=person(change.by_id),
            limits=_limits(change.agreement),
            habits=change.habits,
        )
        blocks.append(section(said))
    if not blocks:
        blocks.append(section(Marked("There is no earlier agreement yet. A renewal keeps the old one here.")))
    return dialog("Earlier agreements", [*blocks, actions(_back(sheet))])


def not_renewed_dialog(sheet: AccordSheet, *, may_decide: bool) -> View:
    """DC01: letting a term end is a fair way to part, and no one's failure."""
    ends_on = sheet.client.contract.ends_on
    when = Sentence(" It ends on {on}.", on=day(ends_on)) if ends_on else ""
    said = marked("Noted: the agreement with {name} is not renewed.{when}", name=sheet.client.name, when=when)
    fair = Marked("To end with a term is a fair end. The checklist helps to do it well; it decides nothing yet.")
    buttons = [button("Open the checklist", Action.CONSIDER, sheet.client.id)] if may_decide else []
    return dialog(sheet.client.name, [section(lines(said, fair)), actions(*buttons, _back(sheet))])


def line_state_words(sheet: AccordSheet, line: Expectation) -> Marked:
    """AM19: silence is named as what it is."""
    until = objection_until(sheet.accord, line)
    match sheet.state(line):
        case LineState.NOT_SHARED:
            return Marked(":white_small_square: not shared as it stands")
        case LineState.OPEN_FOR_OBJECTION if until:
            return marked(":hourglass_flowing_sand: shared: no objection until {on}", on=day(until))
        case LineState.OBJECTED:
            return Marked(":speech_balloon: they see it otherwise: open again")
        case _:
            return marked(":white_check_mark: no objection by {on}", on=day(until) if until else "then")


def _celebrating(sheet: AccordSheet) -> Iterator[Block]:
    """AM26: finished work has its moment before the next thing."""
    if sheet.celebrate:
        kind = words_of("celebrate", sheet.language, sheet.address).gentle
        words = lines(
            Marked(":tada: *That was kept. Worth a word to them:*"), *(marked("“{one}”", one=one) for one in kind)
        )
        praise = button("Log praise", Action.LOG_FROM_HOME, "praise", name="Log praise for this client")
        yield section(words, praise)


def _goal(sheet: AccordSheet) -> Marked:
    """The same as on the page for them: the plan's, until one is written here."""
    goal = sheet.facts["goal"] or "not written yet"
    ended = sheet.accord.ending is Ending.NOT_RENEWED
    ending = Marked("\n_Not renewed: it ends with its term._") if ended else Marked("")
    return marked("*What both sides want:* {goal}{ending}", goal=goal, ending=ending)


def _line(sheet: AccordSheet, line: Expectation) -> Iterator[Block]:
    change = button("Change", Action.CHANGE_EXPECTATION, f"{sheet.client.id}:{line.id}", suffix=line.id,
                    name=Sentence("Change: {text}", text=line.text))  # fmt: skip
    yield section(lines(marked("{text}", text=line.text), line_state_words(sheet, line)), change)
    for each in line.milestones:
        yield _milestone(sheet, line, each)
    if sheet.state(line) is LineState.OPEN_FOR_OBJECTION:
        objection = button("They object", Action.OBJECTION, f"{sheet.client.id}:{line.id}", suffix=f"o-{line.id}")
        yield actions(objection)


def _milestone(sheet: AccordSheet, line: Expectation, milestone: Milestone) -> Block:
    moved = (
        marked(" _(was {on})_", on=", ".join(day(each) for each in milestone.moved_from))
        if milestone.moved_from
        else Marked("")
    )
    state = STATES[milestone.state]
    if milestone.state is MilestoneState.WAITING and milestone.due_on <= sheet.today:
        state = "due now"
    said = marked(
        "• {what}, by {on}{moved}: {state}",
        what=milestone.text or line.text,
        on=day(milestone.due_on),
        moved=moved,
        state=state,
    )
    if milestone.state is not MilestoneState.WAITING:
        return section(said)
    value = f"{sheet.accord.id}:{milestone.id}"
    became = button("What became of it", Action.SETTLE_MILESTONE, value, suffix=milestone.id)
    return section(said, became)


def _former(accord: Accord, timezone: str) -> Marked:
    agreement = accord.agreement
    begun, ended = local_day(accord.begun_at, timezone), accord.ended_at
    return lines(
        marked(
            "*{begun} to {ended}* {goal}",
            begun=day(begun),
            ended=day(local_day(ended, timezone)) if ended else "today",
            goal=accord.goal,
        ),
        marked("{limits}", limits=_limits(agreement)) if agreement else "",
        *(marked("• {party}: {text}", party=PARTIES[each.party], text=each.text) for each in accord.lines),
    )


def _limits(agreement: Agreement) -> str:
    """What was agreed on, and nothing of what was left open."""
    hours = (
        (agreement.their_reply_hours, "they within {count} hour", "they within {count} hours"),
        (agreement.our_reply_hours, "we within {count} hour", "we within {count} hours"),
        (agreement.monthly_hours, "{count} hour a month", "{count} hours a month"),
    )
    said = [Sentence(one, many, count=count) for count, one, many in hours if count is not None]
    return "; ".join(filter(None, [agreement.primary_channel, *said])) or "no channel and no times agreed"


def _back(sheet: AccordSheet) -> Block:
    return button("Expectations", Action.EXPECTATIONS, sheet.client.id)


def _options(words: Mapping[Any, str]) -> list[Option]:
    return [Option(label, value) for value, label in words.items()]


def _text(values: Mapping[str, Any], field: str) -> str:
    return str(values.get(field) or "").strip()


def _plain(text: str) -> Block:
    """Exactly these characters, so that they can be copied."""
    return {"type": "section", "text": {"type": "plain_text", "text": clip(text.strip(), 2900), "emoji": False}}
