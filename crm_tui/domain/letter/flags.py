"""System flags of a letter as bits (RFC 9051 section 2.3.2)."""

import re
from enum import IntFlag

PROCESSED = "$crm_processed"
"""Keyword of a letter that was accepted or declined as an inquiry: others in a shared mailbox see it."""
CLAIMED = "$crm_claimed"
"""Keyword of a letter that somebody in a shared mailbox has open or answers."""
FORWARDED = "$Forwarded"
"""RFC 5788."""
_KEYWORD = re.compile(r"[!#$&\'+,./:;<=>?@\[^_`|~\-0-9A-Za-z]{1,100}")


class Flag(IntFlag):
    """One bit a system flag; keywords are kept by name beside them."""

    SEEN = 1
    ANSWERED = 2
    FLAGGED = 4
    DELETED = 8
    DRAFT = 16


NAMES: dict[Flag, str] = {
    Flag.SEEN: "\\Seen",
    Flag.ANSWERED: "\\Answered",
    Flag.FLAGGED: "\\Flagged",
    Flag.DELETED: "\\Deleted",
    Flag.DRAFT: "\\Draft",
}


def is_keyword(word: str) -> bool:
    """Whether a server can keep this as a keyword: an atom (RFC 9051 section 9)."""
    return _KEYWORD.fullmatch(word) is not None
