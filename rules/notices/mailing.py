"""The letter on its way into a person's own mail program. Nothing here sends anything (BR10, TN05)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

# Windows hands at most 2,083 characters of an address to a program.
LINK_LENGTH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An unsent letter. `to` and `copies` are (name, e-mail address); either may be empty, `language` is a code."""

    to: tuple[str, str]
    copies: tuple[tuple[str, str], ...] = ()
    subject: str
    body: str
    language: str


def compose_link(mail: Mail) -> str:
    """A `mailto:` address (RFC 6068: lines end with %0D%0A); without the text where that would make it too long."""
    fields = {
        "cc": ",".join(quote(address, safe="@") for _, address in mail.copies if address),
        "subject": quote(mail.subject, safe=""),
        "body": quote("\r\n".join(mail.body.splitlines()), safe=""),
    }
    whole, short = (
        f"mailto:{quote(mail.to[1], safe='@')}?" + "&".join(f"{name}={fields[name]}" for name in names if fields[name])
        for names in (("cc", "subject", "body"), ("cc", "subject"))
    )
    return whole if len(whole) <= LINK_LENGTH else short


def has_text(link: str) -> bool:
    """Whether the letter's text stands in its compose link."""
    return "&body=" in link
