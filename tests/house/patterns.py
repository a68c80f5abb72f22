"""Every pattern of ours, found as it is compiled, against hostile words; prints which of them grow too fast."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LONG, SHORT = 3000, 750
SECONDS = 0.003  # what a pattern that takes each letter once stays far below, on a busy machine too
GROWTH = 8.0  # four times the letters: 4 where the time grows with them, 16 where it grows with their square
ATOMS = ("a", "1", " ", "\n", "1 ", "a.", "/", "@", "-")
HEADS = ("", "aA1")


def compiled() -> dict[re.Pattern[str], str]:
    """By pattern the file that made it: at import, or when a language is read."""
    found: dict[re.Pattern[str], str] = {}
    as_ever = re._compile  # type: ignore[attr-defined]  # noqa: SLF001 - whatever compiles goes through it

    def note(pattern: Any, flags: Any) -> Any:
        made, frame = as_ever(pattern, flags), sys._getframe(1)  # noqa: SLF001 - to know whose it is
        while frame.f_back and ("/re/" in frame.f_code.co_filename or "functools" in frame.f_code.co_filename):
            frame = frame.f_back
        file = Path(frame.f_code.co_filename)
        if isinstance(made.pattern, str) and file.is_relative_to(ROOT) and not {".venv", "sandbox"} & {*file.parts}:
            found[made] = str(file.relative_to(ROOT))
        return made

    re._compile = note  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    for name in ("rules", "bot", "integrations"):
        for each in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
            if not re.search(r"\.sandbox|\.migrations|__main__", each.name):
                importlib.import_module(each.name)
    tone = importlib.import_module("rules.notices.checks.tone")
    days = importlib.import_module("rules.notices.checks.days")
    for file in (ROOT / "rules/notices/tones").glob("*.toml"):
        tone.tone_list(file.stem)
        days.mentions_in("1 May", file.stem)
    re._compile = as_ever  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    return found


def hostile(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """How such a text begins, and what is repeated in it: the pattern's own letters and signs among them."""
    own = sorted(set(re.findall(r"[^\W\d_]{3,}|[^\w\s\\\[\]()?*+|^$]", pattern.pattern)))
    for atom in dict.fromkeys((*ATOMS, *own[:4], *(f"{each} " for each in own[-2:]))):
        yield from ((head, atom) for head in HEADS)


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """Of this thread alone: whoever else is busy does not count."""
    began = time.thread_time()
    for _ in pattern.finditer(text):
        pass
    return time.thread_time() - began


def grows_too_fast(pattern: re.Pattern[str], head: str, atom: str) -> bool:
    long, short = (head + (atom * size)[:size] for size in (LONG, SHORT))
    if seconds(pattern, long) < SECONDS:
        return False
    slow, quick = (min(seconds(pattern, text) for _ in range(3)) for text in (long, short))
    return slow > SECONDS and slow > GROWTH * quick


def main() -> None:
    found = compiled()
    slow = [
        [file, pattern.pattern, head + atom]
        for pattern, file in found.items()
        for head, atom in hostile(pattern)
        if grows_too_fast(pattern, head, atom)
    ]
    sys.stdout.write(json.dumps({"files": sorted(set(found.values())), "patterns": len(found), "slow": slow}))


if __name__ == "__main__":
    main()
