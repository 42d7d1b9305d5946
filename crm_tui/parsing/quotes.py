"""A body taken apart into what the sender wrote, what was quoted and the signature, for folding.

Follows the marks that mail programs leave in Russian, Ukrainian, Kazakh, English and a dozen other languages;
checked against the replies of the corpora (tests/parsing/test_quotes.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST = 1000
_ATTRIBUTION_LINES = 4

_WROTE = re.compile(
    r"\b(?:wrote|writes|said|schrieb|geschrieben|a écrit|escribió|ha scritto|escreveu|schreef|skrev"
    r"|kirjoitti|napisał\(?a?\)?"
    r"|пишет|писал[аи]?|писал\(а\)|написал[аи]?|написал\(а\)|пише|писав|писала|писав\(ла\)|писав\(-ла\)"
    r"|написав|написала"
    r"|жазды|yazdı|napsala?|написа)\b|写道|のメッセージ|написал\(а\)|писал\(а\)|писав\(ла\)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b\d{1,2}:\d\d\b|\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b"
    r"|\b\d{1,2} (?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)"
)
_ADDRESS = re.compile(
    r"<[^<>\s]{1,200}@[^<>\s]{1,200}>?|\[mailto:[^\]]{1,200}\]|\b[\w.+-]{1,64}@[\w.-]{1,200}\.\w{2,20}\b"
)
_BEGINS_ATTRIBUTION = re.compile(
    r"\s*(?:(?:on|am|le|el|il|em|op|den|dnia|w dniu|от|від)\b|\w{1,12},? \d|\d"
    r"|\w[^:]{0,120}<[^<>\s]+@)",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"[\s>]*(?:[-_=*]{2,}|[-–—]{1,}) ?(?:begin )?[^\W\d_][\w' ’.-]{2,60}?[-_=*–—]{2,}:?\s*$"
    r"|\s*begin forwarded message:\s*$",
    re.IGNORECASE,
)
_DIVIDED = re.compile(
    r"message|nachricht|mensa[jg]e|messaggio|mensagem|bericht|meddelan|meddelelse|melding|viesti"
    r"|wiadomość|zpráva"
    r"|сообщени|besked|повідомлення|письмо|лист|хабарлама|хат|iletisi|邮件|メッセージ|forwarded|original"
    r"|исходное|пересыл",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"[\s>*]*(?P<name>from|sent|date|to|cc|subject|reply-to|von|gesendet|datum|an|betreff|de|envoyé|date"
    r"|à|objet|enviado(?: el)?"
    r"|para|asunto|assunto|fecha|data|da|inviato|a|oggetto|van|verzonden|aan|onderwerp|från|skickat|till"
    r"|ämne|fra|sendt|til|emne"
    r"|lähettäjä|lähetetty|vastaanottaja|aihe|od|wysłano|do|temat|от|отправлено|отправитель|дата|кому"
    r"|копия|тема"
    r"|від|надіслано|відправлено|кому|копія|тема|кімнен|жіберілді|жіберілген|күні|кімге|тақырып"
    r"|тақырыбы)\s*:\s?\*?",
    re.IGNORECASE,
)  # fmt: skip
_FIRST_FIELD = re.compile(
    r"[\s>*]*(?:from|von|de|da|van|från|fra|lähettäjä|od|от|отправитель|від|кімнен)\s*:", re.IGNORECASE
)
_RULE = re.compile(r"[─_=-]{4,}\s*$")
_SIGNATURE = re.compile(
    r"(?:--|—|__)\s*$|_{20,}\s*$|-{20,}\s*$"
    r"|(?:sent|posted|written) (?:from|via|with|by|using) (?:my |the |an? )?(?!.{60})\S.*$"
    r"|get outlook for \w+.*$"
    r"|отправлено (?:с|из|через) .{2,60}$|надіслано (?:з|із|через) .{2,60}$"
    r"|.{2,40} арқылы жіберілді\.?$|envoyé (?:de|depuis|à partir de) .{2,60}$|(?:von meinem"
    r"|gesendet (?:von|mit)) .{2,60}$"
    r"|enviado (?:desde|do meu|de mi) .{2,60}$|inviato da .{2,60}$|lähetetty .{2,40}$|skickat från .{2,40}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of whole lines. ``kind``: own, quote (its line of attribution within) or signature."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A letter's text in blocks, in order; joined with line feeds they are the text again."""

    blocks: tuple[Block, ...]

    @property
    def own(self) -> str:
        """What the sender wrote, without signature."""
        return self._of("own")

    @property
    def quoted(self) -> str:
        """What was quoted, with the lines that say whom."""
        return self._of("quote")

    @property
    def signature(self) -> str:
        """The signatures, and the footers of mailing lists."""
        return self._of("signature")

    def _of(self, kind: str) -> str:
        return "\n".join(block.text for block in self.blocks if block.kind == kind).strip("\n")


def split(text: str) -> Body:
    """Take a text (as of `Letter.text`) apart. Linear in its length; never raises, loses no character."""
    lines = text.split("\n")
    kinds = _kinds(lines)
    blocks: list[Block] = []
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or kinds[at] != kinds[start]:
            blocks.append(Block(kinds[start], "\n".join(lines[start:at])))
            start = at
    wrote = any(block.kind == "own" and block.text.strip() for block in blocks)
    if not wrote and any(block.kind == "quote" for block in blocks):
        # Nothing but a quotation: it was sent to be read.
        return Body((Block("own", text),))
    return Body(tuple(blocks))


def _kinds(lines: list[str]) -> list[str]:
    kinds = ["own"] * len(lines)
    at = 0
    while at < len(lines):
        marked = _quotation(lines, at)
        if marked is None:
            at += 1
            continue
        for line in range(at, marked):
            kinds[line] = "quote"
        at = marked
    for start, end in _own_runs(kinds):
        signed = _signature(lines, start, end)
        kinds[signed:end] = ["signature"] * (end - signed)
    _join_blank_lines(lines, kinds)
    return kinds


def _quotation(lines: list[str], at: int) -> int | None:
    """The end of the quotation that begins at a line; None where none does."""
    line = lines[at][:_LONGEST]
    if _is_quoted(line):
        return _end_of_quoted(lines, at)
    if not line.strip():
        return None
    if (_DIVIDER.match(line) and _DIVIDED.search(line)) or _begins_fields(lines, at):
        return len(lines)
    attribution = _end_of_attribution(lines, at)
    if attribution is None:
        return None
    following = next((n for n in range(attribution, len(lines)) if lines[n].strip()), len(lines))
    if following < len(lines) and _is_quoted(lines[following]):
        return _end_of_quoted(lines, following)
    return len(lines)


def _is_quoted(line: str) -> bool:
    return line.lstrip(" ").startswith((">", "|  ")) and not line.lstrip().startswith(">From ")


def _end_of_quoted(lines: list[str], at: int) -> int:
    """After the last quoted line of a run; blank lines and a lazily wrapped line between belong to it."""
    end = at
    while at < len(lines):
        if _is_quoted(lines[at]):
            end = at + 1
        elif lines[at].strip() and not (at + 1 < len(lines) and at == end and _is_quoted(lines[at + 1])):
            break
        at += 1
    return end


def _begins_fields(lines: list[str], at: int) -> bool:
    """Whether a header block as Outlook quotes it begins here: a rule perhaps, From, two other fields at least."""
    if _RULE.match(lines[at][:_LONGEST]):
        at = next((n for n in range(at + 1, min(at + 3, len(lines))) if lines[n].strip()), at)
    if not _FIRST_FIELD.match(lines[at][:_LONGEST]):
        return False
    following = [line for line in lines[at + 1 : at + 9] if line.strip()][:5]
    return sum(bool(_FIELD.match(line[:_LONGEST])) for line in following) >= 2


def _end_of_attribution(lines: list[str], at: int) -> int | None:
    """After «On …, … wrote:», which programs break over up to four lines."""
    joined = ""
    for end in range(at, min(at + _ATTRIBUTION_LINES, len(lines))):
        line = lines[end].strip()
        if not line or len(joined) + len(line) > _LONGEST:
            return None
        joined = f"{joined} {line}".strip()
        if joined.endswith((":", ":*", "：", " wrote")):  # seldom so: what takes time comes after it
            first = lines[at][:_LONGEST]
            if not _BEGINS_ATTRIBUTION.match(first) and not _WROTE.search(first):
                return None
            wrote, when, who = _WROTE.search(joined), _WHEN.search(joined), _ADDRESS.search(joined)
            return end + 1 if (wrote and (when or who)) or (when and who) else None
    return None


def _own_runs(kinds: list[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(kinds) + 1):
        if at == len(kinds) or kinds[at] != kinds[start]:
            if kinds[start] == "own":
                yield start, at
            start = at


def _signature(lines: list[str], start: int, end: int) -> int:
    """Where the signature of a run of own lines begins; its end where there is none."""
    for at in range(start, end):
        line = lines[at][:_LONGEST]
        if _SIGNATURE.match(line) and (line.rstrip() in ("--", "—", "__") or end - at <= 12):
            return at
    return end


def _join_blank_lines(lines: list[str], kinds: list[str]) -> None:
    """Blank lines before a quotation or signature go with it, so that folding leaves no gap."""
    for at in range(len(lines) - 2, -1, -1):
        if kinds[at] == "own" and not lines[at].strip() and kinds[at + 1] != "own":
            kinds[at] = kinds[at + 1]
