from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo

from bot.settings import Settings

PREFIX = "AMICABLE_"
NOT_FOR_OPERATORS = {"AMICABLE_CLOCK_FILE"}  # the sandbox moves the clock of its own processes with it


def nested(annotation: object) -> type[BaseModel] | None:
    """The settings of a part, also where the part may be off."""
    models = [
        kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type) and issubclass(kind, BaseModel)
    ]
    return models[0] if models else None


def own_name(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    names = [str(choice) for choice in alias.choices] if isinstance(alias, AliasChoices) else [str(alias or name)]
    prefixed = [choice for choice in names if choice.upper().startswith(PREFIX)]
    return prefixed[0].upper().removeprefix(PREFIX) if prefixed else names[0].upper()


def names(model: type[BaseModel], outer: str = PREFIX) -> Iterator[str]:
    """The environment's name of each setting."""
    for name, field in model.model_fields.items():
        part = nested(field.annotation)
        full = outer + own_name(name, field)
        if part is None:
            yield full
        else:
            yield from names(part, f"{full}__")


def test_the_example_names_every_setting_and_no_other(house: Path) -> None:
    """Whoever fills in the example sees all that can be set, and nothing that is ignored."""
    named = re.findall(r"^#?(AMICABLE_\w+)=", (house / ".env.example").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(set(names(Settings)) - NOT_FOR_OPERATORS)


def test_the_operators_page_names_every_setting(house: Path) -> None:
    """Its table leaves nothing out that somebody may need; the engine's pace is left to the example."""
    page = (house / "docs" / "operating.md").read_text()
    settings = {name for name in names(Settings) if not name.startswith("AMICABLE_ENGINE__")} - NOT_FOR_OPERATORS
    assert {name for name in settings if f"`{name.removeprefix(PREFIX)}`" not in page} == set()
