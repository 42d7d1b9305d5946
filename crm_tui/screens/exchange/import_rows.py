"""The rows of the import screen: columns of the file and how it is read; then what a run found."""

from collections.abc import Sequence

from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.wording import kind_text
from crm_tui.services import messages
from crm_tui.services.exchange.import_fields import Target
from crm_tui.services.exchange.import_match import Match
from crm_tui.services.exchange.import_plan import ALIKE, MODES, Plan, Proposal
from crm_tui.services.exchange.import_result import Duplicate, Result, empty_text
from crm_tui.services.record.likeness_words import reasons_text
from crm_tui.widgets.row_source import Row, RowFlag

_SETTINGS = ("mode", "alike", "charset", "delimiter")
_FIRST_SETTING = 10_000
"""Ids below are columns, counted from 1."""


def mapping_rows(proposal: Proposal, plan: Plan, targets: Sequence[Target]) -> list[Row]:
    """A row a column with its field and what stands in it, then the settings of the import."""
    shown = {one.code: one.shown for one in targets}
    rows = [Row(-1, (_("Columns of the file"), "", ""))]
    for place, column in enumerate(proposal.columns):
        code = plan.columns.get(column, "")
        samples = (row[place] for row in proposal.samples if place < len(row) and row[place].strip())
        text = " · ".join(clean(" ".join(one.split())) for one in samples)
        cells = (clean(column), shown.get(code, "—"), text)
        rows.append(Row(place + 1, cells, RowFlag.NONE if code else RowFlag.DIMMED))
    rows.append(Row(-2, (_("How it is imported"), "", "")))
    rows += [Row(_FIRST_SETTING + at, cells) for at, cells in enumerate(_settings(plan))]
    if plan.fixed:
        rows.append(Row(-3, (_("In every row that lacks it"), "", "")))
        first = _FIRST_SETTING + len(_SETTINGS)
        rows += [
            Row(first + at, (shown.get(code, code), clean(text), ""))
            for at, (code, text) in enumerate(plan.fixed.items())
        ]
    return rows


def modes_shown() -> list[tuple[str, str]]:
    """What can be done with those who are here already."""
    shown = (_("leave them alone"), _("fill their empty fields"), _("write over what differs"))
    return list(zip(MODES, shown, strict=True))


def alike_shown() -> list[tuple[str, str]]:
    """What can be done with those who are only like somebody."""
    shown = (_("they are new"), _("leave them out"), _("they are the same"))
    return list(zip(ALIKE, shown, strict=True))


def target_at(row_id: int, plan: Plan) -> int | str:
    """What a row of the mapping is about: the place of a column, the name of a setting, or the code of a field."""
    if row_id < _FIRST_SETTING:
        return row_id - 1
    names = (*_SETTINGS, *plan.fixed)
    return names[row_id - _FIRST_SETTING]


def outcome_rows(result: Result) -> list[Row]:
    """What has to be looked at: rows that were left out, those who may be here already, those who are."""
    rows: list[Row] = []
    number = 1
    if result.failures:
        rows.append(Row(-1, (_("Left out"), "", "")))
    for failure in result.failures:
        reason = messages.of_error(failure.error)
        cells = clean(" · ".join(cell.strip() for cell in failure.cells if cell.strip()))
        rows.append(Row(number, (_line(failure.number), reason, cells)))
        number += 1
    for title, found, cells_of in (
        (_("Perhaps here already: new all the same"), result.maybe, _maybe),
        (_("Here already"), result.known, _known),
    ):
        if found:
            rows.append(Row(-1 - len(rows), (title, "", "")))
        for one in found:
            rows.append(Row(number, (_line(one.number), *cells_of(one))))
            number += 1
    return rows or [Row(-1, (_("Nothing has to be looked at."), "", ""))]


def _known(one: Duplicate) -> tuple[str, str]:
    """Who the row is and by what, in the wide column; what is done."""
    match = one.match
    by = _likely(match) if match.reasons else _by(match.by)
    name = one.name if match.name == one.name else f"{one.name} = {clean(match.name)}"
    done = _("gets what it lacks") if one.changed else _("stays as it is")
    return f"{name}: {kind_text(match.kind)}, {by}", done


def _maybe(one: Duplicate) -> tuple[str, str]:
    """Who the row may be and why; what it is called itself."""
    match = one.match
    return f"{clean(match.name)}: {_likely(match)} ({kind_text(match.kind)})", one.name


def _likely(match: Match) -> str:
    return f"{match.percent} %, {reasons_text(match.reasons)}"


def figures_text(result: Result, *, done: bool) -> str:
    """The figures of a run, and what to do now."""
    known = result.changed + result.duplicates
    parts = [
        ngettext("{n} new", "{n} new", result.new).format(n=result.new),
        _("{n} here already, {changed} of them changed").format(n=known, changed=result.changed),
        ngettext("{n} left out", "{n} left out", result.failed).format(n=result.failed),
    ]
    total = ngettext("{n} row", "{n} rows", result.read).format(n=result.read)
    lines = [f"{total}: {' · '.join(parts)}"]
    if result.empty:
        lines.append(empty_text(result.empty))
    if result.alike:
        said = ngettext(
            "{n} of the new ones is like somebody who is here; the columns say what is done with such rows.",
            "{n} of the new ones are like somebody who is here; the columns say what is done with such rows.",
            result.alike,
        )
        lines.append(said.format(n=result.alike))
    if result.strangers:
        names = ", ".join(list(result.strangers)[:5])
        lines.append(
            _("No user is called like these owners; their rows are yours: {names}").format(names=clean(names))
        )
    if not done:
        lines.append(_("Nothing is written yet: y imports, Esc goes back to the columns."))
    else:
        lines.append(_("Done. u takes all of it back."))
        if result.failed_file is not None:
            lines.append(_("Left out, with reasons: {path}").format(path=clean(result.failed_file.name)))
    return "\n".join(lines)


def reading_text(proposal: Proposal, plan: Plan) -> str:
    """What the file is and what comes next."""
    parts = [proposal.format.upper(), plan.reading.charset, plan.reading.table]
    kept = (
        _("The mapping is the one kept from last time.")
        if proposal.known
        else _("The mapping is guessed, and kept.")
    )
    return f"{' · '.join(clean(part) for part in parts if part)}\n{kept} " + _(
        "y tries it without writing anything."
    )


def _settings(plan: Plan) -> list[tuple[str, str, str]]:
    reading = plan.reading
    delimiter = _("tab") if reading.delimiter == "\t" else reading.delimiter
    return [
        (_("With those who are here already"), dict(modes_shown())[plan.mode], ""),
        (_("With those who are like somebody here"), dict(alike_shown())[plan.alike], ""),
        (_("Character set"), clean(reading.charset) or "—", ""),
        (_("Between the columns"), clean(delimiter) or "—", ""),
    ]


def _line(number: int) -> str:
    return _("line {number}").format(number=number)


def _by(by: str) -> str:
    return {"email": _("by e-mail"), "phone": _("by phone"), "tax_number": _("by tax number")}.get(
        by, _("by name")
    )
