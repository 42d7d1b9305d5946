"""Import of a file: where its columns go, what the dry run finds, and the run itself (O7)."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.errors import CrmError, Invalid, Refused
from crm_tui.i18n import _
from crm_tui.screens.exchange.import_rows import (
    alike_shown,
    figures_text,
    mapping_rows,
    modes_shown,
    outcome_rows,
    reading_text,
    target_at,
)
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.late import is_left
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.list_search import SearchBar
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.exchange import import_fields, import_plan, imports
from crm_tui.services.exchange.import_fields import Target
from crm_tui.services.exchange.import_plan import Plan, Proposal
from crm_tui.services.exchange.import_result import Result
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row

CHARSETS = ("utf-8", "cp1251", "cp866", "koi8-r", "koi8-u", "utf-16", "cp1252", "mac_cyrillic")
MAPPING, RUNNING, TRIED, DONE = "mapping", "running", "tried", "done"
_SHOWN_AGAIN = 0.02
"""Part of the rows after which the figure of the progress is drawn anew."""


class ImportScreen(ListScreen[None]):
    """One list: first the columns of the file, then the rows that need to be looked at. ``y`` goes on."""

    SCOPES = ("imports",)

    def __init__(self, path: Path, proposal: Proposal) -> None:
        super().__init__()
        self._path = path
        self._proposal = proposal
        self._plan = proposal.plan
        self._phase = MAPPING
        self._result = Result()
        self._given_up = Event()
        self._targets: tuple[Target, ...] = ()

    def list_title(self) -> str:
        kind = _(import_fields.KINDS[self._plan.kind])
        return _("Import: {kind} from {file}").format(kind=kind, file=self._path.name)

    def make_list(self) -> RecordList:
        with self.store.read() as connection:
            self._targets = import_fields.targets(connection, self._plan.kind)
        return RecordList(self._source(), Order(""))

    def below(self) -> Iterable[Widget]:
        yield Static(Content(self._said()), classes="import-said")

    def reload(self) -> None:
        self._list.show(self._source())
        self.query_one(".import-said", Static).update(Content(self._said()))
        self.refresh_frame()

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("imports.change")

    # Where the columns go

    def can_imports_change(self) -> bool | str:
        return self._phase == MAPPING or _("o goes back to where the columns go.")

    can_imports_leave_out = can_imports_fix = can_imports_change

    async def command_imports_change(self, argument: str = "") -> None:
        """The row under the cursor: a column's field, or how the file is read."""
        what = self._row()
        if isinstance(what, int):
            await self._choose_field(self._proposal.columns[what])
        elif what == "charset":
            await self._read_anew(
                charset=await self._ask(_("Character set"), [(one, one) for one in CHARSETS])
            )
        elif what == "delimiter":
            signs = [(";", ";"), (",", ","), ("\t", _("tab")), ("|", "|")]
            await self._read_anew(delimiter=await self._ask(_("Between the columns"), signs))
        elif what == "mode":
            chosen = await self._ask(_("With those who are here already"), modes_shown())
            if chosen:
                await self._take(replace(self._plan, mode=chosen))
        elif what == "alike":
            chosen = await self._ask(_("With those who are like somebody here"), alike_shown())
            if chosen:
                await self._take(replace(self._plan, alike=chosen))
        else:
            await self._fix(what)

    async def command_imports_leave_out(self, argument: str = "") -> None:
        """The column under the cursor goes nowhere; what every row got is no longer given."""
        what = self._row()
        if isinstance(what, int):
            column = self._proposal.columns[what]
            await self._take(replace(self._plan, columns=_without(self._plan.columns, column)))
        elif what in self._plan.fixed:
            await self._take(replace(self._plan, fixed=_without(self._plan.fixed, what)))
        else:
            raise Refused("nothing_chosen")

    async def command_imports_fix(self, argument: str = "") -> None:
        """A field that every row gets when it says nothing itself: the campaign, the owner."""
        chosen = await self._ask(_("Which field"), [(one.code, one.shown) for one in self._targets])
        if chosen:
            await self._fix(chosen)

    async def _fix(self, code: str) -> None:
        title = next((one.shown for one in self._targets if one.code == code), code)
        prompt = Prompt(title, self._plan.fixed.get(code, ""))
        text = await self.app.push_screen_wait(prompt)
        if text:
            await self._take(replace(self._plan, fixed={**self._plan.fixed, code: text}))

    async def _choose_field(self, column: str) -> None:
        options = [("-", _("nowhere")), *((one.code, one.shown) for one in self._targets)]
        chosen = await self._ask(_("Where does “{column}” go").format(column=column), options)
        if not chosen:
            return
        columns = _without(self._plan.columns, column)
        target = next((one for one in self._targets if one.code == chosen), None)
        if target is not None:
            if not target.many:  # the column that had the field goes nowhere now
                columns = {one: code for one, code in columns.items() if code != chosen}
            columns[column] = chosen
        await self._take(replace(self._plan, columns=columns))

    async def _read_anew(self, *, charset: str | None = None, delimiter: str | None = None) -> None:
        if not charset and not delimiter:
            return
        now = self._plan.reading
        reading = replace(
            now, charset=charset or now.charset, delimiter=delimiter or now.delimiter, headings=None
        )

        def look() -> Proposal:
            with self.store.read() as connection:
                return import_plan.proposed(connection, self._plan.kind, self._path, "", reading)

        self._proposal = await asyncio.to_thread(look)
        guessed = self._proposal.plan
        await self._take(
            replace(guessed, mode=self._plan.mode, alike=self._plan.alike, fixed=self._plan.fixed)
        )

    async def _take(self, plan: Plan) -> None:
        """Keep the plan at once: nothing that was set is lost when the run fails (C-12)."""
        self._plan = plan

        def keep() -> None:
            with self.store.facts("import.keep") as work:
                import_plan.keep(work, plan, self._path.name)

        await asyncio.to_thread(keep)
        self.reload()

    # The runs

    def can_imports_go_on(self) -> bool | str:
        return self._phase in (MAPPING, TRIED) or _("The import is being carried out, or is done.")

    def command_imports_go_on(self, argument: str = "") -> None:
        """From the mapping to the dry run, from its figures to the run."""
        dry_run = self._phase == MAPPING
        if not dry_run and not self._result.new + self._result.changed:
            raise Refused("import_nothing_to_write")
        with self.store.read() as connection:
            import_plan.checked(connection, self._plan)
        self._given_up.clear()
        self._phase = RUNNING
        self.reload()
        # No worker of a command: keys act meanwhile, and Esc gives the run up.
        self.run_worker(self._run(dry_run), group="import")

    async def _run(self, dry_run: bool) -> None:
        app, last = self.app, 0

        def progress(done: int, total: int) -> None:
            nonlocal last
            if self._given_up.is_set() or is_left(app):
                raise imports.Cancelled
            if done - last >= _SHOWN_AGAIN * total:
                last = done
                app.call_later(self._show_progress, done, total)

        try:
            self._result = await asyncio.to_thread(
                imports.run,
                self.store,
                self.actor,
                self._path,
                self._plan,
                dry_run=dry_run,
                progress=progress,
            )
            self._phase = TRIED if dry_run else DONE
        except imports.Cancelled:
            self._phase = MAPPING
            self.shell.say(_("Given up; nothing was written."))
        except CrmError as error:
            self._phase = MAPPING
            self.shell.say(self.shell.explain(error), trouble=True)
        except OSError as error:
            self._phase = MAPPING
            trouble = Invalid("cannot_read", path=str(self._path), reason=error.strerror or "")
            self.shell.say(self.shell.explain(trouble), trouble=True)
        if self.is_mounted:
            self.reload()

    def _show_progress(self, done: int, total: int) -> None:
        if self.is_mounted:
            text = _("{done} of {total} rows. Esc gives it up; nothing is written then.")
            self.query_one(".import-said", Static).update(Content(text.format(done=done, total=total)))

    def can_imports_back(self) -> bool | str:
        return self._phase == TRIED or _("There is nothing to go back to.")

    def command_imports_back(self, argument: str = "") -> None:
        """From the figures to the mapping."""
        self._phase = MAPPING
        self.reload()

    def command_everywhere_back(self, argument: str = "") -> None:
        """Give up the run, or go from its figures back to the mapping, or leave."""
        if self._phase == RUNNING:
            self._given_up.set()
        elif self._phase == TRIED and not self.query_one(SearchBar).is_open:
            self.command_imports_back()
        else:
            super().command_everywhere_back(argument)

    async def before_leaving(self) -> None:
        """A run that goes on is not left alone unseen."""
        if self._phase == RUNNING:
            raise Refused("import_runs")

    # What is shown

    def _source(self) -> SmallSource:
        tried = self._phase in (TRIED, DONE)
        what, field = (_("Line"), "") if tried else (_("Column"), _("Field"))
        # The reason why a row was left out is read whole; of a column its first rows.
        wide, least, samples = (4, 38, "") if tried else (2, 20, _("First rows"))
        columns = (
            Column("what", what, flex=1, min_width=12 if tried else 20, sortable=False),
            Column("field", field, flex=wide, min_width=least, sortable=False),
            Column("sample", samples, flex=2, min_width=10, drop=1, sortable=False),
        )
        return SmallSource(columns, self._rows)

    def _rows(self) -> Sequence[Row]:
        if self._phase in (TRIED, DONE):
            return outcome_rows(self._result)
        return mapping_rows(self._proposal, self._plan, self._targets)

    def _said(self) -> str:
        if self._phase == RUNNING:
            return _("Reading the file …")
        if self._phase == MAPPING:
            return reading_text(self._proposal, self._plan)
        return figures_text(self._result, done=self._phase == DONE)

    def _row(self) -> int | str:
        """The column under the cursor by its place, or the name of a setting. Raises Refused."""
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return target_at(self._list.current_id, self._plan)

    async def _ask(self, title: str, options: Sequence[tuple[str, str]]) -> str | None:
        return await self.app.push_screen_wait(Choice(title, options))


def _without(values: Mapping[str, str], key: str) -> dict[str, str]:
    return {one: value for one, value in values.items() if one != key}
