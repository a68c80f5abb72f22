"""A letter as a file that a mail program opens as a draft of its own.

`X-Unsent: 1` is how Outlook, Apple Mail and Thunderbird know a message that was not sent. There is no From and no Date:
the program puts its own there.
"""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from rules.notices.mailing import Mail


def draft_file(mail: Mail) -> bytes:
    """The file's content (RFC 5322, lines end with CRLF). An address that is none is left for a person to fill in."""
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    for header, people in (("To", (mail.to,)), ("Cc", mail.copies)):
        addresses = [address for address in map(_address, people) if address]
        if addresses:
            message[header] = addresses
    message["Subject"] = " ".join(mail.subject.split())
    message.set_content(mail.body, charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = mail.language  # afterwards: a new content clears what was said of the old one
    return message.as_bytes()


def _address(person: tuple[str, str]) -> Address | None:
    name, address = (" ".join(part.split()) for part in person)
    if not (address.isascii() and address.count("@") == 1):
        return None
    try:
        return Address(display_name=name, addr_spec=address)
    except (MessageError, ValueError, IndexError):  # what the library says of an address that is none
        return None
