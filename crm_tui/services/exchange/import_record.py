"""A row of a file by the fields it goes to, and its texts as values: dates, amounts, words of lists, people."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from crm_tui.domain import money
from crm_tui.domain.errors import CrmError, Invalid
from crm_tui.domain.event import dates
from crm_tui.domain.identity import birthday, phone
from crm_tui.domain.identity.address import is_valid, split
from crm_tui.domain.text import clean, fold
from crm_tui.parsing.rows.people import full_name
from crm_tui.services.exchange.import_plan import Plan
from crm_tui.services.party import contact_info
from crm_tui.services.record.custom_fields import OwnField

GUARDED = "=+-@\t\r"
"""A cell that begins so would be a formula to a spreadsheet: exports put an apostrophe before it."""
_ADDRESS_ORDER = ("address", "street", "city", "region", "zip", "country")
_WHOSE = re.compile(
    r"(home|work|business|other|address \d+|домашн\w+|рабоч\w+|юридическ\w+|фактическ\w+|почтов\w+|робоч\w+)\b",
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[T ].*)?")
_TRUE = frozenset(fold(word) for word in ("1", "true", "yes", "y", "да", "так", "иә", "+", "истина", "x"))
_LONGEST = 32_000


@dataclass(frozen=True, slots=True)
class Record:
    """The texts of one row by target."""

    number: int
    texts: Mapping[str, Sequence[tuple[str, str]]]
    """Target → column and text; only what is not empty."""

    def one(self, code: str) -> str:
        """The first text of the target; empty where there is none."""
        found = self.texts.get(code)
        return found[0][1] if found else ""

    def all(self, code: str) -> str:
        """All texts of the target on lines of their own."""
        return "\n".join(dict.fromkeys(text for _column, text in self.texts.get(code, ())))


def record_of(plan: Plan, columns: Sequence[str], number: int, cells: Sequence[str]) -> Record:
    """The row by targets: cleaned, in the words of the plan, with what the plan gives to every row."""
    texts: dict[str, list[tuple[str, str]]] = {}
    for column, cell in zip(columns, cells, strict=False):
        code = plan.columns.get(column)
        if not code:
            continue
        text = clean(unguarded(cell), multiline=True).strip()[:_LONGEST]
        text = plan.values.get(code, {}).get(text, text)
        if text:
            texts.setdefault(code, []).append((column, text))
    for code, text in plan.fixed.items():
        if code not in texts and text:
            texts[code] = [("", text)]
    return Record(number, texts)


def guarded(text: str) -> str:
    """The text so that a spreadsheet takes it for one (CWE-1236); ``unguarded`` gives it back."""
    return "'" + text if text.lstrip("'")[:1] in GUARDED and text.lstrip("'") else text


def unguarded(text: str) -> str:
    """The text without the apostrophe of ``guarded``."""
    rest = text.lstrip("'")
    return text[1:] if text[:1] == "'" and rest and rest[0] in GUARDED else text


def person_name(record: Record) -> str:
    """The name that is written, or made of its parts, or what else the person can be called by."""
    name = record.one("name") or full_name(
        record.one("last_name"), record.one("first_name"), record.one("middle_name")
    )
    first_address = contact_info.typed("email", record.all("email"))[:1]
    return " ".join(name.split()) or record.one("company") or "".join(value for _kind, value in first_address)


def addresses(record: Record, order: Sequence[str] = _ADDRESS_ORDER) -> str:
    """Postal addresses, each on a line: parts from columns of one kind (home, work) make one address."""
    found: dict[str, dict[str, list[str]]] = {}
    for code in order:
        for column, text in record.texts.get(code, ()):
            whose = _WHOSE.match(column)
            parts = found.setdefault(whose[1].lower() if whose else "", {})
            parts.setdefault(code, []).append(text)
    lines: list[str] = []
    for parts in found.values():
        whole = [line for text in parts.get("address", ()) for line in text.split("\n")]
        pieces = [" ".join(text.split()) for code in order[1:] for text in parts.get(code, ())]
        lines += [line for line in (*whole, ", ".join(pieces)) if line.strip()]
    return "\n".join(dict.fromkeys(lines))


def infos(record: Record) -> tuple[list[contact_info.Info], list[str]]:
    """Addresses, numbers and links of the row; and numbers that are none in use, kept as they are typed.

    Raises Invalid for an e-mail address that is none, and for a number without digits.
    """
    found: list[contact_info.Info] = []
    odd: list[str] = []
    for kind, text in contact_info.typed("email", record.all("email")):
        _name, value = split(text)
        if not is_valid(value):
            raise Invalid("not_an_address", value=text)
        found.append((kind, value))
    for _kind, text in contact_info.typed("phone", record.all("phone")):
        if phone.e164(text, contact_info.REGION) is not None:
            found.append(("phone", text))
            continue
        several = phone.find_phones(text, contact_info.REGION) if "/" in text else []
        if several:
            found.extend(("phone", number) for number in several)
        elif sum(c.isdecimal() for c in text) >= 3:
            odd.append(text)
        else:
            raise Invalid("not_a_phone", value=text)
    for kind in ("web", "messenger"):
        found.extend((kind, " ".join(line.split())) for line in record.all(kind).split("\n") if line.strip())
    return list(dict.fromkeys(found)), odd


def born(record: Record) -> str:
    """The birthday in the form of the store. Raises Invalid."""
    text = record.one("birthday")
    if not text and record.one("birth_month") and record.one("birth_day"):
        month, day = record.one("birth_month").zfill(2), record.one("birth_day").zfill(2)
        text = f"{record.one('birth_year') or '-'}-{month}-{day}"
    found = birthday.read(text)
    if text and not found:
        raise Invalid("import_not_a_date", value=text)
    return found


def day(text: str, plan: Plan) -> date | None:
    """The date that is written. Raises Invalid."""
    if not text:
        return None
    found = _DATE.fullmatch(text.strip())
    if found is None:
        raise Invalid("import_not_a_date", value=text)
    first, second, third = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        year, month, of_month = first, second, third
    elif found[2] == "/" and plan.month_first:
        year, month, of_month = third, first, second
    else:
        year, month, of_month = third, second, first
    try:
        result = date(year + 2000 if year < 100 else year, month, of_month)
    except ValueError:
        raise Invalid("import_not_a_date", value=text) from None
    if not dates.FIRST_YEAR <= result.year <= dates.LAST_YEAR:
        raise Invalid("import_not_a_date", value=text)
    return result


def instant(text: str, plan: Plan) -> datetime | None:
    """The date as an instant, at noon UTC: the same day everywhere we work. Raises Invalid."""
    found = day(text, plan)
    return None if found is None else datetime(found.year, found.month, found.day, 12, tzinfo=UTC)


def amount(text: str, currency: str) -> money.Money | None:
    """The amount that is written; ``1,234.5`` and ``1.5`` are read as files of programs mean them. Raises Invalid."""
    if not text:
        return None
    found = money.parse(text, currency)
    if found is None:
        try:
            found = money.Money(round(float(text.replace(" ", "").replace("\u00a0", "")) * 100), currency)
        except (ValueError, OverflowError):
            found = money.parse(text.replace(",", ""), currency)
    if found is None or abs(found.minor) > money.LARGEST:
        raise Invalid("import_not_an_amount", value=text)
    return found


def number(text: str) -> int | None:
    """The whole number that is written, a sign of per cent left out. Raises Invalid."""
    if not text:
        return None
    try:
        return int(float(text.rstrip("% ").replace(",", ".")))
    except (ValueError, OverflowError):
        raise Invalid("import_not_a_number", value=text) from None


def own_value(text: str, field: OwnField, plan: Plan) -> Any:
    """The value of a field of the company's own, by its type. Raises Invalid."""
    match field.type:
        case "number":
            try:
                found = float(text.replace(" ", "").replace("\u00a0", "").replace(",", "."))
            except ValueError:
                raise Invalid("import_not_a_number", value=text) from None
            if not isfinite(found):
                raise Invalid("import_not_a_number", value=text)
            return int(found) if found.is_integer() else found
        case "money":
            worth = amount(text, field.currency)
            return worth and worth.minor
        case "date":
            found_day = day(text, plan)
            return found_day and found_day.isoformat()
        case "yes_no":
            return fold(text) in _TRUE
        case "choice":
            for choice in field.choices:
                if fold(str(choice)) == fold(text):
                    return choice
            raise Invalid("no_such_word", list="", value=text)
        case _:
            return text


def reason(error: CrmError) -> str:
    """Why a row was left out, as a sentence."""
    from crm_tui.services import messages

    return messages.of_error(error)
