"""Looks of the rows of the list of letters (CORP-07): the mark stands before the signs of a letter.

Without any, the list asks for nothing: whether there are some is looked at when the list has been drawn, and when
they change.
"""

from typing import TYPE_CHECKING, TypeVar

from crm_tui.domain.conditions.condition_fields import LETTER
from crm_tui.screens.letter.mail_source import LetterSource

if TYPE_CHECKING:
    from crm_tui.screens.letter.mail_preview import Preview
    from crm_tui.screens.lists.looked_rows import Looks

    Base = Preview
else:
    Base = object

Source = TypeVar("Source", bound=LetterSource)


class LetterLooks(Base):
    """For the Mail screen."""

    letter_looks: "Looks | None" = None
    """Those in force; None where there are none."""

    def show_source_again(self) -> None:
        """The rows are to be drawn otherwise: a new source, the cursor and the search kept."""
        raise NotImplementedError

    def references(self, of: str) -> list[tuple[str, str]]:
        """The records that a field of letters can point to."""
        raise NotImplementedError

    def dressed(self, source: Source) -> Source:
        """The rows of a source with the looks in force."""
        if self.letter_looks is not None:
            source.bear(self.letter_looks)
        return source

    def take_letter_looks(self) -> None:
        """Ask which are in force now, and draw the rows anew where that makes a difference."""
        from crm_tui.services.record import saved_filters

        if self.letter_looks is None:
            with self.store.read() as connection:
                if not saved_filters.has_looks(connection, LETTER.id, self.actor.user_id):
                    return
        from crm_tui.screens.lists.looked_rows import Looks

        ports = self.shell.ports
        looks = Looks(self.store, LETTER.id, ports.clock, ports.zone, self.actor.user_id)
        before = self.letter_looks.in_force if self.letter_looks is not None else ()
        if looks.in_force != before:
            self.letter_looks = looks if looks.in_force else None
            self.show_source_again()

    async def command_mail_row_looks(self, argument: str = "") -> None:
        """The looks of letters, to be made and changed."""
        from crm_tui.screens.lists.row_looks import RowLooksScreen

        await self.app.push_screen_wait(RowLooksScreen(LETTER, self.references))
