"""Those who may be meant as recipients of a letter, and how each is written in a line (MAIL-28, MAIL-30)."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets.option_list import Option

from crm_tui.domain.identity import address
from crm_tui.domain.text import clean
from crm_tui.screens.wording import kind_text
from crm_tui.services.writing.recipients import Person
from crm_tui.widgets.offers import Offers


def person_text(person: Person) -> str:
    """Somebody to write to, in one line."""
    note = " — ".join(filter(None, (kind_text(person.kind), clean(person.note))))
    return f"{clean(address.joined(person.name, person.address))}  {note}"


class Found(Offers):
    """Those who may be meant; it never has the focus: the field keeps it."""

    def __init__(self) -> None:
        super().__init__(id="compose-found")
        self.people: Sequence[Person] = ()

    def offer(self, people: Sequence[Person], *, certain: bool) -> None:
        """Show these; the first is chosen by Enter unless what is typed is an address already (``certain``)."""
        self.people = people
        self.set_options(Option(Content(person_text(one))) for one in people)
        self.highlighted = None if certain or not people else 0
        self.set_class(bool(people), "-open")

    @property
    def chosen(self) -> Person | None:
        """The one that Enter takes."""
        if not self.has_class("-open") or self.highlighted is None:
            return None
        return self.people[self.highlighted]
