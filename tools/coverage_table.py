"""``docs/coverage.md``: which inventory rows the suite shows, by the row IDs in the tests' names."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from tools.test_names import ROOT, TestName, all_tests

PAGE = ROOT / "docs" / "coverage.md"
HEAD = """\
# Coverage of the inventory

Written by `make docs` from the names of the tests and what they came to; do not edit. A row is an ID of the
inventory of required behaviours, or of the complaints and lessons of the field (C-, L-). The suite fails when a row
or a test is missing here.

| row | tests | result |
| --- | --- | --- |
"""


def rows() -> dict[str, list[TestName]]:
    """The tests of each inventory row that any test names."""
    found: defaultdict[str, list[TestName]] = defaultdict(list)
    for test in all_tests():
        for row in test.rows:
            found[row].append(test)
    return dict(sorted(found.items(), key=lambda item: _order(item[0])))


def cells(row: str, tests: list[TestName], outcomes: Mapping[str, str]) -> list[str]:
    """The cells of one line of the table."""
    results = [test.result(outcomes) for test in tests]
    result = results[0] if len(set(results)) == 1 else ", ".join(results)
    return [row, "<br>".join(test.link for test in tests), result]


def write(outcomes: Mapping[str, str], page: Path = PAGE) -> None:
    """Write the page; ``outcomes`` are ``passed``, ``failed`` or ``skipped`` by node ID."""
    lines = (f"| {' | '.join(cells(row, tests, outcomes))} |\n" for row, tests in rows().items())
    page.write_text(HEAD + "".join(lines), encoding="utf-8")


def _order(row: str) -> tuple[str, int]:
    group, _, number = row.partition("-")
    return group, int(number)
