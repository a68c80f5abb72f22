"""Which texts hold a password, a key or a token: no list of ours keeps one (HO07).

Whoever writes down which login it is, where its password is kept, or that there is none, is let through.
"""

from __future__ import annotations

import re

from rules.errors import InvalidError

KEEPS_NONE = (
    "This looks like a password or a key, and Amicable keeps none. Write down which login it is; hand the secret over "
    "through a password manager."
)

# What a secret is called where our users write, and what stands between its name and itself.
_NAMES = (
    r"(?:(?<!com)(?<!by)pass(?:word|wort|wd|ord|phrase|code)?|pwd|pw|secret|token|"
    r"(?:api|access|account|private|secret)[ _-]?key|wachtwoord|contrase(?:ny|ñ|n)a|(?<!en)clave|senha|"
    r"l[öo]senord(?:et)?|kennwort|mot de passe|mdp)"
)
_PINS = (
    r"(?:\bpin(?:[ -]?code)?|\bcode pin|\b(?:door|alarm|gate|entry|deur|toegangs|tür|zugangs|dörr|port|larm)[ -]?"
    r"(?:code|kode?))"
)
_IS = r"(?:is|was|will be|ist|war|lautet|hei(?:ß|ss)t|luidt|es|és|era|är|var|est)"
_BEFORE = rf"(?:(?:\s+{_IS})?\s*(?:[:=]+>?|->|→)\s*|\s+{_IS}\s+)"
_WHOSE = r"(?:\s+(?:for|of|voor|van|für|von|per a|de|del|för|till|pour)(?:\s+[^\s:=]+){1,3}(?=\s*[:=]))?"
_SAID = r"(?=(?P<said>[^;\n]{1,200}))"
_NAMED = re.compile(rf"(?:{_NAMES}{_WHOSE}\s*[:=]+>?|\b{_NAMES}{_BEFORE})\s*{_SAID}", re.IGNORECASE)
_BARE = re.compile(rf"\b{_NAMES}\s+(?P<said>[^\s,;]+)", re.IGNORECASE)
_SHORT = re.compile(rf"\bpwd?\s+{_SAID}", re.IGNORECASE)
_CODE = re.compile(r"\b(?:key|code|kod|sleutel|schlüssel|clau|nyckel)\s*[:=]\s*(?P<said>\S+)", re.IGNORECASE)
_YEAR = r"(?:(?:19|20)\d\d\s+(?!(?:for|of|at|on|to|is|voor|van|op|für|am|an|per|de|del|till|för|på)\b)[a-zäöüéèà])"
_PIN = re.compile(rf"{_PINS}(?:{_BEFORE}|\s+(?!{_YEAR}))\d{{4,8}}\b", re.IGNORECASE)

# What tells a sentence about a secret from the secret: where it is, with whom, what becomes of it, that there is none.
_TELLING_WORDS = """
    in with at by on to from for of under inside behind within and or as via through only always very too being been has
    have had will be can must should not no none nobody nothing see ask known unknown kept lost sent gone missing
    forgotten given written ours theirs yours mine they we same one two three four five old new safe valid reset out it
    office reception later apart manager n/a n.a tbd tbc knows know stays client customer team pending physical phone
    post please change rotate disable delete revoke replace
    op bij met voor van onder achter aan naar zie vraag staat ligt zit heeft hebben wordt alleen altijd apart niet geen
    niemand bekend onbekend bewaard kwijt verlopen geldig nodig nvt n.v.t één een twee drie zelfde verandert wijzigt
    weet krijgt moet moeten klant
    im am auf bei beim mit für vom von zum unter hinter siehe frag liegt steht hat haben wird nur immer nicht kein keins
    keines keiner keine niemand bekannt unbekannt gültig gesperrt zwei drei selbe kennt muss soll kommt kunde kunden
    a al als en amb per dels sota darrere vegeu mira pregunta té tenen és està només sempre cap ningú dos tres mateixa
    cal pendent sap
    i hos på med för till från av bakom se fråga finns ligger har blir bara alltid inte inget ingen två tre samma känt
    okänt borta bytt giltigt utgånget ska måste vet skickas byts ändras
    dans chez avec sous sur au voir connu inconnu aucun aucune pas seulement toujours même
    con para por bajo ver tiene está solo siempre ninguna ninguno nadie misma
    vault kluis tresor valvet caixa 1password bitwarden lastpass dashlane keepass keepassxc
"""
_STILL_WORDS = "now still already also nu nog ook noch jetzt schon auch ara encara també fortfarande redan"
_TELLING, _STILL = frozenset(_TELLING_WORDS.split()), frozenset(_STILL_WORDS.split())
# "changed", "gewijzigd", "hinterlegt", "canviada", "sparat": what became of it.
_HAPPENED = re.compile(
    r"\A(?:\w+['\u2019]s|[dlmnst]['\u2019]\w+|\w{3,}(?:ed|ad[ao]|id[ao]|lly|tely|isch|arat)|"
    r"(?:ge|ver|be|über|hinter|ont|her|ab|auf|ein|aus|(?:over|door|in|op|uit|af)ge)\w{3,}(?:t|d|en)|"
    r"(?:ändr|oförändr|spar|del|glöm|överlämn|lagr|spärr|skick|byt)\w{0,3}t|"
    r"(?:chang|gard|oubli|perd|transmis|remis)\w{0,2}[éus]e?)\Z"
)
_HIDDEN = re.compile(r"[\W_]*")
_CLAUSE = re.compile(r"(?:,|[.!?](?=\s))\s*")

# As the services write them: a word that only begins with the same letters goes on differently.
_PREFIXED = re.compile(
    r"(?<!\w)(?:A[KS]IA[A-Z0-9]{12}|(?:gh[opusr]_|github_pat_|glpat-|npm_|xox[abeposr]-|xapp-|[rsp]k_(?:live|test)_|whsec_|"
    r"shp(?:at|ss)_|dop_v1_|hvs\.|ya29\.)[\w.-]{4}|sk-(?:[a-z]{2,8}-)?(?:[a-z]{2,8}\d\d-)?(?=\w{0,40}\d)\w{8}|"
    r"SG\.(?=[\w-]{0,64}\d)[\w-]{8}|AIza[\w-]{8}|eyJ[\w-]{8})"
)
_SECRET = re.compile(
    r"-----BEGIN|PuTTY-User-Key"
    r"|(?<!\w)hooks\.slack\.com/services/\w"
    r"|://[^\s/@:]*:[^\s/@]+@"  # a URL that carries a name and a password
    r"|[?&](?:token|key|secret|password|pwd|sig|access_token|api_key)=\w"
    r"|\bbearer\s+(?=\S*[\d=])[\w.+/=~-]{8,}"
    r"|\bbasic\s+(?=\S*[\d=])(?!(?-i:[A-Z]?[a-z]+)[_-]?\d{1,4}\b)[\w.+/=~-]{8,}"
    r"|\b[0-9a-f]{32,}\b",
    re.IGNORECASE,
)

# A long word of small and large letters and digits that is no address, no handle, no file and does not read like words.
_TOKEN = re.compile(
    r"(?<!\S)(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)(?!\S*://)(?![^\s@]*@\S+\.)(?!@\w+[.,;:]?(?!\S))(?!www\.)"
    r"(?![a-z0-9-]+(?:\.[a-z0-9-]+){1,4}/)[^\s]{12,}(?!\S)"
)
_READABLE = re.compile(
    r"\A(?:[A-ZÄÖÜ][a-zäöüéèàíóúçñß]+|[a-zäöüéèàíóúçñß]{2,}|[A-Z]{2,}(?![a-z])|[A-ZvV](?=\d)|(?:19|20)\d\d|"
    r"\d{1,8}(?![^\W\d_])|[-_./()&,'\u2019:;])+\Z"
)
_FILE = re.compile(
    r"\.(?:zip|rar|7z|gz|tar|pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|txt|csv|md|json|xml|sql|html?|css|js|png|jpe?g|gif|svg|"
    r"webp|tiff?|heic|raw|dng|cr2|nef|psd|psb|ai|eps|indd|idml|fig|sketch|xd|aep|prproj|blend|dwg|mp3|wav|aiff?|mp4|mov|"
    r"avi|mkv|webm|ttf|otf|woff2?|dmg|exe|msi|apk|ipa|ics|eml|msg|key|pem|ppk|pages|numbers|bak)[.,;:)\]”\"']{0,3}\Z",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"://|\Awww\.|\A[a-z0-9.-]{1,60}\.[a-z]{2,9}(?::\d{2,5})?/[\w./-]{0,200}\?[\w-]+=", re.IGNORECASE)

_SHORTEST, _SHORTEST_PIN = 6, 4
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]")
_MARK = re.compile(r"[^\w\s./()'\u2019-]")
_NO_NUMBER = re.compile(r"[^\W\d_]|[^\w\s./,:;€$£%+~-]")  # what no date, time or sum has
_QUOTES = "\"'“”«»„\u2018\u2019"
_AROUND = ".,;:!?)(][ " + _QUOTES


def require_no_secret(text: str, field: str) -> None:
    """Raises InvalidError beside `field` where what was typed looks like a secret."""
    if looks_secret(text):
        raise InvalidError(KEEPS_NONE, {field: KEEPS_NONE})


def looks_secret(text: str) -> bool:
    """Whether a text looks like a password, a key or a token."""
    return (
        any(each.search(text) for each in (_SECRET, _PREFIXED, _PIN))
        or any(_is_said(found["said"]) for each in (_NAMED, _SHORT) for found in each.finditer(text))
        or any(_is_made_up(found["said"]) for found in _BARE.finditer(text))
        or any(_is_password(found["said"]) for found in _CODE.finditer(text))
        or any(not (_FILE.search(found[0]) or _READABLE.search(found[0])) for found in _TOKEN.finditer(text))
        or _is_pair(text)
    )


def _is_said(after: str) -> bool:
    """Whether what stands behind "password:" or "the password is" may be one: no sentence, count or row of stars."""
    clause = _CLAUSE.split(after, maxsplit=1)[0].split()
    while len(clause) > 1 and clause[0].casefold() in _STILL:
        clause = clause[1:]
    words = [each.strip(_AROUND) for each in clause]
    if not words or _HIDDEN.fullmatch(words[0]) or _tells(words[0]):
        return False
    if words[0].isdecimal():
        return len(words) == 1 or len(words[0]) >= _SHORTEST_PIN
    return _is_made_up(clause[0]) or not any(map(_tells, words))


def _tells(word: str) -> bool:
    plain = word.casefold()
    return plain in _TELLING or (not _DIGIT.search(plain) and bool(_HAPPENED.search(plain)))


def _is_made_up(word: str) -> bool:
    """Whether a word is quoted, or mixes letters with digits or marks, as no word of a language does."""
    said = word.strip(_AROUND)
    if len(said) > 1 and word[0] in _QUOTES and word.rstrip(".,;:!?)")[-1:] in _QUOTES:
        return not _tells(said)
    if _tells(said) or _FILE.search(word):
        return False
    return bool(_LETTER.search(said) and (_DIGIT.search(said) or _MARK.search(said)))


def _is_pair(text: str) -> bool:
    """A name, a stroke or a colon, a password. Word by word: one pattern for it takes minutes on strokes."""
    words = text.split()
    for place, (word, after) in enumerate(zip(words, [*words[1:], ""], strict=False)):
        if _ADDRESS.search(word):
            joined = []
        else:
            joined = [behind for _, stroke, behind in (word.partition(":"), _at_stroke(word, place)) if stroke]
        if any(map(_is_password, [*joined, after if word.endswith("/") else ""])):
            return True
    return False


def _at_stroke(word: str, place: int) -> tuple[str, str, str]:
    """The first word of a text may begin with a stroke of its own: a path."""
    skip = 0 if place else 1
    before, stroke, behind = word[skip:].partition("/")
    return before, stroke, behind


def _is_password(word: str) -> bool:
    said = word.rstrip(".,;:)]")
    return len(word) >= _SHORTEST and all(each.search(said) for each in (_MARK, _DIGIT, _NO_NUMBER))
