"""A workload for crash-state replay: says on standard output which commits have returned.

Usage: python -m tests.store.committing STORE. Every commit writes a task and an outbox row, or nothing.
"""

import os
import sys
from pathlib import Path

from crm_tui.store import engine as engine_module
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount, Outbox, Task, User
from crm_tui.store.work import Actor

COMMITS = 20


def main(path: Path) -> None:
    """Prepare, then commit, with checkpoints much more often than in life."""
    connect = engine_module._connect

    def often(*arguments: object, **options: object) -> object:
        connection = connect(*arguments, **options)  # type: ignore[arg-type]
        connection.execute("PRAGMA wal_autocheckpoint=8")
        return connection

    engine_module._connect = often
    store = Store(path)
    with store.work(Actor.program("test"), "prepare") as work:
        work.add(User(login="me", name="Me"))
        work.add(MailAccount(name="me", address="a@example.org", imap_host="localhost", imap_user="me"))
    os.write(1, b"ACK 0\n")
    for number in range(1, COMMITS + 1):
        with store.work(Actor("me", 1), "send") as work:
            now = work.now
            work.add(Task(title=f"t{number}", title_fold="", assignee_id=1, created_at=now, changed_at=now))
            work.add(
                Outbox(
                    account_id=1,
                    message_id=f"<{number}>",
                    raw=b"x" * 600,
                    envelope_from="",
                    next_try_at=now,
                    created_at=now,
                )
            )
        os.write(1, b"ACK %d\n" % number)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
