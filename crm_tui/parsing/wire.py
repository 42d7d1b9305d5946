"""A letter as JSON between two processes of ours. Not pickle: the sender has just read hostile bytes."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from crm_tui.parsing.bounce import Bounce
from crm_tui.parsing.fields import Mailbox
from crm_tui.parsing.html_writer import Link
from crm_tui.parsing.letter import Attachment, Letter

_LISTS: dict[str, Any] = {
    "to": Mailbox, "cc": Mailbox, "bcc": Mailbox, "reply_to": Mailbox,
    "links": Link, "attachments": Attachment, "bounces": Bounce,
}  # fmt: skip


def pack(letter: Letter) -> bytes:
    """The letter as JSON."""
    return json.dumps({**asdict(letter), "date": letter.date and letter.date.isoformat()}).encode()


def unpack(data: bytes) -> Letter:
    """The letter that `pack` wrote. Raises ValueError, TypeError or KeyError for anything else."""
    values = json.loads(data)
    for name, kind in _LISTS.items():
        values[name] = tuple(kind(**each) for each in values[name])
    values["sender"] = Mailbox(**values["sender"])
    values["date"] = datetime.fromisoformat(values["date"]) if values["date"] else None
    values["references"] = tuple(values["references"])
    values["problems"] = tuple(values["problems"])
    values["returned_ids"] = tuple(values["returned_ids"])
    return Letter(**values)
