"""Whoever no longer answers for something is reminded of it no more."""

from datetime import date, timedelta

from crm_tui.services.document import documents
from crm_tui.services.interaction import interaction_changes, interactions
from crm_tui.store.tables import Reminder, User
from tests.services.conftest import Office


def test_another_owner_is_reminded_in_place_of_the_first(office: Office) -> None:
    with office.store.work(office.actor, "enter") as work:
        other = work.add(User(login="aigul", name="Aigul", email="aigul@firm.example", zone="Asia/Almaty"))
        talk = interactions.plan(
            work, kind="call", at=work.now + timedelta(days=1), subject="Pumps", owner_id=office.user.key
        )
        paper = documents.add(
            work,
            "contract",
            issued_on=date(2020, 1, 1),
            valid_until=date(2040, 1, 1),
            owner_id=office.user.key,
        )
        interaction_changes.change(work, talk.key, owner_id=other.key)
        documents.change(work, paper.key, owner_id=other.key)
        reminded = [(one.subject_kind, one.user_id) for one in work.all(Reminder)]
    assert sorted(reminded) == [("document", other.key), ("interaction", other.key)]
