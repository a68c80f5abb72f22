"""Structured logs without secrets: no bodies, no notes, no tokens."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

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
        logger_factory=structlog.WriteLoggerFactory(file=_stderr()),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _stderr() -> Any:
    import sys  # noqa: PLC0415 - looked up late so that a test's replacement is honoured

    return sys.stderr


def _redact(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in entry.items():
        if isinstance(value, str):
            entry[key] = _SECRETS.sub("[secret]", value)
    return entry
