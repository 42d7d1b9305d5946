"""Import of a file: one engine for the dry run, the screens and the command line (IDX-03, CORP-62, C-12).

The file is read and its rows put aside first; then they are carried out in one unit of work. So nothing foreign is
waited for while the store is held, an import is written wholly or not at all, and ``u`` takes all of it back.
The dry run is the same on a copy of the cards, with the transaction rolled back: nobody else waits for it. So is a
long import, whose rows are then carried over, unless somebody wrote the same meanwhile.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from crm_tui.domain.errors import CrmError, Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.parsing.rows.opening import opened
from crm_tui.services.exchange import import_alike, import_interests, import_parties, import_plan
from crm_tui.services.exchange.import_alike import Everybody
from crm_tui.services.exchange.import_context import Context
from crm_tui.services.exchange.import_plan import Plan
from crm_tui.services.exchange.import_record import guarded, record_of
from crm_tui.services.exchange.import_result import TOLD_OF, Failure, Result
from crm_tui.services.interest import scenarios
from crm_tui.store import trial
from crm_tui.store.engine import Store
from crm_tui.store.work import Actor, Work

MOST_ROWS = 1_000_000
_LONG = 500
"""Rows from which on an import is made in a copy: the store is held for a tenth of the time."""
_TRIES = 2
"""How often it is made in a copy where others write the same meanwhile; then with the store held."""
_SPARE = 10
"""For so many rows one card may be made by others meanwhile."""
_SETTLED_EVERY = 250
_TOLD_EVERY = 100


class Cancelled(Exception):
    """A person gave the import up; nothing was written."""


class _Tried(Exception):
    """The end of a dry run: rolls the transaction back."""


Progress = Callable[[int, int], None]
"""Called with the rows that are done and all rows. May raise ``Cancelled``."""


def run(
    store: Store,
    actor: Actor,
    path: Path,
    plan: Plan,
    *,
    dry_run: bool = False,
    name: str = "",
    progress: Progress = lambda _done, _all: None,
) -> Result:
    """Import the file. The plan is kept first, under ``name``, whatever becomes of the run.

    Rows that are left out are written to ``NAME.failed.csv`` beside the file, with their reasons. Raises Invalid for
    a file or plan that cannot be used, OSError, Cancelled; then nothing was written.
    """
    with store.read() as connection:
        import_plan.checked(connection, plan)
    with store.facts("import.keep") as work:
        import_plan.keep(work, plan, name or path.name)
        if plan.kind == "interests":
            scenarios.ensure_shipped(work)
    with _put_aside(path, plan) as aside, tempfile.TemporaryFile("w+") as failed:
        with store.read() as connection:
            everybody = import_alike.everybody(connection, plan.kind)
        made = _Run(actor, path, plan, everybody, aside, failed, progress)
        if dry_run:
            with trial.copied(store) as copy, suppress(_Tried), made.unit(copy) as work:
                made.carry_out(work)
                raise _Tried
        elif aside.total < _LONG or not any(made.carried_over(store) for _try in range(_TRIES)):
            with made.unit(store) as work:
                made.carry_out(work)
                made.finish(work)
        return made.result


class _Run:
    """One import: what it reads, and what has come of it."""

    def __init__(
        self,
        actor: Actor,
        path: Path,
        plan: Plan,
        everybody: Everybody,
        aside: "_Aside",
        failed: IO[str],
        progress: Progress,
    ) -> None:
        self._actor, self._path, self._plan, self._everybody = actor, path, plan, everybody
        self._aside, self._failed, self._progress = aside, failed, progress
        self.result = Result()

    def unit(self, store: Store, beside: Path | None = None) -> AbstractContextManager[Work]:
        """The unit of work of the import."""
        return store.work(self._actor, f"{self._plan.kind}.import", beside=beside)

    def carry_out(self, work: Work) -> None:
        """Do what the rows ask for."""
        self.result = Result(empty=self._aside.empty)
        self._failed.seek(0)
        self._failed.truncate()
        context = Context(work, self._plan, self._everybody)
        _carry_out(context, self._aside, self.result, self._failed, self._progress)

    def carried_over(self, store: Store) -> bool:
        """Do it in a copy and carry it over; False where that cannot be, and then nothing was written."""
        seen = store.last_change()
        with trial.copied(store, self._aside.total // _SPARE) as copy:
            with self.unit(copy) as tried:
                self.carry_out(tried)
            with self.unit(store, copy.path) as work:
                if not trial.carried_over(copy, work, seen):
                    return False
                self.finish(work)
        return True

    def finish(self, work: Work) -> None:
        """Note the run, and write what was left out."""
        _note(work, self._plan, self._path, self.result)
        if self.result.failed:
            # Before the end of the unit: where it cannot be written, nothing was imported.
            self.result.failed_file = _write_failed(self._path, self._aside.columns, self._failed)


def _carry_out(
    context: Context,
    aside: "_Aside",
    result: Result,
    failed: IO[str],
    progress: Progress,
) -> None:
    work, plan = context.work, context.plan
    act = import_interests.carry_out if plan.kind == "interests" else import_parties.carry_out
    for number, cells, problem in aside.rows():
        if result.read % _TOLD_EVERY == 0:
            progress(result.read, aside.total)
        if result.read % _SETTLED_EVERY == 0:
            work.settle()
        result.read += 1
        record = record_of(plan, aside.columns, number, cells)
        try:
            if problem:
                raise _refusal(problem)
            with work.connection.begin_nested():
                result.count(record, act(context, record))
        except CrmError as error:
            context.forget_made()
            _fail(result, failed, Failure(number, tuple(cells), error))
    progress(aside.total, aside.total)
    result.strangers = dict(context.strangers)


def _refusal(problem: str) -> CrmError:
    """Why a reader could make nothing of a row (``parsing.rows.sheet.Row.problem``)."""
    if problem == "no_person":
        return Refused("import_not_a_person")
    if problem == "too_many_columns":
        return Refused("import_too_many_columns")
    return Refused("import_field_too_long")


def _fail(result: Result, failed: IO[str], failure: Failure) -> None:
    from crm_tui.services import messages

    result.failed += 1
    if len(result.failures) < TOLD_OF:
        result.failures.append(failure)
    failed.write(json.dumps([*failure.cells, messages.of_error(failure.error)]) + "\n")


@dataclass(frozen=True, slots=True)
class _Aside:
    """Columns, rows and their number, and empty lines of a file, as it was when it was read."""

    columns: tuple[str, ...]
    total: int
    empty: int
    file: IO[str]

    def rows(self) -> Iterator[tuple[int, list[str], str]]:
        """Number, cells and what is wrong with it, of each row from the first."""
        self.file.seek(0)
        return ((one[0], one[1], one[2]) for one in map(json.loads, self.file))


@contextmanager
def _put_aside(path: Path, plan: Plan) -> Iterator[_Aside]:
    total = 0
    with tempfile.TemporaryFile("w+") as aside:
        with opened(path, plan.reading) as sheet:
            columns = sheet.columns
            for row in sheet.rows:
                aside.write(json.dumps([row.number, row.cells, row.problem]) + "\n")
                total += 1
                if total > MOST_ROWS:
                    raise Invalid("import_too_many_rows", most=MOST_ROWS)
            empty = sheet.empty.lines
        yield _Aside(columns, total, empty, aside)


def _write_failed(path: Path, columns: Sequence[str], failed: IO[str]) -> Path:
    """The rows as they were, and in a column more why: mended, the file can be imported itself."""
    import csv

    from crm_tui.i18n import _

    target = path.with_name(f"{path.stem}.failed.csv")
    failed.seek(0)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([*map(_as_text, columns), _("why it was left out")])
        for line in failed:
            *cells, reason = json.loads(line)
            cells += [""] * (len(columns) - len(cells))
            writer.writerow(map(_as_text, [*cells, reason]))
    return target


def _as_text(cell: str) -> str:
    """The cell so that a spreadsheet takes it for a text; one that has its apostrophe gets no second."""
    return cell if cell.startswith("'") else guarded(cell)


def _note(work: Work, plan: Plan, path: Path, result: Result) -> None:
    from crm_tui.store.tables.upkeep import ImportRun

    work.add(
        ImportRun(
            kind=plan.kind,
            file_name=clean(path.name),
            counts=result.counts(),
            user_id=work.actor.user_id,
            at=work.now,
        )
    )
