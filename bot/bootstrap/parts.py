"""The features, each with the use cases that it needs."""

from __future__ import annotations

from collections.abc import Callable

from bot.bootstrap.features import (
    agreements,
    capture,
    channels,
    decisions,
    digests,
    health,
    partings,
    privacy,
    workspaces,
)
from bot.bootstrap.features.feature import Feature, Kit
from bot.bootstrap.services import Services
from integrations.charts.trend import PillowCharts
from integrations.engine.client import EngineClient
from integrations.mail.message import draft_file


def parts(kit: Kit, use: Services, jobs: EngineClient, handle_event: Callable[[str, str], None]) -> list[Feature]:
    """All features but those that look at all the others; `handle_event` is the worker's side of the inbox."""
    return [
        workspaces.build(kit, use.workspaces, use.merges, use.tickets, handle_event, jobs.waiting),
        health.build(
            kit,
            health.HealthNeeds(
                health=use.health,
                explanations=use.explanations,
                pictures=use.pictures,
                appraisals=use.appraisals,
                attention=use.attention,
                needs=use.needs,
                pulses=use.pulses,
                money=use.money,
                folder=use.import_folder,
                records=use.records,
            ),
            PillowCharts(),
        ),
        _capture(kit, use),
        _channels(kit, use),
        _agreements(kit, use),
        decisions.build(
            kit,
            decisions.DecisionNeeds(
                plans=use.plans,
                revisions=use.plan_revisions,
                action_reminders=use.action_reminders,
                considerations=use.considerations,
                decisions=use.decisions,
                replies=use.replies,
            ),
        ),
        _partings(kit, use),
        digests.build(kit, use.digests, use.people, use.clients),
        privacy.build(use.retention, use.exports, use.erasure, use.privacy, jobs),
    ]


def _agreements(kit: Kit, use: Services) -> Feature:
    return agreements.build(
        kit,
        agreements.AgreementNeeds(
            agreements=use.agreements,
            accords=use.accords,
            page_files=use.page_files,
            money=use.money,
            replies=use.replies,
            hearing=use.hearing,
            clients=use.clients,
        ),
        draft_file,
    )


def _capture(kit: Kit, use: Services) -> Feature:
    return capture.build(
        kit,
        capture.CaptureNeeds(
            capture=use.capture,
            clients=use.clients,
            evidence=use.evidence,
            reaction_notes=use.reactions,
            own_emoji=use.emoji,
            ledger=use.ledger,
            receipts=use.receipts,
            replies=use.replies,
        ),
    )


def _channels(kit: Kit, use: Services) -> Feature:
    return channels.build(
        kit,
        channels.ChannelNeeds(
            places=use.places,
            followed=use.watches,
            clients=use.clients,
            evidence=use.evidence,
            reactions=use.reactions,
            roles=use.roles,
            welcomes=use.welcomes,
            visibility=use.visibility,
            log=use.log,
        ),
    )


def _partings(kit: Kit, use: Services) -> Feature:
    return partings.build(
        kit,
        partings.PartingNeeds(
            partings=use.partings,
            previews=use.previews,
            destinations=use.destinations,
            notices=use.notices,
            particulars=use.particulars,
            last_days=use.last_days,
            letter_files=use.letter_files,
            task_list=use.task_list,
            deliverables=use.deliverables,
            settlements=use.settlements,
            talks=use.talks,
            closings=use.closings,
            lessons=use.lessons,
            tickets=use.tickets,
            news=use.news,
        ),
        draft_file,
    )
