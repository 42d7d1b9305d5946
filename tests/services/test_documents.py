"""Documents with numbers and terms, files with all their versions."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from crm_tui.domain.errors import Conflict, Invalid, NotFound, Refused
from crm_tui.services.document import card_files, documents
from crm_tui.services.interest import interests
from crm_tui.services.party import customers
from crm_tui.store import undo
from crm_tui.store.queries import papers
from crm_tui.store.tables import Reminder, table_of
from crm_tui.store.tables.papers import Document, FileContent
from tests.services.conftest import Office


@pytest.mark.parametrize(
    ("last", "following"),
    [("7", "8"), ("KP-041", "KP-042"), ("2026/9", "2026/10"), ("099", "100"), ("abc", "abc-2"), ("", "1")],
)
def test_idx_13_the_next_number_follows_the_last(office: Office, last: str, following: str) -> None:
    with office.store.work(office.actor, "document.add") as work:
        if last:
            documents.add(work, "contract", number=last)
        documents.add(work, "invoice", number="500")
        assert documents.add(work, "contract").number == following


def test_idx_13_a_document_of_an_interest_knows_its_customer_and_amount(office: Office) -> None:
    with office.store.work(office.actor, "document.add") as work:
        customer = customers.add(work, "Newco")
        interest = interests.add(
            work, "Pumps", customer_id=customer.key, amount_minor=12_000_00, currency="RUB"
        )
        made = documents.add(work, "proposal", interest_id=interest.key)
        assert (made.title, made.customer_id, made.amount_minor, made.currency) == (
            "Proposal 1", customer.key, 12_000_00, "RUB",
        )  # fmt: skip
        assert made.owner_id == office.user.key
    with office.store.read() as connection:
        for kind, key in (("interest", interest.key), ("customer", customer.key)):
            assert [row.id for row in papers.of_card(connection, kind, key)] == [made.key]
    with office.store.work(office.actor, "document.trash") as work:
        documents.trash(work, made.key)
        with pytest.raises(Refused, match="in_the_trash"):
            documents.trash(work, made.key)
    with office.store.read() as connection:
        assert papers.of_card(connection, "interest", interest.key) == []


def test_idx_13_a_contract_that_ends_reminds_before(office: Office) -> None:
    today = office.clock.now.date()
    with office.store.work(office.actor, "document.add") as work:
        far = documents.add(work, "contract", valid_until=today + timedelta(days=90), title="Far")
        near = documents.add(work, "contract", valid_until=today + timedelta(days=5), title="Near")
        documents.add(work, "invoice", valid_until=today + timedelta(days=5))
        due = {each.text: each.due_at for each in work.all(Reminder)}
        assert sorted(due) == ["Far", "Near"]
        assert due["Near"] == work.now
        assert due["Far"].date() == today + timedelta(days=60)
        assert [row.title for row in papers.ending(work.connection, today + timedelta(days=30))] == ["Near"]
        documents.change(work, near.key, status="cancelled")
        documents.change(work, far.key, valid_until=None)
        assert work.all(Reminder, acknowledged_at=None) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"status": "lost"}, "no_such_document_status"),
        ({"issued_on": date(2026, 2, 1), "valid_until": date(2026, 1, 1)}, "document_ends_first"),
    ],
)
def test_idx_13_what_makes_no_sense_is_refused(office: Office, fields: documents.Fields, code: str) -> None:
    with office.store.work(office.actor, "document.add") as work:
        with pytest.raises(Invalid, match=code):
            documents.add(work, "contract", **fields)
        with pytest.raises(Invalid, match="no_such_document_kind"):
            documents.add(work, "poem")
        made = documents.add(work, "contract")
        with pytest.raises(Invalid, match="name_missing"):
            documents.change(work, made.key, title=" ")
        documents.change(work, made.key, notes="Seen")
        with pytest.raises(Conflict, match="changed_meanwhile"):
            documents.change(work, made.key, expected_version=1, notes="Late")
        assert len(work.all(Document)) == 1


def test_corp_06_a_file_keeps_its_versions_and_the_bytes_once(office: Office, tmp_path: Path) -> None:
    with office.store.work(office.actor, "file.attach") as work:
        customer = customers.add(work, "Newco").key
        file = card_files.attach(work, "customer", customer, "plan.pdf", b"first", comment="As agreed")
        card_files.attach(work, "customer", customer, "plan.pdf", card_files.packed(b"first"))
        card_files.attach(work, "customer", customer, "plan.pdf", b"second")
        card_files.attach(work, "customer", customer, "copy\x1b[2J/../of.pdf", b"first")
    path = tmp_path / "note.txt"
    path.write_bytes(b"on disk")
    with office.store.work(office.actor, "file.attach") as work:
        card_files.attach_path(work, "customer", customer, path)
    with office.store.read() as connection:
        rows = {row.name: row for row in card_files.of_card(connection, "customer", customer)}
        plan = rows["plan.pdf"]
        assert (plan.versions, plan.size, plan.media_type, plan.by) == (
            2,
            6,
            "application/pdf",
            office.user.name,
        )
        assert not any(sign in "".join(rows) for sign in "\x1b/")
        assert card_files.content_of(connection, file.key) == b"second"
        assert card_files.content_of(connection, file.key, 1) == b"first"
        old = card_files.versions(connection, file.key)[-1]
        assert (old.number, old.comment) == (1, "As agreed")
        assert len(connection.execute(table_of(FileContent).select()).all()) == 3
    with office.store.work(office.actor, "file.revert") as work:
        card_files.revert(work, old.id)
        with pytest.raises(Refused, match="version_is_newest"):
            card_files.revert(work, card_files.versions(work.connection, file.key)[0].id)
    with office.store.read() as connection:
        assert card_files.content_of(connection, file.key) == b"first"
        assert [row.number for row in card_files.versions(connection, file.key)] == [3, 2, 1]


def test_corp_06_a_file_taken_away_comes_back_by_undo(office: Office) -> None:
    with office.store.work(office.actor, "file.attach") as work:
        customer = customers.add(work, "Newco").key
        file = card_files.attach(work, "customer", customer, "plan.pdf", b"first").key
        other = card_files.attach(work, "customer", customer, "other.pdf", b"other").key
        card_files.rename(work, file, "Plan of the hall.pdf")
        with pytest.raises(Refused, match="file_name_taken"):
            card_files.rename(work, other, "Plan of the hall.pdf")
    with office.store.work(office.actor, "file.remove") as work:
        card_files.remove(work, file)
    with office.store.read() as connection, pytest.raises(NotFound, match="no_such_record"):
        card_files.content_of(connection, file)
    undo.undo(office.store, office.actor)
    with office.store.read() as connection:
        assert card_files.content_of(connection, file) == b"first"


def test_corp_06_what_cannot_be_attached_is_refused(office: Office, tmp_path: Path) -> None:
    with office.store.work(office.actor, "file.attach") as work:
        for arguments, code in (
            (("poem", 1, "a.txt", b"x"), "no_files_here"),
            (("customer", 1, "a.txt", b""), "file_empty"),
            (("customer", 1, "a.txt", b"x" * (card_files.LARGEST + 1)), "file_too_large"),
        ):
            with pytest.raises(Invalid, match=code):
                card_files.attach(work, *arguments)
        with pytest.raises(Refused, match="cannot_read"):
            card_files.attach_path(work, "customer", 1, tmp_path / "missing")


def test_a_device_is_no_file() -> None:
    """``/dev/zero`` has no size, and no end."""
    with pytest.raises(Refused) as refused:
        card_files.read(Path("/dev/null"))
    assert refused.value.code == "store_not_a_file"
