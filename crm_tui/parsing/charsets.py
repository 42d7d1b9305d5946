"""Bytes of an unsure character set to text; never raises."""

import codecs
import contextlib
import re
from collections import Counter

# Names that programs write for a set which is really a larger one, and names Python does not know.
_REALLY = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252", "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii", "646": "ascii", "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "x-euc-cn": "gb18030",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "ksc5601": "cp949", "x-windows-949": "cp949",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "big5": "big5hkscs", "x-x-big5": "big5hkscs", "iso-2022-jp": "iso2022_jp_ext", "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8", "iso-8859-6-i": "iso-8859-6", "unicode-1-1-utf-7": "utf-7", "utf8mb4": "utf-8",
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-roman": "mac_roman", "macintosh": "mac_roman",
    "unicode": "utf-16", "x-cp1251": "cp1251",
    "win-1251": "cp1251", "koi8": "koi8-r", "koi8r": "koi8-r", "koi8u": "koi8-u", "x-koi8-r": "koi8-r",
}  # fmt: skip
_UNTRUSTED = {
    "",
    "ascii",
    "unknown-8bit",
    "8bit",
    "x-unknown",
    "unknown",
    "default_charset",
    "default",
    "binary",
}
_MOST_FREQUENT = frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґқәңғүұөһ")
_GUESSED_ON = 4096


def decode(data: bytes, charset: str) -> tuple[str, bool]:
    """The text, and whether the character set named held what it promised.

    A name that is unknown, no text encoding (``zlib``) or evidently wrong gives way to a guess.
    """
    name = charset.strip().strip("\"'").lower().replace("windows-", "cp")
    name = _REALLY.get(name, name)
    if (
        data.isascii()
        and b"\x1b$" not in data
        and (name in _UNTRUSTED or name in ("utf-8", "utf8", "cp1252", "cp1251", "koi8-r"))
    ):
        return data.decode("ascii"), name in ("ascii", "utf-8", "utf8", "cp1252", "cp1251", "koi8-r")
    codec = None if name in _UNTRUSTED else _codec(name)
    if codec is None:
        return guess(data), False
    try:
        return codec.decode(data)[0], True
    except Exception:
        return _damaged(data, codec), False


def _codec(name: str) -> codecs.CodecInfo | None:
    try:
        codec = codecs.lookup(re.sub(r"[^a-z0-9_.:+-]", "", name))
    except (LookupError, ValueError):
        return None
    # idna and punycode are text encodings to Python, but quadratic ones, and no letter is written in them.
    fit = codec._is_text_encoding and codec.name not in ("idna", "punycode", "unicode_escape", "undefined")
    return (
        codec
        if fit and codec.name not in ("raw_unicode_escape", "unicode-escape", "raw-unicode-escape")
        else None
    )


def _damaged(data: bytes, codec: codecs.CodecInfo) -> str:
    """Bytes that are not wholly what they were said to be: damaged when little is wrong, else misnamed."""
    try:
        text = codec.decode(data, "replace")[0]
    except Exception:
        return guess(data)
    if text.count("\ufffd") * 20 <= len(text):
        return text
    other = guess(data)
    return other if other.count("\ufffd") < text.count("\ufffd") else text


def guess(data: bytes) -> str:
    """Text of bytes that nobody named a character set for, see `name_of`."""
    if b"\x1b$" not in data:
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode()
    return data.decode(name_of(data), "replace")


def name_of(data: bytes) -> str:
    """The character set that bytes seem to be in: UTF-8, Cyrillic by its letters, else by statistics."""
    if b"\x1b$" in data:
        return "iso2022_jp_ext"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as trouble:
        if trouble.start > 0.9 * len(data) > 100:
            return "utf-8"
    else:
        return "utf-8"
    return _cyrillic(data[:_GUESSED_ON]) or _statistics(data[:_GUESSED_ON]) or "cp1252"


def _cyrillic(sample: bytes) -> str | None:
    """The Cyrillic set under which most bytes above 127 are ordinary letters, small ones in the lead."""
    counts = Counter(b for b in sample if b > 127)
    high = counts.total()
    if high < 4:
        return None
    best, best_score = None, 0.0
    for name in ("cp1251", "koi8-u", "cp866"):
        text = zip(bytes(counts).decode(name, "replace"), counts.values(), strict=True)
        there = [(c, count) for c, count in text if c.lower() in _MOST_FREQUENT]
        letters = sum(count for _, count in there)
        common = sum(count for c, count in there if c in _MOST_FREQUENT)
        score = (common + 0.5 * (letters - common)) / high
        # Words of Cyrillic are runs of high bytes; the accents of Latin text stand alone.
        if score > best_score and letters > 0.75 * high:
            best, best_score = name, score
    runs = len(re.findall(rb"[\x80-\xff]+", sample))
    return best if best and high >= 2.2 * runs else None


def _statistics(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    if len(sample) < 16:
        return None
    found = from_bytes(sample, steps=3, chunk_size=512, cp_exclusion=["utf_7", "utf_16", "utf_32"]).best()
    return found.encoding if found else None
