"""Running processes go on by another version of their map: never by themselves, and never unseen (C-15, RM-05).

``preview`` says where each process would land; ``migrate`` does what was seen, in one unit of work that an undo takes
back. Tasks, deadlines, documents entered, nested processes: all stays; only where the token stands by the map
changes, and the state of the Interest where the map gives that point another one. What a step demands, and whom it
notifies, is from then on what the new version says.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from crm_tui.domain.errors import CrmError, Refused
from crm_tui.domain.route.process import Event, Instance, Status, Token
from crm_tui.domain.route.process_landing import Landed, Landing, land, places_like
from crm_tui.domain.route.route_map import Point, ProcessKind, Route
from crm_tui.domain.text import clean
from crm_tui.services.process import process_rebinding, process_state
from crm_tui.services.process.process_list import card_names
from crm_tui.services.process.process_preview import Gone, Moving, Preview, Wait
from crm_tui.services.process.process_state import route_of
from crm_tui.services.route import route_maps
from crm_tui.store.tables import Interest, Scenario, State, table_of
from crm_tui.store.tables.processes import Process, ProcessEvent, ProcessToken, RouteMapVersion
from crm_tui.store.work import Work

_BATCH = 500

process, token, version = table_of(Process), table_of(ProcessToken), table_of(RouteMapVersion)


def preview(
    connection: Connection, map_id: int, version_id: int, mapping: Mapping[str, str] | None = None
) -> Preview:
    """Where each process of the map that has not ended and runs by another version would land.

    ``mapping``: point → point of the other version, for those that are gone or are to go on elsewhere.
    Raises NotFound, Refused (``migrate_other_map``).
    """
    found = connection.execute(
        select(version.c.number).where(version.c.id == version_id, version.c.map_id == map_id)
    ).one_or_none()
    new = route_of(connection, version_id)
    if found is None:
        raise Refused("migrate_other_map", map=new.title)
    looking = _Looking(connection, new, version_id, found.number, dict(mapping or {}))
    query = (
        select(process, version.c.number)
        .join(version, version.c.id == process.c.version_id)
        .where(process.c.map_id == map_id, process.c.version_id != version_id)
        .where(process.c.status.in_(process_state.ALIVE))
        .order_by(process.c.id)
    )
    moving = looking.at_all(connection.execute(query).all())
    return Preview(map_id, version_id, found.number, looking.mapping, moving, looking.gone(moving))


def migrate(work: Work, seen: Preview, process_ids: Collection[int] | None = None) -> tuple[int, ...]:
    """Move the processes that the preview says can be moved, or those of them that are named; answers which.

    Raises Conflict where one of them went on since the preview was made, and Refused (``migrate_nothing``,
    ``needs_an_administrator``).
    """
    route_maps.check_right(work)
    chosen = [one for one in seen.processes if one.trouble is None]
    if process_ids is not None:
        chosen = [one for one in chosen if one.process_id in process_ids]
    if not chosen:
        raise Refused("migrate_nothing", version=seen.version)
    process_rebinding.rebind(work, chosen, seen)
    return tuple(one.process_id for one in chosen)


def log_of(
    connection: Connection, process_id: int
) -> tuple[Instance | None, list[tuple[Event, Sequence[int]]]]:
    """What rebuilds where a process stands (``process_moves.replay``): how it stood after its last migration, None
    where there was none, and the events of the token game since."""
    event = table_of(ProcessEvent)
    moved = connection.execute(
        select(event.c.number, event.c.facts)
        .where(event.c.process_id == process_id, event.c.kind == process_rebinding.MIGRATED)
        .order_by(event.c.number.desc())
        .limit(1)
    ).one_or_none()
    if moved is None:
        return None, process_state.events_of(connection, process_id)
    tokens = tuple(Token(*one) for one in moved.facts["tokens"])
    since = Instance(Status(moved.facts["status"]), tokens, moved.facts["last"])
    return since, process_state.events_of(connection, process_id, after=moved.number)


@dataclass
class _Looking:
    """One look at the processes of a map."""

    connection: Connection
    new: Route
    version_id: int
    number: int
    mapping: dict[str, str]
    landings: dict[tuple[int, tuple[Token, ...]], Landing] = field(default_factory=dict)

    def at_all(self, rows: Sequence[Row[Any]]) -> tuple[Moving, ...]:
        """Where each process lands; what is asked of all is asked for a few hundred at a time."""
        moving: list[Moving] = []
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            names = card_names(self.connection, batch)
            waiting: dict[int, list[Row[Any]]] = {row.id: [] for row in batch}
            query = select(token).where(token.c.process_id.in_(waiting), token.c.left_at.is_(None))
            for one in self.connection.execute(query.order_by(token.c.process_id, token.c.token)):
                waiting[one.process_id].append(one)
            moving += [self._at(row, waiting[row.id], names[row.object_kind, row.object_id]) for row in batch]
        return tuple(moving)

    def _at(self, row: Row[Any], waiting: Sequence[Row[Any]], card: str) -> Moving:
        old = route_of(self.connection, row.version_id)
        tokens = tuple(Token(one.token, one.point, one.flow) for one in waiting)
        known = self.landings.get((row.version_id, tokens))
        landing = known or land(old, self.new, tokens, self.mapping)
        self.landings[row.version_id, tokens] = landing
        deadlines = {one.token: one.deadline_at for one in waiting}
        state = self._state(row, old, landing)
        return Moving(
            row.id,
            row.number,
            row.object_kind,
            row.object_id,
            card,
            tuple(self._wait(old, one, deadlines[one.token]) for one in landing.tokens),
            state.code if state is not None else "",
            clean(state.name) if state is not None else "",
            self._trouble(row, old, landing),
            row.last_event,
        )

    def gone(self, moving: Sequence[Moving]) -> tuple[Gone, ...]:
        """What a person must say before the rest can be moved."""
        found: dict[str, list[Wait]] = {}
        for one in moving:
            for wait in one.waits:
                if not wait.target:
                    found.setdefault(wait.point, []).append(wait)
        points = {wait.point: self._point(moving, wait.point) for waits in found.values() for wait in waits}
        return tuple(
            Gone(
                point,
                waits[0].name,
                len(waits),
                tuple((one.id, one.name or one.id) for one in places_like(self.new, points[point])),
            )
            for point, waits in found.items()
        )

    def _point(self, moving: Sequence[Moving], point: str) -> Point:
        stands = next(one for one in moving if any(wait.point == point for wait in one.waits))
        row = self.connection.execute(
            select(process.c.version_id).where(process.c.id == stands.process_id)
        ).one()
        return route_of(self.connection, row.version_id).by_id[point]

    def _wait(self, old: Route, landed: Landed, deadline: datetime | None) -> Wait:
        here, there = old.by_id[landed.source], self.new.by_id.get(landed.target)
        name = (there.name or there.id) if there is not None else ""
        return Wait(landed.token, landed.source, here.name or here.id, landed.target, name, deadline)

    def _state(self, row: Row[Any], old: Route, landing: Landing) -> Row[Any] | None:
        """The state that the Interest goes into; None where it stays."""
        if not row.controlling or row.interest_id is None:
            return None
        code = ""
        for one in landing.tokens:
            there = self.new.by_id.get(one.target)
            if there is not None and there.state and there.state != old.by_id[one.source].state:
                code = there.state
        if not code:
            return None
        interest, state = table_of(Interest), table_of(State)
        query = (
            select(state)
            .join(interest, interest.c.scenario_id == state.c.scenario_id)
            .where(interest.c.id == row.interest_id, state.c.code == code, state.c.id != interest.c.state_id)
        )
        return self.connection.execute(query).one_or_none()

    def _trouble(self, row: Row[Any], old: Route, landing: Landing) -> CrmError | None:
        new = self.new
        if new.kind is not old.kind or new.object_kind not in ("", row.object_kind):
            return Refused("migrate_other_kind", version=self.number)
        other = new.kind is ProcessKind.OBJECT and new.scenario not in ("", old.scenario)
        if other and not self._is_of_scenario(row.interest_id):
            return Refused("migrate_other_scenario", version=self.number)
        if not landing.trouble:
            return None
        point = old.by_id[landing.point].name or landing.point
        if landing.trouble == "point_gone":
            return Refused("migrate_point_gone", point=point, version=self.number)
        if landing.trouble == "join_changed":
            return Refused("migrate_join_changed", point=point, version=self.number)
        return Refused("migrate_no_way_on", point=point, version=self.number)

    def _is_of_scenario(self, interest_id: int | None) -> bool:
        interest, scenario = table_of(Interest), table_of(Scenario)
        query = (
            select(scenario.c.code)
            .join(interest, interest.c.scenario_id == scenario.c.id)
            .where(interest.c.id == interest_id)
        )
        return self.connection.execute(query).scalar_one_or_none() == self.new.scenario
