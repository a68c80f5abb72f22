"""Where an answer to a click or a command may go: the address that came with it, if it is one of Slack's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class Answering:
    """How answers reach a `response_url`: `hosts` may be asked, `send(url, answer)` gives the status, 0 for none."""

    hosts: frozenset[str]
    send: Callable[[str, Mapping[str, Any]], int]

    def allows(self, url: str, api_url: str) -> bool:
        """Over HTTPS and its usual port only, or where the Web API itself is: a stand-in on this machine."""
        try:
            asked, ours = urlsplit(url), urlsplit(api_url)
            if (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc):
                return True
            usual = asked.scheme == "https" and asked.port in {None, HTTPS_PORT} and "@" not in asked.netloc
        except ValueError:
            return False
        return usual and asked.hostname in self.hosts
