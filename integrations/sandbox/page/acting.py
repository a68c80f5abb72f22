"""What a person does on the page. All of it goes through their `Screen`: the app gets the same signed requests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from integrations.sandbox.faults import Fault, Faults
from integrations.sandbox.slack.answers import Answer, SubmitAnswer
from integrations.sandbox.slack.screen import NotThereError, Screen, Target
from integrations.sandbox.slack.workspace import Json
from integrations.sandbox.story.script import SCENES
from integrations.sandbox.story.stage import FIRST_MONDAY, PATIENCE_SECONDS, ZONE, Stage
from integrations.sandbox.story.telling import CLIENTS_ARE_THERE
from integrations.sandbox.theatre import Theatre

Action = Callable[[Theatre, Json], Json]
MONDAY_HOUR = 9
STEPS = {
    "due": timedelta(),
    "minutes": timedelta(minutes=10),
    "day": timedelta(days=1),
    "two_days": timedelta(days=2),
    "week": timedelta(weeks=1),
}


def _stage(theatre: Theatre) -> Stage:
    if theatre.stage is None:
        raise LookupError("The app is still starting.")
    return theatre.stage


def _screen(theatre: Theatre, body: Json) -> Screen:
    return _stage(theatre).world.slack.person(str(body["as"]))


def _target(theatre: Theatre, body: Json) -> Target:
    """The message or the view on which something is clicked."""
    place = body["place"]
    if "view" in place:
        return {"id": place["view"]}
    found = _stage(theatre).world.slack.message(*place["message"])
    if found is None:
        raise NotThereError("This message is gone.")
    return found


def _told(answer: Answer) -> Json:
    """What Slack's own client would say about it; what the app says comes as messages and dialogs."""
    if isinstance(answer, SubmitAnswer):
        return {"error": answer.error, "outcome": answer.outcome, "errors": answer.errors}
    return {"error": answer.error}


# --- in Slack ---


def say(theatre: Theatre, body: Json) -> Json:
    return {"ts": _screen(theatre, body).say(body["channel"], body["text"], body.get("thread", ""))}


def edit(theatre: Theatre, body: Json) -> Json:
    _screen(theatre, body).edit(body["channel"], body["ts"], body["text"])
    return {}


def delete(theatre: Theatre, body: Json) -> Json:
    _screen(theatre, body).delete(body["channel"], body["ts"])
    return {}


def react(theatre: Theatre, body: Json) -> Json:
    _screen(theatre, body).react(body["channel"], body["ts"], body["name"])
    return {}


def unreact(theatre: Theatre, body: Json) -> Json:
    _screen(theatre, body).unreact(body["channel"], body["ts"], body["name"])
    return {}


def command(theatre: Theatre, body: Json) -> Json:
    return _told(_screen(theatre, body).command(body["name"], body["text"], body["channel"]))


def shortcut(theatre: Theatre, body: Json) -> Json:
    return _told(_screen(theatre, body).shortcut(body["id"], body.get("channel", ""), body.get("ts", "")))


def click(theatre: Theatre, body: Json) -> Json:
    return _told(_screen(theatre, body).click(_target(theatre, body), body["action"], body.get("value")))


def choose(theatre: Theatre, body: Json) -> Json:
    screen = _screen(theatre, body)
    screen.fill(body.get("values", {}))
    return _told(screen.choose(_target(theatre, body), body["action"], body["value"]))


def options(theatre: Theatre, body: Json) -> Json:
    found = _screen(theatre, body).options(_target(theatre, body), body["action"], body.get("typed", ""))
    return {"options": found}


def submit(theatre: Theatre, body: Json) -> Json:
    """Whoever is quicker than the page may send a field that is gone by now."""
    screen = _screen(theatre, body)
    screen.fill(body["values"])
    return _told(screen.submit())


def close(theatre: Theatre, body: Json) -> Json:
    _screen(theatre, body).close()
    return {}


def home(theatre: Theatre, body: Json) -> Json:
    _screen(theatre, body).home()
    return {}


def read(theatre: Theatre, body: Json) -> Json:
    theatre.read_until[str(body["as"]), str(body["channel"])] = str(body["ts"])
    return {}


# --- outside Slack ---


def finish(theatre: Theatre, body: Json) -> Json:
    world = _stage(theatre).world
    if body["tracker"] == "jira":
        world.jira.finish(body["id"])
    else:
        world.trello.finish(body["id"])
    return {}


def open_letter(theatre: Theatre, body: Json) -> Json:
    _stage(theatre).world.mailbox.open_link(str(body["link"]))
    return {}


# --- time, trouble, story ---


def clock(theatre: Theatre, body: Json) -> Json:
    """Moves the time and lets run what is due, as the schedule would within a minute."""
    stage = _stage(theatre)
    if not stage.app.worker_lives:
        raise ValueError("The worker is dead: start it again first, it does what is due.")
    now = stage.world.now()
    stage.world.move_clock(_next_monday(now) - now if body["to"] == "monday" else STEPS[body["to"]])
    stage.jobs.run_sweep(stage.world.now(), PATIENCE_SECONDS)
    stage.settle()
    return {}


def _next_monday(now: datetime) -> datetime:
    here = now.astimezone(ZONE)
    monday = (here - timedelta(days=here.weekday())).replace(hour=MONDAY_HOUR, minute=0, second=0, microsecond=0)
    return (monday if monday > here else monday + timedelta(weeks=1)).astimezone(UTC)


def trouble(theatre: Theatre, body: Json) -> Json:
    """Orders what shall go wrong, or ends it."""
    stage = _stage(theatre)
    slack, what = stage.world.slack, body["what"]
    match what:
        case "twice":
            slack.duplicate_next_event()
        case "hold":
            slack.hold_events()
        case "release":
            slack.release_events()
        case "rate_limit" | "lose_answer":
            _faults(stage, body["service"]).next(Fault(what))
        case "kill_worker":
            stage.app.kill_worker()
        case "start_worker" if not stage.app.worker_lives:
            stage.app.start_worker()
        case _:
            raise LookupError(f"The sandbox can't {what} now.")
    return {}


def _faults(stage: Stage, service: str) -> Faults:
    world = stage.world
    return {"slack": world.slack.faults, "jira": world.jira.faults, "trello": world.trello.faults}[service]


def tell(theatre: Theatre, body: Json) -> Json:
    """Plays the next scene, all that are left, or pauses."""
    telling, told = theatre.telling, _stage(theatre).told
    if telling is None:
        raise LookupError("The app is still starting.")
    match body["what"]:
        case "next":
            telling.go_on(told + 1)
        case "all":
            telling.go_on(len(SCENES))
        case _:
            telling.pause()
    return {}


def start_over(theatre: Theatre, body: Json) -> Json:
    """An empty agency today, the story from its first day, or the agency after its first two weeks."""
    what = body["what"]
    if theatre.stage and (theatre.stage.playing or (theatre.telling and theatre.telling.playing)):
        raise ValueError("A scene is being played. Pause the story first.")

    def anew() -> None:
        theatre.set_up(None if what == "empty" else FIRST_MONDAY)
        if what == "started" and theatre.telling:
            theatre.telling.go_on(CLIENTS_ARE_THERE, 0)

    threading.Thread(target=anew, name="start-over", daemon=True).start()
    return {}


ACTIONS: dict[str, Action] = {
    each.__name__: each
    for each in (
        say,
        edit,
        delete,
        react,
        unreact,
        command,
        shortcut,
        click,
        choose,
        options,
        submit,
        close,
        home,
        read,
        finish,
        open_letter,
        clock,
        trouble,
        tell,
        start_over,
    )
}
