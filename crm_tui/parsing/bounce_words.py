"""How addresses, codes and verdicts look in the words of mail servers."""

import re
from dataclasses import dataclass, field

ADDRESS = re.compile(
    r"[\w.!#$%&*+/=?^`{|}~-][\w.!#$%&'*+/=?^`{|}~-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,10}"
)
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
"""An enhanced status code (RFC 3463)."""
REPLY = re.compile(r"(?<![\d.:/-])([45]\d\d)(?=[\s\]-]|$)")
"""A reply code of SMTP (RFC 5321 section 4.2)."""

DAEMON = re.compile(
    r"mailer-?daemon|post_?master|mail ?deliver|mdaemon|double-bounce|bounce|mail system|mailadm|qmail"
    r"|\bmail ?administrator",
    re.IGNORECASE,
)
"""Who writes notices."""
SUBJECT = re.compile(
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
SAYS_SO = re.compile(
    r"(?:could not|cannot|can't|couldn't) be deliver|(?:was|were) not delivered|undeliverable"
    r"|delivery (?:has )?failed"
    r"|не (?:удалось доставить|может быть доставлено|было доставлено)",
    re.IGNORECASE,
)
RETURNED = re.compile(
    r"^(?:.{0,40}(?:original message (?:follows|headers?)|-+ ?(?:the )?(?:original|returned"
    r"|undelivered) (?:message|mail)|copy of (?:the|your) (?:message|letter)"
    r"|below this line is|(?:message|your) header(?:s)?(?: of .*)? follow"
    r"|unsent message (?:below|follows)"
    r"|(?:rejected|original) message (?:text|below)|message contents follow|start of (?:your|the) message"
    r"|received header|text of (?:your|the) message|undelivered message headers|forwarded message"
    r"|message body follows"
    r"|this is a copy|исходное сообщение)|\W{0,20}returned message"
    r"|.{0,40}(?:Received|Return-Path|Message-ID|X-[\w-]+|MIME-Version):\s).*$",
    re.IGNORECASE | re.MULTILINE,
)
"""Below such a line stands the letter that came back, whose addresses are nobody's fault."""
DELAYED = re.compile(
    r"delayed|not yet been delivered|will (?:be retried|retry|keep trying|continue)"
    r"|delivery attempts will continue"
    r"|temporar|deferred|still being (?:tried|retried)|warning message only"
    r"|retry time(?:out)? (?:not reached|exceeded)",
    re.IGNORECASE,
)
GIVEN_UP = re.compile(
    r"permanent|giving up|given up|fail|undeliverable|could not be delivered|unknown|no such|rejected"
    r"|unable to deliver|does not exist",
    re.IGNORECASE,
)
BLAMED = re.compile(
    r"^\s*(?:<|\(?(?:recipient|to|user|address|failed recipient|final recipient|rcpt to"
    r"|invalid(?: final delivery)? user(?:id)?)\b[^\n:]{0,30}:"
    r"|\(?(?:could not be delivered|originally addressed) to\b"
    r"|(?:>{1,3} |\* )?(?:[A-Za-z ]{0,12}\"?<?)?[\w.+=&'-]+@[\w.-]+>?\"?\s*(?:$|:|\.\.\.|\(|\[|-|,|;|<))",
    re.IGNORECASE,
)
"""A line that begins with the address it is about."""
ABOUT_RECIPIENT = re.compile(
    r"unknown|no such|not found|fail|undeliver|not (?:be )?deliver|reject|invalid|exist|mailbox|quota|full"
    r"|disabled|unable|couldn't|could not|error|addressed"
    r"|recipient|addressee|denied|refused|rcpt to|delayed|unavailable|not listed|permanent",
    re.IGNORECASE,
)
STRUCTURED = re.compile(
    r"^[^\w\n]{0,20}(?:rcpt to|final-recipient|failed recipients?|recipient address|failing address(?:es)?"
    r"|could not be delivered to)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""No person writes so."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """One address that a letter did not reach; ``status`` is as in RFC 3463 (``5.1.1``) or empty."""

    address: str
    permanent: bool
    status: str
    diagnostic: str = field(default="", compare=False)
    """The words of the server that refused, where they are told."""
