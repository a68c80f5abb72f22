"""The audit log in words. A new action needs one line in `SAID`; until then its own name stands there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.ids import Action
from bot.replies import Block, Option, View
from bot.services.team.log import LogLine, LogPage
from bot.views.blocks import (
    Marked,
    actions,
    button,
    channel,
    choice,
    clip,
    context,
    day,
    dialog,
    escape,
    marked,
    person,
    section,
)

ALL_KINDS = "all"
_SEPARATOR = "|"
_SLACK_ID = re.compile(r"\b([CGUW](?=[A-Z0-9]*\d)[A-Z0-9]{4,})\b")
KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "": "Everything",
        "people": "Roles and visibility",
        "settings": "Settings",
        "clients": "Clients",
        "decisions": "Decisions",
        "partings": "Partings and letters",
        "data": "Imports, exports, erasures",
    }
)
SAID: Mapping[str, str] = MappingProxyType(
    {
        "admin named": "made an admin of",
        "admin no more": "took being an admin from",
        "decider named": "made a decider of",
        "decider no more": "took being a decider from",
        "contractor named": "named a contractor:",
        "contractor no more": "ended the contract of",
        "visibility set": "set who sees the client",
        "digest set": "set the weekly digest in",
        "digest stopped": "stopped the weekly digest in",
        "tracker chosen": "chose where tasks go",
        "country chosen": "chose whose holidays count",
        "channel watched": "set what is followed in a channel:",
        "emoji chosen": "chose emoji",
        "destination confirmed": "confirmed who sees the tickets of",
        "tracker fields answered": "answered the fields that the tracker requires",
        "retention_set": "set how long texts are kept",
        "workspace left": "was removed from the workspace; nothing is posted",
        "workspace back": "is back in the workspace",
        "timezone changed": "counts days in another time zone",
        "client added": "added the client",
        "demo added": "added a demo client",
        "demo removed": "removed the demo client",
        "client renamed": "renamed the client",
        "client given other names": "changed the client's other names",
        "client given to another owner": "gave the client another owner",
        "client language set": "set the client's language",
        "client team set": "set who works with the client",
        "client channels set": "set the client's channels",
        "client archived": "archived the client",
        "client unarchived": "brought the client back from the archive",
        "clients merged": "merged another client into this one",
        "client filled in": "filled in what was missing about the client",
        "messages to me set": "set which messages they get unasked",
        "channel mapped": "gave the client a channel",
        "agreement changed": "changed the agreement",
        "contract reviewed": "reviewed the contract",
        "end of term changed": "changed when the contract's term ends",
        "value set": "set what the client is worth",
        "plan started": "started a plan",
        "plan extended": "extended the plan",
        "plan ended": "ended the plan",
        "checkpoint held": "held a checkpoint",
        "consideration opened": "began to consider parting",
        "consideration dropped": "went on working together",
        "perspective answered": "looked at both sides",
        "impact seen": "looked at the impact",
        "plan skipped": "gave a reason to skip the plan",
        "exception named": "named an exception",
        "fade stated": "stated that the work faded out",
        "decided": "decided to part",
        "confirmed": "confirmed the decision",
        "reopening asked": "asked to reopen the decision",
        "reopening withdrawn": "kept the decision",
        "decision reopened": "reopened the decision",
        "band overridden": "overrode the health",
        "band override ended": "ended the override of the health",
        "client told": "recorded that the client was told",
        "contacts set": "set whom we write to",
        "letter left out": "said why there is no letter",
        "sum changed": "changed what is owed",
        "belonging changed": "changed what changes hands",
        "belonging taken off": "took off what does not change hands",
        "last day chosen": "chose another last day",
        "last day moved": "moved the last day",
        "terms set": "set what is finished and owed",
        "deliverable listed": "listed a deliverable",
        "deliverable changed": "changed a deliverable",
        "deliverable taken off": "took a deliverable off the list",
        "answers asked for": "asked the client about the deliverables",
        "answers recorded": "recorded the client's answers",
        "tasks chosen": "chose the tasks",
        "tickets opened": "opened the tasks",
        "stopped tickets closed": "closed the tickets of the parting that was stopped",
        "ticket opened again": "opened a task again",
        "tracker people matched": "matched people with accounts of the tracker",
        "tracker endings said": "said which endings in the tracker mean done",
        "tickets deleted there": "said that tickets were deleted",
        "task waived": "waived a task",
        "talk prepared": "prepared the talk",
        "sum listed": "listed a sum that is owed",
        "sum settled": "settled a sum that was owed",
        "belonging listed": "listed what changes hands",
        "belonging handed back": "noted that something was handed back",
        "receipt asked for": "asked the client to confirm that they have everything",
        "receipt recorded": "recorded that the client has everything",
        "client came back": "opened a client again that had faded",
        "lessons noted": "noted what a parting taught us",
        "looked back": "looked back at a parting",
        "parting closed": "closed the parting",
        "letter drafted": "drafted the letter",
        "letter edited": "changed the letter",
        "letter submitted": "asked for a review of the letter",
        "reviewer chosen": "chose who reviews the letter",
        "finding let stand": "let a finding in the letter stand",
        "letter approved": "approved the letter",
        "letter read": "read the letter and did not approve it",
        "letter taken as a file": "took the letter as a file",
        "page taken as a file": "took the page of what both sides expect as a file",
        "agreement renewed": "renewed the agreement",
        "agreement not renewed": "noted that the agreement is not renewed",
        "satisfaction heard": "noted how satisfied the client is",
        "perspective taken": "wrote down how the client may see it",
        "letter sent": "noted that the letter was sent",
        "letter received": "noted that the letter was received",
        "note withdrawn": "took a note back",
        "note excused": "excused a note",
        "note live": "let a note count again",
        "note corrected": "corrected a note",
        "note reviewed": "reviewed a note",
        "invoice typed": "typed an invoice",
        "invoice paid": "noted a payment",
        "invoice dropped": "noted that an invoice asks for nothing",
        "hours typed": "typed hours",
        "clock answered": "stopped the wait for a reply",
        "clock excused": "excused a late reply",
        "import begun": "began to import data",
        "imported": "imported data",
        "columns of lists named": "named the columns of lists",
        "exported": "exported data",
        "erased": "erased data",
    }
)


_CODES: Mapping[str, str] = MappingProxyType(
    {"ours": "our decision", "theirs": "their decision", "nobodys_fault": "nobody's fault"}
)
_CODE = re.compile(r"[a-z]+(_[a-z]+)*")


def log_dialog(page: LogPage) -> View:
    """Nobody is shown it but admins; it holds no note's and no letter's text."""
    blocks: list[Block] = [actions(_filter(page.kind)), *(section(_line(line, page.timezone)) for line in page.lines)]
    if not page.lines:
        blocks.append(section(Marked("Nothing of this kind has been done yet. Choose another kind above.")))
    if page.older is not None:
        older = _SEPARATOR.join((page.kind, str(page.older)))
        blocks.append(actions(button("Older", Action.AUDIT_LOG, older, suffix="older", name="Older entries")))
    blocks.append(context(Marked("What was done, by whom and when. Only workspace admins can read this.")))
    return dialog("Audit log", blocks)


def read_place(value: str) -> tuple[str, int | None]:
    """The kind and the number below which the page begins, from a button or from the select."""
    kind, _, before = value.partition(_SEPARATOR)
    return "" if kind == ALL_KINDS else kind, int(before) if before else None


def _filter(kind: str) -> Block:
    options = [Option(label, name or ALL_KINDS) for name, label in KIND_LABELS.items()]
    return choice(Action.AUDIT_LOG, "Everything", options, initial=kind or ALL_KINDS, suffix="kind")


def _line(line: LogLine, timezone: str) -> Marked:
    entry = line.entry
    at = entry.at.astimezone(ZoneInfo(timezone))
    return marked(
        "{who} {what}{about}{details}\n{on} at {time}",
        who=person(entry.actor_id) if entry.actor_id else Marked("_Amicable_"),
        what=SAID.get(entry.action, entry.action.replace("_", " ")),
        about=_about(line),
        details=marked(" · {details}", details=_named(clip(entry.details, 200))) if entry.details else Marked(""),
        on=day(at),
        time=f"{at:%H:%M}",
    )


def _about(line: LogLine) -> Marked:
    if line.client_name:
        return marked(" · *{name}*", name=line.client_name)
    subject = line.entry.subject
    return Marked(f" {_mention(subject)}") if _SLACK_ID.fullmatch(subject) else Marked("")


def _named(details: str) -> Marked:
    """Slack's ids as names of people and channels, codes in words."""
    if _CODE.fullmatch(details):
        details = _CODES.get(details, details.replace("_", " "))
    parts = _SLACK_ID.split(details)
    return Marked("".join(_mention(part) if place % 2 else escape(part) for place, part in enumerate(parts)))


def _mention(slack_id: str) -> Marked:
    return channel(slack_id) if slack_id[0] in "CG" else person(slack_id)
