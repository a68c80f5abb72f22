"""Halyard, a small agency: the people and channels of the story and of the scenario tests."""

from __future__ import annotations

from integrations.sandbox.slack.screen import Screen
from integrations.sandbox.trello.board import Member
from integrations.sandbox.world import World

CLIENT_TEAM = "T0CLIENT01"

OLIVIA, AMIR, DANA, GUS, CARLA = "U0OLIVIA", "U0AMIR", "U0DANA", "U0GUS", "U0CARLA"
GENERAL, LEADS, BIRCH, COBALT, NORTHWIND, VOLT = (
    "C0GENERAL",
    "C0LEADS",
    "C0BIRCH",
    "C0COBALT",
    "C0NORTHWIND",
    "C0VOLT",
)
SHARED = "C0SHARED"


class Agency:
    """Olivia owns it, Amir looks after clients, Dana designs, Gus is a guest; Carla works for a client."""

    def __init__(self, world: World) -> None:
        self.world = world
        slack = world.slack
        self.olivia: Screen = slack.add_person(OLIVIA, "olivia", "Olivia Marsh", is_admin=True, is_owner=True)
        self.amir: Screen = slack.add_person(AMIR, "amir", "Amir Haddad")
        self.dana: Screen = slack.add_person(DANA, "dana", "Dana Kowalski")
        self.gus: Screen = slack.add_person(GUS, "gus", "Gus Lind", is_guest=True)
        self.carla: Screen = slack.add_person(CARLA, "carla", "Carla Vega", team_id=CLIENT_TEAM)
        team = (OLIVIA, AMIR, DANA)
        slack.add_channel(GENERAL, "general", team)
        slack.add_channel(LEADS, "leads", (OLIVIA, AMIR), kind="private")
        slack.add_channel(BIRCH, "birch", team)
        slack.add_channel(COBALT, "cobalt", team)
        slack.add_channel(NORTHWIND, "northwind", team)
        slack.add_channel(VOLT, "volt", team)
        slack.add_channel(SHARED, "northwind-shared", (*team, CARLA))
        slack.share(SHARED, CLIENT_TEAM)
        world.trello.board.members = [Member(id="5f0000000000000000000011", name="Olivia Marsh", username="olivia")]
