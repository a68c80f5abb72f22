"""What people call a client for short, and where a text speaks of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rules.clients.names import ANDS, LEGAL_FORMS, NO_NAMES, bare_words, normal

SHORTEST_WORD: Final = 3
SHORTEST_BEGINNING: Final = 4
SHORTEST_IN_TEXT: Final = 5
SHORTEST_INITIALS: Final = 2
MOST_WORDS: Final = 60
_ARTICLES: Final = frozenset(
    ("the", "het", "de", "los", "las", "el", "la", "els", "les", "der", "die", "das", "den", "det", "a", "an", "een")
)
# Between the words of a name, and often without an initial of their own.
_SMALL: Final = _ARTICLES | {"of", "for", "van", "von", "fur", "fuer", "voor", "per", "des", "du", "del", "och", "av"}
# Two letters that are written large for other reasons.
_LARGE: Final = """
    ok it hr pr us uk eu ai ux ui tv pm am so do is in on of to up by if or as be me go at
"""
_NO_INITIALS: Final = NO_NAMES | frozenset(_LARGE.split())
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def meant(
    texts: Iterable[str], names: Sequence[tuple[str, str]], *, in_text: bool = False
) -> tuple[str, frozenset[str]]:
    """The first of the texts that some clients are called for short, and their ids; `("", frozenset())` where none is.

    `texts` are as they were typed, `names` all (normalised name or alias, client id). A whole text may also be the
    beginning of a name. In a text only what is hardly an ordinary word counts: “no answer” is not about North Oak,
    nor “new brief” about New Kitchens.
    """
    asked = [(text, said) for text in texts if (said := frozenset(_said(text)))]
    near = list(_beginning_alike(names, {each[0] for _, said in asked for each in said}))
    forms = [(frozenset(_forms(name, in_text=in_text)), id_) for name, id_ in near]
    for text, said in asked:
        found = frozenset(id_ for form, id_ in forms if said & form)
        if not found and (not in_text or (text.isupper() and said.isdisjoint(_NO_INITIALS))):
            found = frozenset(id_ for name, id_ in near if not said.isdisjoint(_initials(name)))
        if found:
            return text, found
    for text, said in () if in_text else asked:
        begun = tuple(each for each in said if len(each) >= SHORTEST_BEGINNING)
        found = frozenset(id_ for form, id_ in forms if any(each.startswith(begun) for each in form))
        if found:
            return text, found
    return "", frozenset()


def mentioned(text: str, names: Sequence[tuple[str, str]]) -> frozenset[str]:
    """The clients of whom a text speaks anywhere: “paid late: Birch & Barrow”."""
    words = _words(normal(text))[:MOST_WORDS]
    spans = {" ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}
    near = _beginning_alike(names, {word[0] for word in words})
    return frozenset(id_ for name, id_ in near if not spans.isdisjoint(_forms(name, in_text=True)))


def other_spellings(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The names without legal form and article, and their first two words: what a slip is looked for in, too."""
    for name, id_ in names:
        core, bare = _cores(_words(name))
        yield from ((" ".join(words), id_) for words in {tuple(core), tuple(bare), tuple(bare[:2])} if words)


def _forms(name: str, *, in_text: bool) -> Iterator[str]:
    """The name itself, and what it is without its legal form, its article, its last words."""
    for words in map(_words, _spellings(name)):
        core, bare = _cores(words)
        has_article = bare != core
        begins = [each[:count] for each in (core, bare) for count in range(1, len(each))]
        said = [each for each in begins if _speaks(each, has_article=has_article, in_text=in_text)]
        if has_article and (len(bare) > 1 or not in_text or len(bare[0]) >= SHORTEST_IN_TEXT):
            said.append(bare)
        if len(bare) > 1:
            said.append([word[0] for word in bare])  # “B&B”
        yield from (" ".join(each) for each in (words, core, *said) if each)


def _speaks(words: Sequence[str], *, has_article: bool, in_text: bool) -> bool:
    """Whether the first words of a name are enough to mean it."""
    said = [word for word in words if word not in _ARTICLES]
    letters = sum(map(len, said))
    if len(words) == 1:
        return letters >= (SHORTEST_IN_TEXT if in_text else SHORTEST_WORD) and not (has_article and in_text)
    has_digits = any(word.isdigit() for word in said)
    return len(said) > 1 and (letters >= (SHORTEST_IN_TEXT if in_text else SHORTEST_WORD) or has_digits)


def _initials(name: str) -> Iterator[str]:
    """Of all its words, and of the large ones."""
    for spelt in _spellings(name):
        core, bare = _cores(_words(spelt))
        for words in (core, bare, [word for word in core if word not in _SMALL]):
            if len(words) >= SHORTEST_INITIALS:
                yield "".join(word[0] for word in words)


def _said(text: str) -> Iterator[str]:
    """A typed name as it is compared: with and without the legal form that people add and leave out."""
    for spelt in _spellings(normal(text)):
        words = _words(spelt)
        yield from (" ".join(each) for each in (words, _cores(words)[0]) if each)


def _spellings(said: str) -> tuple[str, ...]:
    """“müller” is written “muller” and “mueller”."""
    return (said,) if said.isascii() else (said, said.translate(_UMLAUTS))


def _words(said: str) -> list[str]:
    """The bare words of a normalised name, without “and” between two of them; “b.v.” is one word."""
    words = bare_words(said.removesuffix(" a/s").replace(".", ""))
    return [word for at, word in enumerate(words) if word not in ANDS or at in {0, len(words) - 1}]


def _cores(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Without the legal form at its end, and then without the article at its beginning."""
    core = list(words)
    while len(core) > 1:
        if core[-1] in LEGAL_FORMS:
            core.pop()
        elif len(core) > SHORTEST_INITIALS and "".join(core[-2:]) in LEGAL_FORMS and len(core[-1]) == 1:
            del core[-2:]  # “e. V.”
        else:
            break
    bare = core[1:] if len(core) > 1 and core[0] in _ARTICLES else core
    return core, bare


def _beginning_alike(names: Iterable[tuple[str, str]], begins: set[str]) -> Iterator[tuple[str, str]]:
    """Those that may be meant by something that begins so; cheaply, since there may be thousands."""
    for name, id_ in names:
        first = name[:1] if name.isascii() else ("".join(bare_words(name)) or name)[:1]
        if first in begins or not first.isalnum() or name.partition(" ")[0] in _ARTICLES:
            yield name, id_
