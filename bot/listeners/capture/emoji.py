"""The emoji that mean something, and their change."""

from __future__ import annotations

from bot.calls import Call, ClickCall, Desk, EventCall, FormCall
from bot.ids import Action, Form
from bot.replies import Nothing, Reply, Show
from bot.services.capture.emoji import EmojiService
from bot.views.capture import emoji as views
from rules.ports import Event


class EmojiDesk:
    """Everybody may read it, admins change it."""

    def __init__(self, emoji: EmojiService) -> None:
        self._emoji = emoji

    def list(self, call: Call) -> Reply:
        return Show(views.emoji_list(self._emoji.all(call.workspace_id), call.member))

    def form(self, call: ClickCall) -> Reply:
        return Show(views.emoji_form(self._emoji.of(call.workspace_id, call.member, call.value)))

    def change(self, call: FormCall) -> Reply:
        names = views.read_emoji_form(call.values)
        self._emoji.choose(call.workspace_id, call.member, call.memo["type"], names)
        return self.list(call)

    def reset(self, call: ClickCall) -> Reply:
        self._emoji.choose(call.workspace_id, call.member, call.value, None)
        return self.list(call)

    def changed_in_slack(self, call: EventCall) -> Reply:
        """Somebody added or took away an emoji of the workspace's own."""
        self._emoji.refresh(call.workspace_id)
        return Nothing()


def register(desk: Desk, here: EmojiDesk) -> None:
    desk.click(Action.EMOJI, here.list)
    desk.click(Action.CHANGE_EMOJI, here.form)
    desk.click(Action.RESET_EMOJI, here.reset)
    desk.form(Form.EMOJI, here.change)
    desk.event(Event.EMOJI_CHANGED, here.changed_in_slack)
