"""Somebody typed in one line: ``Olga Kim, NewCo, olga@newco.kz, +7 701 555 12 34`` (CORP-04).

Commas and semicolons part it. An address, a number and a web page are known by their looks, a firm by its legal form;
else the first words are the person and the next ones the firm.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from crm_tui.domain.identity import address, phone
from crm_tui.domain.text import clean

_EMAIL = re.compile(r"[^\s,;<>()\[\]\"']+@[^\s,;<>()\[\]\"']+\.[^\s,;<>()\[\]\"']+")
_NUMBER = re.compile(r"[+(]?\d[\d\s()./-]{4,}\d")
_WEB = re.compile(r"(?:https?://|www\.|\b(?:t|wa)\.me/|\b(?:instagram|linkedin)\.com/)\S+", re.IGNORECASE)
_LEGAL_FORM = re.compile(
    r"(?<!\w)(?:llc|llp|ltd|inc|corp|co|gmbh|ag|plc|jsc|pjsc|ооо|оао|зао|пао|ао|ип|тоо|кх|жшс|ақ|жк|тов|пат|прат|пп|фоп"
    r"|одо|уп|чуп|оду)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class QuickLine:
    """What a line says. ``rest`` is what was not understood."""

    person: str = ""
    company: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    """As typed."""
    webs: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()

    @property
    def infos(self) -> list[tuple[str, str]]:
        """Kind and value of all addresses and numbers."""
        return [
            *(("email", one) for one in self.emails),
            *(("phone", one) for one in self.phones),
            *(("web", one) for one in self.webs),
        ]


def parse(line: str, region: str) -> QuickLine:
    """The parts of a typed line; ``region`` is the country that numbers without a code are of. Never raises."""
    emails: list[str] = []
    phones: list[str] = []
    webs: list[str] = []
    texts: list[str] = []
    for part in re.split(r"[,;\n]", clean(line, multiline=True)):
        part = _taken(part, _EMAIL, emails, address.is_valid)
        part = _taken(part, _WEB, webs, bool)
        part = _taken(part, _NUMBER, phones, lambda typed: phone.e164(typed, region) is not None)
        part = " ".join(part.split()).strip(" <>()")
        if part:
            texts.append(part)
    company = next((text for text in texts if _LEGAL_FORM.search(text)), "")
    names = [text for text in texts if text != company and any(map(str.isalpha, text))]
    unclear = [text for text in texts if text != company and text not in names]
    person = names.pop(0) if names else ""
    if not company and names:
        company = names.pop(0)
    return QuickLine(person, company, tuple(emails), tuple(phones), tuple(webs), (*names, *unclear))


def _taken(part: str, pattern: re.Pattern[str], found: list[str], is_good: Callable[[str], bool]) -> str:
    """The part without what the pattern finds in it and the test lets pass."""

    def take(match: re.Match[str]) -> str:
        typed = match[0].strip().rstrip(".")
        if not is_good(typed):
            return match[0]
        found.append(typed)
        return " "

    return pattern.sub(take, part)
