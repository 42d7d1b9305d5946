"""Templates of letters (MAIL-34) and saved replies found by a short code (IDX-23)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from crm_tui.domain.errors import Invalid, NotFound, Refused
from crm_tui.domain.letter import template
from crm_tui.domain.text import clean, fold
from crm_tui.services.writing import letter_values
from crm_tui.services.writing.compose import Writing
from crm_tui.store.tables import LetterTemplate, table_of
from crm_tui.store.work import Work

_CODE = re.compile(r"[\w-]{1,40}")
_TYPED_CODE = re.compile(r"(?:^|(?<=\s))/([\w-]{1,40})$")
TABLE = table_of(LetterTemplate)


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template in a list."""

    id: int
    name: str
    short_code: str
    subject: str
    body: str
    user_id: int | None
    """Whose it is; None for everybody's."""


@dataclass(frozen=True, slots=True)
class FilledLetter:
    """What a template makes of a letter; placeholders without a value stand as they are."""

    subject: str
    body: str
    empty: tuple[str, ...]
    """Names of the placeholders without a value: the letter cannot be sent until they have one."""


def add(
    work: Work, name: str, *, subject: str = "", body: str = "", short_code: str = "", own: bool = False
) -> LetterTemplate:
    """A new template, everybody's or (``own``) the actor's.

    Raises Invalid (``name_missing``, ``template_syntax``, ``template_field`` for a field that there is not,
    ``not_a_short_code``) and Refused (``short_code_taken``).
    """
    values = _checked(work, name, subject, body, short_code, None)
    user_id = work.actor.user_id if own else None
    return work.add(LetterTemplate(user_id=user_id, created_at=work.now, changed_at=work.now, **values))


def change(
    work: Work,
    template_id: int,
    *,
    name: str,
    subject: str,
    body: str,
    short_code: str = "",
    own: bool = False,
) -> LetterTemplate:
    """Write a template anew. Raises like `add`, and NotFound."""
    row = work.get(LetterTemplate, template_id)
    values = _checked(work, name, subject, body, short_code, template_id)
    work.change(row, user_id=work.actor.user_id if own else None, changed_at=work.now, **values)
    return row


def remove(work: Work, template_id: int) -> None:
    """Delete a template. Raises NotFound."""
    work.remove(work.get(LetterTemplate, template_id))


def templates(connection: Connection, user_id: int | None = None) -> list[TemplateRow]:
    """The templates that a user can take, by name."""
    rows = connection.execute(select(TABLE).where(_of(user_id)))
    return sorted((_row(row) for row in rows), key=lambda one: (fold(one.name), one.id))


def filled(
    connection: Connection, template_id: int, writing: Writing, user_id: int | None, zone: tzinfo
) -> FilledLetter:
    """The template with the values of this letter. Raises NotFound."""
    row = connection.execute(select(TABLE).where(TABLE.c.id == template_id)).one_or_none()
    if row is None:
        raise NotFound("no_such_record", kind="letter_template", id=template_id)
    values = letter_values.of(connection, writing, user_id, zone)
    subject = template.fill(row.subject, values)
    body = template.fill(row.body, values)
    return FilledLetter(
        clean(" ".join(subject.text.split())),
        clean(body.text, multiline=True),
        tuple(dict.fromkeys((*subject.empty, *body.empty))),
    )


def expanded(
    connection: Connection, before: str, writing: Writing, user_id: int | None, zone: tzinfo
) -> tuple[int, str] | None:
    """What a ``/code`` at the end of ``before`` (the line up to the cursor) stands for.

    How many characters before the cursor give way, and the text that takes their place; None where there is no such
    code.
    """
    typed = _TYPED_CODE.search(before)
    if typed is None:
        return None
    found = connection.scalar(select(TABLE.c.id).where(TABLE.c.short_code == fold(typed[1]), _of(user_id)))
    if found is None:
        return None
    return len(typed[0]), filled(connection, found, writing, user_id, zone).body.rstrip("\n")


def with_fallbacks(writing: Writing, fallbacks: Mapping[str, str]) -> Writing:
    """The letter with these texts (name → text) for its placeholders without a value (story B4).

    Only the placeholders are touched: what else stands in the letter is nobody's template.
    """
    return replace(
        writing,
        subject=template.replaced(writing.subject, fallbacks),
        body=template.replaced(writing.body, fallbacks),
    )


def _of(user_id: int | None) -> ColumnElement[bool]:
    return or_(TABLE.c.user_id.is_(None), TABLE.c.user_id == user_id)


def _row(row: Row[Any]) -> TemplateRow:
    return TemplateRow(row.id, row.name, row.short_code or "", row.subject, row.body, row.user_id)


def _checked(
    work: Work, name: str, subject: str, body: str, short_code: str, template_id: int | None
) -> dict[str, Any]:
    name = clean(" ".join(name.split()))
    if not name:
        raise Invalid("name_missing", kind="letter_template")
    for text in (subject, body):
        for placeholder in template.names(text):
            record, _dot, field = placeholder.partition(".")
            if field not in letter_values.FIELDS.get(record, ()):
                raise Invalid("template_field", name=placeholder)
    code = fold(short_code.strip().removeprefix("/"))
    if code and not _CODE.fullmatch(code):
        raise Invalid("not_a_short_code", value=clean(short_code))
    holder = work.find(LetterTemplate, short_code=code) if code else None
    if holder is not None and holder.key != template_id:
        raise Refused("short_code_taken", code=code, name=holder.name)
    return {
        "name": name,
        "short_code": code or None,
        "subject": clean(" ".join(subject.split())),
        "body": clean(body, multiline=True),
    }
