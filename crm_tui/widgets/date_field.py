"""A field for a date typed in words or figures; Ctrl+A and Ctrl+X make it a day later and earlier (L-23)."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from crm_tui.widgets.text_field import TextField


class DateField(TextField):
    """``shift`` answers what stands in the field so many days on, or None where it is no date."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+a", "shift_date(1)", show=False),
        Binding("ctrl+x", "shift_date(-1)", show=False),
    ]

    def __init__(self, value: str, shift: Callable[[str, int], str | None], *, id: str | None = None) -> None:
        super().__init__(value, id=id)
        self._shift = shift

    def action_shift_date(self, days: int) -> None:
        """The date so many days on."""
        shifted = self._shift(self.value, days)
        if shifted is not None:
            self.value = shifted
            self.cursor_position = len(shifted)
