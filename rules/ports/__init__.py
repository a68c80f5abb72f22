"""What the services need from the outside. Adapters in `integrations/` and the Slack edge in `bot/` provide it."""

from rules.ports.charts import Charts, Picture
from rules.ports.records import AuditEntry, DigestChannel, Due, InboxEvent, Post, Workspace
from rules.ports.repositories import (
    Audit,
    Clients,
    Decisions,
    Digests,
    Dues,
    Inbox,
    Jobs,
    Notices,
    Partings,
    People,
    Plans,
    Posts,
    Sensors,
    Signals,
    Standings,
)
from rules.ports.trackers import Destination, TicketOrder, TicketRef, TicketStatus, Tracker
from rules.ports.units import HouseKeeping, UnitOfWork, Units
from rules.ports.work import Clock, Job, Runner, Workflow
from rules.ports.workplace import Directory, FoundMessage

__all__ = [
    "Audit",
    "AuditEntry",
    "Charts",
    "Clients",
    "Clock",
    "Decisions",
    "Destination",
    "DigestChannel",
    "Digests",
    "Directory",
    "Due",
    "Dues",
    "FoundMessage",
    "HouseKeeping",
    "Inbox",
    "InboxEvent",
    "Job",
    "Jobs",
    "Notices",
    "Partings",
    "People",
    "Picture",
    "Plans",
    "Post",
    "Posts",
    "Runner",
    "Sensors",
    "Signals",
    "Standings",
    "TicketOrder",
    "TicketRef",
    "TicketStatus",
    "Tracker",
    "UnitOfWork",
    "Units",
    "Workflow",
    "Workspace",
]
