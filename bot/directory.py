"""Reads people, places and messages from Slack, and remembers people and places for a while."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import WebClient

from bot.services.people import note_change, was_of_erased
from rules.clients.people import Member, Place, PlaceKind, as_of, with_our_word
from rules.clients.places import is_ours
from rules.errors import AgainLaterError, NotFoundError, RefusedError, UnavailableError
from rules.ports import Clock, FoundMessage, UnitOfWork, Units
from rules.ports.workplace import Identity
from rules.privacy.tombstones import is_gone
from rules.sentences import Sentence

log = structlog.get_logger()

KEPT_FOR = timedelta(hours=6)  # longer than the background leaves people unread (REFRESH_PEOPLE in bot/agenda.py)
STRANGERS_KEPT_FOR = timedelta(days=7)  # all that counts of them is that they are of another team
AT_MOST = 999  # people on a page of conversations.members; more takes another call
TEXT_AGAIN_AFTER = timedelta(minutes=1)
_LIMITED = {"conversations.history", "conversations.replies"}  # once a minute for some apps (facts/slack.md 2.5)
_REMOVED = {"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed", "app_uninstalled"}
_UNREADABLE = {"missing_scope", "not_in_channel", "channel_not_found", "access_denied"}


class _NotShownError(UnavailableError):
    """Slack answered, and what it answered shows us nothing: asking again may or may not help."""


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
        """Reads the whole team anew, and people of other teams before we forget them; returns how many of ours."""
        count = self._read_team(workspace_id)
        with self._units.read(workspace_id) as unit:
            known = unit.people.members()
        soon = self._clock.now() - STRANGERS_KEPT_FOR / 2
        self._meet_each(
            workspace_id, [each.id for each in known if each.team_id != workspace_id and each.fetched_at < soon]
        )
        return count

    def _read_team(self, workspace_id: str) -> int:
        """A page at a time, so that nobody else waits long to write."""
        count = 0
        for users in self._pages("users.list", "members"):
            described = sorted((self._described(workspace_id, user) for user in users), key=lambda each: each.id)
            with self._units.begin(workspace_id) as unit:
                for each in described:
                    self._keep(unit, each)
            count += len(described)
        return count

    def people(self, workspace_id: str, member_ids: Collection[str]) -> list[Member]:
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            known = unit.people.some_members(member_ids)
        return [as_of(each, now) for each in known if now - each.fetched_at < _kept_for(each)]

    def _meet(self, workspace_id: str, member_ids: Sequence[str]) -> None:
        """Reads of whom we have not heard lately: several with the whole team (facts/slack.md 9.3), the rest singly."""
        missing = self._unheard_of(workspace_id, member_ids)
        if len(missing) > 1:
            self._read_team(workspace_id)
            missing = self._unheard_of(workspace_id, missing)
        self._meet_each(workspace_id, missing)

    def _meet_each(self, workspace_id: str, member_ids: Sequence[str]) -> None:
        """Whom Slack does not show us stays unknown. One of them settles what is asked, so the rest can wait."""
        for member_id in member_ids:
            try:
                self.member(workspace_id, member_id, fresh=True)
            except (NotFoundError, _NotShownError) as error:
                log.info("person_not_shown", kind=type(error).__name__)
                return

    def _unheard_of(self, workspace_id: str, member_ids: Sequence[str]) -> list[str]:
        heard_of = {each.id for each in self.people(workspace_id, member_ids)}
        return [member_id for member_id in member_ids if member_id not in heard_of]

    def place(self, workspace_id: str, channel_id: str, *, fresh: bool = False) -> Place:
        with self._units.read(workspace_id) as unit:
            known = unit.people.find_place(channel_id)
        if known and not fresh and self._clock.now() - known.fetched_at < KEPT_FOR:
            if known.guest_ids and not _is_shared(known):
                self._meet(workspace_id, known.guest_ids)
            return known
        return self._looked_at(workspace_id, channel_id, meet=True)

    def glance(self, workspace_id: str, channel_id: str) -> Place:
        return self._looked_at(workspace_id, channel_id, meet=False)

    def _looked_at(self, workspace_id: str, channel_id: str, *, meet: bool) -> Place:
        """Slack's own flags come first: who is in a shared place changes nothing."""
        if channel_id.startswith("D"):
            return self._direct(workspace_id, channel_id)
        try:
            place = self._sketch(workspace_id, self._read("conversations.info", channel=channel_id)["channel"])
        except NotFoundError:
            self._forget(workspace_id, channel_id)
            raise
        member_ids = self._member_ids(channel_id)
        if meet and member_ids and not _is_shared(place):
            self._meet(workspace_id, member_ids)
        guests = None if member_ids is None else self._guests_among(workspace_id, member_ids)
        place = replace(place, guest_ids=guests, member_ids=tuple(member_ids or ()))
        with self._units.begin(workspace_id) as unit:
            if was_of_erased(unit, place.id):
                place = replace(place, name="")  # it may be the client's
            unit.people.save_place(place)
        return place

    def _guests_among(self, workspace_id: str, member_ids: Sequence[str]) -> tuple[str, ...]:
        """Contractors are counted among the guests: whoever judges the place looks at each of them anew."""
        heard_of = {each.id: each for each in self.people(workspace_id, member_ids)}
        ours = {each.id for each in heard_of.values() if _belongs(each, workspace_id)}
        return tuple(member_id for member_id in member_ids if member_id not in ours)

    def channels(self, workspace_id: str) -> list[Place]:
        """Every channel that Slack shows us, without the people in it; nothing of this is remembered."""
        kinds = "public_channel,private_channel"
        pages = self._pages("conversations.list", "channels", types=kinds, exclude_archived=False)
        return [self._sketch(workspace_id, channel) for page in pages for channel in page]

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
            is_general=bool(channel.get("is_general")),
            bot_is_member=bool(channel.get("is_member")),
            fetched_at=self._clock.now(),
        )

    def _forget(self, workspace_id: str, channel_id: str) -> None:
        """What we may not look into any more is nobody's: in doubt nobody reads notes from there."""
        with self._units.begin(workspace_id) as unit:
            if known := unit.people.find_place(channel_id):
                unit.people.save_place(
                    replace(known, kind=PlaceKind.PRIVATE, bot_is_member=False, member_ids=(), guest_ids=None)
                )

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
            pages = self._pages("conversations.members", "members", channel=channel_id, limit=AT_MOST)
            return [str(member) for page in pages for member in page]
        except NotFoundError:
            return None

    def _described(self, workspace_id: str, user: dict[str, Any]) -> Member:
        profile = user.get("profile") or {}
        return Member(
            id=str(user["id"]),
            workspace_id=workspace_id,
            team_id=str(user.get("team_id", "")),
            name=str(profile.get("real_name") or user.get("real_name") or user.get("name", "")),
            email=str(profile.get("email", "")),
            is_slack_admin=bool(user.get("is_admin") or user.get("is_owner")),
            is_primary_owner=bool(user.get("is_primary_owner")),
            is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            is_deleted=bool(user.get("deleted")),
            timezone=str(user.get("tz") or "UTC"),
            fetched_at=self._clock.now(),
        )

    def _keep(self, unit: UnitOfWork, described: Member) -> Member:
        """What was said of the person here stays, also what an admin says at this very moment."""
        now, known = self._clock.now(), unit.people.lock_member(described.id)
        member = with_our_word(described, known)
        unit.people.save_member(member)
        if known:
            note_change(unit, known, member, now)
        return as_of(member, now)

    def _pages(self, method: str, field: str, *, limit: int = 200, **arguments: Any) -> Iterator[list[Any]]:
        cursor = ""
        while True:
            answer = self._read(method, limit=limit, cursor=cursor, **arguments)
            yield answer[field]
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


def shortcut_link(body: Mapping[str, Any]) -> str:
    """Where the message is read on which a shortcut was used, also where we may not ask Slack for it; "" for others."""
    if not body.get("message"):
        return ""
    home = f"https://{(body.get('team') or {}).get('domain', 'app')}.slack.com"
    return message_link(home, str(body["channel"]["id"]), str(body["message"]["ts"]))


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
    if code in _UNREADABLE or code.endswith("_not_found") or code == "user_not_visible":
        return NotFoundError(
            Sentence(
                "Slack does not show us this ({code}). Invite Amicable to the channel, or check its scopes.", code=code
            )
        )
    if code == "ratelimited" and method in _LIMITED:
        wait = timedelta(seconds=int(error.response.headers.get("Retry-After", "60")))
        return AgainLaterError("Slack asks us to slow down. Please try again in a moment.", wait=wait)
    refused = UnavailableError if code == "ratelimited" else _NotShownError
    return refused(Sentence("Slack refused this ({code}). Please try again in a moment.", code=code))


def _kept_for(member: Member) -> timedelta:
    return KEPT_FOR if member.team_id == member.workspace_id else STRANGERS_KEPT_FOR


def _belongs(member: Member, workspace_id: str) -> bool:
    return member.is_bot or (is_ours(member, workspace_id) and not member.is_guest)


def _is_shared(place: Place) -> bool:
    return place.is_externally_shared or place.is_pending_shared


def _kind(channel: dict[str, Any]) -> PlaceKind:
    if channel.get("is_im"):
        return PlaceKind.DIRECT
    if channel.get("is_mpim"):
        return PlaceKind.GROUP
    return PlaceKind.PRIVATE if channel.get("is_private") else PlaceKind.PUBLIC
