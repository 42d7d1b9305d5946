"""Header blocks that were read in a second process, on their way back (`parsing.ahead`)."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from crm_tui.parsing.fields import Mailbox
from crm_tui.parsing.letter import Headers

Head = tuple[Headers, str]
"""The fields of a header block and its identity, as of `letter.headers_and_identity`."""
_BOXES = ("to", "cc", "bcc", "reply_to")
_AS_THEY_ARE = (
    "subject",
    "message_id",
    "in_reply_to",
    "list_unsubscribe",
    "one_click",
    "list_id",
    "auto_submitted",
)


def pack(heads: Sequence[Head | None]) -> bytes:
    """Heads as JSON; None stands for a block of which there is none."""
    return json.dumps([None if head is None else _values(*head) for head in heads]).encode()


def unpack(data: bytes | bytearray) -> list[Head | None]:
    """The heads that `pack` wrote. Raises ValueError or TypeError for anything else."""
    return [None if values is None else _head(*values) for values in json.loads(data)]


def _values(head: Headers, identity: str) -> list[Any]:
    return [
        identity,
        None if head.date is None else int(head.date.timestamp()),
        [head.sender.name, head.sender.address],
        [[[box.name, box.address] for box in getattr(head, name)] for name in _BOXES],
        [head.references, head.problems],
        [getattr(head, name) for name in _AS_THEY_ARE],
    ]


def _head(
    identity: str,
    date: int | None,
    sender: list[str],
    boxes: list[list[list[str]]],
    several: list[list[str]],
    others: list[Any],
) -> Head:
    to, cc, bcc, reply_to = (tuple([Mailbox(*box) for box in each]) for each in boxes)
    subject, message_id, in_reply_to, list_unsubscribe, one_click, list_id, auto_submitted = others
    references, problems = map(tuple, several)
    head = Headers(
        subject, Mailbox(*sender), to, cc, bcc, reply_to, None if date is None else datetime.fromtimestamp(date, UTC),
        message_id, in_reply_to, references, list_unsubscribe, one_click, list_id, auto_submitted, problems,
    )  # fmt: skip
    return head, identity
