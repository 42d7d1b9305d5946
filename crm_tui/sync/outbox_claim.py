"""Holding one letter of the outbox alone, among threads, processes and machines that freeze (assurance row 30).

A claim is a lease with a token. It is renewed while its holder works, so that it may be short; a holder that was
frozen finds at its next write that the token is not in the row any more, and gives the letter up.
"""

import contextlib
import os
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from sqlalchemy import select, update

from crm_tui.domain.errors import Conflict, CrmError
from crm_tui.store.engine import Store
from crm_tui.store.tables import Outbox, table_of
from crm_tui.store.work import Work

OUTBOX = table_of(Outbox)
LEASE = timedelta(seconds=60)
RENEW_SECONDS = 20.0


class ClaimLost(Conflict):
    """The lease ran out and the letter is another's now: nothing more may be done with it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that this thread alone may send."""

    store: Store
    outbox_id: int
    token: str
    came_from: str
    """The status that it had before."""

    @classmethod
    def take(cls, store: Store, outbox_id: int) -> Self | None:
        """Take the letter if it is due still; None when another one has it or it was called back."""
        token = f"{os.getpid()}:{uuid.uuid4().hex}"
        waiting = OUTBOX.c.status.in_(("queued", "deferred")) & (OUTBOX.c.next_try_at <= store.clock())
        with store.facts("outbox.claim") as work:
            status = work.connection.scalar(select(OUTBOX.c.status).where(OUTBOX.c.id == outbox_id, waiting))
            if status is None:
                return None
            write(
                work, outbox_id, status="sending", phase="connect", claimed_by=token,
                claim_until=work.now + LEASE, attempts=OUTBOX.c.attempts + 1,
            )  # fmt: skip
        return cls(store, outbox_id, token, str(status))

    def write(self, work: Work, **values: Any) -> None:
        """Write into the row, if the token is still there. Raises ClaimLost."""
        done = work.connection.execute(
            update(OUTBOX)
            .where(
                OUTBOX.c.id == self.outbox_id,
                OUTBOX.c.claimed_by == self.token,
                OUTBOX.c.status.in_(("sending", "uncertain")),
            )
            .values(version=OUTBOX.c.version + 1, **values)
        )
        if done.rowcount != 1:
            raise ClaimLost("claim_lost", id=self.outbox_id)
        work.touch(Outbox, [self.outbox_id])

    def begin_end(self, results: dict[str, Any], recipients: list[str]) -> None:
        """The end of the letter is about to go out: from now on nobody can tell whether it was taken."""
        with self.store.facts("outbox.data") as work:
            if not self._lives(work):
                raise ClaimLost("claim_lost", id=self.outbox_id)
            self.write(
                work, phase="data", claim_until=work.now + LEASE, results=results, recipients=recipients
            )

    @contextlib.contextmanager
    def renewed(self) -> Iterator[None]:
        """Within the block the lease does not run out, unless this process is stopped or killed."""
        over = threading.Event()
        thread = threading.Thread(target=self._renew, args=(over,), name="outbox lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _renew(self, over: threading.Event) -> None:
        while not over.wait(RENEW_SECONDS):
            with contextlib.suppress(CrmError), self.store.facts("outbox.renew") as work:
                if not self._lives(work):
                    return
                self.write(work, claim_until=work.now + LEASE)

    def _lives(self, work: Work) -> bool:
        """Whether the letter is still being sent by this holder: an uncertain one waits for its fate only."""
        mine = (OUTBOX.c.claimed_by == self.token) & (OUTBOX.c.status == "sending")
        return (
            work.connection.scalar(select(OUTBOX.c.id).where(OUTBOX.c.id == self.outbox_id, mine)) is not None
        )


def write(work: Work, outbox_id: int, **values: Any) -> None:
    """Write into a row of the outbox whoever holds it."""
    work.connection.execute(
        update(OUTBOX).where(OUTBOX.c.id == outbox_id).values(version=OUTBOX.c.version + 1, **values)
    )
    work.touch(Outbox, [outbox_id])
