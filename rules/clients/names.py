"""How typed text names a client: what people write, what Slack makes of it, and what they may have meant."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from rules.errors import InvalidError
from rules.sentences import Sentence

RESERVED: Final = ("list", "digest", "help", "settings", "add")
NAME_LENGTH: Final = 80
NEAR_EDITS: Final = 2
# What a firm is before the law, and the words for “and”, in the countries and languages that we know.
LEGAL_FORMS: Final = frozenset(
    (
        *("ltd", "limited", "inc", "incorporated", "llc", "llp", "plc", "co", "corp", "company", "corporation", "pty"),
        *(
            "gmbh",
            "mbh",
            "ag",
            "ug",
            "kg",
            "kgaa",
            "ohg",
            "ev",
            "eg",
            "bv",
            "nv",
            "vof",
            "cv",
            "sa",
            "sl",
            "slu",
            "sas",
            "sarl",
            "srl",
        ),
        *("ab", "hb", "oy", "oyj", "as", "aps", "a/s"),
    )
)
# In small letters these are hardly words of a sentence: what stands behind a name then still belongs to it.
_PLAIN_FORMS: Final = frozenset(
    ("ltd", "inc", "llc", "llp", "plc", "gmbh", "bv", "nv", "pty", "corp", "srl", "sarl", "oy")
)
ANDS: Final = ("&", "and", "+", "en", "i", "och", "und", "et", "y")
# Words that begin a sentence about somebody and name nobody.
_SENTENCE_WORDS: Final = """
    i he she they we it the a an our my their his her this that no not again client customer
    ik hij zij ze het de een klant
    jag han hon vi det kunden
    ell ella ells nosaltres el la un
"""
NO_NAMES: Final = frozenset(_SENTENCE_WORDS.split())

_STRAIGHT: Final = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201a": "'",
        "\u201b": "'",
        "\u2032": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u201f": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2033": '"',
    }
)
_BARE: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "·": "", "'": ""})
_CHANNEL: Final = re.compile(r"^<#([A-Z0-9]+)(?:\|[^>]*)?>")
_LINK: Final = re.compile(r"<(?:https?://|mailto:|tel:)[^|>]*\|([^>]*)>|<((?:https?://|mailto:|tel:)[^|>]*)>")
_QUOTED: Final = re.compile(r'^"([^"]+)"')
_POSSESSIVE: Final = re.compile(r"'s?(?= |$)", re.IGNORECASE)
_JOINTS: Final = frozenset("-_.&/+@:'")
_LEADING: Final = " ,:;.!?-\u2013\u2014"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One way to split a text: a client's normalised name or mapped channel, and what is said about that client.

    `typed` is the name as it stands in the text.
    """

    name: str = ""
    channel_id: str = ""
    rest: str
    typed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A client that may have been meant: the known name, the client, what remains, and how many edits away."""

    name: str
    client_id: str
    rest: str
    edits: int


def plain(text: str) -> str:
    """Typed text without Slack's escapes and curly quotes, single-spaced; mentions of people and channels stay."""
    unlinked = _LINK.sub(lambda found: found[1] or found[2], text)
    straight = unicodedata.normalize("NFKC", html.unescape(unlinked)).translate(_STRAIGHT)
    visible = straight if straight.isascii() and straight.isprintable() else "".join(map(_visible, straight))
    return " ".join(visible.split())


def normal(name: str) -> str:
    """What two spellings of a name have in common: unique among the clients of a workspace."""
    return _folded(plain(name).strip('" '))


def sought(name: str) -> str:
    """What is compared while somebody types: words without accents and other signs, each with a space before it."""
    return "".join(f" {word}" for word in bare_words(normal(name)))


def bare_words(said: str) -> list[str]:
    """The words of a normalised text without accents and other signs."""
    bare = (sign for sign in unicodedata.normalize("NFKD", said.translate(_BARE)) if not _is_accent(sign))
    return "".join(sign if sign.isalnum() else " " for sign in bare).split()


def split_client(text: str) -> tuple[Candidate, ...]:
    """Every way in which the text may begin with a client, the longest name first.

    A quoted name or a channel leaves no choice. A name ends at a word boundary: inside of `acme.com` there is none,
    in `Acme's` there is one before the apostrophe.
    """
    said = plain(text)
    if channel := _CHANNEL.match(said):
        return (Candidate(channel_id=channel[1], rest=_rest(said, channel.end())),)
    if quoted := _QUOTED.match(said):
        return (Candidate(name=_folded(quoted[1]), rest=_rest(said, quoted.end()), typed=quoted[1]),)
    ends = [end for end in range(min(len(said), NAME_LENGTH), 0, -1) if _is_boundary(said, end)]
    split = (Candidate(name=_folded(said[:end]), rest=_rest(said, end), typed=said[:end]) for end in ends)
    return tuple(candidate for candidate in split if candidate.name)


def without_form(said: str) -> str:
    """What is said behind a name, without the legal form that people add and leave out: “Ltd paid late” is “paid late”.

    Typed in small letters most of the forms may be words of the sentence.
    """
    first, _, rest = said.partition(" ")
    form = first.rstrip(_LEADING).replace(".", "")
    is_form = form.casefold() in (LEGAL_FORMS if form[:1].isupper() else _PLAIN_FORMS)
    return rest.lstrip(_LEADING) if is_form else said


def likely_name(text: str, place: str = "") -> str:
    """What a client that we don't know yet may be called: the capitals in front, or the name of the `place`.

    “Birch & Barrow paid late” is about Birch & Barrow; “cobalt paid late” in #cobalt about Cobalt. Empty where the
    text says nothing of it.
    """
    words = plain(text).partition(":")[0].split()
    count = next((at for at, word in enumerate(words) if not _may_be_named(words, at)), len(words))
    name = " ".join(words[:count]).rstrip(_LEADING)
    if name and normal(name) not in NO_NAMES:
        return name[:NAME_LENGTH]
    bare = sought(place).strip()
    return bare.title() if bare and f"{sought(text)} ".startswith(f" {bare} ") else ""


def without_name(text: str, name: str) -> str:
    """What is said of somebody behind their name; all of it where it does not begin with the name."""
    said = plain(text)
    return _rest(said, len(name)) if name and said.casefold().startswith(name.casefold()) else said


def near_misses(text: str, names: Iterable[tuple[str, str]], limit: int = 3) -> tuple[NearMiss, ...]:
    """Clients whose name is at most two edits from the beginning of the text, the nearest first, each client once.

    `names` are all (normalised name or alias, client id). Names of three letters allow one edit, shorter ones none.
    """
    known = tuple(names)
    found = [miss for candidate in split_client(text) if candidate.name for miss in _misses(candidate, known)]
    nearest: dict[str, NearMiss] = {}
    for miss in sorted(found, key=lambda miss: (miss.edits, -len(miss.name), miss.name)):
        nearest.setdefault(miss.client_id, miss)
    return tuple(nearest.values())[:limit]


def near_names(name: str, names: Iterable[tuple[str, str]]) -> tuple[NearMiss, ...]:
    """The same for a whole name: who may have been meant by it."""
    return tuple(_misses(Candidate(name=normal(name), rest=""), tuple(names)))


def valid_name(name: str) -> str:
    """The name as it is kept and shown, or an `InvalidError` with the sentence for whoever typed it."""
    shown = plain(name).strip('" ')
    if not any(sign.isalnum() for sign in shown):
        raise InvalidError("Please give the client a name with letters or digits in it.")
    if len(shown) > NAME_LENGTH:
        raise InvalidError(
            Sentence("Please choose a name of at most {name_length} characters.", name_length=NAME_LENGTH)
        )
    if any(sign in shown for sign in '<>"'):
        raise InvalidError('Please choose a name without <, > and ", since Slack gives them a meaning.')
    if normal(shown) in RESERVED:
        raise InvalidError(
            Sentence("“{shown}” is a word of the command /client. Please choose another name.", shown=shown)
        )
    return shown


def _visible(sign: str) -> str:
    """Nothing for signs that nobody sees and that databases refuse; spaces of all kinds stay for the splitting."""
    return sign if sign.isspace() or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"} else ""


def _is_accent(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn"


def _folded(said: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", said.casefold()).split())


def _misses(candidate: Candidate, known: tuple[tuple[str, str], ...]) -> list[NearMiss]:
    from rapidfuzz import process  # noqa: PLC0415 - 3 MB, of use where a name is not known
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - the same

    names = [name for name, _ in known]
    close = process.extract(candidate.name, names, scorer=OSA.distance, score_cutoff=NEAR_EDITS, limit=None)
    return [
        NearMiss(name=name, client_id=known[place][1], rest=candidate.rest, edits=int(edits))
        for name, edits, place in close
        if 0 < edits <= _allowed_edits(name)
    ]


def _allowed_edits(name: str) -> int:
    return min(NEAR_EDITS, max(0, len(name) - 2))


def _is_boundary(said: str, end: int) -> bool:
    """Between two signs that belong to one word no name ends: not in `Acmes`, not in `acme.com`, but in `Acme's`."""
    if end == len(said):
        return True
    before, after = said[end - 1], said[end]
    if not before.isalnum():
        return not before.isspace() and not after.isalnum()
    if after.isalnum():
        return False
    if after in _JOINTS and end + 1 < len(said) and said[end + 1].isalnum():
        return bool(_POSSESSIVE.match(said, end))
    return True


def _may_be_named(words: Sequence[str], at: int) -> bool:
    """A capital, or what joins two words that have one."""
    word = words[at]
    joins = 0 < at < len(words) - 1 and word.casefold() in ANDS and words[at + 1][:1].isupper()
    return word[:1].isupper() or joins


def _rest(said: str, start: int) -> str:
    possessive = _POSSESSIVE.match(said, start)
    return said[possessive.end() if possessive else start :].lstrip(_LEADING)
