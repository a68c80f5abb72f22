"""`/client digest` for oneself, and `/client settings` with the form for the weekly one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.calls import Call, ClickCall, Desk, FormCall
from bot.ids import Action, Form
from bot.replies import Message, Private, Reply, Show
from bot.services.clients.clients import ClientService
from bot.services.digests import DigestService
from bot.views import digest as views
from bot.views import settings as settings_views
from bot.views.blocks import notice_view
from rules.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDesk:
    """Digests on demand are private; the weekly one goes to an internal channel. `trackers` have their labels."""

    digests: DigestService
    clients: ClientService
    trackers: Mapping[str, str]
    words: Words

    def now(self, call: Call) -> Reply:
        return Private(views.on_demand(self.digests.on_demand(call.workspace_id, call.member), self.words))

    def settings(self, call: Call) -> Reply:
        return Private(self._overview(call))

    def form(self, call: ClickCall) -> Reply:
        current = self.digests.channel(call.workspace_id, call.value) if call.value else None
        return Show(views.digest_form(current, self.digests.timezone(call.workspace_id)))

    def submit(self, call: FormCall) -> Reply:
        channel = views.read_digest_form(call.workspace_id, call.values)
        first = self.digests.configure(call.workspace_id, call.member, channel)
        before = call.memo.get("channel", channel.channel_id)
        if before != channel.channel_id:
            self.digests.stop(call.workspace_id, call.member, before)
        return Show(notice_view(settings_views.digest_set(channel, first)))

    def stop(self, call: ClickCall) -> Reply:
        self.digests.stop(call.workspace_id, call.member, call.value)
        return self._shown(call)

    def choose_tracker(self, call: ClickCall) -> Reply:
        self.clients.choose_tracker(call.workspace_id, call.member, call.value)
        return self._shown(call)

    def ask_country(self, call: ClickCall) -> Reply:
        return Show(settings_views.country_form(self.clients.country(call.workspace_id)))

    def set_country(self, call: FormCall) -> Reply:
        self.clients.set_country(call.workspace_id, call.member, settings_views.read_country(call.values))
        return Show(notice_view(self._overview(call)))

    def _shown(self, call: ClickCall) -> Reply:
        """The settings anew, in the place of those that were clicked on."""
        shown = self._overview(call)
        return Show(notice_view(shown)) if call.view_id else Private(shown)

    def _overview(self, call: Call) -> Message:
        channels = self.digests.channels(call.workspace_id)
        chosen = self.clients.tracker(call.workspace_id, tuple(self.trackers))
        country = self.clients.country(call.workspace_id)
        return settings_views.overview(channels, self.trackers, chosen, country, call.member)

    def reserved(self) -> Mapping[str, Callable[[Call], Reply]]:
        """The reserved words of `/client` that are answered here."""
        return {"digest": self.now, "settings": self.settings}


def register(desk: Desk, here: DigestDesk) -> None:
    desk.click(Action.DIGEST_NOW, here.now)
    desk.click(Action.SET_DIGEST, here.form)
    desk.click(Action.STOP_DIGEST, here.stop)
    desk.click(Action.SETTINGS, here.settings)
    desk.click(Action.CHOOSE_TRACKER, here.choose_tracker)
    desk.form(Form.DIGEST, here.submit)
    desk.click(Action.SET_COUNTRY, here.ask_country)
    desk.form(Form.COUNTRY, here.set_country)
