"""Which emoji mean what in a workspace, as its admins choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.access import require_admin
from bot.services.audit import record
from rules.clients.people import Member
from rules.health.catalogue import Catalogue, SignalType
from rules.health.evidence.emoji import EmojiBook, checked_emoji, known_emoji, resolved_aliases
from rules.ports import Clock, Directory, UnitOfWork, Units, Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A type and its emoji now; `is_own` where the workspace chose them."""

    type: SignalType
    emoji: tuple[str, ...]
    is_own: bool


class EmojiService:
    """A change counts from now on: notes that are there stay what they are."""

    def __init__(self, units: Units, clock: Clock, catalogue: Catalogue, directory: Directory) -> None:
        self._units = units
        self._clock = clock
        self._catalogue = catalogue
        self._directory = directory

    def all(self, workspace_id: str) -> Sequence[Meant]:
        """Every type, in the catalogue's order."""
        with self._units.read(workspace_id) as unit:
            workspace = unit.workspace()
        return [self._meant(workspace, type_) for type_ in self._catalogue.types.values()]

    def of(self, workspace_id: str, actor: Member, code: str) -> Meant:
        require_admin(actor)
        with self._units.read(workspace_id) as unit:
            return self._meant(unit.workspace(), self._catalogue.type(code))

    def choose(self, workspace_id: str, actor: Member, code: str, names: Sequence[str] | None) -> Meant:
        """None goes back to the catalogue's; no name switches the emoji of this type off."""
        require_admin(actor)
        type_ = self._catalogue.type(code)
        custom = self._directory.custom_emoji()
        with self._units.begin(workspace_id) as unit:
            workspace = unit.lock_workspace()
            ours = () if type_.opt_in else type_.emojis
            wanted = ours if names is None else names
            checked = checked_emoji(
                book_of(workspace, self._catalogue), type_, wanted, known_emoji(type_, names, custom)
            )
            others = {each: chosen for each, chosen in workspace.emoji.items() if each != code}
            chosen = others if names is None else others | {code: checked}
            changed = replace(workspace, emoji=chosen)
            unit.save_workspace(self._with_aliases(changed, custom))
            details = f"{type_.label}: {' '.join(checked) or 'none'}"
            record(unit, actor, self._clock.now(), "emoji chosen", code, details)
            return self._meant(changed, type_)

    def refresh(self, workspace_id: str) -> None:
        """Somebody added or removed an emoji of the workspace's own."""
        custom = self._directory.custom_emoji()
        with self._units.begin(workspace_id) as unit:
            unit.save_workspace(self._with_aliases(unit.lock_workspace(), custom))

    def _with_aliases(self, workspace: Workspace, custom: Mapping[str, str] | None) -> Workspace:
        if custom is None:
            return workspace
        bare = book_of(replace(workspace, emoji_aliases={}), self._catalogue)
        return replace(workspace, emoji_aliases=resolved_aliases(custom, bare.in_use()))

    def _meant(self, workspace: Workspace, type_: SignalType) -> Meant:
        book = book_of(workspace, self._catalogue)
        return Meant(type=type_, emoji=book.of(type_), is_own=type_.code in workspace.emoji)


def book_of(workspace: Workspace, catalogue: Catalogue) -> EmojiBook:
    return EmojiBook(catalogue, workspace.emoji, workspace.emoji_aliases)


def emoji_in(unit: UnitOfWork, catalogue: Catalogue) -> EmojiBook:
    """What reactions mean in the workspace of this unit."""
    return book_of(unit.workspace(), catalogue)
