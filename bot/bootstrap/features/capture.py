"""How notes come in: by words, shortcut and reaction; what is read of their messages; their receipts."""

from __future__ import annotations

from dataclasses import dataclass

from bot.app import BoltDesk
from bot.bootstrap.features.feature import Feature, Kit
from bot.jobs import receipts as receipts_jobs
from bot.listeners.agreements.replies import ReplyDesk
from bot.listeners.capture import emoji, history, notes, reactions
from bot.services.agreements.replies import ReplyService
from bot.services.capture.emoji import EmojiService
from bot.services.capture.evidence import EvidenceService
from bot.services.capture.ledger import LedgerService
from bot.services.capture.notes import CaptureService
from bot.services.capture.reactions import ReactionService
from bot.services.capture.receipts import ReceiptService
from bot.services.clients.clients import ClientService
from rules.nudges.kinds import NudgeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureNeeds:
    """Use cases that capture is made of."""

    capture: CaptureService
    clients: ClientService
    evidence: EvidenceService
    reaction_notes: ReactionService
    own_emoji: EmojiService
    ledger: LedgerService
    receipts: ReceiptService
    replies: ReplyService


def build(kit: Kit, of: CaptureNeeds) -> Feature:
    past = history.HistoryDesk(of.ledger, of.capture, kit.catalogue, kit.words)

    def register(desk: BoltDesk) -> None:
        notes.register(desk, notes.CaptureDesk(of.capture, of.clients, of.evidence, kit.catalogue, kit.words))
        history.register(desk, past)
        emoji.register(desk, emoji.EmojiDesk(of.own_emoji))
        reactions.register(desk, of.reaction_notes, ReplyDesk(of.replies, of.clients))

    slips = receipts_jobs.ReceiptBulletin(
        kit.announcer, of.receipts, kit.units, kit.directory, kit.catalogue, kit.words
    )
    return Feature(
        register=register,
        workflows=receipts_jobs.workflows(slips),
        truths={NudgeKind.UNMAPPED: of.reaction_notes.whose_channel},
        opens=past.opens(),
    )
