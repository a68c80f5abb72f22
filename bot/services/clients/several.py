"""Several clients at once, from a pasted list: each name gets an answer, and none is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.access import may_see
from bot.services.clients.clients import TAKEN_NAME, enter, new_client_id
from rules.clients.client import Client
from rules.clients.lists import listed_names
from rules.clients.names import near_names, normal, valid_name
from rules.clients.people import Member
from rules.clients.places import require_owner
from rules.errors import InvalidError
from rules.ports import Clock, Directory, UnitOfWork, Units
from rules.sentences import either

AT_ONCE = 200


class Outcome(StrEnum):
    """What became of a name."""

    ADDED = "added"
    THERE = "there"
    NEAR = "near"
    WRONG = "wrong"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A name of the list as it was written. `other` is the client that has the name, or nearly; `why` a sentence."""

    name: str
    outcome: Outcome
    other: str = ""
    why: str = ""

    @property
    def remains(self) -> bool:
        """Whether somebody has to say more about it."""
        return self.outcome in {Outcome.NEAR, Outcome.WRONG, Outcome.LATER}


class SeveralService:
    """Adds what can be added."""

    def __init__(self, units: Units, clock: Clock, directory: Directory) -> None:
        self._units = units
        self._clock = clock
        self._directory = directory

    def add(
        self, workspace_id: str, actor: Member, owner_id: str, text: str, *, near_too: bool
    ) -> tuple[Answered, ...]:
        """`near_too`: names that are much like others' are meant as they are."""
        names = listed_names(text)
        require_owner(self._directory.member(workspace_id, owner_id))
        with self._units.begin(workspace_id) as unit:
            desk = _Names(unit, actor, owner_id, self._clock.now(), near_too=near_too)
            taken = [desk.answer(name) for name in names[:AT_ONCE]]
        return (*taken, *(Answered(name=name, outcome=Outcome.LATER) for name in names[AT_ONCE:]))


class _Names:
    """The names that there are, those of the list added as it goes."""

    def __init__(self, unit: UnitOfWork, actor: Member, owner_id: str, now: datetime, *, near_too: bool) -> None:
        self._unit = unit
        self._actor = actor
        self._owner_id = owner_id
        self._now = now
        self._near_too = near_too
        self._known = unit.clients.names()

    def answer(self, written: str) -> Answered:
        try:
            name = valid_name(written)
        except InvalidError as error:
            return Answered(name=written, outcome=Outcome.WRONG, why=error.sentence)
        taken = self._unit.clients.named([normal(name)]).get(normal(name))
        if taken:
            seen = may_see(self._actor, taken)
            outcome = Outcome.THERE if seen else Outcome.WRONG
            return Answered(
                name=name, outcome=outcome, other=taken.name if seen else "", why="" if seen else TAKEN_NAME
            )
        near = [] if self._near_too else self._near(name)
        if near:
            return Answered(name=name, outcome=Outcome.NEAR, other=either(near))
        self._enter(name)
        return Answered(name=name, outcome=Outcome.ADDED)

    def _near(self, name: str) -> Sequence[str]:
        found = dict.fromkeys(miss.client_id for miss in near_names(name, self._known))
        others = [self._unit.clients.get(client_id) for client_id in found]
        return [other.name for other in others if may_see(self._actor, other)][:3]

    def _enter(self, name: str) -> None:
        client = Client(
            id=new_client_id(),
            workspace_id=self._unit.workspace_id,
            name=name,
            owner_id=self._owner_id,
            stage_since=self._now,
        )
        enter(self._unit, self._actor, client, self._now)
        self._known.append((normal(name), client.id))
