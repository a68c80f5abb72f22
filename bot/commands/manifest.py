"""`manifest.yml`: Slack's copy of our commands, scopes and events."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Final

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
    sys.stdout.write(manifest_text("" if socket else url))


def manifest_text(url: str) -> str:
    """As YAML, for an app that Slack reaches at `url`; blank: over Socket Mode."""
    text = PLACE.read_text(encoding="utf-8")
    return text.replace(EXAMPLE, url.rstrip("/")) if url else _for_socket(text)


def manifest_object(url: str) -> dict[str, Any]:
    """The same as Slack's API takes it."""
    loaded: dict[str, Any] = yaml.safe_load(manifest_text(url))
    return loaded


def _for_socket(text: str) -> str:
    """The same app without addresses: Slack refuses none, and asks nobody whether they answer."""
    kept = (line for line in text.splitlines() if EXAMPLE not in line)
    return "\n".join(kept).replace("socket_mode_enabled: false", "socket_mode_enabled: true") + "\n"


def manifest_scopes() -> dict[str, bool]:
    """What the app asks for, and whether it is of use without."""
    scopes = manifest_object("")["oauth_config"]["scopes"]
    return {scope: scope in scopes["bot_optional"] for scope in scopes["bot"]}
