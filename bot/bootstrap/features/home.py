"""Home, and what reaches people unasked: both know what waits in every other feature."""

from __future__ import annotations

from bot.app import BoltDesk
from bot.bootstrap.features.feature import Feature, Kit
from bot.jobs import first_hour as first_hour_jobs
from bot.jobs import home as home_jobs
from bot.jobs import nudges as nudge_jobs
from bot.listeners import first_hour as first_hour_listeners
from bot.listeners import home
from bot.listeners.nudges import nudges as nudge_listeners
from bot.listeners.nudges import wishes as wish_listeners
from bot.services.first_hour import FirstHourService
from bot.services.health.briefs import BriefService
from bot.services.home import HomeService
from bot.services.nudges.nudges import NudgeService
from bot.services.nudges.wishes import WishService


def build(
    kit: Kit, lists: BriefService, nudges: NudgeService, wishes: WishService, first_hour: FirstHourService
) -> Feature:
    pages = HomeService(kit.units, kit.clock, lists, nudges)
    tab = home.HomeDesk(pages, kit.directory, kit.catalogue, kit.words)

    def register(desk: BoltDesk) -> None:
        home.register(desk, tab)
        nudge_listeners.register(desk, nudge_listeners.NudgeDesk(nudges, wishes, tab.again))
        first_hour_listeners.register(desk, first_hour_listeners.FirstHourDesk(first_hour, tab.again))
        wish_listeners.register(desk, wish_listeners.WishDesk(wishes))

    return Feature(
        register=register,
        workflows=[
            *nudge_jobs.workflows(nudge_jobs.NudgeBulletin(kit.announcer, nudges, kit.units, kit.directory)),
            *first_hour_jobs.workflows(first_hour_jobs.FirstHourBulletin(kit.announcer, first_hour, kit.units)),
            *home_jobs.workflows(home_jobs.HomeBulletin(kit.announcer, pages, kit.directory, kit.catalogue, kit.words)),
        ],
    )
