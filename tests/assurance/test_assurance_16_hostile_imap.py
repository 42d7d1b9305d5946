"""Row 16: a hostile IMAP server costs its own account an error, and nothing else."""

import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm_tui.domain.errors import CrmError
from crm_tui.sync.accounts import sync_once
from crm_tui.sync.imap import connect
from tests.servers.dovecot import Dovecot
from tests.sync.hostile import GREETING, Line, hostile
from tests.sync.world import OurSide, letter

LIST = b'* LIST (\\HasNoChildren) "/" INBOX\r\n'
STATUS = b"* STATUS INBOX (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 1 UNSEEN 1)\r\n"
SELECT = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT 2] ok\r\n"
HEAD = b"Message-ID: <a@b>\r\n\r\n"
GOOD = {b"LIST": LIST, b"STATUS": STATUS, b"SELECT": SELECT}
MEGABYTE = 1 << 20


def fetch(*replies: bytes) -> Callable[[Line], None]:
    """Behaves until the first FETCH, then says this."""

    def script(line: Line) -> None:
        line.say(GREETING)
        tag = line.until(b"UID FETCH", GOOD)
        for reply in replies:
            line.say(reply)
        line.say(tag + b" OK done\r\n")
        line.answer(GOOD)

    return script


def body(*replies: bytes) -> Callable[[Line], None]:
    """Behaves until a body is asked for, then says this."""

    def script(line: Line) -> None:
        line.say(GREETING)
        replied = {
            **GOOD,
            b"UID FETCH 1:1 (UID)": b"* 1 FETCH (UID 1)\r\n",
            b"UID FETCH 1 (UID FLAGS": b"* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 9 BODY[H] {%d}\r\n%s)\r\n"
            % (len(HEAD), HEAD),
        }
        tag = line.until(b"UID FETCH 1 (UID BODY.PEEK[])", replied)
        for reply in replies:
            line.say(reply)
        line.say(tag + b" OK done\r\n")
        line.answer(replied)

    return script


def at(command: bytes, *replies: bytes) -> Callable[[Line], None]:
    """Behaves until a command, then says this."""

    def script(line: Line) -> None:
        line.say(GREETING)
        tag = line.until(command, GOOD)
        for reply in replies:
            line.say(reply)
        line.say(tag + b" OK done\r\n")
        line.answer(GOOD)

    return script


def endless(command: bytes, reply: bytes) -> Callable[[Line], None]:
    def script(line: Line) -> None:
        line.say(GREETING)
        line.until(command, GOOD)
        while True:
            line.say(reply)

    return script


def drip(line: Line) -> None:
    line.say(GREETING)
    line.until(b"LIST", GOOD)
    while True:
        line.say(b"*")
        time.sleep(0.005)


def raw(data: bytes) -> Callable[[Line], None]:
    def script(line: Line) -> None:
        line.say(data)
        line.hear()

    return script


def silent(line: Line) -> None:
    line.hear()


CASES: dict[str, Callable[[Line], None]] = {
    "says nothing": silent,
    "hangs up": lambda line: None,
    "garbage greeting": raw(b"\x00\xff\xfe garbage\r\n"),
    "endless greeting": endless(b"CAPABILITY", b"x" * MEGABYTE),
    "10 GB literal": fetch(b"* 1 FETCH (UID 1 BODY[] {10737418240}\r\n"),
    "10 GB body": body(b"* 1 FETCH (UID 1 BODY[] {10737418240}\r\n"),
    "body that never ends": body(b"* 1 FETCH (UID 1 BODY[] {200000000}\r\n", b"y" * MEGABYTE * 60),
    "truncated literal": fetch(b"* 1 FETCH (UID 1 BODY[] {5}\r\nab"),
    "number of 5000 digits": fetch(b"* 1 FETCH (UID " + b"9" * 5000 + b" FLAGS ())\r\n"),
    "deep nesting": fetch(b"* 1 FETCH " + b"(" * 5000 + b"\r\n"),
    "no list": fetch(b"* 1 FETCH UID 1\r\n"),
    "bad utf-7": at(b"LIST", b'* LIST () "/" "&@@@-"\r\n', b'* LIST () "/" "&AAAA"\r\n'),
    "status without numbers": at(b"STATUS", b"* STATUS INBOX (MESSAGES x UIDNEXT y)\r\n"),
    "select without uidvalidity": at(b"SELECT", b"* 1 EXISTS\r\n"),
    "uidvalidity huge": at(b"SELECT", b"* OK [UIDVALIDITY " + b"9" * 100 + b"] ok\r\n"),
    "a tag of another's": at(b"LIST", b"Z9 OK done\r\n"),
    "endless untagged lines": endless(b"LIST", b'* LIST () "/" x\r\n' * 1000),
    "endless expunges": endless(b"UID FETCH", b"* 1 EXPUNGE\r\n" * 1000),
    "a line without end": endless(b"LIST", b"* LIST " + b"x" * MEGABYTE),
    "one byte now and then": drip,
}  # fmt: skip


HARMLESS: dict[str, Callable[[Line], None]] = {
    "literal of 20 digits": fetch(b"* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\n"),
    "negative literal": fetch(b"* 1 FETCH (UID 1 BODY[] {-5}\r\n"),
    "half a pair": fetch(b"* 1 FETCH (UID)\r\n"),
    "flags as a number": fetch(b"* 1 FETCH (UID 1 FLAGS 7 RFC822.SIZE x)\r\n"),
    "8-bit folder": at(b"LIST", b'* LIST () "/" "\xff\xfe"\r\n'),
}  # fmt: skip
"""Nonsense that is passed over: the letter that it would describe is not there."""


@pytest.fixture
def impatient() -> Iterator[pytest.MonkeyPatch]:
    """Short limits of time until ``undo``, so that a test is quick; those of size are the real ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connect, "COMMAND_SECONDS", 1.0)
        patch.setattr(connect, "READ_SECONDS", 0.5)
        patch.setattr(connect, "CONNECT_SECONDS", 0.5)
        patch.setattr(connect, "SLOWEST_BYTES_A_SECOND", 100 * MEGABYTE)
        yield patch


@pytest.mark.parametrize("case", [*CASES, *HARMLESS])
def test_a_hostile_server_is_an_error_of_its_account(
    case: str, dovecot: Dovecot, tmp_path: Path, impatient: pytest.MonkeyPatch
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    good = dovecot.account()
    dovecot.seed(good, "INBOX", [letter("<good@x.example>")])
    us = OurSide(tmp_path / "crm.db", dovecot, good)
    with hostile((CASES | HARMLESS)[case]) as server:
        bad = us.add_account("bad", server.port)
        (refused,) = sync_once(us.store, [bad], credentials=us.credentials).results
    impatient.undo()
    assert sync_once(us.store, [us.account.key], credentials=us.credentials).errors == []
    error = refused.error
    if case in CASES:
        assert isinstance(error, CrmError)
    assert us.stored_account(bad).last_error == (error.code if error else "")
    assert us.stored_account(us.account.key).last_error == ""
    assert "good@x.example" in [row.message_id for row in us.rows()]
    us.close()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 300 * 1024, "KiB"
