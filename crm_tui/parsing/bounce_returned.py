"""Which letter a bounce is about: the Message-ID of what it returns, and the id of the envelope (RFC 3464, 2.2.1)."""

import re
from collections.abc import Iterator

from crm_tui.parsing import bodies, fields
from crm_tui.parsing.parts import Part

_MOST_TEXT = 64 * 1024
_MOST = 20
_MESSAGE_ID = re.compile(
    rb"^[\s>]{0,8}Message-ID:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{3,900}>)", re.IGNORECASE | re.MULTILINE
)
_ENVELOPE = re.compile(rb"^Original-Envelope-Id:[ \t]*([^\s]{1,100})", re.IGNORECASE | re.MULTILINE)


def returned_ids(raw: bytes, root: Part) -> tuple[str, ...]:
    """The Message-IDs that the letter which came back may have, the likeliest first."""
    found = [
        *(fields.message_id(inner.first("message-id")) for part in root.walk() for inner in _returned(part)),
        *(
            fields.message_id(one)
            for part in root.walk()
            if part.type.startswith("text/") and not part.children
            for one in _MESSAGE_ID.findall(bodies.content(raw, part, _MOST_TEXT))
        ),
        *fields.message_ids(root.first("in-reply-to")),
        *fields.message_ids(root.first("references")),
    ]
    return tuple(one for one in dict.fromkeys(found) if one)[:_MOST]


def envelope_id(raw: bytes, root: Part) -> str:
    """ENVID as we gave it to MAIL, or empty."""
    for part in root.walk():
        if part.type in ("message/delivery-status", "message/global-delivery-status"):
            told = _ENVELOPE.search(bodies.content(raw, part, _MOST_TEXT))
            if told:
                return told[1].decode("ascii", "replace")
    return ""


def _returned(part: Part) -> Iterator[Part]:
    if part.type in ("message/rfc822", "message/global"):
        yield from part.children
