"""For the app: `:import` from any place, `:export` of the list at hand."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.i18n import _, ngettext

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.services.ports import Ports
    from crm_tui.widgets.record_list import RecordList

    class Base(App[int]):
        """What these commands need of the app."""

        ports: Ports

        def say(self, text: str, *, trouble: bool = False) -> None: ...

else:
    Base = object


class ExchangeCommands(Base):
    """What these need is read when they are asked for."""

    async def command_everywhere_import(self, argument: str = "") -> None:
        """``KIND FILE``; what is missing is asked for."""
        from crm_tui.screens.exchange.import_file import ImportScreen
        from crm_tui.screens.forms.path_prompt import PathPrompt
        from crm_tui.screens.forms.prompt import Choice
        from crm_tui.services.exchange import import_fields, import_plan

        kinds = {code: _(name) for code, name in import_fields.KINDS.items()}
        kind, path = _understood(argument, kinds)
        if not kind:
            # The place at hand is the likeliest.
            options = sorted(kinds.items(), key=lambda one: one[0] != self.current_mode)
            kind = await self.push_screen_wait(Choice(_("Import what"), options)) or ""
        if kind and not path:
            path = await self.push_screen_wait(PathPrompt(_("Import from which file"), Path.cwd())) or ""
        if not kind or not path:
            return
        file = Path(path).expanduser().absolute()
        try:
            proposal = await asyncio.to_thread(import_plan.looked_into, self.ports.store, kind, file)
        except OSError as error:
            raise Invalid("cannot_read", path=str(file), reason=error.strerror or "") from error
        if isinstance(self.screen, ImportScreen):
            self.screen.dismiss(None)
        await self.push_screen(ImportScreen(file, proposal))

    async def command_list_export(self, argument: str = "") -> None:
        """The marked rows, else all that the list shows, in its order."""
        from crm_tui.screens.exchange import list_export

        records = self._list_at_hand()
        path = argument.strip()
        if not path:
            from crm_tui.screens.forms.prompt import Prompt

            hint = _("a name ending in .csv, .xlsx, .vcf or .json")
            path = await self.push_screen_wait(Prompt(_("Export into which file"), hint=hint)) or ""
        if not path:
            return
        file = Path(path).expanduser().absolute()
        kind = self.current_mode if len(self.screen_stack) == 1 else ""
        chosen = list_export.Chosen(
            kind, records.source, records.order, records.needle, tuple(records.marked_ids())
        )
        try:
            written = await asyncio.to_thread(list_export.write, self.ports, chosen, file)
        except OSError as error:
            raise Invalid("cannot_write", path=str(file), reason=error.strerror or "") from error
        said = ngettext("{count} row written: {path}", "{count} rows written: {path}", written)
        self.say(said.format(count=written, path=str(file)))

    def _list_at_hand(self) -> "RecordList":
        from crm_tui.widgets.record_list import RecordList

        focused = self.focused
        nodes: list[Any] = [] if focused is None else [*focused.ancestors_with_self]
        found = next((one for one in nodes if isinstance(one, RecordList)), None)
        lists = list(self.screen.query(RecordList)) if found is None else [found]
        if not lists:
            raise Refused("export_no_list")
        return lists[0]


def _understood(argument: str, kinds: Mapping[str, str]) -> tuple[str, str]:
    """Kind and path of ``leads ~/fair.csv``; a kind may be begun only, or said in the words of the screens."""
    from crm_tui.domain.text import fold

    first, _blank, rest = argument.strip().partition(" ")
    wanted = fold(first)
    for code, name in kinds.items():
        if wanted and (code.startswith(wanted) or fold(name).startswith(wanted)):
            return code, rest.strip()
    return "", argument.strip()
