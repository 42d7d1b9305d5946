"""Reads of the mail accounts in use, and which addresses are ours."""

from collections.abc import Sequence

from sqlalchemy import Connection, select, union

from crm_tui.domain.errors import NotFound
from crm_tui.domain.identity import address
from crm_tui.domain.text import fold
from crm_tui.store import records
from crm_tui.store.tables import MailAccount, User, table_of

account = table_of(MailAccount)


def in_use(connection: Connection) -> list[MailAccount]:
    """The enabled accounts, by id."""
    rows = connection.execute(select(account).where(account.c.enabled).order_by(account.c.id))
    return [records.load(MailAccount, dict(row._mapping)) for row in rows]


def own_addresses(connection: Connection) -> frozenset[str]:
    """The addresses of our accounts and users, in their normal form."""
    user = table_of(User)
    found = connection.scalars(union(select(account.c.address), select(user.c.email)))
    return frozenset(address.normal(one) for one in found if one)


def called(connection: Connection, names: Sequence[str]) -> list[MailAccount]:
    """The enabled accounts with these names or addresses; all without names. Raises NotFound for a name of none."""
    known = in_use(connection)
    if not names:
        return known
    chosen: dict[int, MailAccount] = {}
    for name in names:
        found = [one for one in known if fold(name) in (fold(one.name), fold(one.address))]
        if not found:
            raise NotFound("no_such_account", name=name)
        chosen.update((one.key, one) for one in found)
    return list(chosen.values())
