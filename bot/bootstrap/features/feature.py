"""What a feature is made of, and what it brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.announcer import Announcer
from bot.app import BoltDesk
from bot.calls import Call
from bot.directory import SlackDirectory
from bot.listeners.clients.clients import Opener
from bot.replies import Reply
from bot.services.nudges.nudges import Truth
from rules.health.catalogue import Catalogue
from rules.nudges.kinds import NudgeKind
from rules.ports import Clock, Tracker, Units, Workflow
from rules.words import Words

Reserved = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """The ports that every feature may use."""

    units: Units
    clock: Clock
    directory: SlackDirectory
    announcer: Announcer
    trackers: Mapping[str, Tracker]
    catalogue: Catalogue
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """What one part of Amicable brings.

    `register` enters its listeners, `workflows` do its jobs, `truths` say what is so of its nudges at the time of
    sending. `opens` are its words of `/client NAME ...`, `reserved` those of `/client` alone.
    """

    register: Callable[[BoltDesk], None]
    workflows: Sequence[Workflow] = ()
    truths: Mapping[NudgeKind, Truth] = field(default_factory=dict)
    opens: Mapping[str, Opener] = field(default_factory=dict)
    reserved: Mapping[str, Reserved] = field(default_factory=dict)
