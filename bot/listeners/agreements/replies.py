"""The response clock: the message shortcut, the neutral reaction, and the buttons that stop it."""

from __future__ import annotations

from bot.calls import Call, ClickCall, Desk, EventCall, FormCall, MessageCall
from bot.ids import Action, Form, Shortcut
from bot.replies import Message, Nothing, Private, Reply, Show, Whisper
from bot.services.agreements.replies import ReplyService, Spot
from bot.services.capture.reactions import Reacted
from bot.services.clients.clients import ClientService
from bot.views.agreements import replies as views
from bot.views.blocks import notice_view
from bot.views.capture.notes import not_shown
from rules.health.measures import agreed_hours
from rules.health.signal import Side
from rules.nudges.kinds import AtOnce


class ReplyDesk:
    """Every word is private; what stands in a shared channel is an hourglass."""

    def __init__(self, replies: ReplyService, clients: ClientService) -> None:
        self._replies = replies
        self._clients = clients

    def shortcut(self, call: MessageCall) -> Reply:
        client = self._clients.of_channel(call.workspace_id, call.member, call.channel_id)
        side = self._replies.owing_side(call.workspace_id, call.author_id)
        return Show(views.wait_form(client, side, Spot(channel_id=call.channel_id, message_ts=call.message_ts)))

    def start(self, call: FormCall) -> Reply:
        client = self._clients.get(call.workspace_id, call.member, call.values["client"])
        side = Side(call.values["side"])
        if not agreed_hours(client.agreement, side):
            return Show(notice_view(views.no_window(client)))
        spot = self._replies.spot(call.workspace_id, call.memo["channel"], call.memo["message"])
        pending = self._replies.start(call.workspace_id, call.member, client.id, side, spot)
        return Show(notice_view(views.started(pending)))

    def answered(self, call: ClickCall) -> Reply:
        return _said(call, views.stopped(self._replies.answer(call.workspace_id, call.member, call.value)))

    def emergency(self, call: ClickCall) -> Reply:
        return _said(call, views.stopped(self._replies.excuse(call.workspace_id, call.member, call.value)))

    def follow(self, call: EventCall, reacted: Reacted) -> Reply:
        """The hourglass was put on or taken off; what is missing for it is asked quietly."""
        found = self._replies.follow(reacted)
        if found is None:
            return Nothing()
        key = f"not-shown:{found.channel_id}:{found.person_id}:{call.now:%F}"
        return Whisper(found.person_id, not_shown(found.channel_id), key, AtOnce.ANSWER)


def _said(call: Call, shown: Message) -> Reply:
    return Show(notice_view(shown)) if isinstance(call, ClickCall) and call.view_id else Private(shown)


def register(desk: Desk, here: ReplyDesk) -> None:
    desk.shortcut(Shortcut.WAIT_FOR_REPLY, here.shortcut)
    desk.form(Form.WAIT, here.start)
    desk.click(Action.ANSWERED, here.answered)
    desk.click(Action.EMERGENCY, here.emergency)
