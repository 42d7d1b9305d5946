"""The files attached to a card, with all their versions (CORP-06, C77-12)."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.content import Content

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.forms.path_prompt import PathPrompt
from crm_tui.screens.forms.prompt import Prompt
from crm_tui.screens.letter.file_types import type_label
from crm_tui.screens.letter.mail_files import asked_folder, opened_outside, say_saved, shown_here
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.wording import list_date, size_text
from crm_tui.services.document import card_files
from crm_tui.services.document.card_files import FileRow, VersionRow
from crm_tui.services.letter import attachments
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row

TABLES = frozenset({"card_file", "file_version"})


class StoredFiles(ListScreen[None]):
    """What both lists share: Enter shows the file here, o opens it in a program, s saves it."""

    TABLES = TABLES

    def chosen_file(self) -> tuple[FileRow, int | None]:
        """The file under the cursor, and which version of it; None for the newest. Raises Refused."""
        raise NotImplementedError

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.run_worker(self._show(), group="command")

    async def command_card_files_open(self, argument: str = "") -> None:
        file, content = await self._content()
        await opened_outside(self, file.name, file.media_type, content)

    async def command_card_files_save(self, argument: str = "") -> None:
        """Into a folder that is asked for, never over a file that is there."""
        file, content = await self._content()
        folder = await asked_folder(self, argument)
        if folder is not None:
            path = await asyncio.to_thread(attachments.save_content, folder, file.name, content)
            say_saved(self, folder, [path])

    async def _show(self) -> None:
        file, content = await self._content()
        await shown_here(self, file.name, file.media_type, content)

    async def _content(self) -> tuple[FileRow, bytes]:
        file, number = self.chosen_file()
        return file, await self.look(lambda connection: card_files.content_of(connection, file.id, number))


class CardFilesScreen(StoredFiles):
    """The files of one card by name."""

    SCOPES: ClassVar[tuple[str, ...]] = ("card_files",)

    def __init__(self, kind: str, record_id: int, title: str) -> None:
        super().__init__()
        self._kind, self._record_id, self._title = kind, record_id, title
        self._files: dict[int, FileRow] = {}

    def list_title(self) -> str:
        return _("Files: {name}").format(name=self._title)

    def record_here(self) -> tuple[str, int]:
        """The card that the files are attached to."""
        return self._kind, self._record_id

    def make_list(self) -> RecordList:
        columns = (
            Column("name", _("File"), flex=1, min_width=24, sortable=False),
            Column("kind", _("Kind"), width=14, sortable=False, drop=2),
            Column("size", _("Size"), width=7, align="right", sortable=False),
            Column("version", _("Version"), width=8, align="right", sortable=False),
            Column("at", _("When"), width=8, sortable=False),
            Column("by", _("Who"), width=14, sortable=False, drop=1),
        )
        return RecordList(
            SmallSource(columns, self._rows),
            Order(""),
            empty=Content(_("Nothing is attached here yet. a attaches a file.")),
        )

    def chosen_file(self) -> tuple[FileRow, int | None]:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._files[self._list.current_id], None

    async def command_card_files_attach(self, argument: str = "") -> None:
        """A file of this computer, its path completed by Tab, with a few words about it."""
        typed = argument or await self.app.push_screen_wait(PathPrompt(_("Attach a file"), Path.home()))
        if not typed:
            return
        path = Path(typed).expanduser()
        content = await asyncio.to_thread(lambda: card_files.packed(card_files.read(path)))
        comment = ""
        if any(file.name == path.name for file in self._files.values()):
            said = await self.app.push_screen_wait(
                Prompt(_("What is new in this version?"), may_be_empty=True)
            )
            if said is None:
                return
            comment = said

        def verb(work: Work) -> int:
            attached = card_files.attach(
                work, self._kind, self._record_id, path.name, content, comment=comment
            )
            return attached.key

        key = await self.act("card_files.attach", verb)
        self._list.go_to(key)
        self.shell.say(_("Attached: {name}").format(name=clean(path.name)))

    def command_card_files_versions(self, argument: str = "") -> None:
        """All versions of the file under the cursor."""
        file, _newest = self.chosen_file()
        self.app.push_screen(VersionsScreen(file))

    async def command_card_files_rename(self, argument: str = "") -> None:
        file, _newest = self.chosen_file()
        name = argument or await self.app.push_screen_wait(Prompt(_("Name of the file"), file.name))
        if name:
            await self.act("card_files.rename", lambda work: card_files.rename(work, file.id, name))

    async def command_card_files_remove(self, argument: str = "") -> None:
        """The marked files, or the one under the cursor; an undo brings them back."""
        chosen = self._list.marked_ids() or (self.chosen_file()[0].id,)
        names = ", ".join(self._files[key].name for key in chosen)

        def verb(work: Work) -> None:
            for key in chosen:
                card_files.remove(work, key)

        await self.act("card_files.remove", verb)
        self.shell.say(_("Taken away: {name}. u brings it back.").format(name=names))

    def _rows(self) -> Sequence[Row]:
        now, zone = self._now(), self._zone()
        with self.store.read() as connection:
            files = {one.id: one for one in card_files.of_card(connection, self._kind, self._record_id)}
        self._files = files
        return [
            Row(
                one.id,
                (
                    clean(one.name),
                    f"[{type_label(one.media_type, one.name)}]",
                    size_text(one.size),
                    str(one.versions),
                    list_date(one.at, now, zone),
                    clean(one.by),
                ),
            )
            for one in files.values()
        ]


class VersionsScreen(StoredFiles):
    """All versions of one file, the newest on top."""

    SCOPES = ("file_versions", "card_files")

    def __init__(self, file: FileRow) -> None:
        super().__init__()
        self._file = file
        self._versions: dict[int, VersionRow] = {}

    def list_title(self) -> str:
        return _("Versions: {name}").format(name=clean(self._file.name))

    def make_list(self) -> RecordList:
        columns = (
            Column("number", _("Version"), width=8, align="right", sortable=False),
            Column("at", _("When"), width=8, sortable=False),
            Column("by", _("Who"), width=14, sortable=False),
            Column("size", _("Size"), width=7, align="right", sortable=False),
            Column("comment", _("Comment"), flex=1, min_width=16, sortable=False),
        )
        return RecordList(SmallSource(columns, self._rows), Order(""))

    def chosen_file(self) -> tuple[FileRow, int | None]:
        return self._file, self._version().number

    async def command_file_versions_revert(self, argument: str = "") -> None:
        """The version under the cursor is the newest again."""
        version = self._version()
        await self.act("file_versions.revert", lambda work: card_files.revert(work, version.id))
        self.shell.say(
            _("Version {number} is the newest again. u takes it back.").format(number=version.number)
        )

    def _version(self) -> VersionRow:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._versions[self._list.current_id]

    def _rows(self) -> Sequence[Row]:
        now, zone = self._now(), self._zone()
        with self.store.read() as connection:
            self._versions = {one.id: one for one in card_files.versions(connection, self._file.id)}
        return [
            Row(
                one.id,
                (
                    str(one.number),
                    list_date(one.at, now, zone),
                    clean(one.by),
                    size_text(one.size),
                    _comment(one),
                ),
            )
            for one in self._versions.values()
        ]


def _comment(version: VersionRow) -> str:
    """What was said of a version; of one that was made the newest again which it is."""
    if version.comment.startswith(card_files.AGAIN):
        return _("version {number} again").format(number=version.comment.removeprefix(card_files.AGAIN))
    return clean(version.comment)
