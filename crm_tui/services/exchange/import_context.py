"""What an import asks the store again and again: users, words of lists, customers by name, fields of our own."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import select

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import fold
from crm_tui.i18n import LANGUAGES
from crm_tui.services.exchange import import_record
from crm_tui.services.exchange.import_alike import Everybody
from crm_tui.services.exchange.import_fields import OWN, RECORD_KIND
from crm_tui.services.exchange.import_plan import Plan
from crm_tui.services.exchange.import_record import Record
from crm_tui.services.interest import currency, scenarios
from crm_tui.services.party import customers
from crm_tui.services.record import lists
from crm_tui.store.tables import Customer, Scenario, State, User, table_of
from crm_tui.store.work import Work

_CODE = re.compile(r"[A-Za-z]{2}")
_ALIASES = {
    "usa": "US",
    "сша": "US",
    "uk": "GB",
    "рф": "RU",
    "россия": "RU",
    "казакстан": "KZ",
    "англия": "GB",
}
_REMEMBERED = 20_000
Found = TypeVar("Found")


class Context:
    """The store as one import sees it. Answers are remembered, so many that memory stays small."""

    def __init__(self, work: Work, plan: Plan, everybody: Everybody) -> None:
        self.work = work
        self.plan = plan
        self.everybody = everybody
        self.strangers: Counter[str] = Counter()
        """Owners whom no user is called like, and in how many rows."""
        self._known: dict[tuple[str, str], Any] = {}
        self._states: dict[int, list[State]] = {}
        self.scenarios = sorted(work.all(Scenario), key=lambda one: one.position)
        self.currency = currency.of_company(work.connection)
        self._own = {field.code: field for field in self._own_fields()}

    def owner(self, record: Record) -> int | None:
        """The user named in the row; None when nobody is, or nobody is called so."""
        name = record.one("owner")
        if not name:
            return None
        found = self._remembered("owner", name, lambda: self._user(name))
        if found is None:
            self.strangers[name] += 1
        return found

    def word(self, list_name: str, text: str, *, free: bool = False) -> str:
        """The code of a word of a list. Raises Invalid; with ``free`` the text stands for itself."""

        def look() -> str:
            try:
                return lists.code_of(self.work.connection, list_name, text)
            except Invalid:
                if free:
                    return text
                raise

        return self._remembered(list_name, text, look)

    def customer(self, name: str) -> int | None:
        """The customer of this name, made when there is none; None for no name."""
        if not name:
            return None

        def look() -> int:
            found = table_of(Customer)
            query = select(found.c.id).where(found.c.name_fold == fold(name), found.c.trashed_at.is_(None))
            there = self.work.connection.execute(query.order_by(found.c.id).limit(1)).scalar()
            if there is not None:
                return int(there)
            return customers.add(self.work, name, owner_id=self.work.actor.user_id).key

        return self._remembered("customer", fold(name), look)

    def states(self, scenario_id: int) -> list[State]:
        """The states of a scenario in their order."""
        if scenario_id not in self._states:
            self._states[scenario_id] = scenarios.states(self.work, scenario_id)
        return self._states[scenario_id]

    def own_values(self, record: Record) -> dict[str, Any]:
        """Values of the company's own fields. Raises Invalid."""
        found: dict[str, Any] = {}
        for target in record.texts:
            field = self._own.get(target.removeprefix(OWN)) if target.startswith(OWN) else None
            if field is not None:
                text = record.one(target)
                found[field.code] = import_record.own_value(text, field, self.plan)
        return found

    def forget_made(self) -> None:
        """A row was taken back, and with it whom it made."""
        self._known = {key: one for key, one in self._known.items() if key[0] != "customer"}

    def _remembered(self, what: str, text: str, look: Callable[[], Found]) -> Found:
        key = what, text
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = look()
        return self._known[key]  # type: ignore[no-any-return]

    def _user(self, name: str) -> int | None:
        wanted = fold(name)
        for user in self.work.all(User):
            if wanted in (fold(user.name), fold(user.login), fold(user.email)):
                return user.key
        return None

    def _own_fields(self) -> list[Any]:
        from crm_tui.store.tables.cards import CustomField

        return self.work.all(CustomField, record_kind=RECORD_KIND[self.plan.kind], archived=False)


def country(text: str) -> str:
    """The code (ISO 3166) of a country by its code or its name in one of our languages; empty for none."""
    if _CODE.fullmatch(text):
        return text.upper()
    return _countries().get(fold(text), "")


@cache
def _countries() -> dict[str, str]:
    from babel import Locale

    names = {
        fold(name): code
        for language in LANGUAGES
        for code, name in Locale(language).territories.items()
        if _CODE.fullmatch(code)
    }
    return names | _ALIASES
