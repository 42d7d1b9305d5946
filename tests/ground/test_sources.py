"""Rules that every source file keeps."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 320
GENERATED = ROOT / "crm_tui" / "store" / "migrations" / "versions"
"""A migration is written by Alembic and never changed."""
HEAVY = (
    "textual",
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "keyring",
    "babel",
    "cryptography",
    "imapclient",
    "alembic",
)


def test_a_file_tells_one_story_of_a_readable_length() -> None:
    lines = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "crm_tui").rglob("*.py")
        if path.parent != GENERATED
    }
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(option: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "crm_tui", option],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-300:]
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in ran.stderr.splitlines()}
    assert "argparse" in imported
    assert imported.isdisjoint(HEAVY)


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"# ?(TODO|FIXME|XXX|HACK)\b")
    left = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("crm_tui", "tests", "tools", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert left == []
