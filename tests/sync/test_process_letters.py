"""How many letters processes and triggers may send, and to whom (assurance row 14)."""

from datetime import timedelta

from crm_tui.domain.letter import auto_mail
from crm_tui.store.tables import Outbox, User
from crm_tui.sync.outbox_guard import verdict
from tests.services.conftest import Office, office

__all__ = ["office"]


def letter(office: Office, key: str, to: str, *, sent: bool) -> Outbox:
    at = office.clock() - timedelta(minutes=30)
    with office.store.facts("queue") as work:
        return work.add(
            Outbox(
                account_id=office.account.key, message_id=f"{key}@office.example", raw=b"Subject: x\r\n\r\nx",
                envelope_from="sales@office.example", recipients=[] if sent else [to],
                results={to: [250, "ok"]} if sent else {}, status="sent" if sent else "queued",
                dedupe_key=key, automatic=True, next_try_at=at, created_at=at, sent_at=at if sent else None,
            )
        )  # fmt: skip


def test_rm_12_a_colleague_is_written_to_though_the_address_is_our_own(office: Office) -> None:
    with office.store.facts("setup") as work:
        work.change(work.get(User, office.user.key), email="aliya@office.example")
    for key, allowed in (("process:1:1:entering:x", 1), ("trigger:1:0:x", 1), ("answer:1", 0)):
        row = letter(office, key, "aliya@office.example", sent=False)
        with office.store.read() as connection:
            assert len(verdict(connection, row, office.clock()).recipients) == allowed, key


def test_a_map_in_a_circle_floods_nobody(office: Office) -> None:
    """So many letters to one address in 24 hours and no more, those of triggers counted with those of processes."""
    most = auto_mail.NOTICES.to_address or 0
    for number in range(most):
        kind = "process" if number % 2 else "trigger"
        letter(office, f"{kind}:{number}:entering:o", "olga@newco.example", sent=True)
    for key, reason in (("process:99:1:entering:o", "too_many"), ("rule:1:2:o", ""), ("answer", "")):
        row = letter(office, key, "olga@newco.example", sent=False)
        with office.store.read() as connection:
            found = verdict(connection, row, office.clock())
        assert found.refused.get("olga@newco.example", "") == reason, key
