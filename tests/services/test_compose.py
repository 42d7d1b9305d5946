"""What a letter begins with, and its draft."""

import pytest

from crm_tui.domain.errors import NotFound
from crm_tui.services import accounts, compose, customers, interests
from crm_tui.services.compose import Writing
from crm_tui.store.tables import Letter, LetterText
from crm_tui.store.undo import undo
from tests.services.conftest import Office


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Price", "Re: Price"),
        ("RE: Re[2]: Отв: Fwd: Price", "Re: Price"),
        ("Return of goods", "Re: Return of goods"),
        ("", "Re:"),
        ("Re:", "Re:"),
        ("a\r\nBcc: b@c", "Re: a��Bcc: b@c"),
    ],
)
def test_reply_subject(subject: str, expected: str) -> None:
    assert compose.reply_subject(subject) == expected


def test_quoting_marks_each_line_once_more_and_ends() -> None:
    assert compose.quoted("Hello\n\n> old\n\n\n") == "> Hello\n>\n>> old\n"
    assert compose.quoted("x\n" * 5000).count("\n") == compose.MOST_QUOTED + 2


def test_mail_01_a_reply_goes_to_reply_to_and_keeps_the_interest(office: Office) -> None:
    place = office.letter("Price of 20 pumps")
    with office.store.work(office.actor, "setup") as work:
        work.change(
            work.get(Letter, place.letter_id),
            recipients={"reply_to": [["Ким, Ольга", "buying@newco.example"], ["", "no address"]]},
        )
        work.add(LetterText(letter_id=place.letter_id, text="We need 20 pumps."))
        interest = interests.create(work, "Pumps", scenario="sale", owner_id=office.user.key)
        interests.link_letter(work, interest.key, place.letter_id)
    with office.store.read() as connection:
        writing = compose.reply(connection, place.letter_id, office.account.key, "Olga wrote:")
    assert writing == Writing(
        office.account.key,
        to='"Ким, Ольга" <buying@newco.example>',
        subject="Re: Price of 20 pumps",
        body="\n\nOlga wrote:\n> We need 20 pumps.\n",
        reply_to_letter_id=place.letter_id,
        interest_id=interest.key,
    )


def test_a_reply_without_reply_to_goes_to_the_sender_and_to_a_letter_of_ours_to_its_recipient(
    office: Office,
) -> None:
    theirs = office.letter(number=1)
    ours = office.letter(number=2, sender=("Aliya", "sales@office.example"), folder="sent")
    with office.store.work(office.actor, "setup") as work:
        work.change(work.get(Letter, ours.letter_id), recipients={"to": [["Olga", "olga@newco.example"]]})
    with office.store.read() as connection:
        assert compose.reply(connection, theirs.letter_id, 1, "").to == "Olga Kim <olga@newco.example>"
        assert compose.reply(connection, ours.letter_id, 1, "").to == "Olga <olga@newco.example>"
        with pytest.raises(NotFound):
            compose.reply(connection, 999, 1, "")


def test_outsiders_are_those_of_no_domain_of_ours(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        accounts.add(work, "free", "me@gmail.com", imap_host="127.0.0.1")
    asked = ["a@Office.example", "b@newco.example", "me@GMAIL.com", "you@gmail.com"]
    with office.store.read() as connection:
        assert compose.outsiders(connection, asked) == {"b@newco.example", "you@gmail.com"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("o", ""),
        ("ol", "olga@newco.example"),
        ("a@b.example, OLG", "a@b.example, OLGa@newco.example"),
        ("Ким", "Ким Ольга <olga@newco.example>"),
        ("ким", "ким Ольга <olga@newco.example>"),
        ("100%", ""),
        ("nobody", ""),
    ],
)
def test_completion(office: Office, typed: str, expected: str) -> None:
    with office.store.work(office.actor, "setup") as work:
        lead = customers.add_lead(work, "Ким Ольга", owner_id=office.user.key)
        customers.add_email(work, "lead", lead.key, "olga@newco.example")
    with office.store.read() as connection:
        assert compose.completion(connection, typed) == expected


def test_a_draft_is_kept_changed_and_thrown_away_and_undo_brings_it_back(office: Office) -> None:
    first = Writing(office.account.key, to="olga@newco.example", subject="Price", body="Good")
    with office.store.facts("draft.save") as work:
        key = compose.save_draft(work, None, first)
    with office.store.facts("draft.save") as work:
        assert compose.save_draft(work, key, Writing(office.account.key, body="Good day")) == key
    with office.store.read() as connection:
        assert compose.draft(connection, key) == Writing(office.account.key, body="Good day")
    with office.store.work(office.actor, "review.discard") as work:
        compose.discard(work, key)
    with office.store.read() as connection:
        assert compose.drafts(connection) == []
        with pytest.raises(NotFound):
            compose.draft(connection, key)
    undo(office.store, office.actor)
    with office.store.read() as connection:
        assert [row.id for row in compose.drafts(connection)] == [key]
