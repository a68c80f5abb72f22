"""What was agreed with a client, and what is measured against it."""

from __future__ import annotations

from bot.app import BoltDesk
from bot.bootstrap.features.feature import Feature
from bot.listeners.agreements import agreement, messages
from bot.listeners.agreements import replies as reply_listeners
from bot.services.agreements import reminders
from bot.services.agreements.agreements import AgreementService
from bot.services.agreements.hearing import HearingService
from bot.services.agreements.money import MoneyService
from bot.services.agreements.replies import ReplyService
from bot.services.clients.clients import ClientService
from rules.nudges import kinds


def build(
    agreements: AgreementService,
    money: MoneyService,
    replies: ReplyService,
    hearing: HearingService,
    clients: ClientService,
) -> Feature:
    def register(desk: BoltDesk) -> None:
        agreement.register(desk, agreement.AgreementDesk(agreements, money))
        reply_listeners.register(desk, reply_listeners.ReplyDesk(replies, clients))
        messages.register(desk, messages.HearingDesk(hearing))

    return Feature(
        register=register,
        waiting=(replies.waiting,),
        truths={
            kinds.MISSED_REPLY: reminders.no_answer,
            kinds.CHECK_IN: reminders.check_in,
            kinds.NO_WINDOW: reminders.no_window,
        },
    )
