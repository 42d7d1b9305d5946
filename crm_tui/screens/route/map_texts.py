"""What of a map is written as text: the map itself as TOML, the instruction of a step, what an action is told."""

from collections.abc import Mapping
from dataclasses import replace

from crm_tui.domain.errors import CrmError, Refused
from crm_tui.domain.route import route_edit, route_text
from crm_tui.domain.route.route_map import ActionPoint, Step
from crm_tui.i18n import N_, _
from crm_tui.screens.forms.external_editor import edited
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.route import map_facts
from crm_tui.screens.route.map_ground import MapGround
from crm_tui.services.process import process_actions

TOLD = {
    "field": N_("Field"),
    "value": N_("Value"),
    "title": N_("Title"),
    "assignee": N_("For whom"),
    "due": N_("Due within"),
    "notes": N_("Notes"),
    "kind": N_("Kind"),
    "number": N_("Number"),
    "name": N_("Name"),
    "email": N_("E-mail"),
    "phone": N_("Phone"),
    "company": N_("Company"),
    "city": N_("City"),
    "source": N_("Source"),
    "scenario": N_("Scenario"),
    "purpose": N_("Purpose"),
    "by": N_("Found by"),
    "missing": N_("If there is none"),
    "template": N_("Template"),
    "to": N_("To"),
    "map": N_("Map"),
}
"""What an action is told (``process_actions.SETTINGS``)."""


class MapTexts(MapGround):
    """``T`` and ``i`` of the editor."""

    async def command_route_map_text(self, argument: str = "") -> None:
        """The whole map in the person's own editor. What cannot be read is said, and can be mended there."""
        row = self.draft.row
        text = before = route_text.written(self.draft.route, row.code)
        while True:
            text = await edited(self.app, text, suffix=".toml")
            if text == before:
                return
            try:
                route = route_text.read(text.encode()).route
                await self.change(lambda _route, made=route: made, "route.map_text")  # type: ignore[misc]
                return
            except CrmError as error:
                options = [("again", _("go on editing")), ("drop", _("drop what was written"))]
                chosen = await self.app.push_screen_wait(
                    Choice(_("The text is not kept"), options, note=self.shell.explain(error))
                )
                if chosen != "again":
                    return

    async def command_route_instruction(self, argument: str = "") -> None:
        """What is to be done on the step under the cursor."""
        step = self.source()
        if not isinstance(step, Step):
            raise Refused("map_no_instruction")
        text = (await edited(self.app, step.instruction, suffix=".md")).strip()
        await self.change(
            lambda route: route_edit.put(route, replace(self.step(step.id), instruction=text)),
            "route.instruction",
        )

    async def edit_action(self, id: str) -> None:
        """What the action is told; texts may have placeholders."""
        point = self.point(id)
        assert isinstance(point, ActionPoint)
        known = process_actions.SETTINGS.get(point.action)
        if known is None:
            return

        async def save(filled: Mapping[str, str]) -> None:
            settings = {name: text.strip() for name, text in filled.items() if text.strip()}
            made = replace(point, settings=settings)
            await self.change(lambda route: route_edit.put(route, made))

        names = [*sorted(known.required), *sorted(known.optional)]
        fields = [self._told_field(name, point.settings.get(name, "")) for name in names]
        title = map_facts.title(self.draft.route, id)
        intro = _("Must be filled in: {names}").format(
            names=", ".join(_(TOLD.get(name, name)) for name in sorted(known.required))
        )
        await self.app.push_screen_wait(FormDialog(title, fields, save=save, intro=intro))

    def _told_field(self, name: str, value: str) -> Field:
        words = self.draft.words
        offered: Mapping[str, list[tuple[str, str]]] = {
            "template": [(one, one) for one in words.templates],
            "map": [(code, title) for code, (title, _kind) in words.maps.items()],
            "scenario": list(words.scenarios.items()),
            "to": [("client", _("the client")), ("owner", _("the owner"))],
            "missing": [("stop", _("stop the process"))],
        }
        if name not in offered:
            return Field(name, _(TOLD.get(name, name)), value)
        options = [("", "–"), *offered[name]]
        if value not in dict(options):
            options.append((value, value))
        return Field(name, _(TOLD[name]), value, options=options)
