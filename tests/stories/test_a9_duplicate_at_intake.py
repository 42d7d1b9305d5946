"""Story A9: somebody known writes under another name; then two cards of one firm are merged, and taken apart."""

from crm_tui.services.interest import interests
from crm_tui.services.party import contacts, customers
from crm_tui.store.tables import ContactInfo, Customer, Inquiry, Interaction, Interest, Lead, LetterLink
from tests.stories.office import Desk, Office, Seat


def two_cards(office: Office) -> tuple[int, int]:
    """A firm with Olga Kim and her open Interest, and the same firm once more."""
    store = office.store()
    with store.work(office.actor, "setup") as work:
        one = customers.add(work, "Newco", owner_id=office.actor.user_id, infos=[("phone", "+77272551234")])
        other = customers.add(work, "Newco Ltd", owner_id=office.actor.user_id, city="Almaty")
        olga = contacts.add(work, "Olga Kim", customer_id=one.key, infos=[("email", "olga@newco.example")])
        interests.add(
            work, "Twenty pumps", owner_id=office.actor.user_id, customer_id=one.key, contact_id=olga.key
        )
    store.close()
    return one.key, other.key


async def test_a9_duplicate_at_intake(office: Office, seat: Seat) -> None:
    one, other = two_cards(office)
    async with office.at_desk(*seat) as desk:
        await desk.mail_is_quiet()
        office.deliver("Valves too", "And ten valves, please.", "Olga K <olga@newco.example>")
        await desk.sees("1 new letter: Ctrl+N")
        await desk.press("ctrl+n")
        await desk.sees("And ten valves")
        await the_letter_goes_into_her_interest(desk)
        await the_cards_become_one_and_two_again(desk, one, other)


async def the_letter_goes_into_her_interest(desk: Desk) -> None:
    await desk.press("a")
    await desk.sees("1 of 3", "Olga Kim, same address (100 %)", "Twenty pumps (Meeting)")
    await desk.press("enter")
    await desk.sees("3 of 3", "Twenty pumps (Meeting)", "a new Interest")
    await desk.press("enter")
    await desk.until(lambda: desk.rows(Inquiry), "accepted")
    interest = desk.row(Interest)
    assert desk.rows(Lead) == []
    talk = desk.row(Interaction)
    assert (talk.kind, talk.direction, talk.status) == ("letter", "in", "held")
    assert talk.interest_id == interest.key == desk.row(LetterLink, kind="interest").record_id
    await desk.sees("Valves too", "Twenty pumps")


async def the_cards_become_one_and_two_again(desk: Desk, one: int, other: int) -> None:
    def numbers(customer_id: int) -> list[str]:
        found = desk.rows(ContactInfo, owner_kind="customer", owner_id=customer_id)
        return sorted(info.value for info in found)

    letters = [(link.kind, link.record_id) for link in desk.rows(LetterLink)]
    await desk.press("g", "c")
    await desk.sees("Newco Ltd")
    await desk.press("g", "g", "space", "space", ":")
    await desk.sees(":")
    await desk.write("merge\n")
    await desk.sees("Merge", "Almaty", "Ctrl+S")
    await desk.press("ctrl+s")
    await desk.until(lambda: desk.row(Customer, id=other).merged_into_id == one, "one card")
    await desk.is_rid_of("Newco Ltd")
    await desk.press("e")
    await desk.sees("Newco", "Phone", "Ctrl+S")
    await desk.press("tab", "tab", "tab", "tab", "end")
    await desk.write(", +7 701 555 12 34")
    await desk.press("ctrl+s")
    await desk.until(lambda: len(numbers(one)) == 2, "a second number")
    await desk.press("u")
    await desk.until(lambda: numbers(one) == ["+77272551234"], "the number is away")
    await desk.press("u")
    await desk.until(lambda: desk.row(Customer, id=other).merged_into_id is None, "two cards")
    await desk.sees("Newco Ltd")
    assert [(link.kind, link.record_id) for link in desk.rows(LetterLink)] == letters
