"""The Home tab."""

from __future__ import annotations

from bot.calls import Desk, EventCall
from bot.ids import Event
from bot.replies import Home, Nothing, Reply
from bot.services.home import HomeService
from bot.views.home import home_view
from rules.clients.places import is_ours
from rules.ports import Directory
from rules.words import Words


def register(desk: Desk, home: HomeService, directory: Directory, words: Words) -> None:
    def opened(call: EventCall) -> Reply:
        if call.event.get("tab") != "home":
            return Nothing()
        reader = directory.member(call.workspace_id, str(call.event["user"]))
        if not is_ours(reader, call.workspace_id):
            return Nothing()
        return Home(home_view(home.page(call.workspace_id, reader), words))

    desk.event(Event.APP_HOME_OPENED, opened)
