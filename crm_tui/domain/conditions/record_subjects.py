"""Subjects of conditions about customers, contact persons, leads, Interests, tasks, documents, calls and meetings.

Most of their fields follow from ``record_fields``; what is asked for besides (last touch, nothing planned, age in the
state, sums) and the company's own fields stand here. A word is chosen from a list that the company keeps, so that a
subject is made with those at hand: ``services.record.condition_subjects``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crm_tui.domain import document_words
from crm_tui.domain.conditions.condition_fields import FieldOf, Kind, Subject, subject_of
from crm_tui.domain.conditions.record_fields import FIELDS, RecordField
from crm_tui.i18n import N_

RECORDS = ("customer", "contact", "lead", "interest", "task", "document", "interaction")
"""The kinds of records that have a subject, each named as its table."""
CUSTOM = "custom."
"""Begins the id of a field that the company added; its code follows."""
MINOR = "minor"
"""What a number is ``of`` that is kept in minor units of money, and compared in whole ones."""
SEGMENT = "segment"
"""The field that says in which kept results a record is (CORP-46)."""

Choices = Sequence[tuple[str, str]]
WordsOf = Callable[[str], Choices]
"""Code and name of the words of a list."""

_KINDS: Mapping[str, Kind] = {
    "text": Kind.TEXT,
    "long_text": Kind.TEXT,
    "number": Kind.NUMBER,
    "per_cent": Kind.NUMBER,
    "money": Kind.NUMBER,
    "date": Kind.DATE,
    "instant": Kind.DATE,
    "yes_no": Kind.FLAG,
    "word": Kind.CHOICE,
}
_FEW = ("user", "scenario", "state")
"""Tables so small that one of their records is chosen; of others the name is compared."""
_LEFT_OUT = frozenset({"merged_into_id", "trashed_at"})
"""What is in the trash stands in no list."""

DIRECTIONS = (("in", N_("from the client")), ("out", N_("to the client")))
OUTCOMES = (("open", N_("open")), ("won", N_("won")), ("lost", N_("lost")))
CHOICES: Mapping[tuple[str, str], Choices] = {
    ("lead", "status"): (("open", N_("open")), ("converted", N_("a customer")), ("lost", N_("lost"))),
    ("task", "status"): (("open", N_("open")), ("done", N_("done")), ("cancelled", N_("cancelled"))),
    ("document", "kind"): tuple(document_words.KINDS.items()),
    ("document", "status"): tuple(document_words.STATUSES.items()),
    ("interaction", "kind"): (
        ("call", N_("Call")), ("meeting", N_("Meeting")), ("conference", N_("Internet conference")),
        ("letter", N_("Letter")), ("message", N_("Message")),
    ),
    ("interaction", "status"): (
        ("planned", N_("planned")), ("held", N_("held")), ("cancelled", N_("cancelled")),
        ("missed", N_("missed")),
    ),
}  # fmt: skip
"""Kind of record and field → the words that the program itself gives it."""

_MADE = (
    FieldOf("created_at", N_("Created"), Kind.DATE),
    FieldOf("changed_at", N_("Changed"), Kind.DATE),
)
_TOUCH = FieldOf("last_touch", N_("Last touch"), Kind.DATE)
_NO_NEXT = FieldOf("no_next", N_("No next action"), Kind.FLAG)
_EMAIL = FieldOf("email", N_("E-mail"), Kind.TEXTS)
_PHONE = FieldOf("phone", N_("Phone"), Kind.TEXTS)
_OPEN = FieldOf("open_count", N_("Open Interests"), Kind.NUMBER)
_SUM = FieldOf("open_sum", N_("Open sum"), Kind.NUMBER)

MORE: Mapping[str, Sequence[FieldOf]] = {
    "customer": (
        _TOUCH, FieldOf("neglected", N_("Neglected"), Kind.FLAG), _NO_NEXT, _OPEN, _SUM, _EMAIL, _PHONE, *_MADE,
    ),
    "contact": (_EMAIL, _PHONE, *_MADE),
    "lead": (_TOUCH, _NO_NEXT, _OPEN, _SUM, _EMAIL, _PHONE, *_MADE),
    "interest": (
        FieldOf("outcome", N_("Outcome"), Kind.CHOICE, OUTCOMES),
        FieldOf("age", N_("Days in the state"), Kind.NUMBER),
        FieldOf("next_action", N_("Next action"), Kind.DATE),
        _NO_NEXT, _TOUCH, *_MADE,
    ),
    "task": (FieldOf("overdue", N_("Overdue"), Kind.FLAG), *_MADE),
    "document": _MADE,
    "interaction": (
        FieldOf("direction", N_("Direction"), Kind.CHOICE, DIRECTIONS),
        *_MADE,
    ),
}  # fmt: skip
"""What is asked for besides the columns."""

_CUSTOM_KINDS: Mapping[str, Kind] = {
    "number": Kind.NUMBER,
    "money": Kind.NUMBER,
    "date": Kind.DATE,
    "yes_no": Kind.FLAG,
    "choice": Kind.CHOICE,
}


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field that the company added, as conditions know it."""

    code: str
    label: str
    type: str
    choices: Choices = ()


def subject_of_record(
    kind: str, words_of: WordsOf, own: Sequence[OwnField] = (), *, segments: bool = True
) -> Subject:
    """The subject of a kind of ``RECORDS``, with the words and the fields that the company has now."""
    fields = [*_columns(kind, words_of), *MORE[kind], *(_own(field) for field in own)]
    if segments:
        fields.append(FieldOf(SEGMENT, N_("In the segment"), Kind.REFERENCE, of=f"segment {kind}"))
    return subject_of(kind, *fields)


def is_named(field: RecordField) -> bool:
    """Whether of a reference the name of its record is compared."""
    return field.holds == "record" and field.of not in _FEW


def _columns(kind: str, words_of: WordsOf) -> Iterator[FieldOf]:
    for field in FIELDS[kind].values():
        if field.name in _LEFT_OUT:
            continue
        if (kind, field.name) in CHOICES:
            yield FieldOf(field.name, field.label, Kind.CHOICE, tuple(CHOICES[kind, field.name]))
        elif is_named(field):
            yield FieldOf(field.name, field.label, Kind.TEXT)
        elif field.holds == "record":
            yield FieldOf(field.name, field.label, Kind.REFERENCE, of=field.of)
        else:
            choices = tuple(words_of(field.of)) if field.holds == "word" else ()
            yield FieldOf(field.name, field.label, _KINDS[field.holds], choices)


def _own(field: OwnField) -> FieldOf:
    kind = _CUSTOM_KINDS.get(field.type, Kind.TEXT)
    of = MINOR if field.type == "money" else ""
    return FieldOf(CUSTOM + field.code, field.label, kind, tuple(field.choices), of)
