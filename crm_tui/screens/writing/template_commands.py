"""The way to the list of templates, from any place; the list itself is imported when it is opened."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    AppBase = App[int]
else:
    AppBase = object


class TemplateCommands(AppBase):
    """For the app: the list is opened in any place."""

    async def command_everywhere_templates(self, argument: str = "") -> None:
        from crm_tui.screens.writing.templates import TemplatesScreen

        if not isinstance(self.screen, TemplatesScreen):
            await self.push_screen(TemplatesScreen())
