"""`f` and `F` in a list of records: a condition, or a saved one, over what the list shows (CORP-45, ELMA-29)."""

from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.conditions import condition, condition_words
from crm_tui.domain.conditions.condition import Condition, Group
from crm_tui.domain.conditions.condition_fields import FieldOf, Subject
from crm_tui.domain.errors import CrmError, NotFound
from crm_tui.i18n import _, ngettext
from crm_tui.screens.lists.list_search import SearchBar
from crm_tui.screens.lists.narrowing import Narrowing
from crm_tui.screens.shell.type_ahead import COMMANDS

if TYPE_CHECKING:
    from crm_tui.screens.acting import Acting
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[Any]):
        """What the filter needs of its screen."""
else:
    Base = object


class NarrowedLine(Static):
    """Says above the list what it is filtered by."""

    DEFAULT_CSS = """
    NarrowedLine { height: auto; max-height: 3; display: none; text-style: bold; padding: 0 1; }
    NarrowedLine.-on { display: block; }
    """


def nothing_fits() -> str:
    """What a list says that a filter leaves empty."""
    return _("Nothing fits the filter. Esc shows all again.")


class ListFilter(Base):
    """Stands before ``ListSearch``: Esc gives the filter up before it leaves.

    The screen yields a ``NarrowedLine``, gives
    ``narrowing`` to its source and shows its rows anew by ``show_narrowed``.
    """

    filter_name = ""
    """Of a saved filter in force."""
    _narrowing: Narrowing | None = None
    _filter_run = 0
    _restoring: dict[str, Any] | None = None
    """What an earlier session left, until it is applied: a program left before must not forget it."""

    @property
    def narrowing(self) -> Narrowing:
        """The filter in force, or none."""
        if self._narrowing is None:
            ports = self.shell.ports
            self._narrowing = Narrowing(
                self.store, self.filtered_kind(), ports.clock, ports.zone, self.actor.user_id
            )
        return self._narrowing

    def filtered_kind(self) -> str:
        """The subject: a kind of ``record_subjects.RECORDS``."""
        raise NotImplementedError

    def show_narrowed(self, keep: int | None) -> None:
        """Show the rows from the first on, the cursor on this record when it is among them."""
        raise NotImplementedError

    def filtered_id(self) -> int | None:
        """The record under the cursor."""
        raise NotImplementedError

    async def command_list_filter(self, argument: str = "") -> None:
        """One comparison; with a filter in force the editor of all its conditions; or the saved filter named."""
        from crm_tui.screens.lists.condition_editor import ConditionEditor, LeafForm

        subject, wanted = self.subject(), self.narrowing.condition
        if argument:
            await self._apply_named(subject, argument)
        elif wanted is None:
            leaf = await self.app.push_screen_wait(LeafForm(subject, self.references))
            if leaf is not None:
                await self.apply_filter(Group("all", (leaf,)))
        else:
            changed = await self.app.push_screen_wait(ConditionEditor(subject, wanted, self.references))
            if changed is not None:
                await self.apply_filter(changed)

    async def command_list_saved_filters(self, argument: str = "") -> None:
        """The tree of saved filters; the one chosen is applied."""
        from crm_tui.screens.lists.saved_filters import SavedFilters

        if argument:
            await self._apply_named(self.subject(), argument)
            return
        chosen = await self.app.push_screen_wait(
            SavedFilters(self.subject(), self.narrowing.condition, self.references)
        )
        if chosen is not None:
            await self.apply_filter(chosen.condition, chosen.name)

    async def apply_filter(self, wanted: Condition, name: str = "", *, keep: int | None = None) -> None:
        """Show what fits it; an empty one shows everything again."""
        if condition_words.is_empty(wanted):
            self.clear_filter()
            return
        self._filter_run += 1
        run = self._filter_run
        narrowing = Narrowing(
            self.store,
            self.filtered_kind(),
            self.shell.ports.clock,
            self.shell.ports.zone,
            self.actor.user_id,
        )
        narrowing.ask(wanted, self.subject())
        self.shell.say(_("Looking …"))
        count = await self.look(narrowing.look)
        if run != self._filter_run:  # meanwhile another filter was asked for, or none
            return
        self._take(narrowing, name, keep)
        self.shell.say(ngettext("{n} record found.", "{n} records found.", count).format(n=count))

    def clear_filter(self) -> None:
        """Show everything again, the cursor on the record found."""
        self._filter_run += 1
        nothing = self.narrowing
        nothing.ask(None)
        self._take(nothing, "", self.filtered_id())

    def command_everywhere_back(self, argument: str = "") -> None:
        if self.narrowing.condition is not None and not self.query_one(SearchBar).is_open:
            self.clear_filter()
        else:
            super().command_everywhere_back(argument)  # type: ignore[misc]

    # The session

    def filter_state(self) -> dict[str, Any] | None:
        """The filter as it is kept for the next session."""
        wanted = self.narrowing.condition
        if wanted is None:
            return self._restoring
        return {"condition": condition.as_json(wanted), "name": self.filter_name}

    def restore_filter(self, state: Any, record_id: Any = None) -> None:
        """Take up the filter of an earlier session, the cursor on that record."""
        if not isinstance(state, dict):
            return
        try:
            wanted = condition.parsed(state.get("condition"), self.subject())
        except CrmError:  # kept by another version of the program, or a field is gone
            return
        keep = record_id if isinstance(record_id, int) else None
        self._restoring = state
        self.run_worker(self.apply_filter(wanted, str(state.get("name", "")), keep=keep), group=COMMANDS)

    # Names

    def subject(self) -> Subject:
        """What can be asked about, as the store has it now."""
        from crm_tui.services.record import condition_subjects

        with self.store.read() as connection:
            return condition_subjects.subject(connection, self.filtered_kind())

    def references(self, of: str) -> list[tuple[str, str]]:
        """The records that a field can point to."""
        from crm_tui.services.record import condition_subjects

        with self.store.read() as connection:
            return [(str(key), name) for key, name in condition_subjects.choices(connection, of)]

    def _name_of(self, field: FieldOf, key: int) -> str:
        return dict(self.references(field.of)).get(str(key), str(key))

    async def _apply_named(self, subject: Subject, name: str) -> None:
        from crm_tui.services.record import saved_filters

        found = await self.look(lambda connection: saved_filters.named(connection, subject, self.actor, name))
        if found is None or found.condition is None:
            raise NotFound("no_such_filter", name=name)
        await self.apply_filter(found.condition, found.name)

    def _take(self, narrowing: Narrowing, name: str, keep: int | None) -> None:
        self._narrowing, self.filter_name, self._restoring = narrowing, name, None
        bar = self.query_one(SearchBar)
        if bar.is_open:
            bar.close()
        self.show_narrowed(keep)
        self._show_filter_line()
        self.session_changed()

    def _show_filter_line(self) -> None:
        line, wanted = self.query_one(NarrowedLine), self.narrowing.condition
        line.set_class(wanted is not None, "-on")
        if wanted is not None:
            what = self.filter_name or condition_words.said(wanted, self.subject(), self._name_of)
            line.update(Content(_("Filter: {what}. Esc: show all").format(what=what)))
