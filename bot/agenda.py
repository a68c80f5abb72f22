"""What Amicable does in the background: every job, declared once, so that services can ask for it.

`bot/jobs` says what each of them does; a worker does not start while the two differ. Names and kinds are stored in
running databases: they stay to the letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta

from rules.local_days import next_daily
from rules.ports import Due, DueJob, JobType, Queue, UnitOfWork, Workspace, work

TRIED_AGAIN_AFTER = timedelta(minutes=10)
READING_AT = time(6, 0)
RETAINED_AT = time(3, 0)


# --- habits: when something is due next ----------------------------------------------------------------------------


def _once(_now: datetime, _workspace: Workspace) -> None:
    return None


def _every(span: timedelta) -> Callable[[datetime, Workspace], datetime]:
    return lambda now, _workspace: now + span


def _daily(at: time) -> Callable[[datetime, Workspace], datetime]:
    return lambda now, workspace: next_daily(now, workspace.timezone, at)


# What speaks to Slack may fail for hours. It comes back until the job itself has moved or dropped its row, so that no
# outage and no kill loses a digest or a reminder.
_until_done = _every(TRIED_AGAIN_AFTER)


# --- events and readings -------------------------------------------------------------------------------------------

SWEEP = work.SWEEP  # the engine starts it by itself, every minute

# About (workspace, event):
HANDLE_EVENT = JobType[str, str]("handle_event", Queue.EVENTS)
GIVE_UP_EVENT = JobType[str, str]("give_up_event", Queue.EVENTS)


def event_job(event_id: str, which: str = "") -> str:
    """The id of the job that handles an event first, or later on (`which`)."""
    return f"event:{event_id}:{which}" if which else f"event:{event_id}"


def event_of(job_id: str) -> str:
    """The event that a job is about, by its id."""
    return job_id.removeprefix("event:").partition(":")[0]


# The subject: the workspace.
READ_ALL = DueJob(name="read_all", kind="reading", again=_daily(READING_AT), queue=Queue.BULK)
REFRESH_PEOPLE = DueJob(name="refresh_people", kind="people", again=_every(timedelta(hours=4)), needs_slack=True)
ERASE_PAYLOADS = DueJob(name="erase_payloads", kind="payloads", again=_every(timedelta(hours=1)))
LOOK_FOR_RETURN = DueJob(name="look_for_return", kind="return", again=_every(TRIED_AGAIN_AFTER))

# The subject: the client.
READ_ONE = DueJob(name="read_one", kind="band", again=_once)
PAY_ATTENTION = DueJob(name="pay_attention", kind="attention", again=_until_done, needs_slack=True)
COLLECT_MERGED = DueJob(name="collect_merged", kind="merged", again=_once)

# About a workspace, a client, its reader and the dialog's name:
DRAW_TREND = JobType[str, str, str, str]("draw_trend", Queue.FLOWS)

# --- channels and their messages -----------------------------------------------------------------------------------

# Of workspace, channel.
LOOK_AT_PLACE = JobType[str, str]("look_at_place", Queue.FLOWS)
LEAVE_IF_READ = JobType[str, str]("leave_if_read", Queue.FLOWS)

# The subject: the channel.
POST_DIGEST = DueJob(name="post_digest", kind="digest", again=_until_done, needs_slack=True, queue=Queue.BULK)
LOG_REACTIONS = DueJob(name="log_reactions", kind="reactions", again=_until_done, needs_slack=True)

# The subject: the note, the window's clock, the guest.
READ_MESSAGE = DueJob(name="read_message", kind="excerpt", again=_until_done, needs_slack=True)
END_WINDOW = DueJob(name="end_window", kind="reply", again=_until_done)
END_TERM = DueJob(name="end_contract", kind="contract", again=_until_done, needs_slack=True)

# --- words for one person (subject) --------------------------------------------------------------------------------

SEND_NUDGES = DueJob(name="send_nudges", kind="nudges", again=_until_done, needs_slack=True)
TEND_GUIDE = DueJob(name="tend_guide", kind="guide", again=_until_done, needs_slack=True)  # of the workspace
SEND_RECEIPTS = DueJob(name="send_receipts", kind="receipts", again=_until_done, needs_slack=True)

# The subject: whoever has a Home tab.
REDRAW_HOME = DueJob(name="redraw_home", kind="home", again=_until_done, needs_slack=True)

# Of workspace, person, the message's key.
SHOW_NUDGES = JobType[str, str, str]("show_nudges", Queue.FLOWS)

# --- plans and decisions (subject) ---------------------------------------------------------------------------------

REMIND_CHECKPOINT = DueJob(name="remind_checkpoint", kind="checkpoint", again=_until_done)
REMIND_OF_ACTIONS = DueJob(name="remind_of_actions", kind="plan_actions", again=_until_done)
LOOK_AT_ACCORD = DueJob(name="look_at_accord", kind="accord", again=_until_done)
REMIND_CONFIRMATION = DueJob(name="remind_confirmation", kind="confirmation", again=_until_done)
TELL_DECIDED = DueJob(name="tell_decided", kind="decided", again=_until_done, needs_slack=True)

# --- partings ------------------------------------------------------------------------------------------------------

# The queue of a tracker keeps to its rate limit; a tracker has its line here.
TRACKER_QUEUES = {"jira": Queue.JIRA, "trello": Queue.TRELLO, "checklist": Queue.FLOWS}

# By tracker: (workspace, ticket, turn), and (workspace, tracker, the ticket's ref there, 1 where it is a new one)
OPEN_TICKET = {name: JobType[str, str, int](f"open_{name}_ticket", queue) for name, queue in TRACKER_QUEUES.items()}
READ_TICKET = {
    name: JobType[str, str, str, int](f"read_{name}_ticket", queue) for name, queue in TRACKER_QUEUES.items()
}

# Of workspace, parting.
TEND_PARTING = JobType[str, str]("tend_parting", Queue.FLOWS)

# Of workspace, parting, whoever asked, what for, what that needs besides, the dialog's name:
ASK_TRACKER = JobType[str, str, str, str, str, str]("ask_tracker", Queue.FLOWS)

# Of workspace, whoever asked, the letter, the file's key.
SEND_LETTER_FILE = JobType[str, str, str, str]("send_letter_file", Queue.FLOWS)

# Of workspace, whoever asked, the client, the file's key.
SEND_PAGE_FILE = JobType[str, str, str, str]("send_page_file", Queue.FLOWS)

# The subject: the workspace.
TEND_TICKETS = DueJob(name="tend_tickets", kind="tickets", again=_every(timedelta(minutes=10)))

# The subject: the parting.
SHOW_PROGRESS = DueJob(name="show_progress", kind="progress", again=_until_done, needs_slack=True)
TAKE_DEFAULT_ANSWERS = DueJob(name="take_default_answers", kind="answers", again=_until_done)
TAKE_DEFAULT_RECEIPT = DueJob(name="take_default_receipt", kind="client_receipt", again=_until_done)
RAISE_LOOK_BACK = DueJob(name="raise_look_back", kind="look_back", again=_until_done)

# Of workspace, whoever asked, the parting, the file's key.
SEND_CALENDAR = JobType[str, str, str, str]("send_calendar", Queue.FLOWS)

# --- privacy -------------------------------------------------------------------------------------------------------

# The subject: the workspace, whoever is erased.
RETAIN = DueJob(name="retain", kind="retention", again=_daily(RETAINED_AT), queue=Queue.BULK)
ERASE = DueJob(name="erase", kind="erasure", again=_until_done)

# The subject: what an erased person is called from now on.
FORGET_WORK = DueJob(name="forget_work", kind="work", again=_until_done)

# Of workspace, whoever asked, what is wanted, 1 for CSV, the file's name.
SEND_EXPORT = JobType[str, str, str, int, str]("export", Queue.BULK)


def declared() -> Iterator[DueJob | JobType[*tuple[object, ...]]]:
    """Every job of this page."""
    for each in globals().values():
        for job in each.values() if isinstance(each, Mapping) else (each,):
            if isinstance(job, DueJob | JobType):
                yield job


def first_dues(workspace: Workspace, now: datetime) -> list[Due]:
    """What a workspace is never without."""
    return [
        READ_ALL.at(next_daily(now, workspace.timezone, READING_AT), workspace.id, workspace.id),
        REFRESH_PEOPLE.at(now, workspace.id, workspace.id),
        ERASE_PAYLOADS.at(now + timedelta(hours=1), workspace.id, workspace.id),
        RETAIN.at(next_daily(now, workspace.timezone, RETAINED_AT), workspace.id, workspace.id),
        TEND_TICKETS.at(now, workspace.id, workspace.id),
    ]


def begin(unit: UnitOfWork, job: DueJob, subject: str, now: datetime, *, once: str) -> None:
    """At once; and while Slack is away and the job fails, the sweep makes it anew until it has gone through."""
    unit.jobs.add(job(unit.workspace_id, subject, now.isoformat(), once=once))
    unit.dues.set(job.at(now + TRIED_AGAIN_AFTER, unit.workspace_id, subject))
