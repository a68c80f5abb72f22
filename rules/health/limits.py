"""The limits of the formula, read from the catalogue beside the weights (design section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from rules.errors import InvalidError
from rules.sentences import Sentence

TENTHS: Final = 10
_POINTS: Final = frozenset({"date", "week", "gut", "voice", "praise", "praise_voice"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the sums of the formula obey. Points are in tenths; the other figures are as the file has them.

    `date`, `week`, `gut` and `voice` are the most that a date, an ISO week, all gut feelings and one person's own
    impressions may cost; `praise` is the most that praise adds, `praise_voice` of it from one person. `cover`: kind
    words weigh so many times their points against a week's grumbles. `repeat` is added to the factor 1 for each
    earlier date of the type within `repeat_days`, up to `repeat_most`. What lies within `together_days` of a fact or
    another's note of the type is about the same. `lateness`: up to so many days late an invoice weighs that part of a
    red flag, `latest` beyond.
    """

    date: int
    week: int
    gut: int
    voice: int
    praise: int
    praise_voice: int
    cover: float
    repeat: float
    repeat_most: float
    repeat_days: int
    together_days: int
    lateness: tuple[tuple[int, float], ...]
    latest: float

    @property
    def heaviest_lateness(self) -> float:
        return max(self.latest, *(part for _, part in self.lateness))

    def lateness_of(self, days: int) -> float:
        """The part of a red flag that an invoice weighs, so many days late; 0 where it is not late."""
        if days <= 0:
            return 0.0
        return next((part for most, part in self.lateness if days <= most), self.latest)


def parse_limits(data: Mapping[str, Any]) -> Limits:
    """The table of limits, or an `InvalidError` that names the line that is wrong."""
    known = {each.name for each in fields(Limits)}
    strange = sorted(set(data) - known)
    missing = sorted(known - set(data))
    if strange or missing:
        raise InvalidError(
            Sentence(
                "The list of limits has the lines {known}. Look at this one: {name}.",
                known=", ".join(sorted(known)),
                name=(strange or missing)[0],
            )
        )
    return Limits(**{name: _value(name, value) for name, value in data.items()})


def _value(name: str, value: Any) -> Any:
    if name == "lateness":
        return _grades(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise InvalidError(
            Sentence("The limit “{name}” is wrong: {value}. Write a number from 0 on.", name=name, value=value)
        )
    if name in _POINTS:
        return round(value * TENTHS)
    return int(value) if name.endswith("_days") else float(value)


def _grades(value: Any) -> tuple[tuple[int, float], ...]:
    try:
        grades = tuple((int(days), float(part)) for days, part in value)
    except (TypeError, ValueError):
        grades = ()
    if not grades or list(grades) != sorted(grades) or any(part < 0 for _, part in grades):
        raise InvalidError(
            "The limit “lateness” is wrong. Write pairs of days and parts, such as [[3, 0.15], [14, 0.4]]."
        )
    return grades
