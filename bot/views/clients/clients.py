"""Clients: the form that adds one, the list, the menu and the help of `/client`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Message, Option, View
from bot.services.clients.clients import NewClient
from bot.views.blocks import (
    Marked,
    actions,
    button,
    channel,
    channel_input,
    clip,
    context,
    date_input,
    email_input,
    form,
    marked,
    message,
    number_input,
    person_input,
    section,
    select_input,
    text_input,
)
from bot.views.partings.closing import lessons
from rules.clients.client import Client
from rules.clients.commands import Verb
from rules.clients.names import NAME_LENGTH
from rules.errors import InvalidError
from rules.notices.phrases import language_names
from rules.sentences import Sentence

LANGUAGES = tuple(Option(name, code) for code, name in language_names().items())


def add_form(name: str, owner_id: str, channel_id: str, to_ask: Sequence[str] = ()) -> View:
    """`to_ask` is what earlier partings taught us to ask (AF02)."""
    return form(
        Form.ADD_CLIENT,
        "Add a client",
        [
            *([] if name else [actions(button("Add several from a list", Action.ADD_CLIENTS))]),
            *lessons(to_ask),
            text_input("name", "Name", initial=name, limit=80),
            text_input("aliases", "Other names", optional=True, hint="Separated by commas", limit=300),
            channel_input(
                "channel",
                "Internal channel",
                initial=channel_id,
                optional=True,
                hint="Never one that the client can read",
            ),
            person_input("owner", "Who looks after them", initial=owner_id),
            select_input("language", "Their language", LANGUAGES, initial="en"),
            text_input("contact_name", "Contact person", optional=True, limit=80),
            email_input("contact_email", "Their e-mail address", optional=True),
            date_input("client_since", "Client since", optional=True),
            number_input("revenue_share", "Share of our revenue in percent", optional=True),
        ],
        submit="Add",
    )


def read_add_form(values: Mapping[str, Any]) -> NewClient:
    share = values.get("revenue_share")
    if share and int(share) not in range(101):
        raise InvalidError("Please look at the share.", {"revenue_share": "Give the share as a number from 0 to 100."})
    since = values.get("client_since")
    return NewClient(
        name=str(values.get("name") or ""),
        aliases=tuple(alias.strip() for alias in str(values.get("aliases") or "").split(",") if alias.strip()),
        channel_id=str(values.get("channel") or ""),
        owner_id=str(values["owner"]),
        language=str(values["language"]),
        contact_name=str(values.get("contact_name") or ""),
        contact_email=str(values.get("contact_email") or ""),
        client_since=date.fromisoformat(since) if since else None,
        revenue_share_percent=int(share) if share else None,
    )


def added(client: Client, *, hears: bool) -> Message:
    """What works from now on, and what it takes for the rest. `hears`: we are in the client's channel."""
    log = button("Log a note", Action.LOG_FOR_CLIENT, client.id, style="primary")
    settings = button("Choose a channel", Action.CLIENT_SETTINGS, client.id)
    return message(
        Sentence("{name} is added.", name=client.name),
        section(marked("*{name}* is added.", name=client.name)),
        actions(log, *([] if client.channel_ids else [settings])),
        context(_ways_to_log(client, hears=hears)),
    )


def _ways_to_log(client: Client, *, hears: bool) -> Marked:
    typed = marked("Or type `/redflag {name} …` or `/praise {name} …` anywhere.", name=client.name)
    if not client.channel_ids:
        return marked("{typed} With an internal channel of its own, reactions there count too.", typed=typed)
    here = channel(client.channel_ids[0])
    if hears:
        return marked("{typed} In {here} the name can be left out, and reactions count.", typed=typed, here=here)
    return marked(
        "{typed} In {here} the name can be left out. Type `/invite @amicable` there, and reactions count too.",
        typed=typed,
        here=here,
    )


def help_text() -> Message:
    rows = [
        "`/redflag Acme paid three weeks late` logs at once; alone it opens a form",
        "`/praise Acme thanked the whole team` does the same for good news",
        "`/client` opens a menu · `/client list` lists the clients · `/client Acme` opens one · `/client add` adds one",
        Sentence("`/client Acme VERB` with a verb: {value}", value=", ".join(verb.value for verb in Verb)),
        "`/client digest` sends you the digest now · `/client settings` shows the settings",
        "A message's menu ⋮ → “Log red flag” or “Log praise” logs privately, also in shared channels",
        "“Waiting for a reply” in that menu, or :hourglass_flowing_sand:, counts the time until the agreed window ends",
        "Clients, invoices and hours from other programs: whoever runs the server types `amicable import FILE`",
    ]
    return message(
        Sentence("What Amicable understands: {all}", all="; ".join(row.replace("`", "") for row in rows)),
        section(Marked("\n".join(f"• {row}" for row in rows))),
    )


def menu() -> Message:
    return message(
        "Choose: log a note, open a client, or add one.",
        section(Marked("*What would you like to do?*")),
        actions(
            button("Log a note", Action.LOG_FROM_HOME, style="primary"),
            button("Clients", Action.LIST_CLIENTS),
            button("Add a client", Action.ADD_CLIENT),
            button("Digest now", Action.DIGEST_NOW),
        ),
        context(Marked("`/client help` says what you can type.")),
    )


def did_you_mean(typed: str, clients: Sequence[Client], verb: Verb | None = None) -> Message:
    """With a `verb` each button opens what it names."""
    names = ", ".join(client.name for client in clients)
    return message(
        Sentence("There is no client called {clip}. Did you mean {names}?", clip=clip(typed, 80), names=names),
        section(marked("There is no client called “{typed}”. *Did you mean*", typed=clip(typed, 80))),
        actions(
            *(
                button(f"{client.name}: {verb}", Action.OPEN_VERB, f"{verb} {client.id}", suffix=str(place))
                if verb
                else button(client.name, Action.OPEN_CLIENT, client.id, suffix=str(place))
                for place, client in enumerate(clients[:5])
            ),
            _add_button(typed),
        ),
    )


def no_such_page(client: Client, word: str, typed: str) -> Message:
    """A client is known, and `word` behind the name is none of those that open something."""
    said = clip(word, NAME_LENGTH)
    return message(
        Sentence("The card of {name} has nothing called {word}.", name=client.name, word=said),
        section(marked("The card of *{name}* has nothing called “{word}”.", name=client.name, word=said)),
        actions(
            button(Sentence("Open {name}", name=client.name), Action.OPEN_CLIENT, client.id),
            _add_button(typed),
        ),
        context(marked("What can stand behind a name: {verbs}", verbs=", ".join(Verb))),
    )


def _add_button(typed: str) -> Block:
    name = clip(typed, NAME_LENGTH)
    return button(Sentence("Add {name} as a client", name=name), Action.ADD_CLIENT, name)


def two_readings(client: Client, verb: Verb, other: Client) -> Message:
    """`Acme plan` may be a client's whole name, or a verb behind one."""
    return message(
        Sentence(
            "Do you mean the client {name}, or {value} of {name_2}?",
            name=client.name,
            value=verb.value,
            name_2=other.name,
        ),
        section(Marked("*That can mean two things.*")),
        actions(
            button(client.name, Action.OPEN_CLIENT, client.id, suffix="whole"),
            button(f"{other.name}: {verb.value}", Action.OPEN_VERB, f"{verb.value} {other.id}", suffix="verb"),
        ),
    )


def nobody(typed: str) -> Message:
    name = clip(typed, NAME_LENGTH)
    return message(
        Sentence("There is no client called {name}. /client help says what you can type.", name=name),
        section(marked("There is no client called “{typed}”.", typed=name)),
        actions(
            _add_button(typed),
            button("All clients", Action.LIST_CLIENTS),
        ),
        context(Marked("`/client help` says what you can type.")),
    )
