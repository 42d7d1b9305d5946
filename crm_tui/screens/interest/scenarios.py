"""Scenarios as an administrator sees them: the states of each in their order, and what is asked there (IDX-26)."""

from collections.abc import Mapping, Sequence

from crm_tui.domain import money
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.i18n import N_, _, ngettext
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.prompt import Prompt
from crm_tui.screens.interest.checklist import ChecklistScreen
from crm_tui.screens.interest.interest_fields import number_of
from crm_tui.screens.interest.interest_source import amount_text
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.interest import checklists, participants, scenarios
from crm_tui.services.interest.currency import of_company
from crm_tui.store.queries import board, interests
from crm_tui.store.queries.interests import StateRow
from crm_tui.store.tables import State
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, heading_id

OUTCOMES = {"open": N_("goes on"), "won": N_("closed as won"), "lost": N_("closed as lost")}


class ScenariosScreen(ListScreen[None]):
    """The states of all scenarios, scenario by scenario."""

    SCOPES = ("scenarios",)
    TABLES = frozenset({"scenario", "state", "checklist_item", "interest", "setting"})

    def list_title(self) -> str:
        return _("Scenarios of Interests")

    def make_list(self) -> RecordList:
        columns = (
            Column("state", _("State"), flex=2, min_width=18, sortable=False),
            Column("outcome", _("Outcome"), width=15, sortable=False),
            Column("probability", _("Probability"), width=11, align="right", sortable=False),
            Column("rot", _("Stale after"), width=12, align="right", sortable=False, drop=1),
            Column("checklist", _("Checklist"), width=10, align="right", sortable=False),
            Column("count", _("Interests"), width=10, align="right", sortable=False, drop=2),
        )
        return RecordList(SmallSource(columns, self._rows), Order(""))

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Enter shows the checklist of the state."""
        self.app.push_screen(ChecklistScreen(event.id))

    async def command_scenarios_add(self, argument: str = "") -> None:
        """A new scenario with its states."""

        async def save(filled: Mapping[str, str]) -> None:
            names = [name for name in filled["states"].split(",") if name.strip()]
            await self.act("scenario.add", lambda work: scenarios.add(work, filled["name"], names))

        await self.app.push_screen_wait(
            FormDialog(
                _("New scenario"),
                [Field("name", _("Name")), Field("states", _("States"))],
                intro=_("The open states in their order, apart by commas; Won and Lost are added."),
                save=save,
                kept_as="scenario-new",
            )
        )

    async def command_scenarios_rename(self, argument: str = "") -> None:
        """Another name for the scenario of the state under the cursor."""
        state = self._state()
        name = argument or await self.app.push_screen_wait(Prompt(_("Name of the scenario")))
        if name:
            await self.act("scenario.rename", lambda work: scenarios.rename(work, state.scenario_id, name))

    async def command_scenarios_add_state(self, argument: str = "") -> None:
        """A new state in the scenario of the state under the cursor."""
        scenario_id = self._state().scenario_id

        async def save(filled: Mapping[str, str]) -> None:
            values = _values(filled)
            await self.act(
                "scenario.add_state",
                lambda work: scenarios.add_state(
                    work,
                    scenario_id,
                    filled["name"],
                    outcome=filled["outcome"],
                    instruction=filled["instruction"],
                    **values,
                ),
            )

        form = FormDialog(_("New state"), _fields(None), save=save, kept_as=f"scenario-{scenario_id}-state")
        await self.app.push_screen_wait(form)

    async def command_scenarios_change(self, argument: str = "") -> None:
        """What the state under the cursor is."""
        state = self._state()

        async def save(filled: Mapping[str, str]) -> None:
            values = _values(filled)
            # A shipped name stays the source text that is translated, unless another one is typed.
            name = state.name if filled["name"] == _(state.name) else filled["name"]
            await self.act(
                "scenario.change_state",
                lambda work: scenarios.change_state(
                    work,
                    state.key,
                    name=name,
                    outcome=filled["outcome"],
                    instruction=filled["instruction"],
                    expected_version=state.version,
                    **values,
                ),
            )

        form = FormDialog(_("State"), _fields(state), save=save, kept_as=f"state-{state.key}")
        await self.app.push_screen_wait(form)

    async def command_scenarios_up(self, argument: str = "") -> None:
        """One place up."""
        await self._move(-1)

    async def command_scenarios_down(self, argument: str = "") -> None:
        """One place down."""
        await self._move(1)

    async def command_scenarios_remove(self, argument: str = "") -> None:
        """A state that was never used."""
        key = self._key()
        await self.act("scenario.remove_state", lambda work: scenarios.remove_state(work, key))

    async def command_scenarios_key_person(self, argument: str = "") -> None:
        """The amount from which on a key person is asked for."""
        with self.store.read() as connection:
            least, ours = participants.key_person_from(connection), of_company(connection)
        typed = argument or await self.app.push_screen_wait(
            Prompt(
                _("A key person is needed from this amount on"),
                amount_text(least.minor, least.currency) if least else "",
                hint=_("Empty: never"),
                may_be_empty=True,
            )
        )
        if typed is None:
            return
        amount = money.parse(typed, ours) if typed.strip() else None
        if typed.strip() and amount is None:
            raise Invalid("not_an_amount", value=typed)
        await self.act("scenario.key_person", lambda work: participants.set_key_person_from(work, amount))
        said = amount_text(amount.minor, amount.currency) if amount else _("never")
        self.shell.say(_("A key person is needed from: {amount}").format(amount=said))

    async def _move(self, step: int) -> None:
        key = self._key()
        await self.act("scenario.move_state", lambda work: scenarios.move_state(work, key, step))

    def _key(self) -> int:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._list.current_id

    def _state(self) -> State:
        key = self._key()
        with self.store.read() as connection:
            return scenarios.state(connection, key)

    def _rows(self) -> Sequence[Row]:
        found: list[Row] = []
        with self.store.read() as connection:
            items = checklists.counts(connection)
            for number, (key, _code, name) in enumerate(interests.scenarios(connection)):
                found.append(Row(heading_id(number), (_(name),)))
                heaps = board.heaps(connection, key)
                for state in interests.states(connection, key):
                    heap = heaps.get(state.id)
                    found.append(_row(state, items.get(state.id, 0), heap.count if heap else 0))
        return found


def _row(state: StateRow, items: int, count: int) -> Row:
    days = state.rot_days
    return Row(
        state.id,
        (
            _(state.name),
            _(OUTCOMES[state.outcome]),
            "" if state.probability is None else f"{state.probability} %",
            "" if days is None else ngettext("{count} day", "{count} days", days).format(count=days),
            str(items or ""),
            str(count or ""),
        ),
    )


def _fields(state: State | None) -> list[Field]:
    options = [(code, _(text)) for code, text in OUTCOMES.items()]
    shown = (state.probability, state.rot_days) if state else (None, None)
    probability, rot_days = ("" if value is None else str(value) for value in shown)
    return [
        Field("name", _("State"), _(state.name) if state else ""),
        Field("outcome", _("Outcome"), state.outcome if state else "open", options=options),
        Field("probability", _("Probability, %"), probability),
        Field("rot_days", _("Stale after, days"), rot_days),
        Field("instruction", _("What to do here"), state.instruction if state else "", lines=3),
    ]


def _values(filled: Mapping[str, str]) -> dict[str, int | None]:
    return {name: number_of(filled[name]) for name in ("probability", "rot_days")}
