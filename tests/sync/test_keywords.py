"""Keywords both ways, and copies of letters (issue 3): the rules, then the server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.letter.flags import PROCESSED, Flag, is_keyword
from crm_tui.services.letter import mail
from crm_tui.store.tables import Folder
from crm_tui.sync import plan
from crm_tui.sync.imap import responses
from crm_tui.sync.imap.session import Session
from crm_tui.sync.push import to_send
from tests.servers.dovecot import PLAIN_SERVER, Dovecot
from tests.sync.world import OtherSide, OurSide, letter

WORDS = st.sets(st.sampled_from(["a", "b", "c", "d"]))


@given(WORDS, WORDS, WORDS, WORDS)
def test_keywords_are_merged_as_flags_are(
    base: set[str], local: set[str], server: set[str], busy: set[str]
) -> None:
    bit = {"a": 1, "b": 2, "c": 4, "d": 8}

    def mask(words: Any) -> int:
        return sum(bit[word] for word in words)

    desired, known = plan.merge_words(base, local, server, busy)
    assert mask(desired) == plan.merge(mask(base), mask(local), mask(server), mask(busy))
    assert set(known) == server
    add, remove = plan.pending_words(base, local, busy)
    assert (mask(add), mask(remove)) == plan.pending(mask(base), mask(local), mask(busy))


def test_case_does_not_tell_keywords_apart() -> None:
    assert plan.merge_words(["$forwarded"], ["$forwarded"], ["$Forwarded"]) == (
        ["$Forwarded"],
        ["$Forwarded"],
    )
    assert plan.pending_words(["$Forwarded"], ["$forwarded", "new"]) == (["new"], [])


@given(WORDS, WORDS, WORDS)
def test_a_folder_that_keeps_no_keywords_takes_none_away(
    base: set[str], local: set[str], server: set[str]
) -> None:
    desired, known = plan.merge_words(base, local, server, lasting=False)
    assert local <= set(desired)
    assert base | server == set(known)


@pytest.mark.parametrize(
    ("word", "good"),
    [("$crm_processed", True), ("Work", True), ("", False), ("\\Seen", False), ("a b", False), ("слово", False),
     ("a)", False), ("x\r\n", False), ("100%", False), ("*", False)],
)  # fmt: skip
def test_what_can_be_a_keyword(word: str, good: bool) -> None:
    assert is_keyword(word) == good


class Pair:
    """Our side and the other one, of a fresh account."""

    def __init__(self, server: Dovecot, path: Path) -> None:
        self.server = server
        self.user = server.account("keywords")
        self.us = OurSide(path, server, self.user)
        self.other = OtherSide(server, self.user)

    def mark(self, word: str, *, on: bool = True) -> int:
        with self.us.work() as work:
            return mail.set_keyword(work, [row.id for row in self.us.rows()], word, on=on)

    def there(self, folder: str = "INBOX") -> set[str]:
        """Keywords of the only letter of a folder."""
        session = self.other.open(folder)
        (found,) = session.fetch(b"1:*", b"(UID FLAGS)")
        return set(plan.keywords(found[b"FLAGS"]))  # type: ignore[arg-type]

    def here(self) -> set[str]:
        (row,) = self.us.rows()
        return set(row.keywords)

    def quiet(self) -> bool:
        return not self.us.sync().any() and not to_send(self.us.store, self.us.account.key)

    def close(self) -> None:
        self.other.close()
        self.us.close()


@pytest.fixture
def pair(dovecot: Dovecot, tmp_path: Path) -> Iterator[Pair]:
    found = Pair(dovecot, tmp_path / "crm.db")
    yield found
    found.close()


def test_keywords_go_both_ways_and_meet(pair: Pair) -> None:
    pair.other.append("INBOX", letter("<a@x.example>"), [b"Old", b"Kept"])
    pair.us.sync()
    assert pair.mark(PROCESSED) == 1
    assert pair.mark(PROCESSED.upper()) == 0
    pair.mark("old", on=False)
    pair.other.open("INBOX").store(b"1", b"+", [b"$Forwarded"])
    assert to_send(pair.us.store, pair.us.account.key)
    pair.us.sync()
    assert pair.there() == {PROCESSED, "$Forwarded", "Kept"} == pair.here()
    pair.other.open("INBOX").store(b"1", b"-", [PROCESSED.encode()])
    pair.us.sync()
    assert pair.here() == {"$Forwarded", "Kept"}
    assert pair.quiet()


def test_a_keyword_taken_back_after_a_lost_answer_stays_taken_back(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair.other.append("INBOX", letter("<a@x.example>"))
    pair.us.sync()
    pair.mark("Mine")
    really = Session.store

    def cut(session: Session, *arguments: Any) -> None:
        really(session, *arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "store", cut)
    with pytest.raises(KeyboardInterrupt):
        pair.us.sync()
    monkeypatch.undo()
    assert pair.there() == {"Mine"}
    pair.mark("mine", on=False)
    pair.us.sync()
    pair.us.sync()
    assert pair.there() == set() == pair.here()


def test_a_server_that_keeps_no_keywords_leaves_them_here(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = responses.read_select

    def poor(answer: list[list[bytes]], tagged: bytes) -> responses.Selected:
        found = really(answer, tagged)
        found.permanent = frozenset({b"\\seen", b"$forwarded"})
        return found

    monkeypatch.setattr("crm_tui.sync.imap.session.read_select", poor)
    pair.other.append("INBOX", letter("<a@x.example>"))
    pair.us.sync()
    pair.mark(PROCESSED)
    pair.mark("$Forwarded")
    pair.us.sync()
    assert pair.there() == {"$Forwarded"}
    assert pair.quiet()
    pair.other.open("INBOX").store(b"1", b"+", [b"\\Seen"])
    pair.us.sync()
    assert pair.here() == {PROCESSED, "$Forwarded"}
    pair.mark(PROCESSED, on=False)
    assert pair.quiet() or pair.quiet()
    assert pair.here() == {"$Forwarded"}


def test_a_keyword_goes_with_a_letter_that_was_moved_there(pair: Pair) -> None:
    pair.other.append("INBOX", letter("<a@x.example>"))
    pair.us.sync()
    pair.mark("Mine")
    pair.other.open("INBOX").move(b"1", b"Archive")
    pair.us.sync()
    assert pair.there("Archive") == {"Mine"} == pair.here()


def test_a_letter_of_our_own_is_put_there_with_its_keywords(pair: Pair) -> None:
    pair.us.sync()
    pair.us.put("Archive", letter("<a@x.example>"))
    pair.mark("Mine")
    pair.us.sync()
    assert pair.there("Archive") == {"Mine"}
    assert pair.quiet()


def test_mail_08_a_letter_is_copied_by_the_server(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.other.append("INBOX", letter("<a@x.example>"))
    pair.us.sync()
    (row,) = pair.us.rows()
    monkeypatch.setattr(Session, "append", None)
    with pair.us.work() as work:
        archive = pair.us.folders()["Archive"]
        (made,) = mail.copy(work, [row.id], archive)
        assert mail.copy(work, [row.id], archive) == []
    pair.us.set_flags(made, Flag.FLAGGED)
    assert pair.us.sync().bodies == 0
    pair.us.sync()  # the copy has the flags of what was copied until it is known
    places = pair.other.state("INBOX", "Archive")["a@x.example"]
    assert [place[:2] for place in places] == [("Archive", Flag.FLAGGED), ("INBOX", 0)]
    assert pair.quiet()


def test_a_copy_on_a_server_that_does_not_say_where_it_lies(authority: Any, tmp_path: Path) -> None:
    with Dovecot(authority=authority, imap_capability=PLAIN_SERVER) as server:
        pair = Pair(server, tmp_path / "crm.db")
        pair.other.append("INBOX", letter("<a@x.example>"))
        pair.us.sync()
        (row,) = pair.us.rows()
        with pair.us.work() as work:
            mail.copy(work, [row.id], pair.us.folders()["Archive"])
        pair.us.sync()
        assert sorted(pair.us.state()["a@x.example"]) == [("Archive", 0), ("INBOX", 0)]
        assert len(pair.other.state("INBOX", "Archive")["a@x.example"]) == 2
        assert pair.quiet()
        pair.close()


def test_verbs_refuse_what_cannot_be(pair: Pair) -> None:
    pair.other.append("INBOX", letter("<a@x.example>"))
    pair.us.sync()
    with pytest.raises(Invalid):
        pair.mark("two words")
    (row,) = pair.us.rows()
    with pair.us.work() as work:
        shut = work.add(Folder(account_id=pair.us.account.key, name="Only folders", selectable=False))
        with pytest.raises(Refused):
            mail.copy(work, [row.id], shut.key)
