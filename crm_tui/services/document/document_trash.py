"""A document comes back from the trash."""

from crm_tui.domain.errors import Refused
from crm_tui.services.document import documents
from crm_tui.store.tables.papers import Document
from crm_tui.store.work import Work


def restore(work: Work, document_id: int) -> None:
    """Take the document out of the trash; a contract reminds again before it ends. Raises Refused when it is not
    there."""
    document = work.get(Document, document_id)
    if document.trashed_at is None:
        raise Refused("not_in_the_trash", name=document.title)
    work.change(document, trashed_at=None, changed_at=work.now)
    documents.remind(work, document)
