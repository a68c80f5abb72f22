"""An approved letter as a link and as a file: what mail programs make of both (BR10, TN05)."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mail.message import draft_file
from integrations.sandbox.mail.mailbox import Mailbox
from rules.notices.mailing import LINK_LENGTH, Mail, compose_link, has_text

MAIL = Mail(
    to=("Åsa Lind", "asa@lind.example"),
    copies=(("Bo, the books", "bo+books@lind.example"), ("", "cc@lind.example")),
    subject="Lumen & Studio Nord: vår sista dag",
    body="Hej Åsa,\n\nTack för samarbetet sedan 2021: 100 % +.\n\n- Vårkampanj, 1 200 €\n\nVänliga hälsningar\nSam\n",
    language="sv",
)


def test_the_file_opens_as_a_draft_of_ones_own() -> None:
    """Unsent, with copies, subject, language and text as they were approved; no sender and no date are made up."""
    content = draft_file(MAIL)
    draft = Mailbox().open_file(content)
    parsed = message_from_bytes(content, policy=default)
    assert content.startswith(b"X-Unsent: 1\r\n")
    assert (draft.subject, draft.body, draft.language) == (MAIL.subject, MAIL.body, "sv")
    assert [(each.display_name, each.addr_spec) for each in parsed["To"].addresses] == [MAIL.to]
    assert [(each.display_name, each.addr_spec) for each in parsed["Cc"].addresses] == list(MAIL.copies)
    assert (parsed["From"], parsed["Date"], parsed.get_content_type()) == (None, None, "text/plain")
    assert max(len(line) for line in content.split(b"\r\n")) <= 78


def test_the_link_opens_the_same_draft() -> None:
    """RFC 6068: CRLF between lines, everything else encoded, copies in `cc`."""
    link = compose_link(MAIL)
    draft = Mailbox().open_link(link)
    assert (draft.to, draft.cc) == ("asa@lind.example", "bo+books@lind.example,cc@lind.example")
    assert (draft.subject, draft.body) == (MAIL.subject, MAIL.body.strip())
    assert ("%0D%0A" in link, link.isascii(), " " in link, has_text(link)) == (True, True, False, True)


def test_a_long_letter_leaves_the_text_to_the_file() -> None:
    """What a mail program might cut off does not stand in the link at all."""
    mail = replace(MAIL, body="Å" * 400)
    link = compose_link(mail)
    assert (has_text(link), "subject=" in link, len(link) <= LINK_LENGTH) == (False, True, True)
    assert Mailbox().open_file(draft_file(mail)).body.strip() == mail.body


@pytest.mark.parametrize(
    "address", ["", "none", "a@b@c", "jo birch", "jo@", "åsa@lind.example", "jo@birch.test\nBcc: x@y.example"]
)
def test_what_is_no_address_is_left_to_the_person(address: str) -> None:
    """Nobody is written to by accident: no header comes from a field that holds something else."""
    content = draft_file(replace(MAIL, to=("Jo", address), copies=(("Bo", address),)))
    parsed = message_from_bytes(content, policy=default)
    assert (parsed["To"], parsed["Cc"], parsed["Bcc"]) == (None, None, None)


@given(
    subject=st.text(max_size=120),
    body=st.text(max_size=800),
    name=st.text(max_size=40),
    language=st.sampled_from(["en", "nl"]),
)
def test_no_words_break_the_file(subject: str, body: str, name: str, language: str) -> None:
    """Line breaks in a subject or a name add no header; each letter of the text arrives."""
    clean = "".join(sign for sign in body if sign.isprintable() or sign == "\n")
    mail = Mail(to=(name, "jo@birch.test"), subject=subject, body=clean, language=language)
    content = draft_file(mail)
    headers = message_from_bytes(content, policy=default).keys()
    assert set(headers) <= {
        "X-Unsent", "To", "Subject", "Content-Language", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert Mailbox().open_file(content).body.rstrip("\n") == clean.rstrip("\n")
