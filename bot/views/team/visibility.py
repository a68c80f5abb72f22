"""Who sees a client: the form, and what it came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.ids import Form
from bot.replies import Message, Option, View
from bot.views.blocks import Marked, context, form, marked, message, people_input, person, radio_input, section
from rules.clients.client import Client
from rules.errors import InvalidError
from rules.sentences import Sentence

EVERYONE, SOME = "everyone", "some"


def visibility_form(client: Client) -> View:
    listed = [person_id for person_id in client.visible_to if person_id != client.owner_id]
    return form(
        Form.VISIBILITY,
        "Who sees this client?",
        [
            section(marked("*{name}*", name=client.name)),
            radio_input(
                "shown_to",
                "Shown to",
                [Option("Everyone in the team", EVERYONE), Option("Only some people", SOME)],
                initial=SOME if client.visible_to else EVERYONE,
            ),
            people_input(
                "people", "Only these", initial=listed, hint="The client's owner and the admins see it in any case."
            ),
            context(
                Marked(
                    "To everyone else it does not exist: no list, search, digest or note of theirs shows it. What they "
                    "logged before stays. In channels where somebody may not see it, it is not mentioned any more."
                )
            ),
        ],
        memo={"client": client.id},
    )


def read_visibility(values: Mapping[str, Any]) -> Sequence[str] | None:
    """The people of the list; None for everyone. Names beside "everyone" are asked about, not guessed at."""
    people = tuple(values.get("people") or ())
    if values["shown_to"] == EVERYONE and people:
        sentence = "Choose “Only some people” above, or take these names out."
        raise InvalidError("Everyone, or only these?", {"people": sentence})
    return None if values["shown_to"] == EVERYONE else people


def visibility_set(client: Client) -> Message:
    people = ", ".join(person(each) for each in dict.fromkeys((client.owner_id, *client.visible_to)))
    who = Sentence("{people} and the admins", people=people) if client.visible_to else "everyone in the team"
    said = "only some people" if client.visible_to else "everyone in the team"
    return message(
        Sentence("{name} is shown to {said} now.", name=client.name, said=said),
        section(marked("*{name}* is shown to {who} now.", name=client.name, who=Marked(who))),
    )
