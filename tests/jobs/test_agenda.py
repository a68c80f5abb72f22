"""The agenda's promises: every job is done, nothing else is, and what running databases have stored stays."""

from __future__ import annotations

import pytest

from bot import agenda
from bot.bootstrap.jobs import JobsDifferError, checked
from rules.ports import DueJob, JobType, Queue, Workflow

# (name, queue, due kind), as databases that run today hold them. Lines are added here; none is ever changed.
STORED = {
    ("collect_merged", "flows", "merged"),
    ("draw_trend", "flows", ""),
    ("ask_tracker", "flows", ""),
    ("end_contract", "flows", "contract"),
    ("end_window", "flows", "reply"),
    ("erase", "flows", "erasure"),
    ("erase_payloads", "flows", "payloads"),
    ("export", "bulk", ""),
    ("forget_work", "flows", "work"),
    ("give_up_event", "events", ""),
    ("handle_event", "events", ""),
    ("leave_if_read", "flows", ""),
    ("log_reactions", "flows", "reactions"),
    ("look_at_accord", "flows", "accord"),
    ("look_at_place", "flows", ""),
    ("look_for_return", "flows", "return"),
    ("open_checklist_ticket", "flows", ""),
    ("open_jira_ticket", "jira", ""),
    ("open_trello_ticket", "trello", ""),
    ("pay_attention", "flows", "attention"),
    ("post_digest", "bulk", "digest"),
    ("raise_look_back", "flows", "look_back"),
    ("read_all", "bulk", "reading"),
    ("read_checklist_ticket", "flows", ""),
    ("read_jira_ticket", "jira", ""),
    ("read_message", "flows", "excerpt"),
    ("read_one", "flows", "band"),
    ("read_trello_ticket", "trello", ""),
    ("redraw_home", "flows", "home"),
    ("refresh_people", "flows", "people"),
    ("remind_checkpoint", "flows", "checkpoint"),
    ("remind_confirmation", "flows", "confirmation"),
    ("remind_of_actions", "flows", "plan_actions"),
    ("retain", "bulk", "retention"),
    ("send_calendar", "flows", ""),
    ("send_letter_file", "flows", ""),
    ("send_nudges", "flows", "nudges"),
    ("send_page_file", "flows", ""),
    ("send_receipts", "flows", "receipts"),
    ("show_nudges", "flows", ""),
    ("show_progress", "flows", "progress"),
    ("sweep", "flows", ""),
    ("take_default_answers", "flows", "answers"),
    ("take_default_receipt", "flows", "client_receipt"),
    ("tell_decided", "flows", "decided"),
    ("tend_guide", "flows", "guide"),
    ("tend_parting", "flows", ""),
    ("tend_tickets", "flows", "tickets"),
}


def _run(*_args: object) -> None: ...


def done(*names: str) -> list[Workflow]:
    return [Workflow(name=name, run=_run) for name in names]


EVERY = [job.name for job in agenda.declared()]


def test_what_is_stored_in_running_databases_keeps_its_names() -> None:
    """A job under way, or a due time that waits for months, is found again by its name alone."""
    declared = {(job.name, job.queue.value, job.kind if isinstance(job, DueJob) else "") for job in agenda.declared()}
    assert declared == STORED


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        (EVERY[1:], f"{EVERY[0]} is declared and nothing does it"),
        ([*EVERY, "erase_payloadz"], "erase_payloadz is done and not declared"),
        ([*EVERY, EVERY[-1]], f"{EVERY[-1]} is done 2 times"),
    ],
)
def test_no_worker_starts_while_agenda_and_jobs_differ(names: list[str], complaint: str) -> None:
    """A job that nobody does would wait for ever; one that nobody can ask for is dead."""
    with pytest.raises(JobsDifferError) as refused:
        checked(done(*names))
    assert str(refused.value) == complaint


def test_a_job_brings_its_queue_and_its_arguments() -> None:
    """The engine needs no list of its own to know where a job waits."""
    job = JobType[str, int]("open_card", Queue.TRELLO)("T1", 3, once="card:3")
    assert (job.name, job.queue, job.args, job.id) == ("open_card", "trello", ("T1", 3), "card:3")
