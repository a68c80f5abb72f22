"""One made-up client to look at before there is a real one: in no list, sum or export, and gone with one click.

`clients.lock` refuses it, so nothing else is ever stored about it, and `clients.all` leaves it out, so nothing asks,
reminds or counts because of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.access import may_see, require_visible
from bot.services.audit import record
from bot.services.capture.notes import NewNote, new_signal
from bot.services.people import redraw_homes
from rules.clients.client import DEMO_ID, Client
from rules.clients.names import normal
from rules.clients.people import Member
from rules.errors import ConflictError, RefusedError
from rules.health.catalogue import UNSORTED, Catalogue
from rules.health.guessing import guess_type
from rules.health.signal import Side, Source
from rules.nudges.first_hour import Guide, concerns
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence

DEMO_NAME = "Demo client"
KNOWN_FOR = timedelta(weeks=10)


class DemoNote(NamedTuple):
    """A note that somebody could have written so many days ago; its words say its type."""

    days: int
    side: Side
    words: str


# A good start, a miss of ours in the middle, and then less and less: why, trend and card each have something to show.
STORY = (
    DemoNote(55, Side.PRAISE, "Great feedback: they loved the first sketches."),
    DemoNote(51, Side.PRAISE, "Answered all our questions within the hour."),
    DemoNote(45, Side.PRAISE, "Paid the first invoice on time."),
    DemoNote(38, Side.OURS, "We delivered the second round three days late."),
    DemoNote(33, Side.THEIRS, "Slow to answer: a week for three questions."),
    DemoNote(26, Side.THEIRS, "Paid the second invoice sixteen days late."),
    DemoNote(20, Side.THEIRS, "Rang on Saturday night about the colour of a button."),
    DemoNote(15, Side.PRAISE, "Thanked us in front of their board for the launch."),
    DemoNote(10, Side.THEIRS, "Asked for a discount of a third on the same work."),
    DemoNote(5, Side.THEIRS, "No reply about the texts for six days."),
    DemoNote(2, Side.THEIRS, "The third invoice is overdue as well."),
)


class DemoService:
    """Two who click at once look at the same one: the workspace is held, and the row has a key of its own."""

    def __init__(self, units: Units, clock: Clock, catalogue: Catalogue) -> None:
        self._units = units
        self._clock = clock
        self._catalogue = catalogue

    def look(self, workspace_id: str, actor: Member) -> Client:
        """The demo, made now if there is none: for those who are led through the first hour, and after it too."""
        with self._units.begin(workspace_id) as unit:
            guide = unit.lock_workspace().guide or Guide()
            known = unit.clients.demo()
            if known and may_see(actor, known):
                return known
            if not concerns(guide, actor.id, is_admin=actor.is_admin):
                raise RefusedError("Ask whoever installed Amicable, or a workspace admin: the demo is theirs.")
            if known is None:
                return self._made(unit, actor)
            known = replace(known, visible_to=(*known.visible_to, actor.id))
            unit.clients.save(known)
            redraw_homes(unit, self._clock.now())
            return known

    def remove(self, workspace_id: str, actor: Member) -> None:
        """With every row of it; where it is gone already nothing is left to do."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            unit.lock_workspace()
            known = unit.clients.demo()
            if known is None:
                return
            require_visible(actor, known)
            unit.archive.drop_client(known.id)
            record(unit, actor, now, "demo removed", workspace_id)
            redraw_homes(unit, now)

    def _made(self, unit: UnitOfWork, actor: Member) -> Client:
        now = self._clock.now()
        if unit.clients.named([normal(DEMO_NAME)]):
            raise ConflictError(
                Sentence(
                    "A client is called “{name}” already, so there is no room for a demo. Look at that one.",
                    name=DEMO_NAME,
                )
            )
        client = Client(
            id=DEMO_ID,
            workspace_id=unit.workspace_id,
            name=DEMO_NAME,
            owner_id=actor.id,
            visible_to=(actor.id,),
            stage_since=now - KNOWN_FOR,
        )
        unit.clients.add(client)
        for told in STORY:
            self._note(unit, actor, told, now - timedelta(days=told.days))
        record(unit, actor, now, "demo added", unit.workspace_id)
        redraw_homes(unit, now)
        return client

    def _note(self, unit: UnitOfWork, actor: Member, told: DemoNote, when: datetime) -> None:
        """As if it had been written down at that time; nobody is told, as of a real one."""
        type_ = guess_type(self._catalogue, told.words, told.side) or self._catalogue.type(UNSORTED)
        new = NewNote(
            client_id=DEMO_ID,
            type=type_.code,
            source=Source.FORM,
            happened_at=when,
            note=told.words,
            once=f"demo:{told.days}",
        )
        unit.signals.add_new(new_signal(unit, new, type_, (actor.id,), when))
