"""The list of triggers: what is done by itself when something happens (BP-02, IDX-31)."""

from textual.content import Content

from crm_tui.domain.conditions import condition_words
from crm_tui.domain.conditions.condition_fields import FieldOf
from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.process.trigger_card import TriggerCard, scenario_names
from crm_tui.services.process import triggers
from crm_tui.services.process.trigger_words import (
    ALWAYS,
    KINDS,
    SHIPPED,
    TriggerRow,
    Wanted,
    action_said,
    event_said,
    trial_said,
)
from crm_tui.services.record import condition_subjects
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag


class TriggersScreen(ListScreen[None]):
    """The triggers of the company in their order; all that fit act."""

    SCOPES = ("triggers",)
    TABLES = frozenset({"process_trigger", "scenario"})

    def __init__(self) -> None:
        super().__init__()
        self._triggers: dict[int, TriggerRow] = {}
        self._trials: dict[int, tuple[int, int]] = {}

    def list_title(self) -> str:
        return _("Triggers: what is done by itself")

    def make_list(self) -> RecordList:
        columns = (
            Column("on", _("On"), width=3, sortable=False),
            Column("name", _("Trigger"), flex=2, min_width=22, sortable=False),
            Column("when", _("When"), flex=2, min_width=24, sortable=False),
            Column("if", _("If"), flex=2, min_width=20, sortable=False, drop=1),
            Column("then", _("Then"), flex=2, min_width=22, sortable=False),
            Column("trial", _("Now"), width=9, align="right", sortable=False, drop=2),
        )
        return RecordList(
            SmallSource(columns, self._rows),
            Order(""),
            empty=Content(_("No triggers yet. n makes one, r takes a ready one.")),
        )

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("triggers.change")

    async def command_triggers_add(self, argument: str = "") -> None:
        wanted = await self.app.push_screen_wait(TriggerCard(Wanted("")))
        if wanted is not None:
            self.shell.say(_("The trigger is kept. u takes it back."))

    async def command_triggers_ready(self, argument: str = "") -> None:
        """It is taken in the language of the program, and rests."""
        options = [(str(place), _(one.name)) for place, one in enumerate(SHIPPED)]
        chosen = await self.app.push_screen_wait(Choice(_("Which trigger"), options))
        if chosen is None:
            return
        ready = SHIPPED[int(chosen)]
        named = Wanted(
            _(ready.name), ready.object_kind, ready.event, condition=ready.condition, actions=ready.actions
        )
        row = await self.act("trigger.add", lambda work: triggers.add(work, named, enabled=False))
        self._list.reload()
        self._list.go_to(row.key)
        self.shell.say(_("It rests: x puts it in force, e changes it."))

    async def command_triggers_change(self, argument: str = "") -> None:
        one = self._chosen()
        given = Wanted(
            one.name, one.object_kind, one.event, one.scenario_id, one.condition or ALWAYS, one.actions
        )
        wanted = await self.app.push_screen_wait(TriggerCard(given, one.id))
        if wanted is not None:
            self.shell.say(_("The trigger is kept. u takes it back."))

    async def command_triggers_toggle(self, argument: str = "") -> None:
        one = self._chosen()
        await self.act("trigger.enable", lambda work: triggers.enable(work, one.id, on=not one.enabled))

    async def command_triggers_try(self, argument: str = "") -> None:
        """For how many records the condition of each holds stands beside it."""
        known = {
            one.id: Wanted(one.name, one.object_kind, one.event, one.scenario_id, one.condition)
            for one in self._triggers.values()
            if one.condition is not None
        }
        now, user_id = self._now(), self.actor.user_id
        self._trials = await self.look(
            lambda connection: {
                key: triggers.trial(connection, wanted, now, user_id) for key, wanted in known.items()
            }
        )
        self._list.reload()
        one = self._triggers.get(self._list.current_id or 0)
        if one is not None and one.id in self._trials:
            matching, total = self._trials[one.id]
            self.shell.say(trial_said(matching, total))

    async def command_triggers_delete(self, argument: str = "") -> None:
        one = self._chosen()
        await self.act("trigger.remove", lambda work: triggers.remove(work, one.id))
        self.shell.say(_("{name} deleted. u takes it back.").format(name=one.name))

    def _chosen(self) -> TriggerRow:
        one = self._triggers.get(self._list.current_id or 0)
        if one is None:
            raise Refused("nothing_chosen")
        return one

    def _rows(self) -> list[Row]:
        with self.store.read() as connection:
            self._triggers = {one.id: one for one in triggers.rows(connection)}
            subjects = {kind: condition_subjects.subject(connection, kind) for kind in KINDS}
            scenarios = scenario_names(connection)

            def name_of(field: FieldOf, key: int) -> str:
                return dict(condition_subjects.choices(connection, field.of)).get(key, str(key))

            return [
                self._row(
                    one,
                    _("asks for what this program does not know")
                    if one.condition is None
                    else condition_words.said(one.condition, subjects[one.object_kind], name_of),
                    scenarios,
                )
                for one in self._triggers.values()
            ]

    def _row(self, one: TriggerRow, asks: str, scenarios: dict[int, str]) -> Row:
        what = _(KINDS.get(one.object_kind, one.object_kind))
        if one.scenario_id is not None:
            what = scenarios.get(one.scenario_id, what)
        trial = self._trials.get(one.id)
        cells = (
            _("yes") if one.enabled else _("no"),
            one.name,
            f"{what}: {event_said(one.event, one.object_kind)}",
            asks,
            "; ".join(action_said(action) for action in one.actions),
            "" if trial is None else f"{trial[0]}/{trial[1]}",
        )
        return Row(one.id, cells, RowFlag.NONE if one.enabled else RowFlag.DIMMED)
