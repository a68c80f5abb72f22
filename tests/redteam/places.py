"""Every kind of channel, and what becomes of channels: a new kind is a new row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from integrations.sandbox.agency import AMIR, CARLA, CLIENT_TEAM, DANA, GUS, OLIVIA
from integrations.sandbox.slack.workspace import Channel, Kind
from tests.redteam.conftest import FREYA, IVO, ROBOT, SILKE, SISTER_TEAM

TEAM = (OLIVIA, AMIR, DANA)
OURS = frozenset({*TEAM, FREYA})
Change = Callable[[Any, str], None]


def nothing(_app: Any, _channel: str) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A channel with a client of its own. `logs`: whether a reaction there is a note, once `becomes` has happened.

    `flags` are Slack's, set without an event; `becomes` happens after our digest was posted there.
    """

    code: str
    members: tuple[str, ...] = TEAM
    kind: Kind = "public"
    bot: bool = True
    flags: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    posted: bool = True
    becomes: Change = nothing
    logs: bool = True

    @property
    def id(self) -> str:
        return f"C9{self.code.upper()}"

    @property
    def readers(self) -> frozenset[str]:
        """Who may read what was noted here: all of ours in a public channel, in any other its members of ours."""
        return OURS if self.kind == "public" and self.bot else OURS & {*self.members}

    def build(self, app: Any) -> Channel:
        channel: Channel = app.world.slack.add_channel(
            self.id, self.code, self.members, kind=self.kind, bot=self.bot and self.kind != "im"
        )
        for flag in self.flags:
            setattr(channel, flag, True)
        if self.teams:
            channel.team_ids = [app.team_id, *self.teams]
        return channel


def share(app: Any, channel: str) -> None:
    app.world.slack.share(channel)


def share_and_forget(app: Any, channel: str) -> None:
    """Another company is invited just after we looked; Slack sends no event that we could hear."""
    app.web.outside.directory.place(app.team_id, channel, fresh=True)
    app.world.slack.workspace.channels[channel].pending_shared = True


def accept_invitation(app: Any, channel: str) -> None:
    if app.world.slack.workspace.channels[channel].pending_shared:
        app.world.slack.share(channel)


def join(person: str) -> Change:
    return lambda app, channel: app.world.slack.invite(channel, person, inviter_id=AMIR)


def hear(app: Any, channel: str) -> None:
    """An admin asks for listening to a channel that is shared with the client."""
    app.web.services.watches.set(app.team_id, app.member(OLIVIA), channel, reactions=False, listens=True)


def archive(app: Any, channel: str) -> None:
    app.world.slack.archive(channel, by=AMIR)


def come_back(app: Any, channel: str) -> None:
    app.world.slack.archive(channel, by=AMIR)
    app.world.slack.archive(channel, by=AMIR, undo=True)


def rename(app: Any, channel: str) -> None:
    app.world.slack.rename(channel, f"{app.world.slack.workspace.channels[channel].name}-now")


def come_back_renamed(app: Any, channel: str) -> None:
    come_back(app, channel)
    rename(app, channel)


def unshare(app: Any, channel: str) -> None:
    app.world.slack.unshare(channel)


def leave(person: str) -> Change:
    return lambda app, channel: app.world.slack.remove(channel, person)


SHARED = {"flags": ("externally_shared",), "teams": (CLIENT_TEAM,), "posted": False, "logs": False}
SPOTS: Sequence[Spot] = (
    Spot(code="public"),
    Spot(code="private", kind="private", members=(AMIR, DANA)),
    Spot(code="guest", members=(*TEAM, GUS), posted=False, logs=False),
    Spot(code="contractor", members=(*TEAM, FREYA)),
    Spot(code="overdue", members=(*TEAM, IVO), logs=False),
    Spot(code="shared", members=(*TEAM, CARLA), **SHARED),  # type: ignore[arg-type]  # rows share what is alike
    Spot(code="heard", members=(*TEAM, CARLA), **SHARED, becomes=hear),  # type: ignore[arg-type]  # as above
    Spot(code="pending", flags=("pending_shared",), posted=False, logs=False),
    Spot(code="sister", members=(*TEAM, SILKE), flags=("org_shared",), teams=(SISTER_TEAM,)),
    Spot(code="foreign", members=(*TEAM, SILKE), posted=False, logs=False),
    Spot(code="robot", members=(*TEAM, ROBOT)),
    Spot(code="unknown", kind="private", members=(AMIR,), bot=False, posted=False, logs=False),
    Spot(code="archived", becomes=archive),
    Spot(code="returned", becomes=come_back),
    Spot(code="renamed", becomes=rename),
    Spot(code="privaterenamed", kind="private", members=(AMIR, DANA), becomes=come_back_renamed),
    Spot(code="unshared", **SHARED | {"logs": True}, becomes=unshare),  # type: ignore[arg-type]  # as above
    Spot(code="group", kind="mpim", members=(AMIR, DANA), posted=False, logs=False),
    Spot(code="groupguest", kind="mpim", members=(AMIR, GUS), posted=False, logs=False),
    Spot(code="turnedshared", becomes=share, logs=False),
    # Slack tells us of no invitation, and of a channel we ask at most every six hours; nobody has come in yet.
    Spot(code="turnedpending", becomes=share_and_forget),
    Spot(code="turnedguest", becomes=join(GUS), logs=False),
    Spot(code="turnedforeign", becomes=join(CARLA), logs=False),
    Spot(code="turnedprivate", kind="private", members=(AMIR, OLIVIA), becomes=join(GUS), logs=False),
    Spot(code="gotcontractor", becomes=join(FREYA)),
    Spot(code="left", kind="private", members=(AMIR, OLIVIA), becomes=leave(OLIVIA)),
)
OVER = timedelta(days=3)


def part_with_ivo(app: Any) -> None:
    """The day behind a contractor's last one: a guest again, although nobody says so."""
    app.sweep(by=OVER)
    app.world.slack.workspace.people[IVO].is_contractor = False
