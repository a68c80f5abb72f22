from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from integrations.database import tables
from integrations.database.connect import open_database
from integrations.database.unit_of_work import JobQueue, SqlUnits
from rules.clients.client import Client, Contract, NoticeUnit
from rules.clients.people import Member, Place, PlaceKind
from rules.clients.stages import Origin, Stage
from rules.decisions.decision import Decision, Impact
from rules.decisions.plan import Action, ActionSide, Checkpoint, Concern, Plan
from rules.errors import ConflictError, InvalidError, NotFoundError
from rules.health.catalogue import load_catalogue
from rules.health.days.standing import Standing
from rules.health.formula.entries import entries_of
from rules.health.score import Band, Glance
from rules.health.signal import Reaction, Severity, Side, Signal, Source, State, outlined
from rules.notices.notice import Notice, Override
from rules.partings.parting import Parting, PlannedTask, Preview, TaskKind, Ticket, TicketState
from rules.ports import UnitOfWork, Units, Workspace
from rules.ports.archive import Chosen

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
T, OTHER = "T1", "T2"


def client(client_id: str = "c1", **changes: Any) -> Client:
    return replace(
        Client(id=client_id, workspace_id=T, name=f"Client {client_id}", owner_id="U1", stage_since=NOW), **changes
    )


def signal(signal_id: str = "s1", at: datetime = NOW, **changes: Any) -> Signal:
    return replace(
        Signal(
            id=signal_id,
            workspace_id=T,
            client_id="c1",
            type="late_payment",
            side=Side.THEIRS,
            source=Source.COMMAND,
            reporter_id="U1",
            happened_at=at,
            happened_on=at.date(),
            logged_at=NOW,
            logged_on=NOW.date(),
        ),
        **changes,
    )


def parting(parting_id: str = "p1") -> Parting:
    task = PlannedTask(
        code="access",
        kind=TaskKind.WRAP_UP,
        title="Return access",
        details="",
        owner_id="U1",
        due_on=date(2026, 12, 1),
        arithmetic="5 working days before",
        ticked=True,
    )
    return Parting(
        id=parting_id,
        workspace_id=T,
        client_id="c1",
        decision_id="d1",
        origin=Origin.OURS,
        last_day=date(2026, 12, 8),
        last_day_arithmetic=("30 days from 2026-11-08",),
        preview=Preview(revision=2, tracker="jira", tasks=(task,)),
        created_at=NOW,
        created_by="U1",
    )


def ticket(ticket_id: str, **changes: Any) -> Ticket:
    return replace(
        Ticket(
            id=ticket_id,
            workspace_id=T,
            parting_id="p1",
            task_code=ticket_id,
            kind=TaskKind.WRAP_UP,
            tracker="jira",
            marker=f"wu-{ticket_id}",
            run_marker="wu-run",
            title="Return access",
            details="",
            updated_at=NOW,
        ),
        **changes,
    )


def test_a_client_comes_back_as_it_was_saved(units: Units) -> None:
    """Nothing of what was agreed with a client gets lost in storage."""
    contract = Contract(reviewed=True, starts_on=date(2024, 2, 29), notice_length=3, notice_unit=NoticeUnit.MONTHS)
    acme = client(aliases=("Acme Corp", "ACM"), channel_ids=("C1", "C2"), contract=contract, stage=Stage.TOLD)
    with units.begin(T) as unit:
        unit.clients.add(client())
        unit.clients.save(acme)
    with units.read(T) as unit:
        assert unit.clients.get("c1") == acme
        assert unit.clients.of_channel("C2") == acme
        assert unit.clients.all() == [acme]


def test_a_client_answers_to_its_name_and_aliases(units: Units) -> None:
    """People write a client's name in their own way; the normalised one finds it."""
    acme = client(name="Acme  GmbH", aliases=("ACM",))
    with units.begin(T) as unit:
        unit.clients.add(acme)
        unit.clients.add(client("c2", name="Bolt"))
        found = unit.clients.named(["acme gmbh", "acm", "nobody"])
        assert sorted(unit.clients.names()) == [("acm", "c1"), ("acme gmbh", "c1"), ("bolt", "c2")]

    assert found == {"acme gmbh": acme, "acm": acme}


def test_a_name_means_one_client_only(units: Units) -> None:
    """Two clients can't share a name or alias, however it is written, and the sentence says whose it is."""
    with units.begin(T) as unit:
        unit.clients.add(client(name="Acme", aliases=("The Rocket People",)))
    with pytest.raises(InvalidError, match="already means Acme") as refused, units.begin(T) as unit:
        unit.clients.add(client("c2", name="Rockets", aliases=("the rocket  people",)))

    assert list(refused.value.fields) == ["aliases"]


def test_a_name_is_free_again_after_a_rename(units: Units) -> None:
    """Yesterday's name of one client may be today's of another."""
    with units.begin(T) as unit:
        unit.clients.add(client(name="Acme"))
        unit.clients.save(client(name="Apex"))
        unit.clients.add(client("c2", name="Acme"))
    with units.read(T) as unit:
        assert unit.clients.named(["acme"])["acme"].id == "c2"


def test_a_channel_belongs_to_one_client(units: Units) -> None:
    """A note from a channel can't be about two clients."""
    with units.begin(T) as unit:
        unit.clients.add(client(channel_ids=("C1",)))
    with pytest.raises(InvalidError, match="already belongs to Client c1"), units.begin(T) as unit:
        unit.clients.add(client("c2", channel_ids=("C1",)))


def test_a_workspace_never_sees_another_ones_rows(units: Units) -> None:
    """Two agencies on one installation know nothing of each other."""
    with units.begin(T) as unit:
        unit.clients.add(client(channel_ids=("C1",)))
    with units.begin(OTHER) as unit:
        found = (unit.clients.all(), unit.clients.named(["client c1"]), unit.clients.of_channel("C1"))
        with pytest.raises(NotFoundError, match="not here any more"):
            unit.clients.get("c1")
        with pytest.raises(ValueError, match="another workspace"):
            unit.clients.add(client("c9"))

    assert found == ([], {}, None)


def test_scoring_reads_what_still_counts_and_the_lasting_types_for_ever(units: Units) -> None:
    """Old notes fade out of sight, except those that don't fade (design section 5)."""
    since = NOW - timedelta(days=365)
    with units.begin(T) as unit:
        unit.clients.add(client())
        unit.clients.add(client("c2"))
        unit.signals.add(signal("old", NOW - timedelta(days=400)))
        unit.signals.add(signal("recent", NOW - timedelta(days=2)))
        unit.signals.add(signal("abuse", NOW - timedelta(days=900), type="abuse"))
        unit.signals.add(signal("withdrawn", NOW - timedelta(days=1), state=State.WITHDRAWN))
        unit.signals.add(signal("other", NOW, client_id="c2"))
    with units.read(T) as unit:
        of_one = [each.id for each in unit.signals.scoring("c1", since, ["abuse"])]
        of_some = {key: len(found) for key, found in unit.signals.scoring_of(["c2", "c3"], since, ["abuse"]).items()}
        of_all = {
            key: [each.id for each in found] for key, found in unit.signals.scoring_of_all(since, ["abuse"]).items()
        }

    assert of_one == ["abuse", "recent", "withdrawn"]
    assert of_all == {"c1": ["abuse", "recent", "withdrawn"], "c2": ["other"]}
    assert of_some == {"c2": 1}


def test_outlines_say_of_live_notes_what_the_score_is_made_of(units: Units) -> None:
    """The formula finds in them what it finds in the whole notes; what counts for nobody stays in the database."""
    since, catalogue = NOW - timedelta(days=365), load_catalogue()
    due, paid = date(2026, 9, 1), date(2026, 10, 1)
    notes = [
        signal("plain", NOW - timedelta(days=2), witness_ids=("U2", "U3"), severity=Severity.PINK),
        signal("invoice", NOW - timedelta(days=30), source=Source.SENSOR, due_on=due, paid_on=paid),
        signal("open", NOW - timedelta(days=30), source=Source.SENSOR, due_on=due),
        signal("kind", NOW - timedelta(days=5), type="praise", side=Side.PRAISE),
        signal("guess", NOW - timedelta(days=900), type="abuse", guessed=True),
        signal("seen", NOW - timedelta(days=900), type="abuse", reviewed_at=NOW - timedelta(days=800)),
        signal("ours", type="our_late_delivery", side=Side.OURS),
        signal("back", state=State.WITHDRAWN),
        signal("past", NOW - timedelta(days=400)),
        signal("other", client_id="c2"),
    ]
    with units.begin(T) as unit:
        unit.clients.add(client())
        unit.clients.add(client("c2"))
        for each in notes:
            unit.signals.add(each)
    with units.read(T) as unit:
        found = unit.signals.outlines("c1", since, ["abuse"])

    told = {entry.id: entry for entry in entries_of(found, catalogue, "UTC")}
    assert told == {entry.id: entry for entry in entries_of(notes[:6], catalogue, "UTC")}
    assert {each.id: each for each in found} == {each.id: outlined(each) for each in notes[:6]}


def rewrite_words(unit: UnitOfWork) -> None:
    """As erasure and old age do."""
    [*_, stored] = unit.archive.lock_page("signals", Chosen(client_id="c1"), "", 99)
    unit.archive.rewrite("signals", stored, {**stored.values, "note": f"{stored.values['note']}."})


WRITES: list[Callable[[UnitOfWork, str], object]] = [
    lambda unit, new: unit.signals.add(signal(new)),
    lambda unit, new: unit.signals.add_new(signal(new)),
    lambda unit, new: unit.signals.add_all([signal(new)]),
    lambda unit, _: unit.signals.save(signal("known", state=State.WITHDRAWN)),
    lambda unit, _: unit.clients.move("c2", "c1"),
    lambda unit, _: rewrite_words(unit),
]


def test_what_was_shown_counts_until_another_note_is_written(units: Units) -> None:
    """The score of the last reading stands for the ledger, whatever way a note comes in, and is never out of date."""
    shown = Glance(512, Band.AMEND)
    read = Standing(client_id="c1", workspace_id=T, band="amend", read_at=NOW, shown_on=NOW.date(), shown=shown)
    with units.begin(T) as unit:
        unit.clients.add(client())
        unit.clients.add(client("c2"))
        unit.signals.add(signal("known"))
    for place, write in enumerate(WRITES):
        with units.begin(T) as unit:
            unit.standings.save(read)
        assert known(units) == read
        with units.begin(T) as unit:
            write(unit, f"unread {place}")
        assert known(units) == replace(read, shown_on=None)
        with units.begin(T) as unit:
            write(unit, f"read {place}")
            unit.standings.save(read)
        assert known(units) == read


def known(units: Units) -> Standing:
    """What is kept of the client, but for the mark of its notes."""
    with units.read(T) as unit:
        found = unit.standings.find("c1")
        assert found
        return replace(found, ledger_mark="")


def test_a_mark_stands_for_the_notes_as_one_reading_found_them(engine: sa.Engine, units: Units) -> None:
    """Whoever writes a note ends it, whether the client is read with it or not; whoever read before that gives none."""

    def mark() -> str:
        with units.read(T) as unit:
            return (unit.standings.find("c1") or read).ledger_read

    def save(standing: Standing, *notes: str) -> str:
        with units.begin(T) as unit:
            unit.signals.add_all([signal(each) for each in notes])
            return unit.standings.save(standing)

    def settled() -> Standing:
        with units.begin(T) as unit:
            now = unit.standings.find("c1") or read
            unit.standings.save(now)
        with units.read(T) as unit:
            return unit.standings.find("c1") or read

    read = Standing(client_id="c1", workspace_id=T, band="amend", read_at=NOW, shown_on=NOW.date())
    with units.begin(T) as unit:
        unit.clients.add(client())
        unit.clients.add(client("c2"))
        unit.signals.add(signal("known"))
    save(read)
    assert mark() == "", "who else saw that there was none?"
    marks = [settled().ledger_mark]
    for place, write in enumerate(WRITES):
        before = settled()
        with units.begin(T) as unit:
            assert unit.signals.is_untouched("c1")
            write(unit, f"unread {place}")
            assert not unit.signals.is_untouched("c1")
        assert mark() == ""
        save(before, f"late {place}")
        assert mark() == "", "this one had read before the other one wrote"
        before = settled()
        with units.begin(T) as unit:
            write(unit, f"read {place}")
            marks.append(unit.standings.save(before))
        assert mark() == marks[-1]
        save(before)
        assert mark() == ""
    assert len({*marks}) == len(marks)

    kept = settled()
    assert (save(kept), mark()) == (kept.ledger_mark, kept.ledger_mark)
    with engine.begin() as connection:  # as an earlier release writes the row, which knows of no mark
        table = tables.standings
        document = connection.execute(sa.select(table.c.document)).scalar_one()
        document = {name: value for name, value in document.items() if name != "ledger_mark"}
        connection.execute(sa.update(table).values(document=document))
    save(kept)
    assert mark() == ""


def test_a_client_its_standing_and_the_workspace_come_in_one_statement(units: Units) -> None:
    """As `lock` gives it, also of one that was merged away, and with none for a client that was never read."""
    with units.house() as house:
        house.add_workspace(Workspace(id=T, name="Agency", timezone="Europe/Madrid", created_at=NOW))
    standing = Standing(client_id="c1", workspace_id=T, band="watch", score_tenths=712, read_at=NOW)
    with units.begin(T) as unit:
        unit.clients.add(client())
        unit.clients.add(client("c2"))
        unit.standings.save(standing)
        unit.clients.add(client("gone", merged_into="c1", archived_at=NOW))
        unit.clients.add(client("erased", erased_at=NOW))
    with units.begin(T) as unit:
        assert unit.lock_client("c1") == (client(), standing)
        assert unit.lock_client("c2") == (client("c2"), None)
        assert unit.lock_client("gone") == (client(), standing)
        assert unit.workspace().timezone == "Europe/Madrid"
        with pytest.raises(NotFoundError):
            unit.lock_client("nobody")
        with pytest.raises(ConflictError):
            unit.lock_client("erased")


def test_scoring_reads_the_ledger_by_its_indexes(sqlite_url: str, jobs: JobQueue) -> None:
    """A hundred times the old history costs nothing: no query walks through the table."""
    engine = open_database(sqlite_url)
    asked: list[tuple[str, tuple[object, ...]]] = []
    with SqlUnits(engine, jobs).read(T) as unit:
        sa.event.listen(engine, "before_cursor_execute", lambda *seen: asked.append((seen[2], seen[3])))
        unit.signals.scoring("c1", NOW, ["abuse", "gaslighting"])
        unit.signals.scoring_of_all(NOW, ["abuse", "gaslighting"])
        unit.signals.scoring_of(["c1", "c2"], NOW, ["abuse", "gaslighting"])
        unit.signals.outlines("c1", NOW, ["abuse", "gaslighting"])
        unit.signals.outlines_of(["c1", "c2"], NOW, ["abuse", "gaslighting"])
        unit.signals.told_in_lists(["c1", "c2"], NOW, ["abuse"], types=["abuse", "unsorted"], logged_after=NOW)
        list(unit.list_clients(NOW))
        unit.signals.history("c1", 10, before=NOW)
    with engine.connect() as connection:
        plans = [list(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)) for sql, given in list(asked)]
    engine.dispose()
    steps = [str(row.detail) for plan in plans for row in plan if "amicable_signals" in row.detail]

    assert [step.partition(" (")[2].rstrip(")") for step in steps] == [
        "workspace_id=? AND type=? AND client_id=?",
        "workspace_id=? AND client_id=? AND happened_at>?",
        "workspace_id=? AND type=?",
        "workspace_id=? AND happened_at>?",
        "workspace_id=? AND type=? AND client_id=?",
        "workspace_id=? AND client_id=? AND happened_at>?",
        "workspace_id=? AND type=? AND client_id=?",
        "workspace_id=? AND client_id=? AND happened_at>?",
        "workspace_id=? AND type=? AND client_id=?",
        "workspace_id=? AND client_id=? AND happened_at>?",
        "workspace_id=? AND type=? AND client_id=?",
        "workspace_id=? AND type=? AND client_id=? AND happened_at>?",
        "workspace_id=? AND type=? AND client_id=?",
        "workspace_id=? AND client_id=? AND happened_at>?",
        "workspace_id=? AND client_id=? AND happened_at>?",
        "workspace_id=? AND client_id=? AND happened_at<?",
    ]


def test_the_history_goes_back_page_by_page(units: Units) -> None:
    """Newest first, then what came before."""
    with units.begin(T) as unit:
        unit.clients.add(client())
        for day in range(5):
            unit.signals.add(signal(f"s{day}", NOW - timedelta(days=day)))
        first = unit.signals.history("c1", 2)
        rest = unit.signals.history("c1", 9, before=first[-1].happened_at)

    assert [[each.id for each in page] for page in (first, rest)] == [["s0", "s1"], ["s2", "s3", "s4"]]


def test_a_corrected_signal_keeps_its_row(units: Units) -> None:
    """Withdrawing, witnesses and reviews are further facts on the same entry."""
    changed = signal(state=State.WITHDRAWN, state_reason="It was ours", witness_ids=("U2", "U3"), reviewed_at=NOW)
    with units.begin(T) as unit:
        unit.clients.add(client())
        unit.signals.add(signal())
        before = unit.signals.count_live()
        unit.signals.save(changed)
        after = (unit.signals.get("s1"), unit.signals.find("s2"), unit.signals.count_live())

    assert (before, after) == (1, (changed, None, 0))


def test_the_newest_word_about_a_reaction_counts(units: Units) -> None:
    """Late and doubled deliveries change nothing (design section 5, Capture)."""
    added = Reaction(
        workspace_id=T,
        channel_id="C1",
        message_ts="1.1",
        type="late_payment",
        person_id="U1",
        event_ts="1700000000.000200",
        present=True,
    )
    removed_before = replace(added, event_ts="1700000000.000100", present=False)
    removed_after = replace(added, event_ts="1700000000.000300", present=False)
    with units.begin(T) as unit:
        kept = [unit.signals.keep_reaction(each) for each in (added, added, removed_before, removed_after)]
        found = unit.signals.reactions_on("C1", "1.1", "late_payment")

    assert (kept, found) == ([True, False, False, True], [removed_after])


def test_people_places_and_standings_are_kept(units: Units) -> None:
    """What Slack and the last reading said is there for the next request."""
    ann = Member(id="U1", workspace_id=T, team_id=T, name="Ann", is_guest=True, is_contractor=True, fetched_at=NOW)
    unread = Place(id="C1", workspace_id=T, name="acme", kind=PlaceKind.PRIVATE, guest_ids=None, fetched_at=NOW)
    read = replace(unread, guest_ids=("U7",), member_ids=("U1", "U7"))
    standing = Standing(client_id="c1", workspace_id=T, band="watch", pending_since=NOW, score_tenths=712, read_at=NOW)
    with units.begin(T) as unit:
        unit.clients.add(client())
        unit.people.save_member(ann)
        unit.people.save_place(unread)
        assert unit.people.find_place("C1") == unread
        unit.people.save_place(read)
        unit.standings.save(standing)
    with units.read(T) as unit:
        assert (unit.people.find_member("U1"), unit.people.members()) == (ann, [ann])
        assert (unit.people.find_place("C1"), unit.people.find_place("C2")) == (read, None)
        assert (unit.standings.find("c1"), unit.standings.all()) == (standing, {"c1": standing})


def test_plans_and_decisions_come_back_with_all_their_parts(units: Units) -> None:
    """Concerns, actions, checkpoints and impact are stored within; the newest and the running are found."""
    plan = Plan(
        id="plan1",
        workspace_id=T,
        client_id="c1",
        goal="Invoices paid within 30 days",
        concerns=(Concern(id="k1", text="Late", raised_by_client=True),),
        actions=(Action(concern_id="k1", text="Remind", side=ActionSide.OURS, owner_id="U1", due_on=NOW.date()),),
        checkpoints=(Checkpoint(due_on=NOW.date()), Checkpoint(due_on=NOW.date() + timedelta(days=14))),
        started_at=NOW,
        started_by="U1",
    )
    ended = replace(plan, id="plan0", started_at=NOW - timedelta(days=90), ended_at=NOW)
    impact = Impact(on_work="Two evenings", on_business="8 %", seen_by="U1", seen_at=NOW)
    decision = Decision(
        id="d1", workspace_id=T, client_id="c1", origin=Origin.OURS, opened_at=NOW, opened_by="U1", impact=impact
    )
    dropped = replace(decision, id="d2", opened_at=NOW + timedelta(days=1), dropped_at=NOW + timedelta(days=2))
    with units.begin(T) as unit:
        unit.clients.add(client())
        unit.plans.save(plan)
        unit.plans.save(ended)
        unit.decisions.save(decision)
        unit.decisions.save(dropped)
    with units.read(T) as unit:
        assert (unit.plans.of_client("c1"), unit.plans.running()) == ([plan, ended], [plan])
        assert (unit.plans.get("plan0"), unit.decisions.get("d2")) == (ended, dropped)
        assert unit.decisions.current("c1") == decision


def test_a_parting_and_its_tickets_are_kept_and_found(units: Units) -> None:
    """Adding the same tickets again, as a step that runs twice does, changes nothing; what lies still is found."""
    first = ticket("a", state=TicketState.SENDING, attempt_at=NOW, look_at=NOW + timedelta(minutes=5), parent_id="run")
    second = ticket("b", updated_at=NOW - timedelta(hours=1), due_on=NOW.date(), parent_id="run")
    opened = ticket("run", state=TicketState.OPENED, ref="10001", key="ACM-1", url="http://jira/ACM-1")
    with units.begin(T) as unit:
        unit.clients.add(client())
        unit.partings.save(parting())
        unit.partings.add_tickets([first, second, ticket("run")])
        unit.partings.save_ticket(opened)
        unit.partings.add_tickets([ticket("run")])
        assert unit.partings.lock_ticket("run") == opened
    with units.read(T) as unit:
        assert unit.partings.get("p1") == unit.partings.of_client("c1") == parting()
        assert [each.id for each in unit.partings.tickets("p1")] == ["run", "b", "a"]
        assert unit.partings.unfinished_tickets(NOW) == [second]
        assert unit.partings.unfinished_tickets(NOW + timedelta(hours=1)) == [second, first]
        assert (unit.partings.ticket("run"), unit.partings.all()) == (opened, [parting()])


def test_a_letter_comes_back_with_its_overrides(units: Units) -> None:
    """What was approved is, to the letter, what is stored."""
    letter = Notice(
        id="n1",
        workspace_id=T,
        client_id="c1",
        parting_id="p1",
        language="en",
        subject="Our last day",
        body="Dear Ann,\n“Thank you” — 谢谢.",
        facts_digest="f" * 64,
        drafted_by="U1",
        drafted_at=NOW,
        overrides=(Override(finding="tone", reason="they asked", by="U2"),),
        received_on=NOW.date(),
    )
    with units.begin(T) as unit:
        unit.clients.add(client())
        unit.partings.save(parting())
        unit.notices.save(replace(letter, body="draft"))
        unit.notices.save(letter)
    with units.read(T) as unit:
        assert (unit.notices.get("n1"), unit.notices.of_parting("p1")) == (letter, letter)


def test_a_row_from_before_a_field_existed_reads_with_its_default(engine: sa.Engine, units: Units) -> None:
    """A new field of a value needs no migration: whatever is no column is in the row's document."""
    with units.begin(T) as unit:
        unit.clients.add(client(contact_name="Ann"))
    with engine.begin() as connection:
        connection.execute(tables.clients.update().values(document={"owner_id": "U1", "stage_since": NOW.isoformat()}))
    with units.read(T) as unit:
        assert unit.clients.get("c1") == client()
