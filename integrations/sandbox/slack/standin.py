"""The Slack stand-in: a workspace, its deliveries, the people in front of it, and what an administrator does to it."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from integrations.sandbox.faults import Fault, Faults
from integrations.sandbox.slack import leaks
from integrations.sandbox.slack.api.arguments import Arguments
from integrations.sandbox.slack.api.conversations import joined
from integrations.sandbox.slack.api.methods import Call, answer, answer_response_url
from integrations.sandbox.slack.deliveries import RETRY_WAITS, Deliveries
from integrations.sandbox.slack.screen import Screen
from integrations.sandbox.slack.workspace import Channel, Json, Kind, Message, Person, Workspace, product_now, readable

MANIFEST = Path(__file__).resolve().parents[3] / "manifest.yml"
Found = TypeVar("Found")


class SlackStandIn:
    """One team in one process. `target_url` is the app's `/slack/events`; `faults` are those of the Web API."""

    def __init__(
        self,
        *,
        manifest: Path = MANIFEST,
        now: Callable[[], datetime] = product_now,
        real: Callable[[], float] = time.time,
        target_url: str = "",
        retry_waits: Sequence[float] = RETRY_WAITS,
    ) -> None:
        self.workspace = Workspace(manifest=copy.deepcopy(_read(manifest)), now=now, real=real)
        self.deliveries = Deliveries(self.workspace, target_url, retry_waits)
        self.workspace.emit = self.deliveries.event
        self.faults = Faults()
        self.calls: list[Call] = []

    # --- the world ---

    def add_person(self, person_id: str, name: str, real_name: str = "", **details: Any) -> Screen:
        """A member of our team unless `team_id` says otherwise; `is_admin`, `is_guest`, `is_contractor`, ..."""
        fields = {"team_id": self.workspace.team_id, "email": f"{name}@agency.example", **details}
        person = Person(id=person_id, name=name, real_name=real_name or name.title(), **fields)
        with self.workspace.changed:
            self.workspace.people[person_id] = person
        return self.person(person_id)

    def add_channel(
        self, channel_id: str, name: str, members: Iterable[str] = (), *, kind: Kind = "public", bot: bool = True
    ) -> Channel:
        """A conversation with these members, and our bot unless `bot` is False. Sends no event."""
        everybody = [*members, *([self.workspace.bot_user_id] if bot else [])]
        channel = Channel(
            id=channel_id, name=name, kind=kind, members=everybody, created=int(self.workspace.now().timestamp())
        )
        with self.workspace.changed:
            self.workspace.channels[channel_id] = channel
        return channel

    def person(self, person_id: str) -> Screen:
        return Screen(self.workspace, self.deliveries, self.workspace.people[person_id])

    def message(self, channel_id: str, ts: str) -> Message | None:
        return self.workspace.message(channel_id, ts)

    def messages(self, channel_id: str) -> list[Message]:
        """Everything said here, private replies included."""
        return self.workspace.in_channel(channel_id)

    @staticmethod
    def text_of(message: Message) -> str:
        """All text of a message and its blocks."""
        return readable(message)

    def wait_for(self, look: Callable[[], Found], timeout: float = 60.0) -> Found:
        """Looks after each change, and now and then, until it finds something."""
        end = time.monotonic() + timeout
        with self.workspace.changed:
            while not (found := look()):
                left = end - time.monotonic()
                if left <= 0:
                    raise TimeoutError("What was waited for did not happen in Slack.")
                self.workspace.changed.wait(min(left, 0.1))
            return found

    # --- what administrators and other people do ---

    def invite(self, channel_id: str, person_id: str, inviter_id: str = "") -> None:
        channel = self.workspace.channels[channel_id]
        if person_id not in channel.members:
            channel.members.append(person_id)
            self._tell(joined(self.workspace, channel, person_id, inviter_id))

    def remove(self, channel_id: str, person_id: str) -> None:
        channel = self.workspace.channels[channel_id]
        channel.members.remove(person_id)
        event = joined(self.workspace, channel, person_id, "") | {"type": "member_left_channel"}
        self._tell(event)

    def share(self, channel_id: str, team_id: str = "T0CLIENT01") -> None:
        """The channel becomes one with another company."""
        channel = self.workspace.channels[channel_id]
        channel.pending_shared, channel.externally_shared = False, True
        channel.team_ids = [self.workspace.team_id, team_id]
        self._tell({"type": "channel_shared", "channel": channel_id, "connected_team_id": team_id})

    def unshare(self, channel_id: str) -> None:
        channel = self.workspace.channels[channel_id]
        gone = channel.team_ids[-1] if channel.team_ids else ""
        channel.externally_shared, channel.team_ids = False, []
        self._tell({"type": "channel_unshared", "channel": channel_id, "previously_connected_team_id": gone})

    def archive(self, channel_id: str, by: str = "", *, undo: bool = False) -> None:
        channel = self.workspace.channels[channel_id]
        channel.archived = not undo
        family = "channel" if channel.kind == "public" else "group"
        verb = "unarchive" if undo else "archive"
        self._tell({"type": f"{family}_{verb}", "channel": channel_id, "user": by})

    def rename(self, channel_id: str, name: str) -> None:
        channel = self.workspace.channels[channel_id]
        channel.name = name
        family = "channel" if channel.kind == "public" else "group"
        described = {"id": channel_id, "name": name, "created": channel.created}
        self._tell({"type": f"{family}_rename", "channel": described})

    def change_person(self, person_id: str, **details: Any) -> None:
        """Changes fields of a person and tells the app, as Slack does (`is_guest`, `deleted`, `is_admin`, ...)."""
        person = self.workspace.people[person_id]
        for name, value in details.items():
            setattr(person, name, value)
        described = self.api("users.info", user=person_id)["user"]
        self._tell({"type": "user_change", "user": described, "cache_ts": int(self.workspace.real())})

    def add_emoji(self, name: str, value: str) -> None:
        """An emoji of the workspace's own: the address of its picture, or `alias:NAME`."""
        self.workspace.custom_emoji[name] = value
        self._tell({"type": "emoji_changed", "subtype": "add", "name": name, "value": value})

    def install(self, app_id: str) -> None:
        """Somebody presses “Install to Workspace”: from now on our token is that app's, with what its manifest asks."""
        self.workspace.app_id, self.workspace.manifest = app_id, self.workspace.apps[app_id]
        self.workspace.installed = True

    def uninstall(self) -> None:
        self.workspace.installed = False
        self._tell({"type": "app_uninstalled"})

    # --- trouble on demand ---

    def rate_limit(self, method: str, *, times: int = 1, retry_after: int = 1) -> None:
        """The next calls of this method are answered 429."""
        self.faults.retry_after = retry_after
        self.faults.next(Fault.RATE_LIMIT, path=f"/api/{method}", times=times)

    def lose_answer(self, method: str) -> None:
        """The next call of this method is carried out, and its connection breaks."""
        self.faults.next(Fault.LOSE_ANSWER, path=f"/api/{method}")

    def lose_request(self, method: str) -> None:
        """The next call of this method breaks before anything happens."""
        self.faults.next(Fault.LOSE_REQUEST, path=f"/api/{method}")

    def duplicate_next_event(self) -> None:
        self.deliveries.duplicates += 1

    def hold_events(self) -> None:
        """Events wait until `release_events`."""
        self.deliveries.holding = True

    def release_events(self, *, reordered: bool = False) -> None:
        self.deliveries.release(reordered=reordered)
        self.deliveries.settle()

    def forge_next_signature(self) -> None:
        self.deliveries.wrong_signatures += 1

    def settle(self, *, retries: bool = False, timeout: float = 90.0) -> None:
        """Waits until each event was delivered once (with `retries`: until none is left to be repeated)."""
        self.deliveries.settle(timeout, retries=retries)

    # --- the Web API and the judge ---

    def api(self, method: str, **arguments: Any) -> Json:
        """A Web API call with our token, as if it had come over the wire; not kept in `calls`."""
        return answer(self.workspace, method, self.workspace.bot_token, Arguments(arguments))

    def call(self, method: str, token: str, arguments: Arguments) -> Json:
        """A Web API call from the wire; kept in `calls`."""
        call = Call(method, {name: value for name, value in arguments.values.items() if name != "token"})
        self.calls.append(call)
        call.answer = answer(self.workspace, method, token, arguments)
        return call.answer

    def respond(self, key: str, arguments: Arguments) -> Call:
        """A reply to a `response_url`; kept in `calls` as `response_url`."""
        call = Call("response_url", arguments.values)
        self.calls.append(call)
        call.answer = answer_response_url(self.workspace, key, arguments)
        return call

    def refusals(self) -> list[Call]:
        """The calls from the wire that Slack refused: none in a scenario where all is well."""
        return [call for call in self.calls if not call.answer.get("ok")]

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def leaks(self, canaries: Iterable[str]) -> list[str]:
        """A line for each canary word of ours that a client could see."""
        return leaks.found(self.workspace, tuple(canaries))

    def stop(self) -> None:
        self.deliveries.stop()

    def _tell(self, event: Json) -> None:
        self.workspace.touch()
        self.workspace.emit(event)
        self.deliveries.settle()


@cache
def _read(manifest: Path) -> Json:
    loaded: Json = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    return loaded
