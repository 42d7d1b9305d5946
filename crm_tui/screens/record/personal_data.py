"""``:personal_data``, ``:personal_copy`` and ``:erase_person`` of the record at hand (C-13, L-13)."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.i18n import _
from crm_tui.screens.record.record_here import record_here

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.services.ports import Ports
    from crm_tui.services.privacy.personal_data import Erasure, Preview

    class Base(App[int]):
        """What these commands need of the app."""

        ports: Ports

        def say(self, text: str, *, trouble: bool = False) -> None: ...

else:
    Base = object


class PersonalDataCommands(Base):
    """For the app. What these need is read when they are asked for."""

    async def command_everywhere_personal_data(self, argument: str = "") -> None:
        """What is held of the person."""
        from crm_tui.screens.forms.report import Report
        from crm_tui.screens.record.personal_text import preview_lines

        kind, record_id = record_here(self.screen, argument)
        preview = await asyncio.to_thread(self._preview, kind, record_id)
        title = _("Personal data of {name}").format(name=clean(preview.name))
        await self.push_screen(Report(title, [clean(line) for line in preview_lines(preview)]))

    async def command_everywhere_personal_copy(self, argument: str = "") -> None:
        """Write all that is held of the person into a zip."""
        from crm_tui.screens.forms.prompt import Prompt

        kind, record_id = record_here(self.screen, argument)
        proposed = str(Path.cwd() / f"{kind}-{record_id}.zip")
        typed = await self.push_screen_wait(Prompt(_("Write a copy of all personal data to"), proposed))
        if not typed:
            return
        path = Path(typed).expanduser().absolute()
        if path.exists():
            raise Refused("copy_exists", path=str(path))
        try:
            await asyncio.to_thread(self._copy, kind, record_id, path)
        except OSError as error:
            raise Refused("cannot_write", path=str(path), reason=error.strerror or "") from error
        self.say(_("Written to {path}.").format(path=path))

    async def command_everywhere_erase_person(self, argument: str = "") -> None:
        """Erase the person, after the name was typed."""
        from crm_tui.screens.forms.form import Field
        from crm_tui.screens.forms.report import Report
        from crm_tui.screens.record.erase_form import EraseForm
        from crm_tui.screens.record.personal_text import count_lines, erasure_lines, preview_lines

        kind, record_id = record_here(self.screen, argument)
        preview = await asyncio.to_thread(self._preview, kind, record_id)
        papers = (("yes", _("stay, without the name")), ("no", _("are erased too")))
        letters = (("no", _("stay there")), ("yes", _("are deleted too")))
        fields = (
            Field("keep", _("Papers with money"), "yes", options=papers),
            Field("from_server", _("On the mail server"), "no", options=letters),
            Field("name", _("Name")),
        )
        ended: list[Erasure] = []

        async def save(values: Mapping[str, str]) -> None:
            if fold(values["name"]) != fold(preview.name):
                raise Invalid("erase_name", name=clean(preview.name))
            ended.append(await asyncio.to_thread(self._erase, kind, record_id, values))

        counted = list(count_lines(preview.counts))
        warnings = [line for line in preview_lines(preview) if line not in counted]
        intro = [
            "; ".join(counted),
            *warnings,
            _("No undo brings this back. Type the name to erase it: {name}").format(name=preview.name),
        ]
        title = _("Erase {name}").format(name=clean(preview.name))
        form = EraseForm(title, fields, save=save, intro="\n".join(clean(line) for line in intro))
        if await self.push_screen_wait(form) is None:
            return
        lines = [clean(line) for line in erasure_lines(ended[0])]
        await self.push_screen(Report(_("Erased"), lines))

    def _preview(self, kind: str, record_id: int) -> "Preview":
        from crm_tui.services.privacy import personal_data

        with self.ports.store.read() as connection:
            return personal_data.preview(connection, kind, record_id)

    def _copy(self, kind: str, record_id: int, path: Path) -> None:
        from crm_tui.services.privacy import person_search, personal_export

        with self.ports.store.read() as connection:
            person = person_search.find(connection, kind, record_id)
            personal_export.write(connection, person, path, self.ports.clock())

    def _erase(self, kind: str, record_id: int, values: Mapping[str, str]) -> "Erasure":
        from crm_tui.services.privacy import personal_data

        keep, from_server = values["keep"] == "yes", values["from_server"] == "yes"
        store, actor = self.ports.store, self.ports.actor
        return personal_data.erase(store, actor, kind, record_id, keep=keep, from_server=from_server)
