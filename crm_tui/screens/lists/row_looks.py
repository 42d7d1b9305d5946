"""The looks of the rows of a list: which rows bear which mark, in which style, in which order (CORP-07)."""

from dataclasses import replace

from textual.content import Content

from crm_tui.domain.conditions import condition_words
from crm_tui.domain.conditions.condition import Condition, Group
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.conditions.condition_fields import FieldOf, Subject
from crm_tui.domain.errors import Refused
from crm_tui.domain.text import fold
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _, ngettext
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.lists.condition_fields import References
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.record import row_looks
from crm_tui.services.record.row_looks import MARKS, STYLES, Look, LookRow
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag


class RowLooksScreen(ListScreen[None]):
    """The looks of a list: one's own, then everybody's; the first that holds for a row is put on it."""

    SCOPES = ("row_looks",)
    TABLES = frozenset({"saved_filter"})

    def __init__(self, subject: Subject, references: References) -> None:
        super().__init__()
        self._subject = subject
        self._references = references
        self._looks: dict[int, LookRow] = {}
        self._trials: dict[int, tuple[int, int]] = {}

    def list_title(self) -> str:
        return _("Looks of rows: the first that holds for a row is put on it")

    def make_list(self) -> RecordList:
        columns = (
            Column("on", _("On"), width=4, sortable=False),
            Column("mark", _("Mark"), width=6, sortable=False),
            Column("style", _("Style"), width=10, sortable=False),
            Column("if", _("If"), flex=1, min_width=24, sortable=False),
            Column("whose", _("Whose"), width=11, sortable=False),
            Column("trial", _("Now"), width=11, align="right", sortable=False),
        )
        return RecordList(
            SmallSource(columns, self._rows),
            Order(""),
            empty=Content(_("No looks yet. n says which rows are to be marked, and how.")),
        )

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("row_looks.change")

    async def command_row_looks_add(self, argument: str = "") -> None:
        """One comparison, then a mark, then a style; nothing is kept before the last."""
        from crm_tui.screens.lists.condition_editor import LeafForm

        leaf = await self.app.push_screen_wait(LeafForm(self._subject, self._references))
        if leaf is None:
            return
        note = trial_said(*await self._tried(leaf))
        mark = await self.app.push_screen_wait(Choice(_("Which mark"), marks(), note=note))
        if mark is None:
            return
        style = await self.app.push_screen_wait(Choice(_("Which style"), styles(), note=note))
        if style is None:
            return
        wanted = Look(Group("all", (leaf,)), mark, style)
        row = await self.act("row_look.add", lambda work: row_looks.add(work, self._subject, wanted))
        self._list.reload()
        self._list.go_to(row.key)
        self.shell.say(note)

    async def command_row_looks_change(self, argument: str = "") -> None:
        """The conditions, in their editor."""
        from crm_tui.screens.lists.condition_editor import ConditionEditor

        one = self._chosen()
        editor = ConditionEditor(self._subject, one.condition or Group("all"), self._references)
        wanted = await self.app.push_screen_wait(editor)
        if wanted is not None:
            await self._change(one, Look(wanted, one.mark, one.style, one.enabled))
            self.shell.say(trial_said(*await self._tried(wanted)))

    async def command_row_looks_mark(self, argument: str = "") -> None:
        one = self._chosen()
        mark = _meant(argument, marks()) or await self.app.push_screen_wait(Choice(_("Which mark"), marks()))
        if mark:
            await self._change(one, replace(_look(one), mark=mark))

    async def command_row_looks_style(self, argument: str = "") -> None:
        one = self._chosen()
        style = _meant(argument, styles()) or await self.app.push_screen_wait(
            Choice(_("Which style"), styles())
        )
        if style:
            await self._change(one, replace(_look(one), style=style))

    async def command_row_looks_toggle(self, argument: str = "") -> None:
        one = self._chosen()
        await self.act("row_look.enable", lambda work: row_looks.enable(work, one.id, on=not one.enabled))

    async def command_row_looks_up(self, argument: str = "") -> None:
        one = self._chosen()
        await self.act("row_look.move", lambda work: row_looks.move(work, one.id, -1))

    async def command_row_looks_down(self, argument: str = "") -> None:
        one = self._chosen()
        await self.act("row_look.move", lambda work: row_looks.move(work, one.id, 1))

    async def command_row_looks_share(self, argument: str = "") -> None:
        one = self._chosen()
        await self.act("row_look.share", lambda work: row_looks.share(work, one.id, shared=not one.shared))

    async def command_row_looks_try(self, argument: str = "") -> None:
        """For how many records each holds stands beside it, were it the only one."""
        known = {one.id: one.condition for one in self._looks.values() if one.condition is not None}
        context = self._asked_now()
        self._trials = await self.look(
            lambda connection: {
                key: row_looks.trial(connection, self._subject, wanted, context)
                for key, wanted in known.items()
            }
        )
        self._list.reload()

    async def command_row_looks_delete(self, argument: str = "") -> None:
        one = self._chosen()
        await self.act("row_look.remove", lambda work: row_looks.remove(work, one.id))
        self.shell.say(_("The look is deleted. u takes it back."))

    async def _change(self, one: LookRow, wanted: Look) -> None:
        await self.act("row_look.change", lambda work: row_looks.change(work, one.id, self._subject, wanted))

    async def _tried(self, wanted: Condition) -> tuple[int, int]:
        context = self._asked_now()
        return await self.look(lambda connection: row_looks.trial(connection, self._subject, wanted, context))

    def _asked_now(self) -> Context:
        return Context(self._now(), zone_of(self.shell.ports.zone), self.actor.user_id)

    def _chosen(self) -> LookRow:
        one = self._looks.get(self._list.current_id or 0)
        if one is None:
            raise Refused("nothing_chosen")
        return one

    # Rows

    def _rows(self) -> list[Row]:
        with self.store.read() as connection:
            kept = row_looks.rows(connection, self._subject, self.actor.user_id)
        self._looks = {one.id: one for one in kept}
        return [self._row(one) for one in self._looks.values()]

    def _row(self, one: LookRow) -> Row:
        trial = self._trials.get(one.id)
        asks = (
            _("asks for what this program does not know")
            if one.condition is None
            else condition_words.said(one.condition, self._subject, self._name_of)
        )
        cells = (
            _("yes") if one.enabled else _("no"),
            _(MARKS.get(one.mark, "?")),
            _(STYLES.get(one.style, "?")),
            asks,
            _("everybody's") if one.shared else _("mine"),
            "" if trial is None else f"{trial[0]}/{trial[1]}",
        )
        return Row(one.id, cells, RowFlag.NONE if one.enabled else RowFlag.DIMMED, one.style)

    def _name_of(self, field: FieldOf, key: int) -> str:
        return dict(self._references(field.of)).get(str(key), str(key))


def trial_said(matching: int, total: int) -> str:
    """Of how many records a condition holds now."""
    return ngettext(
        "Holds for {n} of {total} record now.", "Holds for {n} of {total} records now.", total
    ).format(n=matching, total=total)


def marks() -> list[tuple[str, str]]:
    """The marks to choose from."""
    return [(code, _(mark)) for code, mark in MARKS.items()]


def styles() -> list[tuple[str, str]]:
    """The styles to choose from."""
    return [(code, _(style)) for code, style in STYLES.items()]


def _look(one: LookRow) -> Look:
    if one.condition is None:
        raise Refused("look_unknown")
    return Look(one.condition, one.mark, one.style, one.enabled)


def _meant(typed: str, options: list[tuple[str, str]]) -> str:
    """The option that was typed with the command."""
    wanted = fold(typed)
    return next((code for code, text in options if wanted and wanted in (code, fold(text))), "")
