"""`amicable setup` in front of somebody who types."""

from __future__ import annotations

import contextlib
import os
import pty
import sys
import termios
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
LOCAL_FLAGS: Final = 3  # of what tcgetattr tells


class Terminal:
    """A terminal of its own, whose echo is part of what is `shown`; `typed` counts lines that are not just Enter."""

    def __init__(self) -> None:
        self.shown = ""
        self.typed = 0
        self._read = 0
        self._process, self._end = pty.fork()
        if not self._process:
            os.environ["PYTHONPATH"] = str(ROOT)
            os.execv(sys.executable, [sys.executable, "-m", "bot", "setup"])  # noqa: S606 - ours

    def read_until(self, words: str) -> None:
        """Until these are shown, behind those that were waited for before."""
        while (found := self.shown.find(words, self._read)) < 0:
            self.shown += os.read(self._end, 4096).decode(errors="replace")
        self._read = found + len(words)

    def answer(self, prompt: str, line: str = "", *, hidden: bool = False) -> None:
        """Types the line as soon as it is asked for; of a secret, as soon as nothing typed is shown any more."""
        self.read_until(prompt)
        while hidden and termios.tcgetattr(self._end)[LOCAL_FLAGS] & termios.ECHO:
            time.sleep(0.01)
        self.typed += bool(line)
        os.write(self._end, f"{line}\n".encode())

    def leave(self) -> int:
        with contextlib.suppress(OSError):  # the other side has closed
            while read := os.read(self._end, 4096):
                self.shown += read.decode(errors="replace")
        return os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
