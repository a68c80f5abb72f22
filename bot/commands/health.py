"""`amicable health`: whether what runs on this machine, or in this container, does its work."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from bot.bootstrap.house import House
from bot.bootstrap.reading import read_settings
from bot.bootstrap.serving import answers
from rules.sentences import Sentence

SECONDS: Final = 5
PROCESSES: Final = Path("/proc")
BEATS: Final = frozenset({"worker", "run"})
KNOWN: Final = BEATS | {"web", "socket"}


def health() -> None:
    """Ends with 1 where a web server does not answer, or a worker has not been heard of; for a container's check."""
    house = House(read_settings(), serves_web=True)  # which waits for nobody
    try:
        wrong = list(faults(house, set(running(PROCESSES))))
    finally:
        house.close()
    sys.stderr.writelines(f"{each}\n" for each in wrong)
    raise SystemExit(int(bool(wrong)))


def running(processes: Path) -> Iterator[str]:
    """Which of ours run here, by their command line: `amicable worker`, `python -m bot worker`."""
    for each in processes.glob("[0-9]*/cmdline"):
        try:
            words = each.read_text(errors="replace").split("\0")
        except OSError:
            continue  # it has ended meanwhile, or is somebody else's
        for before, word in pairwise(words):
            if word in KNOWN and Path(before).name in {"amicable", "bot"}:
                yield word


def faults(house: House, names: set[str]) -> Iterator[str]:
    if not names:
        yield "No process of Amicable runs here."
    settings = house.settings
    if "web" in names or ("run" in names and not settings.slack.app_token.get_secret_value()):
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.web.host, settings.web.host)  # noqa: S104 - asked, not bound
        yield from _unless_it_answers(Sentence("http://{host}:{port}/health", host=host, port=settings.web.port))
    if names & BEATS:
        yield from _unless_it_beats(house)


def _unless_it_answers(url: str) -> Iterator[str]:
    if not answers(url, SECONDS):
        yield Sentence("{url} does not answer.", url=url)


def _unless_it_beats(house: House) -> Iterator[str]:
    """The heart of this machine's worker: another one's would hide that it stands still."""
    try:
        if not house.outside.jobs.beats(house.outside.clock.real(), here=True):
            yield "The worker here has not been heard of for half a minute."
    except sa.exc.SQLAlchemyError:
        yield "The database can't be reached, so nothing is known of the worker."
