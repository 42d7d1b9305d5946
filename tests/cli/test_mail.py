"""``crm mail``: counts as the store has them, letters, one letter as text, JSON and bytes."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import insert, update

from crm_tui.domain.letter.flags import Flag
from crm_tui.store.engine import Store
from crm_tui.store.tables import Letter, LetterRaw, table_of
from tests.cli.conftest import Crm
from tests.store import letters
from tests.waiting import LIMIT

RAW = b"From: a@b.example\r\nSubject: =?utf-8?q?=D0=94?=\r\n\r\nbody \x1b[2J\r\n"
LETTER_KEYS = {
    "schema_version", "id", "letter_id", "account", "folder", "role", "from", "from_name", "to", "cc", "subject",
    "date", "message_id", "unread", "important", "answered", "has_attachments", "size", "kind", "inquiry",
}  # fmt: skip


@pytest.fixture
def mailbox(store: Store) -> Store:
    """Two accounts: ``work`` with an inbox of three and a sent folder of one, ``home`` with an inbox of one."""
    work, home = letters.account(store, "work"), letters.account(store, "home")
    inbox = letters.folder(store, work)
    sent = letters.folder(store, work, "Отправленные", "sent")
    letters.folder(store, work, "Hidden", "", hidden=True)
    for age, subject in enumerate(("new", "old", "older")):
        letters.letter(store, inbox, subject, days_ago=age, flags=Flag.SEEN if subject == "older" else 0)
    letters.letter(store, sent, "answer", flags=Flag.SEEN)
    letters.letter(store, letters.folder(store, home), "private", days_ago=5)
    return store


def test_folders_are_counted(crm: Crm, mailbox: Store) -> None:
    folders = crm("mail", "ls", "--json").json
    assert [(one["account"], one["folder"], one["role"], one["total"], one["unread"]) for one in folders] == [
        ("home", "INBOX", "inbox", 1, 1),
        ("work", "INBOX", "inbox", 3, 2),
        ("work", "Отправленные", "sent", 1, 0),
    ]
    assert set(folders[0]) == {"schema_version", "account", "folder", "role", "total", "unread", "id"}
    assert crm("mail", "ls", "--plain").lines[0] == ["1", "1", "home", "INBOX", "inbox"]


@pytest.mark.parametrize(
    ("arguments", "subjects"),
    [
        (["--folder", "inbox"], ["new", "old", "older", "private"]),
        (["--folder", "inbox", "--account", "WORK"], ["new", "old", "older"]),
        (["--folder", "отправленные"], ["answer"]),
        (["--folder", "sent", "--account", "work@example.org"], ["answer"]),
        (["--folder", "inbox", "--limit", "2"], ["new", "old"]),
        (["--unread"], ["new", "old", "private"]),
        (["--unread", "--account", "work", "--account", "home"], ["new", "old", "private"]),
    ],
)
def test_letters_are_listed_the_newest_first(
    crm: Crm, mailbox: Store, arguments: list[str], subjects: list[str]
) -> None:
    found = crm("mail", "ls", *arguments, "--json")
    assert found.code == 0
    assert [one["subject"] for one in found.json] == subjects
    assert set(found.json[0]) == LETTER_KEYS


@pytest.mark.parametrize("arguments", [["--folder", "nowhere"], ["--account", "nobody"]])
def test_what_is_not_there_is_said(crm: Crm, mailbox: Store, arguments: list[str]) -> None:
    done = crm("mail", "ls", *arguments)
    assert (done.code, done.out) == (3, "")


def test_letters_are_searched(crm: Crm, mailbox: Store) -> None:
    assert [one["subject"] for one in crm("mail", "search", "from:aigul", "new", "--json").json] == ["new"]
    strange = crm("mail", "search", "older", "after:nonsense", "--json")
    assert [one["subject"] for one in strange.json] == ["older"]
    assert "after:nonsense" in strange.err
    assert crm("mail", "search", "nothing-like-this").code == 3


def test_a_letter_is_shown_as_text_and_as_bytes(crm: Crm, mailbox: Store) -> None:
    with mailbox.arrivals("test") as work:
        work.connection.execute(insert(table_of(LetterRaw)).values(letter_id=1, raw=RAW))
        work.connection.execute(
            update(table_of(Letter)).where(table_of(Letter).c.id == 1).values(body_state="full")
        )
    shown = crm("mail", "show", 1)
    assert "From: Aigul Sadykova <aigul@example.com>" in shown.out
    assert crm("mail", "show", 1, "--json").json["attachments"] == []
    assert crm("mail", "show", 1, "--headers").out == "From: a@b.example\nSubject: =?utf-8?q?=D0=94?=\n"
    assert crm("mail", "show", 2, "--raw").code == 3
    assert crm("mail", "show", 999).code == 3
    raw = subprocess.run(
        [sys.executable, "-m", "crm_tui", "mail", "show", "1", "--raw"],
        capture_output=True,
        check=True,
        timeout=LIMIT,
        env=os.environ,
    )
    assert raw.stdout == RAW


def test_parse_is_the_parser_alone(crm: Crm, tmp_path: pytest.TempPathFactory) -> None:
    path = os.path.join(str(tmp_path), "letter.eml")
    with open(path, "wb") as file:
        file.write(RAW)
    assert crm("mail", "parse", "--jsonl", path).json["subject"] == "Д"


def test_whoever_has_read_enough_may_leave(mailbox: Store) -> None:
    inbox = mailbox
    with subprocess.Popen(
        [sys.executable, "-m", "crm_tui", "keys", "ls"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert program.wait(LIMIT) == 0
        assert program.stderr.read() == b""
    assert inbox.fault is None
