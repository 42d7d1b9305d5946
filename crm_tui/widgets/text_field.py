"""Fields to type in. While one has the focus, keys are text: only Esc, Tab, F-keys and Ctrl+… act."""

from textual import events
from textual.widgets import Input, TextArea

from crm_tui.domain.text import clean


class TextField(Input):
    """One line of text. What is pasted goes in as text, in one line, without control characters."""

    own_keys: frozenset[str] = frozenset()
    """Strokes that this field wants for itself although a command has them."""

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        password: bool = False,
        id: str | None = None,
        classes: str | None = None,
        own_keys: frozenset[str] = frozenset(),
        max_length: int = 0,
        select_on_focus: bool = True,
    ) -> None:
        super().__init__(
            value,
            placeholder=placeholder,
            password=password,
            id=id,
            classes=classes,
            compact=True,
            max_length=max_length,
            select_on_focus=select_on_focus,
        )
        self.cursor_blink = False
        self.own_keys = own_keys

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        text = " ".join(clean(event.text, multiline=True).split())
        if text:
            self.insert_text_at_cursor(text)


class TextBox(TextArea):
    """Several lines of text."""

    own_keys: frozenset[str] = frozenset()

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(
            text,
            id=id,
            classes=classes,
            compact=True,
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
        )
        self.cursor_blink = False

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert(clean(event.text, multiline=True))
