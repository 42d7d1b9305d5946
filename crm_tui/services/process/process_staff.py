"""Who would perform the steps of many processes that do not run: all users, read once (``process_replay``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from sqlalchemy import Connection, select

from crm_tui.domain.route.route_map import Performer, PerformerRule
from crm_tui.domain.text import clean
from crm_tui.domain.wall import zone_of
from crm_tui.store.tables import User, table_of


@dataclass(frozen=True, slots=True)
class _Person:
    login: str
    name: str
    head_id: int | None
    roles: Sequence[str]
    active: bool
    zone: tzinfo


class Staff:
    """All users."""

    def __init__(self, connection: Connection) -> None:
        user = table_of(User)
        self._people = {
            row.id: _Person(
                row.login, clean(row.name), row.head_id, row.roles or (), row.active, zone_of(row.zone)
            )
            for row in connection.execute(select(user).order_by(user.c.id))
        }

    def performer(self, wanted: Performer, owner_id: int | None, previous: int | None) -> int | None:
        """By the rule (BP-13) as far as it can be told of the past: the least loaded is the first of those with the
        role, and nobody is away. Where the rule finds nobody who works here, the owner."""
        able: Sequence[int | None] = ()
        match wanted.rule:
            case PerformerRule.HEAD:
                able = [self._people[owner_id].head_id] if owner_id in self._people else []
            case PerformerRule.USER:
                able = [key for key, one in self._people.items() if one.login == wanted.of]
            case PerformerRule.ROLE | PerformerRule.LEAST_LOADED:
                able = [key for key, one in self._people.items() if wanted.of in one.roles]
                if wanted.rule is PerformerRule.ROLE and owner_id in able:
                    able = [owner_id]
            case PerformerRule.PREVIOUS:
                able = [previous]
        working = [one for one in able if one in self._people and self._people[one].active]
        return working[0] if working else owner_id

    def name(self, user_id: int | None) -> str:
        """Name of the user; empty for nobody."""
        return self._people[user_id].name if user_id in self._people else ""

    def zone(self, user_id: int | None) -> tzinfo:
        """Zone of the user; UTC for nobody."""
        return self._people[user_id].zone if user_id in self._people else UTC
