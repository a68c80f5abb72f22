"""Our manifest agrees with Slack's own schema for manifests."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.commands.manifest import manifest_object

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


@pytest.fixture
def schema() -> dict[str, Any]:
    folder = os.environ.get("AMICABLE_SPECS", "")
    if not folder and not os.environ.get("CI"):
        pytest.skip("Set AMICABLE_SPECS to the folder of the official documents to check the manifest against them.")
    path = Path(folder) / "slack-manifest-schemas" / "manifest.schema.2.0.0.json"
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


@pytest.mark.parametrize("url", ["https://amicable.example", ""], ids=["https", "socket"])
def test_slack_takes_our_manifest(schema: dict[str, Any], url: str) -> None:
    """Whoever pastes it into Slack, or lets setup hand it over, gets no complaint."""
    manifest = manifest_object(url)
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(manifest)] == []


def test_the_words_fit(schema: dict[str, Any]) -> None:
    """Slack's limits that its schema does not hold (facts 5): a name of 35 characters, a shortcut of 24 ..."""
    manifest = yaml.safe_load(MANIFEST.read_text())
    about, features = manifest["display_information"], manifest["features"]
    assert (len(about["name"]) <= 35, len(about["description"]) <= 140) == (True, True)
    assert 175 <= len(about["long_description"]) <= 4000
    assert [s["name"] for s in features["shortcuts"] if len(s["name"]) > 24 or len(s["description"]) > 150] == []
    assert [c["command"] for c in features["slash_commands"] if len(c["command"]) > 32] == []
