"""The look at a letter before it goes out: what refuses it, and what a person is asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from crm_tui.domain.errors import Refused
from crm_tui.domain.identity import address
from crm_tui.domain.letter import template
from crm_tui.i18n import N_
from crm_tui.services.writing import compose, letter_build, signatures
from crm_tui.services.writing.compose import Writing
from crm_tui.services.writing.draft_files import FileRow
from crm_tui.services.writing.letter_build import Recipients
from crm_tui.store.tables import Letter, LetterText, table_of

MANY = 15
"""Addresses in To and Cc that everybody sees, from which it is asked whether that is meant."""

QUESTIONS: dict[str, str] = {
    "no_subject": N_("The letter has no subject."),
    "attachment_missing": N_("The text speaks of a file, and none is attached."),
    "no_reply": N_("Nobody reads what is sent to an address like no-reply."),
    "many_recipients": N_("Everybody sees the addresses of all: put them into Bcc?"),
}
"""What a person is asked before the letter goes."""


@dataclass(frozen=True, slots=True)
class Review:
    """What a look at the letter found."""

    recipients: Recipients
    outside: frozenset[str]
    """Addresses that are neither ours nor of a domain of our own."""
    empty: tuple[str, ...]
    """Placeholders without a value, ``contact.first_name``: the letter cannot be sent."""
    questions: tuple[str, ...]
    """Codes of `QUESTIONS`."""
    size: int
    """Octets of the files."""


def look(connection: Connection, writing: Writing, files: Sequence[FileRow], attachment_words: str) -> Review:
    """Look the letter through; ``attachment_words`` is the setting of that name, a regular expression.

    Raises Invalid like ``letter_build.recipients_of``.
    """
    recipients = letter_build.recipients_of(writing)
    questions = {
        "no_subject": not writing.subject.strip(),
        "attachment_missing": not any(not one.inline for one in files)
        and speaks_of_file(writing, attachment_words),
        "no_reply": any(map(address.is_no_reply, recipients.addresses)),
        "many_recipients": len({where for _name, where in (*recipients.to, *recipients.cc)}) >= MANY,
    }
    return Review(
        recipients,
        frozenset(compose.outsiders(connection, recipients.addresses)),
        placeholders(connection, writing),
        tuple(code for code, asked in questions.items() if asked),
        sum(one.size for one in files),
    )


def speaks_of_file(writing: Writing, words: str) -> bool:
    """Whether what was written here, not what is quoted or signed, has a word by which a file is announced."""
    if not words:
        return False
    return re.search(words, f"{writing.subject if not _is_answer(writing) else ''}\n{own_text(writing.body)}",
                     re.IGNORECASE) is not None  # fmt: skip


def own_text(body: str) -> str:
    """The body without quoted lines, the signature, and the letter that is sent on."""
    lines: list[str] = []
    signed = False
    for line in body.split("\n"):
        if line.startswith(signatures.QUOTE_MARKS[1]):
            break
        if line == signatures.DELIMITER:
            signed = True
        elif line.startswith(">"):
            signed = False
        elif not signed:
            lines.append(line)
    return "\n".join(lines)


def placeholders(connection: Connection, writing: Writing) -> tuple[str, ...]:
    """What of a template is still without a value in the letter.

    What another wrote does not count: quoted lines, and what stood in the subject and text of the letter sent on.
    """
    own = "\n".join(line for line in writing.body.split("\n") if not line.startswith(">"))
    subject, body = template.left_open(writing.subject), template.left_open(own)
    theirs_id = writing.reply_to_letter_id or writing.forward_letter_id
    if (subject or body) and theirs_id is not None:
        letter, text = table_of(Letter), table_of(LetterText)
        theirs = template.left_open(
            connection.scalar(select(letter.c.subject).where(letter.c.id == theirs_id)) or ""
        )
        subject = tuple(name for name in subject if name not in theirs)
        if writing.forward_letter_id is not None:
            sent_on = connection.scalar(select(text.c.text).where(text.c.letter_id == theirs_id)) or ""
            theirs = (*theirs, *template.left_open(sent_on))
            body = tuple(name for name in body if name not in theirs)
    return tuple(dict.fromkeys((*subject, *body)))


def refuse_placeholders(connection: Connection, writing: Writing) -> None:
    """Raise Refused (``placeholders_empty``) for a letter with something of a template left in it (field.md C-14)."""
    found = placeholders(connection, writing)
    if found:
        raise Refused("placeholders_empty", names=", ".join(found))


def _is_answer(writing: Writing) -> bool:
    return writing.reply_to_letter_id is not None or writing.forward_letter_id is not None
