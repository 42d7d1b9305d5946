"""Words with a space between, as the search index keeps them and is asked for."""

import re
import unicodedata
from functools import lru_cache

_INDEXED = re.compile(r"[^\W_]+")
_AS_IT_STANDS = re.compile(r"[0-9a-zа-яіїєґәғқңөұүһў]+")


def indexed(folded: str) -> str:
    """The words of a folded text with a space between, and nothing else.

    Latin letters lose their accents, marks that stand alone are dropped; Cyrillic й and ї are letters of their own.
    """
    if _AS_IT_STANDS.fullmatch(folded):
        return folded
    return " ".join(_INDEXED.findall(bare(folded)))


def bare(word: str) -> str:
    """The word without accents and other marks."""
    return word if word.isascii() else "".join(map(_bare, word))


@lru_cache(maxsize=4096)
def _bare(letter: str) -> str:
    if unicodedata.category(letter).startswith("M"):
        return ""
    latin = "\u00c0" <= letter <= "\u024f" or "\u1e00" <= letter <= "\u1eff"
    return unicodedata.normalize("NFD", letter)[0] if latin else letter
