"""The text of a letter being written: own editor, styles, templates and saved replies."""

from typing import TYPE_CHECKING

from textual.widgets.text_area import Location

from crm_tui.domain.errors import NotFound
from crm_tui.domain.letter import text_style
from crm_tui.domain.letter.text_style import BOLD, ITALIC
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.forms.external_editor import edited
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.services.writing import letter_templates
from crm_tui.services.writing.compose import Writing
from crm_tui.services.writing.letter_templates import TemplateRow
from crm_tui.widgets.text_field import TextBox, TextField

if TYPE_CHECKING:
    from crm_tui.screens.acting import Acting
    from crm_tui.screens.base import CrmScreen

    class Base(Acting, CrmScreen[None]):
        """What the text needs of its screen."""

        form: str

        def writing(self) -> Writing: ...

        def subject_is_proposed(self) -> bool: ...

        def change_format(self, form: str) -> None: ...

        async def keep_body(self, text: str) -> None: ...

else:
    Base = object


class TextActs(Base):
    """For the screen of a letter with a ``compose-subject`` and a ``compose-body``."""

    @property
    def _body(self) -> TextBox:
        return self.query_one("#compose-body", TextBox)

    # The own editor

    async def command_compose_editor(self, argument: str = "") -> None:
        """Write the text with the program of $VISUAL or $EDITOR; what it saves meanwhile is kept."""
        body = self._body
        suffix = ".md" if self.form == "markdown" else ".txt"
        text = await edited(self.app, body.text, suffix=suffix, saved=self._saved_in_editor)
        if text != body.text:
            body.replace(text, (0, 0), body.document.end)
            body.move_cursor((0, 0))
        body.focus()

    def _saved_in_editor(self, text: str) -> None:
        self.run_worker(self.keep_body(text), group="keep")

    # Styles (MAIL-33)

    def command_compose_bold(self, argument: str = "") -> None:
        self._emphasise(BOLD)

    def command_compose_italic(self, argument: str = "") -> None:
        self._emphasise(ITALIC)

    def command_compose_list(self, argument: str = "") -> None:
        """Every line that is selected, or the one with the cursor, becomes an item of a list."""
        body = self._body
        first, last = sorted((body.selection.start[0], body.selection.end[0]))
        lines = [body.document.get_line(row) for row in range(first, last + 1)]
        end = (last, len(lines[-1]))
        body.replace("\n".join(text_style.listed(lines)), (first, 0), end, maintain_selection_offset=True)
        self.change_format("markdown")

    async def command_compose_link(self, argument: str = "") -> None:
        """What is selected becomes a link."""
        body = self._body
        start, end = sorted((body.selection.start, body.selection.end))
        url = argument or await self.app.push_screen_wait(
            Prompt(_("Link to"), "https://", hint=_("The address that the link leads to"))
        )
        if url:
            body.replace(text_style.linked(body.get_text_range(start, end), clean(url)), start, end)
            self.change_format("markdown")

    def command_compose_undo_typing(self, argument: str = "") -> None:
        self._body.undo()

    def command_compose_redo_typing(self, argument: str = "") -> None:
        self._body.redo()

    def command_compose_markdown(self, argument: str = "") -> None:
        """Send the text laid out, or as plain text."""
        self.change_format("plain" if self.form == "markdown" else "markdown")

    def _emphasise(self, mark: str) -> None:
        body = self._body
        (row, start), (last_row, end) = sorted((body.selection.start, body.selection.end))
        if row != last_row:  # a style ends with its line
            end = len(body.document.get_line(row))
        line = body.document.get_line(row)
        marked, begin, stop = text_style.emphasised(line, start, end, mark)
        body.replace(marked, (row, 0), (row, len(line)))
        body.selection = type(body.selection)((row, begin), (row, stop))
        self.change_format("markdown")

    # Templates (MAIL-34, IDX-23)

    async def command_compose_template(self, argument: str = "") -> None:
        """Put a template where the cursor stands; its subject where there is none yet."""
        await self._choose_template(_("From template"), argument)

    async def command_compose_saved_reply(self, argument: str = "") -> None:
        """``/code`` before the cursor becomes its text; without one, a saved reply is chosen from a list."""
        body = self._body
        row, column = body.cursor_location
        before, writing = body.document.get_line(row)[:column], self.writing()
        found = await self.look(
            lambda connection: letter_templates.expanded(
                connection, before, writing, self.actor.user_id, self._zone()
            )
        )
        if found is None:
            await self._choose_template(_("Saved replies"), argument, with_code=True)
        else:
            self._insert(found[1], (row, column - found[0]), (row, column))

    async def _choose_template(self, title: str, argument: str, *, with_code: bool = False) -> None:
        rows = await self.look(lambda connection: letter_templates.templates(connection, self.actor.user_id))
        rows = [one for one in rows if one.short_code or not with_code]
        if not rows:
            raise NotFound("no_templates")
        named = [
            one for one in rows if argument and argument.casefold() in (one.name.casefold(), one.short_code)
        ]
        chosen: str | None = str(named[0].id) if named else None
        if chosen is None:
            chosen = await self.app.push_screen_wait(
                Choice(title, [(str(one.id), _template_text(one)) for one in rows])
            )
        if chosen is None:
            return
        template_id, writing = int(chosen), self.writing()
        filled = await self.look(
            lambda connection: letter_templates.filled(
                connection, template_id, writing, self.actor.user_id, self._zone()
            )
        )
        subject = self.query_one("#compose-subject", TextField)
        if filled.subject and (not subject.value.strip() or self.subject_is_proposed()):
            subject.value = filled.subject
        self._insert(filled.body, self._body.cursor_location, self._body.cursor_location)

    def _insert(self, text: str, start: Location, end: Location) -> None:
        body = self._body
        body.replace(text.rstrip("\n"), start, end)
        if _is_styled(text):
            self.change_format("markdown")


def _is_styled(text: str) -> bool:
    """Whether a text has marks of Markdown that a reader would see as marks: emphasis or links."""
    return "**" in text or "](" in text


def _template_text(one: TemplateRow) -> str:
    """A template in one line: name, code, subject."""
    code = f"/{one.short_code}" if one.short_code else ""
    return "  ".join(filter(None, (clean(one.name), code, clean(one.subject))))
