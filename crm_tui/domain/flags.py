"""System flags of a letter as bits (RFC 9051 section 2.3.2)."""

from enum import IntFlag


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
