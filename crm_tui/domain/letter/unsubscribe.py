"""How to leave a mailing list: the ways that its List-Unsubscribe header offers (RFC 2369, RFC 6068, RFC 8058)."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from crm_tui.domain.identity import address
from crm_tui.domain.text import clean

_LIMIT = 16_384
_MOST = 10
_LISTED = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class ByLetter:
    """Write a letter."""

    to: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class ByPage:
    """Visit a page (``https`` or ``http``)."""

    url: str


def ways(header: str) -> list[ByLetter | ByPage]:
    """What the header offers, in its order; addresses of other kinds are left out. Never raises."""
    found: list[ByLetter | ByPage] = []
    for written in _LISTED.findall(header[:_LIMIT])[:_MOST]:
        url = clean("".join(written.split()))
        scheme = url.partition(":")[0].lower()
        if scheme == "mailto":
            letter = _letter(url)
            if letter is not None:
                found.append(letter)
        elif scheme in ("https", "http"):
            found.append(ByPage(url))
    return list(dict.fromkeys(found))


def _letter(url: str) -> ByLetter | None:
    """Only one recipient, a subject and a text are taken from the address: never further headers or recipients."""
    try:
        parts = urlsplit(url)
        to = unquote(parts.path)
        fields = {name.lower(): value for name, value in reversed(parse_qsl(parts.query, max_num_fields=20))}
    except ValueError:
        return None
    if not address.is_valid(to):
        return None
    subject = " ".join(clean(fields.get("subject", "")).split())[:200]
    return ByLetter(to, subject or "unsubscribe", clean(fields.get("body", ""), multiline=True)[:2000])
