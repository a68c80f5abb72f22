"""A client's settings, and the merge of two clients: the question, what would move, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Message, Option, View
from bot.services.clients.merging import MergePreview
from bot.services.clients.settings import ClientChanges, ClientSheet
from bot.views.blocks import (
    Marked,
    actions,
    button,
    channels_input,
    checks_input,
    context,
    form,
    lines,
    marked,
    message,
    people_input,
    person,
    person_input,
    search_input,
    section,
    select_input,
    sure,
    text_input,
)
from bot.views.clients.clients import LANGUAGES
from bot.views.clients.particulars import particulars_buttons
from rules.clients.client import Client
from rules.sentences import Sentence

_KEEP = "keep"
SHOWN_TEAM = 8
# What hangs on a client, in the order in which it is told.
_BELONGINGS = {
    "signals": ("{count} note", "{count} notes"),
    "invoices": ("{count} invoice", "{count} invoices"),
    "monthly_hours": ("{count} month of hours", "{count} months of hours"),
    "response_clocks": ("{count} clock", "{count} clocks"),
    "plans": ("{count} plan", "{count} plans"),
    "decisions": ("{count} decision", "{count} decisions"),
    "partings": ("{count} parting", "{count} partings"),
}


def settings_form(sheet: ClientSheet) -> View:
    client = sheet.client
    blocks = [
        text_input("name", "Name", initial=client.name, limit=80),
        checks_input(
            "old_name", "After a new name", [Option("The old name still means this client", _KEEP)], initial=[_KEEP]
        ),
        text_input(
            "aliases",
            "Other names",
            initial=", ".join(client.aliases),
            optional=True,
            hint="Separated by commas",
            limit=1000,
        ),
        person_input("owner", "Who looks after them", initial=client.owner_id),
        select_input("language", "Their language", LANGUAGES, initial=client.language),
        channels_input(
            "channels",
            "Channels",
            initial=sheet.channel_ids,
            hint="Notes from these are about this client. A channel belongs to one client only.",
        ),
        people_input(
            "team",
            "Who works with them",
            initial=client.team_ids,
            hint="Left empty: whoever is in their internal channels, and who looks after them.",
        ),
        context(_team(sheet)),
        context(Marked("Tickets and letters keep the name under which they were written.")),
        actions(*particulars_buttons(client), _archiving(client), _merging(client)),
    ]
    return form(Form.CLIENT_SETTINGS, client.name, blocks, memo={"client": client.id})


def read_settings(values: Mapping[str, Any]) -> ClientChanges:
    return ClientChanges(
        name=str(values.get("name") or ""),
        keeps_old_name=_KEEP in (values.get("old_name") or ()),
        aliases=tuple(alias.strip() for alias in str(values.get("aliases") or "").split(",") if alias.strip()),
        owner_id=str(values["owner"]),
        language=str(values["language"]),
        channel_ids=tuple(values.get("channels") or ()),
        team_ids=tuple(values.get("team") or ()),
    )


def _team(sheet: ClientSheet) -> Marked:
    """What hangs on it, and who it is now."""
    shown = ", ".join(person(each) for each in sheet.team_ids[:SHOWN_TEAM])
    more = len(sheet.team_ids) - SHOWN_TEAM
    return marked(
        "Today that is {people}{more}. Where several work with a client, one person's word alone weighs less, and a "
        "decision to part takes two who noted something.",
        people=Marked(shown),
        more=Sentence(" and {count} more", count=more) if more > 0 else "",
    )


def saved(client: Client) -> Message:
    names = Sentence(" Also known as {aliases}.", aliases=", ".join(client.aliases)) if client.aliases else ""
    return message(
        Sentence("{name} is saved.{names}", name=client.name, names=names),
        section(marked("*{name}* is saved.{names}", name=client.name, names=names)),
        actions(_opening(client)),
    )


def archived(client: Client) -> Message:
    return message(
        Sentence("{name} is archived: in no list, digest or search. Its history stays.", name=client.name),
        section(marked("*{name}* is archived: in no list, digest or search. Its history stays.", name=client.name)),
        actions(_archiving(client), _opening(client)),
    )


def unarchived(client: Client) -> Message:
    return message(
        Sentence("{name} is back in lists, digests and search.", name=client.name),
        section(marked("*{name}* is back in lists, digests and search.", name=client.name)),
        actions(_opening(client)),
    )


def merge_form(client: Client) -> View:
    blocks = [
        section(
            marked(
                "Which other entry is the same client as *{name}*? Everything of the other one moves here, and its "
                "name leads here from then on. You see what would move before anything does.",
                name=client.name,
            )
        ),
        search_input("client", "The other entry", Action.PICK_CLIENT),
    ]
    return form(Form.MERGE, client.name, blocks, submit="Look", memo={"client": client.id})


def merge_preview(preview: MergePreview) -> View:
    """Nothing has happened yet."""
    keeper, gone, whole = preview.keeper, preview.gone, preview.whole
    rows = [f"• {row}" for row in _moves(preview)]
    blocks: list[Block] = [
        section(marked("*{gone}* becomes part of *{keeper}*. This moves:", gone=gone.name, keeper=keeper.name)),
        section(marked("{rows}", rows="\n".join(rows))),
        context(_after(preview)),
    ]
    if whole.visible_to != keeper.visible_to or whole.visible_to != gone.visible_to:
        shown_to = ", ".join(dict.fromkeys(person(each) for each in (whole.owner_id, *whole.visible_to)))
        people = Marked(
            Sentence("{shown_to} and the admins", shown_to=shown_to) if whole.visible_to else "everyone in the team"
        )
        blocks.append(context(marked("The whole is shown to {people}.", people=people)))
    memo = {"client": keeper.id, "gone": gone.id}
    return form(Form.CONFIRM_MERGE, "Merge two clients", blocks, submit="Merge", memo=memo)


def merged(client: Client) -> Message:
    gone = client.absorbed[-1].name
    return message(
        Sentence("{gone} is part of {name} now, and its name leads here.", gone=gone, name=client.name),
        section(
            marked("*{gone}* is part of *{name}* now, and its name leads here.", gone=gone, name=client.name),
        ),
        actions(_opening(client)),
    )


def _moves(preview: MergePreview) -> list[str]:
    told = [
        Sentence(one, many, count=preview.counts[table])
        for table, (one, many) in _BELONGINGS.items()
        if preview.counts.get(table)
    ]
    if preview.gone.channel_ids:
        told.append(Sentence("{count} channel", "{count} channels", count=len(preview.gone.channel_ids)))
    names = [name for name in preview.whole.aliases if name not in preview.keeper.aliases]
    return [
        *told,
        Sentence("the names {names}", names=", ".join(names))
        if len(names) > 1
        else Sentence("the name {names}", names=names[0]),
    ]


def _after(preview: MergePreview) -> Marked:
    doubles = (
        Sentence(
            "{notes} that both have on one message become one, with everybody's words.",
            notes=Sentence("{count} note", "{count} notes", count=preview.doubles),
        )
        if preview.doubles
        else ""
    )
    return lines(
        Marked("Notes keep their history. A merge can't be taken back."),
        doubles,
    )


def _archiving(client: Client) -> Block:
    if client.archived_at:
        return button(
            "Bring back", Action.UNARCHIVE_CLIENT, client.id, name=Sentence("Bring {name} back", name=client.name)
        )
    return sure(
        button("Archive", Action.ARCHIVE_CLIENT, client.id, name=Sentence("Archive {name}", name=client.name)),
        "Archive this client?",
        "It leaves lists, digests and search. Its history stays, and it can be brought back.",
        "Archive",
    )


def _merging(client: Client) -> Block:
    return button(
        "Merge with another",
        Action.MERGE_CLIENT,
        client.id,
        name=Sentence("Merge {name} with another entry", name=client.name),
    )


def _opening(client: Client) -> Block:
    return button("Open", Action.OPEN_CLIENT, client.id, name=Sentence("Open {name}", name=client.name))
