"""Row 14: five kinds of the other side, each answering whatever it gets; the two never talk to each other for long.

Our side here answers every letter, as the most careless process could: what stops it is the outbox alone.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from crm_tui.domain.letter.auto_mail import marks
from crm_tui.parsing.letter import parse
from crm_tui.store.engine import Store
from crm_tui.store.images import inserted_id
from crm_tui.store.tables import Letter, MailAccount, Outbox, table_of
from crm_tui.sync.bodies import keep_body
from crm_tui.sync.content import body_of, letter_row
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.outbox import send_due
from crm_tui.sync.vault import Vault
from tests.conftest import FixedClock
from tests.servers.breaking_sink import BreakingSink
from tests.stores import new_store
from tests.sync.world import ME

ROUNDS = 40
Remote = Callable[[int], bytes]


def marked(number: int) -> bytes:
    return b"From: you@y.example\r\nAuto-Submitted: auto-replied\r\nSubject: away\r\n\r\nback on Monday\r\n"


def unmarked(number: int) -> bytes:
    return b"From: you@y.example\r\nSubject: away\r\n\r\nback on Monday\r\n"


def no_reply(number: int) -> bytes:
    return b"From: no-reply@y.example\r\nSubject: your request\r\n\r\nnobody reads this\r\n"


def bounce(number: int) -> bytes:
    return b"Return-Path: <>\r\nFrom: you@y.example\r\nSubject: failure\r\n\r\n550 unknown\r\n"


def ever_new(number: int) -> bytes:
    return b"From: you%d@y.example\r\nSubject: ticket\r\n\r\nyour ticket\r\n" % number


def loop_of_ours(number: int) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in marks("me@x.example")).encode()
    return (
        head.replace(b"Auto-Submitted: auto-generated\r\n", b"") + b"From: you@y.example\r\n\r\nforwarded\r\n"
    )


class Office:
    """A store that answers all it gets."""

    def __init__(self, store: Store, port: int) -> None:
        self.store = store
        with store.work(ME, "test") as work:
            self.account = work.add(
                MailAccount(name="me", address="me@x.example", imap_host="localhost", imap_user="me", smtp_port=port,
                            smtp_host="localhost", smtp_security="none", smtp_user="")
            ).key  # fmt: skip
        self.secrets = Credentials(Vault(store.path.with_name("vault")), None, lambda name: "x")

    def answer(self, raw: bytes, number: int) -> None:
        """A letter comes, and a careless process answers it."""
        raw = b"Message-ID: <in%d@y.example>\r\n" % number + raw
        with self.store.work(ME, "test") as work:
            row = letter_row(raw, len(raw), work.now)
            letter_id = inserted_id(work.connection.execute(insert(table_of(Letter)).values(row)))
            keep_body(work, letter_id, body_of(raw, parse))
            head = f"Message-ID: <out{number}@x.example>\r\nIn-Reply-To: <in{number}@y.example>\r\n\r\nok\r\n"
            work.add(
                Outbox(account_id=self.account, message_id=f"out{number}@x.example", raw=head.encode(),
                       envelope_from="me@x.example", recipients=[row["sender_address"]], automatic=True,
                       next_try_at=work.now, created_at=work.now)
            )  # fmt: skip
        send_due(self.store, self.secrets)


@pytest.fixture
def sink() -> Iterator[BreakingSink]:
    with BreakingSink() as made:
        yield made


@pytest.mark.parametrize(
    ("remote", "most"),
    [(marked, 1), (unmarked, 2), (no_reply, 1), (bounce, 1), (loop_of_ours, 1), (ever_new, 20)],
)
def test_no_loop(tmp_path: Path, clock: FixedClock, sink: BreakingSink, remote: Remote, most: int) -> None:
    store = new_store(tmp_path, clock)
    office = Office(store, sink.port)
    office.answer(b"From: you@y.example\r\nSubject: hello\r\n\r\na person writes\r\n", 0)
    for number in range(1, ROUNDS):
        clock.advance(seconds=60)
        if len(sink.kept) < number:
            break
        office.answer(remote(number), number)
    assert len(sink.kept) == most
    with store.read() as connection:
        outbox = table_of(Outbox)
        held = [row for row in connection.execute(outbox.select()) if row.status != "sent"]
    assert {(row.status, row.attempts) for row in held} <= {("cancelled", 0), ("queued", 0)}
    assert held
    store.close()
