"""Tickets on their way, what is told of them, and looking after those that are open."""

from __future__ import annotations

from bot.bulletins.progress import ProgressBulletin
from bot.services.partings.partings import PartingService
from bot.services.partings.tickets.news import NewsService
from bot.services.partings.tickets.tickets import TicketService
from rules.ports import Runner, Workflow

# The queue of a tracker keeps to its rate limit; a tracker has its line here.
QUEUES = {"jira": "jira", "trello": "trello", "checklist": "flows"}


def workflows(
    tickets: TicketService, news: NewsService, partings: PartingService, progress: ProgressBulletin
) -> list[Workflow]:
    def open_ticket(run: Runner, workspace_id: str, ticket_id: str, turn: int) -> None:
        run.step(tickets.advance, workspace_id, ticket_id, turn)

    def read_ticket(run: Runner, workspace_id: str, tracker: str, ref: str, is_new: int) -> None:
        run.step(news.read, workspace_id, tracker, ref, is_new)

    def show_progress(run: Runner, workspace_id: str, parting_id: str, _due_at: str = "") -> None:
        run.step(progress.show, workspace_id, parting_id)

    def tend_tickets(run: Runner, workspace_id: str, _subject: str, due_at: str) -> None:
        run.step(tickets.tend, workspace_id, due_at)

    def tend_parting(run: Runner, workspace_id: str, parting_id: str) -> None:
        run.step(news.poll, workspace_id, parting_id)
        doubles = run.step(tickets.sweep_doubles, workspace_id, parting_id)
        if doubles:
            run.step(progress.tell_doubles, workspace_id, parting_id, ", ".join(doubles))
        run.step(partings.remind_overdue, workspace_id, parting_id)

    return [
        *(Workflow(name=f"open_{name}_ticket", queue=queue, run=open_ticket) for name, queue in QUEUES.items()),
        *(Workflow(name=f"read_{name}_ticket", queue=queue, run=read_ticket) for name, queue in QUEUES.items()),
        Workflow(name="show_progress", queue="flows", run=show_progress),
        Workflow(name="tend_tickets", queue="flows", run=tend_tickets),
        Workflow(name="tend_parting", queue="flows", run=tend_parting),
    ]
