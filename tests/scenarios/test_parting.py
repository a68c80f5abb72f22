"""From the decision to the closed parting, over Slack, Jira and Trello as they behave."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, BIRCH
from integrations.sandbox.faults import Fault
from rules.clients.stages import Stage
from rules.errors import ConflictError
from rules.notices.draft import render
from rules.partings.parting import PartingState, TaskKind
from tests.clocks import real_now
from tests.scenarios.parting_office import CLIENT, Office
from tests.scenarios.second_readers import approve


@pytest.fixture
def office(app: Any) -> Office:
    return Office(app)


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


@pytest.mark.both_ways
@pytest.mark.parametrize(("tracker", "made"), [("jira", 2), ("trello", 1)])
def test_a_parting_from_the_talk_to_the_close(office: Office, tracker: str, made: int) -> None:
    """BR07, BR08, HO10, HO11: told, chosen, confirmed, opened, done, closed; Trello's parent is a list."""
    office.tell()
    office.choose(tracker)
    office.confirm()
    office.open()

    tickets = office.app.world.jira.issues if tracker == "jira" else office.app.world.trello.cards
    assert (len(tickets), office.sheet().parting.state) == (made, PartingState.OPEN)
    assert "1 of 1 task has a ticket" in office.progress().text

    view = office.show(office.dana)
    office.dana.click(view, f"task_done.{office.sheet().tasks[0].id}")
    office.over()
    office.amir.click(office.show(office.amir, "close"), "close_now")
    assert office.amir.submit({"way": "mail"}).outcome == "updated"
    assert office.sheet().client.stage is Stage.CLOSED
    office.idle()
    assert [issue.done for issue in office.app.world.jira.issues] == [True] * (made if tracker == "jira" else 0)


@pytest.mark.both_databases
def test_a_lost_answer_makes_no_second_ticket(office: Office) -> None:
    """The tracker created the ticket and the answer was lost: one ticket all the same."""
    office.tell()
    office.choose("trello", few=False)
    office.confirm()
    office.app.world.trello.faults.next(Fault.LOSE_ANSWER, method="POST", path="cards", times=2)
    office.open()

    names = [card.name for card in office.app.world.trello.cards]
    assert len(names) == len(set(names)) == len(office.sheet().tasks)


def test_a_field_that_jira_wants_is_named_and_one_click_tries_again(office: Office) -> None:
    """400 with a field error: the field and the remedy in Slack, the task kept, one click when it is put right."""
    office.tell()
    office.choose("jira")
    office.confirm()
    project = office.app.world.jira.project
    project.required["customfield_10010"] = "Client"
    office.open()

    message = office.progress()
    office.app.tell()
    told = [message for message in office.amir.dms() if "could not be opened" in message.text]
    assert "Client is required" in message.text
    assert len(told) == 1

    del project.required["customfield_10010"]
    ticket = office.sheet().parent
    office.amir.click(message, f"try_again.{ticket.id}")
    office.app.web.outside.jobs.idle(soon=timedelta(seconds=30), timeout_seconds=60)

    assert (office.sheet().parting.state, len(office.app.world.jira.issues)) == (PartingState.OPEN, 2)
    assert "could not be opened" not in office.progress().text


def test_a_slack_that_asks_to_slow_down_still_gets_the_last_word(office: Office) -> None:
    """HO10: one progress message, updated in place; after a 429 it catches up, and a lost answer makes no second."""
    office.tell()
    office.choose("jira", few=False)
    office.confirm()
    office.app.world.slack.lose_answer("chat.postMessage")
    office.app.world.slack.rate_limit("chat.update", times=4)
    office.open()

    shown = [message for message in office.amir.sees(BIRCH) if "Parting from" in message.text]
    total = office.sheet().progress.total
    assert [f"{total} of {total} tasks have a ticket" in message.text for message in shown] == [True]


@pytest.mark.parametrize("unknown", [set(), {"plan"}])
def test_a_slack_without_plan_blocks_gets_the_same_in_words(office: Office, unknown: set[str]) -> None:
    """The tasks stand as cards where Slack has them; elsewhere the message says how many and what is in the way."""
    office.app.world.slack.workspace.unknown_blocks = unknown
    office.tell()
    office.choose("checklist")
    office.open()
    office.app.web.outside.jobs.idle(soon=timedelta(seconds=30), timeout_seconds=60)
    shown = office.progress()
    total = office.sheet().progress.total

    assert f"{total} of {total} task has a ticket" in shown.text
    assert ("plan" in {block["type"] for block in shown.blocks}) == (not unknown)


def test_nobody_but_deciders_hears_of_it_before_the_talk(office: Office) -> None:
    """Until the client has been told, Dana gets a sentence and the channel gets nothing."""
    answer = office.dana.command("/client", f"{CLIENT} parting")
    office.choose("jira", few=False)
    office.confirm()
    office.open()

    assert "There is no parting" in answer.text
    assert office.progress() is None
    shown = [message.text for message in office.amir.dms() if "Parting from" in message.text]
    early = [task for task in office.parting.preview.tasks if task.ticked and task.before_told]
    assert len(shown) == 1
    assert f"{len(early)} of {office.sheet().progress.total} tasks have a ticket" in shown[0]
    assert "wait for the talk" in shown[0]


def open_letters(office: Office) -> Iterator[Any]:
    """Opens each letter that was uploaded, as Amir's mail program would; they are in his own messages only."""
    for file in office.app.world.slack.workspace.files.values():
        if file.name == "letter.eml":
            slack = office.app.world.slack.workspace
            places = [set(slack.channels[each].members) for each in file.channel_ids]
            assert places == [{slack.bot_user_id, AMIR}]
            yield office.app.world.mailbox.open_file(file.content)


def test_a_letter_that_changed_is_not_handed_over(office: Office) -> None:
    """An approval binds to these words: what was asked for before a change stays here, and whoever asked is told."""
    office.tell()
    office.settle_terms()
    office.amir.click(office.show(office.amir, "letter"), "draft_letter")
    office.amir.click(office.amir.view, "submit_letter")
    approve(office.dana, office.show(office.dana, "letter"), office.facts())
    office.show(office.amir, "letter")
    files, amir = office.app.web.services.letter_files, office.app.member(AMIR)
    notice = office.app.web.services.notices.of_client(office.team, amir, office.client.id).notice
    office.amir.click(office.show(office.amir), "terms")
    office.amir.submit({"nothing_to_finish": ["nothing"], "amounts_owed": "EUR 90, due 1 May 2027"})

    assert files.draft(office.team, amir, notice.id, "letter_file:x")[1].mail is None
    with pytest.raises(ConflictError, match="reviewed again"):
        files.ask(office.team, amir, notice.id)
    assert "letter_file" not in words(office.show(office.amir, "letter"))


def test_the_letter_goes_through_review_into_the_mail_program(office: Office) -> None:
    """BR10, BR11: drafted from facts, reviewed by another person, handed over, never sent."""
    office.tell()
    office.settle_terms()
    office.amir.click(office.show(office.amir, "letter"), "draft_letter")
    assert "Dear Jo Birch" in words(office.amir.view)
    assert "we have decided to end our work" in words(office.amir.view)
    office.amir.click(office.amir.view, "submit_letter")
    assert "approve_letter" not in words(office.amir.view)

    approve(office.dana, office.show(office.dana, "letter"), office.facts())

    link = next(found for found in re.findall(r"<(mailto:[^|]+)\|", words(office.show(office.amir, "letter"))))
    office.amir.click(office.amir.view, "letter_file")
    office.idle()
    drafts = [office.app.world.mailbox.open_link(link), *(open_letters(office))]
    letter = office.app.web.services.notices.of_client(office.team, office.app.member(AMIR), office.client.id).notice
    assert [draft.body.strip() for draft in drafts] == [letter.body.strip()] * 2
    assert [(draft.to, draft.subject) for draft in drafts] == [
        ("jo@birch.test", letter.subject),
        ("Jo Birch <jo@birch.test>", letter.subject),
    ]
    office.show(office.amir, "letter")
    office.amir.click(office.amir.view, "letter_sent")
    assert office.amir.submit({}).outcome == "updated"
    assert "The letter is sent" in words(office.amir.view)


def test_the_letter_lists_what_we_deliver_and_names_who_could_help(office: Office) -> None:
    """NE04, NE05, NE06, NE09: with their days; the form asks whom they could turn to, and takes no answer as well."""
    day = office.app.world.now().date() + timedelta(days=9)
    terms = {"deliverables": f"{day} Spring campaign", "amounts_owed": "EUR 90, due 1 May 2027"}
    office.tell()
    office.amir.click(office.show(office.amir), "terms")
    asked = next(block for block in office.amir.view["blocks"] if block["block_id"] == "referrals")
    assert office.amir.submit(terms).outcome == "updated"
    silent = office.facts()
    office.amir.click(office.show(office.amir), "terms")
    office.amir.submit({**terms, "referrals": "Studio Lund, Malmö"})
    office.amir.click(office.show(office.amir, "letter"), "draft_letter")
    body = office.app.web.services.notices.of_client(office.team, office.app.member(AMIR), office.client.id).notice.body

    assert (asked["optional"], silent.referrals) == (True, "")
    assert all(part in body for part in ("Spring campaign", f"{day:%-d %B %Y}", "EUR 90", "Studio Lund, Malmö"))


def test_after_a_day_without_slack_the_progress_message_is_true_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HO10: the sweep comes back to it, although nothing changes in the parting any more."""
    monkeypatch.setattr("integrations.engine.worker.FIRST_RETRY_SECONDS", 0.02)
    office.tell()
    office.choose("trello")
    office.confirm()
    office.open()
    before = office.progress().text
    office.app.world.slack.faults.next(Fault.LOSE_REQUEST, path="/api/chat.update", times=100)
    office.dana.click(office.show(office.dana), f"task_done.{office.sheet().tasks[0].id}")
    office.idle()
    away = office.progress().text
    office.app.world.slack.faults.clear()
    # The message's next try is set in real time, which may be ahead of the moment at which the tests begin.
    now = office.app.world.now()
    office.app.sweep(by=max(now, real_now()) - now + timedelta(hours=24))

    assert (away, office.progress().text != before) == (before, True)
    assert "1 done" in office.progress().text


def test_what_the_client_does_stands_in_the_letter_and_the_list_alone(office: Office) -> None:
    """HO02: the plan has tasks of both; theirs are asked for in the letter by the same day, and get no ticket."""
    office.tell()
    office.settle_terms()
    office.choose("trello", few=False)
    office.confirm()
    office.amir.click(office.show(office.amir, "letter"), "draft_letter")
    office.open()

    listed, facts = words(office.show(office.amir)), office.facts()
    body = render(facts).body
    theirs = [task for task in office.sheet().parting.preview.tasks if task.ticked and task.kind is TaskKind.CLIENT]
    cards = [card.name for card in office.app.world.trello.cards]
    assert "Name the person who receives everything, by " in body
    assert [(name in body, day) for name, day in facts.their_tasks] == [(True, task.due_on) for task in theirs]
    assert ([task.title in listed for task in theirs], set(cards) & {task.title for task in theirs}) == (
        [True] * len(theirs),
        set(),
    )
    assert cards
