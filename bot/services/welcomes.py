"""Hello to a new colleague: one private word, whenever they come; whoever was there before us is not spoken to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.people import team
from bot.services.waiting import WayOn
from rules.clients.people import Member
from rules.health.catalogue import Catalogue
from rules.health.signal import Side
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence

FIRST_FLAG = "late_payment"  # what everybody can tell by the first day


class WelcomeService:
    """Looks who has come."""

    def __init__(self, units: Units, clock: Clock, catalogue: Catalogue) -> None:
        self._units = units
        self._clock = clock
        self._catalogue = catalogue

    def greet(self, workspace_id: str) -> int:
        """Returns how many were new. The first look only remembers who is there.

        To be called when the whole team was just read: whom the first look missed would be taken for new.
        """
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            workspace = unit.lock_workspace()
            new = sorted((each for each in team(unit) if not each.is_greeted), key=lambda each: each.id)
            for member in new:
                known = unit.people.lock_member(member.id) or member
                unit.people.save_member(replace(known, is_greeted=True))
            if workspace.greets_since is None:
                unit.save_workspace(replace(workspace, greets_since=now))
                return 0
            for member in new:
                nudge(unit, NudgeKind.WELCOME, member.id, subject=member.id, now=now)
        return len(new)

    def welcome(self, unit: UnitOfWork, reader: Member, known: Nudge, _now: datetime) -> Told | None:
        if known.subject != reader.id:
            return None
        flag, praise = self._catalogue.type(FIRST_FLAG), self._catalogue.of_side(Side.PRAISE)[0]
        own = unit.workspace().emoji
        emoji = [next(iter(own.get(each.code, (each.emoji,))), each.emoji) for each in (flag, praise)]
        return Told(
            about="Welcome",
            what=Sentence(
                "Amicable remembers for the team how it goes with each client. Try it: put :{praise}: on a message in "
                "a client's internal channel when something went well, :{flag}: when they pay late, and it is noted. "
                "Clients never see any of it; where one could, use a message's menu instead.",
                praise=emoji[1],
                flag=emoji[0],
            ),
            ways=(Way(WayOn.LOG, ""),),
        )
