"""How a map runs: time in each step, where processes die, who is late (CORP-21)."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from crm_tui.i18n import N_, _
from crm_tui.screens.route.map_readout import MapReadout, Section
from crm_tui.services.process import process_report
from crm_tui.services.process.process_report import Times
from crm_tui.services.route import route_maps

ENDED = {
    "successful": N_("ended well"),
    "unsuccessful": N_("failed"),
    "terminated": N_("ended early"),
}
PERIODS = (0, 30, 90, 365)
"""Days that the report goes back; 0 for all."""


class MapReport(MapReadout):
    """The figures of one map, over all time or the last days."""

    SCOPES = ("map_report",)
    TABLES = frozenset({"process", "process_token"})
    WIDTHS = (8, 12, 12, 10)

    def __init__(self, map_id: int) -> None:
        super().__init__(map_id)
        self._days = PERIODS[0]

    def list_title(self) -> str:
        with self.store.read() as connection:
            title = route_maps.row(connection, self._map_id).title
        return _("How it runs: {map}").format(map=title)

    def titles(self) -> Sequence[str]:
        return (_("Processes, steps, people"), _("How many"), _("Median"), _("9 of 10 in"), _("Late"))

    def command_map_report_period(self, argument: str = "") -> None:
        """The next period."""
        self._days = PERIODS[(PERIODS.index(self._days) + 1) % len(PERIODS)]
        said = _("All that was.") if not self._days else _("The last {days} days.").format(days=self._days)
        self.shell.say(said)
        self.reload()

    def read(self, connection: Connection) -> Sequence[Section]:
        now = self._now()
        period: dict[str, Any] = {"since": now - timedelta(days=self._days)} if self._days else {}
        found = process_report.of_map(connection, self._map_id, now, **period)
        if not (found.started or found.running or found.steps):
            return ()
        whole = [(_("started"), str(found.started), "", "", "")]
        whole += [(_(ENDED[code]), *_timed(times), "") for code, times in found.ended.items()]
        for number, status, count in found.running:
            text = _("version {number}: stopped") if status == "stopped" else _("version {number}: running")
            whole.append((text.format(number=number), str(count), "", "", ""))
        steps = [
            (
                one.name if one.in_map else _("{name} (gone from the map)").format(name=one.name),
                *_timed(one.working, one.entered, working=True),
                str(one.waiting_late or ""),
            )
            for one in found.steps
        ]
        return (
            Section(_("Processes"), whole),
            Section(_("Steps: how often entered, working time, late now"), steps),
            Section(_("Where processes fail or end early"), list(_deaths(found))),
            Section(
                _("Steps done late, by performer"),
                [(one.name or _("nobody"), str(one.number), "", "", str(one.late)) for one in found.late],
            ),
        )


def _deaths(found: process_report.Report) -> Iterator[tuple[str, ...]]:
    for one in found.deaths:
        parts = [one.point or _("before the first step"), one.reason or _("without a reason"), one.end]
        yield (" · ".join(part for part in parts if part), str(one.number), "", "", "")


def _timed(times: Times | None, number: int | None = None, *, working: bool = False) -> tuple[str, str, str]:
    if times is None:
        return (str(number or ""), "", "")
    median, p90 = (_span(span, working=working) for span in (times.median, times.p90))
    return (str(times.number if number is None else number), median, p90)


def _span(span: timedelta, *, working: bool) -> str:
    """Hours and minutes; of the clock days from two on, while a day of working time is none of 24 hours."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:
        return _("{count} min").format(count=minutes)
    if working or minutes < 48 * 60:
        return f"{minutes // 60}:{minutes % 60:02}"
    return _("{count} d").format(count=round(minutes / 1440, 1))
