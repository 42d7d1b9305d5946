"""Purposes of inquiries as an administrator sees them: scenario and owner of each (KZ-01)."""

from collections.abc import Mapping, Sequence

from crm_tui.domain.errors import Refused
from crm_tui.i18n import N_, _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.interest import purposes
from crm_tui.services.interest.purposes import Known
from crm_tui.store.queries import interests, party_names
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag

RULES = {
    purposes.ME: N_("whoever accepts"),
    purposes.CUSTOMER: N_("whose customer it is"),
    purposes.LEAST_LOADED: N_("who has the fewest open Interests"),
}


class PurposesScreen(ListScreen[None]):
    """In the order in which they are offered."""

    SCOPES = ("purposes",)
    TABLES = frozenset({"purpose", "scenario", "user"})

    def list_title(self) -> str:
        return _("Purposes of inquiries")

    def make_list(self) -> RecordList:
        columns = (
            Column("name", _("Purpose"), flex=2, min_width=18, sortable=False),
            Column("scenario", _("Scenario"), flex=1, min_width=14, sortable=False),
            Column("owner", _("Owner"), flex=2, min_width=18, sortable=False),
        )
        return RecordList(SmallSource(columns, self._rows), Order(""))

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("purposes.change")

    async def command_purposes_add(self, argument: str = "") -> None:
        """A new one at the end."""

        async def save(filled: Mapping[str, str]) -> None:
            await self.act(
                "purpose.add",
                lambda work: purposes.add(work, filled["name"], filled["scenario"], filled["rule"]),
            )

        form = FormDialog(_("New purpose"), self._fields(None), save=save, kept_as="purpose-new")
        await self.app.push_screen_wait(form)

    async def command_purposes_change(self, argument: str = "") -> None:
        """The one under the cursor."""
        known = self._current()

        async def save(filled: Mapping[str, str]) -> None:
            await self.act(
                "purpose.change",
                lambda work: purposes.change(
                    work,
                    known.code,
                    name=filled["name"],
                    scenario=filled["scenario"],
                    owner_rule=filled["rule"],
                    was=known,
                ),
            )

        form = FormDialog(_("Purpose"), self._fields(known), save=save, kept_as=f"purpose-{known.code}")
        await self.app.push_screen_wait(form)

    async def command_purposes_archive(self, argument: str = "") -> None:
        """No more, or again."""
        known = self._current()
        await self.act("purpose.archive", lambda work: purposes.archive(work, known.code, not known.archived))

    async def command_purposes_up(self, argument: str = "") -> None:
        """One place up."""
        await self._move(-1)

    async def command_purposes_down(self, argument: str = "") -> None:
        """One place down."""
        await self._move(1)

    async def _move(self, step: int) -> None:
        code = self._current().code
        await self.act("purpose.move", lambda work: purposes.move(work, code, step))
        self._list.go_to([one.code for one in self._known].index(code) + 1)

    def _current(self) -> Known:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._known[self._list.current_id - 1]

    def _fields(self, known: Known | None) -> list[Field]:
        with self.store.read() as connection:
            scenarios = [(code, _(name)) for _key, code, name in interests.scenarios(connection)]
            people = party_names.colleagues(connection)
        rules = [(code, _(text)) for code, text in RULES.items()]
        rules += [(f"{purposes.USER}{key}", name) for key, name in people]
        return [
            Field("name", _("Name"), known.name if known else ""),
            Field("scenario", _("Scenario"), known.scenario if known else "sale", options=scenarios),
            Field("rule", _("Owner"), known.owner_rule if known else purposes.ME, options=rules),
        ]

    def _rows(self) -> Sequence[Row]:
        with self.store.read() as connection:
            self._known = purposes.every(connection)
            scenarios = {code: _(name) for _key, code, name in interests.scenarios(connection)}
            people = dict(party_names.colleagues(connection))
        return [
            Row(
                number,
                (
                    one.name,
                    scenarios.get(one.scenario, one.scenario),
                    _(RULES[one.owner_rule])
                    if one.owner_rule in RULES
                    else people.get(int(one.owner_rule.removeprefix(purposes.USER)), "–"),
                ),
                RowFlag.DIMMED if one.archived else RowFlag.NONE,
            )
            for number, one in enumerate(self._known, 1)
        ]
