"""The audit log as admins read it: newest first, page by page, with what each entry is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.access import require_admin, require_ours
from rules.clients.people import Member
from rules.errors import NotFoundError
from rules.ports import AuditEntry, UnitOfWork, Units

PAGE = 15

# What an admin may look for. An action that stands in no kind is found among all entries.
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "people": (
            "admin named",
            "admin no more",
            "decider named",
            "decider no more",
            "contractor named",
            "contractor no more",
            "visibility set",
        ),
        "settings": (
            "digest set",
            "digest stopped",
            "tracker chosen",
            "channel watched",
            "emoji chosen",
            "destination confirmed",
            "tracker fields answered",
            "tracker endings said",
            "tracker people matched",
            "retention_set",
            "workspace left",
            "workspace back",
            "timezone changed",
        ),
        "clients": (
            "client added",
            "client filled in",
            "client renamed",
            "client given other names",
            "client given to another owner",
            "client language set",
            "client channels set",
            "client team set",
            "client archived",
            "client unarchived",
            "clients merged",
            "channel mapped",
            "agreement changed",
            "contract reviewed",
            "value set",
        ),
        "decisions": (
            "consideration opened",
            "consideration dropped",
            "decided",
            "confirmed",
            "reopening asked",
            "reopening withdrawn",
            "decision reopened",
            "band overridden",
            "band override ended",
        ),
        "partings": ("client told", "tickets opened", "letter approved", "letter sent", "parting closed"),
        "data": ("import begun", "imported", "exported", "erased"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """An entry and the client it is about; empty where it is about none, or about one that is gone."""

    entry: AuditEntry
    client_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """`older` is the number below which the next page lies; None on the last one. `kind` is empty for all kinds."""

    lines: tuple[LogLine, ...]
    kind: str
    older: int | None
    timezone: str


class LogService:
    """Nobody but admins."""

    def __init__(self, units: Units) -> None:
        self._units = units

    def page(self, workspace_id: str, actor: Member, kind: str = "", before: int | None = None) -> LogPage:
        require_ours(actor)
        require_admin(actor)
        with self._units.read(workspace_id) as unit:
            found = unit.audit.page(PAGE + 1, before=before, actions=KINDS.get(kind, ()))
            shown = found[:PAGE]
            return LogPage(
                lines=tuple(LogLine(entry=entry, client_name=_client_name(unit, entry.subject)) for _, entry in shown),
                kind=kind if kind in KINDS else "",
                older=shown[-1][0] if len(found) > PAGE else None,
                timezone=unit.workspace().timezone,
            )


def _client_name(unit: UnitOfWork, subject: str) -> str:
    """By the prefix of the subject's id; what has been erased or merged meanwhile has no name any more."""
    find = _CLIENT_OF.get(subject.partition("-")[0])
    try:
        return unit.clients.get(find(unit, subject)).name if find else ""
    except NotFoundError:
        return ""


_CLIENT_OF: Mapping[str, Callable[[UnitOfWork, str], str]] = MappingProxyType(
    {
        "cl": lambda _unit, subject: subject,
        "nt": lambda unit, subject: unit.signals.get(subject).client_id,
        "pl": lambda unit, subject: unit.plans.get(subject).client_id,
        "dc": lambda unit, subject: unit.decisions.get(subject).client_id,
        "pt": lambda unit, subject: unit.partings.get(subject).client_id,
        "tk": lambda unit, subject: unit.partings.get(unit.partings.ticket(subject).parting_id).client_id,
        "no": lambda unit, subject: unit.notices.get(subject).client_id,
        "in": lambda unit, subject: unit.agreements.invoice(subject).client_id,
    }
)
