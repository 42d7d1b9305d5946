"""The list of templates of letters and saved replies: made, changed and deleted (MAIL-34, IDX-23)."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual.content import Content

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.writing import letter_templates, letter_values
from crm_tui.services.writing.letter_templates import TemplateRow
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row

BODY_LINES = 7
EVERYBODY, OWN = "everybody", "own"


class TemplatesScreen(ListScreen[None]):
    """The templates that this person can take."""

    SCOPES = ("templates",)
    TABLES = frozenset({"letter_template"})

    def list_title(self) -> str:
        return _("Templates of letters and saved replies")

    def make_list(self) -> RecordList:
        self._templates: dict[int, TemplateRow] = {}
        columns = (
            Column("name", _("Template"), flex=2, min_width=14, sortable=False),
            Column("code", _("Code"), width=12, sortable=False),
            Column("subject", _("Subject"), flex=2, min_width=12, sortable=False, drop=1),
            Column("text", _("Text"), flex=3, min_width=16, sortable=False),
        )
        return RecordList(
            SmallSource(columns, self._rows),
            Order(""),
            empty=Content(_("No templates yet. n writes one; a short code makes it a saved reply.")),
        )

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("templates.change")

    async def command_templates_add(self, argument: str = "") -> None:
        """A new template."""

        async def save(values: Mapping[str, str]) -> None:
            await self.act("template.add", lambda work: letter_templates.add(work, **_written(values)))

        form = FormDialog(
            _("New template"), _fields(None), save=save, intro=_placeholders(), kept_as="template.new"
        )
        if await self.app.push_screen_wait(form) is not None:
            self.shell.say(_("The template is kept."))

    async def command_templates_change(self, argument: str = "") -> None:
        """Another text for the template under the cursor."""
        row = self._chosen()

        async def save(values: Mapping[str, str]) -> None:
            await self.act(
                "template.change", lambda work: letter_templates.change(work, row.id, **_written(values))
            )

        form = FormDialog(clean(row.name), _fields(row), save=save, intro=_placeholders())
        if await self.app.push_screen_wait(form) is not None:
            self.shell.say(_("The template is kept."))

    async def command_templates_delete(self, argument: str = "") -> None:
        row = self._chosen()
        await self.act("template.remove", lambda work: letter_templates.remove(work, row.id))
        self.shell.say(_("{name} deleted. u takes it back.").format(name=clean(row.name)))

    def _rows(self) -> list[Row]:
        with self.store.read() as connection:
            found = letter_templates.templates(connection, self.actor.user_id)
        self._templates = {one.id: one for one in found}
        return [
            Row(
                one.id,
                (
                    clean(one.name) + ("" if one.user_id is None else " " + _("(mine)")),
                    f"/{clean(one.short_code)}" if one.short_code else "",
                    clean(one.subject),
                    clean(" ".join(one.body.split())),
                ),
            )
            for one in found
        ]

    def _chosen(self) -> TemplateRow:
        row = self._templates.get(self._list.current_id or 0)
        if row is None:
            raise Refused("nothing_chosen")
        return row


def _fields(row: TemplateRow | None) -> Sequence[Field]:
    whose = [(EVERYBODY, _("everybody's")), (OWN, _("mine alone"))]
    return (
        Field("name", _("Template name"), row.name if row else ""),
        Field("short_code", _("Short code"), row.short_code if row else ""),
        Field("own", _("Whose"), OWN if row and row.user_id is not None else EVERYBODY, options=whose),
        Field("subject", _("Subject"), row.subject if row else ""),
        Field("body", _("Text"), row.body if row else "", lines=BODY_LINES),
    )


def _written(values: Mapping[str, str]) -> dict[str, Any]:
    return {**values, "own": values["own"] == OWN}


def _placeholders() -> str:
    """What can stand in a template; the names are those of the fields, in no language."""
    names = "  ".join(f"{record}.{{{','.join(fields)}}}" for record, fields in letter_values.FIELDS.items())
    return _("{example} stands for a value: {names}").format(
        example='{{ contact.first_name | fallback("…") }}', names=names
    )
