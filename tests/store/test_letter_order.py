"""The first letters of a large folder in the order of a property of letters."""

from pathlib import Path

import pytest

from crm_tui.store.queries import letter_order
from tests.store.letters import account, folder, letter
from tests.stores import TestClock, new_store
from tests.sync.plans import plans_of


@pytest.mark.parametrize("newest_index", ["ix_placement_by_date", "ix_placement_letter_id"])
@pytest.mark.parametrize(
    ("column", "index"), [("size", "ix_letter_size_date"), ("files", "ix_letter_with_files")]
)
def test_mail_16_the_first_by_size_or_files_are_read_along_the_letters_whatever_index_is_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, newest_index: str, column: str, index: str
) -> None:
    monkeypatch.setattr(letter_order, "_LARGE", 0)
    store = new_store(tmp_path / "store", TestClock())
    inbox = folder(store, account(store))
    found = letter(store, inbox, "with a file", has_attachments=True)
    with store.arrivals("index") as work:
        made = "SELECT sql FROM sqlite_master WHERE name = ?"
        again = work.connection.exec_driver_sql(made, (newest_index,)).scalar_one()
        work.connection.exec_driver_sql(f"DROP INDEX {newest_index}")
        work.connection.exec_driver_sql(again)

    def first() -> None:
        with store.read() as connection:
            wanted = letter_order.in_folder(connection, inbox, column, descending=True, limit=1)
        assert list(wanted) == found

    plan = plans_of(store, first, "JOIN")[0]
    assert "SCAN letter USING" in plan
    assert index in plan
    assert "SEARCH placement USING INDEX ix_placement_letter_id" in plan, (
        "not the whole folder for each letter"
    )


def test_mail_16_very_many_letters_are_sorted_by_size_as_few_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_store(tmp_path / "store", TestClock())
    inbox = folder(store, account(store))
    sizes = (70_000, 0, 5_000, 4_095, 4_096, 5_000, 1 << 30, 4_097)
    for number in range(len(sizes)):
        letter(store, inbox, f"{number}")
    with store.arrivals("sizes") as work:
        for key, size in enumerate(sizes, 1):
            work.connection.exec_driver_sql("UPDATE letter SET size = ? WHERE id = ?", (size, key))
    for descending in (True, False):
        with store.read() as connection:
            monkeypatch.undo()
            few = letter_order.in_folder(connection, inbox, "size", descending=descending)
            monkeypatch.setattr(letter_order, "_TOO_MANY_TO_SORT", 0)
            assert letter_order.in_folder(connection, inbox, "size", descending=descending) == few
