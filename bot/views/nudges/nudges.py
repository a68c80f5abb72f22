"""The one message in which unasked words reach a person: each with its ways on, its way out, and why it came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.ids import Action
from bot.replies import Block, Message, Option
from bot.services.nudges.nudges import Bundle, Said, Told
from bot.views.blocks import Marked, actions, choice, clip, context, day, marked, message, read_out, section, spoken
from bot.views.nudges.kinds import BECAUSE
from bot.views.ways import way_button
from rules.local_days import local_time
from rules.nudges.hours import Snooze
from rules.nudges.nudge import Nudge, NudgeState
from rules.sentences import Sentence

WHAT_LENGTH = 1500
_ANSWERS = {
    Snooze.TOMORROW.value: "Snooze until tomorrow",
    Snooze.NEXT_WEEK.value: "Snooze until next week",
    NudgeState.DONE.value: "Done",
    NudgeState.NOT_RELEVANT.value: "Not relevant",
}
_MUTE = "mute"
_OVER = {
    NudgeState.DONE: "Done.",
    NudgeState.NOT_RELEVANT: "Not relevant.",
    NudgeState.LAPSED: "Settled meanwhile.",
}


def nudge_message(bundle: Bundle) -> Message:
    """The first word leads; screen readers and notifications get them all."""
    blocks = [block for said in bundle.said for block in _word(said, bundle.person.timezone)]
    text = (
        " ".join(_spoken(said.told) for said in bundle.said if said.told and said.nudge.state not in _OVER)
        or "Nothing is left of this."
    )
    rest = Sentence("{more} more on Home. ", more=bundle.more) if bundle.more else ""
    ending = marked("{rest}Home → “Messages to me” says what reaches you, and when.", rest=rest)
    return message(read_out(text), *blocks, context(ending))


def unless(otherwise: str) -> Marked:
    """What follows if nobody acts, on a line of its own."""
    return marked("\n_If nobody acts: {otherwise}_", otherwise=otherwise) if otherwise else Marked("")


def answers(nudge_id: str, *, of_client: bool, suffix: str = "") -> Block:
    """The way out of one word, wherever it stands."""
    mute = {_MUTE: "Mute this client"} if of_client else {}
    options = [Option(label, f"{answer}:{nudge_id}") for answer, label in (_ANSWERS | mute).items()]
    return choice(Action.NUDGE_ANSWER, "Not now …", options, suffix=suffix or nudge_id)


def read_answer(value: str) -> tuple[Snooze | NudgeState | None, str]:
    """What was chosen (None: to mute the client), and of which word."""
    answer, _, nudge_id = value.partition(":")
    if answer == _MUTE:
        return None, nudge_id
    return (Snooze(answer) if answer in tuple(Snooze) else NudgeState(answer)), nudge_id


def snoozed_words(until: datetime, timezone: str) -> str:
    return Sentence("Snoozed until {day}.", day=day(local_time(until, timezone)))


def _word(said: Said, timezone: str) -> Sequence[Block]:
    known, told = said.nudge, said.told
    over = context(marked("{over}", over=_OVER.get(known.state, "Settled meanwhile.")))
    if told is None:
        return [over]
    line = section(
        marked(
            "*{about}:* {what}{otherwise}",
            about=told.about,
            what=spoken(clip(told.what, WHAT_LENGTH)),
            otherwise=unless(told.otherwise),
        )
    )
    if known.is_snoozed:
        return [line, context(marked("{until}", until=snoozed_words(known.due_at, timezone)))]
    if known.state in _OVER:
        return [line, over]
    ways = [way_button(*way, suffix=f"{known.id}-{place}") for place, way in enumerate(told.ways)]
    return [line, actions(*ways, answers(known.id, of_client=bool(known.client_id))), context(_why(known))]


def _why(known: Nudge) -> Marked:
    return marked("Why you get this: {because}", because=BECAUSE[known.kind])


def _spoken(told: Told) -> str:
    return f"{told.about}: {clip(told.what, WHAT_LENGTH)}"
