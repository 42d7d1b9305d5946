"""The generated pages name the rows and tests that are there."""

from pathlib import Path

from tools import assurance_table, coverage_table
from tools.assurance_rows import LONG_RUNS, PROMISES
from tools.test_names import NOT_RUN, TestName, listed

ADVICE = "write it anew with `make docs`"


def test_coverage_page_lists_every_row_and_test() -> None:
    wanted = [coverage_table.cells(row, tests, {})[:2] for row, tests in coverage_table.rows().items()]
    assert [cells[:2] for cells in listed(coverage_table.PAGE)] == wanted, ADVICE


def test_assurance_page_lists_every_promise_and_test() -> None:
    tests = assurance_table.tests()
    wanted = [assurance_table.cells(row, tests.get(row, []), {}, {})[:3] for row in PROMISES]
    assert [cells[:3] for cells in listed(assurance_table.PAGE)] == wanted, ADVICE


def test_assurance_tests_belong_to_a_row() -> None:
    assert set(assurance_table.tests()) <= set(PROMISES)
    assert list(PROMISES) == list(range(1, 59))


def test_rows_are_read_from_the_names_of_tests() -> None:
    rows = {
        name: TestName("tests/x.py", name).rows
        for name in ("test_mail_20_rem_03_x", "test_kzt_1", "test_mail_x")
    }
    assert rows == {
        "test_mail_20_rem_03_x": ["MAIL-20", "REM-03"],
        "test_kzt_1": ["KZT-1"],
        "test_mail_x": [],
    }


def test_a_test_is_as_good_as_its_worst_run() -> None:
    test = TestName("tests/x.py", "test_a")
    runs = {
        "tests/x.py::test_a[1]": "passed",
        "tests/x.py::test_a[2]": "failed",
        "tests/x.py::test_ab": "skipped",
    }
    assert test.result(runs) == "failed"
    assert test.result({"tests/x.py::test_ab": "passed"}) == NOT_RUN


def test_figures_reach_the_assurance_page(tmp_path: Path) -> None:
    page = tmp_path / "assurance.md"
    row, (test, *_) = next(iter(assurance_table.tests().items()))
    node = f"{test.path}::{test.name}"
    assurance_table.write({node: "passed"}, {f"{node}": "7 of 7"}, page)
    (cells,) = [cells for cells in listed(page) if cells[0] == str(row)]
    assert "passed; 7 of 7" in cells[3]


def test_what_a_long_run_came_to_stands_on_the_assurance_page(tmp_path: Path) -> None:
    page = tmp_path / "assurance.md"
    assurance_table.write({}, {}, page)
    for where in (page, assurance_table.PAGE):
        told = {int(cells[0]): cells[3] for cells in listed(where)}
        assert all(f"by hand: {text}" in told[row] for row, text in LONG_RUNS.items()), ADVICE
