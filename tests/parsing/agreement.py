"""How often a parser says of the corpus what three independent ones agree on; shared with the benchmark."""

import email
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from email import policy
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import Any

from crm_tui.parsing.letter import parse

FIELDS = (
    "subject",
    "from_addr",
    "timestamp",
    "message_id",
    "attachment_filenames",
    "text_plain_ws_normalised",
)


def cases(mail: Path) -> Iterator[tuple[str, bytes, dict[str, Any], bool]]:
    """Path, bytes, what is agreed on, and whether the text agreed on was cut."""
    for line in (mail / "_oracles" / "consensus_parse.dev.jsonl").read_text().splitlines():
        case = json.loads(line)
        path = mail.parent / case["path"]
        if path.is_file():
            yield case["path"], path.read_bytes(), case["agree"], bool(case.get("text_truncated"))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def by_us(raw: bytes) -> dict[str, Any]:
    """What crm_tui makes of a letter."""
    letter = parse(raw)
    return {
        "subject": squeezed(letter.subject),
        "from_addr": letter.sender.address.lower(),
        "timestamp": letter.date and int(letter.date.timestamp()),
        "message_id": letter.message_id,
        "attachment_filenames": sorted(each.name for each in letter.attachments if each.name),
        "text_plain_ws_normalised": squeezed(letter.text),
    }


def by_email(raw: bytes) -> dict[str, Any]:
    """What Python's ``email`` makes of it, asked in the way most kind to it; None where it raises."""
    message = email.message_from_bytes(raw, policy=policy.default)
    questions: dict[str, Callable[[], Any]] = {
        "subject": lambda: squeezed(str(message["subject"] or "")),
        "from_addr": lambda: parseaddr(str(message["from"] or ""))[1].lower(),
        "timestamp": lambda: int(parsedate_to_datetime(str(message["date"])).timestamp()),
        "message_id": lambda: str(message["message-id"] or "").strip().strip("<>"),
        "attachment_filenames": lambda: sorted(n for part in message.walk() if (n := part.get_filename())),
        "text_plain_ws_normalised": lambda: squeezed("\n".join(_plain(message))),
    }
    answers = {}
    for field, question in questions.items():
        try:
            answers[field] = question()
        except Exception:
            answers[field] = None
    return answers


def _plain(message: Any) -> Iterator[str]:
    for part in message.walk():
        kept_aside = part.get_filename() or part.get_content_disposition() == "attachment"
        if part.get_content_type() == "text/plain" and not kept_aside:
            yield part.get_content()


def agreement(mail: Path, parser: Callable[[bytes], dict[str, Any]]) -> tuple[Counter[str], Counter[str]]:
    """By field: how many letters have something agreed on, and for how many of them the parser says it too."""
    asked: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    for _, raw, agree, cut in cases(mail):
        answers = parser(raw) if agree else {}
        for field, expected in agree.items():
            asked[field] += 1
            agreed[field] += _same(field, expected, answers[field], cut)
    return asked, agreed


def _same(field: str, expected: Any, answer: Any, cut: bool) -> bool:
    if field == "attachment_filenames":
        return sorted(expected) == answer
    if field in ("subject", "text_plain_ws_normalised") and answer is not None:
        expected = squeezed(expected)
        return bool(answer.startswith(expected) if cut and field != "subject" else answer == expected)
    return bool(expected.lower() == answer if field == "from_addr" else expected == answer)
