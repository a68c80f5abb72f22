"""Slack as one person has it before them: what they see, and what they do there."""

from __future__ import annotations

import uuid
from typing import Any

from integrations.sandbox.slack import payloads, wire
from integrations.sandbox.slack import said as events
from integrations.sandbox.slack.answers import Answer, SubmitAnswer
from integrations.sandbox.slack.api import reactions
from integrations.sandbox.slack.api.arguments import Arguments
from integrations.sandbox.slack.api.chat import keep_words, take_away
from integrations.sandbox.slack.api.views import replace, stack
from integrations.sandbox.slack.blockkit.elements import all_options, check_options
from integrations.sandbox.slack.blockkit.limits import check_view
from integrations.sandbox.slack.deliveries import Ack, Deliveries
from integrations.sandbox.slack.forms import (
    elements_of,
    entered_state,
    fields_of,
    missing_answers,
    pick,
    state_values,
)
from integrations.sandbox.slack.workspace import Channel, Json, Message, Person, SlackError, View, Workspace, readable

Target = Message | Json
TROUBLE = {"http_timeout": "operation_timeout", "connection_failed": "dispatch_failed", "http_error": "dispatch_failed"}


class NotThereError(LookupError):
    """The person tried to use something that is not on their screen."""


class Screen:
    """Drive it as a person would. Whatever is not on the screen can't be used, unless a test forges the request."""

    def __init__(self, workspace: Workspace, deliveries: Deliveries, who: Person) -> None:
        self.who = who
        self._workspace = workspace
        self._deliveries = deliveries

    # --- seeing ---

    def may_read(self, channel_id: str) -> bool:
        channel = self._workspace.channels[channel_id]
        full_member = self.who.team_id == self._workspace.team_id and not self.who.is_guest
        return self.who.id in channel.members or (channel.kind == "public" and full_member)

    def sees(self, channel_id: str) -> list[Message]:
        """What this person reads here, oldest first; private replies to them included."""
        if not self.may_read(channel_id):
            return []
        said = [m for m in self._workspace.in_channel(channel_id) if m.visible_to in {"", self.who.id}]
        return sorted(said, key=lambda m: m.ts)

    def find(self, channel_id: str, words: str) -> Message | None:
        """The newest message here that this person sees and that holds these words."""
        return next((m for m in reversed(self.sees(channel_id)) if words in readable(m)), None)

    def dms(self) -> list[Message]:
        """The conversation with the app."""
        return self.sees(self._workspace.direct_channel(self.who.id).id)

    @property
    def view(self) -> Json | None:
        """The dialog on top, as the Web API shows it, with what was entered so far."""
        shown = self._top()
        return payloads.with_state(self._workspace, shown) if shown else None

    @property
    def published_home(self) -> Json | None:
        shown = self._workspace.homes.get(self.who.id)
        return wire.view(self._workspace, shown) if shown else None

    def home(self, wait: float = 5.0) -> Json | None:
        """Opens the Home tab and waits until the app has published it anew; what is there in any case."""
        workspace = self._workspace
        before = workspace.homes.get(self.who.id)
        seen = before.hash if before else ""
        event: Json = {
            "type": "app_home_opened",
            "user": self.who.id,
            "channel": workspace.direct_channel(self.who.id).id,
            "tab": "home",
        }
        if before:
            event["view"] = wire.view(workspace, before)
        workspace.emit(event)
        self._deliveries.settle()
        with workspace.changed:
            workspace.changed.wait_for(lambda: self._home_hash() not in {"", seen}, wait)
        return self.published_home

    # --- saying ---

    def say(self, channel_id: str, text: str, thread: str = "") -> str:
        """Writes a message; its ts."""
        channel = self._workspace.channels[channel_id]
        if self.who.id not in channel.members:
            raise NotThereError(f"{self.who.name} is not in {channel.name}")
        said = self._workspace.keep(
            Message(
                channel_id=channel_id,
                ts=self._workspace.new_ts(),
                user_id=self.who.id,
                text=payloads.escaped(self._workspace, text),
                thread_ts=thread,
                client_msg_id=str(uuid.uuid4()),
            )
        )
        events.tell_said(self._workspace, said)
        return said.ts

    def edit(self, channel_id: str, ts: str, text: str) -> None:
        """Puts other words into one's own message."""
        said = self._own_message(channel_id, ts)
        before = wire.message(self._workspace, said)
        with self._workspace.changed:
            said.text = payloads.escaped(self._workspace, text)
            said.edited_ts = self._workspace.new_ts()
            self._workspace.record(said)
        events.tell_changed(self._workspace, said, before)
        self._deliveries.settle()

    def delete(self, channel_id: str, ts: str) -> None:
        """Takes one's own message away."""
        take_away(self._workspace, self._own_message(channel_id, ts))
        self._deliveries.settle()

    def react(self, channel_id: str, ts: str, name: str) -> None:
        reactions.put(self._workspace, self._message(channel_id, ts), self.who.id, name)
        self._deliveries.settle()

    def unreact(self, channel_id: str, ts: str, name: str) -> None:
        reactions.take_off(self._workspace, self._message(channel_id, ts), self.who.id, name)
        self._deliveries.settle()

    # --- commands and shortcuts ---

    def command(self, name: str, text: str = "", channel: str = "", *, forge: bool = False) -> Answer:
        """Types a slash command. People of other teams have none, unless forged."""
        workspace = self._workspace
        place = workspace.channels[channel] if channel else workspace.direct_channel(self.who.id)
        foreign = self.who.team_id != workspace.team_id
        if not forge and (name not in workspace.commands() or foreign or not self.may_read(place.id)):
            return Answer(error="invalid_command")
        start = workspace.new_ts()
        ack = self._deliveries.command(payloads.command(workspace, self.who, name, text, place))
        error = TROUBLE.get(ack.trouble, ack.trouble) or self._keep_ack(ack, place)
        return self._answer(Answer(error=error), start)

    def shortcut(self, callback_id: str, channel: str = "", message: str = "", *, forge: bool = False) -> Answer:
        """A global shortcut, or with `channel` and the ts of a message one on that message."""
        workspace = self._workspace
        offered = workspace.shortcuts("message" if message else "global")
        kept_out = self.who.team_id != workspace.team_id or (self.who.is_guest and not message)
        if not forge and (callback_id not in offered or kept_out):
            raise NotThereError(f"{self.who.name} is not offered the shortcut {callback_id}")
        start = workspace.new_ts()
        if message:
            said = self._message(channel, message)
            payload = payloads.message_action(workspace, self.who, callback_id, said)
        else:
            payload = payloads.shortcut(workspace, self.who, callback_id)
        ack = self._deliveries.interaction(payload)
        return self._answer(Answer(error=TROUBLE.get(ack.trouble, ack.trouble)), start)

    # --- clicking ---

    def click(self, target: Target, action_id: str, value: str | None = None, *, forge: bool = False) -> Answer:
        """Clicks a button in a message, a dialog or the Home tab; `value` tells buttons of one name apart."""
        place = self._place(target, forge=forge)
        found = _find(_blocks(place), action_id, value)
        if found is None:
            if not forge:
                raise NotThereError(f"No {action_id} in {[e.get('action_id') for _, e in elements_of(_blocks(place))]}")
            found = {"block_id": "forged"}, {"type": "button", "action_id": action_id, "text": {}, "value": value or ""}
        block, element = found
        action = self._action(block, element) | {"text": element.get("text"), "value": element.get("value")}
        return self._act(place, action)

    def choose(self, target: Target, action_id: str, value: Any) -> Answer:
        """Chooses in a select, overflow, picker or group of boxes that tells the app at once."""
        place = self._place(target, forge=False)
        found = _find(_blocks(place), action_id, None)
        if found is None:
            raise NotThereError(f"No {action_id} here")
        block, element = found
        if element["type"] == "overflow":
            return self._act(place, self._action(block, element) | {"selected_option": pick(element, value)})
        state = self._enter(place, block, element, value)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Answer(view=self.view)
        return self._act(place, self._action(block, element) | state)

    def options(self, target: Target, action_id: str, typed: str = "") -> list[Json]:
        """What an external select offers while this is typed."""
        place = self._place(target, forge=False)
        found = _find(_blocks(place), action_id, None)
        if found is None:
            raise NotThereError(f"No {action_id} here")
        return self._suggested(place, found[0], found[1], typed)

    # --- dialogs ---

    def fill(self, values: dict[str, Any]) -> None:
        """Leaves these in the dialog on top; what an update has taken away meanwhile is passed over."""
        if shown := self._top():
            for names, (block, element) in fields_of(shown.body["blocks"]):
                for name in names.intersection(values):
                    self._enter(shown, block, element, values[name])

    def submit(self, values: dict[str, Any] | None = None) -> SubmitAnswer:
        """Fills in the dialog on top (by block_id, or block_id.action_id) and submits it."""
        workspace = self._workspace
        shown = self._top()
        if shown is None:
            raise NotThereError(f"{self.who.name} has no dialog open")
        for name, value in (values or {}).items():
            block, element = _field(shown, name)
            self._enter(shown, block, element, value)
        blocks = shown.body["blocks"]
        missing = missing_answers(blocks, state_values(blocks, shown.values))
        if missing:
            return SubmitAnswer(outcome="incomplete", errors=missing, view=self.view)
        start = workspace.new_ts()
        ack = self._deliveries.interaction(payloads.submission(workspace, self.who, shown))
        answer = self._after_submission(shown, ack)
        self._answer(answer, start)
        return answer

    def close(self) -> None:
        """Closes the dialog on top without submitting."""
        shown = self._top()
        if shown is None:
            raise NotThereError(f"{self.who.name} has no dialog open")
        self._workspace.dialogs[self.who.id].remove(shown)
        if shown.body.get("notify_on_close"):
            self._deliveries.interaction(payloads.closing(self._workspace, self.who, shown, cleared=False))

    # --- inside ---

    def _after_submission(self, shown: View, ack: Ack) -> SubmitAnswer:
        if ack.trouble:
            return SubmitAnswer(outcome="failed", error=TROUBLE.get(ack.trouble, ack.trouble))
        if ack.body.strip() and not ack.json():
            return SubmitAnswer(outcome="failed", error="response_is_not_json")
        try:
            return self._respond(shown, ack.json())
        except SlackError as refusal:
            return SubmitAnswer(outcome="failed", error=f"{refusal.code}: {refusal.details}")

    def _respond(self, shown: View, reply: Json) -> SubmitAnswer:
        """Acts on the `response_action` of an acknowledgement."""
        open_views = self._workspace.dialogs[self.who.id]
        answer = SubmitAnswer(outcome="closed")
        match reply.get("response_action"):
            case None:
                if shown in open_views:
                    open_views.remove(shown)
            case "clear":
                open_views.clear()
            case "errors":
                answer = _with_errors(shown, reply.get("errors") or {})
            case "update":
                check_view(reply.get("view"), home=False)
                replace(self._workspace, shown, reply["view"])
                answer.outcome = "updated"
            case "push":
                check_view(reply.get("view"), home=False)
                stack(self._workspace, self.who.id, reply["view"])
                answer.outcome = "pushed"
            case other:
                answer = SubmitAnswer(outcome="failed", error=f"response_action_refused: {other}")
        return answer

    def _keep_ack(self, ack: Ack, place: Channel) -> str:
        """A command may be answered in the acknowledgement itself; gives Slack's complaint about that answer."""
        reply = ack.json() or ({"text": ack.body} if ack.body.strip() else {})
        public = reply.get("response_type") == "in_channel"
        try:
            if reply:
                keep_words(self._workspace, Arguments(reply), place, visible_to="" if public else self.who.id)
        except SlackError as refusal:
            return f"{refusal.code}: {refusal.details}"
        return ""

    def _answer(self, answer: Answer, start: str) -> Answer:
        with self._workspace.lock:
            said = [m for m in self._workspace.messages if m.by_app and max(m.ts, m.edited_ts) > start]
        answer.messages = [m for m in said if m.visible_to in {"", self.who.id} and self.may_read(m.channel_id)]
        answer.view = self.view
        return answer

    def _act(self, place: Message | View, action: Json) -> Answer:
        workspace = self._workspace
        start = workspace.new_ts()
        if isinstance(place, Message):
            payload = payloads.message_click(workspace, self.who, place, action)
        else:
            payload = payloads.view_click(workspace, self.who, place, action)
        ack = self._deliveries.interaction(payload)
        return self._answer(Answer(error=TROUBLE.get(ack.trouble, ack.trouble)), start)

    def _action(self, block: Json, element: Json) -> Json:
        return {
            "type": element["type"],
            "block_id": block.get("block_id"),
            "action_id": element.get("action_id"),
            "action_ts": self._workspace.new_ts(),
        }

    def _enter(self, place: Message | View, block: Json, element: Json, value: Any) -> Json:
        if element["type"].endswith("external_select") and value:
            wanted = value if isinstance(value, list) else [value]
            options = [o for each in wanted for o in self._suggested(place, block, element, _typed(each))]
            offered = options if _offers(options, wanted) else self._suggested(place, block, element, "")
            element = {**element, "options": offered}
        state = entered_state(element, value)
        if isinstance(place, View):
            place.values.setdefault(str(block.get("block_id")), {})[str(element.get("action_id"))] = state
        return state

    def _suggested(self, place: Message | View, block: Json, element: Json, typed: str) -> list[Json]:
        names = str(block.get("block_id")), str(element.get("action_id"))
        ack = self._deliveries.interaction(payloads.suggestion(self._workspace, self.who, place, names, typed))
        check_options(ack.json())
        return all_options(ack.json())

    def _place(self, target: Target, *, forge: bool) -> Message | View:
        """The message or view on this person's screen that `target` is."""
        if isinstance(target, Message):
            if forge or target in self.sees(target.channel_id):
                return target
            raise NotThereError(f"{self.who.name} does not see this message")
        for shown in self._workspace.all_views():
            on_top = shown.body["type"] == "home" or shown is self._top()
            if shown.id == target["id"] and (forge or (shown.person_id == self.who.id and on_top)):
                return shown
        raise NotThereError(f"{self.who.name} does not have this view before them")

    def _own_message(self, channel_id: str, ts: str) -> Message:
        said = self._message(channel_id, ts)
        if said.user_id != self.who.id:
            raise NotThereError(f"{self.who.name} did not write {ts} in {channel_id}")
        return said

    def _message(self, channel_id: str, ts: str) -> Message:
        said = self._workspace.message(channel_id, ts)
        if said is None or said not in self.sees(channel_id):
            raise NotThereError(f"{self.who.name} does not see {ts} in {channel_id}")
        return said

    def _top(self) -> View | None:
        shown = self._workspace.dialogs.get(self.who.id)
        return shown[-1] if shown else None

    def _home_hash(self) -> str:
        shown = self._workspace.homes.get(self.who.id)
        return shown.hash if shown else ""


def _typed(wanted: Any) -> str:
    """What somebody types to find it: the same, or `{"typed": …, "value": …}`."""
    return str(wanted["typed"] if isinstance(wanted, dict) else wanted)


def _blocks(place: Message | View) -> list[Json]:
    blocks: list[Json] = place.blocks if isinstance(place, Message) else place.body["blocks"]
    return blocks


def _find(blocks: list[Json], action_id: str, value: str | None) -> tuple[Json, Json] | None:
    for block, element in elements_of(blocks):
        if element.get("action_id") == action_id and value in {None, element.get("value")}:
            return block, element
    return None


def _field(shown: View, name: str) -> tuple[Json, Json]:
    for names, found in fields_of(shown.body["blocks"]):
        if name in names:
            return found
    known = [block.get("block_id") for block, _ in elements_of(shown.body["blocks"])]
    raise NotThereError(f"This dialog asks for {known}, not for {name}")


def _offers(options: list[Json], wanted: list[Any]) -> bool:
    known = {option["value"] for option in options} | {option["text"]["text"] for option in options}
    return all(str(each["value"] if isinstance(each, dict) else each) in known for each in wanted)


def _with_errors(shown: View, errors: dict[str, str]) -> SubmitAnswer:
    inputs = {block["block_id"] for block in shown.body["blocks"] if block["type"] == "input"}
    if not errors or not set(errors) <= inputs:
        return SubmitAnswer(outcome="failed", error=f"errors_for_unknown_blocks: {sorted(set(errors) - inputs)}")
    return SubmitAnswer(outcome="errors", errors=errors)
