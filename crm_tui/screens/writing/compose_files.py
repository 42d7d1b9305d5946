"""Files and pictures of a letter being written: attached by their path, listed with their size, taken off."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.errors import NotFound
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.forms.path_prompt import PathPrompt
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.letter.file_types import type_label
from crm_tui.screens.wording import size_text
from crm_tui.services.writing import draft_files
from crm_tui.services.writing.draft_files import FileRow
from crm_tui.store.tables import DraftFile
from crm_tui.widgets.text_field import TextBox

if TYPE_CHECKING:
    from crm_tui.screens.acting import Acting
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[None]):
        """What the files need of their screen."""

        draft_id: int | None

        async def draft(self) -> int: ...

        def change_format(self, form: str) -> None: ...

else:
    Base = object


def file_text(file: FileRow) -> str:
    """A file as it is listed: ``offer.pdf (PDF, 12 KB)``."""
    name = clean(file.name) or _("without a name")
    if file.inline:
        return _("{name} (picture in the text, {size})").format(name=name, size=size_text(file.size))
    return f"{name} ({type_label(file.content_type)}, {size_text(file.size)})"


class FileActs(Base):
    """For the screen of a letter with a list ``compose-files`` and a text ``compose-body``."""

    last_folder = Path.home()
    """Where the last file was; kept while the program runs."""

    async def command_compose_attach(self, argument: str = "") -> None:
        """Attach a file (MAIL-32)."""
        path = await self._path(argument, _("Attach a file"))
        if path is not None:
            await self._put_in(path, inline=False)

    async def command_compose_picture(self, argument: str = "") -> None:
        """Put a picture where the cursor stands; the letter becomes one in Markdown (MAIL-32)."""
        path = await self._path(argument, _("Put a picture into the text"))
        if path is not None:
            picture = await self._put_in(path, inline=True)
            self.change_format("markdown")
            self.query_one("#compose-body", TextBox).insert(draft_files.picture_mark(picture))

    async def command_compose_detach(self, argument: str = "") -> None:
        """Take off a file, or a picture together with its place in the text."""
        files = await self.files()
        if not files:
            raise NotFound("no_files_attached")
        chosen = await self.app.push_screen_wait(
            Choice(_("Which file?"), [(str(one.id), file_text(one)) for one in files])
        )
        if chosen is None:
            return
        file = next(one for one in files if str(one.id) == chosen)
        await self.act("compose.detach", lambda work: draft_files.detach(work, file.id))
        if file.inline:
            body = self.query_one("#compose-body", TextBox)
            body.text = body.text.replace(draft_files.picture_mark(file), "")
        await self.show_files()

    async def files(self) -> list[FileRow]:
        """The files of the letter."""
        draft_id = self.draft_id
        if draft_id is None:
            return []
        return await self.look(lambda connection: draft_files.files(connection, draft_id))

    async def show_files(self) -> None:
        """List them below the subject."""
        files = await self.files()
        line = self.query_one("#compose-files", Static)
        line.set_class(bool(files), "-some")
        line.update(Content(_("Files") + ": " + " · ".join(map(file_text, files)) if files else ""))

    async def _put_in(self, path: Path, *, inline: bool) -> DraftFile:
        type(self).last_folder = path.parent
        draft_id = await self.draft()
        file = await self.act(
            "compose.attach", lambda work: draft_files.attach_path(work, draft_id, path, inline=inline)
        )
        await self.show_files()
        return file

    async def _path(self, argument: str, title: str) -> Path | None:
        if argument:
            return Path(argument).expanduser()
        folder = self.last_folder if await asyncio.to_thread(self.last_folder.is_dir) else Path.home()
        chosen = await self.app.push_screen_wait(PathPrompt(title, folder))
        return None if chosen is None else Path(chosen)
