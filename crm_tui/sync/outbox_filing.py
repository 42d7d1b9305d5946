"""What is left of a letter that was sent: its copy in Sent, once, and its place on the timeline."""

from contextlib import closing
from typing import Any

from sqlalchemy import insert, select

from crm_tui.domain.letter.flags import Flag
from crm_tui.parsing.pool import ParserPool
from crm_tui.services.letter import threads
from crm_tui.services.writing import outgoing
from crm_tui.store.images import inserted_id
from crm_tui.store.tables import Letter, MailAccount, Outbox, Placement
from crm_tui.store.work import Work
from crm_tui.sync.bodies import keep_body
from crm_tui.sync.content import Body, body_of, letter_row, sort_keys
from crm_tui.sync.outbox_claim import write
from crm_tui.sync.passing import FOLDER, LETTER, PLACEMENT


def read_body(raw: bytes) -> Body:
    """The letter taken apart. It may take its time: not while the store is held."""
    with closing(ParserPool()) as pool:
        return body_of(raw, pool.parse)


def file_copy(work: Work, account: MailAccount, row: Outbox, body: Body) -> None:
    """Keep the letter, and put it into Sent where that is ours to do (``MailAccount.sent_copy``).

    The next pass uploads it there. A copy that the server filed by itself is known by the Message-ID and taken for
    ours: the letter is there once, however often this is called.
    """
    there = _in_sent(work, account, row.message_id)
    if there is not None:
        letter_id = there
    else:
        values = letter_row(row.raw, len(row.raw), work.now)
        letter_id = _kept(work, values)
        keep_body(work, letter_id, body)
        if account.sent_copy == "append":
            _place(work, account, letter_id, values)
    write(work, row.key, letter_id=letter_id)
    outgoing.sent(work, row, letter_id)


def _in_sent(work: Work, account: MailAccount, message_id: str) -> int | None:
    """The letter with this Message-ID that lies in the account's Sent, or is wanted there."""
    query = (
        select(LETTER.c.id)
        .join(PLACEMENT, PLACEMENT.c.letter_id == LETTER.c.id)
        .join(FOLDER, FOLDER.c.id == PLACEMENT.c.folder_id)
        .where(LETTER.c.message_id == message_id, FOLDER.c.account_id == account.key, FOLDER.c.role == "sent")
    )
    return work.connection.scalar(query.limit(1))


def _kept(work: Work, values: dict[str, Any]) -> int:
    query = select(LETTER.c.id).where(
        LETTER.c.identity == values["identity"], LETTER.c.size == values["size"]
    )
    known = work.connection.scalar(query)
    if known is not None:
        return int(known)
    threads.join(work, [values])
    letter_id = inserted_id(work.connection.execute(insert(LETTER).values(values)))
    work.touch(Letter, [letter_id])
    return letter_id


def _place(work: Work, account: MailAccount, letter_id: int, values: dict[str, Any]) -> None:
    sent = work.connection.scalar(
        select(FOLDER.c.id).where(FOLDER.c.account_id == account.key, FOLDER.c.role == "sent")
    )
    if sent is not None:
        work.add(
            Placement(
                letter_id=letter_id, folder_id=sent, flags=int(Flag.SEEN), unread=False, **sort_keys(values)
            )
        )
