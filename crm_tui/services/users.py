"""The person at this program, and who an act is written down to."""

import getpass
import os
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.store import records
from crm_tui.store.engine import Store
from crm_tui.store.tables import User, table_of
from crm_tui.store.work import Actor, Work

ADMIN = "admin"
"""The right that has all others in it."""


def ensure(work: Work, login: str, *, name: str = "", zone: str = "UTC", language: str = "en") -> User:
    """The user with this login, made when not there."""
    found = work.find(User, login=login)
    if found is not None:
        return found
    return work.add(User(login=login, name=name or login, zone=zone, language=language))


def current(store: Store, *, zone: str = "UTC", language: str = "en") -> User:
    """The user of this login session, made on first use. The store's first user is taken over by whoever opens a
    store with one user only: a private store stays one person's, whatever the login is called. In a store of
    several an unknown login is a new colleague, who begins without tasks of his own."""
    login = getpass.getuser()
    # Known without writing: whoever only reads must not wait for the one who writes.
    found = _known(store, login)
    if found is not None:
        return found
    with store.facts("user.current") as work:
        return ensure(work, login, zone=zone, language=language)


def _known(store: Store, login: str) -> User | None:
    user = table_of(User)
    with store.read() as connection:
        rows = connection.execute(select(user).order_by(user.c.id)).all()
    users = [records.load(User, dict(row._mapping)) for row in rows]
    if len(users) == 1:
        return users[0]
    return next((one for one in users if one.login == login), None)


def check_zone(zone: str) -> str:
    """The zone, when it is one that is known. Raises Invalid."""
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("unknown_zone", value=clean(zone)) from None


def change_zone(work: Work, zone: str) -> None:
    """The person at the keys lives in this IANA zone. Raises Invalid."""
    if work.actor.user_id is not None:
        work.change(work.get(User, work.actor.user_id), zone=check_zone(zone))


def may(connection: Connection, user_id: int | None, right: str) -> bool:
    """Whether the user has this right, or is an administrator. The first user of a store has all rights."""
    user = table_of(User)
    row = connection.execute(select(user.c.rights).where(user.c.id == user_id)).one_or_none()
    if row is None:
        return False
    first = connection.execute(select(user.c.id).order_by(user.c.id).limit(1)).scalar_one()
    return first == user_id or not {right, ADMIN}.isdisjoint(row.rights or ())


def need_administrator(connection: Connection, actor: Actor) -> None:
    """What is said for the whole company is said by an administrator, or by the program itself. Raises Refused."""
    if actor.user_id is not None and not may(connection, actor.user_id, ADMIN):
        raise Refused("needs_an_administrator")


def actor_of(user: User) -> Actor:
    """The user as the actor of a unit of work."""
    return Actor(user.name, user.key)


def system_zone(environment: Mapping[str, str] = os.environ, local: Path = Path("/etc/localtime")) -> str:
    """The IANA zone of this machine: ``TZ``, else what the system's local time points at, else UTC."""
    name = environment.get("TZ", "").lstrip(":")
    if not name and local.is_symlink():
        name = str(local.resolve()).partition("zoneinfo/")[2]
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
