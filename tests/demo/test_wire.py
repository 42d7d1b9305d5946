"""The demo server's reading of IMAP: tokens, sequence sets, parts of letters; rubbish is answered, not fatal."""

import socket
import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.demo.server import structure
from crm_tui.demo.server.process import running
from crm_tui.demo.server.storage import Storage
from crm_tui.demo.server.wire import BadCommand, compact, nstring, ranges, tokens

LETTER = (
    b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n y\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\none\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ntwo\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([b"a1 NOOP\r\n"], [b"a1", b"NOOP"]),
        ([b'a LOGIN "x y" "q\\"\\\\"\r\n'], [b"a", b"LOGIN", b"x y", b'q"\\']),
        ([b"a LOGIN {2}\r\n", b"()", b" {3+}\r\n", b'"""', b"\r\n"], [b"a", b"LOGIN", b"()", b'"""']),
        ([b"a STORE 1:* +FLAGS (\\Seen x)\r\n"], [b"a", b"STORE", b"1:*", b"+FLAGS", [b"\\Seen", b"x"]]),
        (
            [b"a FETCH 1 (BODY.PEEK[HEADER.FIELDS (TO CC)]<0.9> UID)\r\n"],
            [b"a", b"FETCH", b"1", [b"BODY.PEEK[HEADER.FIELDS (TO CC)]<0.9>", b"UID"]],
        ),
        ([b"a SELECT X (QRESYNC (1 2))\r\n"], [b"a", b"SELECT", b"X", [b"QRESYNC", [b"1", b"2"]]]),
    ],
)
def test_tokens(parts: list[bytes], expected: list[object]) -> None:
    assert tokens(parts) == expected


@pytest.mark.parametrize("line", [b"a (", b"a )", b'a "x', b"a BODY[TEXT"])
def test_unfinished_commands_are_bad(line: bytes) -> None:
    with pytest.raises(BadCommand):
        tokens([line + b"\r\n"])


@given(st.sets(st.integers(1, 10**9)))
def test_a_sequence_set_holds_the_very_numbers(numbers: set[int]) -> None:
    if numbers:
        spans = ranges(compact(sorted(numbers)), 0)
        assert {value for low, high in spans for value in (low, high)} <= numbers
        assert sum(high - low + 1 for low, high in spans) == len(numbers)


@given(st.binary(max_size=60))
def test_any_bytes_travel_as_a_string(value: bytes) -> None:
    sent = nstring(value)
    if sent.startswith(b"{"):
        head, _, rest = sent.partition(b"\r\n")
        assert tokens([head + b"\r\n", rest, b"\r\n"]) == [value]
    else:
        assert tokens([sent]) == [value]


@pytest.mark.parametrize("spec", ["", "a", "1:2:3", "1,,2", "-1", "²"])
def test_what_is_no_sequence_set_is_refused(spec: str) -> None:
    with pytest.raises((BadCommand, ValueError)):
        ranges(spec, 9)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", LETTER),
        ("HEADER.FIELDS (SUBJECT)", b"Subject: x\r\n y\r\n\r\n"),
        ("HEADER.FIELDS.NOT (FROM TO CONTENT-TYPE)", b"Subject: x\r\n y\r\n\r\n"),
        ("1", b"one"),
        ("1.MIME", b"Content-Type: text/plain\r\n\r\n"),
        ("2", b"Subject: inner\r\n\r\ntwo"),
        ("2.1", b"two"),
        ("3", None),
        ("1.2", None),
    ],
)
def test_sections_of_a_letter(name: str, expected: bytes | None) -> None:
    assert structure.section(LETTER, name) == expected


def test_the_structure_of_a_forwarded_letter_tells_of_the_inner_one() -> None:
    found = structure.body(LETTER, extended=True)
    assert b'("TEXT" "PLAIN"' in found
    assert b'("MESSAGE" "RFC822"' in found
    assert b'"inner"' in found
    assert found.endswith(b'"MIXED" ("boundary" "b") NIL NIL NIL)')


def test_rubbish_is_answered_and_the_talk_goes_on(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "mail.db")
    storage.add_user("me", "secret", 1)
    storage.close()
    rubbish = (
        b"\r\n",
        b"a\r\n",
        b"a FROB\r\n",
        b"a SELECT\r\n",
        b"a FETCH 1 FLAGS\r\n",
        b"a (((\r\n",
        b"a \xff\x00 \x009\x00\r\n",
    )
    with running(tmp_path) as ports:
        context = ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))
        with (
            socket.create_connection(("127.0.0.1", ports.imap), 10) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as link,
            link.makefile("rwb") as talk,
        ):
            assert talk.readline().startswith(b"* OK")
            for line in rubbish:
                talk.write(line)
                talk.flush()
                assert b" BAD " in talk.readline()
            talk.write(b"b AUTHENTICATE PLAIN AG1lAHNlY3JldA==\r\n")
            talk.flush()
            assert talk.readline().startswith(b"b OK")
            for line in (b"c SELECT nowhere\r\n", b"c UID SEARCH ALL\r\n", b"c AUTHENTICATE PLAIN !\r\n"):
                talk.write(line)
                talk.flush()
                assert talk.readline().startswith((b"c NO", b"c BAD"))
            talk.write(b"d LOGOUT\r\n")
            talk.flush()
            assert talk.read() == b"* BYE see you\r\nd OK done\r\n"
