"""The checklist of a state, as an administrator writes it (IDX-34)."""

from collections.abc import Mapping, Sequence

from textual.content import Content

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.prompt import Prompt
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.interest import checklists, scenarios
from crm_tui.services.interest.checklist_fields import FIELDS
from crm_tui.store.tables.deals import ChecklistItem
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row

REQUIRED = {"no": False, "yes": True}


class ChecklistScreen(ListScreen[None]):
    """The items of one state."""

    SCOPES = ("checklist",)
    TABLES = frozenset({"checklist_item"})

    def __init__(self, state_id: int) -> None:
        super().__init__()
        self._state_id = state_id

    def list_title(self) -> str:
        with self.store.read() as connection:
            state = scenarios.state(connection, self._state_id)
        return _("Checklist: {state}").format(state=_(state.name))

    def make_list(self) -> RecordList:
        self._items: dict[int, ChecklistItem] = {}
        columns = (
            Column("text", _("To be checked off"), flex=1, min_width=30, sortable=False),
            Column("required", _("Required"), width=14, sortable=False),
            Column("field", _("Checked by itself"), width=18, sortable=False, drop=1),
        )
        return RecordList(
            SmallSource(columns, self._rows),
            Order(""),
            empty=Content(_("Nothing is asked for in this state. n adds an item.")),
        )

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("checklist.change")

    async def command_checklist_add(self, argument: str = "") -> None:
        """A new item at the end."""

        async def save(filled: Mapping[str, str]) -> None:
            await self.act(
                "checklist.add",
                lambda work: checklists.add_item(
                    work,
                    self._state_id,
                    filled["text"],
                    required=REQUIRED[filled["required"]],
                    field=filled["field"],
                ),
            )

        fields = [
            Field("text", _("To be checked off"), argument),
            Field("required", _("Required"), "no", options=[("no", _("no")), ("yes", _("yes"))]),
            Field(
                "field",
                _("Checked by itself"),
                options=[("", _("no")), *((code, _(name)) for code, name in FIELDS.items())],
            ),
        ]
        await self.app.push_screen_wait(FormDialog(_("New item"), fields, save=save))

    async def command_checklist_change(self, argument: str = "") -> None:
        """Another wording."""
        item = self._item()
        text = argument or await self.app.push_screen_wait(Prompt(_("To be checked off"), item.text))
        if text:
            await self.act(
                "checklist.change",
                lambda work: checklists.change_item(
                    work, item.key, text, required=item.required, expected_version=item.version
                ),
            )

    async def command_checklist_require(self, argument: str = "") -> None:
        """Required, or not any more."""
        item = self._item()
        await self.act(
            "checklist.require",
            lambda work: checklists.change_item(
                work, item.key, item.text, required=not item.required, expected_version=item.version
            ),
        )

    async def command_checklist_up(self, argument: str = "") -> None:
        """One place up."""
        key = self._item().key
        await self.act("checklist.move", lambda work: checklists.move_item(work, key, -1))

    async def command_checklist_down(self, argument: str = "") -> None:
        """One place down."""
        key = self._item().key
        await self.act("checklist.move", lambda work: checklists.move_item(work, key, 1))

    async def command_checklist_remove(self, argument: str = "") -> None:
        """Ask for it no more."""
        key = self._item().key
        await self.act("checklist.remove", lambda work: checklists.archive_item(work, key))

    def _item(self) -> ChecklistItem:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._items[self._list.current_id]

    def _rows(self) -> Sequence[Row]:
        with self.store.read() as connection:
            self._items = {one.key: one for one in checklists.items(connection, self._state_id)}
        return [
            Row(
                key,
                (
                    _(one.text) if one.field else one.text,
                    _("required") if one.required else "",
                    _(FIELDS[one.field]) if one.field in FIELDS else "",
                ),
            )
            for key, one in self._items.items()
        ]
