"""Accounts, the person's zone and notifications as the screens use them."""

import pytest

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.services import users
from crm_tui.services.account import accounts
from crm_tui.services.task import notifications
from crm_tui.store.tables import Outbox, User
from tests.services.conftest import Office


def test_a_name_is_taken_once_it_is_used(office: Office) -> None:
    with office.store.read() as connection:
        assert accounts.is_taken(connection, "office")
        assert not accounts.is_taken(connection, "sales")


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "Almaty\n"])
def test_a_zone_that_is_none_is_refused(office: Office, zone: str) -> None:
    with pytest.raises(Invalid), office.store.work(office.actor, "user.zone") as work:
        users.change_zone(work, zone)


def test_the_zone_of_the_person_at_the_keys_is_changed(office: Office) -> None:
    with office.store.work(office.actor, "user.zone") as work:
        users.change_zone(work, "Europe/Kyiv")
        assert work.get(User, office.user.key).zone == "Europe/Kyiv"


def test_news_is_taken_once_and_by_its_user_alone(office: Office) -> None:
    with office.store.facts("setup") as work:
        notifications.new_letters(work, office.user.key, [(7, "Olga", "Price")])
    with office.store.read() as connection:
        assert notifications.any_unseen(connection, office.user.key)
        assert not notifications.any_unseen(connection, office.user.key + 1)
    with office.store.facts("notification.seen") as work:
        assert notifications.take_unseen(work, office.user.key + 1) == []
        [one] = notifications.take_unseen(work, office.user.key)
        assert (one.code, one.subject_id, one.facts["sender"]) == ("new_letter", 7, "Olga")
        assert notifications.take_unseen(work, office.user.key) == []


@pytest.mark.parametrize("status", ["queued", "sending", "deferred"])
def test_an_account_is_kept_while_a_letter_waits_in_it(office: Office, status: str) -> None:
    with office.store.work(office.actor, "letter.send") as work:
        letter = work.add(
            Outbox(
                account_id=office.account.key,
                message_id="1@office.example",
                raw=b"",
                envelope_from="office@office.example",
                status=status,
                next_try_at=work.now,
                created_at=work.now,
            )
        )
    with pytest.raises(Refused, match="letters_wait_in_account"), office.store.facts("test") as work:
        accounts.remove(work, office.account.key)
    with office.store.work(office.actor, "account.remove") as work:
        work.change(letter, status="sent")
        assert not accounts.remove(work, office.account.key).enabled
