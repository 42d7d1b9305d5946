"""Manage folders (MAIL-05…09): made, renamed, moved, deleted, synced or not; the servers follow."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textual.content import Content

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _, ngettext
from crm_tui.screens.forms.prompt import Choice, Confirm, Prompt
from crm_tui.screens.letter import folder_source
from crm_tui.screens.letter.folder_source import MODES
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.letter import folders
from crm_tui.store.queries import folder_states
from crm_tui.store.queries.folder_states import FolderState
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order

BESIDE = "0"
"""The choice of a place for a folder that is within no other."""


class FoldersScreen(ListScreen[None]):
    """The folders of all accounts; the cursor starts on ``folder_id``."""

    SCOPES = ("folders",)
    TABLES = frozenset({"folder", "mail_account", "placement"})
    CURSOR = "folder"

    def __init__(self, folder_id: int | None = None) -> None:
        super().__init__()
        self._start = folder_id

    def list_title(self) -> str:
        return _("Mail folders")

    def make_list(self) -> RecordList:
        source = SmallSource(folder_source.columns(), lambda: folder_source.rows(self._states()))
        return RecordList(source, Order(""), empty=Content(_("No mail account yet: :add_account")))

    def on_mount(self) -> None:
        if self._start is not None:
            self._list.go_to(self._start)

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if self._start is None:
            super().restore_session(state)

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        """Enter is what is done most often here: the choice of how much of the folder is kept."""
        self.shell.run_command("folders.keep")

    async def command_folders_new(self, argument: str = "") -> None:
        """Within the folder under the cursor when it is one that may have such, else beside the first ones."""
        beside = self._current()
        parent = await self._place(beside, _("Where is the new folder?"), but=())
        if parent is None:
            return
        name = argument or await self._ask(_("Name of the new folder"), "")
        if name:
            made = await self.act(
                "folder.create",
                lambda work: folders.create(work, beside.account_id, name, parent_id=parent or None).key,
            )
            self._list.reload()
            self._list.go_to(made)
            self._push()

    async def command_folders_rename(self, argument: str = "") -> None:
        folder = self._current()
        name = argument or await self._ask(_("New name"), _leaf(folder))
        if name:
            await self.act("folder.rename", lambda work: folders.rename(work, folder.id, name))
            self._push()

    async def command_folders_move(self, argument: str = "") -> None:
        folder = self._current()
        parent = await self._place(
            folder, _("Put “{folder}” under which folder?").format(folder=clean(folder.name))
        )
        if parent is not None:
            await self.act("folder.move", lambda work: folders.move(work, folder.id, parent or None))
            self._push()

    async def command_folders_delete(self, argument: str = "") -> None:
        """After a question that says how many letters go to the trash (MAIL-06)."""
        folder = self._current()
        name = clean(folder.name)
        question = ngettext(
            "Delete “{folder}”? {n} letter goes to the trash.",
            "Delete “{folder}”? {n} letters go to the trash.",
            folder.here,
        ).format(folder=name, n=folder.here)
        if await self.app.push_screen_wait(Confirm(question)):
            await self.act("folder.delete", lambda work: folders.delete(work, folder.id, agreed=True))
            self.shell.say(_("“{folder}” is deleted; u takes it back.").format(folder=name))
            self._push()

    async def command_folders_subscribe(self, argument: str = "") -> None:
        """All chosen ones; when they are all subscribed to, it ends (MAIL-07)."""
        chosen = self._chosen()
        on = not all(one.subscribed and one.sync_mode != "none" for one in self._states() if one.id in chosen)
        count = await self.act("folder.subscribe", lambda work: folders.subscribe(work, chosen, on=on))
        said = (
            ngettext("{n} folder is synced from now on.", "{n} folders are synced from now on.", count)
            if on
            else ngettext("{n} folder is no longer synced.", "{n} folders are no longer synced.", count)
        )
        self._told(said.format(n=count))

    async def command_folders_keep(self, argument: str = "") -> None:
        mode: str | None = argument or await self.app.push_screen_wait(
            Choice(
                _("How much is kept here?"),
                [
                    ("full", _("all: texts and files too")),
                    ("headers", _("headers: texts when they are opened")),
                    ("none", _("nothing: the folder is not synced")),
                ],
            )
        )
        if mode is None:
            return
        if mode not in MODES:
            raise Invalid("not_a_sync_mode", value=mode)
        await self._change("folder.keep", lambda work, ids: folders.set_sync_mode(work, ids, mode))

    async def command_folders_age(self, argument: str = "") -> None:
        days = argument or await self.app.push_screen_wait(
            Prompt(
                _("Days after which texts are fetched only when opened"),
                hint=_("0: never; empty: as the account says"),
                may_be_empty=True,
            )
        )
        if days is not None:
            limit = _days(days)
            await self._change("folder.age", lambda work, ids: folders.set_age_limit(work, ids, limit))

    # Parts of them

    async def _change(self, command: str, verb: Callable[[Work, Sequence[int]], int]) -> None:
        chosen = self._chosen()
        count = await self.act(command, lambda work: verb(work, chosen))
        self._told(ngettext("{n} folder changed.", "{n} folders changed.", count).format(n=count))

    def _told(self, text: str) -> None:
        self.shell.say(text)
        self._push()

    def _push(self) -> None:
        if self.shell.ports.sync is not None:
            self.shell.ports.sync.fetch()

    async def _ask(self, title: str, value: str) -> str | None:
        return await self.app.push_screen_wait(Prompt(title, value))

    async def _place(
        self, folder: FolderState, title: str, *, but: Sequence[int] | None = None
    ) -> int | None:
        """A folder of the same account chosen by the user; 0 for within none, None when given up."""
        left_out = (folder.id,) if but is None else but
        near = [
            one for one in self._states() if one.account_id == folder.account_id and one.id not in left_out
        ]
        options = [(BESIDE, _("beside the first folders"))]
        options += [(str(one.id), folder_source.title(one)) for one in near]
        chosen = await self.app.push_screen_wait(Choice(title, options))
        return None if chosen is None else int(chosen)

    def _states(self) -> list[FolderState]:
        with self.store.read() as connection:
            return folder_states.of_accounts(connection)

    def _chosen(self) -> tuple[int, ...]:
        return self._list.marked_ids() or (self._current().id,)

    def _current(self) -> FolderState:
        for one in self._states():
            if one.id == self._list.current_id:
                return one
        raise Refused("nothing_chosen")


def _leaf(folder: FolderState) -> str:
    return folder.name.rpartition(folder.delimiter)[2] if folder.delimiter else folder.name


def _days(typed: str) -> int | None:
    if not typed.strip():
        return None
    if not typed.strip().isdecimal():
        raise Invalid("not_a_number_of_days", value=clean(typed))
    return int(typed)
