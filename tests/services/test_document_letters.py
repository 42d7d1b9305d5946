"""Documents that go out with a letter of their Interest."""

from datetime import timedelta

from crm_tui.services.account import accounts
from crm_tui.services.document import card_files, documents
from crm_tui.services.interest import interests
from crm_tui.services.writing import document_letters, drafts, outgoing
from crm_tui.services.writing.compose import Begun
from crm_tui.store.tables import Interest
from crm_tui.store.tables.papers import Document
from crm_tui.store.undo import undo
from tests.services.conftest import Office


def paper(office: Office, interest: Interest, name: str, content: bytes) -> int:
    """A proposal of the Interest with a file."""
    with office.store.work(office.actor, "setup") as work:
        document = documents.add(work, "proposal", interest_id=interest.key)
        card_files.attach(work, "document", document.key, name, content)
        return document.key


def test_rm_18_a_document_is_sent_with_the_letter_that_its_file_lies_in(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        accounts.update(work, office.account.key, smtp_host="127.0.0.1")
        interest = interests.add(work, "Twenty pumps")
        other = interests.add(work, "Ten pumps")
    one, two = (
        paper(office, interest, "offer.txt", b"A hundred"),
        paper(office, interest, "b.txt", b"Two hundred"),
    )
    elsewhere = paper(office, other, "offer.txt", b"A hundred")

    def statuses() -> list[str]:
        with office.store.facts("look") as work:
            return [work.get(Document, key).status for key in (one, two, elsewhere)]

    with office.store.read() as connection:
        begun = document_letters.begun(connection, interest.key, office.account.key, "olga@newco.example")
    assert [(file.name, file.data) for file in begun.files] == [
        ("offer.txt", b"A hundred"),
        ("b.txt", b"Two hundred"),
    ]
    assert (begun.writing.to, begun.writing.interest_id) == ("olga@newco.example", interest.key)
    assert begun.writing.subject == "Twenty pumps", "no letter of the Interest: its name"
    with office.store.facts("draft.begin") as work:
        draft_id = drafts.begin(work, Begun(begun.writing, begun.files[:1]))
    with office.store.work(office.actor, "letter.send") as work:
        outgoing.queue(work, begun.writing, draft_id, hold=timedelta(0))
    assert statuses() == ["sent", "draft", "draft"], "the one whose file went, of this Interest"
    with office.store.read() as connection:
        rest = document_letters.begun(connection, interest.key, office.account.key, "").files
    assert [file.name for file in rest] == ["b.txt"]
    undo(office.store, office.actor)
    assert statuses() == ["draft", "draft", "draft"], "called back"
