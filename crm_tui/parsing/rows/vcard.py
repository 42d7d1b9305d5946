"""vCard 2.1 (versit 1996), 3.0 (RFC 2426) and 4.0 (RFC 6350), as programs really write them.

Written here because the libraries raise on what many a phone writes (undeclared character sets, lines folded by
no rule, quoted-printable over several lines); this reader leaves out what it does not understand and never raises.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TextIO

from crm_tui.domain.identity import birthday
from crm_tui.parsing.rows import content_line
from crm_tui.parsing.rows.content_line import Property, components, items, plain
from crm_tui.parsing.rows.people import COLUMNS, Person, full_name
from crm_tui.parsing.rows.sheet import Reading, Row, Sheet

_BEGIN = re.compile(r"[ \t\ufeff]*begin[ \t]*:[ \t]*vcard[ \t]*", re.IGNORECASE)
_END = re.compile(r"[ \t]*end[ \t]*:[ \t]*vcard[ \t]*", re.IGNORECASE)
_MOST_LINES = 5000
"""Of one card, pictures left out."""
_MESSENGERS = ("IMPP", "X-SKYPE", "X-SKYPE-USERNAME", "X-JABBER", "X-ICQ", "X-TELEGRAM", "X-AIM", "X-MSN")


def opened(text: TextIO, reading: Reading) -> Sheet:
    """The cards as a sheet of ``people.COLUMNS``."""
    charset = reading.charset if text.encoding == "latin-1" else ""
    return Sheet("vcf", COLUMNS, _cards(text, charset), Reading(charset=reading.charset), codes=True)


def _cards(text: TextIO, charset: str) -> Iterator[Row]:
    """Each card of the file as a row. ``charset``: that of a text whose characters are bytes; empty for letters."""
    number, depth = 0, 0
    card: list[str] = []
    for line in content_line.short_lines(text):
        if _BEGIN.fullmatch(line.rstrip("\r\n")):
            if depth == 0:
                card = []
            depth += 1
        elif _END.fullmatch(line.rstrip("\r\n")) and depth:
            depth -= 1
            if depth == 0:
                number += 1
                yield _person(number, card, charset).row()
                card = []
        elif depth == 1 and len(card) < _MOST_LINES:  # a card within a card is somebody's agent
            card.append(line)
    if card:
        yield _person(number + 1, card, charset).row()


def _person(number: int, card: Iterable[str], charset: str) -> Person:
    person = Person(number)
    parts = names = nick = ""
    labels: list[str] = []
    company_card = False
    for one in content_line.properties(card, charset):
        match one.name:
            case "FN":
                names = names or plain(one.value)
            case "N":
                parts = parts or _name(one)
            case "NICKNAME":
                nick = nick or plain(one.value)
            case "ORG":
                person.company = person.company or plain(next(iter(components(one.value)), ""))
            case "TITLE" | "ROLE":
                person.role = person.role or plain(one.value)
            case "BDAY":
                _take_birthday(person, one)
            case "ADR":
                person.addresses.append(_address(one))
            case "LABEL":
                labels.append(", ".join(plain(one.value).split("\n")))
            case "NOTE":
                person.notes.append(plain(one.value))
            case "KIND" | "X-ADDRESSBOOKSERVER-KIND":
                _take_kind(person, one.value.strip().lower())
                company_card |= one.value.strip().lower() in ("org", "organization")
            case "X-ABSHOWAS":
                company_card |= one.value.strip().lower() == "company"
            case _:
                _take_reachable(person, one)
    person.addresses = [one for one in person.addresses if one] or labels
    person.name = names.strip() or parts or ("" if company_card else nick)
    if company_card:
        person.name = person.company or person.name
    return person


def _name(one: Property) -> str:
    family, given, additional, prefix, suffix = (
        *(" ".join(items(part)) for part in components(one.value)[:5]),
        *[""] * 5,
    )[:5]
    return full_name(family, given, additional, prefix, suffix)


def _take_reachable(person: Person, one: Property) -> None:
    value = plain(one.value).strip()
    if one.name == "TEL":
        person.phones.append(re.sub(r"^tel:|;ext=|;phone-context=.*", _telephone, value, flags=re.IGNORECASE))
    elif one.name == "EMAIL":
        person.emails.append(re.sub("^mailto:", "", value, flags=re.IGNORECASE))
    elif one.name == "URL":
        person.webs.append(value)
    elif one.name in _MESSENGERS and value:
        scheme = one.name.removeprefix("X-").removesuffix("-USERNAME").lower()
        person.messengers.append(value if one.name == "IMPP" else f"{scheme}:{value}")


def _telephone(found: re.Match[str]) -> str:
    return " ext. " if found[0].lower() == ";ext=" else ""


def _take_birthday(person: Person, one: Property) -> None:
    value = plain(one.value).strip()
    without_year = one.parameters.get("X-APPLE-OMIT-YEAR", "")
    if without_year and value.startswith(without_year):
        value = "-" + value[len(without_year) :]
    found = birthday.read(value)
    if found:
        person.birthday = person.birthday or found
    elif value:
        person.notes.append(value)


def _take_kind(person: Person, kind: str) -> None:
    if kind in ("group", "location", "application", "device"):
        person.problem = "no_person"


def _address(one: Property) -> str:
    parts = [", ".join(items(part)) for part in components(one.value)]
    box, extended, street, city, region, code, country = (*parts, *[""] * 7)[:7]
    return ", ".join(
        " ".join(part.split())
        for part in (street, extended, box, city, region, code, country)
        if part.strip()
    )
