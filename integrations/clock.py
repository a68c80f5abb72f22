"""The one reader of the clock. `now` is the product's time, `real` the time on the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path


class SystemClock:
    """Both times are the machine's."""

    def now(self) -> datetime:
        return self.real()

    def real(self) -> datetime:
        return datetime.now(tz=UTC)


class FileClock:
    """Real time plus the seconds written in a file, so that one hand moves the time of several processes.

    A file that is missing or empty means no offset. It is read again only when it has changed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version: tuple[int, int, int] | None = None
        self._offset = timedelta()

    def now(self) -> datetime:
        return self.real() + self._read_offset()

    def real(self) -> datetime:
        return datetime.now(tz=UTC)

    def _read_offset(self) -> timedelta:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return timedelta()
        version = (found.st_mtime_ns, found.st_size, found.st_ino)
        if version != self._version:
            self._offset = timedelta(seconds=float(self._path.read_text(encoding="ascii").strip() or 0))
            self._version = version
        return self._offset


def write_offset(path: Path, offset: timedelta) -> None:
    """Moves every `FileClock` on this file; the swap is atomic, so that no reader sees half a number."""
    fresh = path.with_suffix(".fresh")
    fresh.write_text(f"{offset.total_seconds():.3f}\n", encoding="ascii")
    fresh.replace(path)
