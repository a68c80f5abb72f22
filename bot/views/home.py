"""The Home tab: what waits for me, my clients, the others."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ids import Action
from bot.replies import Block, View
from bot.services.health.briefs import Brief
from bot.services.home import HomePage
from bot.services.partings.sheets import RunningParting
from bot.services.waiting import Need, WayOn
from bot.views.away import away_blocks
from bot.views.blocks import (
    Marked,
    actions,
    button,
    clip,
    context,
    day,
    divider,
    header,
    home,
    marked,
    person,
    section,
)
from bot.views.capture.notes import type_buttons
from bot.views.first_hour import first_hour_blocks
from bot.views.health.scorecard import card_line
from bot.views.nudges.nudges import answers, unless
from bot.views.partings.progress import count_line
from bot.views.ways import BUTTONS, way_value
from rules.health.catalogue import Catalogue
from rules.nudges.first_hour import FirstStep
from rules.nudges.need import NeedKind
from rules.sentences import Sentence
from rules.words import Words

# A Home tab holds 100 blocks: what waits, a page of clients, and what is around them.
SHOWN_WAITING = 12
SHOWN_PARTINGS = 6
SHOWN_UNTYPED = 3
# What a button does at once bears its own name.
_OPENS = {WayOn.CONFIRM: "Confirm"}


def home_view(page: HomePage, catalogue: Catalogue, words: Words) -> View:
    """What needs me first, then my clients, then the others; the next pages hold clients only."""
    if not page.clients:
        return home(_first_run(page))
    blocks: list[Block] = []
    if not page.number:
        blocks += _away(page, catalogue, words)
        blocks += [*first_hour_blocks(page.steps), *_demo(page)]
        blocks += [*_first_note(page), *_needs(page), *_untyped(page, catalogue), *_partings(page.partings)]
    blocks += [divider(), _finder()]
    blocks += _clients("Your clients", page.mine, words, "mine")
    blocks += _clients("All other clients" if page.mine or page.number else "All clients", page.others, words, "other")
    blocks += [
        *_turning(page),
        divider(),
        actions(
            button("Log a note", Action.LOG_FROM_HOME, style="primary"),
            button("Add a client", Action.ADD_CLIENT),
            button("Digest now", Action.DIGEST_NOW),
            button("Messages to me", Action.MESSAGES_TO_ME),
            button("Settings", Action.SETTINGS),
        ),
        context(Marked("`/client help` says what you can type. Only you see this page.")),
    ]
    return home(blocks)


def _away(page: HomePage, catalogue: Catalogue, words: Words) -> list[Block]:
    since = page.reader.away_since
    return away_blocks(since, page.reader.timezone, page.changes, catalogue, words) if since else []


def closed_home() -> View:
    """For whoever is not one of us any more: nothing of ours."""
    return home([section(Marked("Amicable is for members of the team. If that is a mistake, ask a workspace admin."))])


def _first_run(page: HomePage) -> list[Block]:
    ways = [
        actions(
            button("Add a client", Action.ADD_CLIENT, style="primary"),
            button("Add several", Action.ADD_CLIENTS, name="Add several clients from a list"),
        ),
        context(Marked("Everything here stays inside the team. Nothing is ever sent to a client.")),
    ]
    return [
        header("Welcome"),
        section(
            Marked(
                "Amicable remembers what goes well and what doesn't with each client, and shows what it adds up to.\n"
                "*1.* Add your clients. *2.* Log the first note. *3.* Read why the number is what it is."
            )
        ),
        *(first_hour_blocks(page.steps) or ways),
        *_demo(page),
    ]


def _demo(page: HomePage) -> list[Block]:
    if page.demo is None:
        return []
    opens = button("Open", Action.LOOK_AT_DEMO, suffix="home-demo", name="Open the demo client")
    line = marked("*{client}*: made up, so that you see what a client looks like here.", client=page.demo.name)
    return [section(line), actions(opens, button("Remove the demo", Action.REMOVE_DEMO, suffix="home-demo"))]


def _first_note(page: HomePage) -> list[Block]:
    if not page.is_new or FirstStep.NOTE in page.steps.steps:
        return []
    return [
        header("Log the first note"),
        section(
            Marked(
                "Nothing is noted yet, so no client has a number. React to a message in a client's channel, use a "
                "message's menu, or type `/praise` or `/redflag` with what happened."
            )
        ),
        actions(button("Log a note", Action.LOG_FROM_HOME, suffix="first", style="primary")),
    ]


def _needs(page: HomePage) -> list[Block]:
    """My own first, then what anybody of my role could settle."""
    waiting = page.waiting
    blocks: list[Block] = [header("What needs you")]
    for place, item in enumerate(waiting[:SHOWN_WAITING]):
        is_first_of_role = page.reader.id not in item.turn.named and (
            not place or page.reader.id in waiting[place - 1].turn.named
        )
        if is_first_of_role and item.kind is not NeedKind.ACT_NOW:
            blocks.append(context(Marked("*Left by somebody else, or for anybody who decides:*")))
        blocks += _waiting(item, place, is_mine=page.reader.id in item.turn.named)
    if not waiting:
        blocks.append(section(Marked("Nothing right now.")))
    if len(waiting) > SHOWN_WAITING:
        blocks.append(context(marked("and {count} more, once these are done", count=len(waiting) - SHOWN_WAITING)))
    return blocks


def _partings(partings: Sequence[RunningParting]) -> list[Block]:
    """How the tasks stand, where the client has been told: everybody helps."""
    if not partings:
        return []
    blocks: list[Block] = [header("Partings under way")]
    for place, each in enumerate(partings[:SHOWN_PARTINGS]):
        name = Sentence("Parting from {name}", name=each.client.name)
        opens = button("Open", Action.PARTING, each.client.id, suffix=f"parting-{place}", name=name)
        done, total = each.progress.total - each.progress.left, each.progress.total
        line = count_line(each.origin, done, total, each.late, each.last_day)
        stuck = Sentence(" {stuck} could not be opened.", stuck=each.progress.stuck) if each.progress.stuck else ""
        text = marked("*{client}*: {line}{stuck}", client=each.client.name, line=line, stuck=stuck)
        blocks.append(section(text, opens))
    if len(partings) > SHOWN_PARTINGS:
        blocks.append(context(marked("and {count} more", count=len(partings) - SHOWN_PARTINGS)))
    return blocks


def _finder() -> Block:
    """A select that searches while somebody types, and opens what is chosen."""
    select: Block = {
        "type": "external_select",
        "action_id": Action.FIND_CLIENT.value,
        "placeholder": {"type": "plain_text", "text": "Type a name"},
        "min_query_length": 0,
    }
    return section(Marked("*Find a client*"), select)


def _turning(page: HomePage) -> list[Block]:
    if page.pages == 1:
        return []
    ways = [("Previous", page.number - 1), ("Next", page.number + 1)]
    turns = [
        button(
            label,
            Action.HOME_PAGE,
            str(number),
            suffix=label.lower(),
            name=Sentence("{label} page of clients", label=label),
        )
        for label, number in ways
        if 0 <= number < page.pages
    ]
    where = marked(
        "Page {number} of {pages} · {clients} clients", number=page.number + 1, pages=page.pages, clients=page.clients
    )
    return [context(where), actions(*turns)]


def _untyped(page: HomePage, catalogue: Catalogue) -> list[Block]:
    """A note without a type counts nothing; the likeliest ones are a click away."""
    if not page.untyped:
        return []
    count = len(page.untyped)
    said = marked(
        "*{text}* They count nothing until they have one.",
        text=Sentence("{count} note still needs a type.", "{count} notes still need a type.", count=count),
    )
    blocks: list[Block] = [section(said)]
    names = page.names
    for signal in page.untyped[:SHOWN_UNTYPED]:
        text = clip(signal.note or signal.excerpt, 150) or "A note without words"
        blocks.append(context(marked("{client}: “{text}”", client=names.get(signal.client_id, ""), text=text)))
        blocks.append(actions(*type_buttons(signal, catalogue)))
    if count > SHOWN_UNTYPED:
        blocks.append(context(marked("and {count} more, once these have theirs", count=count - SHOWN_UNTYPED)))
    return blocks


def _waiting(item: Need, place: int, *, is_mine: bool) -> list[Block]:
    """What can be put off or settled by hand has its way out beside the way on."""
    opens = button(
        _OPENS.get(item.way, "Open"),
        BUTTONS[item.way][1],
        way_value(item.way, item.value),
        suffix=f"waiting-{place}",
        name=Sentence("Open {client_name}", client_name=item.client_name),
    )
    whose = _since(item) if is_mine else left_by(item)
    line = marked(
        "*{client}*: {what}{otherwise}{whose}",
        client=item.client_name,
        what=item.what,
        otherwise=unless(item.otherwise),
        whose=whose,
    )
    if item.nudge_id:
        out = answers(item.nudge_id, of_client=bool(item.client_id), suffix=f"waiting-{place}")
        return [section(line), actions(opens, out)]
    return [section(line, opens)]


def _since(item: Need) -> Marked:
    """One's own matter says for how long it has been late."""
    if not item.is_late or not item.due_on:
        return Marked("")
    return marked("\n_Overdue since {day}_", day=day(item.due_on))


def left_by(item: Need) -> Marked:
    """Since when it has been left, and by whom: what goes up says whose it was."""
    if not item.reach or not item.due_on:
        return Marked("")
    whose = Marked(", ").join(person(each) for each in item.turn.named)
    return marked("\n_Left since {day}: {whose}_", day=day(item.due_on), whose=Marked(whose))


def _clients(title: str, cards: Sequence[Brief], words: Words, kind: str) -> list[Block]:
    if not cards:
        return []
    blocks: list[Block] = [divider(), header(title)]
    for place, card in enumerate(cards):
        opens = button(
            "Open",
            Action.OPEN_CLIENT,
            card.client.id,
            suffix=f"{kind}-{place}",
            name=Sentence("Open {name}", name=card.client.name),
        )
        blocks.append(section(card_line(card, words), opens))
    return blocks
