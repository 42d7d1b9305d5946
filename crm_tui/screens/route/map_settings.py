"""Setting the points, ways and parameters of a map that is edited (RM-04, RM-07, BP-11…14, BP-17, BP-20)."""

from collections.abc import Mapping
from dataclasses import replace

from crm_tui.domain.errors import Refused
from crm_tui.domain.route import route_edit
from crm_tui.domain.route.route_map import ActionPoint, ChoicePoint, SplitPoint, StartPoint, Step
from crm_tui.i18n import _
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.route import map_facts, map_forms
from crm_tui.screens.route.map_texts import MapTexts


class MapSettings(MapTexts):
    """``e``, ``r``, ``s``, ``x`` and ``P`` of the editor."""

    async def command_route_edit(self, argument: str = "") -> None:
        """The form of a point; of a way its outcome, its condition, or that it controls the state."""
        kind, name = self.current()
        if kind == "flow":
            await self._edit_way(int(name))
            return
        point = self.point(str(name))
        words = self.draft.words

        async def save(filled: Mapping[str, str]) -> None:
            await self.change(
                lambda route: route_edit.put(route, map_forms.filled_in(self.point(point.id), filled, words))
            )

        fields = map_forms.fields(point, words, of_object=map_forms.changes_state(self.draft.route, point))
        form = FormDialog(map_facts.title(self.draft.route, point.id), fields, save=save)
        if await self.app.push_screen_wait(form) is not None and isinstance(point, ActionPoint):
            await self.edit_action(point.id)

    async def _edit_way(self, number: int) -> None:
        flow = self.draft.route.flows[number]
        source = self.point(flow.source)
        if isinstance(source, ChoicePoint):
            tree = await self.ask_condition(flow.condition) if flow.condition is not None else None
            if flow.condition is None:
                raise Refused("route_edit_default")
            if tree is not None:
                await self.change(lambda route: route_edit.put_condition(route, number, tree))
        elif isinstance(source, SplitPoint):
            await self.command_route_control()
        else:
            await self.command_route_rename()

    async def command_route_rename(self, argument: str = "") -> None:
        """Another name for the point, or for the outcome."""
        kind, name = self.current()
        route = self.draft.route
        if kind == "point":
            point = self.point(str(name))
            typed = argument or await self.app.push_screen_wait(
                Prompt(_("Name"), point.name, may_be_empty=True)
            )
            if typed is not None:
                text = " ".join(typed.split())
                await self.change(
                    lambda now: route_edit.put(now, replace(self.point(point.id), name=text)), "route.rename"
                )
            return
        flow = route.flows[int(name)]
        step = self.point(flow.source)
        if not isinstance(step, Step):
            raise Refused("map_way_without_name")
        typed = argument or await self.app.push_screen_wait(Prompt(_("Outcome"), self.way_said(int(name))))
        if typed:
            outcomes = tuple(
                replace(one, name=" ".join(typed.split())) if one.code == flow.outcome else one
                for one in step.outcomes
            )
            await self.change(
                lambda now: route_edit.put(now, replace(step, outcomes=outcomes)), "route.rename"
            )

    async def command_route_state(self, argument: str = "") -> None:
        """Another state for the point under the cursor (RM-07, BP-12)."""
        kind, name = self.current()
        if kind == "flow":
            name = self.draft.route.flows[int(name)].target
        point = self.point(str(name))
        if isinstance(point, StartPoint) or not map_forms.changes_state(self.draft.route, point):
            raise Refused("map_no_state_here")
        options = [*self.draft.words.states.items(), ("", _("none"))]
        title = _("State: {point}").format(point=map_facts.title(self.draft.route, point.id))
        state = await self.app.push_screen_wait(
            Choice(title, [(code or "-", text) for code, text in options])
        )
        if state is not None:
            code = "" if state == "-" else state
            await self.change(
                lambda route: route_edit.put(route, replace(self.point(point.id), state=code)), "route.state"
            )

    async def command_route_demand(self, argument: str = "") -> None:
        """A document or a field that the step under the cursor needs."""
        step = self.source()
        if not isinstance(step, Step):
            raise Refused("map_no_lines")
        await self.ask_demand(step.id)

    async def command_route_control(self, argument: str = "") -> None:
        """This branch sets the state of the Interest (BP-20)."""
        kind, name = self.current()
        if kind != "flow":
            raise Refused("route_edit_no_branch")
        await self.change(lambda route: route_edit.control(route, int(name)), "route.control")

    async def command_route_parameters(self, argument: str = "") -> None:
        """The Parameters tab."""

        async def save(filled: Mapping[str, str]) -> None:
            await self.change(lambda route: map_forms.with_parameters(route, filled), "route.parameters")

        fields = map_forms.parameters(self.draft.route, self.draft.words)
        await self.app.push_screen_wait(FormDialog(_("Parameters of the map"), fields, save=save))
