"""A letter moved by another device while a pull stands between the two folders; a mailbox numbered anew (O5)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm_tui.domain.letter.flags import Flag
from crm_tui.sync.imap.responses import ListedFolder
from crm_tui.sync.imap.session import Session
from tests.servers.chaos_proxy import ChaosProxy
from tests.servers.dovecot import Dovecot
from tests.sync.world import OtherSide, OurSide, letter


class Both:
    """Our side and the other one, of a fresh account."""

    def __init__(self, server: Dovecot, path: Path) -> None:
        self.server = server
        self.user = server.account("meanwhile")
        self.us = OurSide(path, server, self.user)
        self.other = OtherSide(server, self.user)

    def close(self) -> None:
        self.other.close()
        self.us.close()


@pytest.fixture
def both(dovecot: Dovecot, tmp_path: Path) -> Iterator[Both]:
    made = Both(dovecot, tmp_path / "crm.db")
    yield made
    made.close()


def between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Act once, after the inbox was seen to be as it was, and before a folder that has news is opened."""
    listing = Session.list_folders
    left = [act]

    def listed(session: Session) -> list[ListedFolder]:
        found = listing(session)
        if left:
            left.pop()()
        return found

    monkeypatch.setattr(Session, "list_folders", listed)


@pytest.mark.parametrize("change", ["flag", "move", "delete", "none"])
def test_mail_08_what_was_changed_here_goes_with_a_letter_that_was_moved_between_two_looks(
    both: Both, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    both.other.append("INBOX", letter("<a@x.example>"))
    both.us.sync()
    (row,) = both.us.rows()
    if change == "flag":
        both.us.set_flags(row.id, Flag.FLAGGED)
    elif change == "move":
        both.us.move(row.id, "Sent")
    elif change == "delete":
        both.us.delete(row.id)
    for folder in ("INBOX", "Archive"):  # else they would not be looked into at all
        both.other.append(folder, letter(f"<{folder}@x.example>"))
    between(monkeypatch, lambda: both.other.open("INBOX").move(b"1", b"Archive"))
    both.us.sync()
    both.us.sync()
    found = both.other.state("INBOX", "Archive", "Sent").get("a@x.example", [])
    wanted: dict[str, list[tuple[str, int]]] = {
        "flag": [("Archive", Flag.FLAGGED)], "move": [("Sent", 0)], "delete": [], "none": [("Archive", 0)],
    }  # fmt: skip
    assert [(folder, flags) for folder, flags, _ in found] == wanted[change]
    assert both.us.state().get("a@x.example", []) == wanted[change]


def test_a_copy_is_no_move(both: Both) -> None:
    both.other.append("INBOX", letter("<a@x.example>"))
    both.us.sync()
    both.other.open("INBOX").copy(b"1", b"Archive")
    both.us.sync()
    assert both.us.state()["a@x.example"] == [("Archive", 0), ("INBOX", 0)]


def test_story_o5_a_mailbox_numbered_anew_comes_once_and_its_bodies_stay_here(both: Both) -> None:
    """Nothing twice, marks and rows as they were, work possible meanwhile, no body fetched again: by bytes."""
    count, size = 200, 4000
    both.server.seed(
        both.user, "Archive", [letter(f"<{n}@x.example>", body="x" * size) for n in range(count)]
    )
    both.us.sync()
    for row in both.us.rows()[:10]:
        both.us.set_flags(row.id, Flag.FLAGGED | Flag.SEEN)
    both.us.sync()
    before = {row.message_id: (row.id, row.letter_id, row.flags) for row in both.us.rows()}
    late = both.us.rows()[20]
    both.us.set_flags(late.id, Flag.SEEN)  # a person works on
    both.other.close()
    both.server.reset_uidvalidity(both.user, "Archive")
    both.other = OtherSide(both.server, both.user)
    with ChaosProxy(("127.0.0.1", both.server.imap_port)) as line:
        both.us.through(line.port)
        counts = both.us.sync()
        assert line.traffic.down < count * size / 4
    both.us.through(both.server.imap_port)
    assert (counts.bodies, counts.new, counts.gone) == (0, 0, 0)
    after = {row.message_id: (row.id, row.letter_id, row.flags) for row in both.us.rows()}
    assert after == {**before, late.message_id: (late.id, late.letter_id, Flag.SEEN)}
    assert len(both.other.state("Archive")) == count
    assert both.other.state("Archive")[late.message_id][0][1] == Flag.SEEN
    assert not both.us.sync().any()
