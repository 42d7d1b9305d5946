"""A map line by line: its points in the order of the process, branches indented, their settings side by side."""

from collections.abc import Sequence

from crm_tui.domain.route.route_map import Route, Step
from crm_tui.domain.route.route_outline import Line, outline
from crm_tui.i18n import _
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.route import map_facts, map_words
from crm_tui.screens.route.map_keeping import Draft
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.route_block import Key
from crm_tui.widgets.route_drawing import BACK, shape
from crm_tui.widgets.row_source import Column, Order, Row


def outline_list(draft: Draft) -> RecordList:
    """The list; it shows the map of the draft as that is when the list is read anew."""
    columns = (
        Column("point", _("Point"), flex=4, min_width=28, sortable=False),
        Column("state", _("State"), flex=1, min_width=12, sortable=False),
        Column("performer", _("Performer"), flex=1, min_width=12, sortable=False, drop=1),
        Column("time", _("Time"), width=6, align="right", sortable=False),
        Column("needs", _("Needed"), flex=2, min_width=12, sortable=False, drop=2),
        Column("rules", _("Rules"), width=6, align="right", sortable=False, drop=3),
    )
    return RecordList(SmallSource(columns, lambda: _rows(draft)), Order(""), id="map-outline")


def row_key(route: Route, number: int) -> Key | None:
    """What a row of the list stands for."""
    lines = _lines(route)
    if not 0 < number <= len(lines):
        return None
    line = lines[number - 1]
    # A way back is drawn as a line of its own: there it is the way that is meant, not the point above.
    return ("flow", line.flow) if line.back and line.flow >= 0 else ("point", line.point)


def _lines(route: Route) -> list[Line]:
    found = outline(route)
    drawn = {line.point for line in found}
    return [*found, *(Line(point.id) for point in route.points if point.id not in drawn)]


def _rows(draft: Draft) -> Sequence[Row]:
    return [_row(draft, number, line) for number, line in enumerate(_lines(draft.route), 1)]


def _row(draft: Draft, number: int, line: Line) -> Row:
    route, words = draft.route, draft.words
    point = route.by_id[line.point]
    said = map_words.way_said(route, line.flow, words) if line.flow >= 0 else ""
    wrong = "! " if not line.back and any(one.point == line.point for one in draft.problems) else ""
    name = f"{BACK} {shape(point)}" if line.back else wrong + shape(point)
    text = "  " * line.depth + (f"{said}: {name}" if said else name)
    if line.back:
        return Row(number, (text, "", "", "", "", ""))
    state = map_facts.state_said(point, words)
    if not isinstance(point, Step):
        return Row(number, (text, state, "", "", "", ""))
    performer = map_words.performer_said(point.performer, words)
    time = map_words.short_duration(point.duration)
    needs = map_facts.demands(point, words)
    return Row(number, (text, state, performer, time, needs, str(len(point.rules) or "")))
