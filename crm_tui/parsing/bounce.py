"""Letters that say another letter was not delivered: the report of RFC 3464, and what other servers write.

The report comes first; then the notification that mail services post as JSON; then the notice in prose
(`bounce_notice`). Checked against the bounces of some seventy mail servers (tests/parsing/test_bounce.py).
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from crm_tui.domain.text import clean
from crm_tui.parsing import bodies, bounce_notice
from crm_tui.parsing.bounce_words import ADDRESS, REPLY, STATUS, Bounce
from crm_tui.parsing.parts import Part

__all__ = ["Bounce", "bounces_in"]

_MOST_TEXT = 64 * 1024
_MOST = 200
_MOST_DIAGNOSTIC = 500
_FIELD = re.compile(r"^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_SUCCEEDED = ("delivered", "relayed", "expanded")
_POSTED = re.compile(r"\{.*\}", re.DOTALL)


def bounces_in(raw: bytes, root: Part) -> tuple[Bounce, ...]:
    """The addresses a letter reports as not reached; empty for any letter that is no bounce. Never raises."""
    found: dict[str, Bounce] = {}
    reports = [bodies.content(raw, part, _MOST_TEXT) for part in root.walk() if _is_report(part)]
    succeeded = False
    for report in reports:
        failed, some_succeeded = _reported(report.decode("utf-8", "replace"))
        succeeded = succeeded or some_succeeded
        for bounce in failed:
            found.setdefault(bounce.address.lower(), bounce)
    if found or succeeded:
        return tuple(found.values())[:_MOST]
    told = _posted(raw, root) or _told(raw, root, bool(reports))
    return tuple({bounce.address.lower(): bounce for bounce in reversed(told)}.values())[::-1][:_MOST]


def _told(raw: bytes, root: Part, reported: bool) -> list[Bounce]:
    """From a notice for people; some servers write the fields of a report into it."""
    notice = bounce_notice.read(raw, root, sure=reported)
    if notice is None:
        return []
    failed, succeeded = (
        _reported(notice.all_text) if "final-recipient:" in notice.all_text.lower() else ([], False)
    )
    return failed if failed or succeeded else bounce_notice.blamed(notice)


def _is_report(part: Part) -> bool:
    return part.type in ("message/delivery-status", "message/global-delivery-status")


def _reported(report: str) -> tuple[list[Bounce], bool]:
    """The recipients of a delivery status (RFC 3464, 2.3) that failed, and whether others were served.

    Groups of fields are parted by blank lines.
    """
    found: list[Bounce] = []
    succeeded = False
    for group in re.split(r"\n[ \t]*\n", report.replace("\r\n", "\n")):
        fields = {name.lower(): value for name, value in reversed(_FIELD.findall(group))}
        recipient = fields.get("original-recipient") or fields.get("final-recipient") or ""
        action = fields.get("action", "failed").split("(")[0].strip().lower()
        address = ADDRESS.search(recipient) or ADDRESS.search(fields.get("final-recipient", ""))
        if action in _SUCCEEDED:
            succeeded = succeeded or bool(address)
        elif address:
            found.append(_of_group(clean(address[0]), action, fields))
    return found, succeeded


def _of_group(address: str, action: str, fields: dict[str, str]) -> Bounce:
    diagnosis = fields.get("diagnostic-code", "")
    stated = STATUS.search(fields.get("status", "")) or STATUS.search(diagnosis)
    code = _best_status(stated[1] if stated else "", diagnosis, action)
    permanent = not code.startswith("4") and action != "delayed"
    return Bounce(address, permanent, code, clean(" ".join(diagnosis.split()))[:_MOST_DIAGNOSTIC])


def _best_status(status: str, diagnosis: str, action: str) -> str:
    """A server's ``5.0.0`` says less than the code that the other server gave.

    Where the two are at odds about a letter that was given up, the one that refused it knows better.
    """
    said = STATUS.search(diagnosis)
    better = said[1] if said and said[1][0] in "45" else ""
    if better and not better.endswith(".0.0") and (status.endswith(".0.0") or not status):
        return better
    reply = REPLY.search(diagnosis)
    at_odds = reply and status and action == "failed" and reply[1][0] == "5" == better[:1] != status[0]
    return better if at_odds else status


def _posted(raw: bytes, root: Part) -> list[Bounce]:
    """The bounce notification of Amazon SES in JSON, which a queue may have wrapped once more."""
    if root.children or not root.type.startswith("text/"):
        return []
    if b"bouncedRecipients" not in bodies.content(raw, root, _MOST_TEXT):
        return []  # nearly every letter; nothing was made of its text yet
    text = bodies.text(raw, root, _MOST_TEXT, [])
    if not (braced := _POSTED.search(text)):
        return []
    try:
        told = json.loads(braced[0], strict=False)
        told = json.loads(told["Message"], strict=False) if "Message" in told else told
        return list(_recipients(told["bounce"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _recipients(bounce: dict[str, Any]) -> Iterator[Bounce]:
    for each in bounce["bouncedRecipients"]:
        address = ADDRESS.search(str(each["emailAddress"]))
        diagnosis = str(each.get("diagnosticCode", ""))
        stated = STATUS.search(str(each.get("status", ""))) or STATUS.search(diagnosis)
        code = stated[1] if stated else ""
        permanent = code.startswith("5") if code else bounce.get("bounceType") != "Transient"
        if address:
            yield Bounce(clean(address[0]), permanent, code, clean(diagnosis)[:_MOST_DIAGNOSTIC])
