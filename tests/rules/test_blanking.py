"""What is left of a row when its words go: by age, with a client, with a person (D12, FG05)."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.privacy.blanking import REMOVED, SOMEONE, Person, aged, concerns, without_client, without_person
from rules.privacy.fields import Holds, tables
from rules.privacy.tombstones import Erased, is_gone, mark, pseudonym

TOM = Person("UTOM1", "Tom Ash", "tom@agency.example")
GONE = pseudonym("T1", TOM.id)

NOTE: dict[str, Any] = {
    "id": "nt-1",
    "type": "late_payment",
    "reporter_id": "UTOM1",
    "witness_ids": ["UEVE2"],
    "happened_on": "2026-11-02",
    "note": "Three weeks late again",
    "excerpt": "we pay tomorrow",
    "link": "https://x.example/1",
    "state_reason": "",
    "revisions": [{"at": "2026-11-03", "by_id": "UTOM1", "severity": "red"}],
}
DECISION: dict[str, Any] = {
    "id": "de-1",
    "opened_by": "UEVE2",
    "reason": "It does not fit any more",
    "impact": {"on_work": "Nights", "on_business": "Loss", "seen_by": "UTOM1", "seen_at": "2026-11-02"},
    "snapshot": json.dumps({"passed": True, "checks": [{"code": "reason", "state": "met", "explanation": "It hurts"}]}),
}
PARTING: dict[str, Any] = {"id": "pa-1", "deliverables": [["Spring site", "2026-12-01"]], "amounts_owed": "€12"}


def test_age_takes_the_words_and_leaves_who_when_and_what() -> None:
    """After the retention period a note is still a note of that day and type, by the same people."""
    gone = {"note": "", "excerpt": "", "link": ""}
    assert aged(tables()["signals"], NOTE) == NOTE | gone


def test_a_frozen_checklist_keeps_what_each_check_came_to() -> None:
    """The gate's record stays: what was met, without anybody's words for it."""
    left = aged(tables()["decisions"], DECISION)
    assert json.loads(left["snapshot"])["checks"] == [{"code": "reason", "state": "met", "explanation": ""}]


def test_a_list_of_words_and_days_keeps_its_days() -> None:
    """What a reader needs something of to stand is replaced, and dates beside it stay."""
    left = aged(tables()["partings"], PARTING)
    assert (left["deliverables"], left["amounts_owed"]) == ([[REMOVED, "2026-12-01"]], "")


def test_an_erased_client_has_no_name_contact_or_sums_as_typed() -> None:
    """Whatever says who it was goes with the words."""
    client = {"id": "cl-1", "name": "Acme", "aliases": ["ACM"], "contact_email": "a@acme.example", "language": "ca"}
    invoice = {"id": "in-1", "number": "2041", "amount": "€1,200", "due_on": "2026-11-01"}

    assert without_client(tables()["clients"], client) == client | {
        "name": REMOVED,
        "aliases": [""],
        "contact_email": "",
    }
    assert without_client(tables()["invoices"], invoice) == invoice | {"number": "", "amount": ""}


def test_a_person_leaves_a_pseudonym_and_takes_their_words_along() -> None:
    """Two reporters stay two; of a decision only the part goes that they have answered for."""
    note = without_person(tables()["signals"], NOTE, TOM, GONE)
    decision = without_person(tables()["decisions"], DECISION, TOM, GONE)

    assert (note["reporter_id"], note["witness_ids"], note["note"]) == (GONE, ["UEVE2"], "")
    assert note["revisions"][0]["by_id"] == GONE
    assert decision["reason"] == "It does not fit any more"
    assert decision["impact"] == {"on_work": "", "on_business": "", "seen_by": GONE, "seen_at": "2026-11-02"}


def test_others_words_about_a_person_go_too_and_words_like_a_name_stay() -> None:
    """By name, mention or address; a first name alone must be written as one."""
    by_eve = NOTE | {"reporter_id": "UEVE2", "witness_ids": ["UTOM1"]}
    will = Person("UWILL", "Will")
    written = ["tom ash forgot it", "ask <@UTOM1>", "cc tom@agency.example", "tomato ashes"]
    kept = [without_person(tables()["signals"], by_eve | {"note": text}, TOM, GONE)["note"] for text in written]
    of_will = [
        without_person(tables()["signals"], by_eve | {"note": text}, will, GONE)["note"]
        for text in ("it will come", "Will said so")
    ]

    assert kept == ["", "", "", "tomato ashes"]
    assert of_will == ["it will come", ""]


def test_the_person_is_someone_in_the_team() -> None:
    """Where a name has to stand there stands “someone”; others keep theirs."""
    tom = {"id": "UTOM1", "name": "Tom Ash", "email": "tom@agency.example", "timezone": "UTC"}
    eve = {"id": "UEVE2", "name": "Eve", "email": "eve@agency.example", "timezone": "UTC"}
    members = tables()["members"]

    assert without_person(members, tom, TOM, GONE) == tom | {"id": GONE, "name": SOMEONE, "email": ""}
    assert without_person(members, eve, TOM, GONE) == eve


def test_what_names_a_person_concerns_them() -> None:
    """An export of a person has what they wrote and what names them, and nothing else."""
    signals = tables()["signals"]
    others = NOTE | {"reporter_id": "UEVE2", "revisions": []}
    rows = [NOTE, others, others | {"witness_ids": ["UTOM1"]}, others | {"note": "Tom Ash was there"}]
    assert [concerns(signals, row, TOM) for row in rows] == [True, False, True, True]


@given(st.text(), st.text(), st.sampled_from(["UTOM1", "UEVE2", GONE]))
def test_doing_it_twice_does_nothing_more(note: str, excerpt: str, reporter: str) -> None:
    """A run that was killed and begins again finds what is done as done, in each of the three ways."""
    signals = tables()["signals"]
    row = NOTE | {"note": note, "excerpt": excerpt, "reporter_id": reporter}
    once = [aged(signals, row), without_client(signals, row), without_person(signals, row, TOM, GONE)]
    twice = [aged(signals, once[0]), without_client(signals, once[1]), without_person(signals, once[2], TOM, GONE)]
    untouched = signals.holding(Holds.KEEP)

    assert once == twice
    assert all(left.get(name) == row.get(name) for left in once for name in untouched)


def test_a_mark_knows_a_name_again_and_does_not_tell_it() -> None:
    """An import with another spelling is recognised; workspaces and kinds don't mix."""
    acme = mark("T1", Erased.CLIENT, "Acme  Ltd")
    same = mark("T1", Erased.CLIENT, "acme ltd")
    others = {mark("T2", Erased.CLIENT, "Acme Ltd"), mark("T1", Erased.PERSON, "Acme Ltd")}

    assert (acme == same, acme in others, "acme" in acme) == (True, False, False)
    assert (is_gone(GONE), is_gone("UTOM1"), "UTOM1" in GONE) == (True, False, False)
