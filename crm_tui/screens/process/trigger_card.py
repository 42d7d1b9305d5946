"""One trigger: what it waits for, of which cards, and what it does then; and for how many it would act now."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select
from textual import work as in_worker
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.conditions import condition_words
from crm_tui.domain.conditions.condition import Condition, Group
from crm_tui.domain.conditions.condition_fields import FieldOf
from crm_tui.domain.errors import CrmError, Refused
from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.forms.unkept import Unkept
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.process.trigger_actions import asked_action
from crm_tui.services.process import triggers
from crm_tui.services.process.trigger_words import (
    ALWAYS,
    AT,
    KINDS,
    Wanted,
    action_said,
    event_said,
    events_of,
    trial_said,
)
from crm_tui.services.record import condition_subjects
from crm_tui.store.tables import Scenario, table_of
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row

NAME, KIND, EVENT, SCENARIO, WANTED, FIRST_ACTION = 1, 2, 3, 4, 10, 1000
"""Ids of the rows; parts of the condition and actions count on from theirs."""


class TriggerCard(Unkept, Acting, CrmScreen[Wanted]):
    """Answers the trigger as it was kept by Ctrl+S, or None. What cannot be kept is said; nothing made is lost."""

    SCOPES = ("trigger",)

    def __init__(self, wanted: Wanted, trigger_id: int | None = None) -> None:
        """A new trigger, or the one with this id."""
        super().__init__()
        self._given = self._wanted = wanted
        self._trigger_id = trigger_id

    def compose_body(self) -> Iterable[Widget]:
        columns = (
            Column("part", "", width=9, sortable=False),
            Column("what", "", flex=1, sortable=False),
        )
        self._list = RecordList(SmallSource(columns, self._rows), Order(""), header=False)
        yield Static(Content(_("Trigger")), classes="card-title")
        yield Static(classes="card-facts", id="trigger-trial")
        yield self._list

    def on_mount(self) -> None:
        self._list.focus()
        self._try()

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("trigger.change")

    def made(self) -> Wanted:
        return self._wanted

    def given(self) -> Wanted:
        return self._given

    async def command_trigger_keep(self, argument: str = "") -> None:
        wanted, key = self._wanted, self._trigger_id
        if key is None:
            await self.act("trigger.add", lambda work: triggers.add(work, wanted))
        else:
            await self.act("trigger.change", lambda work: triggers.change(work, key, wanted))
        self.dismiss(wanted)

    async def command_trigger_change(self, argument: str = "") -> None:
        """The name, what it waits for, the conditions in their editor, or another action."""
        row = self._list.current_id or NAME
        if row == NAME:
            name = await self.app.push_screen_wait(Prompt(_("Name of the trigger"), self._wanted.name))
            if name:
                self._show(replace(self._wanted, name=name))
        elif row == KIND:
            await self._ask_kind()
        elif row == EVENT:
            await self._ask_event()
        elif row == SCENARIO:
            await self._ask_scenario()
        elif row < FIRST_ACTION:
            await self._ask_condition()
        else:
            action = await asked_action(self, self._wanted)
            if action is not None:
                actions = list(self._wanted.actions)
                actions[row - FIRST_ACTION : row - FIRST_ACTION + 1] = [action]
                self._show(replace(self._wanted, actions=tuple(actions)))

    async def command_trigger_add(self, argument: str = "") -> None:
        action = await asked_action(self, self._wanted)
        if action is not None:
            self._show(replace(self._wanted, actions=(*self._wanted.actions, action)))

    def command_trigger_delete(self, argument: str = "") -> None:
        place = (self._list.current_id or NAME) - FIRST_ACTION
        if not 0 <= place < len(self._wanted.actions):
            raise Refused("nothing_chosen")
        actions = self._wanted.actions
        self._show(replace(self._wanted, actions=actions[:place] + actions[place + 1 :]))

    async def _ask_kind(self) -> None:
        """The condition is about the fields of a kind: with another kind it begins anew."""
        options = [(kind, _(name)) for kind, name in KINDS.items()]
        chosen = await self.app.push_screen_wait(Choice(_("What the trigger is about"), options))
        if chosen is None or chosen == self._wanted.object_kind:
            return
        event = self._wanted.event
        if not event.startswith(AT) and event not in events_of(chosen):
            event = next(iter(events_of(chosen)))
        self._show(replace(self._wanted, object_kind=chosen, event=event, scenario_id=None, condition=ALWAYS))

    async def _ask_event(self) -> None:
        of_kind = [(event, _(name)) for event, name in events_of(self._wanted.object_kind).items()]
        options = [*of_kind, (AT, _("at a time of each day …"))]
        chosen: str | None = await self.app.push_screen_wait(Choice(_("When"), options))
        if chosen == AT:
            typed = await self.app.push_screen_wait(
                Prompt(_("At what time"), "19:00", preview=lambda line: triggers.time_of(f"{AT}{line}"))
            )
            chosen = f"{AT}{triggers.time_of(AT + typed)}" if typed else ""
        if chosen:
            self._show(replace(self._wanted, event=chosen))

    async def _ask_scenario(self) -> None:
        with self.store.read() as connection:
            known = scenario_names(connection)
        options = [("", _("any")), *((str(key), name) for key, name in known.items())]
        chosen = await self.app.push_screen_wait(Choice(_("Of which scenario"), options))
        if chosen is not None:
            self._show(replace(self._wanted, scenario_id=int(chosen) if chosen else None))

    async def _ask_condition(self) -> None:
        from crm_tui.screens.lists.condition_editor import ConditionEditor

        with self.store.read() as connection:
            subject = condition_subjects.subject(connection, self._wanted.object_kind)
        editor = ConditionEditor(subject, self._wanted.condition, self._references)
        wanted = await self.app.push_screen_wait(editor)
        if wanted is not None:
            self._show(replace(self._wanted, condition=wanted))

    # What is shown

    def _show(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._list.reload()
        self._try()

    def _try(self) -> None:
        self._tried()

    @in_worker(exclusive=True, group="trial")
    async def _tried(self) -> None:
        """For how many records it would act: counted in a thread."""
        wanted, now, user_id = self._wanted, self._now(), self.actor.user_id
        try:
            found = await self.look(lambda connection: triggers.trial(connection, wanted, now, user_id))
        except CrmError as error:
            text = self.shell.explain(error)
        else:
            text = _("{trial} Ctrl+S keeps it, Esc gives it up.").format(trial=trial_said(*found))
        self.query_one("#trigger-trial", Static).update(Content(text))

    def _rows(self) -> list[Row]:
        wanted = self._wanted
        with self.store.read() as connection:
            subject = condition_subjects.subject(connection, wanted.object_kind)
            scenarios = scenario_names(connection)

            def name_of(field: FieldOf, key: int) -> str:
                return dict(condition_subjects.choices(connection, field.of)).get(key, str(key))

            asked = [condition_words.said(one, subject, name_of) for one in _parts(wanted.condition)]
        rows = [
            Row(NAME, (_("Trigger"), wanted.name)),
            Row(KIND, (_("About"), _(KINDS[wanted.object_kind]))),
            Row(EVENT, (_("When"), event_said(wanted.event, wanted.object_kind))),
        ]
        if wanted.object_kind == "interest":
            name = _("any") if wanted.scenario_id is None else scenarios.get(wanted.scenario_id, "")
            rows.append(Row(SCENARIO, (_("Scenario"), name)))
        rows += [
            Row(key, (_("If") if key == WANTED else _("and"), text)) for key, text in enumerate(asked, WANTED)
        ]
        rows += [
            Row(key, (_("Then") if key == FIRST_ACTION else "", action_said(action)))
            for key, action in enumerate(wanted.actions, FIRST_ACTION)
        ]
        return rows

    def _references(self, of: str) -> list[tuple[str, str]]:
        with self.store.read() as connection:
            return [(str(key), name) for key, name in condition_subjects.choices(connection, of)]


def scenario_names(connection: Connection) -> dict[int, str]:
    """Scenarios in their order."""
    table: Any = table_of(Scenario)
    query = select(table.c.id, table.c.name).order_by(table.c.position, table.c.id)
    return {row.id: _(row.name) for row in connection.execute(query)}


def _parts(wanted: Condition) -> tuple[Condition, ...]:
    """The condition in lines: what must all hold, one by one."""
    if isinstance(wanted, Group) and wanted.kind == "all" and wanted.members:
        return wanted.members
    return (wanted,)
