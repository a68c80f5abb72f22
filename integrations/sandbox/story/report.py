"""What has become of the agency, as one JSON object (design section 3)."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.story.stage import CANARIES
from integrations.sandbox.world import World
from rules.clients.client import Client
from rules.health.catalogue import load_catalogue
from rules.health.days.standing import judge
from rules.health.formula.v2 import horizon
from rules.health.score import Health
from rules.local_days import local_day
from rules.notices.notice import Notice, NoticeStatus
from rules.ports import DigestChannel, Units


def report(world: World, units: Units) -> dict[str, Any]:
    """Read from the app's database and from the stand-ins. Scores are points, null where it is too early to say."""
    workspace_id = world.slack.workspace.team_id
    catalogue = load_catalogue()
    now = world.now()
    with units.read(workspace_id) as unit:
        clients = sorted(unit.clients.all(), key=lambda client: client.name)
        signals = unit.signals.scoring_of_all(now - horizon(catalogue), catalogue.lasting_types())
        letters = [unit.notices.of_parting(parting.id) for parting in unit.partings.all()]
        digests = unit.digests.channels()
        live = unit.signals.count_live()
        standings, timezone = unit.standings.all(), unit.workspace().timezone
    healths = {
        client.id: judge(
            signals.get(client.id, []),
            standings.get(client.id),
            today=local_day(now, timezone),
            timezone=timezone,
            catalogue=catalogue,
        ).health
        for client in clients
    }
    return {
        "signals": live,
        "clients": [_client(client, healths[client.id]) for client in clients],
        "tickets": {"jira": len(world.jira.issues), "trello": len(world.trello.cards)},
        "notice": _letter([letter for letter in letters if letter]),
        "digest": _digest(world, digests[0]) if digests else None,
        "leaks": len(world.leaks(CANARIES)),
    }


def _client(client: Client, found: Health) -> dict[str, Any]:
    score = None if found.score_tenths is None else found.number
    return {"name": client.name, "score": score, "band": found.band.value, "stage": client.stage.value}


def _letter(letters: list[Notice]) -> dict[str, str] | None:
    """The one that waits for somebody, else the newest."""
    waiting = [letter for letter in letters if letter.status is NoticeStatus.IN_REVIEW] or letters
    return {"language": waiting[-1].language, "status": waiting[-1].status.value} if waiting else None


def _digest(world: World, digest: DigestChannel) -> dict[str, Any]:
    name = world.slack.workspace.channels[digest.channel_id].name
    return {"channel": name, "clients": len(digest.shown_bands)}
