"""What each report shows: columns, and lines of numbers with the records that are behind them (L-25, ELMA-16)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from crm_tui.domain.conditions.periods import Period
from crm_tui.domain.interest import deal_figures
from crm_tui.i18n import N_, _
from crm_tui.screens.party.customer_source import sums_text
from crm_tui.services.record import lists
from crm_tui.store.queries import deal_ways, interests, report_figures
from crm_tui.widgets.row_source import Column

DAY = timedelta(days=1)
REPORTS: Mapping[str, str] = {
    "funnel": N_("Funnel"),
    "speed": N_("How fast Interests go"),
    "reasons": N_("Won and lost, by reason"),
    "activity": N_("What everybody did"),
    "stale": N_("Standing too long"),
}
NO_PERIOD = frozenset({"stale"})
"""Reports of how it is now."""
NO_SCENARIO = frozenset({"activity"})
"""Reports about people."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What figures are asked for: a scenario, a period, of everybody or of one owner."""

    scenario_id: int
    period: Period
    now: datetime
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a line, and the records that it counts. ``kind``: ``interest``, ``interaction`` or ``task``."""

    title: str
    ids: Sequence[int]
    kind: str = "interest"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a report."""

    cells: tuple[str, ...]
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A report."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...] = ()


def table(connection: Connection, report: str, asked: Asked) -> Table:
    """A report of ``REPORTS``. Reads every Interest of the scenario: for a thread."""
    return Table(columns(report), tuple(_LINES[report](connection, asked)))


def columns(report: str) -> tuple[Column, ...]:
    """The columns of a report."""
    return tuple(
        Column(f"c{place}", _(title), flex=1, min_width=16, sortable=False)
        if place == 0
        else Column(f"c{place}", _(title), width=width, align="right", sortable=False, drop=drop)
        for place, (title, width, drop) in enumerate(_COLUMNS[report])
    )


def _funnel(connection: Connection, asked: Asked) -> list[Line]:
    states = _open_states(connection, asked)
    ways = deal_ways.ways(connection, asked.scenario_id, asked.owner_id)
    far = deal_figures.cohorts(ways, list(states), asked.period)
    lines = []
    for number, here in enumerate(far):
        came = deal_figures.reached(far[number:])
        gone = set(here.lost) | set(here.standing)
        won = tuple(key for one in far[number:] for key in one.won)
        numbers = (
            Number(_("Reached"), came),
            Number(_("Went on"), tuple(key for key in came if key not in gone)),
            Number(_("Won"), won),
            Number(_("Lost here"), here.lost),
            Number(_("Stand here"), here.standing),
        )
        cells = [str(len(came)), *(_share(one, came) for one in numbers[1:])]
        lines.append(Line((states[here.state_id], *cells), numbers))
    return lines


def _speed(connection: Connection, asked: Asked) -> list[Line]:
    ways = deal_ways.ways(connection, asked.scenario_id, asked.owner_id)
    stays = deal_figures.stays(ways, asked.period)
    found = [(name, stays.get(key, [])) for key, name in _open_states(connection, asked).items()]
    for title, outcome in ((_("until won"), "won"), (_("until lost"), "lost")):
        ended = deal_figures.closed(ways, asked.period, outcome)  # type: ignore[arg-type]
        found.append((title, [(way.id, way.entered[-1] - way.entered[0]) for way in ended]))
    lines = []
    for name, stood in found:
        spans = deal_figures.spans(length for _id, length in stood)
        cells = (name, str(spans.number), _days(spans.median), _days(spans.p90))
        # One that came back left the state more than once.
        lines.append(Line(cells, (Number(_("Left"), tuple(dict.fromkeys(key for key, _length in stood))),)))
    return lines


def _reasons(connection: Connection, asked: Asked) -> list[Line]:
    groups = report_figures.closed(connection, asked.scenario_id, asked.period, asked.owner_id)
    words = lists.names(connection, "lost_reason")
    outcomes = {"won": _("Won"), "lost": _("Lost")}
    whole = {outcome: sum(len(one.ids) for one in groups if one.outcome == outcome) for outcome in outcomes}
    lines = []
    for one in groups:
        reason = words.get(one.reason, one.reason) or (_("no reason told") if one.outcome == "lost" else "")
        title = ": ".join(part for part in (outcomes.get(one.outcome, one.outcome), reason) if part)
        of_all = f"{len(one.ids) * 100 // whole[one.outcome]} %" if whole.get(one.outcome) else ""
        sums = tuple(sorted(one.sums.items(), key=lambda pair: -pair[1]))
        lines.append(Line((title, str(len(one.ids)), of_all, sums_text(sums)), (Number(title, one.ids),)))
    return lines


def _activity(connection: Connection, asked: Asked) -> list[Line]:
    lines = []
    for one in report_figures.doings(connection, asked.period, asked.owner_id):
        numbers = (
            Number(_("Calls"), one.calls, "interaction"),
            Number(_("Meetings"), one.meetings, "interaction"),
            Number(_("Letters sent"), one.letters, "interaction"),
            Number(_("Tasks done"), one.tasks, "task"),
            Number(_("Interests made"), one.made),
            Number(_("Won"), one.won),
        )
        lines.append(Line((one.name, *(str(len(number.ids) or "") for number in numbers)), numbers))
    return sorted(lines, key=lambda line: not any(number.ids for number in line.numbers))


def _stale(connection: Connection, asked: Asked) -> list[Line]:
    ids = interests.ids(connection, "age", descending=False)
    here = next(
        (name for key, _code, name in interests.scenarios(connection) if key == asked.scenario_id), ""
    )
    by_owner: dict[str, list[tuple[timedelta, int]]] = {}
    for start in range(0, len(ids), 500):
        for row in interests.rows(connection, ids[start : start + 500]).values():
            if row.scenario == here and row.is_rotting(asked.now):
                stood = asked.now - max(row.state_since, row.touched_at or row.state_since)
                by_owner.setdefault(row.owner or "", []).append((stood, row.id))
    return [
        Line(
            (owner or _("(nobody yet)"), str(len(found)), _days(max(found)[0])),
            (Number(_("Standing too long"), [key for _stood, key in found]),),
        )
        for owner, found in sorted(by_owner.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]


_LINES: Mapping[str, Callable[[Connection, Asked], list[Line]]] = {
    "funnel": _funnel,
    "speed": _speed,
    "reasons": _reasons,
    "activity": _activity,
    "stale": _stale,
}
_COLUMNS: Mapping[str, Sequence[tuple[str, int, int]]] = {
    "funnel": (
        (N_("State"), 0, 0), (N_("Reached"), 8, 0), (N_("Went on"), 12, 0), (N_("Won"), 12, 0),
        (N_("Lost here"), 12, 0), (N_("Stand here"), 12, 1),
    ),
    "speed": ((N_("State"), 0, 0), (N_("Left"), 8, 0), (N_("Half of them, days"), 20, 0),
              (N_("Nine of ten, days"), 20, 0)),
    "reasons": ((N_("Outcome and reason"), 0, 0), (N_("Interests"), 10, 0), (N_("Share"), 7, 0), (N_("Sum"), 32, 1)),
    "activity": (
        (N_("Who"), 0, 0), (N_("Calls"), 7, 0), (N_("Meetings"), 8, 0), (N_("Letters"), 8, 0),
        (N_("Tasks done"), 10, 0),
        (N_("Interests"), 10, 1), (N_("Won"), 6, 0),
    ),
    "stale": ((N_("Owner"), 0, 0), (N_("Interests"), 10, 0), (N_("The longest, days"), 20, 0)),
}  # fmt: skip
"""Title, width, and which goes first where there is no room."""


def _open_states(connection: Connection, asked: Asked) -> dict[int, str]:
    states = interests.states(connection, asked.scenario_id)
    return {one.id: _(one.name) for one in states if one.outcome == "open"}


def _share(part: Number, whole: Sequence[int]) -> str:
    return f"{len(part.ids)} ({len(part.ids) * 100 // len(whole)} %)" if part.ids and whole else ""


def _days(length: timedelta | None) -> str:
    return "" if length is None else f"{length / DAY:.1f}"
