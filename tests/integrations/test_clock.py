from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

from integrations.clock import FileClock, SystemClock, write_offset


def test_the_system_clock_is_aware_and_in_utc() -> None:
    """Every time that the product sees carries its zone."""
    assert SystemClock().now().tzinfo == UTC


def test_a_clock_without_its_file_tells_real_time(tmp_path: Path) -> None:
    """The sandbox starts in the present."""
    clock = FileClock(tmp_path / "offset")

    assert clock.now() - clock.real() < timedelta(seconds=1)


def test_writing_the_offset_moves_every_clock_on_the_file(tmp_path: Path) -> None:
    """One hand moves the time of several processes, back and forth, and the wire's time stays."""
    path = tmp_path / "offset"
    clocks = [FileClock(path), FileClock(path)]
    before = [clock.now() for clock in clocks]
    write_offset(path, timedelta(days=7))
    ahead = [clock.now() - then for clock, then in zip(clocks, before, strict=True)]
    write_offset(path, timedelta())
    back = [clock.now() - clock.real() for clock in clocks]

    assert [moved.days for moved in ahead] == [7, 7]
    assert max(back) < timedelta(seconds=1)
