"""Where the database is."""

from __future__ import annotations

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

DEFAULT_URL = "sqlite:///data/amicable.db"


def known_url(url: str) -> str:
    """The address as SQLAlchemy needs it; a `ValueError` says what is wrong without repeating the password."""
    scheme, separator, rest = url.strip().partition("://")
    kind = scheme.split("+")[0]
    if kind in {"postgres", "postgresql"}:
        scheme = "postgresql+psycopg"
    elif kind != "sqlite" or not rest.strip("/") or ":memory:" in rest:
        raise ValueError("DATABASE_URL must begin with sqlite:/// and a file's name, or with postgresql://.")
    try:
        return make_url(f"{scheme}{separator}{rest}").render_as_string(hide_password=False)
    except ArgumentError:
        raise ValueError("DATABASE_URL is not an address: postgresql://user:password@host:5432/name.") from None
