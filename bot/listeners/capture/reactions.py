"""Reactions from the catalogue, put on and taken off."""

from __future__ import annotations

from bot.calls import Desk, EventCall
from bot.listeners.agreements.replies import ReplyDesk
from bot.replies import Nothing, Reply, Whisper
from bot.services.capture.reactions import NotShown, Reacted, ReactionService, Unsafe
from bot.views.capture import notes as views
from rules.health.evidence.emoji import WAITING_EMOJI, first_name
from rules.nudges.kinds import AtOnce
from rules.ports import Event


class ReactionDesk:
    """Logs silently; speaks up, privately, only where something would go wrong."""

    def __init__(self, reactions: ReactionService, clocks: ReplyDesk) -> None:
        self._reactions = reactions
        self._clocks = clocks

    def added(self, call: EventCall) -> Reply:
        return self._follow(call, present=True)

    def removed(self, call: EventCall) -> Reply:
        return self._follow(call, present=False)

    def _follow(self, call: EventCall, *, present: bool) -> Reply:
        if call.event["item"].get("type") != "message":
            return Nothing()
        reacted = _reacted(call, present=present)
        if first_name(reacted.emoji) == WAITING_EMOJI:
            return self._clocks.follow(call, reacted)
        match self._reactions.follow(reacted):
            case Unsafe(person=person, place=place, emoji=emoji):
                return Whisper(
                    person.id, views.unsafe_reaction(emoji, place.id), f"unsafe:{call.event_id}", AtOnce.UNSAFE_REACTION
                )
            case NotShown(person=person, place=place):
                key = f"not-shown:{place.id}:{person.id}:{call.now:%F}"
                return Whisper(person.id, views.not_shown(place.id), key, AtOnce.ANSWER)
            case _:
                return Nothing()


def _reacted(call: EventCall, *, present: bool) -> Reacted:
    item = call.event["item"]
    return Reacted(
        workspace_id=call.workspace_id,
        person_id=str(call.event["user"]),
        emoji=str(call.event["reaction"]),
        channel_id=str(item["channel"]),
        message_ts=str(item["ts"]),
        event_ts=str(call.event["event_ts"]),
        present=present,
        author_id=str(call.event.get("item_user", "")),
    )


def register(desk: Desk, reactions: ReactionService, clocks: ReplyDesk) -> None:
    here = ReactionDesk(reactions, clocks)
    desk.event(Event.REACTION_ADDED, here.added)
    desk.event(Event.REACTION_REMOVED, here.removed)
