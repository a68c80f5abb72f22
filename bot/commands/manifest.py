"""`manifest.yml`: Slack's copy of our commands, scopes and events."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

import typer
import yaml

PLACE: Final = Path(__file__).parents[2] / "manifest.yml"
EXAMPLE: Final = "https://example.com"


def manifest(
    url: Annotated[str, typer.Option(help="Where Slack reaches this server")] = EXAMPLE,
    *,
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode: no address at all")] = False,
) -> None:
    """Prints the manifest to paste into Slack."""
    text = PLACE.read_text(encoding="utf-8")
    sys.stdout.write(_for_socket(text) if socket else text.replace(EXAMPLE, url.rstrip("/")))


def _for_socket(text: str) -> str:
    """The same app without addresses: Slack refuses none, and asks nobody whether they answer."""
    kept = (line for line in text.splitlines() if EXAMPLE not in line)
    return "\n".join(kept).replace("socket_mode_enabled: false", "socket_mode_enabled: true") + "\n"


def manifest_scopes() -> tuple[str, ...]:
    """What the app asks for."""
    return tuple(yaml.safe_load(PLACE.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"])
