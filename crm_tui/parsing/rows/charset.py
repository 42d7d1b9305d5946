"""Which character set a text file is written in, found without holding the file in memory."""

import codecs
from typing import BinaryIO

from crm_tui.parsing import charsets

_CHUNK = 2**18
_SAMPLE = 2**16
_PAGES = (0, 4)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def charset_of(file: BinaryIO) -> str:
    """The name by which Python decodes the file, read from its beginning and put back there.

    A byte order mark decides; then zeros in every other byte; then whether all of it is UTF-8; else the letters
    that its bytes would be.
    """
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    wide = _wide(head)
    if wide:
        return wide
    sample = _sample_if_not_utf8(file)
    file.seek(0)
    return "utf-8" if sample is None else charsets.name_of(sample)


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: in one half of the bytes stands the page, that of Latin or Cyrillic."""
    pairs = len(head) // 2
    if pairs < 2:
        return ""
    even, odd = (sum(part.count(page) for page in _PAGES) / pairs for part in (head[0::2], head[1::2]))
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    if even > 0.6 and odd < 0.1:
        return "utf-16-be"
    return ""


def _sample_if_not_utf8(file: BinaryIO) -> bytes | None:
    """None for UTF-8; else the first lines that are not ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    sample = bytearray()
    fits = True
    while chunk := file.read(_CHUNK):
        if fits:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                fits = False
        if len(sample) < _SAMPLE and not chunk.isascii():
            for line in chunk.splitlines(keepends=True):
                if not line.isascii():
                    sample += line[:_SAMPLE]
        if not fits and len(sample) >= _SAMPLE:
            break
    if fits or _nearly_utf8(bytes(sample)):
        return None
    return bytes(sample)


def _nearly_utf8(sample: bytes) -> bool:
    """A file of UTF-8 with a few bytes damaged stays UTF-8."""
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return bad * 20 <= sum(not c.isascii() for c in text) - bad
