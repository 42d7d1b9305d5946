"""A step of a map line by line: settings, outcomes, demands, rules (RM-07…RM-21, BP-09…BP-15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.route import route_edit
from crm_tui.domain.route.route_map import Route, RuleAction, Step, StepEvent, StepRule
from crm_tui.i18n import _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.prompt import Prompt
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.route import map_facts, map_forms, map_words
from crm_tui.screens.route.map_ground import MapGround
from crm_tui.screens.route.map_keeping import Draft
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, heading_id

SETTINGS, OUTCOMES, DEMANDS, RULES = range(4)
MOST = 1000
"""Lines of a part; their ids are counted from the part's number times this."""


@dataclass(frozen=True, slots=True)
class _Line:
    part: int
    place: int


class MapStepScreen(MapGround, ListScreen[None]):
    """One step. The editor below it has the same draft."""

    SCOPES = ("map_step",)
    TABLES = frozenset({"route_map"})

    def __init__(self, draft: Draft, step: str) -> None:
        super().__init__()
        self.draft = draft
        self._step_id = step

    def list_title(self) -> str:
        return _("Step: {step}").format(step=map_facts.title(self.draft.route, self._step_id))

    def make_list(self) -> RecordList:
        columns = (
            Column("name", _("Setting"), width=22, sortable=False),
            Column("value", _("Value"), flex=1, min_width=30, sortable=False),
        )
        empty = Content(_("This step is gone."))
        return RecordList(SmallSource(columns, self._rows), Order(""), header=False, empty=empty)

    def show_route(self) -> None:
        self.query_one(".card-title", Static).update(Content(self.list_title()))
        self._list.reload()

    def reload(self) -> None:
        self.run_worker(self.read_anew(), exclusive=True, group="map")

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("map_step.change")

    # What stands here

    def _rows(self) -> Sequence[Row]:
        step = self.draft.route.by_id.get(self._step_id)
        if not isinstance(step, Step):
            return []
        rows = [_row(SETTINGS, place, *line) for place, line in enumerate(self._settings(step))]
        rows += self._part(
            OUTCOMES, _("Outcomes"), [(one.name, self._leads(one.code)) for one in step.outcomes]
        )
        demands = [(map_words.requirement_said(one, self.draft.words), "") for one in step.requirements]
        rows += self._part(DEMANDS, _("Needed before it is completed"), demands)
        rules = [(_(map_words.STEP_EVENTS[one.event]), self._rule(one)) for one in step.rules]
        return rows + self._part(RULES, _("Rules"), rules)

    def _part(self, part: int, title: str, lines: Sequence[tuple[str, str]]) -> list[Row]:
        found = [Row(heading_id(part), (title,))]
        nothing = _("b in the drawing adds one") if part == OUTCOMES else _("n adds one")
        found += [_row(part, place, *line) for place, line in enumerate(lines)]
        return [*found, _row(part, MOST - 1, "", nothing)] if not lines else found

    def _settings(self, step: Step) -> list[tuple[str, str]]:
        words = self.draft.words
        return [
            (_("Name"), step.name),
            (_("State"), map_facts.state_said(step, words) or "–"),
            (_("Performer"), map_words.performer_said(step.performer, words)),
            (_("Time for it"), map_words.duration_said(step.duration) or _("no limit")),
            (_("Asks for the result"), _("yes") if step.ask_result else _("no")),
            (_("Instruction"), " ".join(step.instruction.split()) or "–"),
        ]

    def _leads(self, outcome: str) -> str:
        route = self.draft.route
        for number in route.leaving[self._step_id]:
            flow = route.flows[number]
            if flow.outcome == outcome:
                return _("leads to: {point}").format(point=map_facts.title(route, flow.target))
        return ""

    def _rule(self, rule: StepRule) -> str:
        return map_words.rule_said(rule, self.draft.words).partition(" · ")[2]

    # What is done

    async def command_map_step_add(self, argument: str = "") -> None:
        """A line of the part that the cursor stands in."""
        part = self._line().part
        if part == OUTCOMES:
            raise Refused("map_outcome_in_graph")
        if part == DEMANDS:
            count = len(self.step(self._step_id).requirements)
            if await self.ask_demand(self._step_id):
                self._list.go_to(DEMANDS * MOST + count + 1)
        else:
            await self._ask_rule(None)

    async def command_map_step_rule(self, argument: str = "") -> None:
        """A new rule, wherever the cursor stands."""
        await self._ask_rule(None)

    async def command_map_step_change(self, argument: str = "") -> None:
        """The settings, or the line."""
        line, step = self._line(), self.step(self._step_id)
        if line.part == SETTINGS:
            await self._ask_settings(step)
        elif line.place == MOST - 1:
            await self.command_map_step_add()
        elif line.part == OUTCOMES:
            outcome = step.outcomes[line.place]
            name = await self.app.push_screen_wait(Prompt(_("Outcome"), outcome.name))
            if name:
                renamed = replace(outcome, name=" ".join(name.split()))
                await self._put(outcomes=_with(step.outcomes, line.place, renamed))
        elif line.part == DEMANDS:
            await self._ask_count(line.place)
        else:
            await self._ask_rule(line.place)

    async def command_map_step_condition(self, argument: str = "") -> None:
        """When the rule under the cursor is carried out (RM-13)."""
        place = self._rule_place()
        rule = self.step(self._step_id).rules[place]
        tree = await self.ask_condition(rule.condition)
        if tree is not None:
            made = replace(rule, condition=tree or None)
            await self._put(rules=_with(self.step(self._step_id).rules, place, made))

    async def command_map_step_delete(self, argument: str = "") -> None:
        """The rule or demand under the cursor."""
        line, step = self._line(), self.step(self._step_id)
        if line.part == OUTCOMES:
            raise Refused("map_outcome_in_graph")
        if line.part == SETTINGS or line.place == MOST - 1:
            raise Refused("nothing_chosen")
        if line.part == DEMANDS:
            await self._put(requirements=_with(step.requirements, line.place))
        else:
            await self._put(rules=_with(step.rules, line.place))

    async def command_map_step_later(self, argument: str = "") -> None:
        """One place down."""
        await self._move(1)

    async def command_map_step_earlier(self, argument: str = "") -> None:
        """One place up."""
        await self._move(-1)

    async def _move(self, by: int) -> None:
        line, step = self._line(), self.step(self._step_id)
        names = {OUTCOMES: "outcomes", DEMANDS: "requirements", RULES: "rules"}
        if line.part not in names or line.place == MOST - 1:
            raise Refused("nothing_chosen")
        lines = list(getattr(step, names[line.part]))
        wanted = max(0, min(len(lines) - 1, line.place + by))
        lines.insert(wanted, lines.pop(line.place))
        await self._put(**{names[line.part]: tuple(lines)})
        self._list.go_to(line.part * MOST + wanted + 1)

    async def _put(self, **changes: object) -> None:
        def edit(route: Route) -> Route:
            return route_edit.put(route, replace(self.step(self._step_id), **changes))  # type: ignore[arg-type]

        await self.change(edit)

    async def _ask_settings(self, step: Step) -> None:
        words = self.draft.words
        fields = map_forms.fields(step, words, of_object=map_forms.changes_state(self.draft.route, step))

        async def save(filled: Mapping[str, str]) -> None:
            await self.change(
                lambda route: route_edit.put(route, map_forms.filled_in(self.step(step.id), filled, words))
            )

        await self.app.push_screen_wait(FormDialog(step.name, fields, save=save))

    async def _ask_count(self, place: int) -> None:
        """How many documents are demanded; a field is there or is not."""
        one = self.step(self._step_id).requirements[place]
        if one.kind != "document":
            raise Refused("map_one_field")
        typed = await self.app.push_screen_wait(Prompt(_("How many"), str(one.count)))
        if typed:
            if not typed.strip().isdecimal() or len(typed.strip()) > 3 or not 0 < int(typed) <= 100:
                raise Invalid("not_a_count", value=typed)
            known = self.step(self._step_id).requirements
            await self._put(requirements=_with(known, place, replace(one, count=int(typed))))

    async def _ask_rule(self, place: int | None) -> None:
        """The form of a rule (RM-10): event, action, target, whether it goes to the client."""
        rules = self.step(self._step_id).rules
        shown = rules[place] if place is not None else StepRule(StepEvent.ENTERING, RuleAction.EMAIL)

        async def save(filled: Mapping[str, str]) -> None:
            action = RuleAction(filled["action"])
            target = filled[
                "template" if action is RuleAction.EMAIL and filled["template"] else "target"
            ].strip()
            made = StepRule(
                StepEvent(filled["event"]), action, shown.condition, target, filled["to_client"] == "yes"
            )
            now = self.step(self._step_id).rules
            await self._put(rules=(*now, made) if place is None else _with(now, place, made))

        form = FormDialog(
            _("Rule of {step}").format(step=map_facts.title(self.draft.route, self._step_id)),
            _rule_fields(shown, self.draft.words.templates),
            save=save,
            intro=_("c on its line says when it holds: only for new customers, for instance."),
        )
        if await self.app.push_screen_wait(form) is not None and place is None:
            self._list.go_to(RULES * MOST + len(rules) + 1)

    def _rule_place(self) -> int:
        line = self._line()
        if line.part != RULES or line.place == MOST - 1:
            raise Refused("map_no_rule_here")
        return line.place

    def _line(self) -> _Line:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return _Line(*divmod(self._list.current_id - 1, MOST))


def _row(part: int, place: int, name: str, value: str) -> Row:
    return Row(part * MOST + place + 1, (name, value))


def _with(lines: tuple[object, ...], place: int, *made: object) -> tuple[object, ...]:
    return (*lines[:place], *made, *lines[place + 1 :])


def _rule_fields(shown: StepRule, templates: Sequence[str]) -> list[Field]:
    is_letter = shown.action is RuleAction.EMAIL
    kept = [] if not is_letter or shown.target in ("", *templates) else [(shown.target, shown.target)]
    offered = [("", "–"), *((one, one) for one in templates), *kept]
    return [
        Field(
            "event",
            _("When"),
            shown.event,
            options=[(one, _(text)) for one, text in map_words.STEP_EVENTS.items()],
        ),
        Field(
            "action",
            _("What"),
            shown.action,
            options=[(one, _(text)) for one, text in map_words.RULE_ACTIONS.items()],
        ),
        Field("template", _("Letter template"), shown.target if is_letter else "", options=offered),
        Field("target", _("Text, task, field=value"), "" if is_letter else shown.target),
        Field(
            "to_client",
            _("To the client"),
            "yes" if shown.to_client else "no",
            options=[("no", _("no: to the performer")), ("yes", _("yes"))],
        ),
    ]
