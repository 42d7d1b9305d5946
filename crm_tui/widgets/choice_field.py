"""A field with a few fixed values: left and right, or space, go through them."""

from collections.abc import Sequence

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class ChoiceField(Widget, can_focus=True):
    """Shows one of ``options`` (value, text) between arrows."""

    chosen = reactive(0)

    class Changed(Message):
        """Another value is chosen."""

        def __init__(self, field: "ChoiceField") -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> "ChoiceField":
            return self.field

    class Submitted(Message):
        """Enter was pressed: go on."""

        def __init__(self, field: "ChoiceField") -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> "ChoiceField":
            return self.field

    def __init__(self, options: Sequence[tuple[str, str]], value: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._options = tuple(options)
        values = [option[0] for option in self._options]
        self.set_reactive(ChoiceField.chosen, values.index(value) if value in values else 0)

    @property
    def value(self) -> str:
        """The chosen value; empty where there is nothing to choose from."""
        return self._options[self.chosen][0] if self._options else ""

    def render(self) -> RenderResult:
        if not self._options:
            return Content("")
        text = self._options[self.chosen][1]
        return Content(f"< {text} >" if len(self._options) > 1 else text)

    def watch_chosen(self) -> None:
        if self.is_mounted:
            self.post_message(self.Changed(self))

    def offer(self, options: Sequence[tuple[str, str]], value: str = "") -> None:
        """Show other options."""
        self._options = tuple(options)
        values = [option[0] for option in self._options]
        self.set_reactive(ChoiceField.chosen, values.index(value) if value in values else 0)
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            self.post_message(self.Submitted(self))
            return
        step = {"left": -1, "right": 1, "space": 1, "down": 1, "up": -1}.get(event.key)
        if step is not None and self._options:
            event.stop()
            self.chosen = (self.chosen + step) % len(self._options)
