"""A pasted list of clients: each name is answered, and what can't be added yet stays in the form."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.services.clients.several import Outcome, SeveralService
from integrations.sandbox.agency import DANA, GUS, OLIVIA
from rules.errors import ConflictError

if TYPE_CHECKING:
    from tests.scenarios.conftest import App


class Form:
    """The form as Amir has it before him."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.amir = app.agency.amir

    @property
    def blocks(self) -> list[dict[str, Any]]:
        assert self.amir.view is not None
        return list(self.amir.view["blocks"])

    @property
    def field(self) -> dict[str, Any]:
        return next(block for block in self.blocks if str(block.get("block_id", "")).startswith("names"))

    @property
    def remains(self) -> list[str]:
        """What stands in the list when it comes back."""
        return str(self.field["element"]["initial_value"]).split("\n")

    @property
    def said(self) -> list[str]:
        texts = [str(block["text"]["text"]) for block in self.blocks if block["type"] == "section"]
        return [line.removeprefix("• ") for text in texts for line in text.split("\n")]

    def send(self, names: str | None = None, **more: Any) -> Any:
        typed = {} if names is None else {self.field["block_id"]: names}
        return self.amir.submit(typed | more)

    def clients(self) -> dict[str, str]:
        """Owners by name."""
        with self.app.web.outside.units.read(self.app.team_id) as unit:
            return {client.name: client.owner_id for client in unit.clients.all()}


@pytest.fixture
def form(front: App) -> Form:
    """Behind `/client add`."""
    made = Form(front)
    made.amir.command("/client", "add")
    made.amir.click(made.amir.view or {}, "add_clients")
    return made


def test_a_list_becomes_clients(form: Form) -> None:
    """A new team's first minute: the names from a mail, one owner, done."""
    form.send("• Acme\n• Birch & Barrow\nCobalt, Dune", owner=DANA)
    assert (form.clients(), form.said) == (
        dict.fromkeys(("Acme", "Birch & Barrow", "Cobalt", "Dune"), DANA),
        ["*4 added*", "Acme: added", "Birch &amp; Barrow: added", "Cobalt: added", "Dune: added"],
    )


def test_home_leads_there_before_there_is_any_client(app: App) -> None:
    """Whoever opens Home first finds both ways to begin."""
    amir = app.agency.amir
    amir.click(amir.home() or {}, "add_clients")
    amir.submit({"names": "Acme\nCobalt"})
    assert set(Form(app).clients()) == {"Acme", "Cobalt"}


def test_each_name_is_answered_and_none_is_lost(form: Form) -> None:
    """Known, doubled, reserved, too long, or much like another: the form says which, and keeps those to look at."""
    form.app.add_client("Birch & Barrow", aliases=("B&B",))
    form.send(f'Acme\nAcmes\nacme\nB&B\nlist\n"Smith, Jones"\n{"x" * 81}')
    assert (form.said, form.remains) == (
        [
            "*2 added, 2 there already, 3 to look at*",
            "Acme: added",
            "Acmes: not added yet: much like Acme. Is it another one?",
            "acme: there already, as Acme",
            "B&amp;B: there already, as Birch &amp; Barrow",
            "list: not added. “list” is a word of the command /client. Please choose another name.",
            "Smith, Jones: added",
            f"{'x' * 81}: not added. Please choose a name of at most 80 characters.",
        ],
        ["Acmes", "list", "x" * 81],
    )


def test_what_remains_is_corrected_or_confirmed(form: Form) -> None:
    """A name that is like another's is added when somebody says that it is meant; the owner stays chosen."""
    form.send("Acme\nAcmes\nlist", owner=DANA)
    form.send("Acmes\nListers", near_too=["near_too"])
    assert (form.clients(), form.said[0]) == (dict.fromkeys(("Acme", "Acmes", "Listers"), DANA), "*2 added*")


def test_a_long_list_is_taken_in_turns(form: Form) -> None:
    """Slack waits three seconds for an answer; the rest stays in the form, one click away."""
    names = {hashlib.sha256(str(number).encode()).hexdigest()[:9] for number in range(240)}
    form.send("\n".join(sorted(names)))
    first, left = set(form.clients()), form.remains
    form.send()
    assert (len(first), first | set(left), set(form.clients())) == (200, names, names)


def test_a_list_without_names_is_told(form: Form) -> None:
    """Commas and empty lines are no clients."""
    assert (form.send(" ,\n,").errors, form.clients()) == ({"names": "Write one name a line."}, {})


def test_a_guest_can_not_look_after_clients(form: Form) -> None:
    """Nothing is added where the owner is not one of the team."""
    assert (form.send("Acme", owner=GUS).errors != {}, form.clients()) == (True, {})


def test_names_of_clients_that_somebody_may_not_see_stay_hidden(form: Form) -> None:
    """A taken name is taken; whose it is, or what is nearly called so, is told to nobody who may not know."""
    hidden = form.app.add_client("Quercus", owner=OLIVIA)
    with form.app.web.outside.units.begin(form.app.team_id) as unit:
        unit.clients.save(replace(hidden, visible_to=(OLIVIA,)))
    form.send("quercus\nQuercuss")
    taken = "quercus: not added. This name is taken. Choose another one, or ask a workspace admin who has it."
    assert form.said == ["*1 added, 1 to look at*", taken, "Quercuss: added"]


@pytest.mark.both_databases
def test_nobody_adds_a_name_twice_at_once(form: Form) -> None:
    """Pressed twice, or by two people: the second one reads that it is there."""
    several = SeveralService(form.app.web.outside.units, form.app.web.outside.clock, form.app.web.outside.directory)
    actor, names = form.app.member(OLIVIA), "\n".join(f"Client {letter * 3}" for letter in "abcdefgh")
    found: list[int] = []

    def add() -> None:
        try:
            answers = several.add(form.app.team_id, actor, OLIVIA, names, near_too=True)
            found.append(sum(answer.outcome is Outcome.ADDED for answer in answers))
        except ConflictError:
            found.append(0)

    both = [threading.Thread(target=add) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert (sorted(found), len(form.clients())) == ([0, 8], 8)
