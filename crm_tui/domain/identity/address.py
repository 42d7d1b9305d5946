"""E-mail addresses: one form to compare by, and display names that cannot smuggle in a second address."""

import re
import unicodedata

from crm_tui.domain.text import clean

_DOMAIN_LIMIT = 253  # RFC 1035 2.3.4, and the IDNA codec is slow on long input

_NO_REPLY = re.compile(
    r"(no[-_.]?reply|(do[-_.]?)?not?[-_.]?reply|mailer[-_.]?daemon|postmaster|bounces?|auto[-_.]?reply"
    r"|noresponse|no[-_.]?response|nobody|notifications?|notify)"
    r"([-_.+=\d].*)?",
)

_QUOTED = re.compile(r"\\(.)")
_NEEDS_QUOTES = re.compile(r'[()<>\[\]:;@\\,."\']')
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]+@[^\s@<>()\[\],;:\\\"]+", re.ASCII)


def normal(address: str) -> str:
    """The form under which an address is stored and compared: case-folded, with the domain in ASCII (IDNA).

    ``Почта@Пример.РФ`` and ``почта@xn--e1afmkfd.xn--p1ai`` are one. What is not an address is only folded.
    Never raises.
    """
    folded = unicodedata.normalize("NFKC", address.strip().strip("<>").strip()).casefold()
    local, at, domain = folded.rpartition("@")
    if not at:
        return folded
    return f"{local}@{_ascii(domain.strip().rstrip('.'))}"


def _ascii(domain: str) -> str:
    if domain.isascii() or len(domain) > _DOMAIN_LIMIT:
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def domain_of(address: str) -> str:
    """The domain of an address in its normal form, or an empty string."""
    return normal(address).rpartition("@")[2] if "@" in address else ""


def is_valid(address: str) -> bool:
    """Whether a letter can be sent to this: ``local@domain`` no white space, no list character."""
    local, _, domain = address.rpartition("@")
    return (
        _ADDRESS.fullmatch(address) is not None
        and address.isprintable()
        and len(local.encode(errors="replace")) <= 64
        and 0 < len(domain) <= _DOMAIN_LIMIT
        and all(domain.split("."))
    )


def is_no_reply(address: str) -> bool:
    """Whether nobody reads letters to this address, so nothing automatic may go there (assurance 1.8)."""
    return _NO_REPLY.fullmatch(normal(address).rpartition("@")[0]) is not None


def split(text: str) -> tuple[str, str]:
    """``(display name, address)`` of one typed or printed mailbox; the address is empty when there is none.

    ``Айгуль <a@b.kz>``, ``"Иванов, И." <a@b.kz>``, ``a@b.kz`` and ``a@b.kz (Айгуль)`` are understood.
    Never raises.
    """
    text = clean(text).strip()
    if text.endswith(">") and "<" in text:
        name, _, address = text[:-1].rpartition("<")
        return _unquoted(name), address.strip()
    if text.endswith(")") and "@" in text.partition("(")[0]:
        address, _, name = text[:-1].partition("(")
        return _unquoted(name), address.strip()
    return ("", text) if "@" in text else (_unquoted(text), "")


def split_list(text: str) -> list[tuple[str, str]]:
    """The mailboxes of a typed recipient field, separated by commas, semicolons or line ends."""
    parts: list[str] = []
    part, quoted, angled, escaped = "", False, False, False
    for c in text:
        if escaped:
            escaped = False
        elif quoted and c == "\\":
            escaped = True
        elif c == '"' and not angled:
            quoted = not quoted
        elif c in "<>" and not quoted:
            angled = c == "<"
        elif c in ",;\n" and not quoted and not angled:
            parts.append(part)
            part = ""
            continue
        part += c
    parts.append(part)
    return [split(part) for part in parts if part.strip()]


def joined(name: str, address: str) -> str:
    """One mailbox for a person to read or edit: ``Name <address>``, the name quoted where it must be.

    `split` gives the same pair back, whatever the name holds, so a name like ``Ivan, evil@evil`` cannot
    become another recipient.
    """
    name = " ".join(clean(name).split())
    if not name:
        return address
    if _NEEDS_QUOTES.search(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{address}>"


def _unquoted(name: str) -> str:
    name = name.strip()
    if len(name) >= 2 and name[0] == name[-1] == '"':
        name = _QUOTED.sub(r"\1", name[1:-1])
    return " ".join(name.split())


FREE_MAIL = frozenset(
    {
        "bk.ru",
        "gmail.com",
        "hotmail.com",
        "i.ua",
        "icloud.com",
        "inbox.ru",
        "list.ru",
        "live.com",
        "mail.ru",
        "meta.ua",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "rambler.ru",
        "ukr.net",
        "ya.ru",
        "yahoo.com",
        "yandex.kz",
        "yandex.ru",
        "yandex.ua",
    }
)
"""Domains where the same domain says nothing about the same firm."""
