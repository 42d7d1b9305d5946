"""Forwarding by a rule: the whole letter as a file in one of ours, once, and never in a circle."""

import secrets
from email.parser import BytesHeaderParser
from email.policy import compat32

from crm_tui.domain.errors import Refused
from crm_tui.domain.identity import address
from crm_tui.domain.letter import auto_mail
from crm_tui.domain.wall import zone_of
from crm_tui.services.writing import compose, letter_build
from crm_tui.store.queries import letters
from crm_tui.store.tables import Folder, Letter, MailAccount, Outbox, Placement, User
from crm_tui.store.work import Work

NEVER = frozenset({"bounce", "auto_reply", "receipt"})
"""Kinds of letters that are not sent on: two programs would answer each other for ever (RFC 3834 section 2)."""
_HEADER_BYTES = 64_000


def forward(work: Work, placement_id: int, to: str, rule_id: int) -> Outbox | None:
    """Queue the letter for ``to``; None where it was sent on before, or would go in a circle.

    Raises NotFound while the body is not here, Refused where the account cannot send.
    """
    placement = work.get(Placement, placement_id)
    letter = work.get(Letter, placement.letter_id)
    account = work.get(MailAccount, work.get(Folder, placement.folder_id).account_id)
    if not account.smtp_host:
        raise Refused("account_cannot_send", account=account.name)
    key = f"rule:{rule_id}:{letter.key}:{address.normal(to)}"
    if letter.kind in NEVER or work.find(Outbox, dedupe_key=key) is not None:
        return None
    if address.normal(letter.sender_address) == address.normal(to) or _was_here(work, letter.key, account):
        return None
    return work.add(_queued(work, letter.key, account, to, key))


def _queued(work: Work, letter_id: int, account: MailAccount, to: str, key: str) -> Outbox:
    owner = None if account.owner_id is None else work.find(User, id=account.owner_id)
    zone = zone_of(owner.zone if owner is not None else "UTC")
    begun = compose.forward(work.connection, letter_id, account.key, zone=zone, attached=True)
    message_id = f"{secrets.token_hex(16)}@{address.domain_of(account.address)}"
    built = letter_build.build(
        (account.sender_name, account.address), [("", letter_build.wire_address(to))], [],
        subject=begun.writing.subject, body=begun.writing.body, message_id=message_id, answered=None,
        at=work.now.astimezone(zone), files=begun.files,
    )  # fmt: skip
    # No program answers an automatic letter (RFC 3834 section 5); the mark is what ``_was_here`` looks for.
    named = [*auto_mail.marks(account.address), ("X-Loop", letter_build.wire_address(account.address))]
    marks = "".join(f"{name}: {value}\r\n" for name, value in named)
    return Outbox(
        account_id=account.key,
        message_id=message_id,
        raw=marks.encode("ascii") + built,
        envelope_from=letter_build.wire_address(account.address),
        recipients=[letter_build.wire_address(to)],
        next_try_at=work.now,
        dedupe_key=key,
        automatic=True,
        interest_id=begun.writing.interest_id,
        created_at=work.now,
    )


def _was_here(work: Work, letter_id: int, account: MailAccount) -> bool:
    """Whether this account sent the letter itself, or sent it on: its mark stands in ``X-Loop``."""
    raw = letters.raw(work.connection, letter_id) or b""
    marks = BytesHeaderParser(policy=compat32).parsebytes(raw[:_HEADER_BYTES]).get_all("X-Loop") or []
    return any(address.normal(str(one)) == address.normal(account.address) for one in marks)
