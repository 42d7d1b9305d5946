"""Accepting and declining letters: all of it in one unit of work, all of it undoable."""

import pytest
from sqlalchemy import func, select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.services.account import accounts
from crm_tui.services.inquiry import askers, inquiries
from crm_tui.services.inquiry.askers import Candidate
from crm_tui.services.inquiry.intake_interest import Acceptance
from crm_tui.store import undo
from crm_tui.store.queries import interest_card, timeline
from crm_tui.store.tables import (
    ContactInfo,
    Inquiry,
    Interest,
    JournalEntry,
    Lead,
    LetterLink,
    Placement,
    Task,
    table_of,
)
from tests.services.conftest import Office

MADE = (Lead, ContactInfo, Interest, Inquiry, LetterLink, Task)


def counts(office: Office) -> dict[str, int]:
    with office.store.read() as connection:
        return {
            model.__name__: connection.execute(select(func.count()).select_from(table_of(model))).scalar_one()
            for model in MADE
        }


def test_mail_10_accepting_a_stranger_makes_lead_interest_and_task_in_one_commit(office: Office) -> None:
    place = office.letter()
    with office.store.work(office.actor, "inquiry.accept") as work:
        accepted = inquiries.accept(
            work, place.letter_id, Acceptance(purpose="purchase", name="Olga Kim", phone="+7 701 555 12 34")
        )
    assert counts(office) == {
        "Lead": 1,
        "ContactInfo": 2,
        "Interest": 1,
        "Inquiry": 1,
        "LetterLink": 1,
        "Task": 1,
    }
    with office.store.read() as connection:
        card = interest_card.card(connection, accepted.interest_id)
        entries = timeline.of_interest(connection, accepted.interest_id)
        journal = connection.execute(select(table_of(JournalEntry).c.command)).scalars().all()
    assert (card.row.name, card.row.party, card.row.state) == ("Price of 20 pumps", "Olga Kim", "Meeting")
    assert ("mobile", "+7 701 555 12 34") in card.contacts
    assert {entry.kind for entry in entries} == {"letter", "task", "state"}
    assert journal[-1] == "inquiry.accept"
    assert journal.count("inquiry.accept") == 1


def test_rm_bp_15_first_task_is_due_in_four_working_hours(office: Office) -> None:
    place = office.letter()
    with office.store.work(office.actor, "inquiry.accept") as work:
        accepted = inquiries.accept(work, place.letter_id, Acceptance())
        task = work.get(Task, accepted.task_id or 0)
    # Thursday 16:40 in Almaty (UTC+5) and four hours of work: Friday 11:40.
    assert task.due_at is not None
    assert task.due_at.isoformat() == "2026-11-20T06:40:00+00:00"


def test_undo_takes_all_of_an_acceptance_back(office: Office) -> None:
    place = office.letter()
    before = counts(office)
    with office.store.work(office.actor, "inquiry.accept") as work:
        inquiries.accept(work, place.letter_id, Acceptance())
    undo.undo(office.store, office.actor)
    assert counts(office) == before
    undo.redo(office.store, office.actor)
    assert counts(office)["Interest"] == 1


def test_kz_02_accepted_letter_moves_to_processed_where_the_account_asks(office: Office) -> None:
    place = office.letter()
    with office.store.work(office.actor, "account.update") as work:
        accounts.update(work, office.account.key, move_accepted=True)
    with office.store.work(office.actor, "inquiry.accept") as work:
        accepted = inquiries.accept(work, place.letter_id, Acceptance())
        moved = work.get(Placement, place.key)
        folder = work.connection.execute(
            select(table_of(Placement).c.folder_id, table_of(Placement).c.srv_folder_id)
        ).one()
    assert accepted.moved == [place.key]
    assert moved.folder_id == folder.folder_id != folder.srv_folder_id == office.folders["inbox"].key


def test_letter_can_join_an_interest_of_a_known_customer(office: Office) -> None:
    first, second = office.letter(number=1), office.letter("Re: pumps", number=2)
    with office.store.work(office.actor, "inquiry.accept") as work:
        one = inquiries.accept(work, first.letter_id, Acceptance())
    with office.store.read() as connection:
        found = askers.with_address(connection, "OLGA@newco.example")
        assert found == [Candidate("lead", one.lead_id or 0, "Olga Kim", "address")]
        assert [row[0] for row in askers.open_interests(connection, found[0])] == [one.interest_id]
    with office.store.work(office.actor, "inquiry.accept") as work:
        two = inquiries.accept(work, second.letter_id, Acceptance(interest_id=one.interest_id))
    assert two.interest_id == one.interest_id
    assert counts(office)["Lead"] == counts(office)["Interest"] == 1
    assert counts(office)["LetterLink"] == 2


def test_candidates_by_domain_leave_out_free_mail(office: Office) -> None:
    for number, sender in enumerate([("A", "a@firm.example"), ("B", "b@gmail.com")]):
        place = office.letter(sender=sender, number=number)
        with office.store.work(office.actor, "inquiry.accept") as work:
            inquiries.accept(work, place.letter_id, Acceptance())
    with office.store.read() as connection:
        assert [(one.name, one.reason) for one in askers.of_domain(connection, "X@Firm.Example")] == [
            ("A", "domain")
        ]
        for stranger in (
            "x@gmail.com",
            "x_y%@other.example",
            "x@irm.example",
            "x@example",
            "x@_irm.example",
            "",
        ):
            assert askers.of_domain(connection, stranger) == []
            assert askers.with_address(connection, stranger) == []


def test_mail_12_declining_needs_a_reason_where_the_account_says_so(office: Office) -> None:
    place = office.letter()
    with office.store.work(office.actor, "account.update") as work:
        accounts.update(work, office.account.key, decline_needs_reason=True)
    with (
        pytest.raises(Invalid, match="decline_needs_reason"),
        office.store.work(office.actor, "inquiry.decline") as work,
    ):
        inquiries.decline(work, place.letter_id, "  ")
    assert counts(office)["Inquiry"] == 0
    with office.store.work(office.actor, "inquiry.decline") as work:
        inquiries.decline(work, place.letter_id, "Not for us")
        decided = work.find(Inquiry, letter_id=place.letter_id)
    assert decided is not None
    assert (decided.status, decided.reason, decided.decided_by) == ("declined", "Not for us", office.user.key)


def test_a_letter_is_decided_once(office: Office) -> None:
    place = office.letter()
    with office.store.work(office.actor, "inquiry.decline") as work:
        inquiries.decline(work, place.letter_id)
    with pytest.raises(Refused, match="already_decided"), office.store.work(office.actor, "x") as work:
        inquiries.accept(work, place.letter_id, Acceptance())
