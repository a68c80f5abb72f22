"""Every way in, tried in one channel, and every way out that people ask for: a new one is a new function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from bot.ids import Action, Form
from bot.services.privacy.exports import Wanted
from integrations.sandbox.agency import AMIR, CARLA, DANA, GUS, OLIVIA
from integrations.sandbox.slack.screen import NotThereError, Screen
from integrations.sandbox.slack.workspace import SlackError
from rules.clients.client import Client
from rules.clients.commands import Verb
from tests.redteam.conftest import FREYA, IVO, LEFT, ROBOT, SILKE
from tests.redteam.places import Spot

LATE, ABUSE, LOVE, HOURGLASS = "money_with_wings", "octagonal_sign", "heart", "hourglass_flowing_sand"
OUTSIDERS = (GUS, CARLA, SILKE, ROBOT, LEFT)
WORDS = ("", "list", "digest", "help", "settings")


class Attack:
    """One channel of the matrix: what people do there with words that nobody else may read."""

    def __init__(self, app: Any, spot: Spot, client: Client, word: str) -> None:
        self.app, self.spot, self.client, self.word = app, spot, client, word
        self.amir: Screen = app.agency.amir

    def say(self) -> str:
        return self.amir.say(self.spot.id, f"They paid late again {self.word}")

    def fill(self, person: Screen) -> None:
        """Submits the note's form, where that is what was opened."""
        if (person.view or {}).get("callback_id") == Form.LOG_NOTE:
            answer = person.submit({"client": self.client.id, "type": "late_payment", "note": self.word})
            assert answer.outcome != "failed", answer.error


def react(attack: Attack) -> None:
    for name in (LATE, ABUSE, LOVE, HOURGLASS):
        attack.amir.react(attack.spot.id, attack.say(), name)


def take_off(attack: Attack) -> None:
    ts = attack.say()
    attack.amir.react(attack.spot.id, ts, LATE)
    attack.amir.unreact(attack.spot.id, ts, LATE)


def use_shortcuts(attack: Attack) -> None:
    for callback in attack.app.world.slack.workspace.shortcuts("message"):
        attack.amir.shortcut(callback, attack.spot.id, attack.say())
        attack.fill(attack.amir)


def note_from_anywhere(attack: Attack) -> None:
    for callback in attack.app.world.slack.workspace.shortcuts("global"):
        attack.amir.shortcut(callback)
        attack.fill(attack.amir)


def type_commands(attack: Attack) -> None:
    for command in attack.app.world.slack.workspace.commands():
        attack.amir.command(command, f"{attack.client.name} paid late {attack.word}", channel=attack.spot.id)
        attack.amir.command(command, f"{attack.word} paid late", channel=attack.spot.id)
        attack.amir.command(command, "", channel=attack.spot.id)
        attack.fill(attack.amir)


def ask(attack: Attack) -> None:
    for verb in ("", *Verb):
        attack.amir.command("/client", f"{attack.client.name} {verb}".strip(), channel=attack.spot.id)
    for word in WORDS:
        attack.amir.command("/client", word, channel=attack.spot.id)


def press_buttons(attack: Attack) -> None:
    """The buttons of every private answer that stands in the channel by now, one of each kind."""
    pressed: set[str] = set()
    for message in [m for m in attack.amir.sees(attack.spot.id) if m.visible_to]:
        for action, value in [*buttons(message.blocks)]:
            kind = action.partition(".")[0]
            if kind not in pressed and (action, value) in {*buttons(message.blocks)}:
                pressed.add(kind)
                attack.amir.click(message, action, value)


def change_words(attack: Attack) -> None:
    """A message that became a note is edited and deleted."""
    ts = attack.say()
    attack.amir.react(attack.spot.id, ts, LATE)
    attack.amir.edit(attack.spot.id, ts, f"They paid {attack.word}")
    attack.amir.delete(attack.spot.id, ts)


def intrude(attack: Attack) -> None:
    """Whoever is not ours tries the same, with forged requests where Slack offers them nothing."""
    slack, ts = attack.app.world.slack, attack.say()
    answers = [m for m in slack.messages(attack.spot.id) if m.visible_to and m.blocks][-2:]
    for person_id in OUTSIDERS:
        person = slack.person(person_id)
        for command in slack.workspace.commands():
            person.command(command, f"{attack.client.name} why", channel=attack.spot.id, forge=True)
        with suppress(NotThereError):  # Slack does not even show them the message
            person.react(attack.spot.id, ts, LATE)
            for callback in slack.workspace.shortcuts("message"):
                person.shortcut(callback, attack.spot.id, ts, forge=True)
        for message in answers:
            for action in (Action.WHY, Action.HISTORY, Action.OPEN_CLIENT, Action.CHANGE_NOTE, Action.UNDO_NOTE):
                person.click(message, action, attack.client.id, forge=True)


WAYS_IN: Sequence[Callable[[Attack], None]] = (
    react,
    take_off,
    use_shortcuts,
    note_from_anywhere,
    type_commands,
    ask,
    press_buttons,
    change_words,
    intrude,
)
# What somebody types about a client is the ledger's, wherever they sit; what hangs on a message is the channel's.
TYPED = frozenset({note_from_anywhere, type_commands})


def part_of(way: Callable[[Attack], None]) -> str:
    return way.__name__.replace("_", "")


def buttons(blocks: Any) -> Iterator[tuple[str, str | None]]:
    """Action id and value of each button, wherever it stands."""
    if isinstance(blocks, list):
        for each in blocks:
            yield from buttons(each)
    elif isinstance(blocks, dict):
        if blocks.get("type") == "button" and "url" not in blocks:
            yield str(blocks["action_id"]), blocks.get("value")
        for each in blocks.values():
            if isinstance(each, (dict, list)):
                yield from buttons(each)


def take_away(app: Any) -> None:
    """An admin asks for a file with everything: it comes in a direct message."""
    app.web.services.exports.start(app.team_id, app.member(OLIVIA), Wanted(), as_csv=False)
    app.settle()


def ask_for_everything(app: Any, clients: Sequence[Client]) -> None:
    """Everybody who has commands looks at everything, and at Home; so do those who have none."""
    for person_id in (OLIVIA, AMIR, DANA, FREYA, IVO, *OUTSIDERS):
        person = app.world.slack.person(person_id)
        for word in WORDS:
            person.command("/client", word, forge=True)
        for client in clients[: 1 if person_id in OUTSIDERS else None]:
            for verb in ("", Verb.WHY, Verb.HISTORY):
                person.command("/client", f"{client.name} {verb}".strip(), forge=True)
        with suppress(SlackError):
            person.home(wait=1 if person_id not in OUTSIDERS else 0)
        app.settle()
