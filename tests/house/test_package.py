from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

BUILD = "import setuptools.build_meta as backend, sys; backend.build_wheel(sys.argv[1])"


def test_the_package_holds_every_file_that_the_app_reads(house: Path, tmp_path: Path) -> None:
    """An installed Amicable finds its catalogue, templates and migrations as a checkout does."""
    source = tmp_path / "source"
    for part in ("bot", "integrations", "rules"):
        shutil.copytree(house / part, source / part, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(house / name, source / name)
    files = {str(path.relative_to(source)) for part in source.iterdir() for path in part.rglob("*") if path.is_file()}
    subprocess.run([sys.executable, "-c", BUILD, tmp_path], cwd=source, check=True, capture_output=True)  # noqa: S603 - our own build
    (wheel,) = tmp_path.glob("*.whl")
    assert files - set(zipfile.ZipFile(wheel).namelist()) == set()
