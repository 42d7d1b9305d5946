"""Putting points into a map by keyboard: after the one under the cursor, or on another way from it (CORP-22)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.route import route_edit
from crm_tui.domain.route.route_ids import new_id
from crm_tui.domain.route.route_map import (
    KINDS,
    ActionPoint,
    ChoicePoint,
    EndPoint,
    Flow,
    JoinPoint,
    NestedPoint,
    Outcome,
    Point,
    PointKind,
    Route,
    SplitPoint,
    Step,
    TimerPoint,
)
from crm_tui.i18n import N_, _
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.route import map_facts, map_forms
from crm_tui.screens.route.map_texts import MapTexts

NEW: dict[PointKind, tuple[type[Point], str]] = {
    PointKind.STEP: (Step, N_("step: work of a person")),
    PointKind.CHOICE: (ChoicePoint, N_("choice: one of several ways, by conditions")),
    PointKind.SPLIT: (SplitPoint, N_("split and join: several branches at once")),
    PointKind.NESTED: (NestedPoint, N_("nested process: waits for another map")),
    PointKind.TIMER: (TimerPoint, N_("timer: waits for a time")),
    PointKind.ACTION: (ActionPoint, N_("action: done by the program")),
}
NEW_STEP, NEW_END, NEW_FAILURE = "+step", "+end", "+failure"
LEADS = {
    NEW_FAILURE: N_("a new unsuccessful end"),
    NEW_END: N_("a new end"),
    NEW_STEP: N_("a new step, and on as before"),
}


class MapPoints(MapTexts):
    """``n`` and ``b`` of the editor."""

    async def command_route_add(self, argument: str = "") -> None:
        """A new point on the way on from here."""
        number = await self.way_on()
        if number is None:
            return
        options = [(str(kind), _(text)) for kind, (_class, text) in NEW.items()]
        chosen = await self.app.push_screen_wait(Choice(_("What comes next"), options))
        if chosen is None:
            return
        kind = PointKind(chosen)
        if kind is PointKind.CHOICE:
            await self._add_choice(number)
        elif kind is PointKind.SPLIT:
            await self._add_split(number)
        else:
            await self._add_point(number, NEW[kind][0])

    async def command_route_branch(self, argument: str = "") -> None:
        """Another way from the point under the cursor, or from that which the way under it leaves."""
        point = self.source()
        if isinstance(point, Step):
            await self._add_outcome(point)
        elif isinstance(point, ChoicePoint):
            await self._add_way(point)
        elif isinstance(point, SplitPoint):
            await self._add_branch(point)
        else:
            raise Refused("map_one_way", point=map_facts.title(self.draft.route, point.id))

    # One after the other

    async def _add_point(self, number: int, kind: type[Point]) -> None:
        blank = map_forms.named(kind, "new", "")
        words = self.draft.words
        of_object = map_forms.way_changes_state(self.draft.route, number)

        def made(filled: Mapping[str, str], route: Route) -> Point:
            point = map_forms.filled_in(blank, filled, words)
            return replace(point, id=self._free_id(route, filled["name"], KINDS[kind]))

        fields = map_forms.fields(blank, words, of_object=of_object)
        is_made = await self._asked(
            _("New {kind}").format(kind=_(NEW[KINDS[kind]][1]).partition(":")[0]),
            fields,
            lambda filled, route: (
                made(filled, route).id,
                route_edit.insert(route, number, made(filled, route)),
            ),
        )
        if is_made and kind is ActionPoint:
            await self.edit_action(str(self.current()[1]))

    async def _add_choice(self, number: int) -> None:
        condition_tree = await self.ask_condition(None)
        if condition_tree is None:
            return

        def edit(filled: Mapping[str, str], route: Route) -> tuple[str, Route]:
            choice = ChoicePoint(
                id=self._free_id(route, filled["name"], PointKind.CHOICE), name=filled["name"]
            )
            target, new = self._led(filled, route, {choice.id})
            way = Flow(choice.id, new.id if new else target, condition=condition_tree)
            return choice.id, route_edit.insert_choice(route, number, choice, way, new)

        fields = [Field("name", _("Question")), *self._lead_fields(_("Where it holds, leads to"))]
        await self._asked(_("New choice"), fields, edit)

    async def _add_split(self, number: int) -> None:
        def edit(filled: Mapping[str, str], route: Route) -> tuple[str, Route]:
            taken = set(route.by_id)
            made: list[Point] = []
            kinds: tuple[tuple[str, type[Point]], ...] = (
                (filled["name"], SplitPoint), (filled["first"], Step), (filled["second"], Step), ("", JoinPoint),
            )  # fmt: skip
            for name, kind in kinds:
                id = new_id(name, KINDS[kind], taken)
                taken.add(id)
                made.append(map_forms.named(kind, id, " ".join(name.split())))
            split, first, second, join = made
            assert isinstance(split, SplitPoint)
            assert isinstance(join, JoinPoint)
            return first.id, route_edit.insert_split(route, number, split, join, [first, second])

        fields = [
            Field("first", _("First branch")),
            Field("second", _("Second branch")),
            Field("name", _("Name of the split")),
        ]
        intro = _("The first branch sets the state of the Interest. b adds a branch.")
        await self._asked(_("New split and join"), fields, edit, intro, needed=("first", "second"))

    # Several ways

    async def _add_outcome(self, step: Step) -> None:
        route = self.draft.route
        first_named = bool(step.outcomes)

        def edit(filled: Mapping[str, str], route: Route) -> tuple[str, Route]:
            known = {one.code for one in step.outcomes}
            first = Outcome(new_id(filled["first"], "outcome", known), filled["first"].strip())
            code = new_id(filled["outcome"], "outcome", known | {first.code})
            outcome = Outcome(code, filled["outcome"].strip())
            target, new = self._led(filled, route, set())
            made = route_edit.add_outcome(route, step.id, outcome, first, target, new)
            return (new.id if new else step.id), made

        fields = [
            Field("first", _("The way there is"), _("Done"), hidden=first_named),
            Field("outcome", _("New outcome")),
            *self._lead_fields(_("Leads to")),
        ]
        title = _("New outcome: {step}").format(step=map_facts.title(route, step.id))
        await self._asked(title, fields, edit, needed=("first", "outcome"))

    async def _add_way(self, choice: ChoicePoint) -> None:
        tree = await self.ask_condition(None)
        if tree is None:
            return

        def edit(filled: Mapping[str, str], route: Route) -> tuple[str, Route]:
            target, new = self._led(filled, route, set(), source=choice.id)
            made = route_edit.add_way(route, choice.id, tree, target, new)
            return (new.id if new else choice.id), made

        await self._asked(_("New way"), self._lead_fields(_("Leads to")), edit)

    async def _add_branch(self, split: SplitPoint) -> None:
        def edit(filled: Mapping[str, str], route: Route) -> tuple[str, Route]:
            step = Step(id=self._free_id(route, filled["name"], PointKind.STEP), name=filled["name"].strip())
            return step.id, route_edit.add_branch(route, split.id, step)

        await self._asked(_("New branch"), [Field("name", _("First step of it"))], edit, needed=("name",))

    def _lead_fields(self, label: str) -> list[Field]:
        options = [(code, _(text)) for code, text in LEADS.items()] + self.targets()
        return [
            Field("leads", label, NEW_STEP, options=options),
            Field("new", _("Name of what is new")),
        ]

    def _led(
        self, filled: Mapping[str, str], route: Route, taken: set[str], source: str = ""
    ) -> tuple[str, Point | None]:
        """Where a way leads: the point, and the new one on it if one was asked for."""
        leads, name = filled["leads"], " ".join(filled["new"].split())
        if leads not in LEADS:
            return leads, None
        kind = PointKind.STEP if leads == NEW_STEP else PointKind.END
        id = new_id(name, kind, route.by_id.keys() | taken)
        if leads == NEW_STEP:
            if not name:
                raise Invalid("name_missing", kind="route_map")
            start = source or self.source().id
            way = (route.leaving[start] or route.arriving[start])[-1 if source else 0]
            return route.flows[way].target, Step(id=id, name=name)
        return id, EndPoint(id=id, name=name, successful=leads == NEW_END)

    async def _asked(
        self,
        title: str,
        fields: list[Field],
        edit: Callable[[Mapping[str, str], Route], tuple[str, Route]],
        intro: str = "",
        needed: tuple[str, ...] = (),
    ) -> bool:
        """A form; what is filled in makes a change, and the cursor goes to the point that it answers."""
        stands: list[str] = []

        async def save(filled: Mapping[str, str]) -> None:
            if any(not filled[name].strip() for name in needed):
                raise Invalid("name_missing", kind="route_map")

            def edited(route: Route) -> Route:
                point, made = edit(filled, route)
                stands.append(point)
                return made

            await self.change(edited, "route.add")

        if await self.app.push_screen_wait(FormDialog(title, fields, save=save, intro=intro)) is None:
            return False
        self.stand_on(("point", stands[-1]))
        return True

    @staticmethod
    def _free_id(route: Route, name: str, kind: PointKind) -> str:
        return new_id(name, kind, route.by_id)
