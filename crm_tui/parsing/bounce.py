"""Letters that say another letter was not delivered: the report of RFC 3464, and what other servers write.

Checked against the bounces of some seventy mail servers (tests/parsing/test_bounce.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crm_tui.domain.text import clean
from crm_tui.parsing import bodies
from crm_tui.parsing.parts import Part

_MOST_TEXT = 64 * 1024
_MOST = 200
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.:/-])([45]\d\d)(?=[\s-]|$)")
_FIELD = re.compile(r"^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)

_DAEMON = re.compile(
    r"mailer-?daemon|postmaster|mail ?delivery|mdaemon|double-bounce|bounce|mail system|mailadm|qmail"
    r"|\bmail ?administrator",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|non-?deliver|not be delivered|delivery (?:has )?(?:status|fail|problem|report|error|notif"
    r"|unsucc|delay|warning)"
    r"|returned (?:mail|to sender)|return(?:ed)? message|failure noti|mail (?:delivery|failure|error|could)"
    r"|failed (?:mail|deliv|message)"
    r"|message (?:status|not deliv|could not|undeliv|delayed|you sent)|user unknown|delayed|cannot send"
    r"|error sending|nondeliverable"
    r"|недоставлен|не (?:было |может быть )?доставлен|не доставлено|unzustellbar|rejected|bounce"
    r"|not delivered|mail system error",
    re.IGNORECASE,
)
# Below such a line stands the letter that came back, whose addresses are nobody's fault.
_RETURNED = re.compile(
    r"^.{0,40}(?:original message (?:follows|headers?)|-+ ?(?:the )?(?:original|returned"
    r"|undelivered) message|copy of (?:the|your) (?:message|letter)"
    r"|below this line is|(?:message|your) header(?:s)?(?: of .*)? follow|returned message"
    r"|unsent message (?:below|follows)"
    r"|(?:rejected|original) message (?:text|below)|message contents follow|start of (?:your|the) message"
    r"|received header|text of (?:your|the) message|undelivered message headers|forwarded message"
    r"|message body follows"
    r"|this is a copy|исходное сообщение|(?:Received|Return-Path|Message-ID|X-[\w-]+|MIME-Version):\s).*$",
    re.IGNORECASE | re.MULTILINE,
)
_DELAYED = re.compile(
    r"delayed|not yet been delivered|will (?:be retried|retry|keep trying|continue)"
    r"|delivery attempts will continue"
    r"|temporar|deferred|still being (?:tried|retried)|warning message only",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"permanent|giving up|given up|fail|undeliverable|could not be delivered|unknown|no such|rejected"
    r"|unable to deliver|does not exist",
    re.IGNORECASE,
)
_BLAMED = re.compile(
    r"^\s*(?:<|\(?(?:recipient|to|user|address|failed recipient|final recipient"
    r"|invalid(?: final delivery)? user(?:id)?|rcpt to)\b[^\n:]{0,30}:"
    r"|(?:[A-Za-z ]{0,12}\"?<?)?[\w.+=&'-]+@[\w.-]+>?\"?\s*(?:$|:|\.\.\.|\(|-|,|;|;))",
    re.IGNORECASE,
)
_ABOUT_RECIPIENT = re.compile(
    r"unknown|no such|not found|fail|undeliver|not (?:be )?deliver|reject|invalid|exist|mailbox|quota|full"
    r"|disabled|unable|couldn't|could not"
    r"|recipient|addressee|denied|refused|rcpt to|delayed|unavailable|not listed|permanent",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bounce:
    """One address that a letter did not reach; ``status`` is as in RFC 3463 (``5.1.1``) or empty."""

    address: str
    permanent: bool
    status: str


def bounces_in(raw: bytes, root: Part) -> tuple[Bounce, ...]:
    """The addresses a letter reports as not reached; empty for any letter that is no bounce. Never raises."""
    found: dict[str, Bounce] = {}
    reports = [part for part in root.walk() if _is_report(part)]
    for part in reports:
        for bounce in _reported(bodies.content(raw, part, _MOST_TEXT).decode("utf-8", "replace")):
            found.setdefault(bounce.address.lower(), bounce)
    if not found and not reports and _sounds_like_bounce(root):
        text = "\n".join(_notices(raw, root))
        listed = _failed_recipients(root)
        for bounce in _told(text, listed):
            found.setdefault(bounce.address.lower(), bounce)
    return tuple(found.values())[:_MOST]


def _is_report(part: Part) -> bool:
    return part.type in ("message/delivery-status", "message/global-delivery-status")


def _reported(report: str) -> Iterator[Bounce]:
    """The recipients of a delivery status (RFC 3464, 2.3): groups of fields parted by blank lines."""
    for group in re.split(r"\n[ \t]*\n", report.replace("\r\n", "\n")):
        fields = {name.lower(): value for name, value in reversed(_FIELD.findall(group))}
        recipient = fields.get("original-recipient") or fields.get("final-recipient") or ""
        action = fields.get("action", "failed").split("(")[0].strip().lower()
        address = _ADDRESS.search(recipient) or _ADDRESS.search(fields.get("final-recipient", ""))
        if action in ("delivered", "relayed", "expanded") or not address:
            continue
        diagnosis = fields.get("diagnostic-code", "")
        status = _STATUS.search(fields.get("status", "")) or _STATUS.search(diagnosis)
        code = _best_status(status[1] if status else "", diagnosis)
        permanent = not code.startswith("4") and action not in ("delayed",)
        yield Bounce(clean(address[0]), permanent, code)


def _best_status(status: str, diagnosis: str) -> str:
    """A server's ``5.0.0`` says less than the code the other server gave."""
    if status.endswith(".0.0") or not status:
        better = _STATUS.search(diagnosis)
        if better and not better[1].endswith(".0.0") and better[1][0] in "45":
            return better[1]
    return status


def _sounds_like_bounce(root: Part) -> bool:
    if "x-failed-recipients" in root.headers:
        return True
    # A list sends in the name of its bounce address (Sender) whatever its people write.
    senders = ("from",) if "list-post" in root.headers else ("from", "sender")
    sender = b" ".join(value for name in senders for value in root.headers.get(name, [])).decode(
        "utf-8", "replace"
    )
    subject = root.first("subject").decode("utf-8", "replace")
    nobody = root.first("return-path").strip() in (b"<>", b"<MAILER-DAEMON>")
    if subject.lower().startswith(("re:", "fwd:", "fw:")):
        return False
    return bool(_DAEMON.search(sender[:500]) or nobody) and (
        bool(_SUBJECT.search(subject[:500])) or bool(_DAEMON.search(sender[:500]))
    )


def _notices(raw: bytes, root: Part) -> Iterator[str]:
    """The texts of the letter's own parts, up to where the returned letter begins."""
    if not root.children:
        parts = [root]
    else:
        parts = [part for part in root.children if not part.type.startswith("message/")]
        parts += [leaf for part in parts for leaf in part.children]
    for part in parts:
        if part.children or not part.type.startswith("text/") or part.type == "text/rfc822-headers":
            continue
        text = bodies.text(raw, part, _MOST_TEXT, [])
        if part.type == "text/html":
            text = re.sub(r"<[^<>@]{0,500}>", "\n", text)
        text = text.replace("\r\n", "\n")
        returned = _RETURNED.search(text)
        yield text[: returned.start()] if returned and returned.start() > 40 else text


def _failed_recipients(root: Part) -> list[str]:
    text = b" ".join(root.headers.get("x-failed-recipients", [])).decode("utf-8", "replace")
    return _ADDRESS.findall(text)


def _told(text: str, listed: list[str]) -> Iterator[Bounce]:
    """The addresses that a notice in prose blames, each with the code that stands nearest below it."""
    lines = text.split("\n")
    blamed: list[tuple[str, int]] = []
    for number, line in enumerate(lines[:2000]):
        if not _BLAMED.match(line) and not _ABOUT_RECIPIENT.search(line):
            continue
        blamed.extend((address.rstrip("."), number) for address in _ADDRESS.findall(line[:1000]))
    blamed = [(address, at) for address, at in blamed if not _DAEMON.search(address.partition("@")[0])]
    if listed:
        wanted = {address.lower() for address in listed}
        blamed = [(address, at) for address, at in blamed if address.lower() in wanted]
        known = {address.lower() for address, _ in blamed}
        blamed += [(address, 0) for address in listed if address.lower() not in known]
    first = {address.lower(): (address, at) for address, at in reversed(blamed)}
    whole = _verdict(text)
    for address, at in list(reversed(first.values()))[:_MOST]:
        near = "\n".join(line[:1000] for line in lines[at : at + 12])
        told = _coded(near) or whole
        yield Bounce(clean(address), told[1], told[0])


def _coded(text: str) -> tuple[str, bool] | None:
    """Status and permanence by the first code in the text; None where it has none."""
    status = _STATUS.search(text)
    if status and status[1][0] in "45":
        return status[1], status[1].startswith("5")
    reply = _REPLY.search(text)
    return ("", reply[1].startswith("5")) if reply else None


def _verdict(text: str) -> tuple[str, bool]:
    """As `_coded`, by the words where there is no code."""
    delayed = _DELAYED.search(text) and (not _GIVEN_UP.search(text) or _DELAYED.search(text[:600]))
    return _coded(text) or ("", not delayed)
