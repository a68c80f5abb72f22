"""Who may do what: the people by role, and the forms that change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.ids import Action, Form
from bot.replies import Block, Message, View
from bot.services.team.roles import Naming, Roles
from bot.views.blocks import (
    Marked,
    actions,
    button,
    context,
    date_input,
    day,
    dialog,
    divider,
    form,
    marked,
    message,
    people_input,
    person,
    person_input,
    section,
    sure,
)
from rules.clients.people import Member
from rules.sentences import Sentence

SHOWN_PEOPLE = 40
SHOWN_CONTRACTORS = 25
FIRST_CONTRACT = timedelta(days=30)


def roles_dialog(roles: Roles) -> View:
    blocks: list[Block] = [
        section(marked("*Admins in Slack:* {people}", people=_people(roles.slack_admins))),
        section(marked("*Admins named here:* {people}", people=_people(roles.named_admins))),
        section(marked("*Deciders:* {people}", people=_people(roles.deciders))),
        context(
            Marked(
                "Admins set who may do what, confirm trackers, read the log and see every client. Deciders decide "
                "about the clients that they see; so do admins, and each client's owner about that client. Everyone "
                "else of the team logs and reads."
            )
        ),
        actions(button("Change admins and deciders", Action.CHANGE_ROLES)),
        divider(),
        *_contractors(roles),
        actions(button("Name a contractor", Action.NAME_CONTRACTOR)),
    ]
    return dialog("Who may do what", blocks)


def roles_form(roles: Roles) -> View:
    admins, deciders = [_ids(people) for people in (roles.named_admins, roles.deciders)]
    return form(
        Form.ROLES,
        "Admins and deciders",
        [
            people_input(
                "admins",
                "Admins besides Slack's own",
                initial=admins,
                hint="Workspace owners and admins of Slack are admins anyway.",
            ),
            people_input("deciders", "Deciders", initial=deciders, hint="They decide about every client they see."),
        ],
        memo={"admins": " ".join(admins), "deciders": " ".join(deciders)},
    )


def read_roles(values: Mapping[str, Any], memo: Mapping[str, str]) -> tuple[Naming, Naming]:
    """Admins and deciders, as they were drawn and as they were chosen."""

    def naming(field: str) -> Naming:
        return Naming(drawn=frozenset(memo[field].split()), chosen=frozenset(values.get(field) or ()))

    return naming("admins"), naming("deciders")


def roles_saved() -> Message:
    return message(
        "Saved. Admins and deciders are as you chose.",
        section(Marked("*Saved.* What you chose counts from now on, also after people are read from Slack again.")),
        actions(button("Who may do what", Action.ROLES)),
    )


def contractor_form(today: date) -> View:
    return form(
        Form.CONTRACTOR,
        "Name a contractor",
        [
            section(
                Marked(
                    "A guest of the workspace who works for us. Until the end of the last day this guest counts as one "
                    "of the team: sees what the team sees, and may be in internal channels."
                )
            ),
            person_input("person", "Guest"),
            date_input("last_day", "Last day", initial=today + FIRST_CONTRACT, hint="Within a year; can be renewed."),
        ],
        submit="Name",
    )


def read_contractor(values: Mapping[str, Any]) -> tuple[str, date]:
    return str(values["person"]), date.fromisoformat(values["last_day"])


def _contractors(roles: Roles) -> list[Block]:
    if not roles.contractors:
        return [section(Marked("*Contractors:* nobody. An admin can name a guest who works for us, up to a last day."))]
    blocks = [_contractor(each, roles.timezone) for each in roles.contractors[:SHOWN_CONTRACTORS]]
    more = len(roles.contractors) - SHOWN_CONTRACTORS
    return [
        section(Marked("*Contractors*")),
        *blocks,
        *([context(marked("and {count} more; their contracts end by themselves", count=more))] if more > 0 else []),
    ]


def _contractor(member: Member, timezone: str) -> Block:
    until = member.contractor_until
    # The contract ends with the last day, so that day is the one before its end.
    last_day = (until.astimezone(ZoneInfo(timezone)) - timedelta(minutes=1)) if until else None
    end = button(
        "End now",
        Action.END_CONTRACT,
        member.id,
        suffix=member.id,
        name=Sentence("End the contract of {name} now", name=member.name),
    )
    question = Sentence(
        "{name} is a guest again at once. Our posts in channels with this guest are taken back.", name=member.name
    )
    return section(
        marked(
            "{who} until {until}", who=person(member.id), until=day(last_day) if last_day else Marked("further notice")
        ),
        sure(end, "End this contract?", question, "End it"),
    )


def _people(members: Sequence[Member]) -> Marked:
    named = ", ".join(person(member.id) for member in members[:SHOWN_PEOPLE])
    more = Sentence(" and {number} more", number=len(members) - SHOWN_PEOPLE) if len(members) > SHOWN_PEOPLE else ""
    return Marked(f"{named}{more}" if named else "nobody")


def _ids(members: Sequence[Member]) -> list[str]:
    return [member.id for member in members]
