"""The forms of customers, contact persons, leads and legal entities: fields, what they hold, what they mean.

While a new record is filled in, who may be there already is told of with the reasons (CORP-42).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from textual.timer import Timer
from textual.widgets import Input

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.identity import tax_number
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.services.party import contact_info
from crm_tui.services.party.contact_info import NUMBERS, Info
from crm_tui.services.record import lists
from crm_tui.store.queries.addresses import users

if TYPE_CHECKING:
    from crm_tui.services.record.duplicates import Alike

REST_SECONDS = 0.3
"""How long nothing is typed before those alike are looked for."""
SURE = 90
"""Per cent from which a second record is only made when it is asked for twice."""
INFO_KINDS = {"email": ("email",), "phone": NUMBERS, "web": ("web", "messenger")}
"""Field → the kinds of addresses and numbers it holds."""


def choice(connection: Connection, list_name: str, code: str) -> list[tuple[str, str]]:
    """The words of a list to choose from, none of them first; one that was archived stays where it is chosen."""
    found = [("", "—"), *lists.items(connection, list_name)]
    if code and code not in dict(found):
        found.append((code, lists.name_of(connection, list_name, code)))
    return found


def owners(connection: Connection) -> list[tuple[str, str]]:
    """The colleagues to choose an owner from, nobody first."""
    return [("", _("nobody")), *((str(key), name) for key, name in users(connection))]


def infos_of(filled: Mapping[str, str]) -> list[Info]:
    """The addresses and numbers in the fields of a form. Raises Invalid for what is none."""
    found = [one for name in INFO_KINDS if name in filled for one in contact_info.typed(name, filled[name])]
    for kind, value in found:
        contact_info.understood(kind, value)
    return found


def days(filled: Mapping[str, str], name: str) -> int | None:
    """A number of days, or none. Raises Invalid."""
    typed = filled[name].strip()
    if not typed:
        return None
    if not typed.isdecimal():
        raise Invalid("not_a_number_of_days", value=typed)
    return int(typed)


def tax_note(typed: str) -> str:
    """What a typed tax number is, as far as its digits tell."""
    countries = tax_number.countries_of(typed)
    if not countries:
        return _("No known tax number.")
    return ", ".join(
        f"{country} {kind.name}" for country in countries if (kind := tax_number.kind_of(country, typed))
    )


class EntryForm(FormDialog):
    """A form for a new record. Ctrl+S on one that is surely there already says so; once more makes a second one."""

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        kinds: Sequence[str],
        save: Callable[[Mapping[str, str]], Awaitable[object]],
        kept_as: str,
        intro: str = "",
    ) -> None:
        super().__init__(title, fields, save=self._save_checked, kept_as=kept_as, intro=intro)
        self._kinds = kinds
        self._save_entry = save
        self._timer: Timer | None = None
        self._warned = ""

    def on_input_changed(self, event: Input.Changed) -> None:
        super().on_input_changed(event)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(REST_SECONDS, self._look_for_alike)

    def _look_for_alike(self) -> None:
        self._timer = None
        self.run_worker(self._tell_alike(), group="alike", exclusive=True, exit_on_error=False)

    async def _tell_alike(self) -> None:
        found = await asyncio.to_thread(self._alike, self.values())
        if found:
            self._say(_("Perhaps there already: {who}").format(who=alike_text(found)))

    async def _save_checked(self, filled: Mapping[str, str]) -> None:
        found = await asyncio.to_thread(self._alike, filled)
        sure = [one for one in found if one.percent >= SURE]
        if sure and self._warned != alike_text(sure):
            self._warned = alike_text(sure)
            raise Refused("perhaps_there", who=self._warned)
        await self._save_entry(filled)

    def _alike(self, filled: Mapping[str, str]) -> "list[Alike]":
        from crm_tui.services.record.duplicates import alike

        infos = [
            one
            for name in ("email", "phone", "web")
            if name in filled
            for one in contact_info.typed(name, filled[name])
        ]
        with self.store.read() as connection:
            return alike(
                connection,
                name=filled.get("name", ""),
                infos=infos,
                tax_number=tax_number.normal(filled.get("tax_number", "")),
                city=filled.get("city", ""),
                kinds=self._kinds,
                limit=3,
            )


def alike_text(found: "Sequence[Alike]") -> str:
    """Who is alike, with the reasons."""
    from crm_tui.services.record.likeness_words import reasons_text

    return "; ".join(f"{one.name} ({one.percent} %: {reasons_text(one.reasons)})" for one in found)
