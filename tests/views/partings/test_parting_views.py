"""The dialogs, forms and messages of a parting keep within Slack's limits and say what matters in words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.services.partings.sheets import Audience, PartingSheet
from bot.services.partings.tasks.previews import Choice
from bot.views.partings import choices, parting, preview
from bot.views.partings.progress import progress_message, stuck_message
from bot.views.partings.tickets import destinations
from integrations.sandbox.slack.blockkit.limits import check_blocks, check_view
from rules.clients.client import Client
from rules.clients.stages import Origin, Stage
from rules.errors import InvalidError
from rules.partings.deliverables import Deliverable
from rules.partings.parting import Parting, PartingState, Preview, TaskState, Ticket, TicketState
from rules.partings.tasks import PartingFacts, inside_steps, propose
from rules.partings.terms import Terms
from rules.partings.ticket_opening import new_tickets
from rules.partings.ticket_progress import progress
from rules.ports import Destination, Onlooker, RequiredField
from rules.words import load_words

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LAST_DAY = date(2026, 12, 18)
NASTY = "<!channel> *A & B* " * 4


def sheet(state: PartingState = PartingState.PREPARING, *, extra: int = 0, name: str = "Acme") -> PartingSheet:
    """Every task ticked, `extra` deliverables besides; with tickets once it is more than prepared."""
    facts = PartingFacts(last_day=LAST_DAY, today=NOW.date(), owner_id="U1", tenure_months=60, subcontractors=True)
    finished = [
        Deliverable(code=f"deliverable_{number}", title=f"{NASTY} {number}", due_on=LAST_DAY) for number in range(extra)
    ]
    tasks = tuple(replace(task, ticked=True) for task in propose(facts, finished))
    client = Client(id="cl", workspace_id="T1", name=name, owner_id="U1", stage=Stage.TOLD, stage_since=NOW)
    made = Parting(
        id="pt",
        workspace_id="T1",
        client_id="cl",
        decision_id="de",
        origin=Origin.OURS,
        state=state,
        last_day=LAST_DAY,
        last_day_arithmetic=("Notice received + 30 days.",),
        told_at=NOW,
        told_by="U1",
        preview=Preview(revision=3, tracker="jira", tasks=tasks),
        created_at=NOW,
        created_by="U1",
    )
    numbers = iter(range(1000))
    opened = state is not PartingState.PREPARING
    tickets = new_tickets(made, made.preview, client.name, NOW, lambda: f"tk-{next(numbers)}") if opened else []
    return drawn(client, made, tickets, facts)


def drawn(client: Client, made: Parting, tickets: list[Ticket], facts: PartingFacts) -> PartingSheet:
    return PartingSheet(
        client=client,
        parting=made,
        position="The work has moved away from what we do best.",
        tickets=tuple(tickets),
        progress=progress(tickets),
        steps=inside_steps(facts),
        tracker_label="Jira",
        trackers=(("jira", "Jira"), ("checklist", "the checklist in Slack")),
        why_not_close="",
        may_decide=True,
        today=NOW.date(),
        line=facts.times,
    )


def marked_texts(shown: Any) -> list[str]:
    """Every text in which Slack would act on a mention."""
    if isinstance(shown, list):
        return [text for each in shown for text in marked_texts(each)]
    if not isinstance(shown, dict):
        return []
    own = [shown["text"]] if shown.get("type") == "mrkdwn" else []
    return own + [text for each in shown.values() for text in marked_texts(each)]


def text_of(shown: object) -> str:
    return json.dumps(shown, ensure_ascii=False)


@pytest.mark.parametrize(
    "state", [PartingState.PREPARING, PartingState.OPENING, PartingState.OPEN, PartingState.CLOSED]
)
@pytest.mark.parametrize("extra", [0, 60])
def test_the_dialog_fits_into_slack_with_every_task_there_is(state: PartingState, extra: int) -> None:
    """A hundred tasks with nasty names are still one dialog that Slack accepts."""
    shown = parting.parting_dialog(sheet(state, extra=extra, name=NASTY), load_words("en"))

    check_view(shown, home=False)
    assert not [text for text in marked_texts(shown["blocks"]) if "<!channel>" in text]


@pytest.mark.parametrize("state", [PartingState.PREPARING, PartingState.OPENING])
def test_the_dialog_is_drawn_before_the_talk_too(state: PartingState) -> None:
    """Tasks that may open early are on their way while the client knows of nothing: no button stands there twice."""
    told = sheet(state)
    secret = replace(told, parting=replace(told.parting, told_at=None))

    check_view(parting.parting_dialog(secret, load_words("en")), home=False)


def test_what_has_changed_stands_above_the_preview() -> None:
    """Nobody opens blindly: the news comes first, and people are mentioned."""
    news = tuple(f"“Task {number}” goes to <@U2>, not to <@U1>. {NASTY}" for number in range(40))
    shown = parting.parting_dialog(replace(sheet(), news=news), load_words("en"))

    check_view(shown, home=False)
    assert "<@U2>" in text_of(shown)
    assert not [text for text in marked_texts(shown["blocks"]) if "<!channel>" in text]


@pytest.mark.parametrize("extra", [0, 60])
def test_the_forms_fit_into_slack(extra: int) -> None:
    """Boxes in groups of ten, an owner for each ticked task."""
    prepared, opened = sheet(extra=extra), sheet(PartingState.OPEN, extra=extra)

    for shown in (
        preview.preview_form(prepared),
        *(preview.page_form(prepared, page) for page in preview.SECTION_NAMES),
        choices.told_form(prepared, "U1"),
        choices.terms_form(prepared),
        choices.waive_form(opened),
    ):
        check_view(shown, home=False)


def test_the_preview_names_each_ticked_task_with_its_day_and_carries_its_revision() -> None:
    """What is opened is what was shown: the button carries the revision."""
    drawn_sheet = sheet()
    shown = text_of(parting.parting_dialog(drawn_sheet, load_words("en")))

    button = '{\\"parting\\":\\"pt\\",\\"revision\\":\\"3\\"}'
    assert all(task.title in shown for task in drawn_sheet.parting.preview.tasks[:10])
    assert button in shown


def test_a_filled_in_preview_is_read_back() -> None:
    """Ticks of all groups together, and what holds here."""
    values: dict[str, Any] = {
        "tracker": "jira",
        "holds": ["team"],
        "tasks_money_0": ["final_invoice"],
        "tasks_access_0": ["credentials"],
        "tasks_access_10": None,
    }

    read = preview.read_choice(values)

    expected = Choice(
        tracker="jira", ticked=frozenset({"final_invoice", "credentials"}), circumstances=frozenset({"team"})
    )
    assert expected == read


def test_a_preview_without_a_tick_is_complained_about_beside_the_boxes() -> None:
    """Nothing ticked opens nothing."""
    with pytest.raises(InvalidError) as complaint:
        preview.read_choice({"tracker": "jira", "tasks_work_0": []})

    assert list(complaint.value.fields) == ["tasks_work_0"]


def test_deliverables_are_read_a_line_each_with_the_day_first() -> None:
    """WU01: what is finished, and until when."""
    values = {"deliverables": "2026-12-01 Spring campaign\n\n2026-12-04 Handbook", "amounts_owed": "none"}

    read = choices.read_terms(values)

    expected = Terms(
        deliverables=(("Spring campaign", date(2026, 12, 1)), ("Handbook", date(2026, 12, 4))),
        nothing_to_finish=False,
        amounts_owed="none",
        referrals="",
    )
    assert expected == read


@pytest.mark.parametrize("row", ["Spring campaign", "1.12.2026 Handbook", "2026-12-01"])
def test_a_line_that_is_no_deliverable_is_complained_about(row: str) -> None:
    """The sentence quotes the line and says how to write it."""
    with pytest.raises(InvalidError) as complaint:
        choices.read_terms({"deliverables": row})

    assert row in complaint.value.fields["deliverables"]


def test_the_progress_message_says_everything_in_its_text() -> None:
    """Screen readers and notifications get counts and causes in words, not only in blocks."""
    opened = sheet(PartingState.OPENING)
    stuck = replace(
        opened.tickets[1], state=TicketState.REFUSED, cause="Client is required.", remedy="Put Client right."
    )
    done = replace(opened.tickets[2], state=TicketState.OPENED, task_state=TaskState.DONE)
    tickets = [opened.tickets[0], stuck, done, *opened.tickets[3:]]
    facts = PartingFacts(last_day=LAST_DAY, today=NOW.date(), owner_id="U1")
    shown = progress_message(drawn(opened.client, opened.parting, tickets, facts))

    total = len(opened.tasks)
    coming = f"{total - 2} are still on their way"
    assert f"1 of {total} tasks have a ticket, {coming}, 1 could not be opened. 1 done, 0 waived." in shown.text
    assert "Client is required." in shown.text
    assert "try_again.tk-1" in text_of(shown.blocks)


def test_each_task_is_a_card_that_says_its_state_in_words() -> None:
    """HO10: never by a sign alone; the reason of a waiver stays inside, and what is finished comes last."""
    opened = sheet(PartingState.OPEN)
    stuck = replace(opened.tasks[0], state=TicketState.REFUSED, cause="Client is required.")
    waived = replace(opened.tasks[1], task_state=TaskState.WAIVED, waived_reason="They are rude")
    shown = progress_message(replace(opened, tickets=(opened.tickets[0], stuck, waived, *opened.tasks[2:30])))
    plan = next(block for block in shown.rich if block["type"] == "plan")
    cards = {card["title"].rpartition(": ")[0]: card for card in plan["tasks"]}
    check_blocks(list(shown.rich))

    assert "They are rude" not in text_of(shown.rich)
    assert "plan" not in {block["type"] for block in shown.blocks}
    assert cards[stuck.title]["status"] == "error"
    assert "could not be opened" in cards[stuck.title]["title"]
    assert (plan["tasks"][-1]["title"], plan["tasks"][-1]["status"]) == (f"{waived.title}: waived", "complete")


def test_a_hundred_failures_still_fit_into_a_message() -> None:
    """At most fifty blocks; the rest is counted."""
    opened = sheet(PartingState.OPENING, extra=60)
    tickets = [replace(ticket, state=TicketState.REFUSED, cause="No. " * 500) for ticket in opened.tickets]
    facts = PartingFacts(last_day=LAST_DAY, today=NOW.date(), owner_id="U1")
    everything = drawn(opened.client, opened.parting, tickets, facts)

    shown = progress_message(everything)

    assert len(shown.blocks) <= 50
    assert "more" in text_of(shown.blocks)
    check_blocks(list(shown.rich))
    assert "are not shown here" in text_of(shown.rich)
    assert f"{len(tickets)} tickets" in stuck_message(everything, tickets).text


def test_a_deleted_ticket_is_asked_about_with_three_answers() -> None:
    """It is done, it is not needed, or it is opened again; never is it recreated by itself."""
    made = sheet(PartingState.OPEN)
    gone = replace(made.tickets[3], task_state=TaskState.GONE)
    shown = parting.parting_dialog(
        replace(made, tickets=(*made.tickets[:3], gone, *made.tickets[4:])), load_words("en")
    )
    rows = [block["elements"] for block in shown["blocks"] if block["type"] == "actions"]
    labels = [[button["text"]["text"] for button in row] for row in rows]
    check_view(shown, home=False)
    assert ["It is done", "Not needed", "Open it again"] in labels


def test_not_needed_asks_for_the_reason_of_that_task() -> None:
    """The form comes with the task chosen."""
    made = sheet(PartingState.OPEN)
    form = choices.waive_form(made, made.tickets[5].id)
    assert form["blocks"][0]["element"]["initial_option"]["value"] == made.tickets[5].id


def test_strangers_are_named_to_the_admin() -> None:
    """Who confirms a place reads who there is not known here, and confirms exactly those."""
    made = sheet()
    place = Destination(id="trello:1", name="Wrap-ups", url="https://trello.test/b/1", audience="Ada, Zed.")
    asked = Audience(
        client=made.client,
        parting=made.parting,
        tracker_label="Trello",
        destination=place,
        problem="Zed can see Wrap-ups.",
        may_confirm=True,
        strangers=(Onlooker(id="m2", name="Zed <!here>"),),
    )
    shown = destinations.audience_dialog(asked)
    memo = json.loads(shown["blocks"][-1]["elements"][0]["value"])
    check_view(shown, home=False)
    assert "Zed &lt;!here&gt;" in shown["blocks"][0]["text"]["text"]
    assert memo["people"] == "m2"


def test_required_fields_are_asked_with_their_choices() -> None:
    """A choice where the tracker offers one, else a line of text; what was said before stands there."""
    made = sheet()
    fields = (
        RequiredField(id="cf1", name="Department", choices=(("7", "Studio"), ("8", "Shop"))),
        RequiredField(id="cf2", name="Cost centre"),
    )
    asked = Audience(
        client=made.client,
        parting=made.parting,
        tracker_label="Jira",
        destination=Destination(id="jira:A", name="A", url="https://j.test", audience="Us.", required_fields=fields),
        problem="",
        may_confirm=True,
        answers={"cf1": "8"},
    )
    form = choices.fields_form(asked)
    shown = destinations.audience_dialog(asked)
    check_view(form, home=False)
    check_view(shown, home=False)
    assert form["blocks"][1]["element"]["initial_option"]["text"]["text"] == "Shop"
    assert "Department (Shop), Cost centre (not answered yet)" in shown["blocks"][0]["text"]["text"]
    assert choices.read_fields({"field_cf1": "7", "field_cf2": None, "other": "x"}) == {"cf1": "7", "cf2": ""}
