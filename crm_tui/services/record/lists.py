"""Lists of words that people choose from: shipped with the program, changed by the company (``ListItem``).

A shipped word stands until a row of the store says otherwise; its name is an English source text, shown through
gettext. What a record keeps is the code, which never changes.
"""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, select

from crm_tui.domain.errors import Conflict, Invalid, NotFound
from crm_tui.domain.text import clean, fold
from crm_tui.i18n import N_, _
from crm_tui.services import users
from crm_tui.store.tables import table_of
from crm_tui.store.tables.cards import ListItem
from crm_tui.store.work import Work

SHIPPED: dict[str, tuple[tuple[str, str], ...]] = {
    "customer_kind": (
        ("customer", N_("Customer")),
        ("potential", N_("Potential customer")),
        ("partner", N_("Partner")),
        ("supplier", N_("Supplier")),
        ("competitor", N_("Competitor")),
    ),
    "customer_status": (
        ("new", N_("New")),
        ("active", N_("Active")),
        ("vip", N_("VIP")),
        ("sleeping", N_("Sleeping")),
        ("lost", N_("Gone")),
    ),
    "source": (
        ("mail", N_("Letter")),
        ("call", N_("Call")),
        ("hand", N_("Entered by hand")),
        ("site", N_("Web site")),
        ("referral", N_("Recommendation")),
        ("exhibition", N_("Exhibition")),
        ("advertising", N_("Advertising")),
        ("import", N_("Import")),
    ),
    "relation_kind": (
        ("holding", N_("Owns")),
        ("referral", N_("Recommended")),
        ("partner", N_("Partner of")),
    ),
    "influence": (
        ("decides", N_("Decides")),
        ("influences", N_("Has a say")),
        ("uses", N_("Uses it")),
        ("opposes", N_("Is against")),
    ),
    "lost_reason": (
        ("price", N_("Price")),
        ("competitor", N_("Chose a competitor")),
        ("no_need", N_("No need any more")),
        ("no_money", N_("No money")),
        ("no_answer", N_("Does not answer")),
        ("terms", N_("Terms do not suit")),
        ("not_ours", N_("Not what we do")),
    ),
    "decline_reason": (
        ("not_for_us", N_("Not for us")),
        ("spam", N_("Advertising")),
        ("answered", N_("Answered already")),
        ("wrong_address", N_("Wrong address")),
        ("not_a_customer", N_("Not a customer")),
    ),
    "move_reason": (
        ("customer_asked", N_("The customer asked")),
        ("no_answer", N_("Does not answer")),
        ("busy", N_("No time for it")),
        ("waiting", N_("Something is not ready yet")),
    ),
}
"""List → code and name of its words, in their order."""

_CODE = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a list."""

    code: str
    name: str
    """As it is shown: translated when it is a shipped one."""
    archived: bool = False


def words(connection: Connection, list_name: str) -> list[Word]:
    """All words of a list in their order, archived ones too."""
    item = table_of(ListItem)
    query = select(item).where(item.c.list == list_name).order_by(item.c.position, item.c.id)
    own = {row.code: row for row in connection.execute(query)}
    found: list[tuple[int, int, Word]] = []
    for place, (code, name) in enumerate(SHIPPED.get(list_name, ())):
        row = own.pop(code, None)
        if row is None:
            found.append((place * 10, 0, Word(code, _(name))))
        else:
            shown = _(name) if row.name == name else row.name
            found.append((row.position, 0, Word(code, shown, row.archived)))
    found.extend((row.position, row.id, Word(row.code, row.name, row.archived)) for row in own.values())
    return [word for _place, _id, word in sorted(found, key=lambda one: one[:2])]


def items(connection: Connection, list_name: str) -> list[tuple[str, str]]:
    """Code and shown name of the words to choose from, in their order."""
    return [(word.code, word.name) for word in words(connection, list_name) if not word.archived]


def names(connection: Connection, list_name: str) -> dict[str, str]:
    """Code → shown name, of archived words too: for records that have them."""
    return {word.code: word.name for word in words(connection, list_name)}


def name_of(connection: Connection, list_name: str, code: str) -> str:
    """The shown name of a code; the code itself when the list does not know it."""
    return names(connection, list_name).get(code, code)


def code_of(connection: Connection, list_name: str, text: str) -> str:
    """The code that a typed or imported word means, by code or by name; empty for none. Raises Invalid."""
    wanted = fold(text)
    if not wanted:
        return ""
    for word in words(connection, list_name):
        if wanted in (word.code, fold(word.name)):
            return word.code
    raise Invalid("no_such_word", list=list_name, value=clean(text))


def add(work: Work, list_name: str, name: str) -> ListItem:
    """A new word at the end of a list. Raises Invalid for an empty name, or one that is there."""
    users.need_administrator(work.connection, work.actor)
    name = _clean_name(name)
    there = words(work.connection, list_name)
    if any(fold(word.name) == fold(name) for word in there):
        raise Invalid("word_is_there", value=name)
    code = base = _CODE.sub("_", fold(name)).strip("_") or "word"
    number = 2
    while any(word.code == code for word in there):
        code, number = f"{base}_{number}", number + 1
    return work.add(ListItem(list=list_name, code=code, name=name, position=_last(work, list_name) + 10))


def rename(work: Work, list_name: str, code: str, name: str, *, was: str | None = None) -> ListItem:
    """Show a word under another name from now on. Raises Invalid, NotFound, Conflict when it is not called ``was``
    any more."""
    users.need_administrator(work.connection, work.actor)
    row = _row(work, list_name, code)
    if was is not None and name_of(work.connection, list_name, code) != was:
        raise Conflict("changed_meanwhile", kind="list_item", id=row.key)
    work.change(row, name=_clean_name(name))
    return row


def archive(work: Work, list_name: str, code: str, archived: bool = True) -> ListItem:
    """Offer a word no more, or again; records that have it keep it. Raises NotFound."""
    users.need_administrator(work.connection, work.actor)
    row = _row(work, list_name, code)
    work.change(row, archived=archived)
    return row


def move(work: Work, list_name: str, code: str, step: int) -> None:
    """Put a word ``step`` places further down (or up, when negative). Raises NotFound."""
    users.need_administrator(work.connection, work.actor)
    order = [word.code for word in words(work.connection, list_name)]
    if code not in order:
        raise NotFound("no_such_word", list=list_name, value=code)
    here = order.index(code)
    order.insert(max(0, min(len(order) - 1, here + step)), order.pop(here))
    for place, one in enumerate(order):
        work.change(_row(work, list_name, one), position=place * 10)


def _row(work: Work, list_name: str, code: str) -> ListItem:
    """The store's row of a word; a shipped one gets its row when it is changed."""
    row = work.find(ListItem, list=list_name, code=code)
    if row is not None:
        return row
    for place, (shipped, name) in enumerate(SHIPPED.get(list_name, ())):
        if shipped == code:
            return work.add(ListItem(list=list_name, code=code, name=name, position=place * 10))
    raise NotFound("no_such_word", list=list_name, value=code)


def _last(work: Work, list_name: str) -> int:
    own = [row.position for row in work.all(ListItem, list=list_name)]
    return max([*own, (len(SHIPPED.get(list_name, ())) - 1) * 10])


def _clean_name(name: str) -> str:
    name = " ".join(clean(name).split())
    if not name:
        raise Invalid("name_missing", kind="word")
    return name
