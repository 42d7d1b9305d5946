"""An account that can send, and what became of its letters."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount, Notification, Outbox, User
from crm_tui.sync.outbox import send_due
from tests.conftest import FixedClock
from tests.servers.dovecot import Dovecot
from tests.sync.world import OurSide, letter

TO = ["a@x.example", "b@x.example"]


class Office:
    """Our side of a mailbox at ``dovecot``, with an SMTP server at a port of loopback, and a clock that stands."""

    def __init__(self, us: OurSide, port: int, clock: FixedClock) -> None:
        self.us, self.clock = us, clock
        us.store.close()
        us.store = Store(us.path, clock)
        with us.work() as work:
            self.owner = work.add(User(login="me", name="me")).key
        self.account(
            owner_id=self.owner, smtp_host="localhost", smtp_port=port, smtp_security="none", smtp_user=""
        )

    def account(self, **values: Any) -> None:
        """Change the account."""
        with self.us.work() as work:
            work.change(work.get(MailAccount, self.us.account.key), **values)

    def queue(self, key: str = "out@x.example", to: list[str] | None = None, **values: Any) -> int:
        """A letter with this Message-ID that is due now."""
        with self.us.work() as work:
            row = work.add(
                Outbox(account_id=self.us.account.key, message_id=key, raw=letter(f"<{key}>", body=".dot\r\nend"),
                       envelope_from="me@x.example", recipients=to or TO, next_try_at=work.now,
                       created_at=work.now, **values)
            )  # fmt: skip
        return row.key

    def row(self, outbox_id: int) -> Outbox:
        """The letter as stored now."""
        with self.us.work() as work:
            return work.get(Outbox, outbox_id)

    def told(self) -> list[tuple[str, dict[str, str]]]:
        """What the owner was told."""
        with self.us.work() as work:
            return [(each.code, each.facts) for each in work.all(Notification)]

    def send(self) -> dict[int, object]:
        """One round of the sender."""
        return dict(send_due(self.us.store, self.us.credentials))


@contextmanager
def office_at(dovecot: Dovecot, folder: Path, clock: FixedClock, port: int) -> Iterator[Office]:
    """A fresh account that knows its folders."""
    us = OurSide(folder / "crm.db", dovecot, dovecot.account("office"))
    us.sync()
    made = Office(us, port, clock)
    yield made
    made.us.close()
