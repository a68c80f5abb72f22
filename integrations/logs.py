"""Structured logs without secrets: no bodies, no notes, no tokens."""

from __future__ import annotations

import io
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog

_SECRETS = re.compile(
    r"xox[abeprs][-.][\w.-]+|xapp-[\w-]+|https?://[^\s\"']*/(?:services|actions|commands|response)/[^\s\"']+"
)
# These write request bodies at INFO or DEBUG (facts/slack.md 3.7, facts/trackers.md 1.4).
_TALKATIVE = (
    "slack_bolt",
    "slack_sdk",
    "atlassian",
    "urllib3",
    "uvicorn.access",
    "requests_oauthlib",
    "oauthlib",
    "dbos",
    "alembic",
)


def configure_logs(level: str, form: str) -> None:
    """`form` is `json` for machines or `text` for people."""
    renderer: Any = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=cast("TextIO", _Stderr())),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Stderr(io.TextIOBase):
    """Looked up at each line: loggers live longer than what stands in its place while somebody captures it."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _redact(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in entry.items():
        if isinstance(value, str):
            entry[key] = _SECRETS.sub("[secret]", value)
    return entry
