"""Letters and their checks in Dutch, Catalan and Swedish, as a client there would read them (LG08, NE04-NE08, CV11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest

from rules.clients.stages import Origin
from rules.notices.address import Voice
from rules.notices.checks.days import mentions_in
from rules.notices.checks.tone import findings
from rules.notices.draft import MAX_WORDS, render, required
from rules.notices.finding import Finding, Level
from rules.notices.notice import NoticeFacts
from rules.notices.phrases import as_it_is, handed_over, language_names, missing_language, money

OTHERS = ("nl", "ca", "sv")
WISHES = {"nl": "Wij wensen", "ca": "Us desitgem", "sv": "Vi önskar"}
FADE = {"origin": Origin.NATURAL_FADE, "reason": "", "clause": "", "amounts_owed": "none", "deliverables": (),
        "handovers": (), "referrals": "", "nothing_to_finish": True}  # fmt: skip


def facts_in(language: str, **answers: object) -> NoticeFacts:
    facts = NoticeFacts(
        client_name="Acme",
        contact_name="Ana Ruiz",
        sender_name="Sam Lee",
        company_name="Studio North",
        language=language,
        last_day=date(2026, 12, 31),
        reason="Studio North X",
        clause="art. 7.2",
        clause_answered=True,
        deliverables=(("Campanya", date(2026, 12, 11)),),
        handovers=(("Design files", date(2026, 12, 1)),),
        amounts_owed="2041, €1.200, 2026-12-15",
        referrals="Field & Co (hello@field.example)",
        since_year=2023,
    )
    return replace(facts, **answers)  # type: ignore[arg-type]  # tables hold fields of several types


def check(language: str, words: str) -> tuple[Finding, ...]:
    """The findings of a clean letter with these words put into it."""
    facts = facts_in(language)
    letter = render(facts)
    assert WISHES[language] in letter.body
    changed = letter.body.replace(WISHES[language], f"{words}\n\n{WISHES[language]}")
    return findings(letter.subject, changed, facts)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"origin": Origin.THEIRS, "reason": "", "clause": ""},
        FADE,
        {"deliverables": (), "nothing_to_finish": True, "clause": "", "handovers": (), "amounts_owed": "None."},
        {"deliverables": (), "nothing_to_finish": True, "left_out": ("Video", "Blog")},
        {"left_out": ("Video",)},
    ],
)
def test_a_clean_draft_has_no_findings(language: str, answers: dict[str, object]) -> None:
    """Our own letters pass our own rules in each language, for each origin, within the length."""
    facts = facts_in(language, **answers)
    letter = render(facts)
    assert len(letter.body.split()) <= MAX_WORDS
    assert (required(facts), findings(letter.subject, letter.body, facts)) == ((), ())


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("nl", ["Geachte Ana Ruiz", "dank voor de samenwerking sinds 2023", "Onze laatste dag is 31 december 2026",
                "Campanya, uiterlijk 11 december 2026", "Design files, uiterlijk 1 december 2026",
                "Openstaande betalingen", "Field & Co", "bevestigen", "het allerbeste", "Met vriendelijke groet"]),
        ("ca", ["Bon dia, Ana Ruiz", "Us agraïm la confiança que ens heu fet des del 2023",
                "El nostre últim dia és el 31 de desembre del 2026",
                "Campanya, com a molt tard l'11 de desembre del 2026",
                "Design files, com a molt tard l'1 de desembre del 2026",
                "Pagaments pendents", "Field & Co", "confirmeu la recepció", "el millor", "Cordialment"]),
        ("sv", ["Hej Ana Ruiz", "Tack för samarbetet sedan 2023", "Vår sista dag är den 31 december 2026",
                "Campanya, senast den 11 december 2026", "Design files, senast den 1 december 2026",
                "Utestående betalningar", "Field & Co", "Bekräfta gärna", "allt gott", "Vänliga hälsningar"]),
    ],
)  # fmt: skip
def test_the_ten_parts_come_in_their_order(language: str, parts: list[str]) -> None:
    """Greeting, thanks, day, work, handover, money, help, confirmation, good wishes: in the client's language."""
    body = render(facts_in(language)).body
    places = [body.find(part) for part in parts]
    assert -1 not in places, [part for part in parts if part not in body]
    assert places == sorted(places)


BAD = [
    ("nl", "blame", "U hebt nooit op tijd geantwoord."),
    ("nl", "blame", "U weigerde al onze voorstellen."),
    ("nl", "blame", "Uw team heeft elke termijn gemist."),
    ("nl", "blame", "U hebt onze adviezen herhaaldelijk genegeerd."),
    ("nl", "blame", "U betaalde de laatste factuur niet."),
    ("nl", "blame", "U was voortdurend te laat."),
    ("nl", "blame", "Vanwege uw vertragingen verloren wij een maand."),
    ("nl", "blame", "Uw gebrek aan respect maakte dit zwaar."),
    ("nl", "blame", "U maakte ons werk onmogelijk."),
    ("nl", "blame", "U liet ons geen keuze."),
    ("nl", "blame", "U bleef de opdracht steeds veranderen."),
    ("nl", "blame", "Acme heeft nooit op tijd betaald."),
    ("nl", "label", "Dit was een moeilijke klant."),
    ("nl", "label", "De sfeer is giftig geworden."),
    ("nl", "label", "U bent erg veeleisend."),
    ("nl", "sarcasm", "Veel succes met het vinden van iemand die gedachten leest."),
    ("nl", "sarcasm", "Bedankt voor niets."),
    ("nl", "sarcasm", "Zoals u ongetwijfeld weet, kan men antwoorden."),
    ("nl", "threat", "Anders volgen juridische stappen."),
    ("nl", "held_back", "De bestanden worden overgedragen zodra u hebt betaald."),
    ("nl", "held_back", "Wij houden uw bestanden achter."),
    ("nl", "break_up", "Het is tijd om uit elkaar te gaan; wij maken het uit."),
    ("nl", "break_up", "Het ligt niet aan u."),
    ("nl", "reopening", "Tenzij het budget stijgt, blijft dit zo."),
    ("nl", "reopening", "Misschien kunnen wij later weer iets doen."),
    ("nl", "reopening", "Als de situatie verbetert, belt u ons."),
    ("nl", "apology", "Het spijt ons. Onze excuses, helaas kan het niet anders."),
    ("nl", "placeholder", "Bel [naam] met vragen."),
    ("nl", "second_last_day", "Onze laatste werkdag kan 15 januari 2027 zijn."),
    ("nl", "wrong_amount", "U bent ook € 350 verschuldigd."),
    ("ca", "blame", "No ens heu respost mai a temps."),
    ("ca", "blame", "Heu rebutjat totes les nostres propostes."),
    ("ca", "blame", "El vostre equip ha incomplert tots els terminis."),
    ("ca", "blame", "Heu ignorat repetidament els nostres consells."),
    ("ca", "blame", "No heu pagat l'última factura."),
    ("ca", "blame", "Heu estat sempre tard."),
    ("ca", "blame", "A causa dels vostres retards hem perdut un mes."),
    ("ca", "blame", "La vostra falta de respecte ho ha fet difícil."),
    ("ca", "blame", "Ens heu fet impossible la feina."),
    ("ca", "blame", "No ens heu deixat cap altra opció."),
    ("ca", "blame", "Sempre demaneu canvis a última hora."),
    ("ca", "blame", "Acme no ha respost a temps."),
    ("ca", "label", "Ha estat un client difícil."),
    ("ca", "label", "L'ambient s'ha tornat tòxic."),
    ("ca", "label", "Sou molt exigents."),
    ("ca", "sarcasm", "Molta sort buscant algú que endevini les coses."),
    ("ca", "sarcasm", "Gràcies per res."),
    ("ca", "sarcasm", "Com segurament sabeu, els correus es contesten."),
    ("ca", "threat", "Si cal, emprendrem accions legals."),
    ("ca", "held_back", "Us lliurarem els fitxers quan hàgiu pagat: no abans, els retindrem."),
    ("ca", "threat", "Aquest és l'últim avís."),
    ("ca", "break_up", "Ha arribat l'hora de trencar amb vosaltres."),
    ("ca", "break_up", "Us despatxem com a clients."),
    ("ca", "reopening", "Llevat que apugeu el pressupost, això és així."),
    ("ca", "reopening", "Potser podrem fer alguna cosa més endavant."),
    ("ca", "reopening", "Si la situació millora, truqueu-nos."),
    ("ca", "apology", "Ens sap greu. Disculpeu les molèsties, ho sentim."),
    ("ca", "placeholder", "Truqueu a [nom]."),
    ("ca", "second_last_day", "El nostre últim dia podria ser el 15 de gener del 2027."),
    ("ca", "wrong_amount", "També deveu 350 €."),
    ("sv", "blame", "Ni har aldrig svarat i tid."),
    ("sv", "blame", "Ni vägrade alla våra förslag."),
    ("sv", "blame", "Ert team har missat varje tidsfrist."),
    ("sv", "blame", "Ni har gång på gång ignorerat våra råd."),
    ("sv", "blame", "Ni betalade inte den senaste fakturan."),
    ("sv", "blame", "Ni var ständigt sena."),
    ("sv", "blame", "På grund av era förseningar förlorade vi en månad."),
    ("sv", "blame", "Er brist på respekt gjorde det svårt."),
    ("sv", "blame", "Ni gjorde vårt arbete omöjligt."),
    ("sv", "blame", "Ni gav oss inget val."),
    ("sv", "blame", "Ni fortsatte att ändra uppdraget."),
    ("sv", "blame", "Acme har inte betalat i tid."),
    ("sv", "label", "Det har varit en besvärlig kund."),
    ("sv", "label", "Stämningen har blivit giftig."),
    ("sv", "label", "Ni är mycket krävande."),
    ("sv", "sarcasm", "Lycka till med att hitta någon som kan läsa tankar."),
    ("sv", "sarcasm", "Tack för ingenting."),
    ("sv", "sarcasm", "Som ni säkert vet kan man svara på mejl."),
    ("sv", "threat", "Annars vidtar vi rättsliga åtgärder."),
    ("sv", "held_back", "Filerna lämnas ut först när ni har betalat."),
    ("sv", "threat", "Detta är sista varningen."),
    ("sv", "break_up", "Det är dags att göra slut."),
    ("sv", "break_up", "Vi har fått nog."),
    ("sv", "reopening", "Såvida inte budgeten höjs gäller detta."),
    ("sv", "reopening", "Kanske kan vi göra något senare."),
    ("sv", "reopening", "Om situationen förbättras får ni gärna ringa."),
    ("sv", "apology", "Vi beklagar. Förlåt, tyvärr går det inte på annat sätt."),
    ("sv", "placeholder", "Ring [namn] vid frågor."),
    ("sv", "second_last_day", "Vår sista arbetsdag kan bli den 15 januari 2027."),
    ("sv", "wrong_amount", "Ni är också skyldiga 350 kr."),
]


@pytest.mark.parametrize(("language", "code", "words"), BAD)
def test_a_bad_sentence_is_caught(language: str, code: str, words: str) -> None:
    """Each seeded sentence is found as what it is, weighs heavily, and is quoted."""
    found = [finding for finding in check(language, words) if finding.code == code]
    assert found
    assert ({finding.level for finding in found}, bool(found[0].excerpt)) == ({Level.HIGH}, True)


FAIR = [
    ("nl", "Het werk past niet meer bij de richting van onze studio."),
    ("nl", "U kunt ons tot die tijd op het bekende nummer bereiken."),
    ("nl", "Dank voor uw vertrouwen en uw geduld."),
    ("nl", "U hoeft voor de hosting niets te doen."),
    ("nl", "U bent altijd welkom met vragen."),
    ("nl", "Mede dankzij uw steun verliep de lancering goed."),
    ("nl", "De door u aangeleverde bestanden krijgt u terug."),
    ("nl", "Het moeilijke deel van de migratie is klaar."),
    ("nl", "Onze laatste dag blijft 31 december 2026."),
    ("nl", "Als u vragen hebt, belt u gerust."),
    ("nl", "Het spijt ons dat dit eindigt."),
    ("ca", "La feina ja no encaixa amb la direcció del nostre estudi."),
    ("ca", "Ens podeu trobar fins aleshores al número de sempre."),
    ("ca", "Gràcies per la vostra confiança i paciència."),
    ("ca", "No cal que feu res amb l'allotjament."),
    ("ca", "Gràcies al vostre suport el llançament va anar bé."),
    ("ca", "La part difícil de la migració està feta."),
    ("ca", "Si teniu preguntes, truqueu-nos."),
    ("ca", "Us tornarem els fitxers que ens heu enviat."),
    ("ca", "Ens sap greu que això s'acabi."),
    ("sv", "Arbetet passar inte längre in i vår studios inriktning."),
    ("sv", "Ni når oss fram till dess på samma nummer."),
    ("sv", "Tack för ert förtroende och tålamod."),
    ("sv", "Ni behöver inte göra något med webbhotellet."),
    ("sv", "Tack vare ert stöd gick lanseringen bra."),
    ("sv", "Ni är alltid välkomna med frågor."),
    ("sv", "Den svåra delen av migreringen är klar."),
    ("sv", "Har ni frågor är ni välkomna att ringa."),
    ("sv", "Filerna som ni har skickat får ni tillbaka."),
    ("sv", "Vi beklagar att det tar slut."),
]


@pytest.mark.parametrize(("language", "words"), FAIR)
def test_a_fair_sentence_is_left_alone(language: str, words: str) -> None:
    """Ordinary, kind and factual sentences bring no heavy finding."""
    assert [finding for finding in check(language, words) if finding.level is Level.HIGH] == []


@pytest.mark.parametrize(
    ("language", "words", "codes"),
    [
        ("nl", "Hartelijk dank voor de samenwerking sinds 2023.", ["thanks_left_out"]),
        ("nl", "Onze laatste dag is 31 december 2026.", ["last_day_left_out"]),
        ("nl", "- Campanya, uiterlijk 11 december 2026", ["promise_left_out"]),
        ("nl", ", uiterlijk 11 december 2026", ["deadline_left_out"]),
        ("nl", "€1.200", ["amount_left_out"]),
        ("nl", "Wilt u ons de ontvangst van deze brief bevestigen?", ["no_confirmation"]),
        ("ca", "Us agraïm la confiança que ens heu fet des del 2023.", ["thanks_left_out"]),
        ("ca", "El nostre últim dia és el 31 de desembre del 2026.", ["last_day_left_out"]),
        ("ca", "- Campanya, com a molt tard l'11 de desembre del 2026", ["promise_left_out"]),
        ("ca", ", com a molt tard l'11 de desembre del 2026", ["deadline_left_out"]),
        ("ca", "€1.200", ["amount_left_out"]),
        ("ca", "Us demanem que ens confirmeu la recepció d'aquesta carta.", ["no_confirmation"]),
        ("sv", "Tack för samarbetet sedan 2023.", ["thanks_left_out"]),
        ("sv", "Vår sista dag är den 31 december 2026.", ["last_day_left_out"]),
        ("sv", "- Campanya, senast den 11 december 2026", ["promise_left_out"]),
        ("sv", ", senast den 11 december 2026", ["deadline_left_out"]),
        ("sv", "€1.200", ["amount_left_out"]),
        ("sv", "Bekräfta gärna att du har fått det här brevet.", ["no_confirmation"]),
    ],
)
def test_what_somebody_edited_out_is_missed(language: str, words: str, codes: list[str]) -> None:
    """NE03-NE08: no part gets lost without a word, in any language."""
    facts = facts_in(language)
    letter = render(facts)
    straight = letter.body.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    assert words in straight
    assert [each.code for each in findings(letter.subject, straight.replace(words, ""), facts)] == codes


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("nl", "op 3 mei 2027", date(2027, 5, 3)),
        ("nl", "op 3 mrt. 2027", date(2027, 3, 3)),
        ("ca", "el 3 de maig del 2027", date(2027, 5, 3)),
        ("ca", "l'11 d'abril de 2027", date(2027, 4, 11)),
        ("ca", "l'1 d\N{RIGHT SINGLE QUOTATION MARK}octubre", date(2027, 10, 1)),
        ("sv", "den 3 maj 2027", date(2027, 5, 3)),
    ],
)
def test_dates_are_read_as_they_are_written_there(language: str, text: str, day: date) -> None:
    """A date in the client's language is held against the facts like any other."""
    assert [mention.means(day) for mention in mentions_in(text, language)] == [True]


def test_open_answers_keep_a_letter_from_its_approval() -> None:
    """WU03: a letter that may still change with the client's answers is not approved."""
    facts = facts_in("en", unanswered=("Blog", "Video"))
    assert [(each.code, "Blog, Video" in each.sentence) for each in required(facts)] == [("missing_answers", True)]


def test_every_language_has_every_text() -> None:
    """LG08: a client never meets a text that was forgotten in their language."""
    folder = files("rules.notices").joinpath("templates")
    texts = {language.name: {file.name for file in language.iterdir()} for language in folder.iterdir()}
    assert ({frozenset(names) for names in texts.values()}, set(texts)) == (
        {frozenset(texts["en"])},
        {"en", *OTHERS},
    )


@pytest.mark.parametrize("language", OTHERS)
def test_the_lists_of_a_letter_are_in_its_language(language: str) -> None:
    """NE04: what is handed over has a word of that language for each task."""
    ours, theirs = (handed_over(Voice(language=each, client_name="Acme")) for each in ("en", language))
    assert (set(theirs), set(theirs.values()) & set(ours.values())) == (set(ours), set())


def test_a_language_without_letters_is_named() -> None:
    """A German client's letter is in English, and whoever reads it is told."""
    assert [missing_language(code) for code in ("de", "nl-BE", "EN", "", "tlh")] == ["German", "", "", "", "Klingon"]


def test_languages_are_offered_by_their_own_names() -> None:
    """Whoever adds a client chooses from what there is."""
    assert language_names() == {"en": "English", "ca": "Català", "nl": "Nederlands", "sv": "Svenska"}


def test_sums_and_unfinished_work_are_said_in_the_clients_language() -> None:
    """Babel writes the sums: 1.200,50 in Dutch and Catalan, 1 200,50 in Swedish."""
    sums = [money(Decimal("1200.5"), "EUR", code).replace("\N{NO-BREAK SPACE}", " ") for code in ("en", "nl", "sv")]
    assert (sums, as_it_is("sv", "Film")) == (["€1,200.50", "€ 1.200,50", "1 200,50 €"], "Film, i befintligt skick")
