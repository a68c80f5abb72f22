"""`/client`: the menu, the list, adding, and a client's name with or without a verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.calls import Call, ClickCall, CommandCall, Desk, FormCall
from bot.ids import Action, Command, Form
from bot.replies import Message, Private, Reply, Show
from bot.services.clients.clients import ClientService
from bot.services.clients.listing import ClientListService, Sift
from bot.services.partings.closing.lessons import LessonService
from bot.views.blocks import notice_view
from bot.views.clients import clients as views
from bot.views.clients import listing as list_views
from rules.clients.client import Client
from rules.clients.commands import Meaning, Reading, Verb, parse_command
from rules.clients.names import plain
from rules.words import Words

Opener = Callable[[Call, str], Reply]


class ClientDesk:
    """Text alone never changes a stage: a verb opens a dialog."""

    def __init__(
        self,
        clients: ClientService,
        listing: ClientListService,
        card: Callable[[Call, str], Message],
        words: Words,
        openers: Mapping[str, Opener],
        reserved: Mapping[str, Callable[[Call], Reply]],
        *,
        lessons: LessonService,
    ) -> None:
        """`card` draws a client; `openers` open a verb's dialog; `reserved` answer `digest` and `settings`."""
        self._clients = clients
        self._listing = listing
        self._card = card
        self._words = words
        self._openers = openers
        self._lessons = lessons
        self._reserved = {"list": self._list, "help": self._help, "menu": self._menu} | dict(reserved)

    def command(self, call: CommandCall) -> Reply:
        readings = parse_command(call.text)
        first = readings[0]
        if first.meaning is Meaning.ADD:
            return self.add_form(call, first.text)
        if first.meaning not in {Meaning.CLIENT, Meaning.VERB}:
            return self._reserved[first.meaning](call)
        known = [(reading, client) for reading in readings if (client := self._client(call, reading))]
        meant = list({(reading.verb, client.id): (reading, client) for reading, client in known}.values())
        if len(meant) > 1:
            (_, whole), (verb_reading, other) = meant[:2]
            return Private(views.two_readings(whole, verb_reading.verb or Verb.WHY, other))
        if meant:
            return self._open(call, *meant[0])
        return self._unknown(call, plain(call.text), [reading for reading in readings if reading.verb])

    def add_form(self, call: Call, name: str = "") -> Reply:
        """Typed in an internal channel that is nobody's yet, it proposes that channel."""
        to_ask = self._lessons.to_ask(call.workspace_id, call.member)
        channel_id = self._clients.free_channel(call.workspace_id, call.channel_id)
        return Show(views.add_form(name, call.member.id, channel_id, to_ask))

    def add_button(self, call: ClickCall) -> Reply:
        return self.add_form(call, call.value)

    def add(self, call: FormCall) -> Reply:
        client = self._clients.add(call.workspace_id, call.member, views.read_add_form(call.values))
        hears = any(self._clients.hears(call.workspace_id, channel_id) for channel_id in client.channel_ids)
        return Show(notice_view(views.added(client, hears=hears)))

    def open_client(self, call: ClickCall) -> Reply:
        return _dialog(call, self._scorecard(call, call.value))

    def open_verb(self, call: ClickCall) -> Reply:
        verb, _, client_id = call.value.partition(" ")
        return self._openers[verb](call, client_id)

    def list_clients(self, call: ClickCall) -> Reply:
        """Another page or another choice in the place of the one that was clicked on."""
        page = self._listing.page(call.workspace_id, call.member, *list_views.read_place(call.value))
        return _dialog(call, list_views.client_list(page, self._words))

    def _open(self, call: Call, reading: Reading, client: Client) -> Reply:
        if reading.verb:
            return self._openers[reading.verb](call, client.id)
        return Private(self._scorecard(call, client.id))

    def _scorecard(self, call: Call, client_id: str) -> Message:
        return self._card(call, client_id)

    def _client(self, call: Call, reading: Reading) -> Client | None:
        if reading.channel_id:
            return self._clients.of_channel(call.workspace_id, call.member, reading.channel_id)
        return self._clients.named(call.workspace_id, call.member, reading.name)

    def _unknown(self, call: Call, typed: str, with_verb: Sequence[Reading]) -> Reply:
        """Who may have been meant, by all of it or by what stands before a verb or a word that is none."""
        for text, verb in ((typed, None), *((reading.text, reading.verb) for reading in with_verb)):
            near = self._clients.near(call.workspace_id, call.member, text)
            if near:
                return Private(views.did_you_mean(typed, near, verb))
        known = self._clients.in_front(call.workspace_id, call.member, typed)
        return Private(views.no_such_page(*known, typed) if known else views.nobody(typed))

    def _list(self, call: Call) -> Reply:
        page = self._listing.page(call.workspace_id, call.member, Sift.ALL)
        return Private(list_views.client_list(page, self._words))

    def _help(self, _call: Call) -> Reply:
        return Private(views.help_text())

    def _menu(self, _call: Call) -> Reply:
        return Private(views.menu())


def _dialog(call: ClickCall, shown: Message) -> Reply:
    return Show(notice_view(shown)) if call.view_id or call.on_home else Private(shown)


def register(desk: Desk, here: ClientDesk) -> None:
    desk.command(Command.CLIENT, here.command)
    desk.form(Form.ADD_CLIENT, here.add)
    desk.click(Action.ADD_CLIENT, here.add_button)
    desk.click(Action.OPEN_CLIENT, here.open_client)
    desk.click(Action.FIND_CLIENT, here.open_client)
    desk.click(Action.OPEN_VERB, here.open_verb)
    desk.click(Action.LIST_CLIENTS, here.list_clients)
