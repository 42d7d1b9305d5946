"""Sending what waits in the outbox: each letter once, or said to be uncertain (design/sync.md §5).

A letter is claimed before it is sent, and it is stored that the final dot is about to go out, so that after a crash
it is known how far it came: before the dot it is sent again, after it the letter is looked for first. What cannot
be told apart is described in docs/sending.md.
"""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from crm_tui.domain.errors import BadConfig, CrmError, LoginRefused, NetworkTrouble
from crm_tui.services.writing.outbox import WITH_THE_JOB
from crm_tui.store import records
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount, Outbox
from crm_tui.sync.credentials import Credentials, Login
from crm_tui.sync.imap.connect import Server
from crm_tui.sync.outbox_claim import OUTBOX, Claim, ClaimLost
from crm_tui.sync.outbox_guard import verdict
from crm_tui.sync.outbox_outcome import PAUSES, finish, tell
from crm_tui.sync.outbox_uncertain import look_for_uncertain, recover
from crm_tui.sync.passing import ACCOUNT
from crm_tui.sync.smtp import Answer, Outcome, Uncertain, deliver

OFFLINE_PAUSE = timedelta(minutes=1)
LOGIN_PAUSE = timedelta(minutes=30)
"""A refused password is not tried again by itself for so long: servers lock accounts."""
_ASK_A_PERSON = ("password_missing", "vault_locked")
"""Refusals that no server gave: trying again costs nothing."""


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

    An account that cannot be reached or logged in to keeps its letters; the others go on. Letters whose fate is
    uncertain are looked for.
    """
    recover(store)
    done: dict[int, CrmError | None] = {}
    for account_id in due_accounts(store):
        if account_ids is None or account_id in account_ids:
            done |= send_account(store, credentials, account_id, stop=stop)
    return done


def send_account(
    store: Store, credentials: Credentials, account_id: int, *, stop: threading.Event | None = None
) -> dict[int, CrmError | None]:
    """As ``send_due``, of one account; letters whose sender died are none of its business (``recover``)."""
    done: dict[int, CrmError | None] = {}
    for outbox_id in _due(store, account_id):
        if stop is not None and stop.is_set():
            break
        try:
            claim = Claim.take(store, outbox_id)
            if claim is not None and _send(claim, account_id, credentials):
                done[outbox_id] = None
        except CrmError as error:
            done[outbox_id] = error
            if not isinstance(error, Uncertain | ClaimLost):
                break
    look_for_uncertain(store, credentials, account_id, stop)
    return done


def due_accounts(store: Store) -> list[int]:
    """Accounts with letters for which something is to be done now, the longest waiting first."""
    now = store.clock()
    due = OUTBOX.c.status.in_(("queued", "deferred", "uncertain")) & (OUTBOX.c.next_try_at <= now)
    unsure = OUTBOX.c.status == "uncertain"  # it may have turned up meanwhile
    query = select(OUTBOX.c.account_id).where(due | unsure).group_by(OUTBOX.c.account_id)
    with store.read() as connection:
        return list(connection.scalars(query.order_by(func.min(OUTBOX.c.next_try_at))))


def next_due(store: Store) -> datetime | None:
    """When something is to be done for the next letter, if one waits."""
    waiting = OUTBOX.c.status.in_(("queued", "deferred", "uncertain")) & (OUTBOX.c.next_try_at < WITH_THE_JOB)
    query = select(OUTBOX.c.next_try_at).where(waiting).order_by(OUTBOX.c.next_try_at).limit(1)
    dead = select(OUTBOX.c.claim_until).where(OUTBOX.c.status == "sending").order_by(OUTBOX.c.claim_until)
    filed = select(OUTBOX.c.id).where(OUTBOX.c.status == "sent", OUTBOX.c.next_try_at == WITH_THE_JOB)
    with store.read() as connection:
        if connection.scalar(filed.limit(1)) is not None:
            return store.clock()
        found = [connection.scalar(query), connection.scalar(dead.limit(1))]
    return min((each for each in found if each is not None), default=None)


def release(store: Store, account_ids: Sequence[int] | None = None, *, by_hand: bool = False) -> None:
    """The job has come: letters that waited for it are due (MAIL-18).

    ``by_hand``: a person asks for it, so those that wait for an account to work again are due, too.
    """
    now = store.clock()
    held = OUTBOX.c.next_try_at > now if by_hand else OUTBOX.c.next_try_at == WITH_THE_JOB
    query = select(OUTBOX.c.id).where(
        OUTBOX.c.status == "queued", held, (OUTBOX.c.not_before.is_(None)) | (OUTBOX.c.not_before <= now)
    )
    if account_ids is not None:
        query = query.where(OUTBOX.c.account_id.in_(list(account_ids)))
    with store.read() as connection:
        ids = list(connection.scalars(query))
    if ids:
        with store.facts("outbox.release") as work:
            work.connection.execute(
                update(OUTBOX)
                .where(OUTBOX.c.id.in_(ids), OUTBOX.c.status == "queued")
                .values(next_try_at=now, version=OUTBOX.c.version + 1)
            )
            work.touch(Outbox, ids)


def _due(store: Store, account_id: int) -> list[int]:
    query = (
        select(OUTBOX.c.id)
        .join(ACCOUNT, ACCOUNT.c.id == OUTBOX.c.account_id)
        .where(OUTBOX.c.status.in_(("queued", "deferred")), OUTBOX.c.next_try_at <= store.clock(),
               OUTBOX.c.account_id == account_id, ACCOUNT.c.enabled, ACCOUNT.c.smtp_host != "")
        .order_by(OUTBOX.c.next_try_at, OUTBOX.c.id)
    )  # fmt: skip
    with store.read() as connection:
        return list(connection.scalars(query))


def _send(claim: Claim, account_id: int, credentials: Credentials) -> bool:
    """Send the letter; False for an automatic one that may not go out, or not yet."""
    store = claim.store
    with store.read() as connection:
        found = connection.execute(select(OUTBOX).where(OUTBOX.c.id == claim.outbox_id)).one()
        stored = connection.execute(select(ACCOUNT).where(ACCOUNT.c.id == account_id)).one()
    row = records.load(Outbox, dict(found._mapping))
    account = records.load(MailAccount, dict(stored._mapping))

    if row.automatic and not _may_go(claim, row):
        return False

    def ending(answers: dict[str, Answer]) -> None:
        asked = {one: [354 if code in (250, 251) else code, text] for one, (code, text) in answers.items()}
        refused = [one for one, (code, _) in answers.items() if code >= 500]
        claim.begin_end({**row.results, **asked}, [one for one in row.recipients if one not in refused])

    try:
        with claim.renewed():
            server, envelope = smtp_server(account), row.message_id.partition("@")[0]

            def send(login: Login | None) -> Outcome:
                return deliver(
                    server, login, row.envelope_from, list(row.recipients), row.raw, ending, envelope
                )

            outcome = credentials.logged_in(account, send, "smtp") if account.smtp_user else send(None)
    except Uncertain:
        with store.facts("outbox.uncertain") as work:
            claim.write(work, status="uncertain", attempts=0, next_try_at=work.now)
        raise
    except ClaimLost:
        raise
    except Exception as error:
        fault = error if isinstance(error, CrmError) else _unexpected(error)
        _pause_account(claim, account, row, fault, credentials)
        raise fault from error
    finish(claim, account, row, outcome)
    return True


def _may_go(claim: Claim, row: Outbox) -> bool:
    """Hold back an automatic letter that would answer a program, or be one too many."""
    with claim.store.read() as connection:
        found = verdict(connection, row, claim.store.clock())
    if found.recipients == tuple(row.recipients) and found.at <= claim.store.clock():
        return True
    row.results = {**row.results, **{one: [0, reason] for one, reason in found.refused.items()}}
    row.recipients = list(found.recipients)
    waits = bool(found.recipients) and found.at > claim.store.clock()
    if found.recipients and not waits:
        return True
    with claim.store.facts("outbox.held") as work:
        claim.write(
            work, status=claim.came_from if waits else "cancelled", phase="", claimed_by="",
            next_try_at=found.at, attempts=row.attempts - 1, recipients=row.recipients, results=row.results,
        )  # fmt: skip
    return False


def _pause_account(
    claim: Claim, account: MailAccount, row: Outbox, fault: CrmError, credentials: Credentials
) -> None:
    """Nothing of the account's can be sent now: none of its letters is tried before the pause is over.

    That is no fault of the letter's, so it is no attempt of it; only a server that answers "not now" counts.
    """
    answered = fault.code == "server_refused"
    pause = PAUSES[min(row.attempts, len(PAUSES)) - 1] if answered else OFFLINE_PAUSE
    if isinstance(fault, LoginRefused | BadConfig) and fault.code not in _ASK_A_PERSON:
        pause = LOGIN_PAUSE
    if isinstance(fault, LoginRefused):
        credentials.refused(account.address)
    with claim.store.facts("outbox.pause") as work:
        until = work.now + pause
        claim.write(
            work, status=claim.came_from, phase="", claimed_by="", next_try_at=until,
            attempts=row.attempts if answered else row.attempts - 1,
        )  # fmt: skip
        others = (
            OUTBOX.c.status.in_(("queued", "deferred"))
            & (OUTBOX.c.account_id == account.key)
            & (OUTBOX.c.next_try_at < until)
        )
        work.connection.execute(update(OUTBOX).where(others).values(next_try_at=until))
        if isinstance(fault, LoginRefused | BadConfig) and account.last_error != fault.code:
            work.connection.execute(
                update(ACCOUNT)
                .where(ACCOUNT.c.id == account.key)
                .values(last_error=fault.code, last_error_at=work.now)
            )
            work.touch(MailAccount, [account.key])
            tell(
                work, account, row, "sending_paused", account=account.name, reason=fault.code, **_said(fault)
            )


def _said(fault: CrmError) -> dict[str, str]:
    return {name: str(value) for name, value in fault.facts.items() if name not in ("account", "reason")}


def _unexpected(error: Exception) -> NetworkTrouble:
    return NetworkTrouble("bad_response", what=type(error).__name__)
