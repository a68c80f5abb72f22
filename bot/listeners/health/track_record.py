"""How right the score was, for admins."""

from __future__ import annotations

from bot.calls import ClickCall, Desk
from bot.ids import Action
from bot.replies import Reply, Show
from bot.services.health.track_record import TrackRecordService
from bot.views.health.track_record import record_dialog
from rules.words import Words


def register(desk: Desk, records: TrackRecordService, words: Words) -> None:
    def show(call: ClickCall) -> Reply:
        return Show(record_dialog(records.record(call.workspace_id, call.member), words))

    desk.click(Action.TRACK_RECORD, show)
