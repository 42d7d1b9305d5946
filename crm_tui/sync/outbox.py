"""Sending what waits in the outbox: each letter once, or said to be uncertain (design/sync.md §5).

A letter is claimed before it is sent, and the phase is stored before it begins, so that after a crash it is
known how far it came: up to the envelope it is sent again, from the body on a person is asked.
"""

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from crm_tui.domain.errors import CrmError, LoginRefused, NetworkTrouble
from crm_tui.domain.flags import Flag
from crm_tui.domain.text import clean
from crm_tui.parsing.pool import ParserPool
from crm_tui.services import outgoing
from crm_tui.services.notifications import notify
from crm_tui.store import records
from crm_tui.store.engine import Store
from crm_tui.store.images import inserted_id
from crm_tui.store.tables import MailAccount, Outbox, Placement, table_of
from crm_tui.store.work import Work
from crm_tui.sync.bodies import keep_body
from crm_tui.sync.content import Body, body_of, letter_row, sort_keys
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.imap.connect import Server
from crm_tui.sync.passing import ACCOUNT, FOLDER, LETTER, PLACEMENT
from crm_tui.sync.smtp import Outcome, Uncertain, deliver

OUTBOX = table_of(Outbox)
CLAIM = timedelta(minutes=15)
GIVE_UP = timedelta(hours=48)
_PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
_FILE_THEMSELVES = ("smtp.gmail.com", "smtp.office365.com", "smtp-mail.outlook.com")
"""Servers that put what they send into Sent: a second copy of ours would stay there."""


def smtp_server(account: MailAccount) -> Server:
    """Where the account's SMTP server answers."""
    return Server(account.smtp_host, account.smtp_port, account.smtp_security, account.ca_file or None)  # type: ignore[arg-type]


def send_due(
    store: Store,
    credentials: Credentials,
    *,
    account_ids: Sequence[int] | None = None,
    stop: threading.Event | None = None,
) -> dict[int, CrmError | None]:
    """Send every letter (of these accounts) that is due now; outbox id → the fault that kept it, or None.

    An account that cannot be reached or logged in to keeps its letters; the others go on.
    """
    done: dict[int, CrmError | None] = {}
    silent: set[int] = set()
    recover(store)
    for row in _due(store):
        if row.account_id in silent or (stop is not None and stop.is_set()):
            continue
        if account_ids is not None and row.account_id not in account_ids:
            continue
        try:
            if _claim(store, row.id):
                _send(store, credentials, row.id)
                done[row.id] = None
        except CrmError as error:
            done[row.id] = error
            if not isinstance(error, Uncertain):
                silent.add(row.account_id)
    return done


def recover(store: Store) -> None:
    """Letters whose sender died: sent again unless the body had begun; then told apart by the Sent folder."""
    now = store.clock()
    with store.facts("outbox.recover") as work:
        dead = (OUTBOX.c.status == "sending") & (OUTBOX.c.claim_until < now)
        lost = list(work.connection.execute(select(OUTBOX.c.id, OUTBOX.c.phase).where(dead)))
        for row in lost:
            _set(work, row.id, status="uncertain" if row.phase == "data" else "queued", claimed_by="")
        filed = (
            select(PLACEMENT.c.id)
            .join(LETTER, LETTER.c.id == PLACEMENT.c.letter_id)
            .join(FOLDER, FOLDER.c.id == PLACEMENT.c.srv_folder_id)
            .where(LETTER.c.message_id == OUTBOX.c.message_id, FOLDER.c.account_id == OUTBOX.c.account_id,
                   PLACEMENT.c.srv_uid.is_not(None), FOLDER.c.role == "sent")
        )  # fmt: skip
        for outbox_id in list(
            work.connection.scalars(select(OUTBOX.c.id).where(OUTBOX.c.status == "uncertain", filed.exists()))
        ):
            _set(work, outbox_id, status="sent", sent_at=now)


def next_due(store: Store) -> datetime | None:
    """When the next letter is due, if one waits."""
    with store.read() as connection:
        return connection.scalar(
            select(OUTBOX.c.next_try_at)
            .where(OUTBOX.c.status.in_(("queued", "deferred")))
            .order_by(OUTBOX.c.next_try_at)
            .limit(1)
        )


def _due(store: Store) -> list[Row[Any]]:
    query = (
        select(OUTBOX.c.id, OUTBOX.c.account_id)
        .join(ACCOUNT, ACCOUNT.c.id == OUTBOX.c.account_id)
        .where(OUTBOX.c.status.in_(("queued", "deferred")), OUTBOX.c.next_try_at <= store.clock(),
               ACCOUNT.c.enabled, ACCOUNT.c.smtp_host != "")
        .order_by(OUTBOX.c.next_try_at, OUTBOX.c.id)
    )  # fmt: skip
    with store.read() as connection:
        return list(connection.execute(query))


def _claim(store: Store, outbox_id: int) -> bool:
    """Take the letter for this process; False when another one has it or it was called back."""
    now = store.clock()
    with store.facts("outbox.claim") as work:
        claimed = work.connection.execute(
            update(OUTBOX)
            .where(OUTBOX.c.id == outbox_id, OUTBOX.c.status.in_(("queued", "deferred")),
                   or_(OUTBOX.c.claim_until.is_(None), OUTBOX.c.claim_until < now, OUTBOX.c.claimed_by == ""))
            .values(status="sending", phase="connect", claimed_by=_me(store), claim_until=now + CLAIM,
                    attempts=OUTBOX.c.attempts + 1, version=OUTBOX.c.version + 1)
        )  # fmt: skip
        work.touch(Outbox, [outbox_id])
        return claimed.rowcount == 1


def _send(store: Store, credentials: Credentials, outbox_id: int) -> None:
    with store.read() as connection:
        found = connection.execute(select(OUTBOX).where(OUTBOX.c.id == outbox_id)).one()
        account = records.load(
            MailAccount,
            dict(connection.execute(select(ACCOUNT).where(ACCOUNT.c.id == found.account_id)).one()._mapping),
        )
    row = records.load(Outbox, dict(found._mapping))
    begin = _phases(store, outbox_id)
    try:
        login = None
        if account.smtp_user:
            login = (account.smtp_user, credentials.password(account.address, account.password_command))
        outcome = deliver(
            smtp_server(account), login, row.envelope_from, list(row.recipients), row.raw, begin
        )
    except Uncertain:
        with store.facts("outbox.uncertain") as work:
            _set(work, outbox_id, status="uncertain", claimed_by="")
            _tell(work, account, row, "letter_uncertain", ", ".join(row.recipients))
        raise
    except Exception as error:
        _put_off(store, row, list(row.recipients), {}, counts=isinstance(error, LoginRefused))
        if isinstance(error, LoginRefused):
            credentials.refused(account.address)
        if isinstance(error, CrmError):
            raise
        raise NetworkTrouble("bad_response", what=type(error).__name__) from error
    _finish(store, account, row, outcome)


def _phases(store: Store, outbox_id: int) -> Callable[[str], None]:
    def begin(phase: str) -> None:
        with store.facts(f"outbox.{phase}") as work:
            _set(work, outbox_id, phase=phase, claim_until=store.clock() + CLAIM)

    return begin


def _finish(store: Store, account: MailAccount, row: Outbox, outcome: Outcome) -> None:
    """Store the server's answers: who got it, who is tried again, who never will."""
    code, text = outcome.letter
    answers = {
        address: answer if answer[0] >= 400 or code in (250, 251) else (code, text)
        for address, answer in outcome.recipients.items()
    } or dict.fromkeys(row.recipients, (code, text))
    results = {
        **row.results,
        **{address: [number, clean(said)] for address, (number, said) in answers.items()},
    }
    later = [address for address, (number, _) in answers.items() if 400 <= number < 500]
    served = any(number in (250, 251) for number, _ in results.values())
    if code in (250, 251):
        with closing(ParserPool()) as pool:  # it may take its time: not while the store is held
            body = body_of(row.raw, pool.parse)
        with store.facts("outbox.file") as work:
            _file(work, account, row, body)
    if later and store.clock() - row.created_at < GIVE_UP:
        _put_off(store, row, later, results, counts=True)
        return
    refused = {address: said for address, (number, said) in results.items() if number not in (250, 251)}
    with store.facts("outbox.done") as work:
        for address, said in refused.items():
            _tell(work, account, row, "letter_not_sent", address, reason=said)
        _set(
            work, row.key, status="sent" if served else "failed", phase="", claimed_by="", recipients=[],
            results=results, sent_at=store.clock() if served else None,
        )  # fmt: skip


def _put_off(
    store: Store, row: Outbox, recipients: list[str], results: dict[str, Any], *, counts: bool
) -> None:
    """Try again later. Being offline is no attempt of the letter's: only answers of a server count."""
    attempt = row.attempts if counts else 1
    with store.facts("outbox.deferred") as work:
        _set(
            work, row.key, status="deferred", phase="", claimed_by="", recipients=recipients,
            results=results or row.results, next_try_at=store.clock() + _PAUSES[min(attempt, len(_PAUSES)) - 1],
        )  # fmt: skip


def _file(work: Work, account: MailAccount, row: Outbox, body: Body) -> None:
    """Put the letter into Sent: the next pass uploads it there. Once, however many recipients come later."""
    values = letter_row(row.raw, len(row.raw), work.now)
    known = work.connection.scalar(
        select(LETTER.c.id).where(LETTER.c.identity == values["identity"], LETTER.c.size == values["size"])
    )
    letter_id = int(known) if known else inserted_id(work.connection.execute(insert(LETTER).values(values)))
    keep_body(work, letter_id, body)
    _set(work, row.key, letter_id=letter_id)
    outgoing.sent(work, row, letter_id)
    sent = work.connection.scalar(
        select(FOLDER.c.id).where(FOLDER.c.account_id == account.key, FOLDER.c.role == "sent")
    )
    there = work.connection.scalar(
        select(PLACEMENT.c.id).where(PLACEMENT.c.letter_id == letter_id, PLACEMENT.c.folder_id == sent)
    )
    if sent is None or there is not None or account.smtp_host in _FILE_THEMSELVES:
        return
    work.add(
        Placement(
            letter_id=letter_id, folder_id=sent, flags=int(Flag.SEEN), unread=False, **sort_keys(values)
        )
    )


def _tell(work: Work, account: MailAccount, row: Outbox, code: str, address: str, **facts: str) -> None:
    if account.owner_id is not None:
        notify(work, account.owner_id, code, kind="outbox", subject_id=row.key, address=address, **facts)


def _set(work: Work, outbox_id: int, **values: Any) -> None:
    work.connection.execute(
        update(OUTBOX).where(OUTBOX.c.id == outbox_id).values(version=OUTBOX.c.version + 1, **values)
    )
    work.touch(Outbox, [outbox_id])


def _me(store: Store) -> str:
    return f"{os.getpid()}:{store.origin}"
