"""The weekly digest of a channel."""

from __future__ import annotations

from functools import partial

from bot.bootstrap.features.feature import Feature, Kit
from bot.jobs import digests as digest_jobs
from bot.listeners import digest
from bot.services.clients.clients import ClientService
from bot.services.digests import DigestService
from bot.services.people import PeopleService
from rules.nudges.kinds import NudgeKind


def build(kit: Kit, digests: DigestService, people: PeopleService, clients: ClientService) -> Feature:
    here = digest.DigestDesk(
        digests=digests,
        clients=clients,
        trackers={name: tracker.label for name, tracker in kit.trackers.items()},
        words=kit.words,
    )
    bulletin = digest_jobs.DigestBulletin(digests, people, kit.announcer, kit.clock, kit.words)
    return Feature(
        register=partial(digest.register, here=here),
        workflows=digest_jobs.workflows(bulletin),
        reserved=here.reserved(),
        truths={NudgeKind.DIGEST_TROUBLE: digests.undelivered},
    )
