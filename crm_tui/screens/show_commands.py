"""``everywhere.show_…``: go to a record from any place: its mode, then the record itself."""

from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import NotFound

if TYPE_CHECKING:
    from textual.app import App

    Base = App[int]
else:
    Base = object


class ShowCommands(Base):
    """The argument of each is the id of a record (of a letter: of its place). A mode's screen shows it by
    ``show_record``, which may raise NotFound."""

    is_passing_by = False
    """A mode comes into view only because one record of it is opened."""

    async def command_everywhere_show_letter(self, argument: str = "") -> None:
        await self._show("mail", argument)

    async def command_everywhere_show_task(self, argument: str = "") -> None:
        await self._show("tasks", argument)

    async def command_everywhere_show_event(self, argument: str = "") -> None:
        await self._show("calendar", argument)

    async def command_everywhere_show_interest(self, argument: str = "") -> None:
        await self._show("interests", argument)

    async def command_everywhere_show_interaction(self, argument: str = "") -> None:
        """The card of the Interest that a planned or held interaction belongs to."""
        from crm_tui.store.queries import interests

        with self.ports.store.read() as connection:  # type: ignore[attr-defined]
            interest_id = interests.of_interaction(connection, _number(argument))
        if interest_id is None:
            raise NotFound("no_such_record", kind="interaction", id=argument)
        await self._show("interests", str(interest_id))

    async def _show(self, mode: str, argument: str) -> None:
        record_id = _number(argument)
        if mode != self.current_mode:
            self.is_passing_by = True
            await self.switch_mode(mode)
        screen: Any = self.screen_stack[0]
        try:
            screen.show_record(record_id)
        finally:
            self.call_after_refresh(self._arrived)

    def _arrived(self) -> None:
        self.is_passing_by = False


def _number(argument: str) -> int:
    try:
        return int(argument)
    except ValueError:
        raise NotFound("no_such_record", kind="record", id=argument) from None
