"""What somebody did in Slack, in the words of the domain. Listeners receive these and nothing of Slack's payloads."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Protocol

from bot.ids import Action, Command, Form, Shortcut
from bot.replies import Option, Reply
from rules.clients.people import Member
from rules.ports import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Common to all: who did it, where, when. `channel_id` is empty where there is none."""

    workspace_id: str
    member: Member
    now: datetime
    channel_id: str = ""
    trigger_id: str = ""
    response_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandCall(Call):
    """A slash command; `text` as typed."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCall(Call):
    """A shortcut, used on a message or (all empty) globally. `source` is its text as Slack writes it."""

    text: str = ""
    source: str = ""
    link: str = ""
    message_ts: str = ""
    thread_ts: str = ""
    author_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickCall(Call):
    """A button or select; `value` is what it carries. `view_id` is empty on a message.

    In a form, `values` is what stands in it by block id so far, and `memo` what it was opened for. `acted_at` is
    Slack's time of the click and `view_hash` names what stood there then, each empty where Slack says nothing of it.
    """

    value: str
    view_id: str = ""
    view_hash: str = ""
    acted_at: str = ""
    on_home: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    memo: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCall(Call):
    """A submitted form: `values` by block id (None where left empty), `memo` what the form was opened for."""

    values: Mapping[str, Any]
    memo: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCall(Call):
    """Somebody types into a select, which may stand in a form."""

    query: str
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCall:
    """An event from the inbox. `event` is Slack's inner event."""

    workspace_id: str
    event_id: str
    event: Mapping[str, Any]
    now: datetime


class LastActs:
    """Which act was the last that was answered on a screen, of those that this process knows.

    Where Slack says that something else stands there by now (`hash_conflict`), this tells whether that is newer.
    """

    KEPT = 1000

    def __init__(self) -> None:
        self._acted: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, screen: str, acted_at: str) -> None:
        with self._lock:
            self._acted[screen] = max(acted_at, self._acted.pop(screen, ""))
            if len(self._acted) > self.KEPT:
                self._acted.popitem(last=False)

    def is_last(self, screen: str, acted_at: str) -> bool:
        with self._lock:
            return acted_at >= self._acted.get(screen, "")


class OnlyTheNewest:
    """What is asked for several times within a moment is done one at a time, and of those that wait for the newest.

    That one sees whatever became true since the others asked, and the engine asks again for it until it is done.
    """

    def __init__(self) -> None:
        self._asked = LastActs()
        self._busy: set[str] = set()
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, screen: str, asked_at: str) -> Iterator[bool]:
        """Waits for its turn; False at once where a newer one has been asked for."""
        with self._changed:
            self._asked.note(screen, asked_at)
            self._changed.notify_all()
            self._changed.wait_for(lambda: screen not in self._busy or not self._asked.is_last(screen, asked_at))
            is_newest = self._asked.is_last(screen, asked_at)
            if is_newest:
                self._busy.add(screen)
        try:
            yield is_newest
        finally:
            if is_newest:
                with self._changed:
                    self._busy.remove(screen)
                    self._changed.notify_all()


def clicking(listener: Callable[[ClickCall], Reply]) -> Callable[[Call, str], Reply]:
    """A button's listener as what a word of `/client NAME …` opens: the button carries the client's id."""

    def open_by_word(call: Call, client_id: str) -> Reply:
        common = {each.name: getattr(call, each.name) for each in fields(Call)}
        return listener(ClickCall(**common, value=client_id))

    return open_by_word


class Desk(Protocol):
    """Where listeners register. A listener contains no `try`: one boundary turns failures into sentences."""

    def command(self, command: Command, listener: Callable[[CommandCall], Reply]) -> None: ...
    def shortcut(self, shortcut: Shortcut, listener: Callable[[MessageCall], Reply]) -> None: ...
    def click(self, action: Action, listener: Callable[[ClickCall], Reply]) -> None: ...
    def form(self, form: Form, listener: Callable[[FormCall], Reply]) -> None: ...
    def search(self, action: Action, listener: Callable[[SearchCall], list[Option]]) -> None: ...
    def event(self, event: Event, listener: Callable[[EventCall], Reply]) -> None: ...


def write_memo(**ids: str) -> str:
    """What a form was opened for: ids only; it is not a permission, who submits is checked again."""
    return json.dumps(ids, separators=(",", ":"))


def read_memo(text: str) -> dict[str, str]:
    return {str(name): str(value) for name, value in json.loads(text or "{}").items()}


def unescaped(text: str) -> str:
    """What people wrote: Slack escapes three signs in the text of messages."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read_values(state: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """Flattens Slack's `view.state.values` (one element a block) to plain values by block id."""
    return {block: _plain(next(iter(elements.values()), {})) for block, elements in state.items()}


_WHERE_THE_VALUE_IS = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
}


def _plain(element: Mapping[str, Any]) -> Any:
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"]]
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    return element.get(_WHERE_THE_VALUE_IS.get(str(element.get("type")), "value"))


def workspace_id_of(body: Mapping[str, Any]) -> str:
    """Clicks of organisation-wide installs name no team but the person's own (facts/slack.md 9.6)."""
    team = body.get("team") or {}
    return str(body.get("team_id") or team.get("id") or body["user"]["team_id"])
