"""Whom a letter can go to: by a few letters of a name or address, in any order, on any layout (MAIL-28, MAIL-30)."""

from datetime import timedelta

import pytest

from crm_tui.services.letter import correspondents
from crm_tui.services.party import contact_info, customers, leads
from crm_tui.services.writing import recipients
from crm_tui.services.writing.recipients import Person
from crm_tui.store.tables import Contact, Correspondent, CorrespondentWord, Folder, Letter, User
from tests.services.conftest import Office
from tests.stores import START


@pytest.fixture
def people(office: Office) -> Office:
    """A customer with a contact person, a lead, a user, and letters to and from others."""
    with office.store.work(office.actor, "setup") as work:
        firm = customers.add(work, "Насосный завод", city="Караганда")
        contact_info.add_email(work, "customer", firm.key, "info@zavod.example")
        person = work.add(
            Contact(customer_id=firm.key, name="Ким Ольга", name_fold="ким ольга", created_at=work.now,
                    changed_at=work.now)
        )  # fmt: skip
        contact_info.add_email(work, "contact", person.key, "olga.kim@zavod.example")
        lead = leads.add(work, "Pyotr Ivanov", company="Newco")
        contact_info.add_email(work, "lead", lead.key, "pyotr@newco.example")
        leads.add(work, "Olga without address")
        work.change(work.get(User, office.user.key), email="aliya@office.example")
    letter(office, 1, ("Олег Петренко", "oleg@remote.example"), days=1)
    letter(office, 2, ("Shop", "no-reply@shop.example"), days=1)
    letter(office, 3, ("Kim's Pumps", "shop@kim.example"), days=400)
    sent(office, 4, [["Marat", "marat@remote.example"], ["", "not an address"]], days=2)
    sent(office, 5, [["Marat B.", "MARAT@remote.example"], ["Sales", "sales@office.example"]], days=1)
    return office


def letter(
    office: Office, number: int, sender: tuple[str, str], *, days: float, folder: str = "inbox"
) -> int:
    place = office.letter(f"s{number}", sender=sender, number=number, folder=folder)
    with office.store.facts("setup") as work:
        work.change(work.get(Letter, place.letter_id), date=START - timedelta(days=days))
    return place.letter_id


def sent(office: Office, number: int, to: list[list[str]], *, days: float, folder: str = "sent") -> None:
    key = letter(office, number, ("Sales", "sales@office.example"), days=days, folder=folder)
    with office.store.facts("setup") as work:
        work.change(work.get(Letter, key), recipients={"to": to, "cc": [["Olga", "olga.kim@zavod.example"]]})


def found(office: Office, typed: str) -> list[str]:
    correspondents.refresh(office.store)
    with office.store.read() as connection:
        return [one.address for one in recipients.complete(connection, typed, office.clock())]


@pytest.mark.parametrize(
    ("typed", "addresses"),
    [
        ("o", []),
        ("оль", ["olga.kim@zavod.example"]),
        ("ольга ким", ["olga.kim@zavod.example"]),
        ("ким о", ["olga.kim@zavod.example"]),
        ("КИМ", ["olga.kim@zavod.example"]),
        ("olga.k", ["olga.kim@zavod.example"]),
        ("zavod", ["olga.kim@zavod.example", "info@zavod.example"]),
        ("olga.kim@z", ["olga.kim@zavod.example"]),
        ("насос", ["info@zavod.example"]),
        ("newco py", ["pyotr@newco.example"]),
        ("ivanov@", []),
        ("ali", ["aliya@office.example"]),
        ("петр", ["oleg@remote.example"]),
        ("remote", ["marat@remote.example", "oleg@remote.example"]),
        ("marat b", ["marat@remote.example"]),
        ("kim", ["olga.kim@zavod.example", "shop@kim.example"]),
        ("no-reply", []),
        ("sales@", []),
        ("jkmuf", ["olga.kim@zavod.example"]),
        ("gtnhtyrj", ["oleg@remote.example"]),
        ("фдшнф", ["aliya@office.example"]),
        ("ьфкфе", ["marat@remote.example"]),
        ("100%", []),
        ('" OR 1', []),
        ("*", []),
        ("_______", []),
    ],
)
def test_mail_28_a_few_letters_find_whom_they_mean(people: Office, typed: str, addresses: list[str]) -> None:
    assert found(people, typed) == addresses


def test_mail_28_what_is_found_names_its_firm_and_its_last_letter(people: Office) -> None:
    correspondents.refresh(people.store)
    with people.store.read() as connection:
        [olga] = recipients.complete(connection, "ким ольга", people.clock())
        [marat] = recipients.complete(connection, "marat", people.clock())
    assert olga == Person(
        "Ким Ольга", "olga.kim@zavod.example", "contact", "Насосный завод", START - timedelta(days=1)
    )
    assert marat == Person("Marat B.", "marat@remote.example", "correspondent", "", START - timedelta(days=1))


def test_mail_28_the_letters_are_counted_once_and_drafts_and_junk_not_at_all(people: Office) -> None:
    with people.store.facts("setup") as work:
        for role in ("drafts", "junk"):
            people.folders[role] = work.add(
                Folder(account_id=people.account.key, name=role, srv_name=role, role=role)
            )
    letter(people, 6, ("Spam", "spam@evil.example"), days=0, folder="junk")
    sent(people, 7, [["Typo", "typo@remote.example"]], days=0, folder="drafts")
    for _time in range(2):
        correspondents.refresh(people.store)
    with people.store.facts("look") as work:
        rows = {one.address: (one.name, one.received, one.sent) for one in work.all(Correspondent)}
        words = {one.word for one in work.all(CorrespondentWord)}
    assert rows == {
        "oleg@remote.example": ("Олег Петренко", 1, 0),
        "shop@kim.example": ("Kim's Pumps", 1, 0),
        "marat@remote.example": ("Marat B.", 0, 2),
        "olga.kim@zavod.example": ("Olga", 0, 2),
    }
    assert "b" in words
    letter(people, 8, ("Oleg P.", "Oleg@remote.example"), days=0)
    correspondents.refresh(people.store)
    assert found(people, "олег") == []
    assert found(people, "oleg p") == ["oleg@remote.example"]


def test_mail_28_who_answers_on_a_list_or_invites_is_found_and_a_newsletter_is_not(office: Office) -> None:
    for number, (kind, answered) in enumerate([("list", "a@b"), ("list", ""), ("invitation", "")], 1):
        key = letter(office, number, (f"Person {number}", f"person{number}@lists.example"), days=1)
        with office.store.facts("setup") as work:
            work.change(work.get(Letter, key), kind=kind, in_reply_to=answered)

    assert found(office, "person") == ["person1@lists.example", "person3@lists.example"]


def test_mail_30_the_address_book_is_read_by_pages(people: Office) -> None:
    correspondents.refresh(people.store)
    with people.store.read() as connection:
        now = people.clock()
        whole = recipients.book(connection, "", now)
        assert [one.address for one in whole] == [
            "aliya@office.example", "shop@kim.example", "marat@remote.example", "pyotr@newco.example",
            "oleg@remote.example", "olga.kim@zavod.example", "info@zavod.example",
        ]  # fmt: skip
        pages = [recipients.book(connection, "", now, offset=at, limit=3) for at in (0, 3, 6, 9)]
        assert [one for page in pages for one in page] == whole
        assert {one.kind for one in recipients.book(connection, "", now, kinds=["lead", "user"])} == {
            "lead",
            "user",
        }
        assert recipients.book(connection, "", now, kinds=[]) == []
        assert [one.address for one in recipients.book(connection, "ким", now)] == ["olga.kim@zavod.example"]
        assert recipients.book(connection, "ким", now, offset=1) == []


def test_mail_30_what_is_chosen_goes_into_the_field() -> None:
    olga = Person('Ким, "Оля"', "olga@x.example", "contact", "")
    boss = Person("", "boss@x.example", "user", "")
    assert recipients.last_piece('a@b.example, "Ким, О') == '"Ким, О'
    assert recipients.last_piece("a@b.example,") == ""
    assert recipients.last_piece('"a \\" b, c') == '"a \\" b, c'
    assert recipients.replaced("a@b.example, olg", olga) == 'a@b.example, "Ким, \\"Оля\\"" <olga@x.example>'
    assert recipients.replaced("olg", boss) == "boss@x.example"
    assert (
        recipients.added("Half, OLGA@x.example", [olga, boss, boss]) == "Half, OLGA@x.example, boss@x.example"
    )
    assert recipients.added("", []) == ""
