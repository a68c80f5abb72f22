"""The processes of the Procfile, and `amicable migrate`, which goes before them."""

from __future__ import annotations

import gc
import signal
import sys
import threading

from bot.bootstrap.house import House
from bot.bootstrap.opening import bring_up_to_date, checked
from bot.bootstrap.reading import read_settings
from bot.bootstrap.serving import leave_in_time, serve
from bot.settings import Settings
from rules.errors import RefusedError

LOOKS_UP_SECONDS = 1.0


def run() -> None:
    """All in one process, on one machine: with an app token in Socket Mode, else behind your HTTPS proxy."""
    settings = read_settings()
    bring_up_to_date(settings)
    house = checked(House(settings, serves_web=False))
    house.lead()
    working = house.worker()
    working.start()
    try:
        (_hold_line if settings.slack.app_token.get_secret_value() else _serve)(settings)
    finally:
        working.stop()
        house.close()


def socket() -> None:
    """Answers Slack over connections that it opens itself: no inbound port, no HTTPS; the work is left to workers."""
    settings = read_settings()
    if not settings.slack.app_token.get_secret_value():
        sys.stderr.write("Socket Mode takes AMICABLE_SLACK__APP_TOKEN. Type amicable setup, or use amicable web.\n")
        raise SystemExit(2)
    _hold_line(settings)


def web() -> None:
    """Answers Slack over HTTP; the work is left to workers."""
    _serve(read_settings())


def worker() -> None:
    """Does the work: events, tickets, digests, due times."""
    house = checked(House(read_settings(), serves_web=False))
    working = house.worker()
    stopping = _told_to_stop()
    working.start()
    settle()
    wait_until_told(stopping)
    working.stop()
    house.close()


def migrate() -> None:
    """Brings the database up to date; a SQLite file is copied first."""
    bring_up_to_date(read_settings())


def settle() -> None:
    """Whatever is loaded by now stays until the process ends, so it is taken out of what garbage is looked for in.

    Each full collection walked the phrases and all modules, hundreds of thousands of objects: up to a seventh of a
    command's time (https://docs.python.org/3/library/gc.html#gc.freeze). What comes later is collected as ever.
    """
    gc.freeze()


def _told_to_stop() -> threading.Event:
    """Set by SIGTERM or SIGINT; from then on the process ends in time, also where it has not quite started yet."""
    stopping = threading.Event()

    def told(*_: object) -> None:
        leave_in_time()
        # Not here: the thread that waits runs this, and may hold the lock that setting takes.
        threading.Thread(target=stopping.set).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    return stopping


def wait_until_told(stopping: threading.Event) -> None:
    """Looks up each second: a signal that comes just as a thread falls asleep is heard when that thread wakes up."""
    while not stopping.wait(LOOKS_UP_SECONDS):
        pass


def _hold_line(settings: Settings) -> None:
    house = checked(House(settings, serves_web=True))
    door = house.socket()
    stopping = _told_to_stop()
    try:
        door.connect(stopping)
        settle()
        wait_until_told(stopping)
    except RefusedError as refusal:
        sys.stderr.write(f"{refusal}\n")
        raise SystemExit(2) from None
    finally:
        leave_in_time()
        door.close()
        house.close()


def _serve(settings: Settings) -> None:
    house = checked(House(settings, serves_web=True))
    door = house.web()
    settle()
    serve(door, settings.web.host, settings.web.port)
    house.close()
