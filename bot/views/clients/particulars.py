"""Whom we write to and what the contract says, completed at any time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.ids import Action, Form
from bot.replies import Block, Message, Option, View
from bot.services.partings.particulars import Contacts
from bot.views.blocks import actions, button, email_input, form, marked, message, section, select_input, text_input
from bot.views.clients.contract import contract_inputs
from rules.clients.client import Client
from rules.errors import InvalidError
from rules.notices.address import FORMS, Address, address_for
from rules.notices.draft import language_for
from rules.sentences import Sentence

MOST_COPIES = 20
ADDRESSES: Mapping[Address, str] = {
    Address.FIRST_NAME: "By first name",
    Address.FORMAL: "Formally, with title and surname",
    Address.JE: "je",
    Address.U: "u",
    Address.TU: "tu",
    Address.VOS: "vós",
    Address.VOSTE: "vostè",
    Address.DU: "du",
    Address.NI: "ni",
}
_MAIL = re.compile(r"(?<![^@\s])[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")


def contacts_form(client: Client) -> View:
    language = language_for(client.language)
    forms = [Option(ADDRESSES[each], each) for each in FORMS[language]]
    blocks = [
        text_input("contact_name", "Contact person", initial=client.contact_name, limit=80, hint="Letters go to them"),
        text_input("first_name", "First name", initial=client.contact_first_name, optional=True, limit=80),
        text_input(
            "title", "Title", initial=client.contact_title, optional=True, limit=40, hint="Such as Ms, mevrouw or Dr"
        ),
        select_input("address", "How we address them", forms, initial=address_for(language, client.address)),
        email_input("contact_email", "Their e-mail address", initial=client.contact_email, optional=True),
        text_input(
            "copies",
            "Others, in copy",
            initial="\n".join(client.contact_copies),
            optional=True,
            lines=3,
            limit=1500,
            hint="One e-mail address a line",
        ),
    ]
    return form(Form.CONTACTS, client.name, blocks, memo={"client": client.id})


def read_contacts(values: Mapping[str, Any]) -> Contacts:
    rows = tuple(row.strip() for row in str(values.get("copies") or "").splitlines() if row.strip())
    wrong = next((row for row in rows if not _MAIL.fullmatch(row)), "")
    if wrong:
        sentence = Sentence("“{row}” is no e-mail address: write one a line.", row=wrong[:60])
        raise InvalidError(sentence, {"copies": sentence})
    if len(rows) > MOST_COPIES:
        sentence = Sentence("A letter goes to {most} others at most: leave some out.", most=MOST_COPIES)
        raise InvalidError(sentence, {"copies": sentence})
    return Contacts(
        name=_line(values, "contact_name"),
        first_name=_line(values, "first_name"),
        title=_line(values, "title"),
        email=_line(values, "contact_email"),
        copies=tuple(dict.fromkeys(rows)),
        address=_line(values, "address"),
    )


def contract_form(client: Client) -> View:
    return form(Form.CLIENT_CONTRACT, client.name, contract_inputs(client.contract), memo={"client": client.id})


def particulars_buttons(client: Client) -> list[Block]:
    """For whoever decides: from the card, the settings and wherever one of them is missing."""
    return [
        button("Contacts", Action.CONTACTS, client.id, name=Sentence("Whom we write to at {name}", name=client.name)),
        button("Contract", Action.CLIENT_CONTRACT, client.id, name=Sentence("Contract with {name}", name=client.name)),
    ]


def saved(client: Client) -> Message:
    opens = button("Open", Action.OPEN_CLIENT, client.id, name=Sentence("Open {name}", name=client.name))
    said = Sentence("Saved: what we know of {name}.", name=client.name)
    return message(said, section(marked("{said}", said=said)), actions(*particulars_buttons(client), opens))


def _line(values: Mapping[str, Any], name: str) -> str:
    return " ".join(str(values.get(name) or "").split())
