"""What the index holds: made as letters arrive, with what the pass has at hand, or all at once from the tables."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from crm_tui.parsing.gist import gist_of
from crm_tui.parsing.letter import parse
from crm_tui.store import health, search
from crm_tui.store.documents import head_of
from crm_tui.store.engine import Store
from crm_tui.store.tables import Letter, table_of
from crm_tui.sync.bodies import keep_body
from crm_tui.sync.content import body_of, letter_row
from tests.store.letters import NOON
from tests.stores import TestClock, new_store

_WORDS = [
    "Договоры",
    "счёт",
    "п'ятниця",
    "Café",
    "зам\u0301ок",
    "invoice-77",
    "құжаттың",
    "\0",
    "a\u00adb",
    "日本",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return new_store(tmp_path_factory.mktemp("index") / "store", TestClock())


def arrive(store: Store, number: int, subject: str, text: str) -> None:
    """As in a pass: first the header, with the rest the text."""
    raw = f"From: Ольга <o{number}@example.org>\nMessage-ID: <{number}@x>\nSubject: {subject}\n\n{text}\n".encode()
    with store.arrivals("headers") as work:
        row = letter_row(raw, len(raw), NOON)
        made = work.connection.scalar(insert(table_of(Letter)).returning(table_of(Letter).c.id), row)
        work.touch(Letter, [made])
        work.index_as(heads=[head_of(made, row)])
    with store.arrivals("bodies") as work:
        keep_body(work, made, body_of(raw, parse, gist_of(parse(raw))))


def content(connection: Connection, *, whole: bool) -> list[tuple[str, int, str, int]]:
    """Every word of the documents of whole letters, or of headers: its document, column and place."""
    connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.v USING fts5vocab(main, letter_fts, instance)")
    rows = connection.exec_driver_sql('SELECT term, doc, col, "offset" FROM temp.v ORDER BY 2, 3, 4, 1').all()
    connection.exec_driver_sql("DROP TABLE temp.v")
    return [tuple(row) for row in rows if row.doc % 2 == whole]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[st.lists(st.sampled_from(_WORDS), max_size=6).map(" ".join)] * 2), max_size=4))
def test_an_index_built_piece_by_piece_is_the_one_built_at_once(
    store: Store, letters: list[tuple[str, str]]
) -> None:
    with store.read() as connection:
        begin = connection.execute(select(table_of(Letter).c.id)).all()
    for number, (subject, text) in enumerate(letters, len(begin)):
        arrive(store, number, subject, text)
    assert not health.check(store.path)
    with store.arrivals("rebuild") as work:
        pieces, heads = content(work.connection, whole=True), content(work.connection, whole=False)
        search.drop(work.connection)
        search.create(work.connection)
        search.rebuild(work.connection)
        assert content(work.connection, whole=True) == pieces
    texts = {"body", "stems"}
    assert {(term, doc) for term, doc, column, _ in heads if column not in texts} <= {
        (term, doc - 1) for term, doc, column, _ in pieces if column not in texts
    }
