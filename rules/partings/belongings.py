"""What is still owed and what goes back: sums either way, and things that belong to the client or to us (WU11, HO07).

What belongs to the client is never a lever: it goes back whether or not they have paid.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules.errors import ConflictError, InvalidError
from rules.passwords import require_no_secret
from rules.sentences import Sentence

MOST = 20
NOTHING_OWED = "none"
TOO_MUCH = Decimal(10**9)
CURRENCIES = ("EUR", "GBP", "USD", "SEK", "NOK", "DKK", "CHF", "CAD", "AUD")
# The tasks by which the client gets what is theirs.
RETURNS = frozenset({"credentials", "final_files", "account_ownership", "client_data", "physical_items"})
NO_LEVER = (
    "What belongs to the client goes back whether or not they have paid: holding it back would be a lever, and the law "
    "may forbid it. Follow the money up on its own."
)
_PAYMENT = re.compile(
    r"\b(?:pa(?:y|ys|id|ying|yment\w*)|invoices?|money|owe[sd]?|debts?|betaa?l\w*|factu\w+|geld|schuld\w*|paga\w*|"
    r"diners|deuen|deute\w*|betal\w+|fakturan?|pengar\w*|skuld\w*)\b",
    re.IGNORECASE,
)


class BelongingKind(StrEnum):
    """What sort of thing changes hands."""

    LOGIN = "login"
    ACCOUNT = "account"
    FILES = "files"
    THING = "thing"


class Debtor(StrEnum):
    """Who owes a sum."""

    THEY = "they"
    WE = "we"


class SumState(StrEnum):
    """What became of a sum."""

    OPEN = "open"
    PAID = "paid"
    LET_GO = "let_go"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Something that is owed. `currency` is an ISO 4217 code."""

    code: str
    what: str
    amount: Decimal
    currency: str
    due_on: date
    debtor: Debtor = Debtor.THEY
    state: SumState = SumState.OPEN


class Holder(StrEnum):
    """Whose a thing is."""

    CLIENT = "client"
    US = "us"


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """An account, a login, files or a thing that changes hands; never the secret itself."""

    code: str
    what: str
    kind: BelongingKind = BelongingKind.THING
    belongs_to: Holder
    waits_for_payment: bool = False
    returned_on: date | None = None


def listed_sum(sums: Sequence[Sum], new: Sum) -> tuple[Sum, ...]:
    _require_room(sums)
    return (*sums, _good_sum(new))


def changed_sum(sums: Sequence[Sum], new: Sum) -> tuple[Sum, ...]:
    good = _good_sum(new)
    return tuple(good if each.code == new.code else each for each in sums)


def _good_sum(new: Sum) -> Sum:
    if not new.what.strip():
        raise InvalidError("Say what it is for.", {"what": "Say what it is for: an invoice, a deposit."})
    if not 0 < new.amount < TOO_MUCH:
        raise InvalidError("Please look at the sum.", {"amount": "A sum is more than zero, such as 1200 or 1200.50."})
    if new.currency not in CURRENCIES:
        raise InvalidError("Please look at the currency.", {"currency": "Choose one of the currencies."})
    return replace(new, what=" ".join(new.what.split()))


def settled_sum(sums: Iterable[Sum], code: str, state: SumState) -> tuple[Sum, ...]:
    return tuple(replace(each, state=state) if each.code == code else each for each in sums)


def open_sums(sums: Iterable[Sum]) -> tuple[Sum, ...]:
    return tuple(sorted((each for each in sums if each.state is SumState.OPEN), key=lambda each: each.due_on))


def listed_belonging(things: Sequence[Belonging], new: Belonging) -> tuple[Belonging, ...]:
    """The list with one more; never with a lever on it."""
    _require_room(things)
    return (*things, _good_belonging(new))


def changed_belonging(things: Sequence[Belonging], new: Belonging) -> tuple[Belonging, ...]:
    """The list with other words for one that is on it."""
    good = _good_belonging(new)
    return tuple(good if each.code == new.code else each for each in things)


def without_belonging(things: Sequence[Belonging], code: str) -> tuple[Belonging, ...]:
    return tuple(each for each in things if each.code != code)


def seen(entry: object) -> str:
    """What somebody has looked at, in short: another state of the entry gives another word."""
    return hashlib.sha256(repr(entry).encode()).hexdigest()[:12]


def returned(things: Iterable[Belonging], code: str, on: date) -> tuple[Belonging, ...]:
    return tuple(replace(each, returned_on=on) if each.code == code else each for each in things)


def owed_back(things: Iterable[Belonging]) -> tuple[Belonging, ...]:
    """What belongs to the client and is still with us."""
    return tuple(each for each in things if each.belongs_to is Holder.CLIENT and each.returned_on is None)


def not_back(things: Iterable[Belonging]) -> tuple[Belonging, ...]:
    """What has not gone back to its owner, whosever it is."""
    return tuple(each for each in things if each.returned_on is None)


def owes_nothing(amounts_owed: str) -> bool:
    """Whether what was typed says that nothing is owed."""
    return amounts_owed.strip().casefold().rstrip(".") == NOTHING_OWED


def require_no_lever(task_code: str, reason: str) -> None:
    """A return is not given up because of money."""
    if task_code in RETURNS and _PAYMENT.search(reason):
        raise InvalidError(NO_LEVER, {"reason": NO_LEVER})


def _good_belonging(new: Belonging) -> Belonging:
    if not new.what.strip():
        raise InvalidError("Say what it is.", {"what": "Say what it is: a domain, a login, a camera."})
    require_no_secret(new.what, "what")
    if new.belongs_to is Holder.CLIENT and new.waits_for_payment:
        raise InvalidError(NO_LEVER, {"waits": NO_LEVER})
    return replace(new, what=" ".join(new.what.split()))


def _require_room(entries: Sequence[object]) -> None:
    if len(entries) >= MOST:
        raise ConflictError(Sentence("More than {most} are hard to keep track of: put small ones together.", most=MOST))
