"""The unit of work, the journal and what undo refuses."""

import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from crm_tui.domain.errors import Conflict, NotFound
from crm_tui.store import engine, files, journal
from crm_tui.store.engine import Store
from crm_tui.store.tables import Customer, JournalEntry, Task, User
from crm_tui.store.undo import redo, undo
from crm_tui.store.work import Actor
from tests.stores import TestClock, new_store

ME, OTHER = Actor("me", 1), Actor("other", 2)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = new_store(tmp_path / "store", TestClock())
    with store.work(Actor.program("test"), "prepare") as work:
        work.add(User(login="me", name="Me"))
        work.add(User(login="other", name="Other"))
    return store


def _add(store: Store, title: str, actor: Actor = ME) -> int:
    with store.work(actor, "task.add") as work:
        now = work.now
        return work.add(Task(title=title, title_fold="", assignee_id=1, created_at=now, changed_at=now)).key


def _change(store: Store, task_id: int, actor: Actor = ME, **values: object) -> None:
    with store.work(actor, "task.change") as work:
        work.change(work.get(Task, task_id), **values)


def _get(store: Store, task_id: int) -> Task | None:
    with store.facts("look") as work:
        return work.find(Task, id=task_id)


def _title(store: Store, task_id: int) -> str:
    row = _get(store, task_id)
    assert row is not None
    return row.title


def test_a_form_opened_on_an_old_version_is_a_conflict(store: Store) -> None:
    task = _add(store, "old")
    form = _get(store, task)
    assert form is not None
    _change(store, task, OTHER, title="theirs")
    with pytest.raises(Conflict) as caught, store.work(ME, "task.change") as work:
        work.change(work.get(Task, task), expected_version=form.version, title="mine")
    assert caught.value.code == "changed_meanwhile"
    assert _title(store, task) == "theirs"


def test_undo_refuses_what_another_changed_since(store: Store) -> None:
    task = _add(store, "first")
    _change(store, task, title="mine")
    _change(store, task, OTHER, title="theirs")
    with pytest.raises(Conflict) as caught:
        undo(store, ME)
    assert caught.value.code == "undo_changed_since"
    assert _title(store, task) == "theirs"


def test_undo_keeps_other_fields_that_another_changed_since(store: Store) -> None:
    task = _add(store, "first")
    _change(store, task, title="mine")
    _change(store, task, OTHER, notes="theirs")
    form = _get(store, task)
    undo(store, ME)
    row = _get(store, task)
    assert row is not None
    assert form is not None
    assert (row.title, row.notes) == ("first", "theirs")
    assert row.version > form.version, "a form that was opened before the undo must not be saved"


def test_undo_of_an_addition_that_is_used_since_is_refused(store: Store) -> None:
    with store.work(ME, "customer.add") as work:
        customer = work.add(Customer(name="A", name_fold="", created_at=work.now, changed_at=work.now)).key
    task = _add(store, "for A", OTHER)
    _change(store, task, OTHER, customer_id=customer)
    with pytest.raises(Conflict) as caught:
        undo(store, ME)
    assert caught.value.code == "undo_still_used"
    assert _title(store, task) == "for A"


def test_each_undoes_only_his_own(store: Store) -> None:
    mine, theirs = _add(store, "mine"), _add(store, "theirs", OTHER)
    assert undo(store, ME).command == "task.add"
    assert _get(store, mine) is None
    assert _get(store, theirs) is not None
    with pytest.raises(NotFound):
        undo(store, ME)


def test_a_redo_is_barred_by_a_newer_command_even_when_that_was_undone_and_redone(store: Store) -> None:
    first = _add(store, "first")
    undo(store, ME)
    second = _add(store, "second")
    undo(store, ME)
    redo(store, ME)
    assert _title(store, second) == "second"
    with pytest.raises(NotFound):
        redo(store, ME)
    assert _get(store, first) is None


def test_a_command_that_cannot_be_undone_is_passed_over(store: Store) -> None:
    first, second = _add(store, "first"), _add(store, "second")
    _change(store, second, title="changed")
    with store.work(ME, "letter.send", undoable=False) as work:
        work.change(work.get(Task, first), notes="sent")
    assert undo(store, ME).command == "task.change"
    assert _title(store, second) == "second"
    with store.read() as connection:
        history = journal.field_history(connection, "task", first)
    assert [(one.command, one.after) for one in history if one.field == "notes"] == [
        ("letter.send", "sent"),
        ("task.add", ""),
    ]


def test_the_journal_is_append_only(store: Store) -> None:
    _add(store, "first")
    for statement in (
        "UPDATE journal_entry SET actor = 'somebody'",
        "DELETE FROM journal_entry",
        "UPDATE journal_row SET before = NULL",
        "DELETE FROM journal_row",
    ):
        with pytest.raises(IntegrityError, match="append-only"), store.facts("tamper") as work:
            work.connection.exec_driver_sql(statement)


def test_a_command_that_changes_nothing_leaves_no_entry(store: Store) -> None:
    task = _add(store, "same")
    with store.work(ME, "task.change") as work:
        assert not work.change(work.get(Task, task), title="same")
        row = work.get(Task, task)
        work.change(row, title="other")
        work.change(row, title="same")
        entries = len(work.all(JournalEntry))
    with store.facts("look") as work:
        assert len(work.all(JournalEntry)) in (entries, entries + 1)


def test_a_reader_cannot_write(store: Store) -> None:
    with store.read() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.exec_driver_sql("DELETE FROM task")
    assert store.fault is None


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    """A reader sees the moment before; the writer's change is there once it has committed."""
    seen: list[int] = []

    def read() -> None:
        with store.read() as connection:
            seen.append(connection.exec_driver_sql("SELECT count(*) FROM task").scalar_one())

    with store.work(ME, "task.add") as work:
        now = work.now
        work.add(Task(title="x", title_fold="", assignee_id=1, created_at=now, changed_at=now))
        reader = threading.Thread(target=read)
        reader.start()
        reader.join(60)
        assert seen == [0]
    read()
    assert seen == [0, 1]


def test_times_of_the_journal_follow_the_order_of_commits(store: Store) -> None:
    """A unit that waited for the gate takes its time when it has it."""
    clock = store.clock
    assert isinstance(clock, TestClock)
    waiting = store.work(ME, "late")
    clock.move(minutes=5)
    with waiting as work:
        assert work.now == clock.now


def test_a_grown_wal_is_cut_once_it_is_written_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WAL_KEPT_BYTES", 50_000)
    again = Store(store.path)
    store.close()
    with again.read() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM task").scalar_one()
        for _ in range(5):
            _add(again, "x" * 300_000)
        grown = files.wal_bytes(store.path)
    assert grown > 1_000_000
    for _ in range(3):
        _add(again, "x" * 300_000)
        _add(again, "small")
    assert files.wal_bytes(store.path) < grown
