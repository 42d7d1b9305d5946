"""What changed in the store is passed on to the screens that are seen; hidden ones read anew when they are shown."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from crm_tui.domain.errors import CrmError
from crm_tui.screens.base import Place

if TYPE_CHECKING:
    from textual.app import App

    Base = App[int]
else:
    Base = object


class Spreading(Base):
    """For the app."""

    if TYPE_CHECKING:

        def explain(self, error: CrmError) -> str: ...

        def set_status(self, name: str, text: str) -> None: ...

    def spread(self, topics: Mapping[str, set[int]]) -> None:
        """Tell every screen: topic (table name) → ids. Hidden ones read all anew when they are shown."""
        in_view = self.stack_in_view()
        for stack in self._screen_stacks.values():
            for screen in stack:
                if not isinstance(screen, Place):
                    continue
                if screen in in_view:
                    self._pass_on(screen, topics)
                else:
                    screen.dirty = True

    def _pass_on(self, screen: Place, topics: Mapping[str, set[int]]) -> None:
        """What a screen cannot read now is said, and read when it is shown again."""
        try:
            screen.store_changed(topics)
        except CrmError as error:
            screen.dirty = True
            self.set_status("store", self.explain(error))

    def stack_in_view(self) -> list[Place]:
        """The screen on top and, while it is a dialog, those seen under it."""
        seen: list[Place] = []
        for screen in reversed(self._screen_stack if self._running else []):
            if isinstance(screen, Place) and screen.stands:
                seen.append(screen)
            if not screen.is_modal:
                break
        return seen
