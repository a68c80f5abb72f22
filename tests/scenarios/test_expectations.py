"""What both sides expect, the page for the client, its clock, and the next term, through the real app."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from integrations.sandbox.agency import AMIR, BIRCH
from rules.clients.accord import Accord, Ending, MilestoneState
from rules.clients.client import Agreement, Client, Contract
from rules.notices.draft import languages

CANARY = "zqcanary"
LOOKED = {"ours": f"{CANARY} ours", "owed": f"{CANARY} owed", "they_say": f"{CANARY} they"}


@pytest.fixture
def birch(app: Any) -> Client:
    client: Client = app.add_client("Birch & Barrow", BIRCH, owner=AMIR)
    app.sweep(timedelta(minutes=1))
    return client


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def accord_of(app: Any, client: Client) -> Accord:
    with app.web.outside.units.read(app.team_id) as unit:
        found: Accord = unit.accords.current(client.id)
    return found


def open_list(app: Any, person: Any, client: Client) -> Any:
    while person.view:
        person.close()
    card = person.command("/client", client.name).messages[-1]
    person.choose(card, "open_verb.more", "Agreement")
    person.click(person.view, "expectations")
    return person.view


def expect(app: Any, person: Any, client: Client, **values: Any) -> Any:
    person.click(open_list(app, person, client), "add_expectation")
    return person.submit(values)


def day(app: Any, days: int) -> str:
    on: date = app.world.now().date() + timedelta(days=days)
    return on.isoformat()


def test_both_sides_write_down_what_they_expect_and_milestones_count_as_facts(app: Any, birch: Client) -> None:
    """AM16, AM17, AM26, FG07: missed is theirs or ours to answer for, kept is praise or a prompt, moved is neither."""
    amir = app.agency.amir
    expect(app, amir, birch, party="theirs", text="Texts come in one piece", milestone_0="Text of May",
           day_0=day(app, 3), milestone_1="Text of June", day_1=day(app, 4))  # fmt: skip
    expect(app, amir, birch, party="ours", text="Drafts are on time", milestone_0="Draft", day_0=day(app, 3),
           milestone_1="Proof", day_1=day(app, 5))  # fmt: skip
    missing = expect(app, amir, birch, party="both", text="A monthly look back", milestone_0="First one")
    app.sweep(app.until_noon(4))
    app.tell()
    asked = [message for message in amir.dms() if "Was it kept?" in message.text]
    views, due = {}, {}
    for what, became in (("Text of May", "missed"), ("Text of June", "kept"), ("Draft", "missed"), ("Proof", "kept")):
        accord = accord_of(app, birch)
        milestone = next(each for line in accord.lines for each in line.milestones if each.text == what)
        due[what] = str(milestone.due_on)
        amir.click(open_list(app, amir, birch), f"settle_milestone.{milestone.id}")
        views[what] = words(amir.submit({"became": became}).view)
    notes = [(note.type, str(note.side)) for note in app.notes(birch)]

    assert list(missing.errors) == ["day_0"]
    assert len(asked) == 1
    assert sorted(notes) == [("breach_of_deal", "theirs"), ("improved", "praise"), ("our_breach", "ours")]
    assert (":tada:" in views["Text of June"], ":tada:" in views["Proof"], ":tada:" in views["Draft"]) == (
        True, True, False,
    )  # fmt: skip
    assert all(note.note.count("Noticed by Amicable.") == 1 for note in app.notes(birch))
    assert sorted(str(note.happened_on) for note in app.notes(birch)) == sorted(
        [due["Text of May"], due["Text of June"], due["Draft"]]
    )


def test_another_day_by_consent_counts_against_nobody_and_has_to_be_shared_again(app: Any, birch: Client) -> None:
    """AM17: changed is kept in the milestone's own history."""
    amir = app.agency.amir
    expect(app, amir, birch, party="theirs", text="Texts come in one piece", milestone_0="Text", day_0=day(app, 3))
    amir.click(open_list(app, amir, birch), "agreed_page")
    amir.click(amir.view, "share_page")
    shared = words(amir.view)
    milestone = accord_of(app, birch).lines[0].milestones[0]
    amir.click(amir.view, f"settle_milestone.{milestone.id}")
    amir.submit({"became": "moved", "due": day(app, 9)})
    moved, after = words(amir.view), accord_of(app, birch).lines[0].milestones[0]

    assert ("no objection until" in shared, "not shared as it stands" in moved) == (True, True)
    assert (after.due_on.isoformat(), after.moved_from, after.state) == (
        day(app, 9), (milestone.due_on,), MilestoneState.WAITING,
    )  # fmt: skip
    assert app.notes(birch) == []


def test_silence_is_noted_after_five_working_days_and_an_objection_reopens_its_line(app: Any, birch: Client) -> None:
    """AM18, AM19: "no objection until", never "agreed" or "signed"; exactly the line that they name is open again."""
    amir = app.agency.amir
    for text in ("Texts come in one piece", "Answers within a day"):
        expect(app, amir, birch, party="theirs", text=text)
    amir.click(open_list(app, amir, birch), "agreed_page")
    amir.click(amir.view, "share_page")
    shared, share = words(amir.view), accord_of(app, birch).shares[0]
    lines = accord_of(app, birch).lines
    amir.click(amir.view, f"objection.o-{lines[0].id}")
    amir.submit({"line": lines[0].id, "said": f"{CANARY} they can't"})
    objected = words(amir.view)
    app.sweep(app.until_noon(9))
    app.tell()
    quiet = [message for message in amir.dms() if "No objection" in message.text]
    over = words(open_list(app, amir, birch))
    amir.click(amir.view, "agreed_page")
    amir.click(amir.view, "share_page")
    app.sweep(app.until_noon(9))
    app.tell()
    told = [message for message in amir.dms() if "No objection" in message.text]
    done = words(open_list(app, amir, birch))

    working = [share.shared_on + timedelta(days=each) for each in range(1, (share.until - share.shared_on).days + 1)]
    assert sum(each.weekday() < 5 for each in working) == 5
    assert share.until.weekday() < 5
    assert (shared.count("no objection until"), objected.count("no objection until")) == (2, 1)
    assert objected.count("open again") == 1
    assert (quiet, over.count("no objection by"), over.count("open again")) == ([], 1, 1)
    assert (len(told), done.count("no objection by")) == (1, 2)
    assert not any(said in done.casefold() for said in ("signed", "agreed on", "accepted"))


@pytest.mark.parametrize("language", languages())
def test_neither_page_nor_brief_holds_a_note_a_reason_or_a_private_thought(
    app: Any, birch: Client, language: str
) -> None:
    """AM18, BR14: canaries in every field of ours; the page holds what is meant for them, in their language."""
    amir = app.agency.amir
    with app.web.outside.units.begin(app.team_id) as unit:
        known = unit.clients.lock(birch.id)
        agreement = Agreement(primary_channel="Phone", their_reply_hours=24, our_reply_hours=1)
        unit.clients.save(
            replace(known, language=language, contact_name="Ana Puig", contact_email="ana@birch.example",
                    contract=Contract(clause=f"{CANARY} clause"), agreement=agreement)
        )  # fmt: skip
    amir.command("/redflag", f"{CANARY} paid late", channel=BIRCH)
    amir.command("/client", f"{birch.name} plan")
    amir.submit(LOOKED)
    amir.submit({"concerns": f"{CANARY} concern", "raised": f"{CANARY} raised",
                 "ways": ["realign", "make_it_pay"], "goal": "We meet halfway",
                 "alternatives": f"{CANARY} other", "target": f"{CANARY} target",
                 "benchmark": f"{CANARY} known"})  # fmt: skip
    amir.close()
    card = amir.command("/client", birch.name).messages[-1]
    amir.choose(card, "open_verb.more", "Agreement")
    amir.click(amir.view, "change_agreement")
    amir.submit({"habits": f"{CANARY} habits"})
    expect(app, amir, birch, party="theirs", text="Texts in one piece", milestone_0="Text of May", day_0=day(app, 3))
    amir.click(open_list(app, amir, birch), "agreed_page")
    amir.click(amir.view, "share_page")
    line = accord_of(app, birch).lines[0]
    amir.click(amir.view, f"objection.o-{line.id}")
    amir.submit({"line": line.id, "said": f"{CANARY} said"})
    sheet = app.web.services.accords.sheet(app.team_id, app.member(AMIR), birch.id)
    amir.click(open_list(app, amir, birch), "agreed_page")
    amir.click(amir.view, "page_file")
    app.settle()
    sent = str(app.world.slack.workspace.files)

    for text in (sheet.page, sheet.brief):
        assert CANARY not in text
        assert all(said in text for said in ("Texts in one piece", "Text of May", "We meet halfway"))
        assert "Phone" not in text or language == "en"
    assert not any(word in sheet.page.casefold() for word in ("signed", "signeerd", "signat", "undertecknad"))
    assert sheet.compose_link.startswith("mailto:ana@birch.example")
    assert "page.eml" in sent


def test_a_term_is_renewed_with_new_limits_or_runs_out_and_the_old_one_stays_readable(app: Any, birch: Client) -> None:
    """AM12, AM27, DC01: a fresh agreement begins beside the record of the old; an end with the term shames nobody."""
    amir = app.agency.amir
    card = amir.command("/client", birch.name).messages[-1]
    amir.choose(card, "open_verb.more", "Agreement")
    amir.click(amir.view, "change_agreement")
    amir.submit({"primary_channel": "E-mail", "their_reply_hours": "48", "monthly_hours": "20",
                 "ends_on": day(app, 40)})  # fmt: skip
    expect(app, amir, birch, party="theirs", text="Texts in one piece")
    expect(app, amir, birch, party="ours", text="Drafts on time")
    old = accord_of(app, birch)
    amir.click(open_list(app, amir, birch), "renew")
    amir.submit({"their_reply_hours": "24", "monthly_hours": "12", "ends_on": day(app, 400),
                 "kept": [old.lines[0].id]})  # fmt: skip
    new, client = accord_of(app, birch), app.web.services.clients.get(app.team_id, app.member(AMIR), birch.id)
    amir.click(amir.view, "former_terms")
    former = words(amir.view)
    amir.click(open_list(app, amir, birch), "renew")
    amir.submit({"goes_on": "ends"})
    ends = words(amir.view)
    with app.web.outside.units.read(app.team_id) as unit:
        closed = unit.accords.get(old.id)

    assert (closed.ending, closed.agreement.monthly_hours, len(closed.lines)) == (Ending.RENEWED, 20, 2)
    assert [line.text for line in new.lines] == ["Texts in one piece"]
    assert (client.agreement.monthly_hours, client.contract.ends_on.isoformat()) == (12, day(app, 400))
    assert ("they within 48 hours" in former, "Drafts on time" in former) == (True, True)
    assert ("fair end" in ends, "fail" in ends.casefold()) == (True, False)
    assert accord_of(app, birch).ending is Ending.NOT_RENEWED


def test_how_they_like_to_be_reached_is_kept_with_each_change_and_silence_climbs_a_ladder(
    app: Any, birch: Client
) -> None:
    """AM03, AM05, AM06: a check-in, another channel, then a talk; what was noted before stays readable."""
    amir = app.agency.amir
    steps = []
    for number, habits in enumerate(("Mornings, short mails", "By phone, after ten", "By phone")):
        card = amir.command("/client", birch.name).messages[-1]
        amir.choose(card, "open_verb.more", "Agreement")
        amir.click(amir.view, "change_agreement")
        amir.submit({"habits": habits, "their_reply_hours": "24", "primary_channel": "E-mail"})
        amir.close()
        ts = amir.say(BIRCH, f"Could you send us the texts? {number}")
        amir.shortcut("wait_for_reply", BIRCH, ts)
        amir.submit({"client": birch.id, "side": "theirs"})
        app.sweep(by=timedelta(days=5))
        app.tell()
        card = amir.command("/client", birch.name).messages[-1]
        amir.choose(card, "open_verb.more", "Agreement")
        steps.append(words(amir.view))
        amir.close()
    open_list(app, amir, birch)
    amir.click(amir.view, "former_terms")
    former = words(amir.view)
    told = " ".join(message.text for message in amir.dms())

    assert ["check-in talk" in steps[0], "another channel or style" in steps[1], "open talk" in steps[2]] == [True] * 3
    assert ("Mornings, short mails" in former, "By phone, after ten" in former) == (True, True)
    assert "hold an open talk" in told
