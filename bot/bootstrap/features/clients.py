"""The clients: their card, which opens everything else about them, and what an admin sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.app import BoltDesk
from bot.bootstrap.features.feature import Feature, Kit, Reserved
from bot.calls import clicking
from bot.listeners.clients import clients as client_listeners
from bot.listeners.clients import demo, settings, several
from bot.listeners.clients.card import CardDesk
from bot.services.clients.clients import ClientService
from bot.services.clients.demo import DemoService
from bot.services.clients.listing import ClientListService
from bot.services.clients.merging import MergeService
from bot.services.clients.settings import ClientSettingsService
from bot.services.clients.several import SeveralService
from bot.services.decisions.decisions import DecisionService
from bot.services.health.explanations import ExplanationService
from bot.services.partings.closing.lessons import LessonService


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientNeeds:
    """Use cases behind a client's card."""

    clients: ClientService
    listing: ClientListService
    client_settings: ClientSettingsService
    merges: MergeService
    explanations: ExplanationService
    decisions: DecisionService
    lessons: LessonService


def build(
    kit: Kit, of: ClientNeeds, *, opens: Mapping[str, client_listeners.Opener], reserved: Mapping[str, Reserved]
) -> Feature:
    """`opens` are the words of all features, `reserved` those that `/client` itself understands."""
    own = settings.ClientSettingsDesk(of.client_settings, of.merges)
    card = CardDesk(of.explanations, of.decisions, kit.words).card
    here = client_listeners.ClientDesk(
        of.clients,
        of.listing,
        card,
        kit.words,
        {**opens, "settings": clicking(own.form)},
        reserved,
        lessons=of.lessons,
    )

    def register(desk: BoltDesk) -> None:
        client_listeners.register(desk, here)
        settings.register(desk, own)
        demo.register(desk, demo.DemoDesk(DemoService(kit.units, kit.clock, kit.catalogue), card))
        several.register(desk, several.SeveralDesk(SeveralService(kit.units, kit.clock, kit.directory)))

    return Feature(register=register)
