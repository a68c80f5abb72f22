"""The one boundary: a failure becomes a sentence for the person and a reference that is in the log.

Beside it, the id that ties the lines of one request together.
"""

from __future__ import annotations

import secrets
import traceback
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager

import structlog

from bot.replies import Message, Private, Reply, Wrong
from bot.views.blocks import spoken
from rules.errors import AmicableError, InvalidError, NotFoundError, RefusedError
from rules.sentences import Sentence

log = structlog.get_logger()

WENT_WRONG = "Something went wrong on our side; please try again. If it stays, ask an admin to look for"


def guarded(work: Callable[[], Reply], *, form_fields: frozenset[str] = frozenset()) -> Reply:
    """Runs a listener. Errors in fields that the form shows come back inline, everything else as a private sentence."""
    try:
        return work()
    except InvalidError as error:
        shown = {name: sentence for name, sentence in error.fields.items() if name in form_fields}
        if shown:
            return Wrong(shown)
        return Private(Message(spoken(" ".join([error.sentence, *error.fields.values()]))))
    except AmicableError as error:
        log.info("refused", sentence_of=type(error).__name__)
        return Private(Message(spoken(error.sentence)))
    except Exception as error:  # noqa: BLE001 - the one boundary
        reference = secrets.token_hex(4)
        # Neither the error's text nor local values: they may quote what somebody wrote.
        frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        log.error("failed", reference=reference, kind=type(error).__name__, where=frames)
        return Private(
            Message(Sentence("{went_wrong} `{reference}` in the log.", went_wrong=WENT_WRONG, reference=reference))
        )


def heard(work: Callable[[], None]) -> None:
    """Runs the listener of an event. What would be refused again is done with; other failures go to the engine."""
    try:
        work()
    except (NotFoundError, RefusedError, InvalidError) as error:
        log.info("event_refused", kind=type(error).__name__)


def a_request() -> AbstractContextManager[None]:
    """What is logged meanwhile, here and in the jobs and calls of trackers that come of it, bears one id."""
    return structlog.contextvars.bound_contextvars(request=uuid.uuid4().hex[:12])
