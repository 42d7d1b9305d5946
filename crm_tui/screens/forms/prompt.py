"""Small dialogs: type one line, choose one of a list, say yes or no. ``await app.push_screen_wait(Prompt(…))``."""

from collections.abc import Callable, Sequence
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from crm_tui.commands.command import Command
from crm_tui.domain import layouts
from crm_tui.domain.errors import CrmError
from crm_tui.domain.text import fold
from crm_tui.i18n import _
from crm_tui.screens.base import CrmDialog
from crm_tui.widgets.footer import Footer
from crm_tui.widgets.offers import Offers
from crm_tui.widgets.text_field import TextField

MOVES = frozenset({"up", "down", "pageup", "pagedown", "enter"})


class Prompt(CrmDialog[str]):
    """Asks for one line of text. ``preview`` says what is understood, or raises CrmError, as it is typed.

    ``hint`` says what can be typed while nothing is. A ``value`` is there to be gone on with: the cursor stands
    behind it. What is typed survives a lost line under the name ``kept_as``, where one is given.
    """

    SCOPES = ("form",)

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        preview: Callable[[str], str] | None = None,
        hint: str = "",
        password: bool = False,
        may_be_empty: bool = False,
        kept_as: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._kept_as = kept_as
        self._value = value
        self._preview = preview
        self._hint = hint
        self._password = password
        self._may_be_empty = may_be_empty

    @property
    def place(self) -> str:
        return self._kept_as or super().place

    def session_state(self) -> dict[str, Any]:
        return {"typed": self.query_one(TextField).value} if self._kept_as else {}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            yield TextField(self._value, password=self._password, select_on_focus=False)
            yield Static(Content("" if self._value else self._hint), classes="dialog-note")
        yield Footer()

    def on_mount(self) -> None:
        field = self.query_one(TextField)
        session = self.shell.ports.session
        if self._kept_as and session is not None:
            field.value = str(session.load(self._kept_as).get("typed", field.value))
            field.cursor_position = len(field.value)
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        if self._kept_as:
            self.session_changed()
        note = self._understood(event.value)[1] if event.value.strip() else self._hint
        self.query_one(".dialog-note", Static).update(Content(note))

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        self.command_form_save()

    def title_of(self, command: Command) -> str:
        """An answer is given: nothing is saved by it."""
        return _("OK") if command.id == "form.save" else super().title_of(command)

    def command_form_save(self, argument: str = "") -> None:
        value = self.query_one(TextField).value
        good, note = self._understood(value)
        if good and (value.strip() or self._may_be_empty):
            self._forget()
            self.dismiss(value)
        else:
            note = note or _("Something must be typed here; Esc gives up.")
            self.query_one(".dialog-note", Static).update(Content(f"! {note}"))

    def command_everywhere_back(self, argument: str = "") -> None:
        self._forget()
        self.dismiss(None)

    def _forget(self) -> None:
        session = self.shell.ports.session
        if self._kept_as and session is not None:
            session.save(self._kept_as, {})

    def _understood(self, value: str) -> tuple[bool, str]:
        if self._preview is None or not value.strip():
            return True, ""
        try:
            return True, self._preview(value)
        except CrmError as error:
            return False, self.shell.explain(error)


class Choice(CrmDialog[str]):
    """Asks for one of ``options``: (value, text). Typing narrows the list; a digit alone chooses among few, and
    ``y`` alone, on any layout, the option ``yes`` of a question."""

    ACTS_AS_TYPED = True

    def __init__(
        self, title: str, options: Sequence[tuple[str, str]], *, note: str = "", yes: str = ""
    ) -> None:
        super().__init__()
        self._title = title
        self._options = list(options)
        self._note = note
        self._yes = yes

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title")
            yield TextField(own_keys=MOVES)
            yield Offers()
            yield Static(Content(self._note), classes="dialog-note")

    def on_mount(self) -> None:
        self.query_one(TextField).focus()
        self._fill("")

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value.isdigit() and 0 < int(event.value) <= min(9, len(self._options)):
            self.dismiss(self._options[int(event.value) - 1][0])
        elif self._yes and _is_y(event.value):
            self.dismiss(self._yes)
        else:
            self._fill(event.value)

    def on_key(self, event: events.Key) -> None:
        move_in_list(self.query_one(Offers), event.key)

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        chosen = self.query_one(Offers).highlighted_option
        if chosen is not None and chosen.id is not None:
            self.dismiss(chosen.id)

    def _fill(self, typed: str) -> None:
        words = fold(typed).split()
        found = [
            (value, f"{number} {text}" if number <= 9 else f"  {text}")
            for number, (value, text) in enumerate(self._options, 1)
            if all(word in fold(text) for word in words)
        ]
        options = self.query_one(Offers)
        options.set_options(Option(Content(text), id=value) for value, text in found)
        options.highlighted = 0 if found else None
        self.query_one(".dialog-note", Static).update(Content(self._note if found else _("Nothing found.")))


class Confirm(CrmDialog[bool]):
    """Asks yes or no; only the whole word, or Ctrl+S, says yes, so that a stray key does not."""

    SCOPES = ("form",)

    def __init__(self, question: str, word: str = "") -> None:
        super().__init__()
        self._question = question
        self._word = word or _("yes")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), classes="dialog-title")
            yield Static(
                Content(
                    _("Type “{word}” and Enter, or Ctrl+S; Esc leaves everything as it is.").format(
                        word=self._word
                    )
                ),
                classes="dialog-note",
            )
            yield TextField()

    def on_mount(self) -> None:
        self.query_one(TextField).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(fold(event.value) == fold(self._word))

    def command_form_save(self, argument: str = "") -> None:
        self.dismiss(True)


def _is_y(typed: str) -> bool:
    """Whether the key of ``y`` was pressed, on any layout."""
    return "y" in (typed, *(layouts.translate_text(typed, layout) for layout in ("ru", "uk", "kk")))


def move_in_list(options: OptionList, key: str) -> None:
    """Move the highlight of a list while the focus stays in the field above it."""
    if key == "up":
        options.action_cursor_up()
    elif key == "down":
        options.action_cursor_down()
    elif key == "pageup":
        options.action_page_up()  # type: ignore[no-untyped-call]
    elif key == "pagedown":
        options.action_page_down()  # type: ignore[no-untyped-call]
