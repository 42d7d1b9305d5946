"""Documents go out with letters: their files are in it, and a draft of a document becomes a sent one (RM-18)."""

import hashlib
from dataclasses import replace

from sqlalchemy import Connection, select

from crm_tui.domain.text import clean
from crm_tui.services.document import card_files
from crm_tui.services.writing import compose
from crm_tui.services.writing.compose import Begun
from crm_tui.services.writing.letter_parts import File
from crm_tui.store.tables import DraftFile, Interest, Letter, LetterLink, table_of
from crm_tui.store.tables.papers import CardFile, Document, FileContent, FileVersion
from crm_tui.store.work import Work

document, file = table_of(Document), table_of(CardFile)


def begun(connection: Connection, interest_id: int, account_id: int, to: str) -> Begun:
    """A letter within an Interest, with the files of its documents that are still drafts.

    Its subject follows the last letter of the Interest, else it is the Interest's name.
    """
    subject = _subject(connection, interest_id)
    writing = replace(compose.new(connection, account_id, to=to, subject=subject), interest_id=interest_id)
    drafts = select(document.c.id).where(
        document.c.interest_id == interest_id,
        document.c.status == "draft",
        document.c.trashed_at.is_(None),
    )
    return Begun(
        writing,
        tuple(
            File(one.name, one.media_type, card_files.content_of(connection, one.id), False, "")
            for document_id in connection.scalars(drafts.order_by(document.c.id))
            for one in card_files.of_card(connection, "document", document_id)
        ),
    )


def _subject(connection: Connection, interest_id: int) -> str:
    letter, link, interest = table_of(Letter), table_of(LetterLink), table_of(Interest)
    last = (
        select(letter.c.subject)
        .join(link, link.c.letter_id == letter.c.id)
        .where(link.c.kind == "interest", link.c.record_id == interest_id)
        .order_by(letter.c.date.desc(), letter.c.id.desc())
        .limit(1)
    )
    subject = clean(connection.scalar(last) or "").strip()
    if subject:
        return compose.reply_subject(subject)
    return clean(connection.scalar(select(interest.c.name).where(interest.c.id == interest_id)) or "")


def go_out(work: Work, interest_id: int, draft_id: int) -> None:
    """The letter with the files of this draft is on its way: the Interest's drafts of documents that one of them
    belongs to are sent with it."""
    attached = table_of(DraftFile)
    data = work.connection.scalars(select(attached.c.data).where(attached.c.draft_id == draft_id))
    digests = [hashlib.sha256(content).hexdigest() for content in data]
    if not digests:
        return
    version, content = table_of(FileVersion), table_of(FileContent)
    theirs = (
        select(file.c.owner_id)
        .join(version, version.c.file_id == file.c.id)
        .join(content, content.c.id == version.c.content_id)
        .where(file.c.owner_kind == "document", content.c.sha256.in_(digests))
    )
    with_it = select(document.c.id).where(
        document.c.interest_id == interest_id,
        document.c.status == "draft",
        document.c.trashed_at.is_(None),
        document.c.id.in_(theirs),
    )
    work.change_many(Document, list(work.connection.scalars(with_it)), status="sent", changed_at=work.now)
