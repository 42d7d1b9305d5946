"""The words of IMAP: sets, tokens, and arguments that cannot end a command."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.errors import Invalid, NetworkTrouble
from crm_tui.sync.imap import tokens

UIDS = st.sets(st.integers(1, 2**32 - 1), max_size=200)


@given(UIDS)
def test_a_set_is_read_back_as_it_was(uids: set[int]) -> None:
    sequence = tokens.compact(uids)
    assert (set(tokens.expand(sequence)) if sequence else set()) == uids


@given(st.sets(st.integers(1, 5000), min_size=1, max_size=800))
def test_a_set_is_cut_without_loss_into_short_pieces(uids: set[int]) -> None:
    pieces = tokens.split_set(tokens.compact(uids), 60)
    assert all(len(piece) <= 60 for piece in pieces)
    assert sorted(uid for piece in pieces for uid in tokens.expand(piece)) == sorted(uids)


def test_neighbours_are_joined() -> None:
    assert tokens.compact([9, 1, 2, 3, 7, 10]) == b"1:3,7,9:10"


@pytest.mark.parametrize("sequence", [b"1:4000000000", b"x", b"1:", b"9" * 5000, b"-5"])
def test_a_set_of_a_hostile_server_is_refused(sequence: bytes) -> None:
    with pytest.raises(NetworkTrouble):
        tokens.expand(sequence)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([b'* LIST (\\HasNoChildren) "/" "a \\"b\\""\r\n'], [b"*", b"LIST", [b"\\HasNoChildren"], b"/", b'a "b"']),
        ([b"* LIST () NIL inbox\r\n"], [b"*", b"LIST", [], None, b"inbox"]),
        ([b"* LIST () {3}\r\n", b"a)b", b" x\r\n"], [b"*", b"LIST", [], b"a)b", b"x"]),
        ([b"* 1 FETCH (UID 5 BODY[HEADER.FIELDS (TO CC)] {1}\r\n", b"x", b")\r\n"],
         [b"*", b"1", b"FETCH", [b"UID", b"5", b"BODY[HEADER.FIELDS (TO CC)]", b"x"]]),
    ],
)  # fmt: skip
def test_a_response_is_read(parts: list[bytes], expected: list[object]) -> None:
    assert tokens.parse(parts) == expected


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=5))
def test_no_response_does_more_than_be_refused(parts: list[bytes]) -> None:
    lines = [part + b"{%d}\r\n" % index if index % 2 == 0 else part for index, part in enumerate(parts)]
    with suppress(NetworkTrouble):
        tokens.parse(lines)


def test_nesting_has_an_end() -> None:
    with pytest.raises(NetworkTrouble):
        tokens.parse([b"(" * 100_000 + b"\r\n"])


@given(st.text())
def test_a_quoted_argument_is_one_token(value: str) -> None:
    try:
        sent = tokens.quoted(value)
    except (Invalid, UnicodeEncodeError):
        assert not value.isascii() or set(value) & set("\r\n\0")
        return
    assert not set(sent) & set(b"\r\n\0")
    assert tokens.parse([sent]) == [value.encode()]
