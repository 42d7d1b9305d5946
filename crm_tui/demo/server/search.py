"""SEARCH: a command's keys as one test of a letter (RFC 3501 6.4.4, RFC 5032 OLDER and YOUNGER)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from email import policy
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from crm_tui.demo.server.records import Message
from crm_tui.demo.server.wire import BadCommand, Token, number, text
from crm_tui.domain.clock import Clock

Test = Callable[[Message], bool]

_FLAGS = {"ANSWERED", "DELETED", "DRAFT", "FLAGGED", "SEEN"}
_HEADERS = {"FROM", "TO", "CC", "BCC", "SUBJECT"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Finder:
    """The keys of one SEARCH command."""

    def __init__(
        self,
        keys: list[Token],
        pick: Callable[[str, bool], list[int]],
        raw: Callable[[int], bytes],
        clock: Clock,
    ) -> None:
        self._pick, self._raw, self._clock = pick, raw, clock
        if keys and isinstance(keys[0], bytes) and keys[0].upper() == b"CHARSET":
            keys = keys[2:]
        self.fits = self._all(list(keys))

    def _all(self, keys: list[Token]) -> Test:
        tests = []
        while keys:
            tests.append(self._key(keys))
        return lambda letter: all(test(letter) for test in tests)

    def _key(self, keys: list[Token]) -> Test:
        token = keys.pop(0)
        if isinstance(token, list):
            return self._all(list(token))
        word = text(token).upper()
        if word == "NOT":
            inner = self._key(keys)
            return lambda letter: not inner(letter)
        if word == "OR":
            left, right = self._key(keys), self._key(keys)
            return lambda letter: left(letter) or right(letter)
        return self._flag(word, keys) or self._content(word, keys) or self._number(word, keys)

    def _flag(self, word: str, keys: list[Token]) -> Test | None:
        if word in _FLAGS:
            flag = "\\" + word.capitalize()
            return lambda letter: flag in letter.flags
        if word.startswith("UN") and word[2:] in _FLAGS:
            flag = "\\" + word[2:].capitalize()
            return lambda letter: flag not in letter.flags
        if word in ("KEYWORD", "UNKEYWORD"):
            keyword, wanted = text(keys.pop(0)), word == "KEYWORD"
            return lambda letter: (keyword in letter.flags) == wanted
        if word in ("ALL", "OLD"):
            return lambda letter: True
        if word in ("NEW", "RECENT"):
            return lambda letter: False
        return None

    def _content(self, word: str, keys: list[Token]) -> Test | None:
        if word in _HEADERS or word == "HEADER":
            name = word if word in _HEADERS else text(keys.pop(0))
            wanted = text(keys.pop(0)).casefold()
            return lambda letter: self._header_has(letter, name, wanted)
        if word in ("BODY", "TEXT"):
            wanted = text(keys.pop(0)).casefold()
            return lambda letter: wanted in self._text(letter, word == "TEXT")
        return None

    def _header_has(self, letter: Message, name: str, wanted: str) -> bool:
        parsed = BytesParser(policy=policy.default).parsebytes(self._raw(letter.content), headersonly=True)
        return any(wanted in str(value).casefold() for value in parsed.get_all(name, []))

    def _text(self, letter: Message, with_header: bool) -> str:
        parsed = BytesParser(policy=policy.default).parsebytes(self._raw(letter.content))
        texts = [part.get_content() for part in parsed.walk() if part.get_content_maintype() == "text"]
        header = [str(value) for value in parsed.values()] if with_header else []
        return "\n".join(header + texts).casefold()

    def _number(self, word: str, keys: list[Token]) -> Test:
        if word in ("BEFORE", "ON", "SINCE", "SENTBEFORE", "SENTON", "SENTSINCE"):
            day = _date(text(keys.pop(0)))
            sent, kind = word.startswith("SENT"), word.removeprefix("SENT")
            return lambda letter: _compare(self._day(letter, sent), kind, day)
        if word in ("LARGER", "SMALLER", "MODSEQ", "OLDER", "YOUNGER"):
            value = number(keys.pop(0))
            return lambda letter: self._fits_number(letter, word, value)
        by_uid = word == "UID"
        chosen = set(self._pick(text(keys.pop(0)) if by_uid else word, by_uid))
        return lambda letter: letter.uid in chosen

    def _day(self, letter: Message, sent: bool) -> date:
        if sent:
            parsed = BytesParser(policy=policy.compat32).parsebytes(
                self._raw(letter.content), headersonly=True
            )
            try:
                return parsedate_to_datetime(str(parsed["date"])).date()
            except ValueError:
                pass
        return datetime.fromtimestamp(letter.date, UTC).date()

    def _fits_number(self, letter: Message, word: str, value: int) -> bool:
        age = self._clock().timestamp() - letter.date
        return {
            "LARGER": letter.size > value,
            "SMALLER": letter.size < value,
            "MODSEQ": letter.modseq >= value,
            "OLDER": age >= value,
            "YOUNGER": age <= value,
        }[word]


def _compare(day: date, kind: str, wanted: date) -> bool:
    return {"BEFORE": day < wanted, "ON": day == wanted, "SINCE": day >= wanted}[kind]


def _date(value: str) -> date:
    try:
        day, month, year = value.split("-")
        return date(int(year), _MONTHS.index(month.lower()) + 1, int(day))
    except ValueError as error:
        raise BadCommand("date expected") from error
