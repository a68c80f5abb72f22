"""What goes out to Slack and what came in: our posts, the digests' places, the inbox, due times, the audit log."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.repositories.records import Record, Scope, in_workspace
from rules.ports import AuditEntry, DigestChannel, Due, DueJob, InboxEvent, Post

POST = Record(tables.posts, Post, "This message is not here any more.")
DIGEST = Record(tables.digest_channels, DigestChannel, "This channel gets no digest.")
DUE = Record(tables.dues, Due, "This is not due any more.")
EVENT = Record(tables.inbox, InboxEvent, "This event is not here any more.")
ENTRY = Record(tables.audit, AuditEntry, "There is no such entry.")

_post = tables.posts.c
_event = tables.inbox.c
_entry = tables.audit.c

POSTS_IN_CHANNEL = POST.where(_post.channel_id == sa.bindparam("channel")).order_by(_post.created_at, _post.key)
OF_SUBJECT = POST.where(
    _post.kind == sa.bindparam("post_kind"), _post.subject == sa.bindparam("post_subject")
).order_by(_post.created_at)
# A picture or an export stands in no channel.
CHANNELS_WITH_POSTS = (
    sa.select(_post.channel_id)
    .where(in_workspace(tables.posts), _post.kind != "whisper", _post.channel_id != "")
    .distinct()
)
DIGESTS = DIGEST.where().order_by(tables.digest_channels.c.channel_id)
NUMBERED = (
    sa.select(_entry.number, *ENTRY.columns)
    .where(in_workspace(tables.audit), _entry.number < sa.bindparam("before"))
    .order_by(_entry.number.desc())
    .limit(sa.bindparam("most"))
)
NUMBERED_OF_KIND = NUMBERED.where(_entry.action.in_(sa.bindparam("actions", expanding=True)))
LAST_NUMBER = 2**62
NEWEST = ENTRY.where().order_by(_entry.number.desc()).limit(sa.bindparam("most"))
DROP_POST = sa.delete(tables.posts).where(in_workspace(tables.posts), _post.key == sa.bindparam("post"))
DROP_DIGEST = sa.delete(tables.digest_channels).where(
    in_workspace(tables.digest_channels), tables.digest_channels.c.channel_id == sa.bindparam("digest_channel")
)
DROP_ROW = sa.delete(tables.dues).where(
    in_workspace(tables.dues),
    tables.dues.c.kind == sa.bindparam("due_kind"),
    tables.dues.c.subject == sa.bindparam("due_subject"),
)
DROP_HANDLED = DROP_ROW.where(tables.dues.c.due_at > sa.bindparam("due_after"))
# The sweep moves a due time on by more than that; two processes' clocks differ by less.
_AT_ONCE = timedelta(minutes=1)
MARK_HANDLED = (
    sa.update(tables.inbox)
    .where(in_workspace(tables.inbox), _event.event_id == sa.bindparam("event"))
    .values(handled_at=sa.bindparam("at"))
)
UNHANDLED = (
    sa.select(_event.workspace_id, _event.event_id)
    .where(_event.handled_at.is_(None), _event.received_at < sa.bindparam("before"))
    .order_by(_event.received_at)
    .limit(sa.bindparam("most"))
)
ERASE_PAYLOADS = (
    sa.update(tables.inbox)
    .where(_event.received_at < sa.bindparam("before"), _event.handled_at.is_not(None), _event.payload != "")
    .values(payload="")
)


DROP_EVENTS = sa.delete(tables.inbox).where(_event.received_at < sa.bindparam("before"), _event.handled_at.is_not(None))


class PostRows:
    """Our messages by their once-only key."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def find(self, key: str) -> Post | None:
        return POST.find(self._scope, key=key)

    def claim(self, post: Post) -> bool:
        return POST.add_new(self._scope, [post]) > 0

    def save(self, post: Post) -> None:
        POST.put(self._scope, post)

    def in_channel(self, channel_id: str) -> list[Post]:
        return POST.many(self._scope, POSTS_IN_CHANNEL, channel=channel_id)

    def of_subject(self, kind: str, subject: str) -> list[Post]:
        return POST.many(self._scope, OF_SUBJECT, post_kind=kind, post_subject=subject)

    def channels(self) -> list[str]:
        return [row.channel_id for row in self._scope.rows(CHANNELS_WITH_POSTS)]

    def forget(self, key: str) -> None:
        self._scope.rows(DROP_POST, post=key)


class DigestRows:
    """One row a channel that gets a digest."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def channels(self) -> list[DigestChannel]:
        return DIGEST.many(self._scope, DIGESTS)

    def find(self, channel_id: str) -> DigestChannel | None:
        return DIGEST.find(self._scope, channel_id=channel_id)

    def save(self, channel: DigestChannel) -> None:
        DIGEST.put(self._scope, channel)

    def drop(self, channel_id: str) -> None:
        self._scope.rows(DROP_DIGEST, digest_channel=channel_id)


class DueRows:
    """Due times are rows, so that a movable clock moves them all."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def set(self, due: Due) -> None:
        DUE.put(self._scope, due)

    def find(self, job: DueJob, subject: str) -> Due | None:
        return DUE.find(self._scope, kind=job.kind, subject=subject)

    def drop(self, job: DueJob, subject: str) -> None:
        self.forget(job.kind, subject)

    def drop_handled(self, job: DueJob, subject: str, now: datetime) -> None:
        self._scope.rows(DROP_HANDLED, due_kind=job.kind, due_subject=subject, due_after=now + _AT_ONCE)

    def forget(self, kind: str, subject: str) -> None:
        self._scope.rows(DROP_ROW, due_kind=kind, due_subject=subject)


class InboxRows:
    """Events that we have acknowledged, so must not lose."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def accept(self, event: InboxEvent) -> bool:
        return EVENT.add_new(self._scope, [event]) > 0

    def get(self, event_id: str) -> InboxEvent:
        return EVENT.get(self._scope, event_id=event_id)

    def mark_handled(self, event_id: str, at: datetime) -> None:
        self._scope.rows(MARK_HANDLED, event=event_id, at=at)

    def erase_payloads(self, before: datetime) -> int:
        return self._scope.rows(ERASE_PAYLOADS.where(in_workspace(tables.inbox)), before=before).rowcount


class AuditRows:
    """Who did what: added to, never changed."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, entry: AuditEntry) -> None:
        ENTRY.add(self._scope, entry)

    def newest(self, limit: int) -> list[AuditEntry]:
        return ENTRY.many(self._scope, NEWEST, most=limit)

    def page(
        self, limit: int, *, before: int | None = None, actions: Collection[str] = ()
    ) -> list[tuple[int, AuditEntry]]:
        below = LAST_NUMBER if before is None else before
        rows = (
            self._scope.rows(NUMBERED_OF_KIND, before=below, most=limit, actions=list(actions))
            if actions
            else self._scope.rows(NUMBERED, before=below, most=limit)
        )
        return [(row[0], ENTRY.load(row[1:])) for row in rows]
