"""LDIF address books (RFC 2849), as Thunderbird exports them."""

import base64
import binascii
from collections.abc import Iterator
from typing import TextIO

from crm_tui.domain.identity import birthday
from crm_tui.parsing import charsets
from crm_tui.parsing.rows.content_line import short_lines
from crm_tui.parsing.rows.people import COLUMNS, Person, full_name
from crm_tui.parsing.rows.sheet import Reading, Row, Sheet

_EMAILS = ("mail", "mozillasecondemail", "xmozillasecondemail")
_PHONES = ("telephonenumber", "homephone", "mobile", "cellphone", "pager", "facsimiletelephonenumber", "fax")
_STREETS = (
    ("street", "streetaddress", "mozillaworkstreet2", "l", "st", "postalcode", "c", "countryname"),
    (
        "mozillahomestreet",
        "mozillahomestreet2",
        "mozillahomelocalityname",
        "mozillahomestate",
        "mozillahomepostalcode",
        "mozillahomecountryname",
    ),
)
_MOST_LINES = 5000


def opened(text: TextIO, reading: Reading) -> Sheet:
    """The entries as a sheet of ``people.COLUMNS``."""
    return Sheet("ldif", COLUMNS, _rows(text), Reading(charset=reading.charset), codes=True)


def _rows(text: TextIO) -> Iterator[Row]:
    number = 0
    entry: list[str] = []
    for line in short_lines(text):
        line = line.rstrip("\r\n")
        if line.startswith(" ") and entry:
            entry[-1] += line[1:]
        elif line.strip() and len(entry) < _MOST_LINES:
            entry.append(line)
        elif entry:
            number += 1
            yield from _row(number, entry)
            entry = []
    if entry:
        yield from _row(number + 1, entry)


def _row(number: int, entry: list[str]) -> Iterator[Row]:
    values: dict[str, list[str]] = {}
    for line in entry:
        name, colon, value = line.partition(":")
        if not colon or line.startswith("#"):
            continue
        values.setdefault(name.partition(";")[0].strip().lower(), []).append(_value(value))
    if "dn" not in values:
        return
    person = Person(number)

    def first(*names: str) -> str:
        return next((values[name][0] for name in names if values.get(name)), "")

    person.name = first("cn", "displayname") or full_name(first("sn"), first("givenname"))
    person.company = first("o", "company")
    person.role = first("title")
    person.emails = [value for name in _EMAILS for value in values.get(name, ())]
    person.phones = [value for name in _PHONES for value in values.get(name, ())]
    person.webs = [
        value
        for name in ("mozillaworkurl", "mozillahomeurl", "workurl", "homeurl")
        for value in values.get(name, ())
    ]
    person.addresses = [", ".join(filter(None, (first(name) for name in names))) for names in _STREETS]
    person.birthday = birthday.read(
        f"{first('birthyear') or '-'}-{first('birthmonth').zfill(2)}-{first('birthday').zfill(2)}"
    )
    person.notes = values.get("description", [])
    if any(one.lower() in ("groupofnames", "groupofuniquenames") for one in values.get("objectclass", ())):
        person.problem = "no_person"
    yield person.row()


def _value(text: str) -> str:
    if not text.startswith(":"):
        return text.strip()
    try:
        return charsets.guess(base64.b64decode(text[1:].strip(), validate=True))
    except binascii.Error:
        return ""
