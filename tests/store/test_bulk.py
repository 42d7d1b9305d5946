"""Many rows at once are the rows that SQLAlchemy would have written."""

from typing import Any

import pytest
from sqlalchemy import func, insert, select

from crm_tui.store.bulk import fresh_ids, insert_rows
from crm_tui.store.engine import Store
from crm_tui.store.tables import Letter, LetterText, table_of
from tests.store.letters import NOON
from tests.stores import TestClock, new_store

LETTER, TEXT = table_of(Letter), table_of(LetterText)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return new_store(tmp_path_factory.mktemp("bulk") / "store", TestClock())


def row(identity: str) -> dict[str, Any]:
    """A letter of which only what has no default is said."""
    return {"identity": identity, "size": 1, "date": NOON, "recipients": {"to": [["Ольга", "o@x.example"]]}}


def test_rows_have_the_ids_foreseen_and_the_defaults_of_the_table(store: Store) -> None:
    with store.arrivals("test") as work:
        before = work.connection.execute(insert(LETTER), row("a")).inserted_primary_key
        ids = fresh_ids(work.connection, LETTER, 2)
        given = [{"id": one} | row(name) for one, name in zip(ids, "bc", strict=True)]
        insert_rows(work.connection, LETTER, given)
        insert_rows(work.connection, LETTER, [])
        assert before is not None
        assert list(ids) == [before[0] + 1, before[0] + 2]
        mine = LETTER.c.id.in_([before[0], *ids])
        first, *others = work.connection.execute(select(LETTER).where(mine).order_by(LETTER.c.id)).mappings()
        assert len(others) == 2
        for one in others:
            assert {**one, "id": 0, "identity": ""} == {**first, "id": 0, "identity": ""}
        work.connection.execute(LETTER.delete().where(mine))
        assert fresh_ids(work.connection, LETTER, 1)[0] == ids[-1] + 1, "an id is never given twice"


def test_texts_in_utf8_are_texts(store: Store) -> None:
    with store.arrivals("test") as work:
        (letter_id,) = fresh_ids(work.connection, LETTER, 1)
        insert_rows(work.connection, LETTER, [{"id": letter_id} | row("u")])
        text = "счёт \U0001f600"
        insert_rows(
            work.connection, TEXT, [{"letter_id": letter_id, "text": text.encode()}], utf8=frozenset({"text"})
        )
        assert work.connection.execute(select(TEXT.c.text, func.typeof(TEXT.c.text))).one() == (text, "text")
