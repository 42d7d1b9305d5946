"""What the Mail screen does when the store changes: rows are drawn anew where they stand, folders counted anew."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from crm_tui.screens.base import Topics
from crm_tui.screens.letter.mail_folders import PASSWORD_WANTED, last_load, tree_rows
from crm_tui.screens.letter.mail_preview import Preview
from crm_tui.screens.lists.list_search import SearchBar
from crm_tui.store.queries import accounts, letters
from crm_tui.store.queries import folders as folder_queries
from crm_tui.store.queries.folders import FolderRow
from crm_tui.widgets.folder_tree import FolderTree, TreeRow

if TYPE_CHECKING:
    Base = Preview
else:
    Base = object

MOST_PATCHED = 200
"""So many changed letters are looked up one by one; more, and the list is read anew."""
LETTER_TOPICS = frozenset({"letter", "inquiry"})


class Changes(Base):
    """For the Mail screen: ``_tree`` is its folders, ``_list`` the letters of ``folder_id``."""

    _tree: FolderTree
    folders: Sequence[FolderRow] = ()
    folder_id: int | None = None
    """The folder whose letters are shown; None for what a search over all folders finds."""
    finding_everywhere = False
    """A filter over all folders is in force."""
    _counting = False
    _count_again = False
    _told_wanted: Mapping[int, str] = {}
    """The accounts that the tree says wait for a password."""

    class Counted(Message):
        """The thread's answer: the folders with their counts."""

        def __init__(self, folders: Sequence[FolderRow]) -> None:
            super().__init__()
            self.folders = folders

    def show_first_folder(self) -> None:
        """The first account has just brought its folders."""
        raise NotImplementedError

    def filter_rows(self) -> list[TreeRow]:
        """What stands below the folders in the tree."""
        raise NotImplementedError

    def empty_text(self) -> Content:
        """What is said where no letter is."""
        raise NotImplementedError

    def reload(self) -> None:
        self.folders = self.folders_now()
        self.count_folders()
        self._list.set_empty(self.empty_text())
        self._list.reload()
        self.show_again()

    def store_changed(self, topics: Topics) -> None:
        if "*" in topics:
            self.reload()
            return
        if topics.keys() & {"placement", "folder", "mail_account"}:
            self.count_folders()
        if "saved_filter" in topics:
            self.show_tree(self.folders)
        if "letter_claim" in topics:
            self._list.reload()
        touched = topics.keys() & (LETTER_TOPICS | {"placement"})
        if not touched:
            return
        if any(not topics[name] or len(topics[name]) > MOST_PATCHED for name in touched):
            self._list.reload()
            self.show_again()
        else:
            self._patch(topics)

    def _patch(self, topics: Topics) -> None:
        """Draw changed letters anew where they stand; read the list anew when some came or went."""
        places = topics.get("placement", set())
        with self.store.read() as connection:
            now_in = letters.folders_of(connection, list(places))
            same = letters.places_of(
                connection, list(topics.get("letter", ())), list(topics.get("inquiry", ()))
            )
        listed = places.intersection(self._list.ids) if places else places
        here = {place for place, folder_id in now_in.items() if self.folder_id in (None, folder_id)}
        if listed - here or (here - listed and self.folder_id is not None):
            self._list.reload()
        self._list.patch([*places, *same])
        if self._list.current_id in (*places, *same):
            self.show_again()

    def count_folders(self) -> None:
        """Count the letters of all folders in a thread; one count at a time."""
        self._count_again = self._counting
        if not self._counting:
            self._counting = True
            self.run_worker(self._count_in_thread, thread=True, group="counts", exit_on_error=False)

    def _count_in_thread(self) -> None:
        folders: Sequence[FolderRow] = self.folders
        try:
            with self.store.read() as connection:
                folders = folder_queries.rows(connection)
        finally:
            self.post_message(self.Counted(folders))

    def on_changes_counted(self, event: Counted) -> None:
        self._counting = False
        self.folders = event.folders
        self.show_tree(event.folders)
        if self.folder_id is None and not (self.finding_everywhere or self.query_one(SearchBar).is_open):
            self.show_first_folder()
        if self._count_again:
            self.count_folders()

    def folders_now(self) -> list[FolderRow]:
        """The folders without their counts: quick enough for the loop."""
        with self.store.read() as connection:
            return folder_queries.rows(connection, counted=False)

    def sync_changed(self) -> None:
        if self._passwords_wanted() != self._told_wanted:
            self.show_tree(self.folders)

    def _passwords_wanted(self) -> dict[int, str]:
        """Account → code of the error by which it waits for a password."""
        sync = self.shell.ports.sync
        return {
            one.account_id: one.error.code
            for one in (sync.states() if sync is not None else ())
            if one.error is not None and one.error.code in PASSWORD_WANTED
        }

    def show_tree(self, folders: Sequence[FolderRow]) -> None:
        """Show these in the tree; the cursor stays where it is."""
        with self.store.read() as connection:
            known = accounts.in_use(connection)
        now, zone, wanted = self._now(), self._zone(), self._passwords_wanted()
        self._told_wanted = wanted
        loads = {one.key: last_load(one, now, zone, wanted.get(one.key, "")) for one in known}
        self._tree.set_rows([*tree_rows(folders, loads), *self.filter_rows()])
