"""Settings that live in the store, because all sessions of a person share them."""

from typing import Any

from sqlalchemy import Connection, select

from crm_tui.store.tables import Setting, table_of
from crm_tui.store.work import Work


def read(connection: Connection, user_id: int | None, name: str, default: Any = None) -> Any:
    """The value of a setting, or the default."""
    setting = table_of(Setting)
    same_user = setting.c.user_id.is_(None) if user_id is None else setting.c.user_id == user_id
    row = connection.execute(select(setting.c.value).where(same_user, setting.c.name == name)).first()
    return default if row is None else row.value


def write(work: Work, user_id: int | None, name: str, value: Any) -> None:
    """Keep the value of a setting."""
    known = work.find(Setting, user_id=user_id, name=name)
    if known is None:
        work.add(Setting(user_id=user_id, name=name, value=value))
    else:
        work.change(known, value=value)
