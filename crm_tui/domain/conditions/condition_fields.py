"""What conditions can be about: the fields of a subject, their kinds, and how each kind can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crm_tui.i18n import N_


class Kind(StrEnum):
    """What a field holds, and so how it is compared."""

    TEXT = "text"
    TEXTS = "texts"
    """Several texts, such as the names and addresses of recipients: one of them is enough."""
    WORDS = "words"
    """A long text, found by its words in any of their forms, as the quick search finds them."""
    NUMBER = "number"
    DATE = "date"
    """An instant, compared by days of the person's zone."""
    FLAG = "flag"
    CHOICE = "choice"
    """One of a few fixed values."""
    REFERENCE = "reference"
    """The id of a record."""


class Operator(StrEnum):
    """How a field is compared (MAIL-47)."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    BEGINS = "begins"
    IN = "in"
    FILLED = "filled"
    EMPTY = "empty"
    GREATER = "greater"
    LESS = "less"
    BETWEEN = "between"


WITHOUT_VALUE = frozenset({Operator.FILLED, Operator.EMPTY})

_TEXT = (
    Operator.CONTAINS, Operator.NOT_CONTAINS, Operator.EQUALS, Operator.NOT_EQUALS, Operator.BEGINS,
    Operator.IN, Operator.FILLED, Operator.EMPTY,
)  # fmt: skip
_ONE_OF = (Operator.EQUALS, Operator.NOT_EQUALS, Operator.IN, Operator.FILLED, Operator.EMPTY)
_MEASURED = (
    Operator.EQUALS, Operator.NOT_EQUALS, Operator.GREATER, Operator.LESS, Operator.BETWEEN, Operator.FILLED,
    Operator.EMPTY,
)  # fmt: skip

OPERATORS: Mapping[Kind, tuple[Operator, ...]] = {
    Kind.TEXT: _TEXT,
    Kind.TEXTS: _TEXT,
    Kind.WORDS: (Operator.CONTAINS, Operator.NOT_CONTAINS, Operator.FILLED, Operator.EMPTY),
    Kind.NUMBER: (*_MEASURED, Operator.IN),
    Kind.DATE: _MEASURED,
    Kind.FLAG: (Operator.EQUALS,),
    Kind.CHOICE: _ONE_OF,
    Kind.REFERENCE: _ONE_OF,
}
"""How fields of a kind can be compared, the most usual first."""


@dataclass(frozen=True, slots=True)
class FieldOf:
    """One field of a subject. ``title`` is a source text; ``choices`` are (value, source text)."""

    id: str
    title: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()
    of: str = ""
    """What a reference points to: ``user``, ``folder``, ``account``."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of record that conditions are about, with the only fields they may name."""

    id: str
    fields: Mapping[str, FieldOf]


def subject_of(id: str, *fields: FieldOf) -> Subject:
    """A subject with these fields, in the order in which they are offered."""
    return Subject(id, {field.id: field for field in fields})


LETTER = subject_of(
    "letter",
    FieldOf("sender", N_("Sender"), Kind.TEXTS),
    FieldOf("recipient", N_("Recipient"), Kind.TEXTS),
    FieldOf("to", N_("To"), Kind.TEXTS),
    FieldOf("cc", N_("Cc"), Kind.TEXTS),
    FieldOf("subject", N_("Subject"), Kind.TEXT),
    FieldOf("text", N_("Text"), Kind.WORDS),
    FieldOf("list_id", N_("Mailing list"), Kind.TEXT),
    FieldOf("date", N_("Date"), Kind.DATE),
    FieldOf("size", N_("Size, KB"), Kind.NUMBER),
    FieldOf("unread", N_("Unread"), Kind.FLAG),
    FieldOf("important", N_("Important"), Kind.FLAG),
    FieldOf("answered", N_("Answered"), Kind.FLAG),
    FieldOf("files", N_("Attachments"), Kind.FLAG),
    FieldOf("linked", N_("Belongs to an Interest"), Kind.FLAG),
    FieldOf(
        "decision",
        N_("Inquiry"),
        Kind.CHOICE,
        (("accepted", N_("accepted")), ("declined", N_("declined"))),
    ),
    FieldOf(
        "kind",
        N_("Kind of letter"),
        Kind.CHOICE,
        (
            ("letter", N_("letter")),
            ("list", N_("mailing list")),
            ("automatic", N_("automatic letter")),
            ("auto_reply", N_("automatic answer")),
            ("bounce", N_("delivery report")),
            ("receipt", N_("receipt")),
            ("invitation", N_("invitation")),
            ("unreadable", N_("unreadable")),
        ),
    ),
    FieldOf("keyword", N_("Keyword"), Kind.TEXTS),
    FieldOf("owner", N_("Owner"), Kind.REFERENCE, of="user"),
    FieldOf("folder", N_("Folder"), Kind.REFERENCE, of="folder"),
    FieldOf("account", N_("Account"), Kind.REFERENCE, of="account"),
)
"""Letters at a place (MAIL-46, MAIL-47, MAIL-51). Their owner is who decided about them, or whose mailbox it is."""

SUBJECTS: Mapping[str, Subject] = {LETTER.id: LETTER}
"""Every subject by its id, which is also the kind of its saved filters."""
