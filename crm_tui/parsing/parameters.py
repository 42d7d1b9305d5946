"""Parameters of Content-Type and Content-Disposition, as strictly as RFC 2045 and 2231 and as loosely as mail is."""

import re
from urllib.parse import unquote_to_bytes

from crm_tui.parsing.charsets import decode, guess
from crm_tui.parsing.words import decode_words

_TYPE = re.compile(r"\s*([a-z0-9!#$&^_.+-]+)\s*/\s*([a-z0-9!#$&^_.+*-]+)", re.IGNORECASE)
_NAME = re.compile(r"[;\s]*([^\s=;\"]+)\s*=\s*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"?')
_BARE = re.compile(r"[^;]*")
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?$")
_MOST = 100


def content_type(value: bytes, default: str) -> tuple[str, dict[str, str]]:
    """Type in lower case and parameters; a type that cannot be read is ``text/plain`` (RFC 2045, 5.2)."""
    if not value:
        return default, {}
    text = value.decode("utf-8", "surrogateescape")
    found = _TYPE.match(text)
    if not found:
        return (default if not text.strip() else "text/plain"), parameters(text)
    return f"{found[1]}/{found[2]}".lower(), parameters(text[found.end() :])


def disposition(value: bytes) -> tuple[str, dict[str, str]]:
    """``attachment``, ``inline`` or empty, and parameters (RFC 2183)."""
    if not value:
        return "", {}
    text = value.decode("utf-8", "surrogateescape")
    kind, _, rest = text.partition(";")
    if "=" in kind:
        return "", parameters(text)
    return kind.strip().strip('"').lower(), parameters(rest)


def parameters(text: str) -> dict[str, str]:
    """Parameters by lower-case name, continuations joined and character sets decoded (RFC 2231)."""
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    at = 0
    for _ in range(_MOST):
        named = _NAME.match(text, at)
        if named is None:
            following = text.find(";", at)
            if following < 0:
                break
            at = following + 1
            continue
        value, at = _value(text, named.end())
        parts = _SECTION.match(named[1].lower())
        if parts:
            number = int(parts[2]) if parts[2] else -1 if parts[3] else -2
            sections.setdefault(parts[1], {}).setdefault(number, (value, bool(parts[3])))
    return {name: _joined(found) for name, found in sections.items()}


def _value(text: str, at: int) -> tuple[str, int]:
    quoted = _QUOTED.match(text, at)
    if quoted:
        return re.sub(r"\\([\\\"])", r"\1", quoted[1]), quoted.end()
    bare = _BARE.match(text, at)
    assert bare is not None  # the pattern matches the empty string
    value = bare[0].strip()
    # Somebody forgot the semicolon before the next parameter.
    run_on = re.search(r"\s[a-zA-Z0-9*-]{2,20}=(?!\?)", value)
    if run_on:
        return value[: run_on.start()], at + bare[0].index(value) + run_on.start()
    return value, bare.end()


def _joined(sections: dict[int, tuple[str, bool]]) -> str:
    """One value out of its sections: the extended form first, then the numbered ones, then the plain one."""
    if -1 in sections:
        return _extended([sections[-1]])
    numbered = [sections[n] for n in sorted(sections) if n >= 0]
    if numbered:
        return _extended(numbered)
    return _plain(sections[-2][0])


def _extended(sections: list[tuple[str, bool]]) -> str:
    if not any(encoded for _, encoded in sections):
        return _plain("".join(value for value, _ in sections))
    first = sections[0][0].split("'", 2)
    charset, start = (first[0], first[2]) if len(first) == 3 else ("", sections[0][0])
    values = [start] + [value for value, _ in sections[1:]]
    data = b"".join(
        unquote_to_bytes(value) if encoded else value.encode("utf-8", "surrogateescape")
        for value, (_, encoded) in zip(values, sections, strict=True)
    )
    return decode(data, charset or "utf-8")[0]


def _plain(value: str) -> str:
    """RFC 2047 words have no place in a parameter, yet many programs write them there."""
    if not value.isascii():
        value = guess(value.encode("utf-8", "surrogateescape"))
    return decode_words(value) if "=?" in value else value
