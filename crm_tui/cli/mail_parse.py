"""``crm mail parse --jsonl FILE…``: what the mail parser makes of letters in files, one line of JSON each."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Invalid
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.parsing.letter import Letter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm mail parse``."""
    parser.add_argument("--jsonl", action="store_true", help=_("one JSON object a line (the default)"))
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help=_("a letter as it came (RFC 5322); - is standard input")
    )


def run(args: argparse.Namespace) -> int:
    """Print one line for each file, in order; a file that cannot be read or parsed has an ``error``.

    Exit code 0 when every file was parsed, else 1.
    """
    from crm_tui.parsing.pool import ParserPool

    failed = False
    unicode = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    with ParserPool() as pool:
        for name in args.files:
            try:
                raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
                record = _record(pool.parse(raw))
            except OSError as trouble:
                record = {"error": trouble.strerror or type(trouble).__name__}
            except Invalid as refusal:
                record = {"error": refusal.code, "reason": refusal.facts.get("reason")}
            failed = failed or "error" in record
            shown = os.fsencode(name).decode("utf-8", "replace")
            sys.stdout.write(json.dumps({"file": shown, **record}, ensure_ascii=not unicode) + "\n")
    return int(failed)


def _record(letter: "Letter") -> dict[str, Any]:
    return {
        "subject": letter.subject,
        "from": letter.sender.address,
        "from_name": letter.sender.name,
        "to": [box.address for box in letter.to],
        "cc": [box.address for box in letter.cc],
        "date": letter.date.isoformat() if letter.date else None,
        "message_id": letter.message_id,
        "attachments": [
            {"name": each.name, "type": each.type, "size": each.size} for each in letter.attachments
        ],
        "text": letter.text,
        "bounce": [
            {"address": each.address, "permanent": each.permanent, "status": each.status}
            for each in letter.bounces
        ],
    }
