"""The Home tab: drawn when it is opened, leafed through, searched."""

from __future__ import annotations

from bot.calls import ClickCall, Desk, EventCall, OnlyTheNewest
from bot.ids import Action
from bot.replies import Home, Nothing, Reply
from bot.services.home import HomeService
from bot.views.home import home_view
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.health.catalogue import Catalogue
from rules.ports import Directory, Event
from rules.words import Words


class HomeDesk:
    """Each reader sees what that reader may see."""

    def __init__(self, home: HomeService, directory: Directory, catalogue: Catalogue, words: Words) -> None:
        self._home = home
        self._directory = directory
        self._catalogue = catalogue
        self._words = words
        self._opened = OnlyTheNewest()

    def opened(self, call: EventCall) -> Reply:
        if call.event.get("tab") != "home":
            return Nothing()
        person_id = str(call.event["user"])
        with self._opened.turn(f"{call.workspace_id}/{person_id}", str(call.event.get("event_ts", ""))) as is_newest:
            reader = self._directory.member(call.workspace_id, person_id) if is_newest else None
            if reader is None or not is_ours(reader, call.workspace_id):
                return Nothing()
            return self._drawn(self._home.visit(call.workspace_id, reader), 0)

    def seen(self, call: ClickCall) -> Reply:
        return self._drawn(self._home.seen(call.workspace_id, call.member), 0)

    def turned(self, call: ClickCall) -> Reply:
        return self._drawn(call.member, int(call.value))

    def again(self, call: ClickCall) -> Reply:
        """After a click that changed what waits."""
        return self._drawn(call.member, 0)

    def _again(self, before: Member, number: int) -> Home | Nothing:
        reader = self._directory.member(before.workspace_id, before.id)
        return self._drawn(reader, number) if is_ours(reader, before.workspace_id) else Nothing()

    def _drawn(self, reader: Member, number: int) -> Home:
        page = self._home.page(reader.workspace_id, reader, number)
        view = home_view(page, self._catalogue, self._words)
        return Home(
            reader,
            view,
            published=lambda: self._home.published(reader.workspace_id, page),
            again=lambda: self._again(reader, number),
        )


def register(desk: Desk, here: HomeDesk) -> None:
    desk.event(Event.APP_HOME_OPENED, here.opened)
    desk.click(Action.HOME_PAGE, here.turned)
    desk.click(Action.SEEN_CHANGES, here.seen)
