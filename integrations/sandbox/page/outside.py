"""The boards and the mailbox, as JSON."""

from __future__ import annotations

from integrations.sandbox.jira.project import Issue
from integrations.sandbox.slack.workspace import Json
from integrations.sandbox.trello.board import Card
from integrations.sandbox.world import World


def boards(world: World) -> Json:
    return {
        "jira": {"project": world.jira.project.name, "issues": [_issue(world, issue) for issue in world.jira.issues]},
        "trello": {
            "board": world.trello.board.name,
            "lists": [{"id": each.id, "name": each.name, "closed": each.closed} for each in world.trello.lists],
            "cards": [_card(card) for card in world.trello.cards],
        },
    }


def mail(world: World) -> Json:
    return {
        "drafts": [
            {"n": number, "to": draft.to, "subject": draft.subject, "body": draft.body, "language": draft.language}
            for number, draft in enumerate(world.mailbox.drafts)
        ]
    }


def _issue(world: World, issue: Issue) -> Json:
    parent = next((each.key for each in world.jira.issues if each.id == issue.parent_id), "")
    people = {person.account_id: person.name for person in world.jira.project.people}
    return {
        "id": issue.key,
        "title": issue.summary,
        "kind": issue.kind,
        "text": issue.text,
        "due": issue.due_on or "",
        "labels": list(issue.labels),
        "parent": parent,
        "assignee": people.get(issue.assignee, ""),
        "done": issue.closed,
    }


def _card(card: Card) -> Json:
    return {
        "id": card.id,
        "title": card.name,
        "kind": "Card",
        "text": card.desc,
        "due": (card.due or "")[:10],
        "list": card.list_id,
        "done": card.due_complete,
        "closed": card.closed,
    }
