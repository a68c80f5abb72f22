"""How a letter addresses its reader: chosen for each client, one form for a whole text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Address(StrEnum):
    """The forms of address of the languages that we write."""

    FIRST_NAME = "first_name"
    FORMAL = "formal"
    JE = "je"
    U = "u"
    TU = "tu"
    VOS = "vos"
    VOSTE = "voste"
    DU = "du"
    NI = "ni"


# Each language's forms from the most familiar to the most formal.
FORMS: Final = MappingProxyType(
    {
        "en": (Address.FIRST_NAME, Address.FORMAL),
        "nl": (Address.JE, Address.U),
        "ca": (Address.TU, Address.VOS, Address.VOSTE),
        "sv": (Address.DU, Address.NI),
    }
)
USUAL: Final = MappingProxyType(
    {"en": Address.FIRST_NAME, "nl": Address.U, "ca": Address.VOS, "sv": Address.DU},
)


def address_for(language: str, wanted: str) -> Address:
    """The form that a text in `language` uses; `wanted` may be another language's, whose formality then decides.

    "vós" and "first name" are understood as well as our codes; what nobody knows is the usual form.
    """
    forms = FORMS[language]
    bare = unicodedata.normalize("NFKD", wanted.strip().casefold()).encode("ascii", "ignore").decode()
    code = bare.replace(" ", "_").replace("-", "_")
    if code not in set(Address):
        return USUAL[language]
    chosen = Address(code)
    if chosen in forms:
        return chosen
    is_familiar = any(chosen is others[0] for others in FORMS.values())
    return forms[0] if is_familiar else forms[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who writes to whom, and how: `language` is a BCP 47 code, `address` a form of address (empty: the usual one).

    `first_name` and `title` ("Ms", "mevrouw") are how the contact is greeted; a `team_of_one` says "I".
    """

    language: str
    address: str = ""
    client_name: str
    contact_name: str = ""
    first_name: str = ""
    title: str = ""
    sender_name: str = ""
    company_name: str = ""
    team_of_one: bool = False

    @property
    def last_name(self) -> str:
        """What follows the first name; the whole name where we can't tell them apart."""
        whole, first = self.contact_name.split(), self.first_name.split()
        if first and [word.casefold() for word in whole[: len(first)]] == [word.casefold() for word in first]:
            return " ".join(whole[len(first) :]) or " ".join(whole)
        return " ".join(whole[1:] if len(whole) > 1 else whole)
