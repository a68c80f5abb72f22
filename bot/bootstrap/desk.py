"""Every listener: an explicit table, no discovery."""

from __future__ import annotations

from bot.app import BoltDesk
from bot.bootstrap.services import Services
from bot.listeners import digest, home, installation, privacy
from bot.listeners.agreements import agreement, messages, replies
from bot.listeners.capture import emoji, history, notes, reactions
from bot.listeners.clients import channels, clients, several, watches
from bot.listeners.clients import settings as client_settings
from bot.listeners.decisions import decide, plan, revise
from bot.listeners.health import appraise, explain
from bot.listeners.nudges import nudges, wishes
from bot.listeners.partings import closing, deliverables, letter, parting, settlement, talk, tasklist
from bot.listeners.team import roles
from bot.services.clients.several import SeveralService
from bot.services.home import HomeService


def register_listeners(desk: BoltDesk, parts: Services) -> None:
    here = explain.ExplainDesk(parts.explanations, parts.pictures, parts.catalogue, parts.words)
    past = history.HistoryDesk(parts.ledger, parts.capture, parts.catalogue, parts.words)
    digests = digest.DigestDesk(
        digests=parts.digests,
        clients=parts.clients,
        trackers={name: tracker.label for name, tracker in parts.trackers.items()},
        words=parts.words,
    )
    ends = closing.ClosingDesk(parts.closings, parts.lessons)
    openers = {
        **here.opens(),
        **past.opens(),
        **plan.opens(parts.plans),
        **decide.opens(parts.considerations),
        **parting.opens(parts.partings, parts.words),
        **letter.opens(parts.notices, parts.letter_files),
        **closing.opens(ends),
    }
    notes.register(desk, notes.CaptureDesk(parts.capture, parts.clients, parts.evidence, parts.catalogue, parts.words))
    clients.register(
        desk,
        clients.ClientDesk(
            parts.clients,
            parts.listing,
            parts.explanations,
            parts.words,
            openers,
            digests.reserved(),
            lessons=parts.lessons,
        ),
    )
    client_settings.register(desk, client_settings.ClientSettingsDesk(parts.client_settings, parts.merges))
    several.register(desk, several.SeveralDesk(SeveralService(parts.units, parts.clock, parts.directory)))
    explain.register(desk, here)
    history.register(desk, past)
    appraise.register(desk, appraise.AppraiseDesk(parts.appraisals, here, parts.words))
    digest.register(desk, digests)
    plan.register(desk, parts.plans)
    revise.register(desk, parts.plans, parts.plan_revisions)
    decide.register(desk, parts.considerations, parts.decisions)
    _register_partings(desk, parts, ends)
    clocks = replies.ReplyDesk(parts.replies, parts.clients)
    replies.register(desk, clocks)
    messages.register(desk, messages.HearingDesk(parts.hearing))
    emoji.register(desk, emoji.EmojiDesk(parts.emoji))
    reactions.register(desk, parts.reactions, clocks)
    agreement.register(desk, agreement.AgreementDesk(parts.agreements, parts.money))
    privacy.register(desk, privacy.PrivacyDesk(retention=parts.retention, exports=parts.exports, erasure=parts.erasure))
    channels.register(desk, channels.ChannelDesk(parts.places, parts.watches, parts.clients))
    watches.register(desk, watches.WatchDesk(parts.watches, parts.clients))
    installation.register(desk, installation.InstallationDesk(parts.workspaces))
    roles.register(desk, roles.RoleDesk(parts.roles, parts.visibility, parts.log))
    _register_home(desk, parts)


def _register_partings(desk: BoltDesk, parts: Services, ends: closing.ClosingDesk) -> None:
    parting.register(desk, parts.partings, parts.words)
    letter.register(desk, parts.notices, parts.letter_files)
    tasklist.register(desk, parts.task_list)
    deliverables.register(desk, parts.deliverables)
    settlement.register(desk, parts.settlements)
    talk.register(desk, parts.talks)
    closing.register(desk, ends)


def _register_home(desk: BoltDesk, parts: Services) -> None:
    waiters = [
        parts.replies.waiting,
        parts.plans.waiting,
        parts.decisions.waiting,
        parts.partings.waiting,
        parts.notices.waiting,
        parts.deliverables.waiting,
        parts.lessons.waiting,
        parts.nudges.waiting,
    ]
    homes = HomeService(parts.units, parts.clock, parts.health, waiters)
    tab = home.HomeDesk(homes, parts.directory, parts.words)
    home.register(desk, tab)
    nudges.register(desk, nudges.NudgeDesk(parts.nudges, parts.wishes, tab.again))
    wishes.register(desk, wishes.WishDesk(parts.wishes))
