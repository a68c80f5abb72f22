from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import agenda
from bot.agenda import TRACKER_QUEUES, declared
from bot.ids import Command
from bot.views.nudges.kinds import BECAUSE, LABELS
from integrations.jira.settings import JiraSettings
from integrations.trackers import build_trackers
from integrations.trello.settings import TrelloSettings
from rules.clients.stages import Origin
from rules.health.catalogue import load_catalogue, parse_catalogue
from rules.health.evidence.emoji import EmojiBook
from rules.health.guessing import guess_type
from rules.health.signal import Side
from rules.nudges.kinds import KINDS, NudgeKind
from rules.partings.tasks import PartingFacts, inside_steps, propose
from tests.bench.mutations import MUTATIONS

PATHS = re.compile(r"`([\w./-]+(?:/|\.(?:py|toml|yml|md|txt|example))|\.[\w/.-]+)`")
LINKS = re.compile(r"\]\((?!https?:)([^)]+)\)")

# Abuse, gaslighting and non-payment open faster ways (FG14), gut feelings have a limit (RF41), `unsorted` waits for
# a type; the other two are the names of a side and of an origin as well.
SINGLED_OUT = {"abuse", "gaslighting", "late_payment", "gut", "unsorted", "praise", "natural_fade"}


# Names of jobs that are words of people, too.
ALSO_WORDS = {"end_contract", "erase", "export", "sweep"}


@pytest.fixture(scope="session")
def guide(house: Path) -> str:
    """The guide for those who work on Amicable."""
    return (house / ".github/CONTRIBUTING.md").read_text()


@pytest.fixture(scope="session")
def places(guide: str) -> dict[str, list[str]]:
    """The paths that each kind of change touches, by the kind's heading."""
    _, _, numbered = guide.partition("## What a change touches")
    sections = re.split(r"^### ", numbered.partition("\n## ")[0], flags=re.MULTILINE)[1:]
    return {section.partition("\n")[0]: PATHS.findall(section) for section in sections}


def source_files(house: Path) -> list[Path]:
    folders = (house / folder for folder in ("bot", "integrations", "rules"))
    files = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    return [path for path in files if house / "integrations/sandbox" not in path.parents]


def naming(house: Path, words: set[str]) -> dict[str, list[str]]:
    """Where each of the words stands in quotes: Python files of the app, without the sandbox that plays a user."""
    naming: dict[str, list[str]] = {}
    for path in source_files(house):
        for quoted in set(re.findall(r"""["']([\w/-]+)["']""", path.read_text())) & words:
            naming.setdefault(quoted, []).append(str(path.relative_to(house)))
    return naming


def test_the_guide_lists_each_kind_of_change(places: dict[str, list[str]]) -> None:
    """Whoever adds something common finds a numbered list of the places."""
    assert list(places) == [
        "A new red flag",
        "A new tracker",
        "A new command",
        "A new language",
        "A new task",
        "A new job",
        "A new word unasked",
        "A new form",
        "A new stored field",
    ]


def test_every_named_place_exists(house: Path, places: dict[str, list[str]]) -> None:
    """Nobody is sent to a file that has moved."""
    named = {path for paths in places.values() for path in paths}
    assert {path for path in named if not (house / path).exists()} == set()


def test_no_link_is_broken(house: Path) -> None:
    """A click in the documentation leads somewhere, also where it names a heading."""
    pages = [house / ".github/CONTRIBUTING.md", house / ".github/decisions/README.md", house / "README.md"]
    pages += (house / "docs").glob("*.md")
    links = [(page, link) for page in pages for link in LINKS.findall(page.read_text())]
    assert [f"{page.name}: {link}" for page, link in links if not leads_somewhere(page, link)] == []


def test_the_page_for_operators_begins_with_its_contents(house: Path) -> None:
    """Each chapter is one click away."""
    contents, _, _ = (page := (house / "docs/operating.md").read_text()).partition("\n## ")
    chapters = [anchor(each) for each in re.findall(r"^## (.+)$", page, re.MULTILINE)]
    assert [each for each in chapters if f"(#{each})" not in contents] == []


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, heading = link.partition("#")
    target = page.parent / path if path else page
    if not heading:
        return target.exists()
    return heading in {anchor(each) for each in re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)}


def anchor(heading: str) -> str:
    """As GitHub names it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_every_decision_is_listed_in_the_house_form(house: Path) -> None:
    """The list of decisions is complete, and each says why, what, what else, and what holds it."""
    folder = house / ".github/decisions"
    index = (folder / "README.md").read_text()
    records = sorted(folder.glob("0*.md"))
    incomplete = {
        record.name
        for record in records
        if f"({record.name})" not in index
        or not re.search(r"context.*decision.*alternatives.*held by", record.read_text().lower(), re.DOTALL)
    }
    assert incomplete == set()


def test_a_red_flag_is_one_entry(house: Path) -> None:
    """A new type of note needs no code: one more entry is read, found by its emoji and guessed from words."""
    entry = """
[types.brand_new]
side = "theirs"
category = "fit"
weight = 2
half_life_days = 60
severity = "pink"
emoji = "amicable_brand_new"
label = "Brand new"
hint = "Made up by a test"
guess = ["zorbing habit"]
"""
    catalogue = parse_catalogue((house / "rules/health/catalogue.toml").read_text() + entry)
    found = EmojiBook(catalogue, {}, {}).meaning("amicable_brand_new")
    guessed = guess_type(catalogue, "Their zorbing habit again", Side.THEIRS)
    assert (found and found.code, guessed and guessed.code) == ("brand_new", "brand_new")


def test_types_are_named_in_the_catalogue_alone(house: Path) -> None:
    """A type can be renamed or dropped without a search: only those that a rule singles out are named elsewhere."""
    types = set(load_catalogue().types)
    assert naming(house, types - SINGLED_OUT) == {}


def test_a_task_is_one_entry(house: Path) -> None:
    """A new task of a parting needs no code: whatever the file lists is proposed."""
    entries = tomllib.loads((house / "rules/partings/tasks.toml").read_text())["task"]
    day = date(2026, 11, 20)
    facts = PartingFacts(last_day=day, today=day, owner_id="U1", subcontractors=True, tenure_months=120)
    each = [replace(facts, origin=origin) for origin in Origin]
    proposed = {task.code for facts in each for task in (*propose(facts), *inside_steps(facts))}
    assert sorted(proposed) == sorted(entry["code"] for entry in entries)


@pytest.mark.parametrize(
    ("tracker", "settings"),
    [
        (
            "jira",
            {"jira": JiraSettings(url="https://x.example", email="a@x.example", token=SecretStr("t"), project="AMI")},
        ),
        ("trello", {"trello": TrelloSettings(key=SecretStr("k"), token=SecretStr("t"), board="AmiBoard")}),
        ("checklist", {}),
    ],
)
def test_a_tracker_is_named_only_where_the_guide_says(
    house: Path, places: dict[str, list[str]], tracker: str, settings: dict[str, Any]
) -> None:
    """Whoever adds one finds each place that knows trackers by name, and nothing of it is forgotten."""
    named = naming(house, {tracker}).get(tracker, [])
    strays = [path for path in named if not path.startswith(f"integrations/{tracker}/")]
    offered = build_trackers(settings.get("jira"), settings.get("trello"))
    assert set(strays) <= set(places["A new tracker"])
    assert (tracker in offered, tracker in TRACKER_QUEUES) == (True, True)


def test_a_language_is_complete(house: Path) -> None:
    """LG01, LG08: whoever gets a letter in a language gets its words, its tasks and its tone list too."""
    words = {file.stem.removeprefix("words_") for file in (house / "rules").glob("words_*.toml")}
    letters = {folder.name for folder in (house / "rules/notices/templates").iterdir()}
    tones = {file.stem for file in (house / "rules/notices/tones").iterdir()}
    tasks = {file.stem for file in (house / "rules/partings/words").glob("*.toml")}
    assert words == letters == tones == tasks


def test_a_command_is_named_in_one_place(house: Path) -> None:
    """A command can be renamed in `bot/ids.py` and the manifest alone."""
    assert naming(house, set(Command)) == {command: ["bot/ids.py"] for command in Command}


def test_a_job_is_done_where_the_guide_says(house: Path) -> None:
    """Each job of the agenda is bound in `bot/jobs`, and its name stands nowhere else."""
    names = {job.name for job in declared()}
    bound = "".join(path.read_text() for path in (house / "bot/jobs").glob("*.py"))
    constants = re.findall(r"^([A-Z_]+) = (?:DueJob|JobType)", (house / "bot/agenda.py").read_text(), re.MULTILINE)
    assert [each for each in constants if not re.search(rf"\b{each}\.(does|runs)\(", bound)] == []
    strays = {name: paths for name, paths in naming(house, names - ALSO_WORDS).items() if paths != ["bot/agenda.py"]}
    assert strays == {}


def test_a_nudge_has_its_kind_and_its_truth(house: Path) -> None:
    """A reminder whose truth nobody tells would fail when it is due."""
    known = set(NudgeKind)
    features = "".join(path.read_text() for path in (house / "bot/bootstrap/features").glob("*.py"))
    told = {NudgeKind[name] for name in re.findall(r"NudgeKind\.([A-Z_]+):", features)}
    assert [kind for kind, why in BECAUSE.items() if not why.endswith(".")] == []
    assert told == set(KINDS) == set(LABELS) == set(BECAUSE) == known


def test_the_drawing_names_what_is_there(house: Path) -> None:
    """Every file of the four ways exists, and every job is one of the agenda."""
    page = (house / "docs/ways.md").read_text()
    files = set(re.findall(r"\b((?:bot|jobs|listeners|services|views|rules)/[\w/]+\.py)", page))
    missing = {path for path in files if not ((house / path).exists() or (house / "bot" / path).exists())}
    jobs = set(re.findall(r"\b([A-Z]+_[A-Z_]+)\b", page))
    assert (missing, {job for job in jobs if not hasattr(agenda, job)}) == (set(), set())


def test_each_promise_that_is_broken_on_trial_is_still_made(house: Path) -> None:
    """A mutation whose text is gone from the code would break nothing, and nobody would notice."""
    found = {each.name: (house / each.path).read_text().count(each.text) for each in MUTATIONS}
    assert {name for name, count in found.items() if count != 1} == set()
