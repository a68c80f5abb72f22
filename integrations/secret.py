"""A secret in settings, as people paste it: with blanks, line ends or quotes around it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, SecretStr

_QUOTES = ('""', "''", "``", "\u201c\u201d", "\u201e\u201c", "\u2018\u2019")


def _pasted(value: object) -> object:
    """The value itself is never in the refusal: it may be right but for one sign."""
    if not isinstance(value, str):
        return value
    plain = value.strip()
    while plain[:1] + plain[-1:] in _QUOTES and len(plain) > 1:
        plain = plain[1:-1].strip()
    if not plain.isascii() or not plain.isprintable():
        raise ValueError("This holds a sign that no token or secret has. Copy it once more, as a whole and alone")
    return plain


Secret = Annotated[SecretStr, BeforeValidator(_pasted)]
