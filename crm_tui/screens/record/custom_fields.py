"""The fields that the company added to its cards, as an administrator sees them (ELMA-05)."""

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.record import custom_fields
from crm_tui.services.record.custom_fields import OwnField
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag


class CustomFieldsScreen(ListScreen[None]):
    """The fields of one kind of card in the order in which its form asks for them."""

    SCOPES = ("custom_fields",)
    TABLES = frozenset({"custom_field"})

    def __init__(self, kind: str = "customer") -> None:
        super().__init__()
        self._kind = kind
        self._fields: dict[int, OwnField] = {}

    def list_title(self) -> str:
        return _("Fields of one's own: {kind}  (o: others)").format(kind=_(custom_fields.KINDS[self._kind]))

    def make_list(self) -> RecordList:
        columns = (
            Column("label", _("Field"), flex=2, min_width=20, sortable=False),
            Column("type", _("Type"), width=16, sortable=False),
            Column("need", _("Need"), width=13, sortable=False),
            Column("choices", _("Choices"), flex=2, min_width=14, sortable=False, drop=1),
            Column("code", _("Code"), width=18, sortable=False, drop=2),
        )
        return RecordList(
            SmallSource(columns, self._rows), Order(""), empty=Content(_("No fields yet. n adds one."))
        )

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("custom_fields.change")

    async def command_custom_fields_add(self, argument: str = "") -> None:
        """A new field at the end of the form."""
        await self._ask(None, argument)

    async def command_custom_fields_change(self, argument: str = "") -> None:
        """The field under the cursor."""
        await self._ask(self._chosen())

    async def command_custom_fields_archive(self, argument: str = "") -> None:
        field = self._chosen()
        await self.act(
            "custom_fields.archive", lambda work: custom_fields.archive(work, field.id, not field.archived)
        )

    async def command_custom_fields_up(self, argument: str = "") -> None:
        await self._move(-1)

    async def command_custom_fields_down(self, argument: str = "") -> None:
        await self._move(1)

    async def command_custom_fields_which(self, argument: str = "") -> None:
        """The fields of another kind of card."""
        kind = await asked_kind(self)
        if kind:
            self._kind = kind
            self.query_one(".card-title", Static).update(Content(self.list_title()))
            self._list.reload()

    async def _move(self, step: int) -> None:
        field = self._chosen()
        await self.act("custom_fields.move", lambda work: custom_fields.move(work, field.id, step))
        self._list.go_to(field.id)

    async def _ask(self, field: OwnField | None, label: str = "") -> None:
        kind = self._kind

        async def save(filled: Mapping[str, str]) -> None:
            choices = filled["choices"].split(";")

            def verb(work: Work) -> None:
                said = {"label": filled["label"], "need": filled["need"]}
                if field is None:
                    custom_fields.add(work, kind, type=filled["type"], choices=choices, **said)
                else:
                    custom_fields.change(work, field.id, choices=choices, **said)

            await self.act("custom_fields.change" if field else "custom_fields.add", verb)

        types = [(code, _(name)) for code, name in custom_fields.TYPES.items()]
        if field is not None:  # the values have it
            types = [one for one in types if one[0] == field.type]
        await self.app.push_screen_wait(
            FormDialog(
                _("Field of one's own"),
                [
                    Field("label", _("Field"), field.label if field else label),
                    Field("type", _("Type"), types[0][0], options=types),
                    Field(
                        "need",
                        _("Need"),
                        field.need if field else "",
                        options=[(code, _(name)) for code, name in custom_fields.NEEDS.items()],
                    ),
                    Field("choices", _("Choices, apart by ;"), "; ".join(field.choices) if field else ""),
                ],
                save=save,
                kept_as=f"custom-field-{field.id if field else kind}",
            )
        )

    def _chosen(self) -> OwnField:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._fields[self._list.current_id]

    def _rows(self) -> Sequence[Row]:
        with self.store.read() as connection:
            fields = custom_fields.of_kind(connection, self._kind, archived=True)
        self._fields = {one.id: one for one in fields}
        return [
            Row(
                one.id,
                (
                    clean(one.label),
                    _(custom_fields.TYPES[one.type]),
                    _("not asked for") if one.archived else _(custom_fields.NEEDS[one.need]),
                    "; ".join(one.choices),
                    f"custom.{one.code}",
                ),
                RowFlag.DIMMED if one.archived else RowFlag.NONE,
            )
            for one in fields
        ]


async def asked_kind(screen: ListScreen[None]) -> str | None:
    """A kind of card, chosen; None when that is given up."""
    options = [(kind, _(title)) for kind, title in custom_fields.KINDS.items()]
    answer: str | None = await screen.app.push_screen_wait(Choice(_("Which cards"), options))
    return answer
