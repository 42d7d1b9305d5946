"""What a letter begins with: anew, as an answer, or as another's letter sent on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from sqlalchemy import Connection

from crm_tui.domain import languages
from crm_tui.domain.identity import address
from crm_tui.domain.letter import threading
from crm_tui.domain.text import clean, shorten
from crm_tui.services.letter import letter_origin
from crm_tui.services.letter.letter_origin import Box, Origin
from crm_tui.services.writing import signatures
from crm_tui.services.writing.letter_parts import File
from crm_tui.store.queries import accounts

MOST_QUOTED = 1000
"""Lines of a letter that its reply quotes; what follows is marked by an ellipsis."""
_FILE_NAME = 60

Whom = Literal["sender", "all", "list"]


@dataclass(frozen=True, slots=True)
class Writing:
    """A letter as it is typed."""

    account_id: int | None = None
    """The account that sends it."""
    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    body: str = ""
    format: str = "plain"
    """``plain``, or ``markdown``: sent as text and HTML (MAIL-33)."""
    reply_to_letter_id: int | None = None
    forward_letter_id: int | None = None
    interest_id: int | None = None
    """The Interest that the letter belongs to."""
    send_at: datetime | None = None
    """Chosen time of sending, None for at once."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A letter that begins with files in it."""

    writing: Writing
    files: tuple[File, ...] = ()


def new(connection: Connection, account_id: int, *, to: str = "", subject: str = "") -> Writing:
    """A new letter with the signature of its account (MAIL-27, MAIL-35)."""
    return Writing(account_id, to=to, subject=subject, body=signatures.placed(connection, account_id, ""))


def reply(
    connection: Connection, letter_id: int, account_id: int, *, zone: tzinfo, whom: Whom = "sender"
) -> Writing:
    """The beginning of an answer, the letter quoted under a line in its own language (MAIL-40).

    ``sender`` answers to Reply-To or From (RFC 5322 section 3.6.2), ``all`` to everybody but ourselves, or to those
    of Mail-Followup-To, ``list`` to the mailing list (RFC 2369 section 3.4). Whatever a hostile letter holds, what
    comes back can be typed on and sent: unusable addresses are left out. Raises NotFound.
    """
    origin = letter_origin.of(connection, letter_id)
    to, cc = _answered(connection, origin, whom)
    words = languages.WORDS[_language(origin)]
    wrote = words.wrote.format(date=_date(origin.date, zone), name=_who(origin))
    return Writing(
        account_id=account_id,
        to=joined(to),
        cc=joined(cc),
        subject=reply_subject(origin.subject),
        body=signatures.placed(connection, account_id, wrote + "\n" + quoted(origin.text)),
        reply_to_letter_id=letter_id,
        interest_id=origin.interest_id,
    )


def forward(
    connection: Connection, letter_id: int, account_id: int, *, zone: tzinfo, attached: bool = False
) -> Begun:
    """A letter sent on: its text and files in a letter of ours, or (``attached``) the whole of it as a file in ours.

    Raises NotFound (``no_such_record``, ``body_not_here``).
    """
    origin = letter_origin.of(connection, letter_id)
    raw = letter_origin.raw(connection, letter_id)
    if attached:
        name = shorten(" ".join(clean(origin.subject).split()), _FILE_NAME) or "letter"
        files: tuple[File, ...] = (File(f"{name}.eml", "message/rfc822", raw),)
        body = ""
    else:
        files = letter_origin.files(raw)
        body = _sent_on(origin, zone)
    writing = Writing(
        account_id=account_id,
        subject=forward_subject(origin.subject),
        body=signatures.placed(connection, account_id, body),
        forward_letter_id=letter_id,
        interest_id=origin.interest_id,
    )
    return Begun(writing, files)


def reply_subject(subject: str) -> str:
    """``Re:`` and the subject without the marks of earlier answers."""
    return f"Re: {_bare(subject)}".rstrip()


def forward_subject(subject: str) -> str:
    """``Fwd:`` and the subject without the marks of earlier answers."""
    return f"Fwd: {_bare(subject)}".rstrip()


def quoted(text: str) -> str:
    """The text with ``>`` before each line; its trailing empty lines are left out."""
    lines = clean(text, multiline=True).rstrip().split("\n")
    more = [">", "> […]"] if len(lines) > MOST_QUOTED else []
    marked = [(">" if not line or line.startswith(">") else "> ") + line for line in lines[:MOST_QUOTED]]
    return "\n".join(marked + more) + "\n"


def joined(boxes: Iterable[Box]) -> str:
    """The mailboxes as they stand in a recipient field."""
    return ", ".join(address.joined(name, where) for name, where in boxes)


def outsiders(connection: Connection, addresses: Sequence[str]) -> set[str]:
    """Those of the addresses that are neither ours nor of a domain of our own (T-5)."""
    own = accounts.own_addresses(connection)
    domains = {address.domain_of(one) for one in own} - address.FREE_MAIL
    return {
        one for one in addresses if address.normal(one) not in own and address.domain_of(one) not in domains
    }


def _answered(connection: Connection, origin: Origin, whom: Whom) -> tuple[list[Box], list[Box]]:
    """To and Cc of an answer; an answer to a letter of our own goes to those whom that one was sent to."""
    own = accounts.own_addresses(connection)
    author = origin.reply_to or [origin.sender]
    if whom == "list" and origin.list_post:
        return _usable([("", origin.list_post)]), []
    if whom == "all" and origin.followup_to:
        return _usable(origin.followup_to, without=own), []
    if all(address.normal(where) in own for _name, where in author):
        author = origin.to or author
        others: list[Box] = []
    else:
        others = origin.to
    if whom != "all":
        return _usable(author), []
    to = _usable([*author, *others], without=own) or _usable(author)
    known = own | {address.normal(where) for _name, where in to}
    copies = [*origin.cc, *([("", origin.list_post)] if origin.list_post else [])]
    return to, _usable(copies, without=known)


def _usable(boxes: Iterable[Box], without: frozenset[str] | set[str] = frozenset()) -> list[Box]:
    usable: dict[str, Box] = {}
    for name, where in boxes:
        key = address.normal(where)
        if key not in without and address.is_valid(where):
            usable.setdefault(key, (name, where))
    return list(usable.values())


def _sent_on(origin: Origin, zone: tzinfo) -> str:
    words = languages.WORDS[_language(origin)]
    head = [
        f"---------- {words.forwarded} ----------",
        f"{words.sender}: {joined([origin.sender])}",
        f"{words.date}: {_date(origin.date, zone)}",
        f"{words.subject}: {' '.join(clean(origin.subject).split())}",
        f"{words.to}: {joined(origin.to)}",
    ]
    if origin.cc:
        head.append(f"{words.cc}: {joined(origin.cc)}")
    lines = clean(origin.text, multiline=True).rstrip().split("\n")
    return clean("\n".join([*head, "", *lines]), multiline=True) + "\n"


def _bare(subject: str) -> str:
    return threading.unmarked(" ".join(clean(subject).split()))


def _language(origin: Origin) -> str:
    return languages.guess(origin.text, otherwise=languages.guess(origin.subject))


def _date(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%d.%m.%Y, %H:%M}"


def _who(origin: Origin) -> str:
    name, where = origin.sender
    return " ".join(clean(name).split()) or clean(where)
