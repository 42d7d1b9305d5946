"""What is built holds all that the program reads at run time, and nothing that lay about."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def sources(pattern: str, place: str = "crm_tui") -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / place).rglob(pattern)}


def test_wheel_holds_themes_styles_and_migrations(wheel: set[str]) -> None:
    themes = {f"crm_tui/{path}" for path in sources("*.toml", "themes")}
    assert themes
    for wanted in (themes, sources("*.tcss"), sources("*.py"), sources("*.py", "crm_tui/store/migrations")):
        assert wanted <= wheel
    assert sources("*.py", "crm_tui/store/migrations/versions")
    assert "crm_tui/py.typed" in wheel


def test_wheel_holds_a_compiled_catalogue_for_every_language(wheel: set[str]) -> None:
    catalogues = {f"crm_tui/locale/{language}/LC_MESSAGES/crm_tui.mo" for language in ("ru", "uk", "kk")}
    assert catalogues <= wheel


def test_wheel_holds_nothing_that_lay_about(wheel: set[str]) -> None:
    kinds = {Path(name).suffix for name in wheel if name.startswith("crm_tui/")}
    assert kinds <= {
        ".py",
        ".toml",
        ".tcss",
        ".mo",
        ".po",
        ".pot",
        ".typed",
        ".sql",
        ".mako",
        ".txt",
        ".json",
    }
    assert not any("__pycache__" in name for name in wheel)
