"""A client's settings: names, channels, archive, and the merge of two entries that are one client."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from bot.services.agreements.money import NewInvoice
from bot.services.capture.notes import NewNote
from integrations.sandbox.agency import AMIR, BIRCH, COBALT, GENERAL, GUS, LEADS, NORTHWIND, OLIVIA
from rules.clients.client import Client
from rules.clients.stages import Stage
from rules.errors import AmicableError, ConflictError
from rules.health.measures import MonthlyHours
from rules.health.signal import Source


def open_settings(front: Any, typed: str) -> Any:
    """Olivia's screen with the form in front of her."""
    olivia = front.agency.olivia
    card = olivia.command("/client", typed)
    olivia.choose(card.messages[-1], "open_verb.more", "Settings")
    return olivia


def client_of(front: Any, name: str) -> Client:
    found = front.web.services.clients.named(front.team_id, front.member(OLIVIA), name)
    assert isinstance(found, Client)
    return found


def test_a_renamed_client_keeps_its_old_name_unless_somebody_unticks_it(front: Any, birch: Client) -> None:
    """The old name becomes another name; unticked it is free again, and unique names hold."""
    front.add_client("Cobalt")
    olivia = open_settings(front, "B&B")
    assert set(olivia.submit({"name": "cobalt"}).errors) == {"name"}
    assert olivia.submit({"name": "Birch Group"}).outcome == "updated"
    olivia.close()
    by_old_name = client_of(front, "birch & barrow")
    olivia = open_settings(front, "Birch Group")
    olivia.submit({"name": "Barrow", "old_name": []})

    assert by_old_name.name == "Birch Group"
    assert client_of(front, "Birch & Barrow").aliases == ("B&B", "Birch & Barrow")
    assert front.web.services.clients.named(front.team_id, front.member(OLIVIA), "Birch Group") is None


def test_a_client_has_several_channels_and_a_channel_one_client(front: Any, birch: Client) -> None:
    """Channels are added and taken away in the form; another client's comes back beside its field."""
    front.add_client("Cobalt", COBALT)
    olivia = open_settings(front, "B&B")
    assert set(olivia.submit({"channels": [BIRCH, COBALT]}).errors) == {"channels"}
    olivia.submit({"channels": [BIRCH, NORTHWIND]})
    olivia.close()
    both = front.web.services.clients.get(front.team_id, front.member(OLIVIA), birch.id).channel_ids
    olivia = open_settings(front, "B&B")
    olivia.submit({"channels": [NORTHWIND]})

    assert set(both) == {BIRCH, NORTHWIND}
    assert front.web.services.clients.get(front.team_id, front.member(OLIVIA), birch.id).channel_ids == (NORTHWIND,)


def test_the_form_does_not_drop_a_channel_that_its_reader_cannot_see(front: Any) -> None:
    """A private channel that Dana is not in stays the client's when she saves the form."""
    dana = front.agency.dana
    client = front.add_client("Cobalt", LEADS, owner=dana.who.id)
    front.web.outside.directory.place(front.team_id, LEADS)
    card = dana.command("/client", "Cobalt")
    dana.choose(card.messages[-1], "open_verb.more", "Settings")
    assert LEADS not in str(dana.view)

    dana.submit({"channels": [COBALT]})

    assert set(front.web.services.clients.get(front.team_id, front.member(OLIVIA), client.id).channel_ids) == {
        LEADS,
        COBALT,
    }


def test_settings_are_for_those_who_decide(front: Any, birch: Client) -> None:
    """Nobody else is offered them, and a forged click changes nothing."""
    amir = front.agency.amir
    card = amir.command("/client", "B&B")
    assert "Settings" not in str(card.messages[-1].blocks)
    for action in ("client_settings", "archive_client", "merge_client"):
        amir.click(card.messages[-1], action, value=birch.id, forge=True)

    assert "those who decide" in str(amir.sees(amir.dms()[-1].channel_id)[-1].text) + str(amir.view)
    assert front.web.services.clients.get(front.team_id, front.member(OLIVIA), birch.id).archived_at is None


def test_an_archived_client_leaves_lists_and_search_and_keeps_its_history(front: Any, birch: Client) -> None:
    """Nowhere unless asked for; nothing new is noted about it; brought back it is where it was."""
    front.add_client("Cobalt")
    amir, olivia = front.agency.amir, front.agency.olivia
    amir.command("/redflag", "B&B paid late", channel=GENERAL)
    olivia = open_settings(front, "B&B")
    olivia.click(olivia.view, "archive_client")
    olivia.close()
    amir.shortcut("log_note")
    offered = amir.options(amir.view, "pick_client", "bir")
    amir.close()
    shown = [amir.command("/client", text).text for text in ("list", "digest")] + [str(amir.home())]
    refused = amir.command("/redflag", "B&B paid late again", channel=GENERAL)
    card = olivia.command("/client", "B&B")
    amir.command("/client", "B&B history")
    listed = olivia.command("/client", "list")
    archived = olivia.choose(listed.messages[-1], "list_clients.sift", "archived|0")

    assert [each["text"]["text"] for each in offered] == ["Add “bir” as a client"]
    assert [text for text in shown if "Birch" in text] == []
    assert "is archived" in refused.text
    assert "Archived on" in str(card.messages[-1].blocks)
    assert "Paid late" in str(amir.view)
    assert "Birch" in archived.text
    assert front.live() == 1

    olivia = open_settings(front, "B&B")
    olivia.click(olivia.view, "unarchive_client")
    assert "Birch" in amir.command("/client", "list").text


def test_a_client_with_an_open_plan_is_not_archived(front: Any, birch: Client) -> None:
    """Whatever is open has to be finished first, and the refusal says so."""
    with front.web.outside.units.begin(front.team_id) as unit:
        unit.clients.save(_staged(unit.clients.lock(birch.id), Stage.AMENDING))
    olivia = open_settings(front, "B&B")
    olivia.click(olivia.view, "archive_client")

    assert "open plan, decision or parting" in str(olivia.view)
    assert front.web.services.clients.get(front.team_id, front.member(OLIVIA), birch.id).archived_at is None


def test_two_entries_become_one_and_nothing_is_lost(app: Any, birch: Client) -> None:
    """The preview says what moves; afterwards old names, buttons, channels and reactions lead to the one that stays."""
    amir, dana, olivia = app.agency.amir, app.agency.dana, app.agency.olivia
    barrow = app.add_client("Barrow Ltd", COBALT, aliases=("Barrow",))
    ts = dana.say(COBALT, "We will pay some day")
    amir.react(COBALT, ts, "snail")
    old_receipt = amir.command("/redflag", "Barrow paid three weeks late", channel=GENERAL)
    app.web.services.money.add(
        app.team_id,
        app.member(OLIVIA),
        barrow.id,
        NewInvoice(number="17", amount="900 EUR", due_on=date(2099, 1, 1)),
    )
    app.settle()
    before = {note.id for note in app.notes(barrow)}
    olivia = open_settings(app, "B&B")
    olivia.click(olivia.view, "merge_client")
    preview = str(olivia.submit({"client": barrow.id}).view)
    assert app.notes(birch) == []
    done = olivia.submit()

    assert [word for word in ("2 notes", "1 invoice", "1 channel", "Barrow Ltd, Barrow") if word not in preview] == []
    assert "*Barrow Ltd* is part of *Birch" in str(done.view)
    assert {note.id for note in app.notes(birch)} == before
    assert client_of(app, "barrow ltd").id == birch.id
    assert "Barrow Ltd is part of this client since" in str(amir.command("/client", "Barrow").messages[-1].blocks)
    amir.click(old_receipt.messages[-1], "why")
    assert "Birch" in str(amir.view)
    amir.close()
    dana.react(COBALT, ts, "snail")
    amir.unreact(COBALT, ts, "snail")
    dana.unreact(COBALT, ts, "snail")
    app.settle()
    assert sorted((note.type, note.state) for note in app.notes(birch)) == [
        ("late_payment", "live"),
        ("slow_reply", "withdrawn"),
    ]
    assert {note.id for note in app.notes(birch)} == before
    with app.web.outside.units.read(app.team_id) as unit:
        entry = next(entry for entry in unit.audit.newest(20) if entry.action == "clients merged")
    assert (entry.actor_id, entry.subject, entry.details) == (OLIVIA, birch.id, barrow.id)


def test_what_both_noted_on_one_message_becomes_one_note(front: Any, birch: Client) -> None:
    """One live note per message and type: the other's author is a witness, and nobody's words are lost."""
    amir, dana, olivia = front.agency.amir, front.agency.dana, front.agency.olivia
    barrow = front.add_client("Barrow Ltd")
    ts = amir.say(GENERAL, "They shouted")
    for person, client, words in ((amir, birch, "At Ana"), (dana, barrow, "Twice")):
        person.shortcut("log_red_flag", GENERAL, ts)
        person.submit({"client": client.id, "type": "disrespect", "note": words})
        person.close()
    front.web.outside.directory.place(front.team_id, GENERAL)
    front.web.services.merges.merge(front.team_id, front.member(OLIVIA), birch.id, barrow.id)

    (live,) = [note for note in front.notes(birch) if note.state == "live"]
    assert (live.reporter_id, live.witness_ids, live.note) == (amir.who.id, (dana.who.id,), "At Ana\nTwice")
    assert len(front.notes(birch)) == 2
    olivia.command("/client", "B&B history")
    assert "Corrected" in str(olivia.view)


def test_a_merge_that_would_mix_two_open_matters_is_refused(front: Any, birch: Client) -> None:
    """Something open on both sides, a closed client, a client with itself: each refusal says what is in the way."""
    olivia = front.agency.olivia
    barrow = front.add_client("Barrow Ltd")
    refusals = []
    for stages, other in (
        ((Stage.AMENDING, Stage.AMENDING), barrow),
        ((Stage.ACTIVE, Stage.CONSIDERING), barrow),
        ((Stage.ACTIVE, Stage.CLOSED), barrow),
        ((Stage.ACTIVE, Stage.ACTIVE), birch),
    ):
        for client, stage in zip((birch, barrow), stages, strict=True):
            with front.web.outside.units.begin(front.team_id) as unit:
                unit.clients.save(_staged(unit.clients.lock(client.id), stage))
        olivia = open_settings(front, "B&B")
        olivia.click(olivia.view, "merge_client")
        answer = olivia.submit({"client": other.id})
        refusals.append(str(answer.errors) + str(answer.view))
        olivia.close()

    assert "Finish one of them first" in refusals[0]
    assert "is considered or decided" in refusals[1]
    assert "is closed" in refusals[2]
    assert "already" in refusals[3]


def test_a_client_that_is_considered_stays_itself(front: Any, birch: Client) -> None:
    """DC03: a merge would carry a decision past its checks; nothing has moved afterwards."""
    barrow = front.add_client("Barrow Ltd")
    olivia = front.agency.olivia
    olivia.command("/client", "Barrow Ltd consider")
    olivia.submit(
        {
            block["block_id"]: "because it does not work"
            for block in olivia.view["blocks"]
            if block["type"] == "input" and block["element"]["type"] == "plain_text_input"
        }
    )
    for keeper, gone in ((birch, barrow), (barrow, birch)):
        with pytest.raises(ConflictError):
            front.web.services.merges.merge(front.team_id, front.member(OLIVIA), keeper.id, gone.id)

    assert (client_of(front, "B&B").stage, client_of(front, "Barrow Ltd").stage) == (Stage.ACTIVE, Stage.CONSIDERING)
    with front.web.outside.units.read(front.team_id) as unit:
        assert (unit.decisions.current(birch.id), unit.decisions.current(barrow.id) is not None) == (None, True)


@pytest.mark.both_databases
def test_what_is_logged_while_two_clients_are_merged_is_never_lost(front: Any, birch: Client) -> None:
    """Thirty notes, an invoice and hours on their way into the entry that goes: each is in the one that stays."""
    barrow = front.add_client("Barrow Ltd", COBALT)
    actor = front.member(OLIVIA)
    failed: list[str] = []

    def log(first: int) -> Callable[[], None]:
        def logging() -> None:
            for number in range(first, first + 10):
                new = NewNote(
                    client_id=barrow.id,
                    type="slow_reply",
                    source=Source.FORM,
                    happened_at=front.web.outside.clock.now(),
                    once=f"n{number}",
                )
                _until_done(partial(front.web.services.capture.log, front.team_id, actor, new), failed)

        return logging

    def merge() -> None:
        _until_done(lambda: front.web.services.merges.merge(front.team_id, actor, birch.id, barrow.id), failed)

    threads = [threading.Thread(target=work) for work in (log(0), log(10), merge, log(20))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    front.web.services.merges.collect(front.team_id, barrow.id)

    assert failed == []
    assert len(front.notes(birch)) == 30
    assert front.notes(barrow) == []


def test_what_is_stored_under_the_old_id_after_a_merge_is_collected(app: Any, birch: Client) -> None:
    """A note and hours whose transaction outlived the merge are found minutes later; hours add up."""
    barrow = app.add_client("Barrow Ltd", COBALT)
    actor, month = app.member(OLIVIA), date(2026, 10, 1)
    for client in (birch, barrow):
        with app.web.outside.units.begin(app.team_id) as unit:
            unit.agreements.save_hours(
                MonthlyHours(
                    workspace_id=app.team_id, client_id=client.id, month=month, hours=10, budget=20, typed_by=OLIVIA
                )
            )
    app.agency.olivia.command("/redflag", "B&B no reply", channel=GENERAL)
    app.web.services.merges.merge(app.team_id, actor, birch.id, barrow.id)
    (note,) = app.notes(birch)
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.signals.add(replace(note, id="nt-late", client_id=barrow.id))
    app.sweep(timedelta(minutes=6))

    assert {note.id for note in app.notes(birch)} == {note.id, "nt-late"}
    with app.web.outside.units.read(app.team_id) as unit:
        assert [(each.month, each.hours) for each in unit.agreements.hours(birch.id)] == [(month, 20)]


@pytest.mark.both_databases
def test_two_opposite_merges_at_once_leave_one_client(front: Any, birch: Client) -> None:
    """Whoever comes second is told; no name, note or channel is in two places or in none."""
    barrow = front.add_client("Barrow Ltd", COBALT)
    actor = front.member(OLIVIA)
    said: list[str] = []

    def merge(keeper: str, gone: str) -> Callable[[], None]:
        def merging() -> None:
            try:
                front.web.services.merges.merge(front.team_id, actor, keeper, gone)
            except AmicableError as error:
                said.append(error.sentence)

        return merging

    threads = [threading.Thread(target=work) for work in (merge(birch.id, barrow.id), merge(barrow.id, birch.id))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with front.web.outside.units.read(front.team_id) as unit:
        clients = unit.clients.all()

    assert len(said) == 1
    assert [set(client.channel_ids) for client in clients] == [{BIRCH, COBALT}]
    assert client_of(front, "Barrow Ltd") == client_of(front, "Birch & Barrow")


@pytest.mark.parametrize("sift", ["all", "mine", "look", "plan", "too_early", "closed", "archived"])
def test_every_choice_of_the_list_has_its_own_words_when_it_is_empty(front: Any, birch: Client, sift: str) -> None:
    """Each empty list leads to the next step, and the select stays there to choose again."""
    dana = front.agency.dana
    listed = dana.command("/client", "list")
    chosen = dana.choose(listed.messages[-1], "list_clients.sift", f"{sift}|0")

    assert ("Birch" in chosen.text) is (sift in {"all", "too_early"})
    assert "list_clients.sift" in str(chosen.messages[-1].blocks)


def test_a_long_list_is_leafed_through(front: Any) -> None:
    """Twenty clients a page, and every client stands on exactly one of them."""
    names = [front.add_client(f"Client {number:02}").name for number in range(45)]
    dana = front.agency.dana
    page = dana.command("/client", "list")
    shown = [page.text]
    for _ in range(2):
        page = dana.click(page.messages[-1], "list_clients.next")
        shown.append(page.text)

    assert [sum(name in text for name in names) for text in shown] == [20, 20, 5]
    assert [name for name in names if sum(name in text for text in shown) != 1] == []
    assert "Page 3 of 3" in str(page.messages[-1].blocks)


def _until_done(act: Callable[[], object], failed: list[str]) -> None:
    """As somebody does who is told to try again."""
    for _ in range(5):
        try:
            act()
        except AmicableError as error:
            last = error.sentence
        else:
            return
    failed.append(last)


def _staged(client: Client, stage: Stage) -> Client:
    return replace(client, stage=stage)


def test_who_works_with_a_client_is_named_or_comes_from_its_channels(front: Any, birch: Client) -> None:
    """Named people are its team at once, and what one of several says alone weighs less; a guest can't be named."""
    agency = front.agency
    front.web.outside.directory.place(front.team_id, BIRCH)
    for _ in range(4):
        for what in ("yelled at Mia on the call", "threatened the whole team", "treated us like servants"):
            agency.amir.command("/redflag", f"B&B {what}", GENERAL)
        front.world.move_clock(timedelta(days=8))

    def total() -> int:
        with front.web.outside.units.read(front.team_id) as unit:
            return int(front.web.services.health.today(unit, birch.id).total_tenths)

    olivia = open_settings(front, "B&B")
    first = str(olivia.view)
    olivia.submit({"team": [AMIR]})
    alone = total()
    olivia.close()
    olivia = open_settings(front, "B&B")
    refused = olivia.submit({"team": [AMIR, GUS]})
    olivia.submit({"team": [AMIR, OLIVIA]})
    together = total()
    olivia.close()
    olivia = open_settings(front, "B&B")
    named = str(olivia.view)
    olivia.submit({"team": []})

    assert "Today that is" in first
    assert set(refused.errors) == {"team"}
    assert alone < together
    assert f"Today that is <@{AMIR}>, <@{OLIVIA}>" in named
    assert front.web.services.clients.get(front.team_id, front.member(OLIVIA), birch.id).team_ids == ()
