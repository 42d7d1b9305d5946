"""Letters on their way out: their bytes are built once and wait in the outbox (design/sync.md section 5)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import Connection

from crm_tui.domain.errors import Refused
from crm_tui.domain.identity import address
from crm_tui.domain.wall import zone_of
from crm_tui.services.interest import interests
from crm_tui.services.letter import letter_marks
from crm_tui.services.writing import draft_files, drafts, letter_build, letter_parts, letter_review
from crm_tui.services.writing.compose import Writing
from crm_tui.services.writing.outbox import CALL_BACK, WITH_THE_JOB, as_written
from crm_tui.store.tables import Interaction, Interest, Letter, MailAccount, Outbox, User
from crm_tui.store.work import Work


@dataclass(frozen=True, slots=True)
class Content:
    """A letter's text and files as they are sent."""

    data: bytes
    of: tuple[object, ...]
    """What it was made of."""


def content(connection: Connection, writing: Writing, draft_id: int | None = None) -> Content:
    """Make the content of a letter. That takes its time with files: so it is done before the store is held."""
    files = () if draft_id is None else draft_files.contents(connection, draft_id)
    made_of = _made_of(connection, writing, draft_id)
    return Content(letter_parts.content(writing.body, writing.format, files), made_of)


def _made_of(connection: Connection, writing: Writing, draft_id: int | None) -> tuple[object, ...]:
    files = () if draft_id is None else draft_files.marks(connection, draft_id)
    return writing.body, writing.format, files


def queue(
    work: Work,
    writing: Writing,
    draft_id: int | None = None,
    *,
    hold: timedelta = CALL_BACK,
    by_job: bool = False,
    send_at: datetime | None = None,
    made: Content | None = None,
) -> Outbox:
    """Put the letter into the outbox, and its draft away, in one commit.

    It stays there for ``hold`` (undo calls it back), until ``send_at``, or with ``by_job`` until mail is next fetched
    and sent by the clock (MAIL-18). ``made`` is its content, if it was made before. Raises Invalid
    (``recipient_missing``, ``not_an_address``, ``address_not_ascii``) and Refused (``account_cannot_send``).
    """
    account = _sender(work, writing)
    recipients = letter_build.recipients_of(writing)
    letter_review.refuse_placeholders(work.connection, writing)
    message_id = f"{secrets.token_hex(16)}@{address.domain_of(account.address)}"
    answered = (
        None if writing.reply_to_letter_id is None else work.find(Letter, id=writing.reply_to_letter_id)
    )
    if made is None or made.of != _made_of(work.connection, writing, draft_id):
        made = content(work.connection, writing, draft_id)
    raw = letter_build.build(
        (account.sender_name, account.address),
        recipients.to,
        recipients.cc,
        subject=writing.subject,
        body=writing.body,
        message_id=message_id,
        answered=answered,
        at=work.now.astimezone(_zone(work)),
        content=made.data,
    )
    if draft_id is not None:
        if writing.interest_id is not None:
            from crm_tui.services.writing import document_letters  # its tables are not read at the start

            document_letters.go_out(work, writing.interest_id, draft_id)
        drafts.discard(work, draft_id)
    not_before = max(work.now + hold, send_at or work.now)
    return work.add(
        Outbox(
            account_id=account.key,
            message_id=message_id,
            raw=raw,
            envelope_from=letter_build.wire_address(account.address),
            recipients=recipients.addresses,
            next_try_at=WITH_THE_JOB if by_job and send_at is None else not_before,
            not_before=not_before,
            draft=as_written(writing),
            author_id=work.actor.user_id,
            interest_id=writing.interest_id,
            created_at=work.now,
        )
    )


def sent(work: Work, row: Outbox, letter_id: int) -> None:
    """The letter was accepted by a server and filed: it stands on the timeline of its Interest as an act of ours.

    The letter that it answers or sends on is marked so.
    """
    letter_marks.after_sending(work, row.draft or {})
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
