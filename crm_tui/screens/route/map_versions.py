"""What of a map was in force when, and what each version changed (C-15)."""

from collections.abc import Sequence

from textual.content import Content

from crm_tui.domain.route import route_diff
from crm_tui.domain.route.route_map import Route
from crm_tui.i18n import _
from crm_tui.screens.forms.report import Report
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.wording import due_text
from crm_tui.services.route import route_maps
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row

DRAFT = 2**40
"""The line of what is written and not in force."""


class MapVersions(ListScreen[None]):
    """The versions of one map, the newest first; Enter shows what one changed."""

    TABLES = frozenset({"route_map", "route_map_version", "process"})

    def __init__(self, map_id: int) -> None:
        super().__init__()
        self._map_id = map_id

    def list_title(self) -> str:
        with self.store.read() as connection:
            return _("Versions of {map}").format(map=route_maps.row(connection, self._map_id).title)

    def make_list(self) -> RecordList:
        columns = (
            Column("version", _("Version"), width=16, sortable=False),
            Column("at", _("In force since"), width=16, sortable=False),
            Column("author", _("Author"), width=16, sortable=False, drop=1),
            Column("running", _("Running"), width=8, align="right", sortable=False),
            Column("changes", _("Changes"), flex=1, min_width=20, sortable=False),
        )
        empty = Content(_("This map was never in force."))
        return RecordList(SmallSource(columns, self._rows), Order(""), empty=empty)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        new, old = self._pair(event.id)
        changes = [] if old is None else [route_diff.said(one) for one in route_diff.differences(old, new)]
        first = [_("The first version.")] if old is None else [_("Nothing differs.")]
        self.app.push_screen(Report(_("What was changed"), changes or first))

    def _pair(self, version_id: int) -> tuple[Route, Route | None]:
        """A version and the one before it."""
        with self.store.read() as connection:
            known = route_maps.versions(connection, self._map_id)
            if version_id == DRAFT:
                old = route_maps.of_map(connection, self._map_id)
                return route_maps.draft_or_current(connection, self._map_id), old
            place = next(place for place, one in enumerate(known) if one.id == version_id)
            before = known[place + 1].id if place + 1 < len(known) else None
            return (
                route_maps.route(connection, version_id),
                None if before is None else route_maps.route(connection, before),
            )

    def _rows(self) -> Sequence[Row]:
        zone = self._zone()
        with self.store.read() as connection:
            row = route_maps.row(connection, self._map_id)
            known = route_maps.versions(connection, self._map_id)
            routes = [route_maps.route(connection, one.id) for one in known]
            draft = route_maps.draft_or_current(connection, self._map_id)
        rows: list[Row] = []
        if row.has_draft and known:
            in_force = next((place for place, one in enumerate(known) if one.current), 0)
            rows.append(Row(DRAFT, (_("draft"), "", "", "", _changes(draft, routes[in_force]))))
        for place, one in enumerate(known):
            is_it = one.current and row.status == route_maps.IN_FORCE
            named = _("{number}, in force") if is_it else "{number}"
            before = routes[place + 1] if place + 1 < len(routes) else None
            cells = (
                named.format(number=one.number),
                due_text(one.at, self._now(), zone),
                one.author,
                str(one.running or ""),
                _changes(routes[place], before),
            )
            rows.append(Row(one.id, cells))
        return rows


def _changes(new: Route, old: Route | None) -> str:
    """What was changed, as much as a line holds."""
    if old is None:
        return _("the first")
    return "; ".join(route_diff.said(one) for one in route_diff.differences(old, new)[:3])
