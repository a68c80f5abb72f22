"""Bolt behind our own desk: payloads become calls, replies are carried out by the announcer.

Bolt verifies the signature and finds the listener; the desk checks who is calling and guards every listener.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from slack_bolt import Ack, App

from bot.access import require_admin, require_ours
from bot.announcer import Announcer
from bot.bolt import ANYTHING, Body, table
from bot.calls import (
    Call,
    ClickCall,
    CommandCall,
    EventCall,
    FormCall,
    MessageCall,
    SearchCall,
    read_memo,
    read_values,
    unescaped,
    workspace_id_of,
)
from bot.directory import shortcut_link
from bot.errors import guarded, heard
from bot.ids import Action, Command, Form, Shortcut
from bot.replies import Home, Leave, Message, Nothing, Option, Private, Push, Reply, Show, Whisper, Wrong, acknowledged
from bot.rights import RIGHTS, Right
from bot.views.blocks import notice_view
from bot.views.late import said_late
from rules.ports import Clock, Directory, Event
from rules.sentences import Sentence

log = structlog.get_logger()

SLACK_WAITS = timedelta(seconds=2.8)  # three, of which the way to us takes some

Doing = Action | Form | Command | Shortcut


class Reception(Protocol):
    """What the desk needs to know of workspaces and of the inbox."""

    def welcome(self, workspace_id: str) -> None:
        """Makes sure that the workspace is known; raises `RefusedError` when it is not ours."""

    def accept(self, body: Body) -> None:
        """Stores an event and its job in one commit."""


@dataclass(frozen=True, kw_only=True)
class Office:
    """What every desk works with."""

    announcer: Announcer
    directory: Directory
    reception: Reception
    clock: Clock


class BoltDesk:
    """Registers our listeners with Bolt and keeps the event listeners for the worker."""

    def __init__(self, bolt: App, office: Office) -> None:
        self.bolt = bolt
        self._announcer = office.announcer
        self._office = office
        self._events: dict[str, Callable[[EventCall], Reply]] = {}
        self.rights: dict[Doing, Right] = {}
        bolt.event(ANYTHING)(self._accept)
        self._commands = table(bolt.command, lambda body: str(body["command"]))
        self._shortcuts = table(bolt.shortcut, lambda body: str(body["callback_id"]))
        # Several buttons of one kind in a view carry a suffix behind a dot.
        self._clicks = table(bolt.block_action, lambda body: str(body["actions"][0]["action_id"]).partition(".")[0])
        self._forms = table(bolt.view, lambda body: str(body["view"]["callback_id"]))
        self._searches = table(bolt.options, lambda body: str(body["action_id"]))

    # --- registering -------------------------------------------------------------------------------------------

    def command(self, command: Command, listener: Callable[[CommandCall], Reply]) -> None:
        right = self._declared(command)

        def run(ack: Ack, body: Body) -> None:
            calls: list[CommandCall] = []

            def answer() -> Reply:
                calls.append(CommandCall(**self._common(body, right), text=str(body.get("text", ""))))
                return listener(calls[0])

            began = self._office.clock.real()
            reply = guarded(answer)
            match reply:
                case Show(view) | Push(view):
                    opened = self._open(calls[0], view)
                    ack(acknowledged(opened.message) if isinstance(opened, Private) else "")
                case Private():
                    ack(acknowledged(reply.message))
                    self._tell_late(began, calls, reply)
                case _:
                    ack()

        self._commands[command.value] = run

    def shortcut(self, shortcut: Shortcut, listener: Callable[[MessageCall], Reply]) -> None:
        right = self._declared(shortcut)

        def run(ack: Ack, body: Body) -> None:
            calls: list[MessageCall] = []

            def answer() -> Reply:
                calls.append(self._message_call(body, right))
                return listener(calls[0])

            reply = guarded(answer)
            ack()
            shown = notice_view(reply.message) if isinstance(reply, Private) else None
            view = reply.view if isinstance(reply, Show) else shown
            if view:
                # Whoever could not be looked up gets the sentence all the same.
                self._excuse(body, self._open(calls[0], view) if calls else reply)

        self._shortcuts[shortcut.value] = run

    def click(self, action: Action, listener: Callable[[ClickCall], Reply]) -> None:
        right = self._declared(action)

        def run(ack: Ack, body: Body) -> None:
            ack()
            calls: list[ClickCall] = []

            def answer() -> Reply:
                calls.append(self._click_call(body, right))
                return listener(calls[0])

            reply = guarded(answer)
            self._excuse(body, guarded(lambda: self._after_click(calls[0], body, reply)) if calls else reply)

        self._clicks[action.value] = run

    def form(self, form: Form, listener: Callable[[FormCall], Reply]) -> None:
        right = self._declared(form)

        def run(ack: Ack, body: Body) -> None:
            values = read_values(body["view"]["state"]["values"])
            calls: list[FormCall] = []

            def answer() -> Reply:
                calls.append(self._form_call(body, values, right))
                return listener(calls[0])

            began = self._office.clock.real()
            reply = guarded(answer, form_fields=frozenset(values))
            match reply:
                case Wrong(errors):
                    ack(response_action="errors", errors=errors)
                case Show(view):
                    ack(response_action="update", view=view)
                case Push(view):
                    ack(response_action="push", view=view)
                case Private(message):
                    ack(response_action="update", view=notice_view(message))
                case _:
                    ack()
            self._tell_late(began, calls, reply)

        self._forms[form.value] = run

    def search(self, action: Action, listener: Callable[[SearchCall], list[Option]]) -> None:
        right = self._declared(action)

        def run(ack: Ack, body: Body) -> None:
            found: list[Option] = []

            def look() -> Reply:
                form = str((body.get("view") or {}).get("callback_id", ""))
                call = SearchCall(**self._common(body, right), query=str(body.get("value", "")), form=form)
                found.extend(listener(call))
                return Nothing()

            guarded(look)
            ack(options=[{"text": {"type": "plain_text", "text": o.label[:75]}, "value": o.value} for o in found])

        self._searches[action.value] = run

    def event(self, event: Event, listener: Callable[[EventCall], Reply]) -> None:
        self._events[event.value] = listener

    # --- the worker's side -------------------------------------------------------------------------------------

    def handle(self, call: EventCall) -> None:
        """Runs the listener of an event from the inbox; unknown events are ignored. Failures go to the engine."""
        listener = self._events.get(str(call.event.get("type", "")))
        if listener:
            heard(lambda: self._after_event(call, listener(call)))

    def _after_event(self, call: EventCall, reply: Reply) -> None:
        match reply:
            case Whisper():
                self._whisper(call, reply)
            case Home():
                view = call.event.get("view") or {}
                self._publish(reply, str(view.get("hash", "")), str(call.event.get("event_ts", "")))
            case Leave(channel_id, whispers):
                try:
                    for whisper in whispers:
                        self._whisper(call, whisper)
                finally:
                    self._announcer.leave(channel_id)
            case _:
                pass

    def _publish(self, home: Home, drawn_for: str, acted_at: str) -> None:
        """Whatever came between is drawn over with what is known by now, unless somebody acted there later still."""
        try:
            settled = self._announcer.publish_home(home.reader, home.view, instead_of=drawn_for, acted_at=acted_at)
        finally:
            home.published()  # also after a lost answer: it may stand there all the same
        if not settled and isinstance(again := home.again(), Home):
            self._publish(again, "", acted_at)

    def _whisper(self, call: EventCall, said: Whisper) -> None:
        self._announcer.whisper(call.workspace_id, said.member_id, said.message, key=said.key, at_once=said.at_once)

    # --- payloads ----------------------------------------------------------------------------------------------

    def _accept(self, body: Body) -> None:
        # A failure here must reach Bolt: Slack repeats what was not acknowledged.
        self._office.reception.accept(body)

    def _declared(self, doing: Doing) -> Right:
        """Nothing can be done here of which nobody has said who may do it."""
        if doing not in RIGHTS:
            raise LookupError(Sentence("Say in bot/rights.py who may do {doing}.", doing=doing.value))
        self.rights[doing] = RIGHTS[doing]
        return RIGHTS[doing]

    def _common(self, body: Body, right: Right) -> dict[str, Any]:
        log.info("asked", kind=str(body.get("type") or body.get("command") or ""))
        workspace_id = workspace_id_of(body)
        self._office.reception.welcome(workspace_id)
        user_id = str(body.get("user_id") or body["user"]["id"])
        member = self._office.directory.member(workspace_id, user_id)
        require_ours(member)
        if right is Right.ADMIN:
            require_admin(member)
        channel = body.get("channel") or {}
        return {
            "workspace_id": workspace_id,
            "member": member,
            "now": self._office.clock.now(),
            "channel_id": str(body.get("channel_id") or channel.get("id") or ""),
            "trigger_id": str(body.get("trigger_id", "")),
            "response_url": str(body.get("response_url", "")),
        }

    def _message_call(self, body: Body, right: Right) -> MessageCall:
        message = body.get("message") or {}
        return MessageCall(
            **self._common(body, right),
            text=unescaped(str(message.get("text", ""))),
            source=str(message.get("text", "")),
            link=shortcut_link(body),
            message_ts=str(message.get("ts", "")),
            thread_ts=str(message.get("thread_ts", "")),
            author_id=str(message.get("user", "")),
        )

    def _click_call(self, body: Body, right: Right) -> ClickCall:
        action = body["actions"][0]
        view = body.get("view") or {}
        chosen = action.get("selected_option") or {}
        return ClickCall(
            **self._common(body, right),
            value=str(chosen.get("value") or action.get("selected_user") or action.get("value") or ""),
            view_id=str(view.get("id", "")) if view.get("type") == "modal" else "",
            view_hash=str(view.get("hash", "")),
            acted_at=str(action.get("action_ts", "")),
            on_home=view.get("type") == "home",
            values=read_values((view.get("state") or {}).get("values") or {}),
            memo=read_memo(view.get("private_metadata", "")),
        )

    def _form_call(self, body: Body, values: dict[str, Any], right: Right) -> FormCall:
        return FormCall(
            **self._common(body, right), values=values, memo=read_memo(body["view"].get("private_metadata", ""))
        )

    # --- replies -----------------------------------------------------------------------------------------------

    def _after_click(self, call: ClickCall, body: Body, reply: Reply) -> Reply:
        match reply:
            case Show(view) if call.view_id:
                self._announcer.update_form(call, view)
            case Push(view) if call.view_id:
                self._announcer.push_form(call, view)
            case Show(view) | Push(view):
                self._announcer.open_form(call, view)
            case Home():
                self._publish(reply, call.view_hash if call.on_home else "", call.acted_at)
            case Private(message) if call.view_id:
                self._announcer.push_form(call, notice_view(message))
            case Private(message) if call.on_home:
                self._announcer.open_form(call, notice_view(message))
            case Private(message):
                self._announcer.answer(call, message, replace=bool((body.get("container") or {}).get("is_ephemeral")))
            case _:
                pass
        return Nothing()

    def _open(self, call: Call, view: dict[str, Any]) -> Reply:
        def opening() -> Reply:
            self._announcer.open_form(call, view)
            return Nothing()

        return guarded(opening)

    def _tell_late(self, began: datetime, calls: Sequence[Call], reply: Reply) -> None:
        """Slack stops waiting after three seconds and shows an error, though what was sent was done (facts/slack.md 2).

        What could not be done says so itself; a form that only goes on to the next one has to be looked at again.
        """
        if not calls or self._office.clock.real() - began < SLACK_WAITS:
            return
        guarded(lambda: self._send_late(calls[0], said_late(reply)))

    def _send_late(self, call: Call, said: Message) -> Reply:
        self._announcer.answer(call, said, replace=False)
        return Nothing()

    def _excuse(self, body: Body, failed: Reply) -> None:
        """Slack repeats neither clicks nor shortcuts, so nobody is left without a word, whatever is away."""

        def say() -> Reply:
            if isinstance(failed, Private):
                on_top = (body.get("view") or {}).get("type") == "modal"
                self._office.announcer.excuse(
                    str(body.get("trigger_id", "")), notice_view(failed.message), on_top=on_top
                )
            return Nothing()

        guarded(say)
