"""Erasing: no word is left anywhere, every row and score is (D12, FG05)."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.services.privacy.erasure import Subject
from rules.errors import AmicableError, ConflictError, InvalidError, NotFoundError, RefusedError
from rules.partings.parting import PartingState
from rules.ports import Post
from rules.privacy.blanking import SOMEONE
from rules.privacy.tombstones import Erased, pseudonym

pytestmark = pytest.mark.both_databases

WORKSPACE = "T1"
ACME = Subject(kind=Erased.CLIENT, id="acme-clients", actor_id="UEVE88")
TOM = Subject(kind=Erased.PERSON, id="UTOM77", actor_id="UEVE88")
NAME = "zqacme-clients-name"


def begin_client(archive: Any) -> None:
    archive.erasure.begin(WORKSPACE, archive.eve, ACME, NAME)


def test_no_word_about_an_erased_client_is_left_in_the_database(archive: Any) -> None:
    """Every field of every table that can hold text held a word; afterwards none is there, nor in the files."""
    archive.fill("acme", archive.tom)
    archive.fill("birch", archive.eve)
    before, dumped = archive.rows(), archive.dump()
    begin_client(archive)
    archive.erase(ACME)
    left = archive.dump()

    assert dumped.count("zqacme") > 45
    assert left.count("zqacme") == 0
    assert archive.rows() == before | {"audit": before["audit"] + 1}
    assert left.count("zqbirch-signals-note") > 0


def test_scores_and_rows_stay_as_they_were(archive: Any) -> None:
    """Rows, dates, types and points stay: the score of the erased client and of all others is the same."""
    for tag in ("acme", "birch"):
        archive.fill(tag, archive.tom)
        archive.add_notes(tag, 12)
    before = [archive.health(tag) for tag in ("acme", "birch")]
    begin_client(archive)
    archive.erase(ACME)
    archive.erasure.begin(WORKSPACE, archive.eve, TOM, archive.tom.name)
    archive.erase(TOM)

    assert [archive.health(tag) for tag in ("acme", "birch")] == before


@pytest.mark.parametrize("pages", range(0, 12, 2))
def test_killed_in_the_middle_it_completes_when_it_begins_again(archive: Any, pages: int) -> None:
    """Wherever it dies, nothing new gets in meanwhile, and the next run leaves nothing."""
    archive.fill("acme", archive.tom)
    begin_client(archive)
    archive.erase(ACME, stop_after=pages)
    with pytest.raises(ConflictError, match="erased"), archive.units.begin(WORKSPACE) as unit:
        unit.clients.lock(ACME.id)
    begun = archive.erasure.unfinished(WORKSPACE)
    archive.erase(Subject.read(begun[0]))

    assert archive.dump().count("zqacme") == 0
    assert archive.erasure.unfinished(WORKSPACE) == []


def test_doing_it_twice_does_nothing(archive: Any) -> None:
    """The second time says so in a sentence, and a repeated job changes no row."""
    archive.fill("acme", archive.tom)
    begin_client(archive)
    archive.erase(ACME)
    once = archive.dump()
    archive.erase(ACME)
    with pytest.raises(ConflictError, match="erased on Mon 2 Nov 2026"):
        archive.erasure.foresee(WORKSPACE, archive.eve, Erased.CLIENT, NAME)

    assert archive.dump() == once


def test_an_erased_person_is_someone_who_can_be_counted(archive: Any) -> None:
    """Their words, name, address and id are nowhere; two reporters are two, and others' words stay."""
    archive.fill("acme", archive.tom)
    archive.fill("birch", archive.eve)
    receipt = Post(
        key=f"receipts:{TOM.id}:2026-11-02",
        workspace_id=WORKSPACE,
        channel_id="D1",
        kind="whisper",
        subject=TOM.id,
        created_at=archive.clock.now(),
    )
    with archive.units.begin(WORKSPACE) as unit:
        unit.posts.save(receipt)
        came = archive.clock.now()
        unit.people.save_member(
            dataclasses.replace(archive.tom, contractor_until=came, visited_at=came, away_since=came)
        )
    archive.erasure.begin(WORKSPACE, archive.eve, TOM, archive.tom.name)
    archive.erase(TOM)
    left = archive.dump()
    with archive.units.read(WORKSPACE) as unit:
        reporters = {unit.signals.get(f"{tag}-signals").reporter_id for tag in ("acme", "birch")}
        gone = unit.people.find_member(pseudonym(WORKSPACE, TOM.id))

    assert [left.count(word) for word in ("UTOM77", "Tomas Zqash", "zqtom@", "zqacme-signals-note")] == [0, 0, 0, 0]
    assert reporters == {"UEVE88", pseudonym(WORKSPACE, TOM.id)}
    assert (gone.name, gone.is_deleted, gone.is_admin) == (SOMEONE, True, False)
    assert (gone.contractor_until, gone.visited_at, gone.away_since) == (None, None, None)
    assert left.count("zqbirch-signals-note") > 0


def test_slack_does_not_bring_an_erased_name_back(archive: Any) -> None:
    """The daily reading of the team meets them again, and stores neither name nor address."""
    archive.erasure.begin(WORKSPACE, archive.eve, TOM, archive.tom.name)
    archive.erase(TOM)
    with archive.units.begin(WORKSPACE) as unit:
        unit.people.save_member(archive.tom)

    assert [archive.dump().count(word) for word in ("Tomas Zqash", "zqtom@")] == [0, 0]


def test_a_client_with_an_open_parting_is_not_erased(archive: Any) -> None:
    """Tasks in a tracker speak of them: the parting is closed first. Nothing is begun by asking."""
    archive.fill("acme", archive.tom)
    with archive.units.begin(WORKSPACE) as unit:
        unit.partings.save(dataclasses.replace(unit.partings.get("acme-partings"), state=PartingState.OPEN))
    refused = []
    for attempt in (
        lambda: archive.erasure.foresee(WORKSPACE, archive.eve, Erased.CLIENT, NAME),
        lambda: begin_client(archive),
    ):
        with pytest.raises(ConflictError, match="Close it first") as sentence:
            attempt()
        refused.append(sentence.type)

    assert (refused, archive.erasure.unfinished(WORKSPACE)) == ([ConflictError] * 2, [])


def test_tickets_that_stay_in_a_tracker_are_named_before(archive: Any) -> None:
    """Of a closed parting the tickets stay in their tracker, and it is said."""
    archive.fill("acme", archive.tom)
    foreseen = archive.erasure.foresee(WORKSPACE, archive.eve, Erased.CLIENT, NAME)

    assert foreseen.rows >= 11
    assert foreseen.remains == ("1 ticket stays in acme-tickets: delete it there.",)


@pytest.mark.parametrize(
    ("kind", "who", "error"),
    [(Erased.CLIENT, "nobody", NotFoundError), (Erased.PERSON, "nobody", NotFoundError)],
)
def test_whoever_is_not_known_is_asked_for_again(
    archive: Any, kind: Erased, who: str, error: type[AmicableError]
) -> None:
    """A name that nobody has leads to a sentence that says how to name them."""
    with pytest.raises(error, match=r"called|known"):
        archive.erasure.foresee(WORKSPACE, archive.eve, kind, who)


def test_only_an_admin_erases_and_only_with_the_name_typed(archive: Any) -> None:
    """Neither a colleague nor a hasty click erases anything."""
    archive.fill("acme", archive.tom)
    with pytest.raises(RefusedError):
        archive.erasure.begin(WORKSPACE, archive.tom, ACME, NAME)
    with pytest.raises(InvalidError, match="to confirm"):
        archive.erasure.begin(WORKSPACE, archive.eve, ACME, "something else")

    assert (archive.erasure.unfinished(WORKSPACE), archive.dump().count("zqacme-signals-note") > 0) == ([], True)


def test_who_erased_stands_in_the_audit_log_without_a_name(archive: Any) -> None:
    """The log says that somebody was erased, by whom and when; not who it was."""
    archive.fill("acme", archive.tom)
    begin_client(archive)
    archive.erasure.begin(WORKSPACE, archive.eve, TOM, archive.tom.name)
    archive.erase(ACME)
    archive.erase(TOM)
    written = [(entry.action, entry.actor_id, entry.subject, entry.details) for entry in archive.audit()[:2]]

    assert written == [
        ("erased", "UEVE88", pseudonym(WORKSPACE, TOM.id), ""),
        ("erased", "UEVE88", ACME.id, ""),
    ]


def test_what_was_merged_into_a_client_is_erased_with_it(archive: Any) -> None:
    """The name and rows of a client that turned out to be the same one go, too, and its name brings nothing back."""
    for tag in ("acme", "older"):
        archive.fill(tag, archive.tom)
    with archive.units.begin(WORKSPACE) as unit:
        older = unit.clients.get("older-clients")
        unit.clients.forget_ways(older.id)
        archive.absorb(unit, "acme-clients", older)
    begin_client(archive)
    archive.erase(ACME)
    left = archive.dump()
    with pytest.raises(ConflictError, match="erased on"):
        archive.erasure.foresee(WORKSPACE, archive.eve, Erased.CLIENT, older.name)

    assert [left.count(word) for word in ("zqacme", "zqolder")] == [0, 0]
