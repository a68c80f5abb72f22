"""The `.env` file: what is there stays, nobody else reads it, and it is never half written."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dotenv import dotenv_values, set_key
from pydantic import ValidationError

from bot.bootstrap.reading import problems
from bot.settings import Settings

OURS_ONLY: Final = 0o600
# Docker's --env-file takes quotation marks for a part of the value, so they stand only where they must.
_BARE: Final = re.compile(r"[\w./:@+=?&%~,-]*")


class EnvFile:
    """What is set, and what shall be."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fresh = path.with_name(f"{path.name}.new")

    def values(self) -> dict[str, str]:
        return {name: value for name, value in dotenv_values(self._path).items() if value}

    def write(self, values: Mapping[str, str]) -> list[str]:
        """What is wrong with the settings as they would be; if nothing is, they are so from now on."""
        self._fresh.unlink(missing_ok=True)
        os.close(os.open(self._fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OURS_ONLY))
        try:
            if self._path.exists():
                self._fresh.write_bytes(self._path.read_bytes())
            for name, value in values.items():
                set_key(self._fresh, name, value, quote_mode="never" if _BARE.fullmatch(value) else "always")
            self._fresh.chmod(OURS_ONLY)
            Settings(_env_file=self._fresh)
            self._fresh.replace(self._path)
        except ValidationError as error:
            return problems(error)
        finally:
            self._fresh.unlink(missing_ok=True)
        return []
