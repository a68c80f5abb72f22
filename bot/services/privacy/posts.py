"""Which of our messages and files speak of somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from bot.services.privacy.erasure import Subject
from bot.services.privacy.pages import pages
from rules.nudges.receipt import message_key
from rules.ports import Chosen, Post, Stored, UnitOfWork, Units
from rules.privacy.tombstones import Erased, pseudonym

DIGEST = "digest"


def erased_key(workspace_id: str, subject: Subject) -> str:
    """Of the word to whoever wanted it; it names nobody."""
    return f"erased:{subject.shown(workspace_id)}"


class PostsService:
    """Reads the rows that remember what was posted; what stands in Slack is not read again."""

    def __init__(self, units: Units) -> None:
        self._units = units

    def about(self, workspace_id: str, subject: Subject) -> Iterator[Post]:
        """Of a client: what names it or one of its rows, and the digests since it is known.

        Of a person: what went to them alone. That they are erased stays told: an erasure may come by again.
        """
        told = erased_key(workspace_id, subject)
        with self._units.read(workspace_id) as unit:
            receipts = _receipts(unit, subject)
            since = _known_since(unit, subject) if subject.kind is Erased.CLIENT else ""
            for rows in pages(unit, "posts", Chosen()):
                theirs = _theirs(unit, subject, rows)
                yield from (
                    _post(each)
                    for each in rows
                    if each.values["key"] != told
                    and (theirs & _parts(each) or _is_digest(each, since) or each.values["key"] in receipts)
                )

    def files(self, workspace_id: str, before: Mapping[str, datetime]) -> Iterator[Post]:
        """Uploaded files of these kinds that are older."""
        with self._units.read(workspace_id) as unit:
            for rows in pages(unit, "posts", Chosen()):
                posts = map(_post, rows)
                yield from (post for post in posts if post.kind in before and post.created_at < before[post.kind])

    def is_member(self, workspace_id: str, member_id: str) -> bool:
        with self._units.read(workspace_id) as unit:
            return unit.people.find_member(member_id) is not None


def _theirs(unit: UnitOfWork, subject: Subject, rows: list[Stored]) -> set[str]:
    if subject.kind is Erased.PERSON:
        return {subject.id, pseudonym(unit.workspace_id, subject.id)}
    return unit.archive.about_client(subject.id, sorted({part for stored in rows for part in _parts(stored)}))


def _receipts(unit: UnitOfWork, subject: Subject) -> set[str]:
    """The messages that hold receipts of a client's notes, each among others of its day."""
    if subject.kind is Erased.PERSON:
        return set()
    return {
        message_key(str(each.values["person_id"]), date.fromisoformat(str(each.values["day"])))
        for rows in pages(unit, "receipts", Chosen(client_id=subject.id))
        for each in rows
    }


def _is_digest(stored: Stored, since: str) -> bool:
    return bool(since) and stored.values["kind"] == DIGEST and stored.values["created_at"] >= since


def _known_since(unit: UnitOfWork, subject: Subject) -> str:
    """When the client was added, by the audit log."""
    first = unit.archive.page("audit", Chosen(client_id=subject.id), "", 1)
    return str(first[0].values["at"]) if first else ""


def _parts(stored: Stored) -> set[str]:
    """The ids that key and subject are made of."""
    text = f"{stored.values['key']}:{stored.values['subject']}"
    return set(text.replace("@", ":").split(":"))


def _post(stored: Stored) -> Post:
    values = {**stored.values, "created_at": datetime.fromisoformat(stored.values["created_at"])}
    return Post(**{name: values[name] for name in Post.__dataclass_fields__})
