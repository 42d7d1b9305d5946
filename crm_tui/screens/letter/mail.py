"""Mail: the folders of all accounts, the letters of one of them or what a search found, and the letter."""

from collections.abc import Iterable, Mapping
from typing import Any

from textual import events
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.widget import Widget

from crm_tui.commands.command import Command
from crm_tui.domain.errors import NotFound, Refused
from crm_tui.i18n import _, ngettext
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.letter.mail_acts import LetterActs
from crm_tui.screens.letter.mail_changes import Changes
from crm_tui.screens.letter.mail_filter import FilterLine, MailFilter
from crm_tui.screens.letter.mail_find import MailFind
from crm_tui.screens.letter.mail_order import ListOrder
from crm_tui.screens.letter.mail_preview import Preview
from crm_tui.screens.letter.mail_shape import OUTGOING
from crm_tui.screens.letter.mail_source import NEWEST_FIRST, LetterSource
from crm_tui.screens.letter.mail_threads_source import ThreadSource
from crm_tui.screens.letter.reader_kept import KeptReader
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.store.queries import letter_order, letters
from crm_tui.store.queries.folders import FolderRow
from crm_tui.widgets.folder_tree import FolderTree
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.letter_view import LetterView
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order
from crm_tui.widgets.text_field import TextField


class MailScreen(
    MailFind, MailFilter, ListSearch, Changes, ListOrder, Preview, KeptReader, LetterActs, CrmScreen[None]
):
    """The Mail workstation."""

    SCOPES = ("mail",)
    AUTO_FOCUS = "RecordList"
    """Not the folders, which come first: a key typed while the program starts would move among them."""

    def compose_body(self) -> Iterable[Widget]:
        kept = self.shell.kept_state(self)
        self.folders = self.folders_now()
        known = {one.id: one for one in self.folders if one.selectable}
        first = next(iter(known), None)
        self.folder_id = kept.get("folder") if kept.get("folder") in known else first
        self._take_views(kept)
        self.take_order_state(kept)
        self._tree = FolderTree(id="mail-folders")
        self._list = RecordList(self._source_of(self.folder_id), NEWEST_FIRST, empty=self.empty_text())
        self._view = LetterView(id="mail-preview")
        self._tree.folded = set(kept.get("folded") or ())
        self.place_panes()
        with Horizontal(id="mail-panes"):
            yield self._tree
            with Container(id="mail-letters"):
                yield FilterLine()
                yield self._list
                yield self._view
        yield SearchBar(self._list, waits=True, remark=self.search_remark)

    def on_mount(self) -> None:
        self._list.focus()
        self.show_tree(self.folders)
        if self.folder_id is not None:
            self._tree.go_to(self.folder_id)
        self.call_after_refresh(self.show_again)
        self.call_after_refresh(self.take_letter_looks)
        self.count_folders()
        self.make_reader_soon()

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        self.shell.news_seen()
        if self._rest_timer is None:
            self.dwell()

    def store_changed(self, topics: Topics) -> None:
        super().store_changed(topics)
        if "saved_filter" in topics:
            self.take_letter_looks()

    def reload(self) -> None:
        super().reload()
        self.take_letter_looks()

    # The session

    def session_state(self) -> dict[str, Any]:
        return {
            "folder": self.folder_id,
            "letter": self._list.current_id,
            "needle": self._list.needle,
            "filter": self.filter_state(),
            "order": [self._list.order.column, self._list.order.descending],
            **self.order_state(),
            "view": self.view,
            "previews": self.preview_by_view,
            "folded": sorted(self._tree.folded),
        }

    def _take_views(self, state: Mapping[str, Any]) -> None:
        """Before the widgets are placed: to place them anew costs the styles of all of them."""
        if state.get("view") in ("normal", "horizontal", "vertical"):
            self.view = state["view"]
        self.preview_by_view.update(
            {
                name: bool(on)
                for name, on in (state.get("previews") or {}).items()
                if name in self.preview_by_view
            }
        )

    def restore_session(self, state: Mapping[str, Any]) -> None:
        column, descending = state.get("order") or ("date", True)
        if column in letter_order.COLUMNS:
            self._list.set_order(Order(column, bool(descending)))
        if state.get("needle"):
            self.query_one(SearchBar).open(str(state["needle"]))
        self.restore_filter(state.get("filter"), state.get("letter"))
        if isinstance(state.get("letter"), int):
            self._list.go_to(state["letter"])

    # Folders

    def _folder(self) -> FolderRow | None:
        return next((one for one in self.folders if one.id == self.folder_id), None)

    def _source_of(self, folder_id: int | None) -> LetterSource:
        role = next((one.role for one in self.folders if one.id == folder_id), "")
        return self.source_of(folder_id, outgoing=role in OUTGOING)

    def show_source_again(self) -> None:
        if self.filtering is not None:
            self.filter_again()
            return
        here, needle, order = self._list.current_id, self._list.needle, self._list.order
        self._list.show(self._source_of(self.folder_id), order)
        self._list.set_needle(needle)
        if here is not None:
            self._list.go_to(here)

    def empty_text(self) -> Content:
        if not self.folders:
            return Content(_("No mail account yet. Type :add_account and Enter to set one up."))
        if self.folder_id is None:
            return Content(_("Type words: they are looked for in the letters of all folders."))
        return Content(_("No letters here."))

    def show_folder(self, folder_id: int | None) -> None:
        """Show the letters of a folder; None: those that a search over all folders finds."""
        if folder_id == self.folder_id:
            return
        self.drop_filter()
        self.folder_id = folder_id
        bar = self.query_one(SearchBar)
        bar.query_one(TextField).value = ""
        bar.remove_class("-open")
        source = self._source_of(folder_id)
        order = self._list.order
        sortable = [column.id for column in source.columns if column.sortable]
        self._list.show(source, order if order.column in sortable else NEWEST_FIRST)
        self._list.set_empty(self.empty_text())
        self.refresh_frame()
        self.session_changed()

    def show_first_folder(self) -> None:
        """The first account has just brought its folders."""
        first = next((one.id for one in self.folders if one.selectable), None)
        if first is not None:
            self.show_folder(first)
            self._tree.go_to(first)

    def on_folder_tree_highlighted(self, event: FolderTree.Highlighted) -> None:
        if event.row.folder_id is not None:
            self.show_folder(event.row.folder_id)

    async def on_folder_tree_opened(self, event: FolderTree.Opened) -> None:
        self._list.focus()
        await self.open_filter(event.row.key)

    async def command_mail_folder(self, argument: str = "") -> None:
        """Go to a folder by a part of its name."""
        folder_id = await self.folder_for(None, argument)
        if folder_id is not None:
            self.go_to_folder(folder_id)

    def go_to_folder(self, folder_id: int) -> None:
        """Show the folder, the cursor in its list. Raises NotFound."""
        self.folders = self.folders_now()
        if all(one.id != folder_id for one in self.folders):
            raise NotFound("no_such_record", kind="folder", id=folder_id)
        self.show_folder(folder_id)
        self._tree.go_to(folder_id)
        self._list.focus()

    def command_everywhere_back(self, argument: str = "") -> None:
        """Esc gives up the search with what was marked in it, then what was found in all folders, then goes back."""
        searching = self.query_one(SearchBar).is_open
        if searching:
            self._list.unmark_all()
        super().command_everywhere_back(argument)
        here = self._tree.current
        if searching and self.folder_id is None and self.filtering is None and here is not None:
            self.show_folder(here.folder_id)
            if self._before_find is not None:
                self._list.go_to(self._before_find)

    # Letters

    def chosen_letters(self) -> tuple[int, ...]:
        return self._shown_marks() or (self.letter_at_hand(),)

    def _shown_marks(self) -> tuple[int, ...]:
        """The marked letters in sight: what a search hides is not acted on."""
        marked = self._list.marked_ids()
        if not (marked and self._list.needle):
            return marked
        shown = set(self._list.ids)
        return tuple(one for one in marked if one in shown)

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

    def letters_dealt_with(self) -> None:
        self._list.unmark_all()

    def target_of(self, command: Command) -> object | None:
        return None if self.is_out_of_place(command) else super().target_of(command)

    def on_record_list_highlighted(self, _event: RecordList.Highlighted) -> None:
        self.cursor_moved()
        self.session_changed()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        if self.role_at_hand() == "drafts":
            self.shell.run_command("mail.edit_draft")
        else:
            self.open_letter(self.card(event.id))

    def on_record_list_loaded(self, _event: RecordList.Loaded) -> None:
        self.threads_counted()
        self._say_count()

    def on_record_list_marked(self, _event: RecordList.Marked) -> None:
        self._say_count()

    def _say_count(self) -> None:
        marked, count = len(self._shown_marks()), self._list.count
        text = ngettext("{n} letter", "{n} letters", count).format(n=count)
        if isinstance(self._list.source, ThreadSource):
            threads = self._list.source.threads
            text = ngettext("{n} thread", "{n} threads", threads).format(n=threads)
        if marked:
            text = _("{n} marked").format(n=marked) + " · " + text
        self.query_one(Footer).count = text

    def show_record(self, record_id: int) -> None:
        """Open the letter that lies at this place, its folder behind it. Raises NotFound."""
        card = self.card(record_id)
        if self.filtering is not None:
            self.clear_filter()
        self.show_folder(card.folder_id)
        self._tree.go_to(card.folder_id)
        self._list.go_to(record_id)
        self.open_letter(card)

    def step_letter(self, by: int, *, unread: bool = False) -> int | None:
        """Move the cursor to the next letter, or the next unread one; answers its place, None at the end."""
        ids, position = self._list.ids, self._list.position
        if unread:
            with self.store.read() as connection:
                wanted = letters.unread_ids(connection, self.folder_id)
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
