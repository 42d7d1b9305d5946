"""Mail: the folders of all accounts, the letters of one of them or what a search found, and the letter."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from textual.containers import Container, Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from crm_tui.commands.command import Command
from crm_tui.domain.errors import Refused
from crm_tui.i18n import _, ngettext
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.list_search import ListSearch, SearchBar
from crm_tui.screens.mail_acts import LetterActs
from crm_tui.screens.mail_folders import tree_rows
from crm_tui.screens.mail_preview import Preview
from crm_tui.screens.mail_source import NEWEST_FIRST, LetterSource
from crm_tui.screens.reader import LetterScreen
from crm_tui.store.queries import folders as folder_queries
from crm_tui.store.queries import letters
from crm_tui.store.queries.folders import FolderRow
from crm_tui.widgets.folder_tree import FolderTree
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.letter_view import LetterView
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order
from crm_tui.widgets.text_field import TextField

OUTGOING = ("sent", "drafts")
MOST_PATCHED = 200
"""So many changed letters are looked up one by one; more, and the list is read anew."""
LETTER_TOPICS = frozenset({"letter", "inquiry", "letter_link"})


class MailScreen(ListSearch, Preview, LetterActs, CrmScreen[None]):
    """The Mail workstation."""

    SCOPES = ("mail",)
    CSS_PATH = "mail.tcss"

    class Counted(Message):
        """The thread's answer: the folders with their counts."""

        def __init__(self, folders: Sequence[FolderRow]) -> None:
            super().__init__()
            self.folders = folders

    _folders: Sequence[FolderRow] = ()
    _folder_id: int | None = None
    _counting = False
    _count_again = False

    def compose_body(self) -> Iterable[Widget]:
        kept = self.shell.kept_state(self)
        self._folders = self._folders_now()
        known = {one.id: one for one in self._folders if one.selectable}
        first = next(iter(known), None)
        self._folder_id = kept.get("folder") if kept.get("folder") in known else first
        self._tree = FolderTree(id="mail-folders")
        self._list = RecordList(self._source_of(self._folder_id), NEWEST_FIRST, empty=self._empty_text())
        self._view = LetterView(id="mail-preview")
        with Horizontal(id="mail-panes"):
            yield self._tree
            with Container(id="mail-letters"):
                yield self._list
                yield self._view
        yield SearchBar(self._list)

    def on_mount(self) -> None:
        self._list.focus()
        self._show_tree(self._folders)
        if self._folder_id is not None:
            self._tree.go_to(self._folder_id)
        self.place_preview()
        self._count()

    def on_resize(self) -> None:
        self.place_preview()

    # The session

    def session_state(self) -> dict[str, Any]:
        return {
            "folder": self._folder_id,
            "letter": self._list.current_id,
            "needle": self._list.needle,
            "order": [self._list.order.column, self._list.order.descending],
            "view": self.view,
            "previews": self.preview_by_view,
            "folded": sorted(self._tree.folded),
        }

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if state.get("view") in ("normal", "horizontal", "vertical"):
            self.view = state["view"]
        self.preview_by_view.update(
            {
                name: bool(on)
                for name, on in (state.get("previews") or {}).items()
                if name in self.preview_by_view
            }
        )
        self._tree.folded = set(state.get("folded") or ())
        self._show_tree(self._folders)
        column, descending = state.get("order") or ("date", True)
        if column in letters.SORT_COLUMNS:
            self._list.set_order(Order(column, bool(descending)))
        if state.get("needle"):
            self.query_one(SearchBar).open(str(state["needle"]))
        if isinstance(state.get("letter"), int):
            self._list.go_to(state["letter"])
        self.place_preview()

    # Changes of the store

    def reload(self) -> None:
        self._folders = self._folders_now()
        self._count()
        self._list.set_empty(self._empty_text())
        self._list.reload()
        self.show_again()

    def store_changed(self, topics: Topics) -> None:
        if "*" in topics:
            self.reload()
            return
        if topics.keys() & {"placement", "folder", "mail_account"}:
            self._count()
        touched = topics.keys() & (LETTER_TOPICS | {"placement"})
        if not touched:
            return
        if any(not topics[name] or len(topics[name]) > MOST_PATCHED for name in touched):
            self._list.reload()
        else:
            self._patch(topics)
        self.show_again()

    def _patch(self, topics: Topics) -> None:
        """Draw changed letters anew where they stand; read the list anew when some came or went."""
        places = topics.get("placement", set())
        with self.store.read() as connection:
            now_in = letters.folders_of(connection, list(places))
            same = letters.places_of(
                connection, list(topics.get("letter", ())), list(topics.get("inquiry", ()))
            )
        listed = set(self._list.ids) if places else set()
        here = {place for place, folder_id in now_in.items() if self._folder_id in (None, folder_id)}
        if (places & listed) - here or (here - listed and self._folder_id is not None):
            self._list.reload()
        self._list.patch([*places, *same])

    def _count(self) -> None:
        """Count the letters of all folders in a thread; one count at a time."""
        self._count_again = self._counting
        if not self._counting:
            self._counting = True
            self.run_worker(self._count_in_thread, thread=True, group="counts", exit_on_error=False)

    def _count_in_thread(self) -> None:
        folders: Sequence[FolderRow] = self._folders
        try:
            with self.store.read() as connection:
                folders = folder_queries.rows(connection)
        finally:
            self.post_message(self.Counted(folders))

    def on_mail_screen_counted(self, event: Counted) -> None:
        self._counting = False
        self._folders = event.folders
        self._show_tree(event.folders)
        if self._folder_id is None and not self.query_one(SearchBar).is_open:
            self._show_first_folder()
        if self._count_again:
            self._count()

    # Folders

    def _folders_now(self) -> list[FolderRow]:
        with self.store.read() as connection:
            return folder_queries.rows(connection, counted=False)

    def _show_tree(self, folders: Sequence[FolderRow]) -> None:
        self._tree.set_rows(tree_rows(folders))

    def _folder(self) -> FolderRow | None:
        return next((one for one in self._folders if one.id == self._folder_id), None)

    def _source_of(self, folder_id: int | None) -> LetterSource:
        role = next((one.role for one in self._folders if one.id == folder_id), "")
        ports = self.shell.ports
        return LetterSource(self.store, ports.clock, ports.zone, folder_id, outgoing=role in OUTGOING)

    def _empty_text(self) -> Content:
        if not self._folders:
            return Content(_("No mail account yet. Type :add_account and Enter to set one up."))
        if self._folder_id is None:
            return Content(_("Type words: they are looked for in the letters of all folders."))
        return Content(_("No letters here."))

    def _show_folder(self, folder_id: int | None) -> None:
        """Show the letters of a folder; None: those that a search over all folders finds."""
        if folder_id == self._folder_id:
            return
        self._folder_id = folder_id
        bar = self.query_one(SearchBar)
        bar.query_one(TextField).value = ""
        bar.remove_class("-open")
        source = self._source_of(folder_id)
        order = self._list.order
        sortable = [column.id for column in source.columns if column.sortable]
        self._list.show(source, order if order.column in sortable else NEWEST_FIRST)
        self._list.set_empty(self._empty_text())
        self.refresh_frame()
        self.session_changed()

    def _show_first_folder(self) -> None:
        """The first account has just brought its folders."""
        first = next((one.id for one in self._folders if one.selectable), None)
        if first is not None:
            self._show_folder(first)
            self._tree.go_to(first)

    def on_folder_tree_highlighted(self, event: FolderTree.Highlighted) -> None:
        if event.row.folder_id is not None:
            self._show_folder(event.row.folder_id)

    def on_folder_tree_opened(self, _event: FolderTree.Opened) -> None:
        self._list.focus()

    async def command_mail_folder(self, argument: str = "") -> None:
        """Go to a folder by a part of its name."""
        folder_id = await self.folder_for(None, argument)
        if folder_id is not None:
            self._show_folder(folder_id)
            self._tree.go_to(folder_id)
            self._list.focus()

    def command_mail_find(self, argument: str = "") -> None:
        """Search the letters of all folders."""
        self._show_folder(None)
        self.query_one(SearchBar).open(argument)

    def command_everywhere_back(self, argument: str = "") -> None:
        """Esc gives up the search, then what was found in all folders, then goes back."""
        searching = self.query_one(SearchBar).is_open
        super().command_everywhere_back(argument)
        here = self._tree.current
        if searching and self._folder_id is None and here is not None:
            self._show_folder(here.folder_id)

    # Letters

    def chosen_letters(self) -> tuple[int, ...]:
        return self._list.marked_ids() or (self.letter_at_hand(),)

    def letter_at_hand(self) -> int:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._list.current_id

    def role_at_hand(self) -> str:
        folder = self._folder()
        return folder.role if folder is not None else ""

    def account_at_hand(self) -> int | None:
        folder = self._folder()
        return folder.account_id if folder is not None else None

    def letters_left(self) -> None:
        self._list.unmark_all()

    def target_of(self, command: Command) -> object | None:
        return None if self.is_out_of_place(command) else super().target_of(command)

    def on_record_list_highlighted(self, _event: RecordList.Highlighted) -> None:
        self.cursor_moved()
        self.session_changed()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        self.app.push_screen(LetterScreen(event.id, self))

    def on_record_list_loaded(self, _event: RecordList.Loaded) -> None:
        self._say_count()

    def on_record_list_marked(self, _event: RecordList.Marked) -> None:
        self._say_count()

    def _say_count(self) -> None:
        marked, count = len(self._list.marked_ids()), self._list.count
        text = ngettext("{n} letter", "{n} letters", count).format(n=count)
        if marked:
            text = _("{n} marked").format(n=marked) + " · " + text
        self.query_one(Footer).count = text

    def show_record(self, record_id: int) -> None:
        """Open the letter that lies at this place, its folder behind it. Raises NotFound."""
        card = self.card(record_id)
        if isinstance(self.app.screen, LetterScreen):
            self.app.pop_screen()
        self._show_folder(card.folder_id)
        self._tree.go_to(card.folder_id)
        self._list.go_to(record_id)
        self.app.push_screen(LetterScreen(record_id, self))

    def step_letter(self, by: int, *, unread: bool = False) -> int | None:
        """Move the cursor to the next letter, or the next unread one; answers its place, None at the end."""
        ids, position = self._list.ids, self._list.position
        if unread:
            with self.store.read() as connection:
                wanted = letters.unread_ids(connection, self._folder_id)
            onward = range(position + by, len(ids) if by > 0 else -1, by)
            target = next((place for place in onward if ids[place] in wanted), None)
        else:
            target = position + by if 0 <= position + by < len(ids) else None
        if target is None:
            self.shell.say(_("No unread letter there.") if unread else _("There are no more letters."))
            return None
        self._list.cursor_down(target - position)
        return self._list.current_id

    def command_mail_next_unread(self, argument: str = "") -> None:
        self.step_letter(1, unread=True)

    def command_mail_previous_unread(self, argument: str = "") -> None:
        self.step_letter(-1, unread=True)
