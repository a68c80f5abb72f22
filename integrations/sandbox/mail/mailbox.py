"""Drafts, as a mail program keeps them when it opens an .eml file or a compose link."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An unsent letter."""

    to: str
    cc: str = ""
    subject: str
    body: str
    language: str = ""


class Mailbox:
    """Holds drafts, oldest first."""

    def __init__(self) -> None:
        self._drafts: list[Draft] = []
        self._lock = threading.Lock()

    @property
    def drafts(self) -> list[Draft]:
        with self._lock:
            return list(self._drafts)

    def open_file(self, eml: bytes) -> Draft:
        """What a double click on an .eml file does. One that is not marked as unsent would open as received mail."""
        if b"\n" in eml.replace(b"\r\n", b""):
            raise ValueError("The lines of a message end with CRLF (RFC 5322, 2.3).")
        parsed = message_from_bytes(eml, _class=EmailMessage, policy=policy.default)
        if parsed.get("X-Unsent") != "1":
            raise ValueError("This letter is not marked as unsent: a mail program would show it as received.")
        text = parsed.get_body(("plain",))
        return self._keep(
            Draft(
                to=str(parsed.get("To", "")),
                cc=str(parsed.get("Cc", "")),
                subject=str(parsed.get("Subject", "")),
                body=str(text.get_content()).replace("\r\n", "\n") if text else "",
                language=str(parsed.get("Content-Language", "")),
            )
        )

    def open_link(self, mailto: str) -> Draft:
        """What a click on a compose link does (RFC 6068): a plus sign is one, and lines end with %0D%0A."""
        parts = urlsplit(mailto)
        if parts.scheme != "mailto":
            raise ValueError("A compose link starts with mailto:")
        if re.search(r"(?<!%0D)%0A|%0D(?!%0A)", parts.query, re.IGNORECASE):
            raise ValueError("The lines of a compose link end with %0D%0A (RFC 6068, 5).")
        pairs = (each.partition("=") for each in parts.query.split("&"))
        fields = {unquote(name).lower(): unquote(value) for name, _, value in pairs}
        return self._keep(
            Draft(
                to=unquote(parts.path),
                cc=fields.get("cc", ""),
                subject=fields.get("subject", ""),
                body=fields.get("body", "").replace("\r\n", "\n"),
            )
        )

    def _keep(self, draft: Draft) -> Draft:
        with self._lock:
            self._drafts.append(draft)
        return draft
