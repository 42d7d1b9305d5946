"""What can be done with customers, contact persons and leads alike: a task, a letter, a call, the trash."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.i18n import _, ngettext
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.interaction.interaction_acts import InteractionActs
from crm_tui.screens.task.task_dates import due_of, echo_of
from crm_tui.screens.wording import new_task_hint
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.task import tasks
from crm_tui.store.queries import addresses, party_cards
from crm_tui.store.queries.party_cards import PartyCard
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(InteractionActs, CrmScreen[Any]):
        pass
else:
    Base = InteractionActs

TRASH: dict[str, Callable[[Work, int], object]] = {
    "customer": customers.trash,
    "contact": contacts.trash,
    "lead": leads.trash,
}


RESTORE: dict[str, Callable[[Work, int], object]] = {
    "customer": customers.restore,
    "contact": contacts.restore,
    "lead": leads.restore,
}


class PartyActs(Base):
    """For a screen on which records of ``KIND`` are meant."""

    KIND = ""

    def party_id(self) -> int:
        """The record that is meant. Raises Refused when none is."""
        raise NotImplementedError

    def party_ids(self) -> Sequence[int]:
        """The marked records, or the one that is meant."""
        return (self.party_id(),)

    def record_here(self) -> tuple[str, int]:
        """For commands that work with any record (`screens.record.record_here`)."""
        return self.KIND, self.party_id()

    def records_here(self) -> tuple[str, Sequence[int]]:
        """The same for commands that take several."""
        return self.KIND, self.party_ids()

    def party(self, record_id: int | None = None) -> PartyCard:
        """The record as stored now. Raises NotFound, Refused."""
        record_id = self.party_id() if record_id is None else record_id
        return read_party(self.store, self.KIND, record_id)

    async def task_of_party(self, argument: str) -> None:
        """A task typed in one line; it hangs on the record, its customer and its Interest."""
        card = self.party()
        line = argument or await self.app.push_screen_wait(
            Prompt(
                _("New task"),
                preview=self._task_text,
                hint=new_task_hint(),
                kept_as=f"{card.kind}-{card.id}-task",
            )
        )
        if not line:
            return
        title, due_at, all_day = due_of(line, self._now(), self._zone())
        interest_id = None if card.kind == "customer" else await self._interest_of(card)
        await self.act(
            f"{card.kind}.task",
            lambda work: tasks.add(
                work,
                title,
                assignee_id=self._user_id,
                due_at=due_at,
                due_all_day=all_day,
                customer_id=customer_of(card),
                contact_id=card.id if card.kind == "contact" else None,
                lead_id=card.id if card.kind == "lead" else None,
                interest_id=interest_id,
            ),
        )
        self.shell.say(_("Added: {title}").format(title=title))

    async def letter_to_party(self) -> None:
        """A new letter to an address of the record, or of its contact persons."""
        card = self.party()
        with self.store.read() as connection:
            known = addresses.of_party(connection, card.kind, card.id)
        if not known:
            raise Refused("no_address_here", name=card.values["name"])
        chosen: str | None = known[0]
        if len(known) > 1:
            chosen = await self.app.push_screen_wait(
                Choice(_("Write to"), [(address, address) for address in known])
            )
        if chosen:
            self.shell.run_command("mail.write", chosen)

    def letters_of_party(self) -> None:
        """All letters from and to the record's addresses, in Mail."""
        card = self.party()
        with self.store.read() as connection:
            known = addresses.of_party(connection, card.kind, card.id)
        if not known:
            raise NotFound("no_other_end")
        self.shell.run_command("everywhere.letters_with", " ".join(known))

    async def call_of_party(self) -> None:
        """A call, meeting or message that took place, or is to: the one form of interactions."""
        from crm_tui.screens.interaction.talk_of import talk_of

        card = self.party()
        with self.store.read() as connection:
            talk = talk_of(connection, card.kind, card.id)
        await self.ask_talk(talk)

    async def trash_parties(self) -> None:
        """The marked records, or the one that is meant, go to the trash; what lies there comes back."""
        chosen, trash = tuple(self.party_ids()), TRASH[self.KIND]
        if self.lie_in_trash(chosen):
            await self._restore(chosen)
            return

        def all_trashed(work: Work) -> None:
            for record_id in chosen:
                trash(work, record_id)

        await self.act(f"{self.KIND}.trash", all_trashed)
        self.shell.say(
            ngettext(
                "{count} record in the trash. u takes it back.",
                "{count} records in the trash. u takes it back.",
                len(chosen),
            ).format(count=len(chosen))
        )

    def lie_in_trash(self, record_ids: Sequence[int]) -> bool:
        """Whether all of the records do. Raises NotFound."""
        return all(self.party(record_id).values["trashed_at"] is not None for record_id in record_ids)

    async def _restore(self, chosen: Sequence[int]) -> None:
        restore = RESTORE[self.KIND]

        def all_restored(work: Work) -> None:
            for record_id in chosen:
                restore(work, record_id)

        await self.act(f"{self.KIND}.restore", all_restored)
        self.shell.say(
            ngettext(
                "{count} record back from the trash.", "{count} records back from the trash.", len(chosen)
            ).format(count=len(chosen))
        )

    async def _interest_of(self, card: PartyCard) -> int | None:
        """The open Interest that a task about a person belongs to: the only one, or the one chosen."""
        from crm_tui.store.queries import interests

        with self.store.read() as connection:
            open_ids = party_cards.open_interests(connection, card.kind, card.id)
            rows = interests.rows(connection, open_ids)
        if len(open_ids) < 2:
            return next(iter(open_ids), None)
        chosen = await self.app.push_screen_wait(
            Choice(_("Within which Interest?"), [(str(key), rows[key].name) for key in open_ids])
        )
        return int(chosen) if chosen else open_ids[0]

    def _task_text(self, line: str) -> str:
        echo = echo_of(line, self._now(), self._zone())
        return _("Due {date}").format(date=echo) if echo else _("No date in it")


def read_party(store: Any, kind: str, record_id: int) -> PartyCard:
    """A record as stored now; of one that was merged, the one it was merged into. Raises NotFound."""
    with store.read() as connection:
        card = party_cards.card(connection, kind, record_id)
    if card is None:
        raise NotFound("no_such_record", kind=kind, id=record_id)
    return card


def customer_of(card: PartyCard) -> int | None:
    """The customer that what is made with the record hangs on."""
    found: int | None = card.id if card.kind == "customer" else card.values.get("customer_id")
    return found
