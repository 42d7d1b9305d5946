"""A FETCH response of the usual form is read by a short way, and told as the long one tells it."""

from hypothesis import given
from hypothesis import strategies as st

from crm_tui.sync.imap import responses, tokens

ITEMS = [
    b"UID 7", b"FLAGS ()", b"FLAGS (\\Seen $x)", b"FLAGS (NIL)", b"FLAGS (a[b])",
    b"INTERNALDATE \"22-Nov-2026 11:00:00 +0000\"",
    b"INTERNALDATE NIL", b"RFC822.SIZE 12", b"X-GM-MSGID 9", b"X-GM-LABELS (a \"b c\")", b"ENVELOPE (\"\" NIL)",
    b"EMAILID (M1)", b"MODSEQ (3)", b'X "a\\"b"', b'X ""', b"flags (\\Seen)",
]  # fmt: skip
BODIES = [b"BODY[]", b"BODY[HEADER.FIELDS (FROM TO)]", b"BODY[]<0>", b"RFC822"]


def the_long_way(parts: list[bytes]) -> dict[bytes, object]:
    """As of any response."""
    pairs = tokens.pairs(tokens.parse(parts)[3])
    return {(b"BODY" if key.startswith(b"BODY[") else key): value for key, value in pairs.items()}


@given(
    st.lists(st.sampled_from(ITEMS), max_size=5),
    st.sampled_from(BODIES),
    st.sampled_from([b")\r\n", b" UID 8)\r\n"]),
)
def test_both_ways_tell_the_same(items: list[bytes], body: bytes, end: bytes) -> None:
    parts = [b"* 3 FETCH (" + b" ".join([*items, body, b"{5}\r\n"]), b"a)\r\n ", end]
    wanted = the_long_way(parts)
    found = responses.fetched(parts)
    if b"UID" in wanted:
        assert found == wanted | {b"UID": tokens.number(wanted[b"UID"])}
    else:
        assert found is None


def test_a_letter_as_servers_send_it_takes_the_short_way() -> None:
    parts = [b"* 3 FETCH (UID 7 FLAGS (\\Seen) RFC822.SIZE 5 BODY[] {5}\r\n", b"hello", b")\r\n"]
    assert responses._usual(parts) is not None
    assert responses.fetched(parts) == {
        b"UID": 7,
        b"FLAGS": [b"\\Seen"],
        b"RFC822.SIZE": b"5",
        b"BODY": b"hello",
    }
