"""The second reading: the letter alone, and what a reader takes from it (design section 5, "Notice")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.ids import Form
from bot.replies import Block, Option, View
from bot.services.partings.notices import NoticeSheet
from bot.views.blocks import (
    Marked,
    checks_input,
    clip,
    context,
    divider,
    form,
    lines,
    marked,
    person,
    radio_input,
    section,
    text_input,
)
from bot.views.partings.letter_text import letter_text
from rules.errors import ConflictError
from rules.notices import blind, review
from rules.notices.blind import BlindQuestion, LetterAnswers
from rules.notices.checks.tone import gentler
from rules.notices.draft import language_for
from rules.notices.notice import Notice, NoticeFacts, ReadAs
from rules.notices.second_reading import SecondReading
from rules.sentences import Sentence

# Slack shows ten checkboxes and a hundred blocks at most.
BOXES = 10
MOST_ADDED = 60

TICKED = {
    BlindQuestion.FINISH: "What do they still finish for you?",
    BlindQuestion.RECEIVE: "What do you get from them?",
    BlindQuestion.TURN_TO: "Whom can you turn to next?",
}
READ_AS = {ReadAs.FACT: "A fact", ReadAs.THANKS: "Thanks or good wishes", ReadAs.JUDGEMENT: "A judgement of them"}
READ = {
    ReadAs.FACT: "read as a fact",
    ReadAs.THANKS: "read as thanks",
    ReadAs.JUDGEMENT: "read as a judgement",
    ReadAs.MISLED: "was misread",
}


def read_form(sheet: NoticeSheet, notice: Notice) -> View:
    """The letter alone, then the questions; nothing of what we know stands beside it."""
    if len(sheet.added) > MOST_ADDED:
        raise ConflictError("More of this letter is not from its facts than can be read one by one. Shorten it.")
    return form(
        Form.READ_LETTER,
        sheet.client.name,
        [
            section(marked("{text}", text="Read it as the client will, then answer from the letter alone.")),
            divider(),
            *letter_text(notice),
            divider(),
            *_questions(sheet.facts),
            *_sentences(sheet),
        ],
        submit="Approve",
        memo={"letter": notice.id, "seen": review.seen_digest(notice)},
    )


def read_answers(values: Mapping[str, Any], facts: NoticeFacts, added: tuple[str, ...], seen: str) -> SecondReading:
    chosen = {
        question: frozenset(names[int(place)] for place in _ticked(values, question) if int(place) < len(names))
        for question, names in blind.options(facts).items()
    }
    read_as = {
        sentence: ReadAs(str(values[f"sentence_{place}"]))
        for place, sentence in enumerate(added)
        if values.get(f"sentence_{place}")
    }
    answers = LetterAnswers(
        last_day=str(values.get(BlindQuestion.LAST_DAY) or ""),
        sums=str(values.get(BlindQuestion.SUMS) or ""),
        ticked=chosen,
    )
    return SecondReading(seen=seen, answers=answers, read_as=read_as)


def what_misled(sheet: NoticeSheet) -> dict[str, str]:
    """A sentence at each question whose answer the facts do not give, by block id."""
    return {_block(question, 0): _misled(sentence) for question, sentence in sheet.misread.items()}


def added_sentences(sheet: NoticeSheet, notice: Notice) -> list[Block]:
    """The sentences of somebody's own, for whoever writes: what a second reader will be asked, and what one said."""
    readings = {each.sentence: each for each in notice.readings}
    rows = [
        marked("• “{sentence}”{read}", sentence=clip(each, 200), read=_read(readings, each))
        for each in sheet.added[:MOST_ADDED]
    ]
    misled = [each for each in notice.readings if each.read_as is ReadAs.MISLED and each.sentence]
    rows += [marked("• “{said}” misled {who}.", said=clip(each.sentence, 200), who=person(each.by)) for each in misled]
    offers = dict.fromkeys(
        gentler(each.sentence, language_for(notice.language))
        for each in notice.readings
        if each.read_as is ReadAs.JUDGEMENT and each.sentence in sheet.added
    )
    if not rows:
        return []
    asked = marked("{text}", text="A second person reads each: a fact, thanks, or a judgement?")
    blocks = [*_listed(rows), context(asked)]
    if offers:
        said = lines(Marked("*Gentler words, if you like*"), *(marked("• {words}", words=each) for each in offers))
        blocks.append(section(said))
    return blocks


def _listed(rows: list[Marked]) -> Iterator[Block]:
    heading = Marked("*Sentences of yours: no fact wrote them*")
    for start in range(0, len(rows), BOXES):
        yield section(lines(*([heading] if start == 0 else []), *rows[start : start + BOXES]))


def _read(readings: Mapping[str, Any], sentence: str) -> Marked:
    reading = readings.get(sentence)
    if reading is None:
        return Marked("")
    return marked(", {read} by {who}", read=READ[reading.read_as], who=person(reading.by))


def _questions(facts: NoticeFacts) -> Iterator[Block]:
    yield text_input(BlindQuestion.LAST_DAY, "Which is their last day?", limit=100)
    if BlindQuestion.SUMS in blind.asked(facts):
        hint = 'Only the sums, such as 1,200 and 350.50; "none" if nothing is open.'
        yield text_input(BlindQuestion.SUMS, "Which sums are still to be paid?", limit=300, hint=hint)
    for question, names in blind.options(facts).items():
        for start in range(0, len(names), BOXES):
            boxes = [
                Option(label=clip(name, 75), value=str(start + place))
                for place, name in enumerate(names[start : start + BOXES])
            ]
            label = TICKED[question] if start == 0 else Sentence("{question} (more)", question=TICKED[question])
            yield checks_input(_block(question, start), label, boxes, hint="None of them is an answer, too.")


def _sentences(sheet: NoticeSheet) -> Iterator[Block]:
    choices = [Option(label=label, value=value.value) for value, label in READ_AS.items()]
    if sheet.added:
        yield divider()
        yield context(marked("{text}", text="These sentences are not from the facts. How does each of them read?"))
    for place, sentence in enumerate(sheet.added):
        yield radio_input(f"sentence_{place}", clip(sentence, 1900), choices)


def _ticked(values: Mapping[str, Any], question: BlindQuestion) -> list[str]:
    return [place for block, chosen in values.items() if block.startswith(f"{question}_") for place in chosen or ()]


def _block(question: BlindQuestion, start: int) -> str:
    return question.value if question not in TICKED else f"{question}_{start}"


def _misled(sentence: str) -> str:
    if not sentence:
        return "The facts say otherwise, and no sentence of the letter says it. It is noted for its drafter."
    return Sentence("The facts say otherwise. This sentence led there: “{sentence}”", sentence=clip(sentence, 300))
