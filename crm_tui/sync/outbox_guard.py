"""Before an automatic letter goes out: whether it may, so that programs do not answer each other (row 14)."""

from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32

from sqlalchemy import Connection, or_, select

from crm_tui.domain.letter import auto_mail
from crm_tui.domain.letter.auto_mail import ANSWERS, FORWARDS, NOTICES
from crm_tui.parsing import fields
from crm_tui.services.writing.outbox import SERVED
from crm_tui.store.queries import accounts
from crm_tui.store.tables import LetterRaw, Outbox, table_of
from crm_tui.sync.outbox_claim import OUTBOX
from crm_tui.sync.passing import LETTER

BY_A_RULE = "rule:"
"""How the ``dedupe_key`` of a letter begins that a rule sends on."""
BY_A_PROCESS = ("process:", "trigger:")
"""How that of a letter begins that a step of a process, or a trigger, sends: to colleagues, too."""
_RAW = table_of(LetterRaw)
_HEAD_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who may have the letter, why the others may not, and when it may go out."""

    recipients: tuple[str, ...]
    refused: dict[str, str]
    at: datetime


def verdict(connection: Connection, row: Outbox, now: datetime) -> Verdict:
    """What may be done with an automatic letter now."""
    own = accounts.own_addresses(connection)
    key = row.dedupe_key or ""
    is_answer = not key.startswith((BY_A_RULE, *BY_A_PROCESS))
    limits = ANSWERS if is_answer else FORWARDS if key.startswith(BY_A_RULE) else NOTICES
    sent = _sent(connection, row, now)
    because = _answered_refusal(connection, row, own) if is_answer else ""
    refused: dict[str, str] = {}
    for one in row.recipients:
        reason = because or auto_mail.to_refusal(one, own if is_answer else ())
        if not reason and auto_mail.is_too_much(sent, one, now, limits):
            reason = "too_many"
        if reason:
            refused[one] = reason
    allowed = tuple(one for one in row.recipients if one not in refused)
    return Verdict(allowed, refused, auto_mail.next_free(sent, now, limits))


def _sent(connection: Connection, row: Outbox, now: datetime) -> list[tuple[datetime, str]]:
    """The account's automatic letters of the last day, of the same kind: when, and to whom."""
    key = OUTBOX.c.dedupe_key
    begins = [key.startswith(BY_A_RULE), or_(*(key.startswith(one) for one in BY_A_PROCESS))]
    own_kind = (row.dedupe_key or "").partition(":")[0] + ":"
    if own_kind == BY_A_RULE:
        of_kind = begins[0]
    elif own_kind in BY_A_PROCESS:
        of_kind = begins[1]
    else:
        of_kind = or_(key.is_(None), ~or_(*begins))
    query = select(OUTBOX.c.sent_at, OUTBOX.c.results).where(
        OUTBOX.c.automatic,
        OUTBOX.c.sent_at > now - auto_mail.DAY,
        OUTBOX.c.account_id == row.account_id,
        of_kind,
    )
    return [
        (each.sent_at, to)
        for each in connection.execute(query)
        for to, answer in each.results.items()
        if answer[0] in SERVED
    ]


def _answered_refusal(connection: Connection, row: Outbox, own: frozenset[str]) -> str:
    """Why the letter that this one answers must not be answered; empty where it may, or answers none we have."""
    answered = fields.message_ids(_head(row.raw).get("in-reply-to", [""])[0].encode())
    if not answered:
        return ""
    found = connection.execute(
        select(LETTER.c.sender_address, LETTER.c.kind, _RAW.c.raw)
        .outerjoin(_RAW, _RAW.c.letter_id == LETTER.c.id)
        .where(LETTER.c.message_id == answered[0])
        .limit(1)
    ).first()
    if found is None:
        return ""
    if found.kind in ("bounce", "auto_reply", "receipt", "list"):
        return str(found.kind)
    return auto_mail.refusal(_head(found.raw or b""), found.sender_address, own)


def _head(raw: bytes) -> dict[str, list[str]]:
    parsed = BytesHeaderParser(policy=compat32).parsebytes(raw[:_HEAD_BYTES])
    head: dict[str, list[str]] = {}
    for name, value in parsed.items():
        head.setdefault(name.lower(), []).append(str(value))
    return head
