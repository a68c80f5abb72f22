"""Where tickets go and who sees them: what is asked of a tracker, and what an admin says of it once."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from bot.calls import write_memo
from bot.ids import Action, Form
from bot.replies import Block, Message, Option, View
from bot.services.partings.sheets import Audience
from bot.services.partings.tickets.destinations import AskFor, Asking, Matching
from bot.views.blocks import (
    Marked,
    actions,
    button,
    checks_input,
    clip,
    context,
    dialog,
    form,
    lines,
    link,
    marked,
    message,
    section,
    select_input,
    sure,
)
from bot.views.partings.preview import STRANGERS_CONFIRMED
from rules.partings.tickets.outcomes import ClosedAs, meaning, plain, untold
from rules.ports import RequiredField
from rules.sentences import Sentence
from rules.trackers import names

ENDINGS_AT_ONCE = 10
DONE = "done"
# Of the 3,000 characters that Slack keeps for a form (facts/slack.md).
MEMO_ROOM = 2500
ACCOUNTS_SHOWN = 100
ACCOUNT = "account_"
ASKING = {
    AskFor.AUDIENCE: "Asking {label} who sees the tickets…",
    AskFor.FIELDS: "Asking {label} what it needs of each ticket…",
    AskFor.ENDINGS: "Asking {label} how tickets are closed there…",
    AskFor.PEOPLE: "Asking {label} who has an account there…",
    AskFor.OPEN: "Asking {label} who sees the tickets. Then they are opened…",
    AskFor.OPEN_AGAIN: "Asking {label} who sees the tickets. Then it is opened again…",
}


def audience_dialog(audience: Audience) -> View:
    """Who sees the tickets there; an admin stands for it (BR14)."""
    place = audience.destination
    blocks = [
        section(
            lines(
                marked("Tickets go to {place}.", place=link(place.url, place.name)),
                marked("*Who sees them:* {audience}", audience=place.audience),
                marked("*Not known here:* {people}", people=names(audience.strangers)) if audience.strangers else "",
                _needs(audience),
                _ends(audience),
            )
        ),
        *(context(marked("{remark}", remark=remark)) for remark in (place.layout, *place.remarks) if remark),
    ]
    if audience.may_confirm and place.url:
        blocks.append(actions(*_asks(audience)))
    if not audience.problem:
        blocks.append(context(marked("{text}", text="This place may be used.")))
        return dialog(audience.client.name, blocks)
    blocks.append(section(marked("{problem}", problem=audience.problem)))
    if audience.may_confirm:
        people = " ".join(person.id for person in audience.strangers[:STRANGERS_CONFIRMED])
        value = write_memo(parting=audience.parting.id, destination=place.id, people=people)
        ask = sure(
            button("Only our people see it", Action.CONFIRM_DESTINATION, value, style="primary"),
            "Who sees it?",
            "Tickets name the client and what we do. Nobody outside the team may see this place.",
            "I have checked it",
        )
        blocks.append(actions(ask))
    return dialog(audience.client.name, blocks)


def _asks(audience: Audience) -> list[Block]:
    """What an admin may settle once for all tickets."""
    place = audience.destination
    fields = button("Say what they get there", Action.TRACKER_FIELDS, audience.parting.id)
    endings = button("Say what means done", Action.ENDINGS, audience.parting.id)
    people = button("Who is who there", Action.TRACKER_PEOPLE, audience.parting.id)
    return [people, *([fields] if place.required_fields else []), *([endings] if _unclear(audience) else [])]


def _unclear(audience: Audience) -> list[str]:
    """The names that tell nothing by themselves, answered or not."""
    return untold(audience.destination.endings, {})


def _ends(audience: Audience) -> Marked:
    """Which of the tracker's endings count as done."""
    by_meaning: dict[ClosedAs, list[str]] = {}
    for name in audience.destination.endings:
        said = audience.endings if plain(name) in audience.endings else {}
        by_meaning.setdefault(meaning(name, said), []).append(name)
    told = [
        Sentence(template, names=", ".join(by_meaning[kind]))
        for kind, template in (
            (ClosedAs.DONE, "{names} means done"),
            (ClosedAs.DROPPED, "{names} does not"),
            (ClosedAs.UNKNOWN, "nobody has said it of {names}, which counts as not done until then"),
        )
        if kind in by_meaning
    ]
    return marked("*What closes a task:* {told}.", told="; ".join(told)) if told else Marked("")


def endings_form(audience: Audience) -> View:
    """Asked once, of names that nobody can read: the others are known."""
    options, left = _asked(audience)
    known = [option.value for option in options if audience.endings.get(option.value)]
    told = marked("A ticket in {place} counts as done only where it says so.", place=audience.destination.name)
    blocks = [context(told)]
    for start in range(0, len(options), ENDINGS_AT_ONCE):
        block, label = (f"{DONE}_{start}", "And these") if start else (DONE, "These mean done")
        blocks.append(checks_input(block, label, options[start : start + ENDINGS_AT_ONCE], initial=known))
    if not options:
        blocks.append(section(Marked("Every name there says by itself whether it means done.")))
    if left:
        text = Sentence(
            "{count} more name is asked about once these are saved.",
            "{count} more names are asked about once these are saved.",
            count=left,
        )
        blocks.append(context(marked("{text}", text=text)))
    memo = {"parting": audience.parting.id, "asked": "\n".join(option.value for option in options)}
    return form(Form.ENDINGS, audience.client.name, blocks, memo=memo)


def _asked(audience: Audience) -> tuple[list[Option], int]:
    """What is asked about, each name that is compared as the same once, and how many find no room: answered ones."""
    names: dict[str, str] = {}
    for name in _unclear(audience):
        names.setdefault(plain(name), name)
    keys = sorted(names, key=lambda key: key in audience.endings)
    taken = accumulate(len(write_memo(key=key)) for key in keys)
    fitting = [key for key, used in zip(keys, taken, strict=True) if used <= MEMO_ROOM]
    return [Option(label=clip(names[key], 75), value=key) for key in fitting], len(keys) - len(fitting)


def read_endings(values: Mapping[str, Any], memo: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """What was asked about, and what of it means done."""
    done = [each for block, chosen in values.items() if block.startswith(DONE) for each in chosen or ()]
    return [name for name in memo["asked"].split("\n") if name], done


def people_form(matching: Matching) -> View:
    """Each of ours with a choice of accounts; what stands there is known, or proposed by e-mail, until it is saved."""
    blocks = [
        context(
            marked(
                "Tickets go to these accounts in {where}, and who is matched here counts as one of ours there. "
                "A name alone proves nothing.",
                where=matching.tracker_label,
            )
        )
    ]
    for member, account_id in matching.rows:
        first = sorted(matching.accounts, key=lambda each: each.id != account_id)[:ACCOUNTS_SHOWN]
        options = [
            Option(label=clip(f"{each.name} ({each.email})" if each.email else each.name, 75), value=each.id)
            for each in first
        ]
        name = clip(member.name, 150)
        if options:
            asked = select_input(f"{ACCOUNT}{member.id}", name, options, initial=account_id, optional=True)
            blocks.append(asked)
    if matching.page or matching.next_page:
        label = "Show the others" if matching.next_page else "Show the first ones"
        blocks.append(context(Marked("Save what you have chosen here before you look at the others.")))
        blocks.append(_again(matching.parting_id, AskFor.PEOPLE, str(matching.next_page), label, style=""))
    return form(Form.TRACKER_PEOPLE, matching.client.name, blocks, memo={"parting": matching.parting_id})


def read_people(values: Mapping[str, Any]) -> dict[str, str]:
    return {block.removeprefix(ACCOUNT): str(said or "") for block, said in values.items() if block.startswith(ACCOUNT)}


def asking_dialog(asking: Asking) -> View:
    """Shown at once; a worker puts the answer in its place."""
    text = ASKING[asking.ask_for]
    shown = dialog(asking.client.name, [section(marked("{text}", text=Sentence(text, label=asking.tracker_label)))])
    return {**shown, "external_id": asking.name}


def refused_dialog(parting_id: str, ask_for: AskFor, value: str, sentence: str) -> View:
    return dialog("Parting", [section(marked("{sentence}", sentence=sentence)), _again(parting_id, ask_for, value)])


def refused_message(parting_id: str, ask_for: AskFor, value: str, sentence: str) -> Message:
    text = Sentence("The tasks were not opened. {sentence}", sentence=sentence)
    return message(text, section(marked("{text}", text=text)), _again(parting_id, ask_for, value))


def _again(parting_id: str, ask_for: AskFor, value: str, label: str = "Ask again", style: str = "primary") -> Block:
    memo = write_memo(parting=parting_id, ask_for=ask_for, value=value)
    return actions(button(label, Action.ASK_AGAIN, memo, style=style))


def _worded(asked: RequiredField, answer: str) -> str:
    labels = dict(asked.choices)
    return ", ".join(labels.get(each, each) for each in (answer.split(",") if asked.many else [answer]))


def _needs(audience: Audience) -> Marked:
    """What the tracker wants of each ticket besides, with our answer."""
    said = [
        Sentence("{field} ({answer})", field=each.name, answer=_worded(each, answer) if answer else "not answered yet")
        for each in audience.destination.required_fields
        for answer in [audience.answers.get(each.id, "")]
    ]
    return marked("*Each ticket needs:* {fields}", fields=", ".join(said)) if said else Marked("")
