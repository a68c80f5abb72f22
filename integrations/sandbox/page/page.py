"""Draws the first page. Everything on it was written by somebody else: the template escapes all of it."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route

from integrations.sandbox.jira import JiraStandIn
from integrations.sandbox.mail import Mailbox
from integrations.sandbox.slack.workspace import Channel, Json, Message, Workspace, words_in
from integrations.sandbox.trello import TrelloStandIn

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message as the page shows it."""

    at: str
    author: str
    words: list[str]
    by_app: bool
    in_thread: bool
    only_for: str
    reactions: str


def page_routes(
    workspace: Workspace, jira: JiraStandIn, trello: TrelloStandIn, mailbox: Mailbox, now: Callable[[], datetime]
) -> list[Route | Mount]:
    """`/` and its style sheet."""
    templates = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )

    def first_page(_request: Request) -> Response:
        with workspace.lock:
            drawn = templates.get_template("page.html").render(
                team=workspace.team_name,
                now=now().strftime("%A, %d %B %Y, %H:%M UTC"),
                channels=[(channel_title(workspace, c), lines(workspace, c)) for c in workspace.channels.values()],
                homes=[(workspace.people[who].real_name, words(view.body)) for who, view in workspace.homes.items()],
                issues=jira.issues,
                lists=[(each.name, [c for c in trello.cards if c.list_id == each.id]) for each in trello.lists],
                drafts=mailbox.drafts,
            )
        return HTMLResponse(drawn, headers=HEADERS)

    def style(_request: Request) -> Response:
        return FileResponse(HERE / "page.css", media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})

    return [Route("/", first_page), Route("/page.css", style)]


def channel_title(workspace: Workspace, channel: Channel) -> str:
    if channel.kind == "im":
        other = next(member for member in channel.members if member != workspace.bot_user_id)
        return f"{workspace.people[other].real_name} and {workspace.app_name}"
    marks = {
        "private": channel.kind == "private",
        "shared with another company": channel.externally_shared,
        "invitation to another company pending": channel.pending_shared,
        "archived": channel.archived,
    }
    told = ", ".join(mark for mark, holds in marks.items() if holds)
    return f"#{channel.name} ({told})" if told else f"#{channel.name}"


def lines(workspace: Workspace, channel: Channel) -> list[Line]:
    """The channel's messages, replies below what they reply to."""
    said = [message for message in workspace.messages if message.channel_id == channel.id]
    said.sort(key=lambda message: (message.thread_ts or message.ts, message.ts))
    return [_line(workspace, message) for message in said]


def words(body: Json) -> list[str]:
    """The readable text of blocks, as Slack would show it: its own escaping undone."""
    return [html.unescape(piece) for piece in _shown(body.get("blocks", []))]


def _line(workspace: Workspace, message: Message) -> Line:
    shown = words({"blocks": message.blocks}) or [html.unescape(message.text)]
    reader = workspace.people.get(message.visible_to)
    return Line(
        at=datetime.fromtimestamp(float(message.ts), tz=UTC).strftime("%d %b %H:%M"),
        author=workspace.people[message.user_id].real_name,
        words=shown,
        by_app=message.by_app,
        in_thread=bool(message.thread_ts) and message.thread_ts != message.ts,
        only_for=reader.real_name if reader else "",
        reactions="  ".join(f":{name}: {len(people)}" for name, people in message.reactions.items()),
    )


def _shown(blocks: list[Json]) -> Iterator[str]:
    for block in blocks:
        yield from (piece for piece in words_in(block) if piece.strip())
