"""What was done with letters and waits for a server: listed in the order it was done, and taken back one by one."""

import pytest
from sqlalchemy import text

from crm_tui.domain.errors import Refused
from crm_tui.services.letter import mail, pending_acts
from crm_tui.store import undo
from crm_tui.store.queries import outbox
from crm_tui.store.tables import Placement
from crm_tui.store.tables.mail import PENDING
from crm_tui.store.work import Work
from tests.services.conftest import Office


def waiting(office: Office) -> list[tuple[int, str]]:
    with office.store.read() as connection:
        return [(act.id, act.kind) for act in outbox.pending_acts(connection)]


def act(office: Office, verb: str, *arguments: object, **more: object) -> None:
    with office.store.work(office.actor, f"mail.{verb}") as work:
        getattr(mail, verb)(work, *arguments, **more)


def test_acts_are_listed_as_they_were_done_and_taken_back(office: Office) -> None:
    first, second, third = (office.letter(number=number).key for number in (1, 2, 3))
    act(office, "delete", [third])
    act(office, "mark_important", [first])
    act(office, "mark_read", [second])
    act(office, "mark_read", [first])
    listed = [(third, "move"), (second, "read"), (first, "read"), (first, "important")]
    assert waiting(office) == listed, "letters by the last act on each"
    while listed:
        key, kind = listed.pop()
        with office.store.work(office.actor, "outbox.cancel") as work:
            pending_acts.take_back(work, key, kind)
        assert waiting(office) == listed
    undo.undo(office.store, office.actor)
    assert waiting(office) == [(third, "move")], "taking back is an act like others"


@pytest.mark.parametrize("kind", ["read", "unread", "important", "unimportant", "move", "delete"])
def test_what_the_server_knows_by_now_is_not_taken_back(office: Office, kind: str) -> None:
    place = office.letter().key

    def take_back(work: Work) -> None:
        if kind in ("unread", "unimportant"):  # the server has the letter read and important
            known = work.get(Placement, place)
            work.change(known, flags=5, srv_flags=5, unread=False)
        pending_acts.take_back(work, place, kind)

    with pytest.raises(Refused) as refused, office.store.work(office.actor, "outbox.cancel") as work:
        take_back(work)
    assert refused.value.code == "act_done_already"


def test_a_copy_of_ours_and_folders_are_not_taken_back_here(office: Office) -> None:
    place = office.letter().key
    for kind in ("put", "folder_create"):
        with pytest.raises(Refused) as refused, office.store.work(office.actor, "outbox.cancel") as work:
            pending_acts.take_back(work, place, kind)
        assert refused.value.code == "act_stays"


def test_acts_are_found_by_their_index_however_many_letters_there_are(office: Office) -> None:
    with office.store.read() as connection:
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN SELECT id FROM placement WHERE {PENDING}"))
        assert "ix_placement_pending" in " ".join(str(row) for row in plan)
