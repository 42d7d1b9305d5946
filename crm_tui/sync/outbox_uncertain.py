"""Letters of which nobody can tell whether the server took them: looked for before anything else is done.

Our Message-ID is looked for in Sent and in all mail, here and on the server. Found: it was sent. Not found: an
automatic letter goes out once more, with the same Message-ID; for any other a person is asked (docs/sending.md).
"""

import threading
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from crm_tui.domain.errors import CrmError
from crm_tui.services.writing.outbox import TO_BE_FILED, WITH_THE_JOB, settle_sent
from crm_tui.store import records
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount, Outbox
from crm_tui.store.work import Work
from crm_tui.sync import plan
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.engine import log_in
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.session import Session
from crm_tui.sync.outbox_claim import OUTBOX, write
from crm_tui.sync.outbox_filing import file_copy, read_body
from crm_tui.sync.outbox_outcome import tell
from crm_tui.sync.passing import ACCOUNT, FOLDER, LETTER, PLACEMENT

LOOKS = (timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=15), timedelta(hours=1))
"""Pauses after the first look, the second, the third, and all the others."""
LOOKS_BEFORE_RESENDING = 3
"""A server may file what it sent some time after it took it."""
LOOKED_FOR = timedelta(hours=48)
_OFFLINE = timedelta(minutes=1)


def recover(store: Store) -> None:
    """Letters whose sender died: sent again unless the final dot was about to go out. Files what is to be filed."""
    with store.read() as connection:
        dead = (OUTBOX.c.status == "sending") & (OUTBOX.c.claim_until < store.clock())
        lost = list(connection.scalars(select(OUTBOX.c.id).where(dead)))
        filed = (OUTBOX.c.status == "sent") & (OUTBOX.c.next_try_at == TO_BE_FILED)
        unfiled = list(connection.execute(select(OUTBOX).where(filed)))
    if lost:
        with store.facts("outbox.recover") as work:
            for row in list(
                work.connection.execute(
                    select(OUTBOX.c.id, OUTBOX.c.phase).where(OUTBOX.c.id.in_(lost), dead)
                )
            ):
                if row.phase == "data":  # its holder may still come back with the answer: the token stays
                    write(work, row.id, status="uncertain", attempts=0, next_try_at=work.now)
                else:
                    write(work, row.id, status="queued", phase="", claimed_by="")
    for found in unfiled:
        letter = records.load(Outbox, dict(found._mapping))
        body = read_body(letter.raw)
        with store.facts("outbox.file") as work:
            write(work, letter.key, next_try_at=work.now)
            file_copy(work, work.get(MailAccount, letter.account_id), letter, body)


def look_for_uncertain(
    store: Store, credentials: Credentials, account_id: int, stop: threading.Event | None = None
) -> None:
    """Look for the account's letters whose turn it is. A server that is away is asked later."""
    waiting = select(OUTBOX).where(OUTBOX.c.status == "uncertain", OUTBOX.c.account_id == account_id)
    with store.read() as connection:
        found = connection.execute(waiting.order_by(OUTBOX.c.id)).all()
        stored = connection.execute(select(ACCOUNT).where(ACCOUNT.c.id == account_id)).one()
    rows = [records.load(Outbox, dict(row._mapping)) for row in found]
    account = records.load(MailAccount, dict(stored._mapping))
    here = _seen_here(store, account, rows)
    left = [row for row in rows if not _found(store, account, row, here)]
    due = [row for row in left if row.next_try_at <= store.clock()]
    if not due or (stop is not None and stop.is_set()):
        return
    try:
        seen = _seen_there(account, credentials, [row.message_id for row in due])
    except CrmError:  # it says nothing about the letter
        with store.facts("outbox.look") as work:
            for row in due:
                write(work, row.key, next_try_at=work.now + _OFFLINE)
        return
    for row in due:
        if not _found(store, account, row, seen):
            _not_found(store, account, row)


def _seen_here(store: Store, account: MailAccount, rows: list[Outbox]) -> set[str]:
    """Those of the Message-IDs that the last pass saw in the server's Sent."""
    query = (
        select(LETTER.c.message_id)
        .join(PLACEMENT, PLACEMENT.c.letter_id == LETTER.c.id)
        .join(FOLDER, FOLDER.c.id == PLACEMENT.c.srv_folder_id)
        .where(LETTER.c.message_id.in_([row.message_id for row in rows]), FOLDER.c.account_id == account.key,
               FOLDER.c.role == "sent", PLACEMENT.c.srv_uid.is_not(None))
    )  # fmt: skip
    with store.read() as connection:
        return set(connection.scalars(query))


def _seen_there(account: MailAccount, credentials: Credentials, wanted: list[str]) -> set[str]:
    """Those of the Message-IDs that the server has now. Raises CrmError when it cannot be asked."""
    seen: set[str] = set()
    if account.kind != "imap":
        return seen
    with log_in(account, credentials) as session:
        for name in _folders(session):
            try:
                session.select(name, write=False)
            except ServerRefused:
                continue
            # With its brackets: a server looks for parts of a field.
            seen.update(one for one in wanted if one not in seen and session.find_message_id(f"<{one}>"))
    return seen


def _folders(session: Session) -> Iterator[bytes]:
    """The folders that sent letters lie in: Sent, and all mail (RFC 6154)."""
    listed = session.list_folders()
    roles = plan.roles([(folder.name, folder.attributes, folder.delimiter) for folder in listed])
    for folder, role in zip(listed, roles, strict=True):
        if role == "sent" or any(one.lower() == "\\all" for one in folder.attributes):
            yield tokens.mailbox(folder.name)


def _found(store: Store, account: MailAccount, row: Outbox, seen: set[str]) -> bool:
    if row.message_id not in seen:
        return False
    body = read_body(row.raw)
    with store.facts("outbox.found") as work:
        stored = _still(work, row)
        if stored is not None:
            settle_sent(work, stored, "found in Sent")
            file_copy(work, account, stored, body)
    return True


def _not_found(store: Store, account: MailAccount, row: Outbox) -> None:
    with store.facts("outbox.look") as work:
        stored = _still(work, row)
        if stored is None:
            return
        looks = stored.attempts + 1
        if stored.automatic and not stored.resent and looks >= LOOKS_BEFORE_RESENDING:
            write(
                work, stored.key, status="queued", phase="", claimed_by="", attempts=0, resent=True,
                next_try_at=work.now,
            )  # fmt: skip
            return
        if looks == 1 and not (stored.automatic and not stored.resent):
            tell(work, account, stored, "letter_uncertain", address=", ".join(stored.recipients))
        over = work.now - stored.created_at > LOOKED_FOR
        again = WITH_THE_JOB if over else work.now + LOOKS[min(looks, len(LOOKS)) - 1]
        write(work, stored.key, attempts=looks, next_try_at=again)


def _still(work: Work, row: Outbox) -> Outbox | None:
    """The letter as it is now; None when its holder came back, or a person has spoken."""
    stored = work.get(Outbox, row.key)
    return stored if stored.status == "uncertain" and stored.version == row.version else None
