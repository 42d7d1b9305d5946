"""Issue 2, done when 6: undo restores any journalled row byte for byte."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy.exc import IntegrityError

from crm_tui.domain.errors import NotFound
from crm_tui.store import health
from crm_tui.store.images import Image
from crm_tui.store.undo import redo, undo
from crm_tui.store.work import Actor
from tests.store import verbs
from tests.stores import TestClock, new_store

ME = Actor("me", 1)
Rows = dict[tuple[str, int], Image]


class UndoMachine(RuleBasedStateMachine):
    """Commands, undo and redo in any order, beside the plain model: two stacks of whole states."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = TestClock()
        self.store = new_store(Path(self.folder.name), self.clock)
        with self.store.work(Actor.program("test"), "prepare") as work:
            verbs.prepare(work)
        self.done: list[tuple[Rows, Rows]] = []
        self.undone: list[tuple[Rows, Rows]] = []
        self.now = self.look()

    def look(self) -> Rows:
        with self.store.read() as connection:
            return verbs.snapshot(connection)

    @rule(steps=verbs.STEPS)
    def command(self, steps: list[verbs.Step]) -> None:
        self.clock.move(seconds=1)
        try:
            with self.store.work(ME, "command") as work:
                for step in steps:
                    verbs.take(work, step)
        except IntegrityError:
            assert self.look() == self.now, "a failed command left something behind"
            return
        before, self.now = self.now, self.look()
        if before != self.now:
            self.done.append((before, self.now))
            self.undone.clear()

    @rule()
    @precondition(lambda self: self.done)
    def undo(self) -> None:
        undo(self.store, ME)
        before, after = self.done.pop()
        self.undone.append((before, after))
        self.now = before

    @rule()
    @precondition(lambda self: self.undone)
    def redo(self) -> None:
        redo(self.store, ME)
        before, after = self.undone.pop()
        self.done.append((before, after))
        self.now = after

    @rule()
    @precondition(lambda self: not self.done)
    def nothing_to_undo(self) -> None:
        with pytest.raises(NotFound):
            undo(self.store, ME)

    @rule()
    @precondition(lambda self: not self.undone)
    def nothing_to_redo(self) -> None:
        with pytest.raises(NotFound):
            redo(self.store, ME)

    @invariant()
    def rows_are_byte_for_byte_what_they_must_be(self) -> None:
        assert self.look() == self.now

    @invariant()
    def journal_tells_the_truth(self) -> None:
        with self.store.read() as connection:
            assert verbs.by_journal(connection) == self.now

    def teardown(self) -> None:
        problems = health.check(self.store.path)
        self.store.close()
        self.folder.cleanup()
        assert problems == []


TestUndoMachine = UndoMachine.TestCase
TestUndoMachine.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, phases=[Phase.generate]
)
