"""Encoded words and raw bytes in header fields (RFC 2047) to text, in the loose ways mail really uses them."""

import binascii
import re

from crm_tui.parsing.charsets import decode, guess

_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*)*)\?=")
_MOST = 2000


def header_text(value: bytes) -> str:
    """A field as text: bytes above 127 guessed, encoded words decoded. Not yet fit to show."""
    text = value.decode("ascii") if value.isascii() else guess(value)
    return decode_words(text) if "=?" in text else text


def decode_words(text: str) -> str:
    """Every encoded word decoded; words split inside a character of several bytes are joined before."""
    out: list[str] = []
    held = b""
    held_charset = ""
    end = 0
    for count, found in enumerate(_WORD.finditer(text)):
        if count >= _MOST:
            break
        data = _bytes(found[2], found[3])
        between = text[end : found.start()]
        if data is None:
            continue
        charset = found[1].partition("*")[0].lower()
        joins = held_charset != "" and not between.strip()
        if joins and charset == held_charset:
            held += data
        else:
            out.append(decode(held, held_charset)[0] if held_charset else "")
            out.append("" if joins else between)
            held, held_charset = data, charset
        end = found.end()
    out.append(decode(held, held_charset)[0] if held_charset else "")
    out.append(text[end:])
    return "".join(out)


def _bytes(encoding: str, payload: str) -> bytes | None:
    data = payload.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        data = data.replace(b"_", b" ")
        return re.sub(rb"=([0-9A-Fa-f]{2})", lambda hexed: bytes.fromhex(hexed[1].decode()), data)
    return unbase64(data)


def unbase64(data: bytes) -> bytes | None:
    """Base64 with stray characters, missing or inner padding; None where nothing can be made of it."""
    data = re.sub(rb"[^A-Za-z0-9+/=]", b"", data)
    out = bytearray()
    for piece in re.findall(rb"[A-Za-z0-9+/]+", data):
        whole = piece[: len(piece) - 1] if len(piece) % 4 == 1 else piece
        try:
            out += binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
        except binascii.Error:
            return bytes(out) or None
    return bytes(out)
