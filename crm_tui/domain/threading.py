"""Which letters belong together: message identifiers (RFC 5322 3.6.4) and the key of a thread."""

import re

_LIMIT = 16_384  # characters of one header that are looked at (assurance 1.3)
_IDS_LIMIT = 200
_BRACKETED = re.compile(r"<([^<>]*)>")


def message_id(text: str | None) -> str | None:
    """One identifier in the form it is compared in: no brackets, no white space; None when there is none.

    The domain of an identifier does not care about letter case, the part before it does.
    """
    ids = message_ids(text)
    return ids[0] if ids else None


def message_ids(text: str | None) -> list[str]:
    """The identifiers of a References or In-Reply-To header, oldest first, each once. Never raises.

    White space inside brackets is what folding left behind. Text without brackets is taken where it looks like an
    identifier, since some programs leave them out; the phrases of old In-Reply-To headers are skipped.
    """
    if not text:
        return []
    text = text[:_LIMIT]
    found = _BRACKETED.findall(text) or [word.strip("<>,;") for word in text.split() if "@" in word]
    ids = (_normal(one) for one in found)
    return list(dict.fromkeys(one for one in ids if one))[:_IDS_LIMIT]


def _normal(identifier: str) -> str:
    joined = "".join(c for c in identifier if c.isprintable() and not c.isspace())
    left, at, domain = joined.rpartition("@")
    return f"{left}@{domain.lower()}" if at else joined


def ancestors(references: str | None, in_reply_to: str | None) -> list[str]:
    """The letters that a letter answers, from the first of the thread to the one answered directly."""
    chain = message_ids(references)
    parents = message_ids(in_reply_to)
    # An In-Reply-To with several identifiers names no single parent (RFC 5322): only References order them.
    if len(parents) == 1:
        chain = [one for one in chain if one != parents[0]] + parents
    return chain


def thread_key(own_id: str | None, references: str | None, in_reply_to: str | None) -> str | None:
    """The identifier of the first letter of the thread, which every letter of it leads back to.

    The letter's own identifier when it answers nothing; None when nothing names it.
    """
    chain = ancestors(references, in_reply_to)
    own = message_id(own_id)
    return next((one for one in chain if one != own), own)
