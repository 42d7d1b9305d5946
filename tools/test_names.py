"""The tests of the suite by name, read from their sources without running them."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_RUN = "not run"
_ROWS = re.compile(r"(bp|c77|corp|elma|elp|idx|kzt|kz|mail|rem|rm|c|l)_(\d+)(?=_|$)")
_STORY = re.compile(r"\A[abo]\d+_")


@dataclass(frozen=True)
class TestName:
    """One test function, or one class of tests, of the file ``path`` (relative to the project)."""

    __test__ = False

    path: str
    name: str

    @property
    def rows(self) -> list[str]:
        """The rows in the name: ``test_mail_20_rem_03_…`` shows MAIL-20 and REM-03, ``test_a7_idx_39_…`` IDX-39."""
        rest, found = _STORY.sub("", self.name.removeprefix("test_"), count=1), []
        while match := _ROWS.match(rest):
            found.append(f"{match[1].upper()}-{match[2]}")
            rest = rest[match.end() + 1 :]
        return found

    @property
    def link(self) -> str:
        """A Markdown link from a page of ``docs/``."""
        return f"[{self.name}](../{self.path})"

    def result(self, outcomes: Mapping[str, str]) -> str:
        """The worst outcome of the test's runs (``outcomes`` by node ID), or that there was none."""
        node = f"{self.path}::{self.name}"
        mine = {
            outcome
            for run, outcome in outcomes.items()
            if run == node or run.startswith((f"{node}[", f"{node}::"))
        }
        return next((known for known in ("failed", "passed", "skipped") if known in mine), NOT_RUN)


def all_tests(folder: Path = ROOT / "tests") -> Iterator[TestName]:
    """Every test below ``folder``, in the order of the files' and the tests' names."""
    for file in sorted(folder.rglob("test_*.py")):
        path = file.relative_to(ROOT).as_posix()
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for name in sorted({name for node in tree.body for name in _names(node)}):
            yield TestName(path, name)


def _names(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name.startswith("test_"):
            yield name
        case ast.ClassDef(name=name) if name.startswith("Test"):
            yield name
        case ast.Assign(targets=[ast.Name(id=name)]) if name.startswith("Test"):
            yield name


def listed(page: Path) -> list[list[str]]:
    """The cells of each row of the table on a generated page, heading left out."""
    lines = page.read_text(encoding="utf-8").splitlines() if page.exists() else []
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return rows[2:]
