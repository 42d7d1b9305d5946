"""An answer to a letter of an Interest joins it (story A3): by its references, whoever sent it."""

import pytest

from crm_tui.services.interest import interests
from crm_tui.services.letter import replies
from crm_tui.store.tables import Inquiry, Interaction, Interest, Letter, LetterLink, MailAccount, Notification
from tests.services.conftest import Office

OURS = "<1@newco.example>"


@pytest.fixture
def interest_id(office: Office) -> int:
    """An Interest with our proposal in it, in a mailbox that was read before."""
    proposal = office.letter("Proposal", folder="sent", number=1)
    with office.store.work(office.actor, "setup") as work:
        work.change(work.get(MailAccount, office.account.key), last_complete_pass=1)
        made = interests.add(work, "Pumps", scenario="sale", owner_id=office.user.key, source="mail")
        interests.link_letter(work, made.key, proposal.letter_id)
        return made.key


def answer(office: Office, number: int = 2, folder: str = "inbox", **values: object) -> int:
    """A letter comes in; answers its id."""
    place = office.letter("Re: Proposal", sender=("Olga", "olga@home.example"), number=number, folder=folder)
    with office.store.arrivals("sync") as work:
        letter = work.get(Letter, place.letter_id)
        work.change(letter, **values)
        replies.arrived(work, place.folder_id, [place.key])
    return place.letter_id


def joined(office: Office) -> list[int]:
    with office.store.facts("look") as work:
        return [one.letter_id for one in work.all(LetterLink, kind="interest")]


@pytest.mark.parametrize("values", [{"in_reply_to": OURS}, {"references": f"{OURS} <lost@x.example>"}])
def test_a3_c_18_an_answer_joins_the_interest_and_its_owner_is_told(
    office: Office, interest_id: int, values: dict[str, str]
) -> None:
    letter_id = answer(office, **values)
    assert letter_id in joined(office)
    with office.store.facts("look") as work:
        (inquiry,) = work.all(Inquiry)
        assert (inquiry.status, inquiry.interest_id, inquiry.decided_by) == ("accepted", interest_id, None)
        (told,) = work.all(Notification)
        assert (told.code, told.user_id) == ("customer_waits", office.user.key)
        assert told.facts == {"sender": "Olga", "interest": "Pumps", "subject": "Re: Proposal"}
        assert [(one.direction, one.letter_id) for one in work.all(Interaction)] == [("in", letter_id)]
        assert len(work.all(Interest)) == 1


def test_a3_an_answer_to_the_answer_joins_too(office: Office, interest_id: int) -> None:
    first = answer(office, in_reply_to=OURS)
    second = answer(office, 3, in_reply_to="<2@newco.example>")
    assert joined(office)[1:] == [first, second]


@pytest.mark.parametrize(
    "values",
    [
        {"in_reply_to": "<other@x.example>"},
        {},
        {"in_reply_to": OURS, "kind": "auto_reply"},
        {"in_reply_to": OURS, "kind": "bounce"},
        {"in_reply_to": OURS, "sender_address": "sales@office.example"},
        {"in_reply_to": OURS, "folder": "trash"},
    ],
    ids=["another letter", "no answer", "automatic", "a bounce", "our own", "not in the inbox"],
)
def test_a3_what_joins_nothing(office: Office, interest_id: int, values: dict[str, str]) -> None:
    assert answer(office, **values) not in joined(office)
    with office.store.facts("look") as work:
        assert work.all(Notification) == []


def test_a3_what_lay_in_a_new_mailbox_joins_nothing(office: Office, interest_id: int) -> None:
    with office.store.facts("setup") as work:
        work.change(work.get(MailAccount, office.account.key), last_complete_pass=0)
    assert answer(office, in_reply_to=OURS) not in joined(office)
