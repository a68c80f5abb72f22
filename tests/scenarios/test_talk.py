"""Getting ready for the talk, for those who decide and nobody else (CV03-CV15, DC06, DC07)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.services.partings.talks import TalkService
from integrations.sandbox.agency import AMIR
from rules.clients.client import Client
from rules.clients.stages import Origin
from rules.notices.address import Voice
from rules.notices.checks.tone import tone_list
from rules.notices.draft import languages, written
from rules.notices.finding import Level
from rules.notices.sentences import sentences_in
from tests.scenarios.test_closing import Office

REASON = "Our work has moved away from this."
SAID = (
    "By e-mail",
    "In a meeting",
    "On the phone",
    "no longer meet, and we do not see that changing",
    "no longer suits our business",
    "Both sides have changed",
)


@pytest.fixture
def office(front: Any, birch: Client) -> Office:
    made = Office(front, birch)
    made.decided(Origin.OURS, REASON)
    return made


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def test_points_are_drafted_follow_the_line_and_can_be_changed(office: Office) -> None:
    """Drafted from the facts; another line redrafts them; own words stay; practice can be ticked."""
    amir = office.amir
    amir.click(office.open(amir), "talk")
    first = words(amir.view)
    said = {}
    for way, line in (("mail", "unmet"), ("meeting", "general"), ("call", "moved_on")):
        amir.click(amir.view, "change_talk")
        amir.submit({"way": way, "line": line})
        said[line] = words(amir.view)
    amir.click(amir.view, "change_talk")
    amir.submit({"points": "Say it in my own words.", "rehearsed": ["rehearsed"]})
    third = words(amir.view)

    assert ("no longer suits our business" in first, REASON in first, "The plan:" in first) == (True, True, True)
    assert {line: [each for each in SAID if each in text] for line, text in said.items()} == {
        "unmet": ["By e-mail", "no longer meet, and we do not see that changing"],
        "general": ["In a meeting", "no longer suits our business"],
        "moved_on": ["On the phone", "Both sides have changed"],
    }
    assert [line for line, text in said.items() if "Thank you" not in text] == []
    assert ("Say it in my own words." in third, "practised." in third) == (True, True)
    assert ("Can't you stay?" in third, "Picture it once" in third, "same name" in third) == (True, True, True)


def test_our_position_stands_on_every_screen_for_those_who_decide(office: Office) -> None:
    """DC06: one line to hold on to, from the decision to the close; nobody else reads why, also once it is told."""
    amir, dana = office.amir, office.dana
    screens = ["", "talk", "steps", "terms", "preview", "last_day", "deliverables", "settlement", "told"]

    def seen(who: Any, screen: str) -> str:
        view = office.open(who)
        if screen:
            who.click(view, screen)
        return words(who.view)

    silent = [screen for screen in screens if REASON not in seen(amir, screen)]
    amir.submit({})
    told = [seen(dana, screen) for screen in ("", "steps", "last_day", "deliverables", "settlement")]

    assert (silent, REASON in words(office.open(amir, "close"))) == ([], True)
    assert [view for view in told if REASON in view] == []


def test_what_others_end_is_talked_through_without_a_reason_of_ours(front: Any, birch: Client) -> None:
    """Their reason stands as what we heard, with a question to them; no line of ours on why, no picture to face."""
    office = Office(front, birch)
    office.decided(Origin.THEIRS, "They bring the work in house.")
    amir = office.amir
    amir.click(office.open(amir), "talk")
    said = words(amir.view)
    amir.click(amir.view, "change_talk")
    asked = [block["block_id"] for block in amir.view["blocks"] if block["type"] == "input"]

    assert ("Why, as we heard it:* They bring the work in house." in said, "who takes over?" in said) == (True, True)
    assert ("Picture it once" in said, "Our position" in said) == (False, False)
    assert asked == ["way", "points", "rehearsed"]


def test_only_those_who_decide_prepare_it(office: Office) -> None:
    """Before the talk and after it: what we planned to say stays with those who decide."""
    talks: TalkService = office.app.web.services.talks
    dana = office.app.member(office.dana.who.id)
    with pytest.raises(Exception, match="decide"):
        talks.sheet(office.team, dana, office.parting_id)
    assert talks.sheet(office.team, office.app.member(AMIR), office.parting_id).points


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("line", ["general", "unmet", "moved_on"])
def test_what_we_prepare_passes_our_own_tone(language: str, line: str) -> None:
    """No blame, no label, no way back, in any of the languages; each line ends with respect (CV15)."""
    facts = {
        "origin": "ours",
        "since_year": 2020,
        "last_day": None,
        "reason": "",
    }
    voice = Voice(language=language, client_name="Acme", contact_name="Ana")
    text = written(voice, "talk", line=line, **facts)
    heavy = [rule for rule in tone_list(language).rules if rule.level is Level.HIGH and rule.code != "placeholder"]
    found = [(rule.code, sentence) for rule in heavy for sentence in sentences_in(text) if rule.finds(sentence)]
    thanked = tone_list(language).parts.thanks.search(text.splitlines()[-1]) is not None
    assert (found, thanked) == ([], True)
