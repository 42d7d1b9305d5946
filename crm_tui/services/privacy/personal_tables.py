"""Every table of the store: whether it holds what is personal, whose it is, and what an erasure does to it (C-13).

A test compares this with the tables themselves, column by column: a new one is not forgotten.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_

from crm_tui.services.privacy.person import ERASED, KINDS, Person, own_interests
from crm_tui.store.erasing import Column, among


@dataclass(frozen=True, slots=True)
class OfColumn:
    """What another column of the row says."""

    name: str


Find = Callable[[Person, Column], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Personal:
    """How a table's rows are found for a person, and what an erasure leaves of them."""

    find: Find
    """The clause, of the columns of the table or of a journalled image of a row that is gone."""
    erased: Mapping[str, Any]
    """What each column of words becomes."""
    codes: tuple[str, ...] = ()
    """Columns of text that hold words of the program or of the company, and stay."""
    removed: bool = False
    """The row goes."""
    kept: Find | None = None
    """Rows of which only the name is replaced, wherever it stands in the columns of words."""
    left_out: tuple[str, ...] = field(default=())
    """Columns not exported: they say again what others say."""


def _of(name: str, *columns: str) -> Find:
    """Rows that are the person's by id, and gone ones that named the person in one of these columns."""

    def clause(person: Person, column: Column) -> ColumnElement[bool]:
        refers = [
            among(column(each), own_interests(person) if each == "interest_id" else person.of(_TARGETS[each]))
            for each in columns
        ]
        return or_(among(column("id"), person.of(name)), *refers)

    return clause


def _kept(name: str) -> Find:
    return lambda person, column: among(column("id"), person.kept.get(name, set()))


def _by(column_name: str, name: str) -> Find:
    """Rows that refer to rows of the person."""
    return lambda person, column: among(column(column_name), person.of(name))


def _by_kept(column_name: str, name: str) -> Find:
    """Rows that refer to rows of the person of which only the name is replaced."""
    return lambda person, column: among(column(column_name), person.kept[name])


def _hung_on(kind: str, record_id: str, *, letters: bool = False) -> Find:
    """Rows that name a record of any kind."""

    def clause(person: Person, column: Column) -> ColumnElement[bool]:
        kinds = (*KINDS, *_HUNG_ON, *(("letter",) if letters else ()))
        return or_(
            false(),
            *(and_(column(kind) == each, among(column(record_id), person.of(each))) for each in kinds),
        )

    return clause


def _said_in(*columns: str) -> Find:
    return lambda person, column: person.mentioned(column, *columns)


def _parties(*columns: str) -> Callable[[Person, Column], ColumnElement[bool]]:
    return lambda person, column: or_(
        false(),
        *(person.is_party(kind, column(columns[0]), column(each)) for kind in KINDS for each in columns[1:]),
    )


_HUNG_ON = ("interest", "interaction", "task", "event", "document")
_TARGETS = {
    "customer_id": "customer",
    "contact_id": "contact",
    "lead_id": "lead",
    "letter_id": "letter",
    "interaction_id": "interaction",
}
_OF_INTEREST, _OF_KEPT_INTEREST = _by("interest_id", "interest"), _by_kept("interest_id", "interest")
_HANGING = _hung_on("subject_kind", "subject_id", letters=True)
_ABOUT = _hung_on("object_kind", "object_id")
_OWNED, _RUN = _parties("owner_kind", "owner_id"), _by("process_id", "process")


def _only_said(person: Person, column: Column) -> ColumnElement[bool]:
    """A reminder or notification of what stays: only the name in it is replaced."""
    stays = (
        and_(column("subject_kind") == kind, among(column("subject_id"), ids))
        for kind, ids in person.kept.items()
    )
    return or_(not_(_HANGING(person, column)), *stays)


def _word(*names: str, **others: Any) -> dict[str, Any]:
    return dict.fromkeys(names, "") | others


PERSONAL: Mapping[str, Personal] = {
    "customer": Personal(
        _of("customer"),
        _word("city", "notes", "region", "address", "activity", "source", "tax_number", "birthday", "country",
              name=ERASED, name_fold=ERASED, custom={}),
        codes=("kind", "status"),
    ),
    "contact": Personal(
        _of("contact"),
        _word("role", "notes", "influence", "birthday", "address", name=ERASED, name_fold=ERASED, custom={}),
    ),
    "lead": Personal(
        _of("lead"),
        _word("company", "source", "notes", "purpose", "close_reason", "city", "role",
              name=ERASED, name_fold=ERASED, custom={}),
        codes=("status",),
    ),
    "contact_info": Personal(
        _parties("owner_kind", "owner_id"), _word("value", "normal"), codes=("owner_kind", "kind"), removed=True
    ),
    "legal_entity": Personal(
        _of("legal_entity"),
        _word("country", "tax_number", "registration_number", "address", "bank_details", "notes",
              name=ERASED, name_fold=ERASED, custom={}),
        kept=_kept("legal_entity"),
    ),
    "relation": Personal(
        lambda person, column: or_(
            *(among(column(name), person.of("customer")) for name in ("from_id", "to_id"))
        ),
        _word("notes"), codes=("kind",), removed=True,
    ),
    "visit": Personal(_hung_on("kind", "record_id", letters=True), {}, codes=("kind",), removed=True),
    "not_duplicate": Personal(_parties("kind", "one_id", "other_id"), {}, codes=("kind",), removed=True),
    "interest": Personal(
        _of("interest", "customer_id"),
        _word("source", "purpose", "close_reason", "short_status", "terms",
              name=ERASED, name_fold=ERASED, custom={}),
        codes=("currency",), kept=_kept("interest"),
    ),
    "interest_line": Personal(_OF_INTEREST, _word("name"), codes=("unit",), kept=_OF_KEPT_INTEREST),
    "receipt": Personal(_OF_INTEREST, _word("notes"), kept=_OF_KEPT_INTEREST),
    "interest_contact": Personal(_by("contact_id", "contact"), _word("role"), removed=True),
    "state_change": Personal(
        _OF_INTEREST, _word("comment", "short_status"), codes=("actor",), kept=_OF_KEPT_INTEREST
    ),
    "interaction": Personal(
        _of("interaction", "customer_id", "contact_id", "lead_id", "letter_id", "interest_id"),
        _word("subject", "result", "phone"), codes=("kind", "direction", "status"),
    ),
    "interaction_contact": Personal(_by("contact_id", "contact"), {}, removed=True),
    "interaction_move": Personal(_by("interaction_id", "interaction"), _word("reason"), codes=("actor",)),
    "task": Personal(
        _of("task", "customer_id", "contact_id", "lead_id", "letter_id", "interest_id"),
        _word("notes", "result", title=ERASED, title_fold=ERASED), codes=("kind", "status"), kept=_kept("task"),
    ),
    "event": Personal(
        _of("event", "customer_id", "interaction_id", "interest_id"),
        _word("location", "description", summary=ERASED), codes=("uid", "zone", "rrule", "exdates"),
        kept=_kept("event"),
    ),
    "reminder": Personal(
        lambda person, column: or_(_HANGING(person, column), person.mentioned(column, "text")),
        _word("text"), codes=("subject_kind", "occurrence", "fired_by"), removed=True, kept=_only_said,
    ),
    "notification": Personal(
        lambda person, column: or_(_HANGING(person, column), person.mentioned(column, "facts")),
        {"facts": {}}, codes=("code", "subject_kind"), removed=True, kept=_only_said,
    ),
    "process_notice": Personal(
        # An Interest may have another contact person since.
        lambda person, column: or_(_RUN(person, column), person.mentioned(column, "address", "detail")),
        _word("address", "detail"),
        codes=("event", "action", "target", "step", "reason"),
    ),
    "text_message": Personal(
        lambda person, column: or_(
            _RUN(person, column), _ABOUT(person, column), person.mentioned(column, "number", "text")
        ),
        _word("number", "text", "error", "dedupe_key"), codes=("status", "object_kind"), removed=True,
    ),
    "process_token": Personal(
        _by("process_id", "process"), _word("result"), codes=("point", "kind", "outcome"),
        kept=_by_kept("process_id", "process"),
    ),
    "process": Personal(
        _by("id", "process"), _word("comment"), codes=("object_kind", "status", "ended_point", "reason"),
        kept=_kept("process"),
    ),
    "document": Personal(
        _of("document", "customer_id", "contact_id", "letter_id", "interest_id"),
        _word("number", "notes", title=ERASED, title_fold=ERASED, custom={}),
        codes=("kind", "status", "currency"), kept=_kept("document"),
    ),
    "file_version": Personal(
        _by("file_id", "card_file"), _word("comment"), codes=("media_type",), removed=True
    ),
    "card_file": Personal(
        lambda person, column: or_(among(column("id"), person.of("card_file")), _OWNED(person, column)),
        _word("name"), codes=("owner_kind",), removed=True,
    ),
    "file_content": Personal(
        _of("file_content"), {"content": b""}, codes=("sha256",), removed=True, left_out=("sha256",)
    ),
    "letter": Personal(
        _of("letter"),
        _word("message_id", "in_reply_to", "references", "sender_address", "snippet", "list_unsubscribe", "list_id",
              subject=ERASED, sender_name=ERASED, recipients={}, thread_key=OfColumn("identity"),
              body_state="erased"),
        codes=("identity", "kind"),
    ),
    "letter_raw": Personal(_by("letter_id", "letter"), {"raw": b""}, removed=True),
    "letter_text": Personal(_by("letter_id", "letter"), _word("text"), removed=True),
    "attachment": Personal(
        _by("letter_id", "letter"), _word("name"), codes=("part", "content_type"), removed=True
    ),
    "letter_link": Personal(_by("letter_id", "letter"), {}, codes=("kind",), removed=True),
    "inquiry": Personal(_by("letter_id", "letter"), _word("reason", "purpose"), codes=("status",)),
    "thread_id": Personal(
        lambda person, column: column("message_id").in_(person.threads), _word("message_id", "leads_to"), removed=True
    ),
    "placement": Personal(
        _by("letter_id", "letter"), _word("sender_key", "subject_key"),
        codes=("keywords", "srv_keywords", "keywords_inflight", "intent", "error"),
    ),
    "bounce": Personal(
        lambda person, column: or_(
            among(column("letter_id"), person.of("letter")),
            among(column("outbox_id"), person.of("outbox")),
            column("address").in_(person.addresses),
        ),
        _word("address", "diagnostic"), codes=("status",), removed=True,
    ),
    "correspondent_word": Personal(
        _by("correspondent_id", "correspondent"), _word("word"), removed=True, left_out=("word",)
    ),
    "correspondent": Personal(_of("correspondent"), _word("address", "name"), removed=True),
    "draft_file": Personal(
        _by("draft_id", "draft"), _word("name", "content_id", data=b""), codes=("content_type",), removed=True
    ),
    "draft": Personal(
        lambda person, column: or_(among(column("id"), person.of("draft")), _to_them(person, column)),
        _word("body", fields={}), codes=("format", "message_id"), removed=True,
    ),
    "outbox": Personal(
        _of("outbox"),
        {"raw": b"", "recipients": [], "results": {}, "draft": None, "dedupe_key": None},
        codes=("message_id", "envelope_from", "status", "phase", "claimed_by"),
    ),
    "session_state": Personal(_said_in("value", "place"), {"value": {}}, codes=("place",), removed=True),
    "saved_filter": Personal(
        _said_in("name", "condition"), _word("name", condition=None), codes=("kind", "look"),
        kept=_said_in("name", "condition"),
    ),
    "mail_rule": Personal(
        _said_in("name", "condition", "actions"), _word("name", condition=None, actions=[]),
        kept=_said_in("name", "condition", "actions"),
    ),
    "segment": Personal(_said_in("name"), _word("name"), codes=("kind",), kept=_said_in("name")),
    "import_run": Personal(
        _said_in("file_name"), _word("file_name"), codes=("kind", "counts"), kept=_said_in("file_name")
    ),
}  # fmt: skip
"""In the order in which rows are removed: those that refer to others first."""


def _to_them(person: Person, column: Column) -> ColumnElement[bool]:
    """A draft that is gone, to an address of theirs."""
    said = func.crm_fold(column("fields"))
    return or_(false(), *(said.contains(address, autoescape=True) for address in person.addresses))
