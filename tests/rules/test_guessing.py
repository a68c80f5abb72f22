"""What people type gets its type: in four languages, with what was denied, and on the side of whoever did it."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path
from types import FrameType

import pytest

from rules.errors import InvalidError
from rules.health.catalogue import Catalogue
from rules.health.guessing import guess_type
from rules.health.phrases import Phrasebook, read
from rules.health.signal import Side

UNSEEN = list(csv.DictReader(Path(__file__).with_name("phrases.csv").read_text(encoding="utf-8").splitlines()))
TAUGHT = list(
    csv.DictReader(files("rules.health.taught").joinpath("examples.csv").read_text(encoding="utf-8").splitlines())
)
OUGHT_TO_BE_RIGHT = {"unseen": 0.88, "taught": 0.95}
MOST_ON_THE_WRONG_SIDE = {"unseen": 0, "taught": 0.008}  # who left out "we" can't be told from them
LONG = 3000


def guessed(catalogue: Catalogue, text: str, side: Side = Side.THEIRS) -> str:
    found = guess_type(catalogue, text, side)
    return found.code if found else ""


def wrong(catalogue: Catalogue, row: dict[str, str]) -> str:
    """`type` or `side` where the guess is wrong."""
    side = Side.PRAISE if row["command"] == "praise" else Side.THEIRS
    code = guessed(catalogue, row["text"], side) or ("praise" if side is Side.PRAISE else "")
    right = row["types"].split()
    if code in right:
        return ""
    sides = {catalogue.type(each).side for each in right}
    return "side" if code and catalogue.type(code).side not in sides else "type"


@pytest.mark.parametrize("language", ["en", "nl", "ca", "sv"])
@pytest.mark.parametrize(("known", "rows"), [("unseen", UNSEEN), ("taught", TAUGHT)], ids=["unseen", "taught"])
def test_natural_phrases_get_a_right_type_and_never_a_wrong_side(
    catalogue: Catalogue, language: str, known: str, rows: list[dict[str, str]]
) -> None:
    """Nobody thinks of our list while typing; a miss of ours never lands on the client."""
    of_language = [row for row in rows if row["lang"] == language and row["types"] != "unsorted"]
    faults = Counter(wrong(catalogue, row) for row in of_language)

    assert len(of_language) >= 40
    assert faults["side"] / len(of_language) <= MOST_ON_THE_WRONG_SIDE[known]
    assert faults[""] / len(of_language) >= OUGHT_TO_BE_RIGHT[known]


def test_what_is_judged_was_not_taught() -> None:
    """The unseen phrases stay unseen: nobody teaches one of them to make a test pass."""
    assert not {(row["lang"], row["text"]) for row in UNSEEN} & {(row["lang"], row["text"]) for row in TAUGHT}


@pytest.mark.parametrize("language", ["en", "nl", "ca", "sv"])
def test_what_says_nothing_of_the_kind_stays_unsorted(catalogue: Catalogue, language: str) -> None:
    """A move of office is no red flag, though somebody typed it behind one; now and then a phrase says otherwise."""
    rows = [row for row in TAUGHT if row["lang"] == language and row["types"] == "unsorted"]
    flagged = [row["text"] for row in rows if guessed(catalogue, row["text"])]

    assert len(rows) >= 50
    assert len(flagged) <= len(rows) / 5


@pytest.mark.parametrize(
    "text",
    [
        "has never paid late",
        "never yelled at anybody",
        "does not ignore our emails",
        "didn't complain, not even once",
        "heeft nog nooit te laat betaald",
        "schreeuwt nooit",
        "mai ha pagat tard",
        "har aldrig betalat för sent",
        "skriker inte",
        "the cat sat on the mat",
    ],
)
def test_what_was_denied_is_no_red_flag(catalogue: Catalogue, text: str) -> None:
    """Words that take it back suggest nothing; such a note waits for somebody who sorts it."""
    assert guessed(catalogue, text) == ""


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("has never missed a payment", "late_payment"),
        ("isn't rude, just very direct", "disrespect abuse"),
        ("didn't yell this time", "abuse"),
        ("no complaints this week", "dissatisfied negative_vibe never_satisfied"),
        ("heeft nog nooit te laat betaald", "late_payment"),
        ("is niet onbeleefd, gewoon direct", "disrespect abuse"),
        ("schreeuwde dit keer niet", "abuse"),
        ("deze week geen geklaag", "dissatisfied negative_vibe never_satisfied"),
        ("no ha pagat mai tard", "late_payment"),
        ("no és maleducat, només directe", "disrespect abuse"),
        ("aquest cop no va cridar", "abuse"),
        ("cap queixa aquesta setmana", "dissatisfied negative_vibe never_satisfied"),
        ("har aldrig betalat för sent", "late_payment"),
        ("är inte oartig, bara rak", "disrespect abuse"),
        ("skrek inte den här gången", "abuse"),
        ("inga klagomål den här veckan", "dissatisfied negative_vibe never_satisfied"),
        ("there was no shouting today", "abuse"),
        ("didn't ask for a discount", "rate_pressure"),
        ("answers are never slow", "slow_reply"),
        ("vandaag werd er niet geschreeuwd", "abuse"),
        ("vroeg niet om korting", "rate_pressure"),
        ("reageert nooit traag", "slow_reply"),
        ("avui no hi ha hagut crits", "abuse"),
        ("no ha demanat cap descompte", "rate_pressure"),
        ("mai triga a respondre", "slow_reply"),
        ("idag var det inget skrikande", "abuse"),
        ("bad inte om rabatt", "rate_pressure"),
        ("svarar aldrig långsamt", "slow_reply"),
        ("they never complain", "dissatisfied negative_vibe"),
        ("doesn't call at night any more", "always_on"),
        ("ze klagen nooit", "dissatisfied negative_vibe"),
        ("belt niet meer 's nachts", "always_on"),
        ("no es queixen mai", "dissatisfied negative_vibe"),
        ("de klagar aldrig", "dissatisfied negative_vibe"),
        ("ringer inte längre på natten", "always_on"),
        ("no late payments so far", "late_payment"),
        ("is never rude", "disrespect abuse"),
        ("tot nu toe geen te late betalingen", "late_payment"),
        ("is nooit onbeleefd", "disrespect abuse"),
        ("de moment cap pagament endarrerit", "late_payment"),
        ("mai és maleducat", "disrespect abuse"),
        ("inga sena betalningar hittills", "late_payment"),
        ("är aldrig oförskämd", "disrespect abuse"),
        ("niet te laat met betalen deze maand", "late_payment"),
        ("inte sen med betalningen den här månaden", "late_payment"),
        ("últimament no ha estat gens groller", "disrespect abuse"),
        ("har inte varit det minsta otrevlig på sistone", "disrespect abuse"),
        ("never once been late with a payment", "late_payment"),
        ("for once no drama about the invoice", "late_payment"),
        ("hasn't asked for a discount in months", "rate_pressure"),
        ("deze keer geen gedoe over de factuur", "late_payment"),
        ("is tegen niemand onbeschoft geweest", "disrespect abuse"),
        ("no va ser maleducada, només estava cansada", "disrespect abuse"),
        ("mai no s'ha endarrerit amb un pagament", "late_payment"),
        ("har aldrig varit sen med en betalning", "late_payment"),
        ("inget krångel med fakturan den här gången", "late_payment"),
        ("didn't miss a single deadline", "breach_of_deal late_payment our_late_delivery"),
    ],
)
def test_what_was_denied_is_not_that_red_flag(catalogue: Catalogue, text: str, denied: str) -> None:
    """What "no", "never" and "not" belong to is taken back, in the order of words of each language."""
    assert guessed(catalogue, text) not in denied.split()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("has not paid yet", "late_payment"),
        ("doesn't stop complaining", "dissatisfied"),
        ("never pays on time", "late_payment"),
        ("did not read the brief and yelled at us", "unprepared"),
        ("betaalt nooit op tijd", "late_payment"),
        ("betalar aldrig i tid", "late_payment"),
    ],
)
def test_a_no_that_belongs_to_the_flag_takes_nothing_back(catalogue: Catalogue, text: str, code: str) -> None:
    """Who has not paid is late, and who doesn't stop complaining complains."""
    assert code == guessed(catalogue, text)


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("we yelled at them", Side.OURS),
        ("we were yelled at", Side.THEIRS),
        ("claims we promised it in June", Side.THEIRS),
        ("beweert dat we het beloofd hebben", Side.THEIRS),
        ("diu que li vam prometre un descompte", Side.THEIRS),
        ("säger att vi lovat det", Side.THEIRS),
        ("left their question sitting in my inbox", Side.OURS),
        ("we're still treated like idiots", Side.THEIRS),
        ("hem reclamat el cobrament dues vegades", Side.THEIRS),
        ("we did not answer for a week", Side.OURS),
        ("we got no answer for a week", Side.THEIRS),
        ("we did something silly", Side.OURS),
        ("rejected the logo we made", Side.THEIRS),
        ("we sent the draft and they ignored it", Side.THEIRS),
        ("wij hebben niet geantwoord", Side.OURS),
        ("we krijgen geen antwoord", Side.THEIRS),
        ("verwacht dat we dag en nacht bereikbaar zijn", Side.THEIRS),
        ("hem contestat tard", Side.OURS),
        ("encara esperem la seva resposta", Side.THEIRS),
        ("vi svarade inte", Side.OURS),
        ("vi har inte fått svar", Side.THEIRS),
    ],
)
def test_what_we_did_is_ours_and_what_was_done_to_us_is_not(catalogue: Catalogue, text: str, side: Side) -> None:
    """FG04: flags can point at us."""
    found = guess_type(catalogue, text, Side.THEIRS)
    assert side == (found.side if found else None)


def test_the_we_of_a_quoted_message_is_not_us(catalogue: Catalogue) -> None:
    """A client's message, logged from its menu: their "we" are they."""
    text = "we won't pay this invoice"
    found = [guess_type(catalogue, text, Side.THEIRS, is_quote=is_quote) for is_quote in (False, True)]
    sides = [each and each.side for each in found]
    assert sides == [Side.OURS, Side.THEIRS]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("fa dies que no contesta", "slow_reply"),
        ("fa dies que NO CONTESTA!!", "slow_reply"),
        ("betalade for sent", "late_payment"),
        ("betalade för sent", "late_payment"),
        ("didnt pay", "late_payment"),
        ("texted me at 11pm", "always_on"),
        ("texted me at 23:10", "always_on"),
        ("wants us 24/7", "always_on"),
    ],
)
def test_people_leave_accents_and_signs_out(catalogue: Catalogue, typed: str, code: str) -> None:
    """Typed in a hurry, on whatever keyboard: it is the same word."""
    assert code == guessed(catalogue, typed)


def test_accents_tell_words_apart_for_whoever_sets_them() -> None:
    """`svär` is swearing, `svar` an answer; whoever writes without accents may mean either."""
    book = Phrasebook({}, [("swearing", "sv", "svär"), ("answering", "sv", "svar")])
    codes = [sorted(match.phrase.code for match in book.find(read(text))) for text in ("svar på", "svär på", "svar pa")]
    assert codes == [["answering"], ["answering", "swearing"], ["answering", "swearing"]]


def test_some_types_count_after_a_plan_only(catalogue: Catalogue) -> None:
    """RF34: before one was tried the words suggest something else, or nothing."""
    found = [guess_type(catalogue, "keeps demanding", Side.THEIRS, was_tried=tried) for tried in (True, False)]
    assert [each and each.after_plan for each in found] in ([True, False], [True, None])


@pytest.mark.parametrize(
    "hostile",
    ["no ", "paid late ", "a", "'", "l'", "we we ", "é", "1:", "no no paga tard ", "?", "\u0301", "never not "],
)
def test_no_text_takes_longer_than_its_length(catalogue: Catalogue, hostile: str) -> None:
    """Twice as long a text takes twice the work, whatever it says."""
    text = (hostile * LONG)[:LONG]
    guess_type(catalogue, text, Side.THEIRS)
    half, whole = work(catalogue, text[: LONG // 2]), work(catalogue, text)

    assert whole <= 2.2 * half + 500


def work(catalogue: Catalogue, text: str) -> int:
    """How many calls a guess takes."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        guess_type(catalogue, text, Side.THEIRS)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    ("phrase", "complaint"), [("@nothing late", "no words called “@nothing”"), ("~", "empty phrase")]
)
def test_a_wrong_phrase_is_refused_by_name(phrase: str, complaint: str) -> None:
    """Whoever adds words reads at the start what is wrong with them."""
    with pytest.raises(InvalidError, match=complaint):
        Phrasebook({"en": {"pay": ["pay"]}}, [("late_payment", "en", phrase)])


@pytest.mark.parametrize(
    "text", ["call with Dana", "lunch", "see above", "nieuw kantoor", "trucada amb la Dana", "samtal med Dana"]
)
def test_a_word_or_two_of_everyday_work_is_no_flag(catalogue: Catalogue, text: str) -> None:
    """Where no phrase is found, one word that is known says nothing; what stays unsorted counts nothing."""
    assert guessed(catalogue, text) == ""
    assert catalogue.likely(text)
