"""``everywhere.show_…``: go to a record from any place: its mode, then the record itself."""

from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Invalid, NotFound, Refused
from crm_tui.i18n import _

MOST_ADDRESSES = 40
"""Addresses of one correspondence; a condition has an end."""
OPENED_OVER = frozenset({"mail", "interests"})
"""Modes whose record opens over whatever lies there; in the others the cursor goes to it, in plain sight."""

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    from crm_tui.screens.letter.mail_filtering import Filtering
    from crm_tui.services.ports import Ports

    class Base(App[int]):
        """What these commands need of the app."""

        ports: Ports

        async def leave_screens(self) -> None: ...

        def run_command(self, id: str, argument: str = "") -> bool: ...

        def show_mode(self, name: str) -> None: ...

else:
    Base = object


class ShowCommands(Base):
    """The argument of each is the id of a record (of a letter: of its place). A mode's screen shows it by
    ``show_record``, which may raise NotFound."""

    is_passing_by = False
    """A mode comes into view only because one record of it is opened."""
    opened_from: "tuple[Screen[Any], str] | None" = None
    """What was opened last out of another mode, and that mode: its Esc goes back there."""

    async def command_everywhere_show_letter(self, argument: str = "") -> None:
        await self._show("mail", argument)

    async def command_everywhere_show_folder(self, argument: str = "") -> None:
        """A folder of Mail, whatever lies over its list."""
        folder_id = _number(argument)
        if self.current_mode != "mail":
            await self.switch_mode("mail")
        await self.leave_screens()
        screen: Any = self.screen_stack[0]
        screen.go_to_folder(folder_id)

    async def command_everywhere_show_task(self, argument: str = "") -> None:
        await self._show("tasks", argument)

    async def command_everywhere_show_event(self, argument: str = "") -> None:
        await self._show("calendar", argument)

    async def command_everywhere_show_interest(self, argument: str = "") -> None:
        await self._show("interests", argument)

    async def command_everywhere_show_interaction(self, argument: str = "") -> None:
        """The card of the Interest that a planned or held interaction belongs to, else of whom it was with."""
        from crm_tui.store.queries import interests, party_timeline

        with self.ports.store.read() as connection:
            interest_id = interests.of_interaction(connection, _number(argument))
            whose = party_timeline.party_of_interaction(connection, _number(argument))
        if interest_id is not None:
            await self._show("interests", str(interest_id))
        elif whose is not None:
            self.run_command(f"everywhere.show_{whose[0]}", str(whose[1]))
        else:
            raise NotFound("no_such_record", kind="interaction", id=argument)

    async def command_everywhere_undecided(self, argument: str = "") -> None:
        """The letters that Today counts as inquiries, in Mail. Raises Refused where there is no inbox."""
        from crm_tui.screens.letter.mail_filtering import Filtering
        from crm_tui.services.inquiry import inquiries
        from crm_tui.store.queries import today

        with self.ports.store.read() as connection:
            inboxes = today.inboxes(connection)
        if not inboxes:
            raise Refused("no_account_yet")
        wanted = inquiries.undecided(inboxes)
        await self._show_letters(Filtering(wanted, True, _("Inquiries not decided")))

    async def command_everywhere_letters_with(self, argument: str = "") -> None:
        """All letters from and to these addresses, in Mail. Raises Invalid where no address is told."""
        from crm_tui.domain.conditions.condition import Condition, Group, Leaf
        from crm_tui.domain.conditions.condition_fields import Operator
        from crm_tui.screens.letter.mail_filtering import Filtering

        addresses = argument.replace(",", " ").split()[:MOST_ADDRESSES]
        if not addresses:
            raise Invalid("not_an_address", value="")
        members: list[Condition] = [
            Leaf(field, Operator.CONTAINS, where) for where in addresses for field in ("sender", "recipient")
        ]
        await self._show_letters(Filtering(Group("any", tuple(members)), everywhere=True))

    async def _show_letters(self, wanted: "Filtering") -> None:
        if self.current_mode != "mail":
            await self.switch_mode("mail")
        await self.leave_screens()
        screen: Any = self.screen_stack[0]
        await screen.apply_filter(wanted)

    async def _show(self, mode: str, argument: str) -> None:
        record_id = _number(argument)
        came_from = self.current_mode
        if mode != came_from:
            self.is_passing_by = True
            await self.switch_mode(mode)
        screen: Any = self.screen_stack[0]
        try:
            if mode not in OPENED_OVER:
                await self.leave_screens()
            screen.show_record(record_id)
            self.opened_from = (self.screen, came_from) if mode in OPENED_OVER and mode != came_from else None
        finally:
            self.call_after_refresh(self._arrived)

    def go_back_from(self, left: "Screen[Any]") -> None:
        """The screen was left by Esc: back to the mode that it was opened from, unless one was chosen since."""
        opened, self.opened_from = self.opened_from, None
        if opened is not None and opened[0] is left:
            self.show_mode(opened[1])

    def _arrived(self) -> None:
        self.is_passing_by = False


def _number(argument: str) -> int:
    try:
        return int(argument)
    except ValueError:
        raise NotFound("no_such_record", kind="record", id=argument) from None
