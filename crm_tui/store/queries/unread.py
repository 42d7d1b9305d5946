"""What makes a letter unread, said so that SQLite finds the index of the unread."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, not_, type_coerce

from crm_tui.store.tables import Placement, table_of

placement = table_of(Placement)

_BARE: Any = Integer()
UNREAD: ColumnElement[bool] = placement.c.unread.bool_op("AND")(not_(type_coerce(placement.c.deleted, _BARE)))
"""Unread and not deleted, bare as ``ix_placement_unread`` has it: by "unread = 1" that index is not found."""
