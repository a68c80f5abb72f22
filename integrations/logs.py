"""One handler for everything that is logged, ours or a library's: one line each, told by structure.

Libraries quote what they handle. Bolt writes the whole body of a request that it refuses, at the default level and
whatever level its logger's parent has (facts/slack.md 9.1); trackers' clients write requests at DEBUG; the engine
writes a failure with its text. So of a library's line we keep who wrote it, where, at what level, and its template if
it has one: never what was filled in, and never a sentence that may have been put together around somebody's words.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, TextIO, cast

import structlog
from structlog.typing import Processor

_SECRETS: Final = re.compile(
    r"xox[abeprs][-.][\w.-]+|xapp-[\w-]+|https?://[^\s\"']*/(?:services|actions|commands|response)/[^\s\"']+"
)
_PLACES: Final = re.compile(r"%[-#0 +]*[\d.*]*[a-zA-Z]|\{[^{}]*\}")
# These write about each step or request at INFO and DEBUG, which tells nobody anything once the words are left out.
_TALKATIVE: Final = (
    "slack_bolt",
    "slack_sdk",
    "atlassian",
    "urllib3",
    "requests_oauthlib",
    "oauthlib",
    "dbos",
    "alembic",
)
# They bring a handler of their own unless they have one, or are made before ours is (facts/engine.md).
_WITH_HANDLERS: Final = ("dbos", "uvicorn", "uvicorn.error", "uvicorn.access", "alembic")

Entry = MutableMapping[str, Any]
REQUEST: Final = "request"
"""What a line calls the request of Slack's that it comes from, through jobs and calls of trackers."""


def of_request(request_id: str) -> AbstractContextManager[None]:
    """Every line of this thread bears it meanwhile."""
    return structlog.contextvars.bound_contextvars(**{REQUEST: request_id})


def request_id() -> str:
    """Blank outside of any."""
    return str(structlog.contextvars.get_contextvars().get(REQUEST, ""))


def configure_logs(level: str, form: str) -> None:
    """`form` is `json` for machines or `text` for people. Whatever is raised and not caught is logged by structure."""
    renderer: Processor = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            _redact,
            renderer,
            _in_one_line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", _Stderr())),
        cache_logger_on_first_use=True,
    )
    handler = _Libraries(renderer)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _WITH_HANDLERS:
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda told: _log_uncaught(told.exc_type, told.exc_value, told.exc_traceback)


class _Libraries(logging.Handler):
    """Writes a line of the standard library's logging as ours are written."""

    def __init__(self, renderer: Processor) -> None:
        super().__init__()
        self._renderer = renderer

    def emit(self, record: logging.LogRecord) -> None:
        entry: Entry = {
            **structlog.contextvars.get_contextvars(),
            "event": "library_said",
            "logger": record.name,
            "level": record.levelname.lower(),
            "where": f"{record.module}:{record.lineno}",
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
        }
        if record.args and isinstance(record.msg, str):
            entry["template"] = _PLACES.sub("…", record.msg)
        if record.exc_info and record.exc_info[0]:
            entry.update(_of_failure(*record.exc_info))
        line = self._renderer(None, record.levelname.lower(), _redact(None, "", entry))
        _Stderr().write(f"{_in_one_line(None, '', str(line))}\n")


class _Stderr(io.TextIOBase):
    """Looked up at each line: loggers live longer than what stands in its place while somebody captures it."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _log_uncaught(kind: type[BaseException], error: BaseException | None, frames: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().error("not_caught", **_of_failure(kind, error, frames))


def _of_failure(
    kind: type[BaseException] | None, _error: BaseException | None, frames: TracebackType | None
) -> dict[str, Any]:
    """Its kind and its places. Its text may quote a note, a letter or an address."""
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(frames)]
    return {"kind": kind.__name__ if kind else "", "places": places}


def _without_words(_logger: object, _method: str, entry: Entry) -> Entry:
    """An `exc_info` of ours becomes kind and places, too."""
    found = entry.pop("exc_info", None)
    if found:
        entry.update(_of_failure(*(sys.exc_info() if found is True else _told(found))))
    return entry


def _told(found: BaseException | tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
    return (type(found), found, found.__traceback__) if isinstance(found, BaseException) else found


def _redact(_logger: object, _method: str, entry: Entry) -> Entry:
    for key, value in entry.items():
        if isinstance(value, str):
            entry[key] = _SECRETS.sub("[secret]", value)
    return entry


def _in_one_line(_logger: object, _method: str, line: Any) -> str:
    """Nobody can write a line of the log by writing a line into a form."""
    return "\\n".join(str(line).splitlines())
