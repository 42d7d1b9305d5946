"""Letters on their way out: their bytes are built once and wait in the outbox (design/sync.md section 5).

The header is written here line by line: the library's own folding wraps long Message-IDs into encoded words and can
lose the quotes round a name with a comma, which makes another recipient of it (assurance 1.4, CVE-2025-1795).
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta, tzinfo
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from crm_tui.domain import address
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.domain.wall import zone_of
from crm_tui.services import compose, interests
from crm_tui.services.compose import Writing
from crm_tui.services.outbox import WITH_THE_JOB
from crm_tui.store.tables import Interaction, Interest, Letter, MailAccount, Outbox, User
from crm_tui.store.work import Work

CALL_BACK = timedelta(seconds=10)
"""A letter stays so long before it is sent, unless a setting says otherwise: meanwhile undo calls it back."""
MOST_SUBJECT = 900
"""RFC 5322 section 2.1.1: no line beyond 998 characters."""
MOST_NAME = 200
MOST_REFERENCES = 20
MOST_IDENTIFIER = 900

Mailbox = tuple[str, str]
"""Display name and address."""


def queue(
    work: Work,
    writing: Writing,
    draft_id: int | None = None,
    *,
    hold: timedelta = CALL_BACK,
    by_job: bool = False,
    send_at: datetime | None = None,
) -> Outbox:
    """Put the letter into the outbox, and its draft away, in one commit.

    It stays there for ``hold`` (undo calls it back), until ``send_at``, or with ``by_job`` until mail is next fetched
    and sent by the clock (MAIL-18). Raises Invalid (``recipient_missing``, ``not_an_address``,
    ``address_not_ascii``) and Refused (``account_cannot_send``).
    """
    account = _sender(work, writing)
    to, cc = recipients_of(writing)
    message_id = f"{secrets.token_hex(16)}@{address.domain_of(account.address)}"
    answered = (
        None if writing.reply_to_letter_id is None else work.find(Letter, id=writing.reply_to_letter_id)
    )
    raw = build(
        (account.sender_name, account.address),
        to,
        cc,
        subject=writing.subject,
        body=writing.body,
        message_id=message_id,
        answered=answered,
        at=work.now.astimezone(_zone(work)),
    )
    if draft_id is not None:
        compose.discard(work, draft_id)
    recipients = dict.fromkeys(where for _name, where in (*to, *cc))
    not_before = max(work.now + hold, send_at or work.now)
    return work.add(
        Outbox(
            account_id=account.key,
            message_id=message_id,
            raw=raw,
            envelope_from=wire_address(account.address),
            recipients=list(recipients),
            next_try_at=WITH_THE_JOB if by_job and send_at is None else not_before,
            not_before=not_before if by_job or send_at is not None else None,
            draft=as_written(writing),
            author_id=work.actor.user_id,
            interest_id=writing.interest_id,
            created_at=work.now,
        )
    )


def as_written(writing: Writing) -> dict[str, str | int | bool]:
    """What the letter was made of, fit for ``Outbox.draft``: a stopped one can be edited again."""
    return {name: value for name, value in asdict(writing).items() if isinstance(value, str | int)}


def sent(work: Work, row: Outbox, letter_id: int) -> None:
    """The letter was accepted by a server and filed: it stands on the timeline of its Interest as an act of ours."""
    interest = None if row.interest_id is None else work.find(Interest, id=row.interest_id)
    if interest is None or work.find(Interaction, letter_id=letter_id, interest_id=interest.key) is not None:
        return
    interests.link_letter(work, interest.key, letter_id)
    work.add(
        Interaction(
            kind="letter",
            direction="out",
            status="held",
            subject=work.get(Letter, letter_id).subject,
            starts_at=work.now,
            interest_id=interest.key,
            customer_id=interest.customer_id,
            contact_id=interest.contact_id,
            lead_id=interest.lead_id,
            letter_id=letter_id,
            owner_id=interest.owner_id,
            created_at=work.now,
            changed_at=work.now,
        )
    )


def recipients_of(writing: Writing) -> tuple[list[Mailbox], list[Mailbox]]:
    """To and Cc of the letter. Raises Invalid when there is none, or one that cannot be sent to."""
    to, cc = mailboxes(writing.to), mailboxes(writing.cc)
    if not to and not cc:
        raise Invalid("recipient_missing")
    return to, cc


def mailboxes(text: str) -> list[Mailbox]:
    """The recipients typed into a field, their addresses as they go over the wire. Raises Invalid."""
    return [(name, wire_address(where or name)) for name, where in address.split_list(text)]


def wire_address(typed: str) -> str:
    """The address with its domain in ASCII (IDNA). Raises Invalid for what cannot be sent to."""
    if not address.is_valid(typed):
        raise Invalid("not_an_address", value=clean(typed))
    wire = f"{typed.rpartition('@')[0]}@{address.domain_of(typed)}"
    if not wire.isascii():
        raise Invalid("address_not_ascii", value=clean(typed))
    return wire


def build(
    sender: Mailbox,
    to: Sequence[Mailbox],
    cc: Sequence[Mailbox],
    *,
    subject: str,
    body: str,
    message_id: str,
    answered: Letter | None,
    at: datetime,
) -> bytes:
    """The letter as RFC 5322 bytes: no line longer than 998, all ASCII, CR LF; ``at`` is its date with its zone.

    ``answered`` is the letter that this one replies to: In-Reply-To and References come of it.
    """
    head = [
        f"From: {_boxes([(sender[0], wire_address(sender[1]))])}",
        *([f"To: {_boxes(to)}"] if to else []),
        *([f"Cc: {_boxes(cc)}"] if cc else []),
        f"Subject: {_words(' '.join(clean(subject).split())[:MOST_SUBJECT], 'Subject')}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{message_id}>",
    ]
    earlier = _usable_ids([answered.message_id]) if answered is not None else []
    if answered is not None and earlier:
        chain = _usable_ids([*(answered.references or answered.in_reply_to).split(), *earlier])
        if len(chain) > MOST_REFERENCES:  # the first names the thread, the last the letters at hand
            chain = [chain[0], *chain[1 - MOST_REFERENCES :]]
        head += [f"In-Reply-To: <{earlier[0]}>", "References: " + "\r\n ".join(f"<{one}>" for one in chain)]
    content = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    content.set_content(clean(body, multiline=True).rstrip() + "\n")
    return "".join(f"{line}\r\n" for line in head).encode("ascii") + content.as_bytes()


def _boxes(boxes: Sequence[Mailbox]) -> str:
    return ",\r\n ".join(f"{_phrase(name)}<{where}>" if _named(name) else where for name, where in boxes)


def _named(name: str) -> str:
    return " ".join(clean(name).split())[:MOST_NAME]


def _phrase(name: str) -> str:
    """A display name that can be nothing else (RFC 5322 section 3.2.4, RFC 2047 section 5)."""
    name = _named(name)
    if name.isascii() and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" '
    return Header(name, "utf-8", maxlinelen=70).encode(linesep="\r\n") + " "


def _words(text: str, field: str) -> str:
    """Unstructured text; encoded words of at most 75 characters where it is not plain (RFC 2047 section 2)."""
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=70, header_name=field).encode(linesep="\r\n")


def _usable_ids(ids: Sequence[str]) -> list[str]:
    """Message-IDs that can stand in a header; a hostile letter's may not."""
    return [
        one
        for one in dict.fromkeys(ids)
        if one.isascii()
        and one.isprintable()
        and 0 < len(one) <= MOST_IDENTIFIER
        and not set(one) & set(" <>")
    ]


def _sender(work: Work, writing: Writing) -> MailAccount:
    account = None if writing.account_id is None else work.find(MailAccount, id=writing.account_id)
    if account is None:
        raise Refused("no_account_to_send")
    if not account.smtp_host or not account.enabled:
        raise Refused("account_cannot_send", account=account.name)
    return account


def _zone(work: Work) -> tzinfo:
    user = None if work.actor.user_id is None else work.find(User, id=work.actor.user_id)
    return zone_of(user.zone if user is not None else "UTC")
