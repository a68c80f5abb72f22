"""What changed while the reader of a Home was away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.ids import Action
from bot.replies import Block
from bot.views.blocks import actions, button, context, day, header, marked, section
from rules.health.catalogue import Catalogue
from rules.health.days.away import SHOWN, Changed
from rules.local_days import local_time
from rules.sentences import Sentence
from rules.words import Words

SHOWN_TYPES = 2


def away_blocks(
    since: datetime, timezone: str, changes: Sequence[Changed], catalogue: Catalogue, words: Words
) -> list[Block]:
    """At most eight lines: where there are more clients, the last one counts them."""
    if not changes:
        return []
    shown = changes if len(changes) <= SHOWN else changes[: SHOWN - 1]
    blocks: list[Block] = [
        header("Since you were away"),
        context(
            marked("You were last here on {on}. This is gone on your next visit.", on=day(local_time(since, timezone)))
        ),
    ]
    for place, each in enumerate(shown):
        opens = button(
            "Open",
            Action.OPEN_CLIENT,
            each.client_id,
            suffix=f"away-{place}",
            name=Sentence("Open {name}", name=each.client_name),
        )
        said = "; ".join(_said(each, catalogue, words))
        blocks.append(section(marked("*{client}*: {said}", client=each.client_name, said=said), opens))
    if rest := len(changes) - len(shown):
        more = Sentence("and {count} more client with news", "and {count} more clients with news", count=rest)
        blocks.append(context(marked("{more}", more=more)))
    return [*blocks, actions(button("I have seen it", Action.SEEN_CHANGES))]


def _said(changed: Changed, catalogue: Catalogue, words: Words) -> Iterator[str]:
    if changed.acts_now:
        yield "act now: see what was noted"
    if changed.was and changed.now:
        way = "fell" if changed.fell else "rose"
        yield Sentence("{way} from {was} to {now}", way=way, was=words.band(changed.was), now=words.band(changed.now))
    if changed.stage:
        yield words.stage(changed.stage)
    if changed.plan_began:
        yield "a plan began"
    if changed.plan_ended:
        yield "a plan ended"
    if changed.notes:
        yield _notes(changed, catalogue)


def _notes(changed: Changed, catalogue: Catalogue) -> str:
    labels = [catalogue.type(code).label for code in [*changed.notes][:SHOWN_TYPES]]
    if len(changed.notes) > SHOWN_TYPES:
        labels.append("…")
    return Sentence(
        "{count} new note ({what})",
        "{count} new notes ({what})",
        count=sum(changed.notes.values()),
        what=", ".join(labels),
    )
