"""The places where clients are spoken of and who is there: who reads along, what is followed, who came, who goes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app import BoltDesk
from bot.bootstrap.features.feature import Feature, Kit
from bot.calls import clicking
from bot.jobs import channels as channel_jobs
from bot.listeners.clients import channels, watches
from bot.listeners.team import roles as role_listeners
from bot.services.capture.evidence import EvidenceService
from bot.services.capture.reactions import ReactionService
from bot.services.clients.clients import ClientService
from bot.services.clients.watches import WatchService
from bot.services.people import PlaceService
from bot.services.team.log import LogService
from bot.services.team.roles import RoleService
from bot.services.team.visibility import VisibilityService
from bot.services.welcomes import WelcomeService
from rules.nudges.kinds import NudgeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelNeeds:
    """Use cases about places and who is ours there."""

    places: PlaceService
    followed: WatchService
    clients: ClientService
    evidence: EvidenceService
    reactions: ReactionService
    roles: RoleService
    welcomes: WelcomeService
    visibility: VisibilityService
    log: LogService


def build(kit: Kit, of: ChannelNeeds) -> Feature:
    roles = role_listeners.RoleDesk(of.roles, of.visibility, of.log)

    def register(desk: BoltDesk) -> None:
        channels.register(desk, channels.ChannelDesk(of.places, of.followed, of.clients))
        watches.register(desk, watches.WatchDesk(of.followed, of.clients))
        role_listeners.register(desk, roles)

    return Feature(
        register=register,
        workflows=channel_jobs.workflows(
            evidence=of.evidence,
            reactions=of.reactions,
            roles=of.roles,
            channels=channel_jobs.ChannelBulletin(kit.announcer, of.places, of.followed),
            exposure=channel_jobs.ExposureBulletin(kit.announcer, of.places, kit.clock),
            welcomes=of.welcomes,
            directory=kit.directory,
        ),
        truths={NudgeKind.WELCOME: of.welcomes.welcome},
        opens={"visibility": clicking(roles.ask_visibility)},
    )
