"""What all the commands of the editor of a map stand on: the cursor, the ways on from it, conditions, targets."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm_tui.domain.conditions import condition, condition_words
from crm_tui.domain.conditions.condition import Group
from crm_tui.domain.errors import CrmError, Refused
from crm_tui.domain.route import route_edit
from crm_tui.domain.route.route_map import Point, Requirement, Route, StartPoint, Tree
from crm_tui.domain.route.route_outline import outline
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.route import map_facts, map_words
from crm_tui.screens.route.map_keeping import MapKeeping
from crm_tui.services.record import condition_subjects
from crm_tui.widgets.route_block import Key

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(MapKeeping, CrmScreen[Any]):
        """A screen that edits a map."""

else:
    Base = MapKeeping


class MapGround(Base):
    """For the parts of the editor."""

    def current(self) -> Key:
        """The point or way under the cursor. Raises Refused where there is none."""
        raise NotImplementedError

    def stand_on(self, key: Key) -> None:
        """Put the cursor on a point or a way."""
        raise NotImplementedError

    def source(self) -> Point:
        """The point under the cursor, or that which the way under it leaves."""
        kind, name = self.current()
        return self.point(self.draft.route.flows[int(name)].source if kind == "flow" else str(name))

    async def way_on(self) -> int | None:
        """The way on from the cursor, asked for where there are several; before an end the way to it."""
        kind, name = self.current()
        if kind == "flow":
            return int(name)
        route = self.draft.route
        ways = route.leaving[str(name)] or route.arriving[str(name)]
        if len(ways) < 2:
            return ways[0] if ways else None
        options = [(str(number), self._way_title(number)) for number in ways]
        chosen = await self.app.push_screen_wait(Choice(_("On which way"), options))
        return None if chosen is None else int(chosen)

    async def ask_condition(self, tree: Tree | None) -> Tree | None:
        """A condition: one comparison where there is none yet, else as the editor of conditions leaves it (empty for
        always); None when it was given up."""
        from crm_tui.screens.lists.condition_editor import ConditionEditor, LeafForm

        subject = self.draft.words.subject
        if subject is None:
            raise Refused("map_no_conditions")
        if not tree:
            leaf = await self.app.push_screen_wait(LeafForm(subject, self._references))
            return None if leaf is None else condition.as_json(leaf)
        try:
            given = condition.parsed(tree, subject)
        except CrmError as error:  # of a field that is gone: said, and written anew
            self.shell.say(self.shell.explain(error), trouble=True)
            given = Group("all")
        made = await self.app.push_screen_wait(ConditionEditor(subject, given, self._references))
        if made is None:
            return None
        return {} if condition_words.is_empty(made) else condition.as_json(made)

    async def ask_demand(self, step_id: str) -> bool:
        """One more thing that must be there before the step is completed (RM-18, RM-21)."""
        words = self.draft.words
        options = [(f"document {code}", name) for code, name in words.documents.items()]
        options += [
            (f"field {code}", _("field: {name}").format(name=name)) for code, name in words.fields.items()
        ]
        chosen = await self.app.push_screen_wait(Choice(_("Needed before it is completed"), options))
        if chosen is None:
            return False
        kind, _space, of = chosen.partition(" ")
        known = self.step(step_id).requirements
        if any((one.kind, one.of) == (kind, of) for one in known):
            raise Refused("map_demanded_already")
        made = replace(self.step(step_id), requirements=(*known, Requirement(kind, of)))
        await self.change(lambda route: route_edit.put(route, made), "route.demand")
        return True

    def _references(self, of: str) -> list[tuple[str, str]]:
        with self.store.read() as connection:
            return [(str(key), name) for key, name in condition_subjects.choices(connection, of)]

    def _way_title(self, number: int) -> str:
        flow = self.draft.route.flows[number]
        said = map_words.way_said(self.draft.route, number, self.draft.words)
        source, target = (map_facts.title(self.draft.route, one) for one in (flow.source, flow.target))
        return f"{said or source} ▶ {target}"

    def targets(self) -> list[tuple[str, str]]:
        """The points that a way can lead to, in the order of the map."""
        route = self.draft.route
        ids = (id for id in in_order(route) if not isinstance(route.by_id[id], StartPoint))
        return [(id, map_facts.title(route, id)) for id in ids]

    def way_said(self, number: int) -> str:
        """One of several ways on."""
        return map_words.way_said(self.draft.route, number, self.draft.words)


def in_order(route: Route) -> list[str]:
    """The points in the order in which a process goes through them."""
    return list(dict.fromkeys([*(line.point for line in outline(route)), *route.by_id]))
