"""How right the score was: in words, and a line for each outcome."""

from __future__ import annotations

from collections.abc import Iterator

from bot.replies import View
from bot.services.health.track_record import TrackRecord
from bot.views.blocks import Marked, context, day, dialog, marked, section
from rules.health.why.track_record import LEAST, Fate, Foresight, Foretold, low_of
from rules.sentences import Sentence
from rules.words import Words

SHOWN = 40  # a modal holds 100 blocks, and nobody reads more of them
_ENDED = {Fate.LEFT: "parted", Fate.MENDED: "mended", Fate.FADED: "faded out"}
_GROUPS = {
    Fate.LEFT: (
        "Of {count} client that parted, {low} stood at amend or lower eight weeks before.",
        "Of {count} clients that parted, {low} stood at amend or lower eight weeks before.",
    ),
    Fate.MENDED: (
        "Of {count} client that was mended, {low} stood at amend or lower eight weeks before.",
        "Of {count} clients that were mended, {low} stood at amend or lower eight weeks before.",
    ),
    Fate.FADED: (
        "Of {count} client that faded out, {low} stood at amend or lower eight weeks before.",
        "Of {count} clients that faded out, {low} stood at amend or lower eight weeks before.",
    ),
}


def too_few(record: TrackRecord) -> Sentence:
    """Why there is no number."""
    return Sentence(
        "One client was mended, left or faded so far. From {least} on, this page says how right the score was.",
        "{count} clients were mended, left or faded so far. From {least} on, this page says how right the score was.",
        count=record.outcomes,
        least=LEAST,
    )


def summary(record: TrackRecord) -> Iterator[tuple[str, list[Sentence]]]:
    """By formula: what it said of each kind of outcome that it could judge."""
    for version in record.versions:
        said = []
        for ending, (one, many) in _GROUPS.items():
            low, judged = low_of(record.foresights, ending, version)
            if judged:
                said.append(Sentence(one, many, count=judged, low=low))
        yield version, said or [Sentence("It was too early to say of every one of them.")]


def record_dialog(record: TrackRecord, words: Words) -> View:
    if not record.is_enough:
        return dialog("How right was the score?", [section(Marked(too_few(record)))])
    blocks = [
        section(
            marked(
                "*Formula {version}*\n{said}",
                version=version,
                said=Marked("\n".join(f"• {each}" for each in sentences)),
            )
        )
        for version, sentences in summary(record)
    ]
    shown = record.foresights[:SHOWN]
    blocks += [section(_line(each, words)) for each in shown]
    if len(record.foresights) > len(shown):
        more = len(record.foresights) - len(shown)
        blocks.append(
            context(
                Marked(
                    Sentence("{count} older one is counted above.", "{count} older ones are counted above.", count=more)
                )
            )
        )
    blocks.append(
        context(
            Marked(
                "Each number is that of the day eight weeks before, of what was logged by then. Imported notes "
                "count by their own day. Partings that were nobody's fault are left out."
            )
        )
    )
    return dialog("How right was the score?", blocks)


def _line(seen: Foresight, words: Words) -> Marked:
    return marked(
        "*{name}* {ended} on {on}\nOn {before}: {verdicts}",
        name=seen.client_name,
        ended=_ENDED[seen.ended.ending],
        on=day(seen.ended.on),
        before=day(seen.on),
        verdicts=" · ".join(said(each, words) for each in seen.verdicts),
    )


def said(verdict: Foretold, words: Words) -> str:
    band = words.band(verdict.band)
    number = f"{verdict.number} " if verdict.number is not None else ""
    return f"{number}{band} ({verdict.version})"
