"""What an earlier end left in a file must never keep the program from starting."""

from pathlib import Path

import pytest

from crm_tui.services import unkept
from crm_tui.services.unkept import UnkeptLetter
from crm_tui.services.writing import drafts
from crm_tui.services.writing.compose import Writing
from crm_tui.store.engine import Store
from tests.services.conftest import Office


def _files(store: Store) -> list[Path]:
    return list(store.path.parent.glob("*unkept*"))


@pytest.mark.parametrize("content", ["", "[]", '{"letters": [[null, {"later": 1}]], "states": {}}', None])
def test_a_file_that_cannot_be_used_is_put_aside(office: Office, content: str | None) -> None:
    store, user_id = office.store, office.user.key
    gone = Writing(99, to="olga@newco.example", subject="By an account that was removed", body="Good day")
    unkept.write(store, user_id, {}, [UnkeptLetter(None, gone)])
    if content is not None:
        _files(store)[0].write_text(content, "utf-8")
    unkept.take_up(store, user_id)
    assert [one.suffix for one in _files(store)] == [".not-taken"]
    with store.read() as connection:
        assert drafts.drafts(connection) == []


@pytest.mark.parametrize("draft_id", [None, 99])
def test_a_program_killed_before_it_forgot_the_file_leaves_one_draft(
    office: Office, draft_id: int | None
) -> None:
    store, user_id, account_id = office.store, office.user.key, office.account.key
    typed = [
        Writing(account_id, to="olga@newco.example", subject="Price", body="Good day", send_at=at)
        for at in (None, office.clock())
    ]
    letters = [UnkeptLetter(draft_id, one) for one in typed]
    unkept.write(store, user_id, {}, letters)
    content = _files(store)[0].read_bytes()
    for _start in range(2):
        unkept.take_up(store, user_id)
        assert _files(store) == []
        with store.read() as connection:
            kept = [drafts.draft(connection, row.id) for row in drafts.drafts(connection)]
        assert sorted(kept, key=lambda one: one.send_at is not None) == typed
        store.path.with_name(f"{store.path.name}.unkept-{user_id}").write_bytes(content)
