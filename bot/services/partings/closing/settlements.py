"""Money and belongings of a parting: typed in, settled, and carried into the letter (WU11, NE06, HO07)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.access import may_decide
from bot.services.audit import record
from bot.services.partings.doors import open_parting, seen_parting
from bot.services.partings.overtaken import changed_by
from bot.services.partings.planning import moment
from bot.services.partings.sheets import position_of
from bot.services.partings.tasks.items import settle_items
from bot.services.voices import voice_of
from rules.clients.client import Client
from rules.clients.people import Member
from rules.errors import ConflictError, InvalidError
from rules.health.measures import Invoice
from rules.local_days import local_day
from rules.notices.checks.sums import sums_in
from rules.notices.phrases import invoice_name, owed_in_words
from rules.partings import belongings
from rules.partings.belongings import Belonging, BelongingKind, Debtor, Holder, Sum, SumState
from rules.partings.parting import OVER, Parting, stamped
from rules.passwords import require_no_secret
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence
from rules.workdays import day_name


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSum:
    """What the form asks for."""

    what: str
    amount: Decimal
    currency: str
    due_on: date
    debtor: Debtor = Debtor.THEY


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBelonging:
    """What the form asks for."""

    what: str
    belongs_to: Holder
    kind: BelongingKind = BelongingKind.THING
    waits_for_payment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementSheet:
    """Both lists as they stand. `invoices` are unpaid ones that are not on the list yet."""

    client: Client
    parting: Parting
    invoices: tuple[Invoice, ...]
    may_decide: bool
    today: date
    position: str = ""

    @property
    def is_over(self) -> bool:
        return self.parting.state in OVER


class SettlementService:
    """Keeps the lists; the letter's sums follow in the same transaction."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def sheet(self, workspace_id: str, reader: Member, parting_id: str) -> SettlementSheet:
        with self._units.read(workspace_id) as unit:
            client, parting = seen_parting(unit, reader, parting_id)
            return self._sheet(unit, reader, client, parting)

    def add_sum(self, workspace_id: str, actor: Member, parting_id: str, new: NewSum) -> SettlementSheet:
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            require_no_secret(new.what, "what")
            fresh = Sum(
                code=_code(),
                what=new.what,
                amount=new.amount,
                currency=new.currency,
                due_on=new.due_on,
                debtor=new.debtor,
            )
            sums = belongings.listed_sum(parting.sums, fresh)
            return self._settled(unit, actor, client, parting, replace(parting, sums=sums), "sum listed")

    def change_sum(
        self, workspace_id: str, actor: Member, parting_id: str, about: tuple[str, str], new: NewSum
    ) -> SettlementSheet:
        """`about` is the sum's code and what of it was seen: somebody else's change in between is not overwritten."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            code, looked_at = about
            known = next((each for each in parting.sums if each.code == code), None)
            self._require_as_seen(unit, parting, known, looked_at)
            if known is None:
                raise ConflictError("This is not on the list any more. Open the list again.")
            if new.what != known.what:  # the number of an invoice may look like a key, and nobody typed it here
                require_no_secret(new.what, "what")
            changed = replace(
                known,
                what=new.what,
                amount=new.amount,
                currency=new.currency,
                due_on=new.due_on,
                debtor=new.debtor,
            )
            sums = belongings.changed_sum(parting.sums, changed)
            return self._settled(unit, actor, client, parting, replace(parting, sums=sums), "sum changed")

    def take_invoices(self, workspace_id: str, actor: Member, parting_id: str) -> SettlementSheet:
        """Puts on the list what is typed in as unpaid; an amount that can't be read stays out and is shown."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            sums = parting.sums
            for invoice in _unlisted(unit, client, parting):
                for currency, value in sorted(sums_in(invoice.amount))[:1]:
                    fresh = Sum(
                        code=invoice.id,
                        what=invoice_name(client.language, invoice.number),
                        amount=value,
                        currency=currency,
                        due_on=invoice.due_on,
                    )
                    sums = belongings.listed_sum(sums, fresh)
            return self._settled(unit, actor, client, parting, replace(parting, sums=sums), "sum listed")

    def settle_sum(
        self, workspace_id: str, actor: Member, parting_id: str, code: str, state: SumState
    ) -> SettlementSheet:
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            known = next((each for each in parting.sums if each.code == code), None)
            if known and known.state not in {SumState.OPEN, state}:
                raise ConflictError(self._changed_by(unit, parting, known))
            changed = replace(parting, sums=belongings.settled_sum(parting.sums, code, state))
            if state is SumState.PAID:
                _note_paid(unit, client, code, self._today(unit))
            return self._settled(unit, actor, client, parting, changed, "sum settled")

    def add_belonging(self, workspace_id: str, actor: Member, parting_id: str, new: NewBelonging) -> SettlementSheet:
        """What is the client's never waits for their money."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            fresh = Belonging(
                code=_code(),
                what=new.what,
                kind=new.kind,
                belongs_to=new.belongs_to,
                waits_for_payment=new.waits_for_payment,
            )
            things = belongings.listed_belonging(parting.belongings, fresh)
            return self._kept(unit, actor, client, replace(parting, belongings=things), "belonging listed")

    def change_belonging(
        self, workspace_id: str, actor: Member, parting_id: str, about: tuple[str, str], new: NewBelonging
    ) -> SettlementSheet:
        """`about` is its code and what of it was seen, as with sums."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            code, looked_at = about
            known = next((each for each in parting.belongings if each.code == code), None)
            self._require_as_seen(unit, parting, known, looked_at)
            if known is None:
                raise ConflictError("This is not on the list any more. Open the list again.")
            changed = replace(
                known,
                what=new.what,
                kind=new.kind,
                belongs_to=new.belongs_to,
                waits_for_payment=new.waits_for_payment,
            )
            things = belongings.changed_belonging(parting.belongings, changed)
            return self._kept(unit, actor, client, replace(parting, belongings=things), "belonging changed")

    def drop_belonging(self, workspace_id: str, actor: Member, parting_id: str, code: str) -> SettlementSheet:
        """Takes off what was listed by mistake, or is not expected back any more."""
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            things = belongings.without_belonging(parting.belongings, code)
            return self._kept(unit, actor, client, replace(parting, belongings=things), "belonging taken off")

    def hand_back(self, workspace_id: str, actor: Member, parting_id: str, code: str) -> SettlementSheet:
        with self._units.begin(workspace_id) as unit:
            client, parting = open_parting(unit, actor, parting_id)
            things = belongings.returned(parting.belongings, code, self._today(unit))
            return self._kept(unit, actor, client, replace(parting, belongings=things), "belonging handed back")

    # --- parts -----------------------------------------------------------------------------------------------------

    def _settled(
        self, unit: UnitOfWork, actor: Member, client: Client, before: Parting, changed: Parting, action: str
    ) -> SettlementSheet:
        said = replace(changed, amounts_owed=owed_in_words(voice_of(unit, client), changed))
        at = moment(unit, self._clock, actor.id)
        settled = settle_items(unit, client, before, said, at, close_opened=False)
        return self._kept(unit, actor, client, settled, action)

    def _require_as_seen(
        self, unit: UnitOfWork, parting: Parting, known: Sum | Belonging | None, looked_at: str
    ) -> None:
        """Both texts are there: theirs in the sentence, the reader's still in the form."""
        if known is not None and belongings.seen(known) != looked_at:
            sentence = self._changed_by(unit, parting, known)
            raise InvalidError(sentence, {"what": sentence})

    def _changed_by(self, unit: UnitOfWork, parting: Parting, known: Sum | Belonging) -> str:
        reads = known.what
        if isinstance(known, Sum):
            reads = Sentence(
                "{what}, {amount} {currency}, due {day}, {state}",
                what=known.what,
                amount=known.amount,
                currency=known.currency,
                day=day_name(known.due_on),
                state=known.state.replace("_", " "),
            )
        return changed_by(unit, parting.money_stamp, reads)

    def _kept(self, unit: UnitOfWork, actor: Member, client: Client, parting: Parting, action: str) -> SettlementSheet:
        parting = replace(parting, money_stamp=stamped(parting.money_stamp, actor.id, self._clock.now()))
        unit.partings.save(parting)
        record(unit, actor, self._clock.now(), action, parting.id)
        return self._sheet(unit, actor, client, parting)

    def _sheet(self, unit: UnitOfWork, reader: Member, client: Client, parting: Parting) -> SettlementSheet:
        return SettlementSheet(
            client=client,
            parting=parting,
            invoices=tuple(_unlisted(unit, client, parting)),
            may_decide=may_decide(reader, client),
            today=self._today(unit),
            position=position_of(unit, reader, client, parting),
        )

    def _today(self, unit: UnitOfWork) -> date:
        return local_day(self._clock.now(), unit.workspace().timezone)


def _unlisted(unit: UnitOfWork, client: Client, parting: Parting) -> list[Invoice]:
    known = {each.code for each in parting.sums}
    return [each for each in unit.agreements.invoices(client.id) if each.is_open and each.id not in known]


def _note_paid(unit: UnitOfWork, client: Client, code: str, on: date) -> None:
    """A sum that came from an invoice is that invoice: it is not chased any more."""
    for invoice in unit.agreements.invoices(client.id):
        if invoice.id == code and invoice.paid_on is None:
            unit.agreements.save_invoice(replace(invoice, paid_on=on))


def _code() -> str:
    return secrets.token_hex(4)
