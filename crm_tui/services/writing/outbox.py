"""What a person can do with a letter that is on its way out: stop it, hurry it, send it again, write it anew.

The sending itself is ``sync/outbox.py``. A letter that is being sent right now is nobody's to change; one whose
fate is uncertain must be resolved first (design/sync.md section 5).
"""

from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta

from crm_tui.domain.errors import Refused
from crm_tui.services.writing import drafts
from crm_tui.services.writing.compose import Writing
from crm_tui.store.tables import DraftFile, Outbox
from crm_tui.store.work import Work

CALL_BACK = timedelta(seconds=10)
"""A letter stays so long before it is sent, unless a setting says otherwise: meanwhile undo calls it back."""
WITH_THE_JOB = datetime(9999, 1, 1, tzinfo=UTC)
"""``next_try_at`` of a letter that goes out with the next scheduled fetching and sending (MAIL-18)."""
TO_BE_FILED = WITH_THE_JOB
"""``next_try_at`` of a sent letter whose copy the sender has still to put into Sent."""
WAITING = ("queued", "deferred")
ENDED = ("failed", "cancelled")
SERVED = (250, 251)
"""Answers of a server that has taken the letter for an address (RFC 5321 section 4.2.3)."""


def cancel(work: Work, outbox_id: int) -> Outbox:
    """Do not send it (any more); recipients that have it keep it.

    Raises Refused (``letter_being_sent``, ``letter_uncertain``, ``letter_over``).
    """
    row = _changeable(work, outbox_id, *WAITING, "failed")
    work.change(row, status="cancelled")
    return row


def send_now(work: Work, outbox_id: int) -> Outbox:
    """Send it at once: neither its time nor the job nor a pause is waited for. Raises as ``cancel``."""
    row = _changeable(work, outbox_id, *WAITING)
    work.change(row, next_try_at=work.now, not_before=None)
    return row


def retry(work: Work, outbox_id: int) -> Outbox:
    """Send a letter that was given up or stopped once more, to those who do not have it. Raises as ``cancel``."""
    row = _changeable(work, outbox_id, *WAITING, *ENDED)
    work.change(
        row, status="queued", phase="", recipients=missing(row), attempts=0, not_before=work.now, next_try_at=work.now
    )  # fmt: skip
    return row


def as_written(writing: Writing) -> dict[str, str | int | bool]:
    """What the letter was made of, fit for ``Outbox.draft``: a stopped one can be edited again."""
    written = {name: value for name, value in asdict(writing).items() if isinstance(value, str | int)}
    return written if writing.send_at is None else {**written, "send_at": writing.send_at.isoformat()}


def edit_again(work: Work, outbox_id: int) -> int:
    """Stop it and make a draft of it; the id of the draft. What some recipients have goes only to the others; a
    chosen time that is still to come stays chosen.

    Raises as ``cancel``, and Refused (``letter_not_editable``) for one that nobody wrote here.
    """
    row = _changeable(work, outbox_id, *WAITING, *ENDED)
    if not row.draft:
        raise Refused("letter_not_editable")
    known = {field.name for field in fields(Writing)}
    written = {name: value for name, value in row.draft.items() if name in known}
    chosen = datetime.fromisoformat(written["send_at"]) if written.get("send_at") else None
    written["send_at"] = chosen if chosen is not None and chosen > work.now else None
    if any(answer[0] in SERVED for answer in row.results.values()):
        written.update(dict.fromkeys({"cc", "bcc"} & known, ""), to=", ".join(missing(row)))
    draft_id = drafts.save(work, None, Writing(**written), owner_id=row.author_id)
    _take_files(work, row.raw, draft_id)
    work.change(row, status="cancelled")
    return draft_id


def resolve_uncertain(work: Work, outbox_id: int, *, sent: bool) -> Outbox:
    """A person has looked: the letter was sent, or it was not and goes out again with the same Message-ID.

    Raises Refused (``letter_not_uncertain``).
    """
    row = work.get(Outbox, outbox_id)
    if row.status != "uncertain":
        raise Refused("letter_not_uncertain")
    if sent:
        settle_sent(work, row, "as a person said")
        if row.status == "sent":
            work.change(row, next_try_at=TO_BE_FILED)
    else:
        work.change(
            row, status="queued", phase="", claimed_by="", attempts=0,
            not_before=work.now, next_try_at=work.now,
        )  # fmt: skip
    return row


def settle_sent(work: Work, row: Outbox, said: str) -> None:
    """An uncertain letter was taken after all: who was not refused has it, who was put off is tried again."""
    later = [one for one in row.recipients if 400 <= _code(row, one) < 500]
    results = {
        **row.results,
        **{one: [250, said] for one in row.recipients if one not in later and _code(row, one) < 400},
    }
    work.change(
        row, status="deferred" if later else "sent", phase="", claimed_by="", recipients=later, results=results,
        sent_at=work.now, next_try_at=work.now, attempts=0,
    )  # fmt: skip


def missing(row: Outbox) -> list[str]:
    """The recipients that the letter has not reached: refused, put off, or never tried."""
    everyone = dict.fromkeys([*row.results, *row.recipients])
    return [address for address in everyone if _code(row, address) not in SERVED]


def _code(row: Outbox, address: str) -> int:
    answer = row.results.get(address)
    return int(answer[0]) if answer else 0


def _changeable(work: Work, outbox_id: int, *states: str) -> Outbox:
    row = work.get(Outbox, outbox_id)
    if row.status == "sending":
        raise Refused("letter_being_sent")
    if row.status == "uncertain":
        raise Refused("letter_uncertain")
    if row.status not in states:
        raise Refused("letter_over", state=row.status)
    return row


def _take_files(work: Work, raw: bytes, draft_id: int) -> None:
    """The files of the letter as files of the draft: its own went with the draft that it was made of."""
    from crm_tui.parsing.letter import attachment_bytes, parse  # slow to import, and seldom needed

    for one in parse(raw).attachments:
        data = attachment_bytes(raw, one.part)
        work.add(
            DraftFile(
                draft_id=draft_id, name=one.name, content_type=one.type, data=data, size=len(data),
                inline=one.inline, content_id=one.content_id,
            )
        )  # fmt: skip
