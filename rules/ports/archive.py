"""Every stored row as plain values, for what has to reach them all: export, retention, erasure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from rules.privacy.tombstones import Erased, Tombstone


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which rows of a table: of one client, of what ended or was written before a time, or all."""

    client_id: str = ""
    older_than: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A row: its columns and the fields of its document as JSON values. `place` says where the next page begins."""

    place: str
    values: Mapping[str, Any]


class Archive(Protocol):
    """The rows of a workspace, table by table (`rules/privacy/fields.toml` names them), in the order of their keys."""

    def page(self, table: str, chosen: Chosen, after: str, most: int) -> list[Stored]:
        """The rows behind the place `after` (from the first one where it is empty)."""

    def lock_page(self, table: str, chosen: Chosen, after: str, most: int) -> list[Stored]:
        """The same, kept off other writers until the unit ends; what somebody writes at this moment waits for them."""

    def rewrite(self, table: str, stored: Stored, values: Mapping[str, Any]) -> None:
        """Puts the values in the place of those that were read."""

    def count(self, table: str, chosen: Chosen) -> int: ...
    def drop_client(self, client_id: str) -> None:
        """Every row of a client goes, as if it had never been: for what was never real."""

    def about_client(self, client_id: str, ids: Sequence[str]) -> set[str]:
        """Those of the ids that belong to the client or to a row about it."""


class Tombstones(Protocol):
    """Who was erased."""

    def set(self, tombstone: Tombstone) -> None:
        """Sets it, or leaves the first one as it is."""

    def find(self, kind: Erased, text: str) -> Tombstone | None:
        """The one of this name, id or address."""
