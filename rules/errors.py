"""Failures that a person can meet. Each carries the sentence that is shown to that person, and says what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(eq=False)
class AmicableError(Exception):
    """A failure with a sentence for whoever met it."""

    sentence: str

    def __str__(self) -> str:
        return self.sentence


class NotFoundError(AmicableError):
    """What was asked for is not there (any more)."""


class RefusedError(AmicableError):
    """The person may not do this; the sentence says who can help."""


class ConflictError(AmicableError):
    """The world changed between the drawing and the click; the sentence says what changed."""


class UnavailableError(AmicableError):
    """Our own storage is away: nothing was saved."""


@dataclass(eq=False)
class InvalidError(AmicableError):
    """Input that can't be accepted; `fields` maps a form field's name to its own sentence."""

    fields: dict[str, str] = field(default_factory=dict)


class TrackerError(AmicableError):
    """A tracker did not do what was asked. Nothing was created unless it is an `OutcomeUnknownError`."""


@dataclass(eq=False)
class AgainLaterError(TrackerError):
    """The tracker definitely refused for now (429, maintenance): the same call may go through after `wait`."""

    wait: timedelta = timedelta(seconds=10)


@dataclass(eq=False)
class NeedsHumanError(TrackerError):
    """The tracker definitely refused and will again until somebody changes something.

    `fields` maps the tracker's field name to its complaint; `everything` is True when no call can succeed
    (401, 403: the token), False when just this ticket is concerned (400, 422).
    """

    fields: dict[str, str] = field(default_factory=dict)
    everything: bool = False


class OutcomeUnknownError(TrackerError):
    """Timeout, reset, 5xx or an answer without an id: the ticket may exist. Look before sending again."""
