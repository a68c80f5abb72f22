"""Reads people, places and messages from Slack, and remembers people and places for a while."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import WebClient

from rules.clients.people import Member, Place, PlaceKind, as_of, with_our_word
from rules.clients.places import is_ours
from rules.errors import AgainLaterError, NotFoundError, RefusedError, UnavailableError
from rules.ports import Clock, FoundMessage, UnitOfWork, Units
from rules.ports.workplace import Identity
from rules.privacy.tombstones import is_gone
from rules.sentences import Sentence

log = structlog.get_logger()

KEPT_FOR = timedelta(hours=6)
TEXT_AGAIN_AFTER = timedelta(minutes=1)
_LIMITED = {"conversations.history", "conversations.replies"}  # once a minute for some apps (facts/slack.md 2.5)
_REMOVED = {"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed", "app_uninstalled"}
_UNREADABLE = {"missing_scope", "not_in_channel", "channel_not_found", "access_denied"}


class _NoSuchMessageError(NotFoundError):
    """We may look there, and it is not there."""


class SlackDirectory:
    """The reading side of the workplace."""

    def __init__(self, slack: WebClient, units: Units, clock: Clock) -> None:
        self._slack = slack
        self._units = units
        self._clock = clock
        # A note is logged at once, whatever Slack's limits say about reading the message that it hangs on.
        self._hasty = WebClient(
            token=slack.token, base_url=slack.base_url, ssl=slack.ssl, timeout=slack.timeout, retry_handlers=[]
        )
        self._home = ""

    def identity(self) -> Identity:
        """Whose token we hold."""
        answer = self._read("auth.test")
        return Identity(workspace_id=answer["team_id"], name=answer["team"], bot_user_id=answer["user_id"])

    def member(self, workspace_id: str, member_id: str, *, fresh: bool = False) -> Member:
        with self._units.read(workspace_id) as unit:
            known = unit.people.find_member(member_id)
        # Slack does not know the name under which we count an erased person.
        is_known = is_gone(member_id) or (not fresh and known and self._clock.now() - known.fetched_at < KEPT_FOR)
        if known and is_known:
            return as_of(known, self._clock.now())
        described = self._described(workspace_id, self._read("users.info", user=member_id)["user"])
        with self._units.begin(workspace_id) as unit:
            return self._keep(unit, described)

    def refresh_members(self, workspace_id: str) -> int:
        """Reads the whole team anew; returns how many people there are."""
        users = list(self._pages("users.list", "members"))
        with self._units.begin(workspace_id) as unit:
            for user in sorted(users, key=lambda user: str(user["id"])):
                self._keep(unit, self._described(workspace_id, user))
        return len(users)

    def place(self, workspace_id: str, channel_id: str, *, fresh: bool = False) -> Place:
        with self._units.read(workspace_id) as unit:
            known = unit.people.find_place(channel_id)
        if known and not fresh and self._clock.now() - known.fetched_at < KEPT_FOR:
            return known
        if channel_id.startswith("D"):
            return self._direct(workspace_id, channel_id)
        try:
            channel = self._read("conversations.info", channel=channel_id)["channel"]
        except NotFoundError:
            self._forget(known)
            raise
        member_ids = self._member_ids(channel_id)
        guests = None if member_ids is None else tuple(m for m in member_ids if not self._belongs(workspace_id, m))
        place = replace(self._sketch(workspace_id, channel), guest_ids=guests, member_ids=tuple(member_ids or ()))
        with self._units.begin(workspace_id) as unit:
            unit.people.save_place(place)
        return place

    def channels(self, workspace_id: str) -> list[Place]:
        """Every channel that Slack shows us, without the people in it; nothing of this is remembered."""
        kinds = "public_channel,private_channel"
        found = self._pages("conversations.list", "channels", types=kinds, exclude_archived=False)
        return [self._sketch(workspace_id, channel) for channel in found]

    def _sketch(self, workspace_id: str, channel: dict[str, Any]) -> Place:
        return Place(
            id=str(channel["id"]),
            workspace_id=workspace_id,
            name=str(channel.get("name", "")),
            kind=_kind(channel),
            is_externally_shared=bool(channel.get("is_ext_shared")),
            is_pending_shared=bool(channel.get("is_pending_ext_shared") or channel.get("pending_shared")),
            is_org_shared=bool(channel.get("is_org_shared")),
            is_archived=bool(channel.get("is_archived")),
            bot_is_member=bool(channel.get("is_member")),
            fetched_at=self._clock.now(),
        )

    def _forget(self, known: Place | None) -> None:
        """What we may not look into any more is nobody's: in doubt nobody reads notes from there."""
        if known:
            with self._units.begin(known.workspace_id) as unit:
                unit.people.save_place(replace(known, kind=PlaceKind.PRIVATE, member_ids=(), guest_ids=None))

    def _direct(self, workspace_id: str, channel_id: str) -> Place:
        """Direct messages are nobody's business, and we have no scope to read them."""
        return Place(
            id=channel_id, workspace_id=workspace_id, name="", kind=PlaceKind.DIRECT, fetched_at=self._clock.now()
        )

    def message(self, channel_id: str, message_ts: str) -> FoundMessage:
        """The message without its text where it can't be read now: the note is then logged without it."""
        try:
            found = self._find_message(channel_id, message_ts)
        except AgainLaterError as error:
            return FoundMessage(link=self.link(channel_id, message_ts), again_in=error.wait)
        except UnavailableError:
            return FoundMessage(link=self.link(channel_id, message_ts), again_in=TEXT_AGAIN_AFTER)
        except _NoSuchMessageError:
            return FoundMessage(is_gone=True)
        except NotFoundError:
            return FoundMessage(link=self.link(channel_id, message_ts))
        return FoundMessage(
            text=str(found.get("text", "")),
            thread_ts=str(found.get("thread_ts", "")),
            link=self.link(channel_id, message_ts),
            edited_ts=str((found.get("edited") or {}).get("ts", "")),
        )

    def _find_message(self, channel_id: str, message_ts: str) -> dict[str, Any]:
        # Replies in a thread are not in the channel's history (facts/slack.md 2.3).
        for method, arguments in (
            ("conversations.history", {"latest": message_ts, "inclusive": True, "limit": 1}),
            ("conversations.replies", {"ts": message_ts, "limit": 1}),
        ):
            for message in self._read(method, self._hasty, channel=channel_id, **arguments)["messages"]:
                # In the place of a deleted message with replies Slack keeps one that says so.
                if message.get("ts") == message_ts and message.get("subtype") != "tombstone":
                    return dict(message)
        raise _NoSuchMessageError("This message is not there any more.")

    def link(self, channel_id: str, message_ts: str) -> str:
        try:
            answer = self._read("chat.getPermalink", self._hasty, channel=channel_id, message_ts=message_ts)
        except (NotFoundError, UnavailableError, AgainLaterError):
            return self._built_link(channel_id, message_ts)
        return str(answer["permalink"])

    def _built_link(self, channel_id: str, message_ts: str) -> str:
        """The address as Slack builds it, for messages that it does not show us."""
        try:
            self._home = self._home or str(self._read("auth.test", self._hasty)["url"])
        except (NotFoundError, UnavailableError, AgainLaterError):
            return ""
        return message_link(self._home, channel_id, message_ts)

    def custom_emoji(self) -> Mapping[str, str] | None:
        try:
            found = self._read("emoji.list", self._hasty)["emoji"]
        except NotFoundError:
            return None
        return {str(name): str(value) for name, value in found.items()}

    def _member_ids(self, channel_id: str) -> list[str] | None:
        try:
            return [str(member) for member in self._pages("conversations.members", "members", channel=channel_id)]
        except NotFoundError:
            return None

    def _belongs(self, workspace_id: str, member_id: str) -> bool:
        """Contractors are counted among the guests: whoever judges the place looks at each of them anew."""
        member = self.member(workspace_id, member_id)
        return member.is_bot or (is_ours(member, workspace_id) and not member.is_guest)

    def _described(self, workspace_id: str, user: dict[str, Any]) -> Member:
        profile = user.get("profile") or {}
        return Member(
            id=str(user["id"]),
            workspace_id=workspace_id,
            team_id=str(user.get("team_id", "")),
            name=str(profile.get("real_name") or user.get("real_name") or user.get("name", "")),
            email=str(profile.get("email", "")),
            is_slack_admin=bool(user.get("is_admin") or user.get("is_owner")),
            is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            is_deleted=bool(user.get("deleted")),
            timezone=str(user.get("tz") or "UTC"),
            fetched_at=self._clock.now(),
        )

    def _keep(self, unit: UnitOfWork, described: Member) -> Member:
        """What was said of the person here stays, also what an admin says at this very moment."""
        member = with_our_word(described, unit.people.lock_member(described.id))
        unit.people.save_member(member)
        return as_of(member, self._clock.now())

    def _pages(self, method: str, field: str, **arguments: Any) -> Iterator[Any]:
        cursor = ""
        while True:
            answer = self._read(method, limit=200, cursor=cursor, **arguments)
            yield from answer[field]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    def _read(self, method: str, slack: WebClient | None = None, /, **arguments: Any) -> dict[str, Any]:
        try:
            answer = (slack or self._slack).api_call(method, http_verb="GET", params=arguments)
        except SlackApiError as error:
            raise _refused(method, error) from error
        except (SlackClientError, OSError) as error:
            log.warning("slack_unreachable", method=method, kind=type(error).__name__)
            raise UnavailableError("Slack did not answer. Please try again in a moment.") from error
        return dict(answer.data) if isinstance(answer.data, dict) else {}


def message_link(home: str, channel_id: str, message_ts: str) -> str:
    """`home` is the workspace's own web address."""
    return f"{home.rstrip('/')}/archives/{channel_id}/p{message_ts.replace('.', '')}"


def _refused(method: str, error: SlackApiError) -> NotFoundError | RefusedError | UnavailableError | AgainLaterError:
    code = str(error.response.get("error", ""))
    log.warning("slack_refused", method=method, error=code)
    if code in _REMOVED:
        return RefusedError(
            Sentence(
                "Slack does not know our token any more ({code}). An admin has to install Amicable again.", code=code
            )
        )
    if code in {"message_not_found", "thread_not_found"}:
        return _NoSuchMessageError("This message is not there any more.")
    if code in _UNREADABLE or code.endswith("_not_found"):
        return NotFoundError(
            Sentence(
                "Slack does not show us this ({code}). Invite Amicable to the channel, or check its scopes.", code=code
            )
        )
    if code == "ratelimited" and method in _LIMITED:
        wait = timedelta(seconds=int(error.response.headers.get("Retry-After", "60")))
        return AgainLaterError("Slack asks us to slow down. Please try again in a moment.", wait=wait)
    return UnavailableError(Sentence("Slack refused this ({code}). Please try again in a moment.", code=code))


def _kind(channel: dict[str, Any]) -> PlaceKind:
    if channel.get("is_im"):
        return PlaceKind.DIRECT
    if channel.get("is_mpim"):
        return PlaceKind.GROUP
    return PlaceKind.PRIVATE if channel.get("is_private") else PlaceKind.PUBLIC
