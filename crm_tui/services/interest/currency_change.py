"""The company takes another currency: only while no field of its own holds an amount (these name no currency)."""

import re

from sqlalchemy import Connection, select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.services import users
from crm_tui.services.interest import currency
from crm_tui.services.record import custom_fields
from crm_tui.store.json_text import json_value
from crm_tui.store.tables import Setting, found
from crm_tui.store.work import Work

_CODE = re.compile(r"[A-Z]{3}")


def change(work: Work, code: str) -> None:
    """From now on amounts are in this currency where none is said; those that are written down stay in theirs.

    Raises Invalid (``no_such_currency``) and Refused: ``needs_an_administrator``, and ``currency_of_fields`` while
    fields of the company's own hold amounts, for these have no currency beside the company's.
    """
    users.need_administrator(work.connection, work.actor)
    code = clean(code).strip().upper()
    if not _CODE.fullmatch(code):
        raise Invalid("no_such_currency", code=code)
    if code == currency.of_company(work.connection):
        return
    if field := _field_with_amounts(work.connection):
        raise Refused("currency_of_fields", field=field)
    known = work.find(Setting, name=currency.SETTING, user_id=None)
    if known is None:
        work.add(Setting(name=currency.SETTING, value=code))
    else:
        work.change(known, value=code)


def _field_with_amounts(connection: Connection) -> str:
    """What a field of the company's own is called that holds an amount somewhere; empty when none does."""
    for kind in custom_fields.KINDS:
        table = found(kind)
        for field in custom_fields.of_kind(connection, kind, archived=True):
            held = select(table.c.id).where(json_value(table.c.custom, field.code).is_not(None)).limit(1)
            if field.type == "money" and connection.execute(held).first() is not None:
                return field.label
    return ""
