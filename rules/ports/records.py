"""Rows of the house itself: workspaces, events, due times, posts, the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from rules.clients.client import Client
from rules.health.days.standing import Standing
from rules.nudges.first_hour import Guide
from rules.partings.tasks import TaskType

# Kinds of posts that are files: they stand in no channel.
PICTURE = "picture"
EXPORT = "export"
LETTER_FILE = "letter_file"
PAGE_FILE = "page_file"
CALENDAR = "calendar"
# Posts that are files: Slack deletes them another way than messages, and each kind is kept for a time of its own.
FILES = frozenset({PICTURE, EXPORT, LETTER_FILE, PAGE_FILE, CALENDAR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """One Slack team. `destinations_confirmed` names the tracker destinations whose audience an admin confirmed.

    `country` has the holidays that count where a contract names none, with its region: "NL", "ES-CT"; it is the
    operator's until an admin has `country_chosen`.
    `left_at` is when Slack told us that we were removed, until we are back.
    `tracker_answers` are what an admin said to fields that a tracker requires, by `tracker/field id`, `endings` what
    they said of names under which it closes tickets, by `tracker/plain name`: whether that means done.
    `tracker_people` are our people's accounts there, by `tracker/person id`, as an admin matched them.
    `tracker_faults` are what is wrong with our account there, by tracker, and by `tracker/hidden` the partings whose
    tickets it hides from us, all at once.
    `tasks_language` is what our own people read on the tasks of a parting; `own_tasks` stand beside the built-in ones,
    `tasks_off` are not proposed any more, and `task_people` have a role in them (`finance`, `ops`), by its name.
    `import_columns` are what somebody said of the columns of their lists: theirs to ours; `import_faults` the numbers
    of the lines that could not be taken, by the name of the file in the folder that is read each morning.
    `texts_kept_months` is after how long what people wrote goes; 0: never. `emoji` are those that an admin chose
    instead of the catalogue's, by the type's code (none: switched off), and `emoji_aliases` the workspace's own further
    names for emoji in use. Whoever comes after `greets_since` is
    welcomed; `guide` leads whoever installed Amicable through the first hour.
    """

    id: str
    name: str
    bot_user_id: str = ""
    timezone: str = "UTC"
    country: str = ""
    country_chosen: bool = False
    company_name: str = ""
    tracker: str = ""
    destinations_confirmed: tuple[str, ...] = ()
    tracker_answers: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, bool] = field(default_factory=dict)
    tracker_people: Mapping[str, str] = field(default_factory=dict)
    tracker_faults: Mapping[str, str] = field(default_factory=dict)
    left_at: datetime | None = None
    tasks_language: str = "en"
    own_tasks: tuple[TaskType, ...] = ()
    import_columns: Mapping[str, str] = field(default_factory=dict)
    import_faults: Mapping[str, str] = field(default_factory=dict)
    tasks_off: tuple[str, ...] = ()
    task_people: Mapping[str, str] = field(default_factory=dict)
    texts_kept_months: int = 0
    emoji: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    emoji_aliases: Mapping[str, str] = field(default_factory=dict)
    greets_since: datetime | None = None
    guide: Guide | None = None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxEvent:
    """An acknowledged event. `payload` is JSON text, blank once it is erased (24 h)."""

    event_id: str
    workspace_id: str
    type: str
    payload: str
    received_at: datetime
    handled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that has to happen at a time. (workspace, kind, subject) is unique; `due_at` moves."""

    workspace_id: str
    kind: str
    subject: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message of ours in a channel. `key` makes it once-only; `ts` is empty until Slack has confirmed it."""

    key: str
    workspace_id: str
    channel_id: str
    kind: str
    subject: str
    ts: str = ""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what, when; never holds note or letter text."""

    at: datetime
    workspace_id: str
    actor_id: str
    action: str
    subject: str
    details: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestChannel:
    """Where and when a digest is posted, in the channel's own local time. `weekday` 0 is Monday.

    `shown_bands` is what the last digest said of each client, `shown_lines` in how many in a row each line stood,
    `last_fingerprint` what it amounted to. `trouble` is why the last one could not be posted: an admin has been told.
    """

    workspace_id: str
    channel_id: str
    weekday: int = 0
    hour: int = 9
    minute: int = 0
    timezone: str = "UTC"
    last_fingerprint: str = ""
    shown_bands: Mapping[str, str] = field(default_factory=dict)
    shown_lines: Mapping[str, int] = field(default_factory=dict)
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A client in use as lists begin with it: with its standing, and with what the notes since a time come to.

    `heard_on` is the newest day on which something happened or was noted that is not what the books say of money.
    """

    client: Client
    standing: Standing | None
    has_notes: bool
    heard_on: date | None
