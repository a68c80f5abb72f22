"""The note's form and receipt: short, one click from a wrong guess to the right type, questions where they belong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import BIRCH, COBALT, GENERAL, OLIVIA
from rules.clients.client import Client
from rules.decisions.plan import Checkpoint, Plan
from rules.health.catalogue import UNSORTED


class Counted:
    """A person whose every act is counted: what somebody does between a thought and its note."""

    def __init__(self, person: Any) -> None:
        self._person = person
        self.acts = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._person, name)
        if name not in {"command", "shortcut", "click", "choose", "submit", "react"}:
            return found

        def acting(*args: Any, **named: Any) -> Any:
            self.acts += 1
            return found(*args, **named)

        return acting


def live(front: Any, client: Client) -> list[tuple[str, dict[str, str]]]:
    return [(note.type, dict(note.answers)) for note in front.notes(client) if note.state == "live"]


def asked(view: dict[str, Any]) -> set[str]:
    return {block["block_id"] for block in view["blocks"] if block["type"] == "input"}


def test_from_thought_to_note_in_two_acts_at_most(app: Any, birch: Client) -> None:
    """A reaction takes one act, words behind the command one, the form two, a message's menu two."""
    amir = Counted(app.agency.amir)
    taken = {}

    def stored(way: str) -> None:
        app.settle()
        taken[way] = (amir.acts, app.live())
        amir.acts = 0

    ts = app.agency.dana.say(BIRCH, "They have not paid the invoice")
    amir.react(BIRCH, ts, "snail")
    stored("reaction")
    amir.command("/redflag", "paid three weeks late", channel=BIRCH)
    stored("words")
    amir.command("/redflag", "", channel=BIRCH)
    amir.submit({"type": "disrespect"})
    stored("form")
    amir.shortcut("log_red_flag", BIRCH, ts)
    amir.submit()
    stored("menu")

    assert taken == {"reaction": (1, 1), "words": (1, 2), "form": (2, 3), "menu": (2, 4)}


def test_a_wrong_guess_is_put_right_with_one_click(front: Any, birch: Client) -> None:
    """A guess is called one; another type is one choice away, and choosing again doubles nothing."""
    amir = front.agency.amir
    receipt = amir.command("/redflag", "waste of time, they were late", channel=BIRCH)
    assert "Took more time than it was worth" in receipt.text
    assert "our guess" in receipt.text

    note_id = front.notes(birch)[0].id
    amir.choose(receipt.messages[-1], f"sort_note.{note_id}", f"{note_id}|unprepared")
    amir.click(receipt.messages[-1], "sort_note", f"{note_id}|slow_reply", forge=True)

    assert live(front, birch) == [("slow_reply", {})]


def test_words_of_no_known_type_offer_types_at_once(front: Any, birch: Client) -> None:
    """What could not be sorted counts nothing, and the likeliest types are buttons on the receipt."""
    amir = front.agency.amir
    receipt = amir.command("/redflag", "hmm, well", channel=BIRCH)
    assert [kind for kind, _ in live(front, birch)] == [UNSORTED]

    sorted_ = amir.click(receipt.messages[-1], f"sort_note.late_payment-{front.notes(birch)[0].id}")

    assert "Paid late" in sorted_.text
    assert [kind for kind, _ in live(front, birch)] == ["late_payment"]


def test_a_guess_of_abuse_waits_for_the_word_of_its_reporter(front: Any, birch: Client) -> None:
    """FG14: it alarms nobody until the person says that it was that; they are thanked, and not asked to be kinder."""
    amir = front.agency.amir
    told = amir.command("/redflag", "he yelled at Mia and called her a bloody idiot", channel=BIRCH)
    said = told.text
    guessed = [(note.type, note.guessed) for note in front.notes(birch)]
    amir.command("/client", "Birch & Barrow why")
    quiet = "Act now" in str(amir.view)
    amir.click(told.messages[-1], f"sort_note.abuse-{front.notes(birch)[0].id}")
    amir.command("/client", "Birch & Barrow why")
    alarmed = "Act now" in str(amir.view)

    assert guessed == [("abuse", True)]
    assert ("Thank you for saying so" in said, "Would you be fine" in said) == (True, False)
    assert (quiet, alarmed) == (False, True)
    assert [(note.type, note.guessed) for note in front.notes(birch)] == [("abuse", False)]


def test_praise_opens_on_praise_and_quotes_the_message(front: Any, birch: Client) -> None:
    """RF27: as easy as blame; whoever logs a message sees which one."""
    dana = front.agency.dana
    dana.command("/praise", "", channel=BIRCH)
    opened_on = dana.view["state"]["values"]["type"]
    dana.shortcut("log_praise", BIRCH, dana.say(BIRCH, "They sent a cake for the whole team"))
    quoted = str(dana.view)

    assert "'value': 'praise'" in str(opened_on)
    assert ("> They sent a cake for the whole team" in quoted, "Celebrated with us" in quoted) == (True, True)


def test_what_is_ours_can_be_told_like_a_red_flag(front: Any, birch: Client) -> None:
    """HS18: "we missed the deadline" is our miss, whatever command it was typed behind."""
    front.agency.amir.command("/redflag", "we missed the deadline", channel=BIRCH)

    assert [note.side for note in front.notes(birch)] == ["ours"]


def test_the_form_asks_only_what_concerns_the_type(front: Any, birch: Client) -> None:
    """Praise asks nothing more, a loss its cause, a drain whose work suffered; what was typed stays."""
    amir = front.agency.amir
    amir.command("/redflag", "", channel=BIRCH)
    base = {"client", "type", "note", "happened_on", "link"}
    shown = {"": asked(amir.view) - base}
    for kind in ("praise", "unprofitable", "drains_other_work", "toll", "disrespect", "our_mistake"):
        amir.choose(amir.view, "note_type", kind)
        shown[kind] = asked(amir.view) - base

    assert shown == {
        "": {"severity"},
        "praise": set(),
        "unprofitable": {"severity", "ask_cause"},
        "drains_other_work": {"severity", "ask_suffered"},
        "toll": {"severity", "ask_toll_health", "ask_toll_business", "ask_toll_morale"},
        "disrespect": {"severity", "ask_touches"},
        "our_mistake": set(),
    }


def test_a_loss_says_whether_time_or_margin_caused_it(front: Any, birch: Client) -> None:
    """RF16, HS06: the form asks before it logs; after words alone the receipt asks, and one click answers."""
    amir = front.agency.amir
    amir.command("/redflag", "", channel=BIRCH)
    once_more = amir.submit({"type": "unprofitable", "note": "third month"})
    assert "ask_cause" in asked(once_more.view)
    assert amir.submit().outcome == "incomplete"
    amir.submit({"ask_cause": "lost_time"})
    receipt = amir.command("/redflag", "we are losing money on them", channel=BIRCH)
    amir.click(receipt.messages[-1], f"answer_note.cause-thin_margin-{front.notes(birch)[0].id}")

    assert sorted(live(front, birch), key=str) == [
        ("unprofitable", {"cause": "lost_time"}),
        ("unprofitable", {"cause": "thin_margin"}),
    ]
    amir.command("/client", "B&B history")
    assert "Cause: lost time" in str(amir.view)


def test_a_drain_says_whose_work_suffered(front: Any, birch: Client) -> None:
    """RF02: the other client is chosen, and named in the history to whoever may see it."""
    amir, dana = front.agency.amir, front.agency.dana
    cobalt = front.add_client("Cobalt", COBALT)
    amir.command("/redflag", "", channel=BIRCH)
    amir.choose(amir.view, "note_type", "drains_other_work")
    amir.submit({"ask_suffered": cobalt.id})
    told = []
    for _ in range(2):
        dana.command("/client", "B&B history")
        told.append("At the cost of Cobalt" in str(dana.view))
        dana.close()
        front.restrict(cobalt, (OLIVIA,))

    assert live(front, birch) == [("drains_other_work", {"suffered": cobalt.id})]
    assert told == [True, False]
    assert "Cobalt" not in str(dana.command("/client", "B&B history").view)


def test_a_toll_is_noted_on_health_business_and_morale_apart(front: Any, birch: Client) -> None:
    """RF32: one of the three at least; whoever decides sees each apart beside what the client brings."""
    amir, olivia = front.agency.amir, front.agency.olivia
    amir.command("/redflag", "", channel=BIRCH)
    amir.choose(amir.view, "note_type", "toll")
    assert set(amir.submit().errors) == {"ask_toll_health"}
    amir.submit({"ask_toll_health": "heavy", "ask_toll_morale": "some"})

    card = str(olivia.command("/client", "B&B").messages)

    assert live(front, birch) == [
        ("toll", {"toll_health": "heavy", "toll_business": "none", "toll_morale": "some"}),
    ]
    assert "health 1, morale 1" in card


def test_severity_looks_at_business_and_team_and_stress_excuses_no_abuse(front: Any, birch: Client) -> None:
    """HS07, HS11: whom it harms stands beside the note; stress explains it, but nothing excuses abuse."""
    amir = front.agency.amir
    amir.command("/redflag", "", channel=BIRCH)
    amir.choose(amir.view, "note_type", "disrespect")
    amir.submit({"ask_touches": ["harm_team", "stress"]})
    before = front.web.services.health.scorecard(front.team_id, front.member(OLIVIA), birch.id).health
    amir.command("/redflag", "", channel=BIRCH)
    amir.choose(amir.view, "note_type", "abuse")
    offered = str(amir.view)
    amir.submit({"ask_touches": ["harm_business"]})
    amir.command("/client", "B&B history")
    history = str(amir.view)
    amir.click(amir.view, "excuse_note.0")
    refused = amir.submit({"reason": "They were under stress"})

    assert "unusual stress" not in offered
    assert "It harms our team · They are under unusual stress" in history
    assert "does not excuse" in str(refused.view)
    assert [line.points_tenths for line in before.lines if line.signal_id] == [-80]
    assert front.live() == 2


def test_demands_that_stay_count_only_after_a_plan_was_tried(front: Any, birch: Client) -> None:
    """RF34: before a plan the form says so, and words are sorted into another type; afterwards both take it."""
    amir = front.agency.amir
    amir.command("/redflag", "", channel=BIRCH)
    refused = amir.submit({"type": "keeps_demands"}).errors
    amir.close()
    before = amir.command("/redflag", "still demands three drafts", channel=BIRCH)
    run_plan(front, birch)
    after = amir.command("/redflag", "still demands four drafts", channel=BIRCH)

    assert "plan was tried" in refused["type"]
    assert "Keeps demands" not in before.text.split("\n")[0]
    assert "Keeps demands despite a plan" in after.text


def run_plan(front: Any, client: Client) -> None:
    """A plan that has had its first checkpoint."""
    today = front.world.now().date()
    plan = Plan(
        id="pl-1",
        workspace_id=front.team_id,
        client_id=client.id,
        goal="Fewer drafts",
        concerns=(),
        actions=(),
        checkpoints=(Checkpoint(due_on=today - timedelta(days=7), held_on=today - timedelta(days=7)),),
        started_at=front.web.outside.clock.now(),
        started_by=OLIVIA,
    )
    with front.web.outside.units.begin(front.team_id) as unit:
        unit.plans.save(plan)


@pytest.mark.parametrize("link", ["https://", "javascript:alert(1)", "https://a b", "http://[", "file:///etc/passwd"])
def test_a_link_leads_to_the_web_and_nowhere_else(front: Any, birch: Client, link: str) -> None:
    """Evidence is a web address; anything else comes back beside its field."""
    amir = front.agency.amir
    amir.command("/redflag", "", channel=BIRCH)

    assert set(amir.submit({"type": "disrespect", "link": link}).errors) == {"link"}


def test_a_guess_knows_the_client_only_where_the_channel_does(front: Any, birch: Client) -> None:
    """From a message the form holds client, type and severity as guesses; elsewhere it asks for the client."""
    amir = front.agency.amir
    here = amir.say(BIRCH, "Ze hebben weer te laat betaald")
    there = amir.say(GENERAL, "De har inte betalat")
    amir.shortcut("log_red_flag", BIRCH, here)
    filled = amir.view["state"]["values"]
    hint = str(amir.view)
    amir.close()
    amir.shortcut("log_red_flag", GENERAL, there)

    assert filled["client"]["pick_client"]["selected_option"]["value"] == birch.id
    assert filled["type"]["note_type"]["selected_option"]["value"] == "late_payment"
    assert "our guess from the words" in hint
    assert set(amir.submit().errors) == {"client"}


def test_each_red_flag_of_the_texts_can_be_logged(front: Any, birch: Client) -> None:
    """RF01-RF43: whoever meets one of these chooses it in the form, and it stands in the ledger with what it weighs."""
    amir, catalogue = front.agency.amir, front.web.outside.catalogue
    wanted = [entry for entry in catalogue.types.values() if any(code.startswith("RF") for code in entry.codes)]
    run_plan(front, birch)  # some behaviour shows only after one
    for entry in wanted:
        amir.command("/redflag", "", channel=BIRCH)
        asking = amir.submit({"type": entry.code, "note": f"What {entry.label} was like"})
        if asking.view and "ask_cause" in asked(asking.view):
            amir.submit({"ask_cause": "lost_time"})
        amir.close()
    with front.web.outside.units.read(front.team_id) as unit:
        stored = {note.type: note for note in unit.signals.history(birch.id, 2 * len(wanted))}

    assert stored.keys() == {entry.code for entry in wanted}
    assert {code for entry in wanted for code in entry.codes} >= {f"RF{n:02}" for n in range(1, 44) if n != 33}
    assert all(note.state == "live" and not note.guessed for note in stored.values())
