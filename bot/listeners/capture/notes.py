"""`/redflag`, `/praise`, the shortcuts and the form behind them; change and undo."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from bot.calls import Call, ClickCall, CommandCall, Desk, FormCall, MessageCall, SearchCall
from bot.ids import Action, Command, Form, Shortcut
from bot.replies import Message, Option, Private, Reply, Show, View
from bot.services.capture.evidence import EvidenceService
from bot.services.capture.notes import CaptureService, NewNote, Receipt
from bot.services.clients.clients import ClientService
from bot.views.blocks import notice_view
from bot.views.capture import form as forms
from bot.views.capture import notes as views
from rules.clients.client import Client
from rules.health.catalogue import UNSORTED, Catalogue
from rules.health.signal import Severity, Side, Source, message_time
from rules.local_days import day_time, local_day
from rules.words import Words

_HELP = frozenset({"help", "?"})


class CaptureDesk:
    """Five seconds from thought to stored; every answer is private."""

    def __init__(
        self,
        capture: CaptureService,
        clients: ClientService,
        evidence: EvidenceService,
        catalogue: Catalogue,
        words: Words,
    ) -> None:
        self._capture = capture
        self._evidence = evidence
        self._clients = clients
        self._catalogue = catalogue
        self._words = words

    def command(self, command: Command, side: Side) -> Callable[[CommandCall], Reply]:
        """A bare command opens the form; with words it logs at once."""

        def log(call: CommandCall) -> Reply:
            text = call.text.strip()
            if text.casefold() in _HELP:
                return Private(views.usage(command))
            if not text:
                return Show(self._form(call, self._channel_client(call), side))
            found = self._clients.locate(call.workspace_id, call.member, text, call.channel_id)
            if found.guesses:
                return Private(views.which_client(found.rest, found.guesses, side, call.trigger_id))
            if found.client is None:
                return Private(views.unknown_client(found.rest, command))
            return Private(self._log_words(call, found.client.id, found.rest, side, call.trigger_id))

        return log

    def choose(self, call: ClickCall) -> Reply:
        """The answer to "which client?": logs what was typed."""
        asked = json.loads(call.value)
        if "channel" in asked:
            guess = self._clients.whose_name(call.workspace_id, call.member, asked["channel"])
            return Show(views.channel_form(asked["channel"], guess))
        return Private(self._log_words(call, asked["client"], asked["text"], Side(asked["side"]), asked["once"]))

    def map_channel(self, call: FormCall) -> Reply:
        """A channel gets its client, and the reactions there are logged."""
        channel_id = call.memo["channel"]
        client = self._clients.map_channel(call.workspace_id, call.member, call.values["client"], channel_id)
        return Private(views.channel_mapped(client, channel_id))

    def shortcut(self, side: Side | None) -> Callable[[MessageCall], Reply]:
        """On a message: the form with what is known already. Works in every channel, also without the bot."""

        def open_form(call: MessageCall) -> Reply:
            client = self._channel_client(call) if call.channel_id else None
            memo = self._message_memo(call) if call.message_ts else {}
            return Show(self._form(call, client, side or Side.THEIRS, text=call.text, memo=memo))

        return open_form

    def submit(self, call: FormCall) -> Reply:
        timezone = self._capture.timezone(call.workspace_id)
        today = local_day(call.now, timezone)
        filled = forms.read_log_form(self._catalogue, call.values, today)
        if filled.unasked:
            return Show(self._redrawn(call, call.values, call.memo))
        message_ts = call.memo.get("message", "")
        same_day = filled.happened_on == today
        new = NewNote(
            client_id=filled.client_id,
            type=filled.type,
            severity=filled.severity,
            source=Source.SHORTCUT if message_ts else Source.FORM,
            happened_at=_moment(message_ts) or (call.now if same_day else day_time(filled.happened_on, timezone)),
            note=filled.note,
            excerpt=call.memo.get("excerpt", ""),
            fingerprint=call.memo.get("print", ""),
            link=filled.link or call.memo.get("link", ""),
            channel_id=call.memo.get("channel", "") if message_ts else "",
            message_ts=message_ts,
            thread=call.memo.get("thread", ""),
            once=call.memo.get("once", ""),
            answers=filled.answers,
        )
        return self._stored(call, new)

    def undo(self, call: ClickCall) -> Reply:
        done = self._capture.withdraw(call.workspace_id, call.member, call.value)
        return self._shown(call, views.undone(done, self._words))

    def change(self, call: ClickCall) -> Reply:
        """The form again, filled with what was logged."""
        signal = self._capture.own_note(call.workspace_id, call.member, call.value)
        draft = forms.Draft(
            client=self._clients.get(call.workspace_id, call.member, signal.client_id),
            type=signal.type,
            severity=signal.severity,
            note=signal.note,
            happened_on=signal.happened_on,
            link=signal.link,
            answers=signal.answers,
        )
        return Show(forms.log_form(self._catalogue, draft, {"change": signal.id, "once": signal.id}))

    def retyped(self, call: ClickCall) -> Reply:
        """Another type was chosen in the form: it asks what that one asks."""
        return Show(self._redrawn(call, call.values, call.memo))

    def sort(self, call: ClickCall) -> Reply:
        """A type, chosen on the receipt."""
        signal_id, code = views.read_choice(call.value)
        return self._shown(call, self._receipt(self._capture.sort(call.workspace_id, call.member, signal_id, code)))

    def soften(self, call: ClickCall) -> Reply:
        """The gentler words that were offered on the receipt."""
        return self._shown(call, self._receipt(self._capture.soften(call.workspace_id, call.member, call.value)))

    def answer(self, call: ClickCall) -> Reply:
        """What the type asks, answered on the receipt."""
        signal_id, said = views.read_choice(call.value)
        done = self._capture.answer(call.workspace_id, call.member, signal_id, views.read_answer(said))
        return self._shown(call, self._receipt(done))

    def search(self, call: SearchCall) -> list[Option]:
        found = self._clients.search(call.workspace_id, call.member, call.query)
        return [forms.client_option(client) for client in found]

    def log_button(self, call: ClickCall) -> Reply:
        return Show(self._form(call, None, Side.THEIRS))

    def _stored(self, call: FormCall, new: NewNote) -> Reply:
        changed = call.memo.get("change", "")
        done = (
            self._capture.retype(call.workspace_id, call.member, changed, new)
            if changed
            else self._capture.log(call.workspace_id, call.member, new)
        )
        return Show(notice_view(self._receipt(done)))

    def _log_words(self, call: Call, client_id: str, text: str, side: Side, once: str) -> Message:
        guess = self._capture.guess(call.workspace_id, client_id, text, side)
        new = NewNote(
            client_id=client_id,
            type=guess.code if guess else UNSORTED if side is Side.THEIRS else self._catalogue.of_side(side)[0].code,
            source=Source.COMMAND,
            happened_at=call.now,
            note=text,
            once=once,
            guessed=guess is not None,
        )
        return self._receipt(self._capture.log(call.workspace_id, call.member, new))

    def _message_memo(self, call: MessageCall) -> dict[str, str]:
        """Slack shows the message with the shortcut only, so the form brings back what is kept of it."""
        kept = self._evidence.shown(call.workspace_id, call.channel_id, call.message_ts, call.source)
        return {
            "channel": call.channel_id,
            "message": call.message_ts,
            "thread": call.thread_ts,
            "excerpt": kept.excerpt,
            "print": kept.fingerprint,
            "link": call.link,
        }

    def _channel_client(self, call: Call) -> Client | None:
        return self._clients.of_channel(call.workspace_id, call.member, call.channel_id)

    def _form(
        self, call: Call, client: Client | None, side: Side, text: str = "", memo: dict[str, str] | None = None
    ) -> View:
        """`text` is the message that it is about. What is good opens on praise, whatever else it may be."""
        client_id = client.id if client else ""
        guess = self._capture.guess(call.workspace_id, client_id, text, side, is_quote=True) if text else None
        opens_on = self._catalogue.of_side(side)[0] if side is Side.PRAISE else None
        shown = guess or opens_on
        draft = forms.Draft(
            client=client,
            type=shown.code if shown else "",
            guessed=guess is not None,
            severity=guess.severity if guess else Severity.RED,
            happened_on=self._today(call),
        )
        return forms.log_form(self._catalogue, draft, {"once": call.trigger_id, **(memo or {})})

    def _redrawn(self, call: Call, values: Mapping[str, Any], memo: Mapping[str, str]) -> View:
        named = {
            name: self._clients.get(call.workspace_id, call.member, client_id)
            for name, client_id in forms.clients_in(self._catalogue, values).items()
        }
        return forms.log_form(self._catalogue, forms.draft_of(self._catalogue, values, self._today(call), named), memo)

    def _today(self, call: Call) -> date:
        return local_day(call.now, self._capture.timezone(call.workspace_id))

    def _receipt(self, done: Receipt) -> Message:
        return views.receipt(done, self._catalogue, self._words)

    def _shown(self, call: ClickCall, shown: Message) -> Reply:
        return Show(notice_view(shown)) if call.view_id else Private(shown)


def _moment(message_ts: str) -> datetime | None:
    return message_time(message_ts) if message_ts else None


def register(desk: Desk, here: CaptureDesk) -> None:
    desk.command(Command.REDFLAG, here.command(Command.REDFLAG, Side.THEIRS))
    desk.command(Command.PRAISE, here.command(Command.PRAISE, Side.PRAISE))
    desk.shortcut(Shortcut.LOG_RED_FLAG, here.shortcut(Side.THEIRS))
    desk.shortcut(Shortcut.LOG_PRAISE, here.shortcut(Side.PRAISE))
    desk.shortcut(Shortcut.LOG_NOTE, here.shortcut(None))
    desk.form(Form.LOG_NOTE, here.submit)
    desk.form(Form.MAP_CHANNEL, here.map_channel)
    desk.click(Action.CHOOSE_CLIENT, here.choose)
    desk.click(Action.UNDO_NOTE, here.undo)
    desk.click(Action.CHANGE_NOTE, here.change)
    desk.click(Action.NOTE_TYPE, here.retyped)
    desk.click(Action.SOFTEN_NOTE, here.soften)
    desk.click(Action.SORT_NOTE, here.sort)
    desk.click(Action.ANSWER_NOTE, here.answer)
    desk.click(Action.LOG_FROM_HOME, here.log_button)
    desk.search(Action.PICK_CLIENT, here.search)
    desk.search(Action.FIND_CLIENT, here.search)
