"""What somebody sees where there is nothing yet, or where something is not theirs: drawn by the real app."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.services.home import HomeService
from bot.views.home import home_view
from integrations.sandbox.agency import BIRCH, GENERAL

# What differs from run to run, or from day to day.
_CHANGING = (
    (re.compile(r"<!date[^>]*>|\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} \w{3} \d{4}\b"), "DAY"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "DAY"),
    (re.compile(r"<([@#])[A-Z0-9]+>"), r"\1SOMEBODY"),
)
_LISTS = ("mine", "look", "plan", "closed", "archived")


def screens(front: Any) -> Iterator[tuple[str, str]]:
    """(what somebody does, what they read then), from a workspace without a client to one with a client and no note."""
    olivia, dana, amir = front.agency.olivia, front.agency.dana, front.agency.amir
    front.web.services.workspaces.welcome(front.team_id)
    yield "Home on the first day", _read(_home(front, olivia))
    for text in ("", "list", "digest", "help", "settings", "Nobody Known"):
        yield f"/client {text}".strip(), _said(olivia.command("/client", text))
    yield "/redflag help", _said(olivia.command("/redflag", "help"))
    olivia.command("/redflag", "paid late", channel=GENERAL)
    yield "/redflag as the first act", _read(olivia.view)
    olivia.close()
    front.add_client("Acme", BIRCH, owner=olivia.who.id)
    yield "/redflag about nobody", _said(olivia.command("/redflag", "paid late", channel=GENERAL))
    yield "Home without a note", _read(_home(front, olivia))
    for verb in ("why", "history", "plan", "parting", "letter"):
        yield f"/client Acme {verb}", _opened(olivia, f"Acme {verb}")
    yield "/client Acme consider, by somebody who does not decide", _opened(dana, "Acme consider")
    listed = dana.command("/client", "list")
    for sift in _LISTS:
        yield f"/client list, {sift}", _said(dana.choose(listed.messages[-1], "list_clients.sift", f"{sift}|0"))
    yield "/client with a slip", _said(dana.command("/client", "Acmee"))
    yield "/redflag with a slip", _said(dana.command("/redflag", "Acmee paid late", channel=GENERAL))
    yield "words of no known type", _said(amir.command("/redflag", "hmm", channel=BIRCH))


def _home(front: Any, person: Any) -> Any:
    """As it is drawn at this moment, without the worker."""
    house = front.web
    page = HomeService(house.outside.units, house.outside.clock, house.services.briefs, house.nudges).page(
        front.team_id, front.member(person.who.id)
    )
    return home_view(page, house.outside.catalogue, house.outside.words)


def _opened(person: Any, text: str) -> str:
    """A dialog, or the words that came instead of one."""
    before = person.view
    answer = person.command("/client", text)
    shown = person.view if person.view and person.view != before else None
    read = _read(shown) if shown else _said(answer)
    if shown:
        person.close()
    return read


def _said(answer: Any) -> str:
    return "\n".join(_read(message.blocks) or _plain(message.text) for message in answer.messages)


def _read(shown: Any) -> str:
    """Every text of a view or of blocks, in order; labels of buttons in brackets."""
    return "\n".join(_plain(text) for text in _texts(shown) if text.strip())


def _texts(shown: Any) -> Iterator[str]:
    if isinstance(shown, list):
        for each in shown:
            yield from _texts(each)
    elif isinstance(shown, dict):
        if shown.get("type") == "button":
            yield f"[{shown['text']['text']}]"
            return
        if "options" in shown or "option_groups" in shown or shown.get("type") == "external_select":
            return
        if shown.get("type") in {"mrkdwn", "plain_text"} and isinstance(shown.get("text"), str):
            yield shown["text"]
            return
        for name, each in shown.items():
            if name not in {"close", "state", "title" if "blocks" in shown and "callback_id" not in shown else "close"}:
                yield from _texts(each)


def _plain(text: str) -> str:
    for pattern, word in _CHANGING:
        text = pattern.sub(word, text)
    return text.replace("\u2060", "")
