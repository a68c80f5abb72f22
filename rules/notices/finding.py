"""What a reviewer of a letter should see, and how much of it a person may let stand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """How much a finding weighs: `high` blocks the approval until it is gone or stands with a reason; `low` asks."""

    HIGH = "high"
    LOW = "low"


# Theirs held back, a release of liability, a judgement: no reason lets these stand (design section 5, "Notice").
NEVER_STANDS: Final = frozenset({"held_back", "release", "blame", "label", "sarcasm", "judgement"})
_FACT = "missing_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to see: `sentence` says it to our people, `excerpt` quotes the letter (empty: nothing to quote).

    Codes that begin with `missing_` speak of a fact that nobody has given; the letter can't do without it.
    """

    code: str
    level: Level
    sentence: str
    excerpt: str = ""

    @property
    def key(self) -> str:
        """What an override names: the same finding on other words is another one."""
        return f"{self.code}:{hashlib.sha256(self.excerpt.encode()).hexdigest()[:8]}"

    @property
    def is_required(self) -> bool:
        """A fact is missing: the form takes it."""
        return self.code.startswith(_FACT)

    @property
    def may_stand(self) -> bool:
        """Whether a reason lets it stand."""
        return not self.is_required and self.code not in NEVER_STANDS
