"""What the terminal sends, sorted: keys for Textual's parser, a lone Escape, Alt with a key; replies are dropped.

Textual re-issues a sequence it does not know as single key presses, so that a terminal's answer to a query hidden in
foreign text would act as commands (assurance, finding 1), and it lets a lone Escape swallow what is typed after it.
"""

import re
from dataclasses import dataclass

from crm_tui.widgets.driver.kitty_keys import normal

_CSI = re.compile(r"\x1b\[([0-?]*)([ -/]*)([@-~])")
_CSI_BEGUN = re.compile(r"\x1b(\[[0-?]*[ -/]*|O)?\Z")
_STRING = re.compile(r"\x1b[\]P^_X].*?(?:\x07|\x1b\\)", re.DOTALL)
_STRING_BEGUN = re.compile(r"\x1b[\]P^_X]")
_STRING_END = re.compile(r"\x07|\x1b\\|(?=\x1b[^\\])")
_REPLY_BEGUN = re.compile(r"\x1b\[[<=>?]")
_KEY_FINALS = frozenset("ABCDEFHPQRSZ~uIOMm[")
_MODE_REPORT = re.compile(r"\?(?:2026|2048);\d\Z")
_LONGEST_SEQUENCE = 64
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"


@dataclass(frozen=True, slots=True)
class Text:
    """Keys and mouse reports for the parser."""

    text: str


@dataclass(frozen=True, slots=True)
class Escape:
    """The Escape key."""


@dataclass(frozen=True, slots=True)
class Alt:
    """A character typed with Alt."""

    char: str


@dataclass(frozen=True, slots=True)
class Paste:
    """Pasted text, whole and as it came: Textual's parser would take keys out of it."""

    text: str


Token = Text | Escape | Alt | Paste


class Keyboard:
    """Sorts the input, across the pieces in which it arrives."""

    def __init__(self) -> None:
        self._held = ""
        self._pasting = False
        self._pasted: list[str] = []
        self._in_string = False

    @property
    def is_waiting(self) -> bool:
        """True while the beginning of something is held back: call ``idle`` when no more comes."""
        return bool(self._held)

    def feed(self, text: str) -> list[Token]:
        """Sort one piece of input."""
        tokens: list[Token] = []
        apart = self._held == "\x1b" and not (self._pasting or self._in_string)
        if apart and text[:1] not in ("[", "O", "\x1b"):
            # sent apart, so pressed apart: an Escape and then a key, not Alt with the key
            self._held = ""
            tokens.append(Escape())
        text, self._held = self._held + text, ""
        while text:
            text = self._step(text, tokens)
        return _joined(tokens)

    def idle(self) -> list[Token]:
        """No more came for the length of the escape delay."""
        held = self._held
        if self._pasting or self._in_string or _REPLY_BEGUN.match(held):
            return []  # no person types so: what is left of it will come
        self._held = ""
        if held == "\x1b":
            return [Escape()]
        return [Alt(held[1])] if len(held) == 2 else []

    def _step(self, text: str, tokens: list[Token]) -> str:
        """Take what stands at the front; return what is left."""
        if self._pasting:
            return self._paste(text, tokens)
        if self._in_string:
            return self._skip_string(text)
        plain, escape, rest = text.partition("\x1b")
        if plain:
            tokens.append(Text(plain))
        return self._sequence(escape + rest, tokens) if escape else ""

    def _sequence(self, text: str, tokens: list[Token]) -> str:
        if _CSI_BEGUN.match(text):
            self._held = text if len(text) < _LONGEST_SEQUENCE else ""
            return ""
        if match := _CSI.match(text):
            if match.group(3) == "u" and ":" in match.group(1) and _is_for_parser(match):
                tokens.append(Text(f"\x1b[{normal(match.group(1))}u"))
            elif match.group() == PASTE_BEGIN:
                self._pasting = True
            elif _is_for_parser(match):
                tokens.append(Text(match.group()))
            return text[match.end() :]
        if match := _STRING.match(text):
            return text[match.end() :]
        if _STRING_BEGUN.match(text):
            if len(text) == 2:
                self._held = text
                return ""
            self._in_string = True
            return text[2:]
        if text.startswith("\x1bO") and len(text) > 2:
            tokens.append(Text(text[:3]))
            return text[3:]
        if text.startswith("\x1b\x1b"):
            tokens.append(Escape())
            return text[1:]
        tokens.append(Alt(text[1]))
        return text[2:]

    def _paste(self, text: str, tokens: list[Token]) -> str:
        end = text.find(PASTE_END)
        if end >= 0:
            self._pasted.append(text[:end])
            tokens.append(Paste("".join(self._pasted)))
            self._pasted.clear()
            self._pasting = False
            return text[end + len(PASTE_END) :]
        keep = next((size for size in range(len(PASTE_END) - 1, 0, -1) if text.endswith(PASTE_END[:size])), 0)
        self._pasted.append(text[: len(text) - keep])
        self._held = text[len(text) - keep :]
        return ""

    def _skip_string(self, text: str) -> str:
        """Leave a string at its terminator; another sequence ends it too."""
        match = _STRING_END.search(text)
        if match:
            self._in_string = False
            return text[match.end() :]
        if text.endswith("\x1b"):
            self._held = "\x1b"
        return ""


def _is_for_parser(match: re.Match[str]) -> bool:
    parameters, between, final = match.groups()
    if final == "y":
        return between == "$" and bool(_MODE_REPORT.match(parameters))
    if between:
        return False
    if final in "Mm":
        return parameters.startswith("<") or (final == "M" and not parameters)
    if final == "t":
        return parameters.startswith("48;")
    return final in _KEY_FINALS and parameters[:1] not in ("<", "=", ">", "?")


def _joined(tokens: list[Token]) -> list[Token]:
    """Neighbouring pieces of text as one."""
    joined: list[Token] = []
    for token in tokens:
        if isinstance(token, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + token.text)
        elif token != Text(""):
            joined.append(token)
    return joined
