"""A form: labelled fields in a dialog. Enter goes on, on the last field it saves; Ctrl+S saves; Esc gives up."""

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from crm_tui.domain.errors import CrmError
from crm_tui.i18n import _
from crm_tui.screens.base import CrmDialog
from crm_tui.screens.forms.form_fields import SideChoice, step_field
from crm_tui.widgets.choice_field import ChoiceField
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.text_field import TextBox, TextField

AROUND_FIELDS = 6
"""Lines around the fields: the frame, the title, the note, the footer."""
LEAST_FIELDS = 3


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    ``note`` says what is understood of the typed value, or raises CrmError; ``options`` makes it a choice.
    """

    id: str
    label: str
    value: str = ""
    note: Callable[[str], str] | None = None
    options: Sequence[tuple[str, str]] | None = None
    password: bool = False
    lines: int = 1
    hidden: bool = False
    """Not shown; its value stays what it was."""


class FormDialog(CrmDialog[dict[str, str]]):
    """Answers the values by field id, or None when given up.

    ``save`` carries out what the form is for; when it raises CrmError the form stays open, with all that was typed.
    Esc gives up what is typed when it is pressed twice, and it survives a lost line under the name ``kept_as``.
    """

    SCOPES = ("form",)

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        save: Callable[[Mapping[str, str]], Awaitable[object]] | None = None,
        intro: str = "",
        kept_as: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._intro = intro
        self._fields = {field.id: field for field in fields}
        self._save = save
        self._given: dict[str, str] = {}
        self._warned_of: dict[str, str] = {}
        self._kept_as = kept_as
        self._noted = False

    @property
    def place(self) -> str:
        return self._kept_as or super().place

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog form"):
            yield Static(Content(self._title), classes="dialog-title")
            if self._intro:
                yield Static(Content(self._intro), classes="dialog-intro")
            with Grid(classes="form-fields") as grid:
                # A row that is "auto" is as high as the text in it, whatever height its field is given.
                rows = (str(field.lines) if field.lines > 1 else "auto" for field in self._visible)
                grid.styles.grid_rows = " ".join(rows)
                for field in self._visible:
                    yield Static(Content(field.label), classes="form-label")
                    yield self._widget(field)
            yield Static(Content(""), classes="dialog-note")
        yield Footer()

    def on_mount(self) -> None:
        self._given = self.values()
        session = self.shell.ports.session
        if self._kept_as and session is not None:
            self.restore_session(session.load(self._kept_as))
        self.query(".form-field").first().focus()

    def on_resize(self) -> None:
        """Fields for which there is no room are scrolled to; the note below them stays in sight."""
        beside = AROUND_FIELDS + (self._intro.count("\n") + 2 if self._intro else 0)
        self.query_one(".form-fields").styles.max_height = max(LEAST_FIELDS, self.size.height - beside)

    def values(self) -> dict[str, str]:
        """What is filled in, by field id."""
        return {name: self._value(name) for name in self._fields}

    @property
    def _visible(self) -> list[Field]:
        return [field for field in self._fields.values() if not field.hidden]

    def session_state(self) -> dict[str, Any]:
        return dict(self.values()) if self._kept_as else {}

    def restore_session(self, state: Mapping[str, Any]) -> None:
        for name in {field.id for field in self._visible} & state.keys():
            widget = self.query_one(f"#field-{name}")
            if isinstance(widget, TextField):
                widget.value = str(state[name])
            elif isinstance(widget, TextBox):
                widget.text = str(state[name])

    def on_input_changed(self, event: Input.Changed) -> None:
        field = self._fields[(event.input.id or "").removeprefix("field-")]
        if self._kept_as:
            self.session_changed()
        if field.note is None or not event.value.strip():
            self._say("")
            return
        try:
            self._say(field.note(event.value))
        except CrmError as error:
            self._say(self.shell.explain(error))

    @on(events.DescendantFocus)
    def say_how(self, event: events.DescendantFocus) -> None:
        """How a choice is made stands below it, unless something else is said there."""
        if not self._noted:
            hint = event.widget.hint if isinstance(event.widget, SideChoice) else ""
            self.query_one(".dialog-note", Static).update(Content(hint))

    def on_text_area_changed(self, _event: TextArea.Changed) -> None:
        if self._kept_as:
            self.session_changed()

    def on_key(self, event: events.Key) -> None:
        if not isinstance(self.focused, TextBox) and step_field(self, event.key):
            event.stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._go_on(event.input)

    def on_choice_field_submitted(self, event: ChoiceField.Submitted) -> None:
        self._go_on(event.field)

    def _go_on(self, widget: Widget) -> None:
        if widget.id == f"field-{self._visible[-1].id}":
            self.shell.run_command("form.save")
        else:
            self.focus_next(".form-field")

    async def command_form_save(self, argument: str = "") -> None:
        """Save and close, unless what is filled in is refused."""
        values = self.values()
        try:
            if self._save is not None:
                await self._save(values)
        except CrmError as error:
            self._say(f"! {self.shell.explain(error)}")
            return
        # It is done: a store too busy to forget the kept text must not make a person save twice.
        with contextlib.suppress(CrmError):
            self._forget()
        self.dismiss(values)

    def command_everywhere_back(self, argument: str = "") -> None:
        """The first Esc after something was typed says that it is not kept."""
        typed = self.values()
        if typed not in (self._given, self._warned_of):
            self._warned_of = typed
            self._say("! " + _("Not kept: Ctrl+S keeps it, Esc once more gives it up."))
            return
        with contextlib.suppress(CrmError):
            self._forget()
        self.dismiss(None)

    def _forget(self) -> None:
        session = self.shell.ports.session
        if self._kept_as and session is not None:
            session.save(self._kept_as, {})

    def _say(self, text: str) -> None:
        self._noted = bool(text)
        self.query_one(".dialog-note", Static).update(Content(text))

    def _value(self, name: str) -> str:
        if self._fields[name].hidden:
            return self._fields[name].value
        widget = self.query_one(f"#field-{name}")
        if isinstance(widget, TextBox):
            return widget.text
        assert isinstance(widget, TextField | ChoiceField)
        return widget.value

    def _widget(self, field: Field) -> Widget:
        name = f"field-{field.id}"
        widget: Widget
        if field.options is not None:
            widget = SideChoice(field.options, field.value, id=name)
        elif field.lines > 1:
            widget = TextBox(field.value, id=name)
            widget.styles.height = field.lines
        else:
            widget = TextField(field.value, password=field.password, id=name)
        widget.add_class("form-field")
        return widget
