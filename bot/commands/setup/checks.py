"""Each answer is tried on the spot against the service that it is for, while whoever typed it still sits there."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError
from slack_sdk.web import WebClient

from bot.bootstrap import trying
from bot.commands.doctor.environment import signing_secret
from bot.commands.doctor.findings import Finding, State
from bot.commands.doctor.slack import SlackLook, look_at_app_token
from bot.commands.manifest import manifest_scopes
from bot.commands.setup import slack_app
from bot.settings import PREFIX, SLACK_API
from rules.errors import AgainLaterError, AmicableError, RefusedError
from rules.sentences import Sentence

SECONDS: Final = 10
CONFIGURATION: Final = "xoxe"
INSTALLER: Final = "installer"
"""What a configuration token says of whose it is; no setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """`answer` is what is kept, `said` what was found, `problem` what is wrong and what to do.

    `is_done`: it was of use and is not kept, so the question stands again. `sets` are settings that came with it.
    """

    answer: str
    said: str = ""
    problem: str = ""
    is_done: bool = False
    sets: Mapping[str, str] = field(default_factory=dict)


Check = Callable[[str, Mapping[str, str]], Tried]
"""Of an answer, and of all settings as far as they are known, by their full names."""


def as_it_is(answer: str, _known: Mapping[str, str]) -> Tried:
    return Tried(answer=answer)


def address(answer: str, _known: Mapping[str, str]) -> Tried:
    if answer and not answer.startswith("https://"):
        return Tried(answer=answer, problem="Slack takes an address with https:// alone. Empty is Socket Mode.")
    return Tried(answer=answer)


def bot_token(answer: str, known: Mapping[str, str]) -> Tried:
    """A configuration token makes the app first."""
    if answer.startswith(CONFIGURATION):
        return _with_configuration(answer, known)
    if answer.startswith("xapp-"):
        return Tried(answer=answer, problem="This is the app-level token, which is asked for next. Here: xoxb-...")
    if answer.startswith("xoxp-"):
        return Tried(answer=answer, problem="This is a person's token. The bot's begins with xoxb-.")
    look = SlackLook(_slack(answer, known), trying.clock())
    return _found(answer, list(look.look(manifest_scopes())))


def _with_configuration(answer: str, known: Mapping[str, str]) -> Tried:
    if not answer.startswith("xoxe.xoxp-"):
        return Tried(answer="", problem="This is the refresh token. Copy the access token: it begins with xoxe.xoxp-.")
    try:
        url = known.get(f"{PREFIX}WEB__PUBLIC_URL", "")
        made = slack_app.make(_slack(answer, known), url, known.get(f"{PREFIX}SLACK__BOT_TOKEN", ""))
    except RefusedError as refusal:
        return Tried(answer="", problem=refusal.sentence)
    where = slack_app.install_page(made.app_id)
    sets = {INSTALLER: made.person_id}
    if not made.secret:
        told = Sentence("The Slack app {app} is up to date.", app=made.app_id)
        again = Sentence("{told} It asks for more than before: install it again, at {page}", told=told, page=where)
        return Tried(answer="", said=again if made.asks_for_more else told, is_done=True, sets=sets)
    told = Sentence(
        "The Slack app {app} is made. Install it: {page}\nThen copy two tokens: the bot token from “OAuth & "
        "Permissions” there, and an app-level token.",
        app=made.app_id,
        page=where,
    )
    if url:
        sets |= {f"{PREFIX}SLACK__SIGNING_SECRET": made.secret}
    return Tried(answer="", said=told, is_done=True, sets=sets)


def app_token(answer: str, known: Mapping[str, str]) -> Tried:
    return _found(answer, [look_at_app_token(_slack(answer, known), answer)])


def secret(answer: str, _known: Mapping[str, str]) -> Tried:
    finding = signing_secret(answer)
    return Tried(answer=answer, problem="" if finding.state is State.OK else f"{finding.said} {finding.remedy}")


def database(answer: str, _known: Mapping[str, str]) -> Tried:
    return _tried(answer, lambda: trying.database(answer))


def timezone(answer: str, _known: Mapping[str, str]) -> Tried:
    return _tried(answer, lambda: trying.timezone(answer))


def jira_site(answer: str, _known: Mapping[str, str]) -> Tried:
    return _tried(answer, lambda: trying.site(answer))


def jira_account(answer: str, known: Mapping[str, str]) -> Tried:
    told = _part("JIRA", known) | {"token": answer}
    return _tried(answer, lambda: trying.account(told), "Jira knows the account.")


def jira_project(answer: str, known: Mapping[str, str]) -> Tried:
    told = _part("JIRA", known) | {"project": answer}
    return _tried(answer, lambda: trying.project(told), "The project is there.")


def trello_board(answer: str, known: Mapping[str, str]) -> Tried:
    found: list[str] = []
    tried = _tried(answer, lambda: found.append(trying.board(_part("TRELLO", known), answer)), "The board is there.")
    return Tried(answer=found[0], said=tried.said) if found else tried


def _slack(token: str, known: Mapping[str, str]) -> WebClient:
    name = f"{PREFIX}SLACK__API_URL"
    return WebClient(
        token=token,
        base_url=os.environ.get(name) or known.get(name) or SLACK_API,
        ssl=ssl.create_default_context(),
        timeout=SECONDS,
        retry_handlers=[],
    )


def _found(answer: str, findings: list[Finding]) -> Tried:
    wrong = [f"{each.said} {each.remedy}" for each in findings if each.state is State.FAULT]
    fine = [each.said for each in findings if each.state is State.OK and each.area == "Slack"]
    return Tried(answer=answer, said="\n".join(fine), problem="\n".join(wrong))


def _tried(answer: str, attempt: Callable[[], object], said: str = "") -> Tried:
    """A service that does not answer now accuses nobody."""
    try:
        attempt()
    except AgainLaterError as error:
        return Tried(answer=answer, said=Sentence("{why} It was not checked.", why=error.sentence))
    except AmicableError as error:
        return Tried(answer=answer, problem=error.sentence)
    except ValidationError as error:
        wrong = "; ".join(problem["msg"].removeprefix("Value error, ") for problem in error.errors())
        return Tried(answer=answer, problem=f"{wrong}.")
    return Tried(answer=answer, said=said)


def _part(name: str, known: Mapping[str, str]) -> dict[str, str]:
    """A tracker's settings as far as they are known; what stands in the environment counts before `.env`."""
    outer = f"{PREFIX}{name}__"
    given = {**known, **os.environ}
    return {
        full.removeprefix(outer).lower(): value for full, value in given.items() if full.startswith(outer) and value
    }
