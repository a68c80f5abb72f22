"""Names of clients, as they are compared."""

from __future__ import annotations

import unicodedata


def normalise(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
