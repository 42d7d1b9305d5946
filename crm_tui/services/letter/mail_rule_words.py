"""What processing rules do, said in words for a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.store.tables import Customer, Folder, Interest, table_of

GONE = "?"


def actions_said(connection: Connection, actions: Sequence[Mapping[str, Any]]) -> str:
    """All actions, with commas between them."""
    return ", ".join(action_said(connection, one) for one in actions)


def action_said(connection: Connection, one: Mapping[str, Any]) -> str:
    """One action."""
    do = one["do"]
    if do == "move":
        return _("put into “{folder}”").format(folder=_name(connection, Folder, one["folder_id"]))
    if do == "mark":
        parts = [_("mark as read")] * bool(one.get("read")) + [_("mark as important")] * bool(
            one.get("important")
        )
        return ", ".join(parts)
    if do == "keyword":
        return _("keyword {word}").format(word=one["word"])
    if do == "link":
        model = Interest if one["kind"] == "interest" else Customer
        return _("link to {name}").format(name=_name(connection, model, one["id"]))
    if do == "task":
        title = one.get("title") or _("its subject")
        days = int(one.get("days", 1))
        return ngettext("task “{title}” within {n} day", "task “{title}” within {n} days", days).format(
            title=title, n=days
        )
    if do == "accept":
        return _("accept as an inquiry")
    return _("forward to {address}").format(address=one.get("to", GONE))


def _name(connection: Connection, model: Any, key: int) -> str:
    table = table_of(model)
    found = connection.scalar(select(table.c.name).where(table.c.id == key))
    return GONE if found is None else clean(found)
