"""The filter of the Mail screen: what it finds is shown in the list of letters itself (MAIL-45…MAIL-48)."""

from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.conditions import condition, condition_words
from crm_tui.domain.conditions.condition_fields import LETTER, FieldOf
from crm_tui.domain.errors import CrmError, NotFound
from crm_tui.i18n import _, ngettext
from crm_tui.screens.letter.mail_filtering import Filtering
from crm_tui.screens.letter.mail_shape import OUTGOING
from crm_tui.screens.letter.mail_source import NEWEST_FIRST
from crm_tui.screens.lists.list_search import SearchBar
from crm_tui.screens.shell.type_ahead import COMMANDS
from crm_tui.widgets.folder_tree import TreeRow

if TYPE_CHECKING:
    from crm_tui.screens.letter.mail_changes import Changes
    from crm_tui.screens.letter.mail_filter_source import FilteredSource
    from crm_tui.screens.letter.mail_looks import LetterLooks
    from crm_tui.screens.lists.list_search import ListSearch
    from crm_tui.store.queries.folders import FolderRow

    class Base(ListSearch, Changes, LetterLooks):
        """What the filter needs of its screen."""

        chosen_columns: frozenset[str]

        def _folder(self) -> FolderRow | None: ...

        def show_folder(self, folder_id: int | None) -> None: ...

else:
    Base = object


class FilterLine(Static):
    """Says above the list what it is filtered by."""

    DEFAULT_CSS = """
    FilterLine { dock: top; height: auto; max-height: 3; display: none; text-style: bold; }
    FilterLine.-on { display: block; }
    """


class MailFilter(Base):
    """For the Mail screen, before ``ListSearch``: Esc gives the filter up before it leaves."""

    filtering: Filtering | None = None
    """The filter in force."""
    _before: tuple[int | None, int | None] = (None, None)
    """Folder and letter to come back to."""
    _filter_run = 0
    _restoring: dict[str, Any] | None = None
    """What an earlier session left, until it is applied: a program left before must not forget it."""

    async def command_list_filter(self, argument: str = "") -> None:
        """The form, or at once the saved filter of that name."""
        from crm_tui.screens.letter.mail_filter_form import FilterForm

        if argument:
            await self.apply_filter(await self._named(argument))
            return
        given = self.filtering
        if given is not None and not FilterForm.fits(given.condition):
            changed = await self._edited(given)
        else:
            form = FilterForm(given, everywhere=self.folder_id is None)
            changed = await self.app.push_screen_wait(form)
        if changed is not None:
            await self.apply_filter(changed)

    async def command_list_saved_filters(self, argument: str = "") -> None:
        """The tree of saved filters; the one chosen is applied."""
        from crm_tui.screens.lists.saved_filters import SavedFilters

        here = None if self.filtering is None else self.filtering.condition
        chosen = await self.app.push_screen_wait(SavedFilters(LETTER, here, self.references, places=True))
        if chosen is not None:
            everywhere = chosen.everywhere or self.folder_id is None
            await self.apply_filter(Filtering(chosen.condition, everywhere, chosen.name))

    async def apply_filter(self, filtering: Filtering) -> None:
        """Show what fits it; an empty one shows everything again."""
        if condition_words.is_empty(filtering.condition):
            self.clear_filter()
            return
        folder = None if filtering.everywhere else self._folder()
        if folder is None:
            filtering = Filtering(filtering.condition, True, filtering.name)
        if self.filtering is None:
            self._before = self.folder_id, self._list.current_id
        await self._show_filtered(filtering, None if folder is None else folder.id)

    def filter_again(self) -> None:
        """The rows are to be drawn otherwise."""
        if self.filtering is not None:
            showing = self._show_filtered(self.filtering, self.folder_id, keep=self._list.current_id)
            self.run_worker(showing, group=COMMANDS)

    async def _show_filtered(
        self, filtering: Filtering, folder_id: int | None, *, keep: int | None = None
    ) -> None:
        self._filter_run += 1
        run = self._filter_run
        source = self._filtered_source(filtering, folder_id)
        order = self._list.order
        if order.column not in {column.id for column in source.columns if column.sortable}:
            order = NEWEST_FIRST
        self.shell.say(_("Looking …"))
        count = await self.look(lambda _connection: source.look(order))
        if run != self._filter_run:  # meanwhile another filter was asked for, or another folder
            return
        bar = self.query_one(SearchBar)
        if bar.is_open:
            bar.close()
        self.filtering, self.folder_id, self._restoring = filtering, folder_id, None
        self.finding_everywhere = folder_id is None
        self._list.show(source, order)
        if keep is not None:
            self._list.go_to(keep)
        self._list.set_empty(Content(_("No letter fits the filter. Esc shows all again.")))
        self._list.focus()
        self.shell.say(ngettext("{n} letter found.", "{n} letters found.", count).format(n=count))
        self._show_line()
        self.session_changed()

    def clear_filter(self) -> None:
        """Show everything again, the cursor on the letter found, or else where it was before."""
        folder_id, letter = self._before
        found = self._list.current_id
        if self.folder_id is not None:
            folder_id, letter = self.folder_id, found
        if self.drop_filter():
            self.folder_id = None
            self.show_folder(folder_id if folder_id is not None else self._first_folder())
            if letter is not None:
                self._list.go_to(letter)

    def drop_filter(self) -> bool:
        """No filter is in force any more: the list is about to show something else. False when none was."""
        self._filter_run += 1
        dropped, self.filtering, self.finding_everywhere = self.filtering is not None, None, False
        self._restoring = None
        self._show_line()
        return dropped

    def command_everywhere_back(self, argument: str = "") -> None:
        if self.filtering is not None and not self.query_one(SearchBar).is_open:
            self.clear_filter()
        else:
            super().command_everywhere_back(argument)

    # The session

    def filter_state(self) -> dict[str, Any] | None:
        """The filter as it is kept for the next session."""
        if self.filtering is None:
            return self._restoring
        return {
            "condition": condition.as_json(self.filtering.condition),
            "name": self.filtering.name,
            "everywhere": self.filtering.everywhere,
            "before": list(self._before),
        }

    def restore_filter(self, state: Any, letter: Any = None) -> None:
        """Take up the filter of an earlier session, the cursor on that letter."""
        if not isinstance(state, dict):
            return
        try:
            wanted = condition.parsed(state.get("condition"), LETTER)
        except CrmError:  # kept by another version of the program
            return
        before = state.get("before")
        if isinstance(before, list) and len(before) == 2:
            self._before = before[0], before[1]
        filtering = Filtering(wanted, bool(state.get("everywhere")), str(state.get("name", "")))
        folder_id = None if filtering.everywhere else self.folder_id
        keep = letter if isinstance(letter, int) else None
        self._restoring = state
        self.run_worker(self._show_filtered(filtering, folder_id, keep=keep), group=COMMANDS)

    # The tree

    def filter_rows(self) -> list[TreeRow]:
        """One's own filters and everybody's, below the folders."""
        from crm_tui.services.record import saved_filters

        with self.store.read() as connection:
            nodes = saved_filters.tree(connection, LETTER, self.actor.user_id)
        kept = [one for one in nodes if one.id > 0]
        title = [TreeRow("filters", _("Saved filters"))] if kept else []
        return title + [TreeRow(f"filter:{one.id}", one.name, one.depth + 1) for one in kept]

    async def open_filter(self, key: str) -> None:
        """Enter on a filter of the tree: what it finds in all folders."""
        from crm_tui.services.record import saved_filters

        with self.store.read() as connection:
            nodes = saved_filters.tree(connection, LETTER, self.actor.user_id)
        node = next((one for one in nodes if key == f"filter:{one.id}"), None)
        if node is not None and node.condition is not None:
            await self.apply_filter(Filtering(node.condition, True, node.name))

    # Names

    def references(self, of: str) -> list[tuple[str, str]]:
        """The records that a field of letters can point to."""
        from crm_tui.store import letter_conditions

        with self.store.read() as connection:
            return [(str(key), name) for key, name in letter_conditions.choices(connection, of)]

    def _name_of(self, field: FieldOf, key: int) -> str:
        return dict(self.references(field.of)).get(str(key), str(key))

    async def _named(self, name: str) -> Filtering:
        from crm_tui.services.record import saved_filters

        found = await self.look(lambda connection: saved_filters.named(connection, LETTER, self.actor, name))
        if found is None or found.condition is None:
            raise NotFound("no_such_filter", name=name)
        return Filtering(found.condition, self.folder_id is None, found.name)

    async def _edited(self, given: Filtering) -> Filtering | None:
        from crm_tui.screens.lists.condition_editor import ConditionEditor

        editor = ConditionEditor(LETTER, given.condition, self.references)
        changed = await self.app.push_screen_wait(editor)
        return None if changed is None else Filtering(changed, given.everywhere)

    def _show_line(self) -> None:
        line = self.query_one(FilterLine)
        line.set_class(self.filtering is not None, "-on")
        if self.filtering is None:
            return
        said = self.filtering.name or condition_words.said(self.filtering.condition, LETTER, self._name_of)
        where = _("all folders") if self.filtering.everywhere else _("this folder")
        line.update(Content(_("Filter ({where}): {what}. Esc: show all").format(where=where, what=said)))

    def _filtered_source(self, filtering: Filtering, folder_id: int | None) -> "FilteredSource":
        from crm_tui.screens.letter.mail_filter_source import FilteredSource

        folder = next((one for one in self.folders if one.id == folder_id), None)
        ports = self.shell.ports
        source = FilteredSource(
            self.store, ports.clock, ports.zone, folder_id, filtering.condition, self.actor.user_id,
            outgoing=folder is not None and folder.role in OUTGOING, chosen=self.chosen_columns,
        )  # fmt: skip
        return self.dressed(source)

    def _first_folder(self) -> int | None:
        return next((one.id for one in self.folders if one.selectable), None)
