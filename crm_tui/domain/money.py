"""Money: whole minor units and a currency, never a float."""

import re
from dataclasses import dataclass

SYMBOLS = {"KZT": "₸", "RUB": "₽", "UAH": "₴", "USD": "$", "EUR": "€"}
_CODES = {
    **{symbol: code for code, symbol in SYMBOLS.items()},
    "тг": "KZT", "тенге": "KZT", "теңге": "KZT", "руб": "RUB", "р": "RUB", "грн": "UAH",
}  # fmt: skip
_DIGITS = 2  # every currency above has a hundredth
LARGEST = 10**15  # minor units; fits a 64-bit column with room for sums

_NO_BREAK = "\u00a0"
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f'’]")
_WORD = re.compile(r"^([^\d\s.,+-]+)|([^\d\s.,+-]+)\.?$")
_PLAIN = re.compile(r"(?P<whole>\d+)(?:[.,](?P<part>\d{1,2}))?")
_GROUPED = re.compile(
    r"(?P<whole>\d{1,3}(?:(?P<mark>[ .,])\d{3})(?:(?P=mark)\d{3})*)(?:(?!(?P=mark))[.,](?P<part>\d{1,2}))?"
)


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units (tiyn, kopecks, cents) of a currency by its ISO 4217 code."""

    minor: int
    currency: str


def shown(money: Money, language: str) -> str:
    """The amount as people of the language write it: ``1 200 000,50 ₸``, in English ``₸1,200,000.50``.

    Hundredths are left out when there are none; spaces do not break.
    """
    whole, part = divmod(abs(money.minor), 10**_DIGITS)
    sign = "-" if money.minor < 0 else ""
    symbol = SYMBOLS.get(money.currency, money.currency)
    if language == "en":
        digits = f"{whole:,}" + (f".{part:02}" if part else "")
        return f"{sign}{symbol}{digits}" if len(symbol) == 1 else f"{sign}{digits}{_NO_BREAK}{symbol}"
    digits = f"{whole:,}".replace(",", _NO_BREAK) + (f",{part:02}" if part else "")
    return f"{sign}{digits}{_NO_BREAK}{symbol}"


def as_typed(money: Money) -> str:
    """The amount as it stands in a field: ``1 200 000,50 ₸``, which ``parse`` reads in one way in every language.

    A currency without a symbol here is left out: it is the one that ``parse`` is told.
    """
    whole, part = divmod(abs(money.minor), 10**_DIGITS)
    sign = "-" if money.minor < 0 else ""
    digits = f"{whole:,}".replace(",", " ") + (f",{part:02}" if part else "")
    return f"{sign}{digits} {SYMBOLS.get(money.currency, '')}".rstrip()


def parse(text: str, currency: str) -> Money | None:
    """The typed amount ``1 200 000,50``, with or without a symbol; None when it is not surely an amount.

    ``currency`` is the one meant when none is typed. What could be read in two ways (``1,234`` is a thousand here
    and one and a bit there) is not understood.
    """
    rest = text.strip()
    sign = 1
    if rest[:1] in ("-", "−", "+"):
        sign = 1 if rest[0] == "+" else -1
        rest = rest[1:].strip()
    if word := _WORD.search(rest):
        code = _code(word[1] or word[2])
        if code is None:
            return None
        currency, rest = code, (rest[: word.start()] + rest[word.end() :]).strip()
    minor = _minor(_SPACES.sub(" ", rest))
    return None if minor is None else Money(sign * minor, currency)


def _code(word: str) -> str | None:
    word = word.strip("'’").casefold()
    return _CODES.get(word) or (word.upper() if word.upper() in SYMBOLS else None)


def _minor(digits: str) -> int | None:
    if not digits.isascii():
        return None
    match = _PLAIN.fullmatch(digits)
    if match is None:
        match = _GROUPED.fullmatch(digits)
        if match is None or (
            match["mark"] != " " and match["part"] is None and digits.count(match["mark"]) == 1
        ):
            return None
    whole = re.sub(r"\D", "", match["whole"])
    minor = int(whole[:20]) * 10**_DIGITS + int((match["part"] or "").ljust(_DIGITS, "0"))
    return minor if minor <= LARGEST else None
