"""The currency of the company: what an amount is in where none is said, and what new Interests begin with."""

from sqlalchemy import Connection, select

from crm_tui.store.tables import Setting, table_of

SHIPPED = "KZT"
"""Until an administrator says another."""
SETTING = "currency"
"""Name of the company's setting that holds its code."""


def of_company(connection: Connection) -> str:
    """Its code in ISO 4217."""
    setting = table_of(Setting)
    query = select(setting.c.value).where(setting.c.name == SETTING, setting.c.user_id.is_(None))
    value = connection.execute(query).scalar_one_or_none()
    return str(value) if value else SHIPPED
