"""``docs/assurance.md``: each promise of the assurance case, its tests, and the last figure they gave."""

import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from tools.assurance_rows import LONG_RUNS, PROMISES
from tools.test_names import ROOT, TestName, all_tests

PAGE = ROOT / "docs" / "assurance.md"
OPEN = "open"
HEAD = """\
# Assurance case

Written by `make docs` from the tests in `tests/assurance/` and what they came to; do not edit. A figure is what
the test measured in its last full run; "by hand" is a longer run of `benchmarks/README.md`. A row without a test is
open: promised by the design, not shown yet.

| row | promise | test | last figure |
| --- | --- | --- | --- |
"""
_FILE = re.compile(r"tests/assurance/test_assurance_(\d+)_")


def tests() -> dict[int, list[TestName]]:
    """The tests of each row that has any."""
    found: defaultdict[int, list[TestName]] = defaultdict(list)
    for test in all_tests(ROOT / "tests" / "assurance"):
        match = _FILE.match(test.path)
        if match:
            found[int(match[1])].append(test)
    return dict(found)


def write(outcomes: Mapping[str, str], figures: Mapping[str, str], page: Path = PAGE) -> None:
    """Write the page from outcomes and figures by node ID."""
    by_row = tests()
    lines = (f"| {' | '.join(cells(row, by_row.get(row, []), outcomes, figures))} |\n" for row in PROMISES)
    page.write_text(HEAD + "".join(lines), encoding="utf-8")


def cells(
    row: int, mine: list[TestName], outcomes: Mapping[str, str], figures: Mapping[str, str]
) -> list[str]:
    """The cells of one line of the table."""
    results = [f"{test.result(outcomes)}{_figure(test, figures)}" for test in mine]
    if row in LONG_RUNS:
        results.append(f"by hand: {LONG_RUNS[row]}")
    links = [test.link for test in mine]
    return [str(row), PROMISES[row], "<br>".join(links) or OPEN, "<br>".join(results) or OPEN]


def _figure(test: TestName, figures: Mapping[str, str]) -> str:
    node = f"{test.path}::{test.name}"
    said = [text for run, text in figures.items() if text and run.split("[")[0] == node]
    return "".join(f"; {text.replace('|', '/')}" for text in said)
