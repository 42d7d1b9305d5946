"""Tax and registration numbers of firms and people, with their check digits.

Russia: INN of 10 digits (a firm) or 12 (a person). Kazakhstan: BIN or IIN of 12. Ukraine: EDRPOU of 8 (a firm),
RNOKPP of 10 (a person). Belarus: UNP of 9. Numbers of other countries are taken as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of tax number of a country."""

    name: str
    """As it is called there, in Latin letters: ``BIN``."""
    length: int
    of_person: bool | None
    """Whether a person has it, or a firm; None when the number does not tell."""
    holds: Callable[[list[int]], bool]
    """Whether the check digits are right."""


def normal(text: str) -> str:
    """The digits of what was typed."""
    return "".join(sign for sign in clean(text) if sign in "0123456789")


def kind_of(country: str, text: str) -> Kind | None:
    """The kind of a number by its country (ISO 3166-1 alpha-2) and length; None where it is not known."""
    digits = normal(text)
    return next((kind for kind in KINDS.get(country.upper(), ()) if kind.length == len(digits)), None)


def checked(country: str, text: str) -> str:
    """The digits of a number that is right in its country; empty for nothing typed.

    Without a country, or for one whose numbers are not known here, every number of digits is right.

    Raises Invalid for another number of digits than the country has, or wrong check digits.
    """
    digits = normal(text)
    if not digits:
        if clean(text).strip():
            raise Invalid("not_a_tax_number", value=clean(text))
        return ""
    kinds = KINDS.get(country.upper(), ())
    if not kinds:
        return digits
    kind = kind_of(country, digits)
    if kind is None:
        lengths = ", ".join(f"{one.name} {one.length}" for one in kinds)
        raise Invalid("tax_number_length", value=digits, lengths=lengths)
    if not kind.holds([int(sign) for sign in digits]):
        raise Invalid("tax_number_check", value=digits, kind=kind.name)
    return digits


def countries_of(text: str) -> list[str]:
    """The countries in which this may be somebody's number."""
    digits = [int(sign) for sign in normal(text)]
    return [
        country
        for country, kinds in KINDS.items()
        if any(kind.length == len(digits) and kind.holds(digits) for kind in kinds)
    ]


def _weighed(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


def _inn_of_firm(digits: list[int]) -> bool:
    return any(digits) and _weighed(digits, (2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10 == digits[9]


def _inn_of_person(digits: list[int]) -> bool:
    first = _weighed(digits, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    second = _weighed(digits, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) % 11 % 10
    return any(digits) and [first, second] == digits[10:]


def _bin(digits: list[int]) -> bool:
    rest = _weighed(digits, tuple(range(1, 12))) % 11
    if rest == 10:
        rest = _weighed(digits, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return any(digits) and rest == digits[11]


def _edrpou(digits: list[int]) -> bool:
    number = int("".join(map(str, digits)))
    weights = (1, 2, 3, 4, 5, 6, 7) if not 30_000_000 <= number <= 60_000_000 else (7, 1, 2, 3, 4, 5, 6)
    rest = _weighed(digits, weights) % 11
    if rest == 10:
        rest = _weighed(digits, tuple(weight + 2 for weight in weights)) % 11 % 10
    return any(digits) and rest == digits[7]


def _rnokpp(digits: list[int]) -> bool:
    return any(digits) and _weighed(digits, (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10 == digits[9]


def _unp(digits: list[int]) -> bool:
    return any(digits) and _weighed(digits, (29, 23, 19, 17, 13, 7, 5, 3)) % 11 == digits[8]


KINDS: dict[str, tuple[Kind, ...]] = {
    "RU": (Kind("INN", 10, False, _inn_of_firm), Kind("INN", 12, True, _inn_of_person)),
    "KZ": (Kind("BIN", 12, None, _bin),),
    "UA": (Kind("EDRPOU", 8, False, _edrpou), Kind("RNOKPP", 10, True, _rnokpp)),
    "BY": (Kind("UNP", 9, None, _unp),),
}
"""Country → the kinds of numbers it gives."""
