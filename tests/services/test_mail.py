"""Verbs of the letter's place."""

import pytest

from crm_tui.domain.errors import Conflict, Refused
from crm_tui.domain.letter.flags import Flag
from crm_tui.services.letter import mail
from crm_tui.store import undo
from crm_tui.store.queries import folders as folder_queries
from crm_tui.store.queries import letter_order, letters
from crm_tui.store.tables import Folder, MailAccount, Placement
from tests.services.conftest import Office


def placement(office: Office, key: int) -> Placement:
    with office.store.facts("look") as work:
        return work.get(Placement, key)


def test_mail_20_marking_read_keeps_the_unread_column_equal_to_the_flag(office: Office) -> None:
    place = office.letter()
    with office.store.work(office.actor, "mail.read") as work:
        assert mail.mark_read(work, [place.key]) == 1
        assert mail.mark_read(work, [place.key]) == 0
    read = placement(office, place.key)
    assert read.flags & Flag.SEEN
    assert not read.unread
    undo.undo(office.store, office.actor)
    assert placement(office, place.key).unread


def test_folder_counts_follow_the_verbs(office: Office) -> None:
    keys = [office.letter(number=number).key for number in range(3)]
    with office.store.work(office.actor, "mail.read") as work:
        mail.mark_read(work, keys[:1])
    with office.store.work(office.actor, "mail.delete") as work:
        mail.delete(work, keys[2:])
    with office.store.read() as connection:
        found = {row.role: (row.total, row.unread) for row in folder_queries.rows(connection)}
    assert found == {"inbox": (2, 1), "sent": (0, 0), "trash": (1, 1)}


def test_deleting_in_the_trash_is_for_good_and_undoable(office: Office) -> None:
    place = office.letter(folder="trash")
    with office.store.work(office.actor, "mail.delete") as work:
        mail.delete(work, [place.key])
    with office.store.read() as connection:
        assert letters.rows(connection, [place.key]) == {}
    undo.undo(office.store, office.actor)
    with office.store.read() as connection:
        assert letters.rows(connection, [place.key])[place.key].subject == "Price of 20 pumps"


def test_move_refuses_a_folder_of_another_account_and_changes_nothing(office: Office) -> None:
    first, second = office.letter(number=1), office.letter(number=2)
    with office.store.facts("setup") as work:
        other = work.add(
            MailAccount(
                name="other", address="o@o.example", imap_host="localhost", imap_user="o", capabilities=[]
            )
        )
        away = work.add(Folder(account_id=other.key, name="Away", srv_name="Away"))
    with pytest.raises(Refused, match="other_account"), office.store.work(office.actor, "mail.move") as work:
        mail.move(work, [first.key, second.key], away.key)
    assert placement(office, first.key).folder_id == office.folders["inbox"].key


@pytest.mark.parametrize("column", ["date", "sender", "subject"])
@pytest.mark.parametrize("descending", [True, False])
def test_mail_16_list_order(office: Office, column: str, descending: bool) -> None:
    for number, (subject, sender) in enumerate([("Счёт", "Ёжик"), ("договор", "анна"), ("Акт", "Борис")]):
        office.clock.move(minutes=1)
        office.letter(subject, sender=(sender, "x@y.example"), number=number)
    with office.store.read() as connection:
        folder = office.folders["inbox"].key
        found = letter_order.in_folder(connection, folder, column, descending=descending)
        first = letter_order.in_folder(connection, folder, column, descending=descending, limit=2)
        rows = letters.rows(connection, found)
        again = letter_order.in_order(connection, found[::-1], column, descending=descending)
    assert first == found[:2]
    subjects = [rows[key].subject for key in found]
    expected = {
        "date": ["Счёт", "договор", "Акт"],
        "sender": ["договор", "Акт", "Счёт"],
        "subject": ["Акт", "договор", "Счёт"],
    }[column]
    assert subjects == (expected[::-1] if descending else expected)
    assert again == found


def test_undo_of_a_flag_keeps_what_the_server_said_of_another(office: Office) -> None:
    place = office.letter()
    with office.store.work(office.actor, "mail.read") as work:
        mail.mark_read(work, [place.key])
    with office.store.arrivals("sync") as work:
        seen = work.get(Placement, place.key)
        work.change(seen, flags=seen.flags | Flag.ANSWERED)
    undo.undo(office.store, office.actor)
    assert placement(office, place.key).flags == Flag.ANSWERED
    assert placement(office, place.key).unread


def test_undo_of_a_flag_that_was_changed_since_is_refused(office: Office) -> None:
    place = office.letter()
    with office.store.work(office.actor, "mail.read") as work:
        mail.mark_read(work, [place.key])
    with office.store.arrivals("sync") as work:
        work.change(work.get(Placement, place.key), flags=0, unread=True)
    with pytest.raises(Conflict, match="undo_changed_since"):
        undo.undo(office.store, office.actor)
    assert placement(office, place.key).flags == 0
