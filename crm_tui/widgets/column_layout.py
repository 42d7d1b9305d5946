"""Which columns fit a width, and where each begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from crm_tui.widgets.row_source import Column

GAP = 1


@dataclass(frozen=True, slots=True)
class Placed:
    """A column that is drawn: its index among the source's columns, and its place in cells."""

    column: Column
    index: int
    x: int
    width: int


def lay_out(columns: Sequence[Column], width: int) -> tuple[Placed, ...]:
    """Place the columns in ``width`` cells, one cell apart.

    Columns are dropped by their ``drop`` until the rest fit; half of what is left over goes to titles that are longer
    than their columns, as they are in some languages, the rest to the columns that flex. The last column left takes
    what there is.
    """
    kept = [(index, column) for index, column in enumerate(columns) if column.shown]
    while len(kept) > 1 and _needed(kept) > width:
        candidates = [place for place, (_, column) in enumerate(kept) if column.drop]
        if not candidates:
            break
        del kept[max(candidates, key=lambda place: kept[place][1].drop)]
    spare = max(0, width - _needed(kept))
    longer = _for_titles(kept, spare // 2)
    spare -= sum(longer.values())
    shares = sum(column.flex for _, column in kept)
    placed: list[Placed] = []
    x = 0
    for index, column in kept:
        extra = spare * column.flex // shares if shares else 0
        spare, shares = spare - extra, shares - column.flex
        size = max(0, min(_least(column) + longer.get(index, 0) + extra, width - x))
        if size:
            placed.append(Placed(column, index, x, size))
        x += size + GAP
    return tuple(placed)


def _for_titles(kept: Sequence[tuple[int, Column]], budget: int) -> dict[int, int]:
    """Index of a column → cells that it needs beyond its width to show its title and the sign of the order."""
    longer: dict[int, int] = {}
    for index, column in kept:
        wanted = cell_len(column.title) + column.sortable - column.width
        if not column.flex and 0 < wanted <= budget:
            longer[index] = wanted
            budget -= wanted
    return longer


def _least(column: Column) -> int:
    return column.min_width if column.flex else column.width


def _needed(kept: Sequence[tuple[int, Column]]) -> int:
    return sum(_least(column) for _, column in kept) + GAP * (len(kept) - 1)
