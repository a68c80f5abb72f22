"""Two clients that turn out to be one: what the one that stays looks like afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from rules.clients.client import Absorbed, Agreement, Client, Contract
from rules.clients.names import normal
from rules.clients.stages import Stage
from rules.errors import ConflictError, InvalidError
from rules.sentences import Sentence

_FULL_SHARE = 100
# What led there belongs to one client: a merge would carry a decision past its checks.
_GOING = frozenset({Stage.CONSIDERING, Stage.DECIDED, Stage.TOLD, Stage.HANDING_OFF})


def check_merge(keeper: Client, gone: Client, *, keeper_is_busy: bool, gone_is_busy: bool) -> None:
    """`busy`: a plan, a decision or a parting is open."""
    if keeper.id == gone.id:
        raise InvalidError(
            "Choose another client.",
            {"client": Sentence("This is {name} already. Choose another one.", name=keeper.name)},
        )
    for client in (keeper, gone):
        client.require_real()
        if client.stage is Stage.CLOSED:
            raise ConflictError(
                Sentence(
                    "{name} is closed, and what led to that stays as it was. Archive it, if it is in the way.",
                    name=client.name,
                )
            )
        if client.stage in _GOING:
            raise ConflictError(
                Sentence(
                    "Parting from {name} is considered or decided, so it is not merged. Finish that first.",
                    name=client.name,
                )
            )
    if keeper_is_busy and gone_is_busy:
        raise ConflictError(
            Sentence(
                "{name} and {name_2} each have an open plan, decision or parting. Finish one of them "
                "first, then merge.",
                name=keeper.name,
                name_2=gone.name,
            )
        )


def merge(keeper: Client, gone: Client, *, gone_is_busy: bool, by_id: str, now: datetime) -> tuple[Client, Client]:
    """The one that stays, with the names and channels of both, and what is left of the other.

    What both know stays as the keeper has it; what only the other knows comes along, its stage too where something
    is open there.
    """
    absorbed = Absorbed(client_id=gone.id, name=gone.name, at=now, by_id=by_id)
    staged = gone if gone_is_busy else keeper
    contact = keeper if keeper.contact_name else gone
    whole = replace(
        keeper,
        aliases=_names(keeper, gone),
        channel_ids=tuple(dict.fromkeys((*keeper.channel_ids, *gone.channel_ids))),
        contact_name=contact.contact_name,
        contact_first_name=contact.contact_first_name,
        contact_title=contact.contact_title,
        contact_email=keeper.contact_email or gone.contact_email,
        contact_copies=tuple(dict.fromkeys((*keeper.contact_copies, *gone.contact_copies))),
        address=keeper.address or gone.address,
        client_since=min((day for day in (keeper.client_since, gone.client_since) if day), default=None),
        revenue_share_percent=_share(keeper, gone),
        hours_a_week=_sum(keeper.hours_a_week, gone.hours_a_week),
        margin_percent=gone.margin_percent if keeper.margin_percent is None else keeper.margin_percent,
        stage=staged.stage,
        stage_since=staged.stage_since,
        open_since=min(keeper.opened_at, gone.opened_at),
        origin=staged.origin,
        agreement=gone.agreement if keeper.agreement == Agreement() else keeper.agreement,
        contract=gone.contract if keeper.contract == Contract() else keeper.contract,
        visible_to=_audience(keeper, gone),
        archived_at=None if keeper.archived_at is None or gone.archived_at is None else keeper.archived_at,
        absorbed=(*keeper.absorbed, *gone.absorbed, absorbed),
    )
    left = replace(gone, aliases=(), channel_ids=(), merged_into=keeper.id, absorbed=())
    return whole, left


def _names(keeper: Client, gone: Client) -> tuple[str, ...]:
    names = {normal(name): name for name in (*keeper.aliases, gone.name, *gone.aliases)}
    names.pop(normal(keeper.name), None)
    return tuple(names.values())


def _audience(keeper: Client, gone: Client) -> tuple[str, ...]:
    """Nobody sees more than before: where both are shown to some only, whoever saw both; the owner in any case."""
    if not keeper.visible_to or not gone.visible_to:
        return keeper.visible_to or gone.visible_to
    both = {keeper.owner_id, *keeper.visible_to} & {gone.owner_id, *gone.visible_to}
    return tuple(sorted(both)) or (keeper.owner_id,)


def _share(keeper: Client, gone: Client) -> int | None:
    share = _sum(keeper.revenue_share_percent, gone.revenue_share_percent)
    return None if share is None else min(_FULL_SHARE, share)


def _sum(mine: int | None, theirs: int | None) -> int | None:
    return None if mine is None and theirs is None else (mine or 0) + (theirs or 0)
