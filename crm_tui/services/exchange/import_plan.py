"""How a file is to be imported: which column goes where, and what is done with those who are here already.

A plan is kept under the name of the file before the run (``ImportMap``), so that nothing that a person set is lost
when the run fails (C-12).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.domain.errors import Invalid, NotFound
from crm_tui.domain.text import clean
from crm_tui.parsing.rows.opening import opened
from crm_tui.parsing.rows.sheet import Reading
from crm_tui.services.exchange import import_fields, import_guess
from crm_tui.store.engine import Store
from crm_tui.store.tables import table_of
from crm_tui.store.work import Work

MODES = ("skip", "fill", "update")
"""With a record that is here already: leave it alone, fill its empty fields, or write over what differs."""
ALIKE = ("new", "skip", "same")
"""With a row that is nobody's who is here, but like somebody: it is new, it is left out, it is that one."""
_LOOKED_AT = 200
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done with a file. Made by ``proposed``, kept by ``keep``."""

    kind: str
    """One of ``import_fields.KINDS``."""
    columns: Mapping[str, str]
    """Column → code of a target; a column that is not here is left out."""
    reading: Reading = field(default_factory=Reading)
    mode: str = "fill"
    alike: str = "new"
    """One of ``ALIKE``."""
    month_first: bool = False
    """Dates with strokes are American ones: 10/25/2016."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Target → what every row gets that says nothing itself: the campaign, the owner."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Target → what a text of the file means (``Prospecting`` → ``meeting``)."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A file looked into: what it has, and the plan that fits."""

    plan: Plan
    format: str
    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    """The first rows."""
    known: bool
    """The plan was kept from an earlier run."""


def proposed(
    connection: Connection, kind: str, path: Path, name: str, reading: Reading | None = None
) -> Proposal:
    """Look into the file and propose a plan: the kept one of this name when its columns are there, else a guess.

    ``reading`` overrides how the file is read. Raises Invalid for a kind that is none or a file that cannot be
    read, OSError.
    """
    if kind not in import_fields.KINDS:
        raise Invalid("import_no_such_kind", kind=clean(kind))
    kept = find(connection, kind, name)
    asked = reading or (kept.reading if kept else Reading())
    with opened(path, asked) as sheet:
        rows = [row.cells for row in islice(sheet.rows, _LOOKED_AT) if not row.problem]
    targets = import_fields.targets(connection, kind)
    fits = kept is not None and set(kept.columns) <= set(sheet.columns)
    if kept is not None and fits:
        plan = replace(kept, reading=sheet.reading)
    elif sheet.codes:
        plan = Plan(kind, import_guess.coded(sheet.columns, targets), sheet.reading)
    else:
        guessed = import_guess.guess(sheet.columns, rows, targets)
        plan = Plan(kind, guessed, sheet.reading, month_first=import_guess.month_first(rows))
    return Proposal(plan, sheet.format, sheet.columns, tuple(rows[:_SHOWN]), fits)


def looked_into(store: Store, kind: str, path: Path, reading: Reading | None = None) -> Proposal:
    """``proposed`` for the screens, and the plan kept at once under the name of the file. Raises as it does."""
    with store.read() as connection:
        proposal = proposed(connection, kind, path, path.name, reading)
    with store.facts("import.keep") as work:
        keep(work, proposal.plan, path.name)
    return proposal


def checked(connection: Connection, plan: Plan) -> Plan:
    """The plan, when it can be carried out. Raises Invalid: a target that is none, no mode, nothing to go by."""
    codes = {target.code: target for target in import_fields.targets(connection, plan.kind)}
    for code in (*plan.columns.values(), *plan.fixed):
        if code not in codes:
            raise Invalid("import_no_such_field", field=clean(code))
    if plan.mode not in MODES:
        raise Invalid("import_no_such_mode", mode=clean(plan.mode))
    if plan.alike not in ALIKE:
        raise Invalid("import_no_such_mode_alike", mode=clean(plan.alike))
    single = [code for code in plan.columns.values() if not codes[code].many]
    twice = next((code for code in single if single.count(code) > 1), None)
    if twice is not None:
        raise Invalid("import_field_twice", field=codes[twice].shown)
    if not set(plan.columns.values()) & {"name", "first_name", "last_name", "company", "email", "phone"}:
        raise Invalid("import_nobody_named")
    return plan


def find(connection: Connection, kind: str, name: str) -> Plan | None:
    """The plan kept under this name, or None."""
    from crm_tui.store.tables.upkeep import ImportMap

    kept = table_of(ImportMap)
    row = connection.execute(
        select(kept.c.columns, kept.c.settings).where(kept.c.kind == kind, kept.c.name == name)
    ).first()
    return None if row is None else _plan(kind, row.columns, row.settings)


def named(connection: Connection, kind: str, name: str) -> Plan:
    """The plan kept under this name. Raises NotFound."""
    found = find(connection, kind, name)
    if found is None:
        raise NotFound("import_no_such_map", name=clean(name))
    return found


def keep(work: Work, plan: Plan, name: str) -> None:
    """Keep the plan under this name, in place of the one that was."""
    from crm_tui.store.tables.upkeep import ImportMap

    settings = {key: value for key, value in asdict(plan).items() if key not in ("kind", "columns")}
    row = work.find(ImportMap, kind=plan.kind, name=name)
    columns = dict(plan.columns)
    if row is None:
        work.add(
            ImportMap(kind=plan.kind, name=name, columns=columns, settings=settings, changed_at=work.now)
        )
    elif row.columns != columns or row.settings != settings:
        work.change(row, columns=columns, settings=settings, changed_at=work.now)


def _plan(kind: str, columns: Mapping[str, str], settings: Mapping[str, Any]) -> Plan:
    known = {key: value for key, value in settings.items() if key in Plan.__slots__}
    reading = {key: value for key, value in known.pop("reading", {}).items() if key in Reading.__slots__}
    return Plan(kind, columns, Reading(**reading), **known)
