"""`/redflag`, `/praise`, the shortcuts and the form behind them; change and undo."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from bot.calls import Call, ClickCall, CommandCall, Desk, FormCall, MessageCall, SearchCall
from bot.ids import Action, Command, Form, Shortcut
from bot.replies import Message, Option, Private, Reply, Show, View
from bot.services.capture.evidence import EvidenceService
from bot.services.capture.notes import CaptureService, NewNote, Receipt
from bot.services.clients.clients import ClientService, FieldNames, Located, NewClient
from bot.views.blocks import notice_view
from bot.views.capture import form as forms
from bot.views.capture import notes as views
from rules.clients.client import Client
from rules.clients.names import without_name
from rules.health.catalogue import UNSORTED, Catalogue
from rules.health.signal import Severity, Side, Source, message_time
from rules.local_days import day_time, local_day
from rules.words import Words

_HELP = frozenset({"help", "?"})
NEW_FIELDS = FieldNames("new_client", "new_channel", "new_client")


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
                return Show(self._bare_form(call, side))
            found = self._clients.locate(call.workspace_id, call.member, text, call.channel_id)
            if found.guesses:
                return Private(views.which_client(found.rest, found.guesses, side, call.trigger_id))
            if found.client is None:
                return self._unknown(call, found, command, side)
            if not found.rest:
                return Show(self._form(call, found.client, side))
            return Private(self._log_words(call, found.client.id, found.rest, side, call.trigger_id))

        return log

    def choose(self, call: ClickCall) -> Reply:
        """The answer to "which client?": logs what was typed, or opens the form that says who it is."""
        asked = json.loads(call.value)
        if "channel" in asked:
            guess = self._clients.whose_name(call.workspace_id, call.member, asked["channel"])
            return Show(views.channel_form(asked["channel"], guess, asked))
        if "new" in asked:
            return Show(self._first_form(call, Side(asked["side"]), asked["text"], asked["new"], asked["once"]))
        if "client" not in asked:
            once = {"once": asked["once"]}
            return Show(self._form(call, None, Side(asked["side"]), note=asked["text"], memo=once))
        return Private(self._log_words(call, asked["client"], asked["text"], Side(asked["side"]), asked["once"]))

    def map_channel(self, call: FormCall) -> Reply:
        """A channel gets its client, and the reactions there are logged, with the words that waited for it."""
        channel_id = call.memo["channel"]
        client = self._clients.map_channel(call.workspace_id, call.member, call.values["client"], channel_id)
        if text := call.memo.get("text"):
            return Private(self._log_words(call, client.id, text, Side(call.memo["side"]), call.memo["once"]))
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
        client_id, is_new = self._taken_in(call, filled)
        message_ts = call.memo.get("message", "")
        same_day = filled.happened_on == today
        new = NewNote(
            client_id=client_id,
            type=filled.type,
            severity=filled.severity,
            source=Source.SHORTCUT if message_ts else Source.FORM,
            happened_at=_moment(message_ts) or (call.now if same_day else day_time(filled.happened_on, timezone)),
            note=filled.note,
            link=filled.link or call.memo.get("link", ""),
            once=call.memo.get("once", ""),
            answers=filled.answers,
        )
        return self._stored(call, _hung_on(call.memo, new), is_new=is_new)

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
        if not found and call.query.strip() and call.form == Form.LOG_NOTE:
            return [forms.new_option(call.query)]
        return [forms.client_option(client) for client in found]

    def log_button(self, call: ClickCall) -> Reply:
        return Show(self._bare_form(call, Side.THEIRS))

    def client_button(self, call: ClickCall) -> Reply:
        client = self._clients.get(call.workspace_id, call.member, call.value)
        return Show(self._form(call, client, Side.THEIRS))

    def _bare_form(self, call: Call, side: Side) -> View:
        """For the channel's client, or the one whose name it bears."""
        if not call.channel_id:
            return self._form(call, None, side)
        named_so = partial(self._clients.whose_name, call.workspace_id, call.member, call.channel_id)
        return self._form(call, self._channel_client(call) or named_so(), side)

    def _first_form(self, call: Call, side: Side, text: str = "", name: str = "", once: str = "") -> View:
        free = self._clients.free_channel(call.workspace_id, call.channel_id)
        memo = {"once": once or call.trigger_id}
        newcomer = forms.Newcomer(name=name, channel_id=free)
        return self._form(call, None, side, note=without_name(text, name), memo=memo, newcomer=newcomer)

    def _first_one(self, call: Call, client: Client | None) -> forms.Newcomer | None:
        """Where nobody could be chosen: the first client comes in with its note."""
        if client or self._clients.knows_anybody(call.workspace_id, call.member):
            return None
        return forms.Newcomer(channel_id=self._clients.free_channel(call.workspace_id, call.channel_id))

    def _unknown(self, call: CommandCall, found: Located, command: Command, side: Side) -> Reply:
        """Nobody is known by the words or the channel: what was typed is kept, whichever way on is taken."""
        text = found.rest
        name = self._clients.likely_name(call.workspace_id, text, call.channel_id)
        known = self._clients.search(call.workspace_id, call.member, "")
        if not known:
            return Show(self._first_form(call, side, text, name))
        free = self._clients.free_channel(call.workspace_id, call.channel_id)
        owner = self._clients.whose_name(call.workspace_id, call.member, free) if free else None
        said = views.Unclear(
            text=text,
            name=name,
            side=side,
            once=call.trigger_id,
            channel_id=free,
            owner=owner,
            mentioned=found.mentioned,
        )
        return Private(views.unknown_client(said, known, command))

    def _taken_in(self, call: FormCall, filled: forms.LogForm) -> tuple[str, bool]:
        """The id of the client, and whether it was added just now with its first note."""
        if filled.newcomer is None:
            return filled.client_id, False
        asked = NewClient(name=filled.newcomer.name, channel_id=filled.newcomer.channel_id, owner_id=call.member.id)
        fields = NEW_FIELDS if "new_client" in call.values else FieldNames("client", "client", "client")
        client, is_new = self._clients.known_or_new(call.workspace_id, call.member, asked, fields)
        return client.id, is_new

    def _stored(self, call: FormCall, new: NewNote, *, is_new: bool) -> Reply:
        changed = call.memo.get("change", "")
        done = (
            self._capture.retype(call.workspace_id, call.member, changed, new)
            if changed
            else self._capture.log(call.workspace_id, call.member, new)
        )
        return Show(
            notice_view(views.with_newcomer(self._receipt(done), done.client) if is_new else self._receipt(done))
        )

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
        self,
        call: Call,
        client: Client | None,
        side: Side,
        text: str = "",
        *,
        note: str = "",
        memo: dict[str, str] | None = None,
        newcomer: forms.Newcomer | None = None,
    ) -> View:
        """`text` is the message that it is about, `note` what was typed. What is good opens on praise."""
        client_id, said = client.id if client else "", text or note
        guess = self._capture.guess(call.workspace_id, client_id, said, side, is_quote=bool(text)) if said else None
        shown = guess or (self._catalogue.of_side(side)[0] if side is Side.PRAISE else None)
        draft = forms.Draft(
            client=client,
            newcomer=newcomer or self._first_one(call, client),
            note=note,
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


def _hung_on(memo: Mapping[str, str], new: NewNote) -> NewNote:
    """The note on the message that its form was opened for."""
    return replace(
        new,
        excerpt=memo.get("excerpt", ""),
        fingerprint=memo.get("print", ""),
        channel_id=memo.get("channel", "") if memo.get("message") else "",
        message_ts=memo.get("message", ""),
        thread=memo.get("thread", ""),
    )


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
    desk.click(Action.LOG_FOR_CLIENT, here.client_button)
    desk.search(Action.PICK_CLIENT, here.search)
    desk.search(Action.FIND_CLIENT, here.search)
