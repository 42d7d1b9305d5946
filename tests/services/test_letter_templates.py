"""Templates and saved replies; nothing of one ever leaves (MAIL-34, IDX-23, field.md C-14, story B4)."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from crm_tui.domain.errors import Invalid, NotFound, Refused
from crm_tui.services import users
from crm_tui.services.account import accounts
from crm_tui.services.interest import interests
from crm_tui.services.party import contact_info, customers, leads
from crm_tui.services.writing import letter_templates, letter_values, outgoing
from crm_tui.services.writing.compose import Writing
from crm_tui.services.writing.letter_templates import FilledLetter
from crm_tui.store.tables import Contact, LetterText, Outbox, User
from crm_tui.store.undo import undo
from tests.services.conftest import Office

ZONE = ZoneInfo("Asia/Almaty")


@pytest.fixture
def writing(office: Office) -> Writing:
    with office.store.work(office.actor, "account.update") as work:
        accounts.update(work, office.account.key, smtp_host="127.0.0.1", sender_name="Sales")
    return Writing(office.account.key, to="Ольга <olga@newco.example>, second@newco.example")


def made(office: Office, body: str, *, subject: str = "", short_code: str = "", own: bool = False) -> int:
    with office.store.work(office.actor, "template.add") as work:
        return letter_templates.add(
            work, "Password", subject=subject, body=body, short_code=short_code, own=own
        ).key


def test_mail_34_templates_are_kept_changed_and_deleted_and_belong_to_somebody(office: Office) -> None:
    ours = made(
        office, "Dear {{ contact.first_name }}", subject="About\n{{ letter.subject }}", short_code="/PW"
    )
    mine = made(office, "x", own=True)
    with office.store.read() as connection:
        rows = letter_templates.templates(connection, office.user.key)
        assert [(one.id, one.name, one.short_code, one.subject, one.user_id) for one in rows] == [
            (ours, "Password", "pw", "About {{ letter.subject }}", None),
            (mine, "Password", "", "x"[1:], office.user.key),
        ]
        assert [one.id for one in letter_templates.templates(connection, 999)] == [ours]
    with office.store.work(office.actor, "template.change") as work:
        letter_templates.change(work, mine, name=" Answer ", subject="s", body="b", short_code="a-1")
    with office.store.read() as connection:
        first = letter_templates.templates(connection)[0]
        assert (first.name, first.subject, first.body, first.short_code, first.user_id) == (
            "Answer", "s", "b", "a-1", None,
        )  # fmt: skip
    with office.store.work(office.actor, "template.remove") as work:
        letter_templates.remove(work, ours)
    undo(office.store, office.actor)
    with office.store.read() as connection:
        assert {one.id for one in letter_templates.templates(connection)} == {ours, mine}


@pytest.mark.parametrize(
    ("name", "body", "short_code", "code"),
    [
        (" ", "x", "", "name_missing"),
        ("x", "{{ contact.frist_name }}", "", "template_field"),
        ("x", "{% if contact.frist_name %}{{ nobody.name }}{% endif %}", "", "template_field"),
        ("x", "{% if nobody.name %}x{% endif %}", "", "template_field"),
        ("x", "{{ contact.first_name ", "", "template_syntax"),
        ("x", "x", "two words", "not_a_short_code"),
        ("x", "x", "taken", "short_code_taken"),
    ],
)
def test_mail_34_a_template_that_could_not_be_sent_is_refused(
    office: Office, name: str, body: str, short_code: str, code: str
) -> None:
    made(office, "x", short_code="taken")
    with pytest.raises((Invalid, Refused)) as told, office.store.work(office.actor, "template.add") as work:
        letter_templates.add(work, name, body=body, short_code=short_code)
    assert told.value.code == code


def test_mail_34_a_template_is_filled_from_whom_the_letter_goes_to(office: Office, writing: Writing) -> None:
    with office.store.work(office.actor, "setup") as work:
        firm = customers.add(work, "Newco \x1b[31m", city="Astana")
        person = work.add(
            Contact(customer_id=firm.key, name="Ким Ольга Петровна", name_fold="x", role="buyer",
                    created_at=work.now, changed_at=work.now)
        )  # fmt: skip
        contact_info.add_email(work, "contact", person.key, "Olga@Newco.example")
        interest = interests.add(work, "Pumps", scenario="sale", owner_id=office.user.key)
        work.change(work.get(User, office.user.key), email="aliya@office.example")
    asked = office.letter("Price of 20 pumps")
    body = "; ".join(
        f"{{{{ {record}.{field} }}}}" for record, fields in letter_values.FIELDS.items() for field in fields
        if record not in ("lead", "process") and (record, field) not in {("interest", "purpose")}
    )  # fmt: skip
    key = made(office, body, subject="Re: {{ letter.subject }}")
    letter = replace(writing, interest_id=interest.key, reply_to_letter_id=asked.letter_id)
    with office.store.read() as connection:
        filled = letter_templates.filled(connection, key, letter, office.user.key, ZONE)
        with pytest.raises(NotFound):
            letter_templates.filled(connection, 999, letter, office.user.key, ZONE)
    assert filled.empty == ()
    assert filled.subject == "Re: Price of 20 pumps"
    assert filled.body.split("; ") == [
        "Ким Ольга Петровна", "Ольга", "buyer", "Olga@Newco.example", "Newco ␛[31m", "Astana", "Pumps", "Meeting",
        "Aliya", "Aliya", "aliya@office.example", "office", "sales@office.example", "Sales",
        "Price of 20 pumps", "19.11.2026", "Olga Kim",
    ]  # fmt: skip


def test_mail_34_a_lead_is_a_contact_too_and_an_interest_says_who_is_meant(
    office: Office, writing: Writing
) -> None:
    with office.store.work(office.actor, "setup") as work:
        lead = leads.add(work, "Olga Kim", company="Newco")
        contact_info.add_email(work, "lead", lead.key, "olga@newco.example")
        interest = interests.add(work, "Pumps", scenario="sale", owner_id=office.user.key, lead_id=lead.key)
    key = made(office, "{{ contact.first_name }} of {{ lead.company }}")
    with office.store.read() as connection:
        for letter in (writing, replace(writing, to="x@y.example", interest_id=interest.key)):
            filled = letter_templates.filled(connection, key, letter, office.user.key, ZONE)
            assert filled == FilledLetter("", "Olga of Newco", ())


def test_b4_l_18_what_is_empty_is_refused_by_name_until_it_has_a_fallback(
    office: Office, writing: Writing
) -> None:
    key = made(office, "Dear {{ contact.first_name }},\n{{ customer.name }}", subject="{{ customer.name }}")
    with office.store.read() as connection:
        filled = letter_templates.filled(connection, key, writing, office.user.key, ZONE)
    assert filled.empty == ("customer.name", "contact.first_name")
    letter = replace(writing, subject=filled.subject, body=filled.body)
    with pytest.raises(Refused) as told, office.store.work(office.actor, "review.send") as work:
        outgoing.queue(work, letter)
    assert (told.value.code, told.value.facts) == (
        "placeholders_empty", {"names": "customer.name, contact.first_name"},
    )  # fmt: skip
    letter = letter_templates.with_fallbacks(letter, {"contact.first_name": "customer"})
    assert letter.body.startswith("Dear customer,\n")
    with (
        pytest.raises(Refused, match="placeholders_empty"),
        office.store.work(office.actor, "review.send") as work,
    ):
        outgoing.queue(work, letter)
    letter = letter_templates.with_fallbacks(letter, {"customer.name": "your firm"})
    with office.store.work(office.actor, "review.send") as work:
        row = outgoing.queue(work, letter)
        assert [one.key for one in work.all(Outbox)] == [row.key]
    assert b"{{" not in row.raw


@pytest.mark.parametrize(
    ("subject", "body", "reply", "refused"),
    [
        ("x", "> {{ contact.name }}\nYes", True, False),
        ("Re: {{ a.b }}", "Yes", True, False),
        ("Re: {{ a.c }}", "Yes", True, True),
        ("x", "{{ contact.name }}\n> {{ contact.name }}", True, True),
        ("x", "See\n---------- Forwarded message ----------\n{{ contact.name }} {%", False, False),
        ("x", "{{ user.name }}\n---------- Forwarded message ----------\n{{ contact.name }}", False, True),
        ("x", "{% if contact.name %}", True, True),
        ("x", "half {{", True, True),
    ],
)
def test_c_14_what_another_wrote_may_look_like_a_template(
    office: Office, writing: Writing, subject: str, body: str, reply: bool, refused: bool
) -> None:
    place = office.letter("{{ a.b }}")
    with office.store.facts("setup") as work:
        work.add(LetterText(letter_id=place.letter_id, text="{{ contact.name }} {%"))
    letter = replace(
        writing, subject=subject, body=body,
        reply_to_letter_id=place.letter_id if reply else None,
        forward_letter_id=None if reply else place.letter_id,
    )  # fmt: skip
    with office.store.work(office.actor, "review.send") as work:
        if refused:
            with pytest.raises(Refused, match="placeholders_empty"):
                outgoing.queue(work, letter)
        else:
            outgoing.queue(work, letter)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("/pw", (3, "Your new password, customer")),
        ("Hello /PW", (3, "Your new password, customer")),
        ("Hello/pw", None),
        ("http://x/pw", None),
        ("/pw ", None),
        ("/nothing", None),
        ("/", None),
        ("/пароль", (7, "Hello")),
        ("/own", None),
    ],
)
def test_idx_23_a_short_code_becomes_its_text(
    office: Office, writing: Writing, before: str, expected: tuple[int, str] | None
) -> None:
    made(office, 'Your new password, {{ contact.first_name | fallback("customer") }}\n', short_code="pw")
    made(office, "Hello", short_code="Пароль")
    with office.store.work(office.actor, "setup") as work:
        other = users.ensure(work, "other", name="Other")
    with office.store.work(users.actor_of(other), "template.add") as work:
        letter_templates.add(work, "x", body="x", short_code="own", own=True)
    with office.store.read() as connection:
        assert letter_templates.expanded(connection, before, writing, office.user.key, ZONE) == expected
