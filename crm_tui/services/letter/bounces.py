"""Delivery reports that come back: joined to the letter they are about, and told to its author."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from crm_tui.domain.identity import address
from crm_tui.parsing.bounce import Bounce as Failure
from crm_tui.services.task.notifications import notify
from crm_tui.store.tables import Bounce, MailAccount, Outbox, table_of
from crm_tui.store.work import Work

LATEST = timedelta(days=6)
"""So long after a letter was sent a report without any id is taken to be about it: servers try for five days."""
_MOST_SENT = 500
_REPORT_SAYS = "5.0.0"


@dataclass(frozen=True, slots=True)
class Report:
    """What a delivery report says, and what it is about."""

    failures: tuple[Failure, ...]
    message_ids: tuple[str, ...] = ()
    """Of the letter that came back, the likeliest first."""
    envelope_id: str = ""


def arrived(work: Work, letter_id: int, report: Report) -> None:
    """Keep what the report (the letter ``letter_id``) says; the author of the letter it is about is told."""
    sent = _letter_of(work, report)
    known = {row.address for row in work.all(Bounce, letter_id=letter_id)}
    # What are two addresses to the report may be one.
    failures = {address.normal(one.address): one for one in reversed(report.failures)}
    fresh = [one for key, one in reversed(failures.items()) if key not in known]
    for one in fresh:
        work.add(
            Bounce(
                letter_id=letter_id, outbox_id=None if sent is None else sent.key,
                address=address.normal(one.address), permanent=one.permanent, status=one.status,
                diagnostic=one.diagnostic,
            )
        )  # fmt: skip
    if sent is not None and fresh:
        _tell(work, sent, fresh)


def _tell(work: Work, sent: Outbox, failures: Sequence[Failure]) -> None:
    account = work.find(MailAccount, id=sent.account_id)
    author = sent.author_id or (account.owner_id if account is not None else None)
    if author is None:
        return
    for permanent, code in ((True, "letter_bounced"), (False, "letter_delayed")):
        of_kind = [one for one in failures if one.permanent == permanent]
        if of_kind:
            notify(
                work, author, code, kind="outbox", subject_id=sent.key,
                address=", ".join(one.address for one in of_kind[:3]) + (" …" if len(of_kind) > 3 else ""),
                reason=of_kind[0].diagnostic or of_kind[0].status or _REPORT_SAYS,
            )  # fmt: skip


def _letter_of(work: Work, report: Report) -> Outbox | None:
    """The letter of ours that the report is about: by Message-ID, by ENVID, or by address and time."""
    for message_id in report.message_ids:
        row = work.find(Outbox, message_id=message_id)
        if row is not None:
            return row
    outbox = table_of(Outbox)
    if report.envelope_id.isalnum():
        by_envelope = select(outbox.c.id).where(
            outbox.c.message_id.startswith(f"{report.envelope_id}@", autoescape=True)
        )
        found = work.connection.scalar(by_envelope)
        if found is not None:
            return work.get(Outbox, int(found))
    if report.message_ids:  # of a letter that another program sent
        return None
    return _by_address(work, {address.normal(one.address) for one in report.failures})


def _by_address(work: Work, failed: set[str]) -> Outbox | None:
    outbox = table_of(Outbox)
    query = (
        select(outbox.c.id, outbox.c.results)
        .where(outbox.c.status.in_(("sent", "deferred")), outbox.c.sent_at > work.now - LATEST)
        .order_by(outbox.c.id.desc())
        .limit(_MOST_SENT)
    )
    for row in work.connection.execute(query):
        if failed & {address.normal(one) for one in row.results}:
            return work.get(Outbox, int(row.id))
    return None
