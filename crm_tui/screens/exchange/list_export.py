"""A list as a file: records with all their fields where an export knows them, else what the list shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _
from crm_tui.services.exchange import export_rows, exports
from crm_tui.services.exchange.export_rows import BATCH, Value
from crm_tui.services.ports import Ports
from crm_tui.widgets.row_source import Cell, Order, RowSource, is_heading


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows to write: the marked ones in the order of the list, else all that it shows."""

    kind: str
    """Mode whose list it is; empty for a list of something else."""
    source: RowSource
    order: Order
    needle: str
    marked: Sequence[int]


def write(ports: Ports, chosen: Chosen, path: Path) -> int:
    """Write the file and return the number of rows. Raises Invalid for a name that tells no format, OSError."""
    kind = chosen.kind if chosen.kind in export_rows.KINDS else ""
    file_format = exports.format_of(path, kind=kind)
    ids = [one for one in chosen.source.ids(chosen.order, chosen.needle) if not is_heading(one)]
    if chosen.marked:
        marked = set(chosen.marked)
        ids = [one for one in ids if one in marked]
    if not kind:
        columns = [
            export_rows.Column(one.id, one.title or _("Mark")) for one in chosen.source.columns if one.shown
        ]
        return exports.write(path, file_format, columns, _shown(chosen.source, ids))
    with ports.store.read() as connection:
        known = export_rows.columns(connection, kind)
        rows = export_rows.rows(connection, kind, ids, zone_of(ports.zone))
        return exports.write(path, file_format, known, rows)


def _shown(source: RowSource, ids: Sequence[int]) -> Iterator[dict[str, Value]]:
    codes = [one.id for one in source.columns if one.shown]
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        found = source.rows(batch)
        for key in batch:
            if key in found:
                yield {code: _plain(cell) for code, cell in zip(codes, found[key].cells, strict=False)}


def _plain(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.plain
