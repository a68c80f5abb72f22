"""The only module that posts. Every outgoing word passes the leak guard here (BR14).

A private answer goes to the person who acted and only if that person is ours. A post goes to a channel whose
members have just been read again. In doubt, nothing is posted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from slack_sdk.web import SlackResponse, WebClient

from bot.access import require_ours
from bot.agenda import LOOK_AT_PLACE
from bot.answering import Answering
from bot.calls import Call, ClickCall, LastActs
from bot.refusals import NO_FILES, asked
from bot.replies import Message, View
from bot.views.home import closed_home
from rules.clients.people import Member
from rules.clients.places import UNKNOWN_MEMBERS, verdict
from rules.errors import AmicableError, NotFoundError, RefusedError, UnavailableError
from rules.nudges.kinds import AtOnce
from rules.ports import Clock, Directory, Picture, Post, UnitOfWork, Units
from rules.ports.records import FILES
from rules.sentences import Sentence

log = structlog.get_logger()

METADATA_TYPE = "amicable_post"
WHISPER = "whisper"
LEFT_BEHIND = "left_behind"
GONE = ("message_not_found", "channel_not_found", "is_archived")
CHANGED_SINCE = "hash_conflict"
HISTORY, REPLIES = "conversations.history", "conversations.replies"
ALT_LENGTH = 1000
ABANDONED_AFTER = timedelta(seconds=20)  # a call to Slack takes 8 at most; the engine asks again for half a minute


class Announcer:
    """Posts, whispers, answers and opens forms."""

    def __init__(
        self, slack: WebClient, units: Units, directory: Directory, clock: Clock, answering: Answering
    ) -> None:
        self._slack = slack
        self._units = units
        self._directory = directory
        self._clock = clock
        self._answering = answering
        self._acts = LastActs()

    # --- to the person who acted -------------------------------------------------------------------------------

    def answer(self, call: Call, message: Message, *, replace: bool) -> None:
        """Answers through the `response_url`, or by a direct message where there is none."""
        require_ours(call.member)
        if not call.response_url:
            self._send_direct(call.member, message)
            return
        if not self._answering.allows(call.response_url, self._slack.base_url):
            log.warning("answer_refused")
            raise RefusedError(
                "That answer address is not one of Slack's, so nothing was sent there. Please try again from Slack."
            )
        answer = {
            "text": message.text,
            "blocks": list(message.blocks),
            "response_type": "ephemeral",
            "replace_original": replace,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        status = self._answering.send(call.response_url, answer)
        if status != HTTPStatus.OK:
            # An answer address is good for five uses within half an hour (facts/slack.md 2.2), or can't be reached.
            log.warning("answer_address_over", status=status)
            self._send_direct(call.member, message)

    def open_form(self, call: Call, view: View) -> None:
        require_ours(call.member)
        self._call("views.open", trigger_id=call.trigger_id, view=view)

    def push_form(self, call: Call, view: View) -> None:
        require_ours(call.member)
        self._call("views.push", trigger_id=call.trigger_id, view=view)

    def update_form(self, call: ClickCall, view: View) -> None:
        """In the place of the dialog that was clicked; one that a later click drew stays."""
        require_ours(call.member)
        self._acts.note(call.view_id, call.acted_at)
        where: dict[str, Any] = {"view_id": call.view_id, "view": view}
        shown = self._call("views.update", ignore=(CHANGED_SINCE,), **where, **_instead_of(call.view_hash))
        if not shown and self._acts.is_last(call.view_id, call.acted_at):
            self._call("views.update", **where)

    def excuse(self, trigger_id: str, view: View, *, on_top: bool) -> None:
        """Tells whoever it was that something failed: the one view for people that could not be looked up.

        It must hold a plain sentence and nothing of ours.
        """
        self._call("views.push" if on_top else "views.open", trigger_id=trigger_id, view=view)

    def publish_home(self, member: Member, view: View, *, instead_of: str = "", acted_at: str = "") -> bool:
        """False where it was drawn for a tab (by its hash) that is gone, and nobody acted on the newer one since."""
        require_ours(member)
        self._acts.note(member.id, acted_at)
        where: dict[str, Any] = {"user_id": member.id, "view": view}
        shown = self._call("views.publish", ignore=(CHANGED_SINCE,), **where, **_instead_of(instead_of))
        return bool(shown) or not self._acts.is_last(member.id, acted_at)

    def empty_home(self, member_id: str) -> None:
        """Whoever is not ours any more keeps nothing of ours before them; somebody who left has no Home to empty."""
        self._call("views.publish", ignore=("user_not_found", "not_enabled"), user_id=member_id, view=closed_home())

    def show_by_name(self, member: Member, name: str, view: View) -> bool:
        """Brings a dialog of this person up to date that was opened under a name; False when it was closed."""
        require_ours(member)
        return bool(self._call("views.update", ignore=("not_found",), external_id=name, view=view))

    def keep_picture(self, draft: Post, picture: Picture) -> str:
        """The id of a file that nobody finds but in our views; uploaded once for each key, again if that was lost."""
        with self._units.read(draft.workspace_id) as unit:
            known = unit.posts.find(draft.key)
        if known and known.ts:
            return known.ts

        def upload() -> SlackResponse:
            return self._slack.files_upload_v2(
                content=picture.png, filename=picture.name, title=picture.name, alt_txt=picture.alt_text[:ALT_LENGTH]
            )

        file_id = str(asked("files.upload", upload)["files"][0]["id"])
        with self._units.begin(draft.workspace_id) as unit:
            unit.posts.save(replace(draft, ts=file_id))
        return file_id

    # --- unasked -----------------------------------------------------------------------------------------------

    def whisper(
        self, workspace_id: str, member_id: str, message: Message, *, key: str, at_once: AtOnce, thread_ts: str = ""
    ) -> Post:
        """A direct message, once for each key; `at_once` says why it may go out at any hour (else it is a nudge)."""
        log.info("whispered", reason=at_once)
        draft = Post(
            key=key,
            workspace_id=workspace_id,
            channel_id="",
            kind=WHISPER,
            subject=member_id,
            created_at=self._clock.now(),
        )
        return self._once(draft, message, thread_ts=thread_ts)

    def post_once(self, draft: Post, message: Message) -> Post:
        """Posts to an internal channel exactly once for each key, also when Slack's answer was lost."""
        return self._once(draft, message)

    def _once(self, draft: Post, message: Message, *, thread_ts: str = "") -> Post:
        """The intent is committed before the call; a repeated call looks for our metadata before it posts again.

        While somebody else is at it, the engine asks again.
        """
        with self._units.begin(draft.workspace_id) as unit:
            known = unit.posts.find(draft.key)
            if known and known.ts:
                return known
            turn = self._take_turn(unit, draft)
            if not known:
                unit.posts.save(draft)
        try:
            placed = self._placed(draft)
            found = self._find_posted(replace(known, channel_id=placed.channel_id), thread_ts) if known else ""
            ts = found or self._post(placed, message, thread_ts)
        except AmicableError as error:
            with self._units.begin(draft.workspace_id) as unit:
                unit.posts.forget(turn)
                if not known and isinstance(error, RefusedError | NotFoundError):
                    unit.posts.forget(draft.key)  # a clear no: nothing stands there that could be left behind
            raise
        posted = replace(placed, ts=ts)
        with self._units.begin(draft.workspace_id) as unit:
            unit.posts.save(posted)
            unit.posts.forget(turn)
        return posted

    def _placed(self, draft: Post) -> Post:
        """With the place where it goes, which has just been looked at."""
        if draft.kind != WHISPER:
            self._require_internal(draft.workspace_id, draft.channel_id)
            return draft
        require_ours(self._directory.member(draft.workspace_id, draft.subject))
        return replace(draft, channel_id=self._open_direct(draft.subject))

    def _take_turn(self, unit: UnitOfWork, draft: Post) -> str:
        """The key of a row that only one can store for each span of time; one in the span before holds it as well."""
        span = int(self._clock.real().timestamp() // ABANDONED_AFTER.total_seconds())
        before, now = (f"{draft.key}@{number}" for number in (span - 1, span))
        if unit.posts.find(before) or not unit.posts.claim(replace(draft, key=now, channel_id="")):
            raise UnavailableError("This is being posted already. Please wait a moment.")
        return now

    def update(self, post: Post, message: Message) -> None:
        """Brings a posted message up to date in place; one that somebody deleted is forgotten."""
        if post.kind == WHISPER:
            require_ours(self._directory.member(post.workspace_id, post.subject))
        else:
            self._require_internal(post.workspace_id, post.channel_id)
        where = {"channel": post.channel_id, "ts": post.ts}
        if not self._say("chat.update", message, ignore=("message_not_found",), **where):
            with self._units.begin(post.workspace_id) as unit:
                unit.posts.forget(post.key)

    def take_back(self, workspace_id: str, channel_id: str) -> tuple[int, int]:
        """Deletes what we posted in a channel that is no longer internal; how many messages, and how many stay there.

        Also what may stand there without our knowing: a post whose answer was lost. Where Slack lets us do nothing any
        more, the rows stay for another try, and are counted once: an admin is told of them.
        """
        with self._units.read(workspace_id) as unit:
            posts = [post for post in unit.posts.in_channel(channel_id) if post.kind != WHISPER]
        deleted = left = 0
        for post in posts:
            try:
                deleted += self._take_one_back(post)
            except RefusedError:
                if post.ts or self._clock.now() - post.created_at > ABANDONED_AFTER:  # else it is about to be posted
                    log.warning("post_left_behind", channel=channel_id, key=post.key)
                    left += self._leave_behind(post)
        return deleted, left

    def _leave_behind(self, post: Post) -> bool:
        """False where it was left behind before."""
        with self._units.begin(post.workspace_id) as unit:
            unit.posts.save(replace(post, kind=LEFT_BEHIND))
        return post.kind != LEFT_BEHIND

    def _take_one_back(self, post: Post) -> bool:
        ts = post.ts or self._find_posted(post)
        if ts:
            self._call("chat.delete", ignore=("message_not_found",), channel=post.channel_id, ts=ts)
            with self._units.begin(post.workspace_id) as unit:
                unit.posts.forget(post.key)
        return bool(ts)

    def take_one_back(self, post: Post) -> None:
        """Deletes a message or a file of ours, wherever it is; what is gone already is as good."""
        if post.kind in FILES and post.ts:
            self._call("files.delete", ignore=("file_not_found", "file_deleted"), file=post.ts)
        elif post.ts:
            self._call("chat.delete", ignore=GONE, channel=post.channel_id, ts=post.ts)
        with self._units.begin(post.workspace_id) as unit:
            unit.posts.forget(post.key)

    def send_file(self, draft: Post, member: Member, path: Path, comment: str) -> None:
        """A file for one of ours alone, in a direct message; once for each key."""
        require_ours(member)
        with self._units.read(draft.workspace_id) as unit:
            known = unit.posts.find(draft.key)
        if known and known.ts:
            return
        channel = self._call("conversations.open", users=member.id)["channel"]["id"]

        def upload() -> SlackResponse:
            return self._slack.files_upload_v2(
                file=str(path), filename=path.name, title=path.name, channel=channel, initial_comment=comment
            )

        if answer := asked("files.upload", upload, ignore=("missing_scope",)):
            with self._units.begin(draft.workspace_id) as unit:
                unit.posts.save(replace(draft, ts=str(answer["files"][0]["id"])))
        else:
            key = f"{draft.key}:without-files"
            self.whisper(draft.workspace_id, member.id, Message(NO_FILES), key=key, at_once=AtOnce.ANSWER)

    def leave(self, channel_id: str) -> None:
        self._call("conversations.leave", ignore=("not_in_channel", "channel_not_found"), channel=channel_id)

    # --- wire --------------------------------------------------------------------------------------------------

    def _require_internal(self, workspace_id: str, channel_id: str) -> None:
        """Two calls of Slack: what the place is, and who is in it. Who they are, we keep heard of in the background.

        Of whom we have not heard we hear first; until then the post waits, and where they can't be seen it stays away.
        """
        place = self._directory.glance(workspace_id, channel_id)
        found = verdict(place, self._directory.people(workspace_id, place.guest_ids or ()))
        if found is UNKNOWN_MEMBERS and place.guest_ids and place.bot_is_member:
            self._ask_who_is_there(workspace_id, channel_id)
        if not found.internal:
            raise RefusedError(
                Sentence("Nothing is posted in <#{channel_id}>: {reason}", channel_id=channel_id, reason=found.reason)
            )

    def _ask_who_is_there(self, workspace_id: str, channel_id: str) -> None:
        span = int(self._clock.real().timestamp() // ABANDONED_AFTER.total_seconds())
        with self._units.begin(workspace_id) as unit:
            unit.jobs.add(LOOK_AT_PLACE(workspace_id, channel_id, once=f"who:{workspace_id}:{channel_id}:{span}"))
        raise UnavailableError("We are checking who is in this channel. Please try again in a moment.")

    def _post(self, draft: Post, message: Message, thread_ts: str) -> str:
        in_thread: dict[str, Any] = {"thread_ts": thread_ts} if thread_ts else {}
        answer = self._say(
            "chat.postMessage",
            message,
            channel=draft.channel_id,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": METADATA_TYPE, "event_payload": {"key": draft.key}},
            **in_thread,
        )
        return str(answer["ts"])

    def _find_posted(self, intent: Post, thread_ts: str = "") -> str:
        """In a direct message too: people can't write there, so its history holds our own words only."""
        for message in self._said_since(intent.channel_id, intent.created_at - timedelta(minutes=5), thread_ts):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == METADATA_TYPE and metadata["event_payload"].get("key") == intent.key:
                return str(message["ts"])
        return ""

    def _said_since(self, channel_id: str, oldest: datetime, thread_ts: str) -> Iterator[dict[str, Any]]:
        """What stands in a channel, or in one of its threads, which the channel's history leaves out."""
        wanted: dict[str, Any] = {"channel": channel_id, "limit": 200, "include_all_metadata": True}
        wanted |= {"oldest": str(oldest.timestamp())} | ({"ts": thread_ts} if thread_ts else {})
        # An app that was installed without im:history would never get through: then rather twice than not at all.
        unseen = ("missing_scope", "thread_not_found") if channel_id.startswith("D") else ()
        cursor = ""
        while True:
            answer = self._call(REPLIES if thread_ts else HISTORY, ignore=unseen, cursor=cursor, **wanted)
            yield from answer.get("messages", ())
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    def _open_direct(self, member_id: str) -> str:
        return str(self._call("conversations.open", users=member_id)["channel"]["id"])

    def _send_direct(self, member: Member, message: Message) -> None:
        require_ours(member)
        self._say(
            "chat.postMessage",
            message,
            channel=self._open_direct(member.id),
            unfurl_links=False,
            unfurl_media=False,
        )

    def _say(
        self, method: str, message: Message, *, ignore: tuple[str, ...] = (), **where: Any
    ) -> SlackResponse | dict[str, Any]:
        """With the rich blocks; where this Slack knows one of them not, with the others."""
        said = {**where, "text": message.text}
        if message.rich:
            answer = self._call(method, ignore=(*ignore, "invalid_blocks"), blocks=list(message.rich), **said)
            if answer:
                return answer
        return self._call(method, ignore=ignore, blocks=list(message.blocks), **said)

    def _call(self, method: str, *, ignore: tuple[str, ...] = (), **arguments: Any) -> SlackResponse | dict[str, Any]:
        def ask() -> SlackResponse:
            if method in {HISTORY, REPLIES}:
                return self._slack.api_call(method, params=arguments)
            return self._slack.api_call(method, json=arguments)

        return asked(method, ask, ignore)


def _instead_of(view_hash: str) -> dict[str, str]:
    """Slack then refuses to draw over anything but this (facts/slack.md 9.5)."""
    return {"hash": view_hash} if view_hash else {}
