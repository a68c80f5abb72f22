"""`manifest.yml`: Slack's copy of our commands, scopes and events."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

import typer
import yaml

PLACE: Final = Path(__file__).parents[2] / "manifest.yml"
EXAMPLE: Final = "https://example.com"


def manifest(url: Annotated[str, typer.Option(help="Where Slack reaches this server")] = EXAMPLE) -> None:
    """Prints the manifest to paste into Slack."""
    sys.stdout.write(PLACE.read_text(encoding="utf-8").replace(EXAMPLE, url.rstrip("/")))


def manifest_scopes() -> tuple[str, ...]:
    """What the app asks for."""
    return tuple(yaml.safe_load(PLACE.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"])
