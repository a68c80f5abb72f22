"""Home tabs that nobody opened: drawn anew for whoever may see less than what stands before them."""

from __future__ import annotations

from bot.agenda import REDRAW_HOME
from bot.announcer import Announcer
from bot.services.home import HomeService
from bot.views.home import home_view
from rules.clients.places import is_ours
from rules.health.catalogue import Catalogue
from rules.ports import Directory, Workflow
from rules.words import Words


class HomeBulletin:
    """Slack shows a tab as it was published last, to whoever it is (facts/slack.md 9.5)."""

    def __init__(
        self, announcer: Announcer, home: HomeService, directory: Directory, catalogue: Catalogue, words: Words
    ) -> None:
        self._announcer = announcer
        self._home = home
        self._directory = directory
        self._catalogue = catalogue
        self._words = words

    def redraw(self, workspace_id: str, person_id: str) -> None:
        """While Slack is away this fails, and the sweep comes back to it."""
        reader = self._directory.member(workspace_id, person_id)
        if is_ours(reader, workspace_id):
            page = self._home.page(workspace_id, reader)
            try:
                self._announcer.publish_home(reader, home_view(page, self._catalogue, self._words))
            finally:
                lasts = self._home.published(workspace_id, page)
        else:
            self._announcer.empty_home(person_id)
            lasts = True
        if lasts:
            self._home.drawn(workspace_id, person_id)


def workflows(home: HomeBulletin) -> list[Workflow]:
    return [REDRAW_HOME.does(home.redraw)]
