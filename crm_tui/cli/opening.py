"""The store as a command finds it: whose it is, and on whose clock."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui import i18n, paths

if TYPE_CHECKING:
    from crm_tui.store.engine import Store
    from crm_tui.store.work import Actor


@dataclass(frozen=True, slots=True)
class Desk:
    """An open store and the person at it."""

    store: "Store"
    actor: "Actor"
    user_id: int
    zone_name: str
    """IANA zone in which the person's times are typed and shown."""
    zone: tzinfo

    @property
    def now(self) -> datetime:
        """The present instant, in UTC."""
        return self.store.clock()


def database(args: argparse.Namespace) -> Path:
    """The store's file: ``--db``, or the one of this configuration."""
    named: Path | None = args.database
    return paths.database() if named is None else named.expanduser().absolute()


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[Desk]:
    """Open the store, and close it again. Raises StoreDamaged or StoreBusy."""
    from crm_tui.domain.wall import zone_of
    from crm_tui.services import users
    from crm_tui.services.hooks import Hooks
    from crm_tui.store.engine import Store

    store = Store(database(args))
    store.hooks = Hooks()
    try:
        user = users.current(store, zone=users.system_zone(), language=i18n.language())
        yield Desk(store, users.actor_of(user), user.key, user.zone, zone_of(user.zone))
    finally:
        store.close()


def languages() -> tuple[str, ...]:
    """Languages in which words for dates are understood: that of the texts first."""
    return tuple(dict.fromkeys((i18n.language(), *i18n.LANGUAGES)))
